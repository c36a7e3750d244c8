"""Learners of an organisation: enrolment links, lists, and who is enrolled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guildmark.assess.evidence import actions, bridge_queries, queries
from guildmark.assess.evidence import readiness as scoring
from guildmark.assess.evidence.forms import ImportForm, LinkForm
from guildmark.assess.evidence.pages.joining import state_of
from guildmark.assess.evidence.pages.shared import bar_path
from guildmark.assess.evidence.types import SubmissionView
from guildmark.design import queries as design
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import absolute, form_problem, see_other, studio_page
from guildmark.people import queries as people

PER_PAGE = 50
READS = ("registrar", "assessor", "designer", "auditor")


@studio_page(*READS)
def overview(request: HttpRequest, **forms: Any) -> HttpResponse:
    """Links, list upload and enrolments on one page."""
    return _overview(request)


def _overview(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    achievements = {one.id: one for one in design.achievements(org.id)}
    published = [one for one in achievements.values() if one.published_id]
    links = [
        {"link": link, "url": absolute(link.path), "title": achievements[link.achievement_id].title}
        for link in queries.links(org.id)
        if link.achievement_id in achievements
    ]
    page = Paginator(queries.enrolments(org.id), PER_PAGE).get_page(request.GET.get("page"))
    learners = people.learners(org.id, [one.learner_id for one in page])
    latest: dict[UUID, SubmissionView] = {}
    for submission in reversed(queries.submissions(org.id)):
        latest[submission.enrolment_id] = submission
    rows = [
        {
            "enrolment": one,
            "learner": learners[one.learner_id],
            "title": achievements[one.achievement_id].title if one.achievement_id in achievements else "",
            "state": state_of(one, latest.get(one.id)),
            "latest": latest.get(one.id),
        }
        for one in page
    ]
    context = {
        "published": published,
        "links": links,
        "rows": rows,
        "page": page,
        "readiness": _readiness(org.id),
        "bridges": bridge_queries.rows(org.id),
        "may_enrol": actor.has("registrar"),
        "may_link": actor.has("registrar", "designer"),
        "link_form": forms.get("link_form") or LinkForm(achievements=published, auto_id="link_%s"),
        "import_form": forms.get("import_form") or ImportForm(achievements=published, auto_id="list_%s"),
    }
    return render(request, "evidence/learners.html", context, status=status)


def _readiness(org_id: UUID) -> list[dict[str, Any]]:
    """The published standards whose samples can be judged first, with what that says about passing."""
    versions = [one for one in design.published_achievements(org_id) if scoring.offered(one.standard)]
    found = queries.readiness_and_passing(org_id, [one.achievement_id for one in versions])
    return [
        {
            "title": one.standard.title,
            "path": f"{bar_path(one)}/rate",
            "prediction": found[one.achievement_id],
        }
        for one in versions
    ]


def _published(org_id: UUID) -> list[Any]:
    return [one for one in design.achievements(org_id) if one.published_id]


@studio_page("registrar", "designer")
@require_POST
def make_link(request: HttpRequest) -> HttpResponse:
    """Make an enrolment link."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = LinkForm(request.POST, achievements=_published(org.id), auto_id="link_%s")
    if form.is_valid():
        try:
            actions.open_link(by=actor, org_id=org.id, **form.cleaned_data)
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("The link is open. Copy it from the list and send it."))
            return see_other("learners", org.slug)
    return _overview(request, link_form=form, status=422)


@studio_page("registrar", "designer")
@require_POST
def close_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Close an enrolment link."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.close_link(by=actor, org_id=org.id, link_id=link_id)
    messages.info(request, _("The link is closed. Who joined by it stays enrolled."))
    return see_other("learners", org.slug)


@studio_page("registrar")
@require_POST
def bring_list(request: HttpRequest) -> HttpResponse:
    """Try a list and show its findings; enrol when the button of the trial is pressed."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = ImportForm(request.POST, request.FILES, achievements=_published(org.id), auto_id="list_%s")
    if not form.is_valid():
        return _overview(request, import_form=form, status=422)
    text, achievement_id = form.text(), form.cleaned_data["achievement_id"]
    given: dict[str, Any] = {
        "by": actor,
        "org_id": org.id,
        "achievement_id": achievement_id,
        "csv_text": text,
    }
    try:
        if request.POST.get("go") != "1":
            report = actions.import_learners(**given)
            title = next(one.title for one in _published(org.id) if one.id == achievement_id)
            context = {
                "report": report,
                "text": text,
                "achievement_id": achievement_id,
                "standard_title": title,
            }
            return render(request, "evidence/learners_list.html", context)
        report = actions.import_learners(**given, dry_run=False, skip_bad=request.POST.get("skip_bad") == "1")
    except GuildmarkError as error:
        form_problem(form, error)
        return _overview(request, import_form=form, status=422)
    done = ngettext("%(n)s learner enrolled.", "%(n)s learners enrolled.", report.to_enrol)
    told = done % {"n": report.to_enrol}
    if report.problems:
        left = ngettext("%(n)s line was left out.", "%(n)s lines were left out.", len(report.problems))
        told = f"{told} {left % {'n': len(report.problems)}}"
    messages.success(request, told)
    return see_other("learners", org.slug)
