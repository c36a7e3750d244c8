"""The page that ties competencies to rows of frameworks: what fits, how closely, and why."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guildmark.design import actions, limits, policies, queries
from guildmark.design.alignment import coverage
from guildmark.design.drafts import fresh_id
from guildmark.design.editor import ids_ever_used
from guildmark.design.row_forms import RELATIONS
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.problems import GuildmarkError, Invalid, NotFound
from guildmark.kernel.web import see_other, studio_page, told
from guildmark.kernel.words import said
from guildmark.skills import queries as skills
from guildmark.skills.types import SkillView

SUGGESTED = 8


@studio_page("designer")
def alignment(request: HttpRequest, slug: str) -> HttpResponse:
    """Suggestions for one competency, from the frameworks of the organisation; a button ties a row to it."""
    org = request.org  # type: ignore[attr-defined]
    if queries.achievement_by_slug(org.id, slug).draft_id is None:
        messages.info(
            request, _("This standard has no open draft. Start a new version to tie its competencies.")
        )
        return see_other("standard_history", org.slug, slug)
    version = queries.draft(org.id, slug)
    standard = version.standard
    problem, status = "", 200
    if request.method == "POST":
        try:
            _change(request, version)
            tied_to = request.POST.get("competency", "")
            where = reverse("alignment", args=[org.slug, slug])
            return see_other(f"{where}?{urlencode({'competency': tied_to})}")
        except GuildmarkError as error:
            problem, status = told(error), error.status
    given = request.POST if request.method == "POST" else request.GET
    rows = coverage(standard)
    asked = str(given.get("competency", ""))
    known = {one.id: one for one in standard.competencies}
    first = next(iter([*rows.open, *standard.competencies]), None)
    chosen = known.get(asked, first)
    words = str(given.get("words", "")).strip()[:300]
    text = words or (chosen.statement if chosen else "")
    tied = {(link.url, identity) for link in standard.alignments for identity in link.competencies}
    matches = skills.search(org.id, text, standard.language, SUGGESTED) if chosen and text else []
    context = {
        "version": version,
        "standard": standard,
        "coverage": rows,
        "chosen": chosen,
        "words": words,
        "problem": problem,
        "relations": RELATIONS,
        "suggestions": [
            {"match": match, "tied": chosen is not None and (match.skill.uri, chosen.id) in tied}
            for match in matches
        ],
        "frameworks": skills.frameworks(org.id, state="current"),
        "neighbours": unnamed_neighbours(org.id, standard),
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": standard.title, "url": reverse("standard_edit", args=[org.slug, slug, "bar"])},
        ],
    }
    return render(request, "design/alignment.html", context, status=status)


def _change(request: HttpRequest, version: VersionView) -> None:
    """Tie a row, take one off, or say why there is none; the page is saved as the editor saves."""
    standard, post = version.standard, request.POST
    content: dict[str, Any]
    if "tie" in post:
        content = {"alignments": _tied(request, version)}
    elif "name" in post:
        content = {"not_shown": [*standard.not_shown, *_chosen(request, version)]}
    elif "untie" in post:
        left = [link.model_dump(mode="json") for link in standard.alignments if link.id != post["untie"]]
        content = {"alignments": left}
    else:
        reason = post.get("reason", "").strip()
        content = {"competencies": _excepted(standard, post.get("competency", ""), reason)}
    raw = post.get("revision", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(
            said("The page lost track of the draft."), field="revision", mend=said("Load it again.")
        )
    actions.save_draft(
        by=request.actor,  # type: ignore[attr-defined]
        org_id=version.org_id,
        version_id=version.id,
        content=content,
        revision=int(raw),
    )
    messages.success(request, _("The draft is saved."))


def unnamed_neighbours(org_id: UUID, standard: Standard) -> list[SkillView]:
    """The skills beside those that the standard is tied to, without those that it names as not shown already."""
    named = {line.rstrip(".").casefold() for line in standard.not_shown}
    found = skills.neighbours(org_id, [link.url for link in standard.alignments])
    return [one for one in found if one.name.casefold() not in named]


def _chosen(request: HttpRequest, version: VersionView) -> list[str]:
    """The names of the ticked neighbours, as lines of what the standard does not show."""
    wanted = set(request.POST.getlist("neighbour"))
    lines = [one.name for one in unnamed_neighbours(version.org_id, version.standard) if one.uri in wanted]
    if not lines:
        raise Invalid(
            said("Nothing is ticked."),
            field="neighbour",
            mend=said("Tick the skills that somebody might assume."),
        )
    return [line[:1].upper() + line[1:].rstrip(".") + "." for line in lines]


def _tied(request: HttpRequest, version: VersionView) -> list[dict[str, Any]]:
    """The alignments with one more; a row that is there already covers one competency more."""
    post, standard = request.POST, version.standard
    competency, relation = post.get("competency", ""), post.get("relation", "")
    if competency not in {one.id for one in standard.competencies}:
        raise NotFound(said("That competency is no longer there."), mend=said("Load the page again."))
    if relation not in dict(RELATIONS):
        raise Invalid(said("Say how close it is."), field="relation", mend=said("Choose a relation."))
    skill = skills.skill(version.org_id, post["tie"], language=standard.language)
    rows = [link.model_dump(mode="json") for link in standard.alignments]
    for row in rows:
        if row["url"] == skill.uri and row["relation"] == relation:
            row["competencies"] = list(dict.fromkeys([*row["competencies"], competency]))
            return rows
    framework = skills.framework(version.org_id, skill.framework_id)
    url = next((one for one in (skill.uri, framework.url, framework.uri) if policies.is_web_address(one)), "")
    if not url:
        raise Invalid(
            said("This row has no web address, so nobody could look it up."),
            field="url",
            mend=said("Choose a row of a framework that is published on the web."),
        )
    used = {row["id"] for row in rows} | ids_ever_used(version.org_id, version).get("alignments", set())
    rows.append(
        {
            "id": fresh_id("alignments", used),
            "framework": skill.framework_title,
            "name": skill.name,
            "url": url,
            "code": skill.code,
            "relation": relation,
            "rationale": post.get("rationale", "").strip()[: limits.DEFAULT_TEXT],
            "competencies": [competency],
        }
    )
    return rows


def _excepted(standard: Standard, competency: str, reason: str) -> list[dict[str, Any]]:
    rows = [one.model_dump(mode="json") for one in standard.competencies]
    for row in rows:
        if row["id"] == competency:
            row["alignment_exception"] = reason
            return rows
    raise NotFound(said("That competency is no longer there."), mend=said("Load the page again."))
