"""Pages of frameworks: the list with a search over all, an import and its progress, one framework, one skill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.skills import actions, policies, queries
from guildmark.skills.formats import WORDS
from guildmark.skills.forms import ImportForm
from guildmark.skills.types import FrameworkView, SkillView

PAGE = 50
FOUND = 25
SEVERITIES = ("error", "warning", "note")
MAX_TEXT = 1_000
SUGGESTED = 10
STAGES = {
    "": _("Waiting"),
    "reading": _("Reading"),
    "storing": _("Storing skills"),
    "indexing": _("Indexing words"),
}
TIE_WORDS = {
    ("essential", True): _("Essential for"),
    ("essential", False): _("Needs"),
    ("optional", True): _("Useful for"),
    ("optional", False): _("Is helped by"),
    ("exact", True): _("Same as"),
    ("exact", False): _("Same as"),
    ("close", True): _("Close to"),
    ("close", False): _("Close to"),
    ("precedes", True): _("Comes before"),
    ("precedes", False): _("Comes after"),
    ("replaced_by", True): _("Replaced by"),
    ("replaced_by", False): _("Replaces"),
    ("part_of", True): _("Part of"),
    ("part_of", False): _("Has as part"),
}
CHANGES: dict[str, tuple[Any, Callable[..., FrameworkView]]] = {
    "withdraw": (
        _("Withdrawn. Its skills are no longer offered; restore it to undo this."),
        actions.withdraw_framework,
    ),
    "restore": (_("Restored. Its skills are offered again."), actions.restore_framework),
}


def _text(request: HttpRequest, name: str) -> str:
    return " ".join(request.GET.get(name, "").replace("\x00", "").split())[:MAX_TEXT]


@require_safe
@studio_page()
def framework_list(request: HttpRequest) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    rows = queries.frameworks(org.id)
    text = _text(request, "q")
    context = {
        "rows": [{"row": row, "format": WORDS.get(row.format, row.format)} for row in rows],
        "imports": queries.imports(org.id, 5),
        "text": text,
        "matches": queries.search(org.id, text, limit=FOUND) if text else [],
        "may_write": actor.has(*policies.WRITERS),
    }
    return render(request, "skills/list.html", context)


@require_safe
@studio_page()
def suggest(request: HttpRequest) -> HttpResponse:
    """A fragment: skills to choose from for a claim. ``text``, ``language``; ``name`` is that of the radio buttons."""
    org = request.org  # type: ignore[attr-defined]
    text = _text(request, "text")
    found = queries.search(org.id, text, _text(request, "language")[:20], SUGGESTED) if text else []
    name = _text(request, "name")
    context = {"matches": found, "text": text, "name": name if name.isidentifier() else "skill"}
    response = render(request, "skills/_suggest.html", context)
    response["Cache-Control"] = "no-store"
    return response


# -- importing ---------------------------------------------------------------------------------------


@studio_page(*policies.WRITERS)
def import_new(request: HttpRequest) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    choices = [(str(row.id), f"{row.title} {row.version}".strip()) for row in queries.frameworks(org.id)]
    sent = request.method == "POST"
    form = ImportForm(request.POST if sent else None, request.FILES if sent else None, frameworks=choices)
    if sent and form.is_valid():
        upload, into = form.cleaned_data["file"], form.cleaned_data["into"]
        try:
            view = actions.import_framework(
                by=actor,
                org_id=org.id,
                filename=upload.name,
                pieces=upload.chunks(),
                options=form.options(),
                withdraw_many=form.cleaned_data["withdraw_many"],
                into=UUID(into) if into else None,
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            return see_other("framework_import", org.slug, view.id)
    opened = bool(form.errors.keys() - {"file", "format"})
    context = {"form": form, "opened": opened, "has_frameworks": bool(choices)}
    return render(request, "skills/import.html", context, status=422 if form.errors else 200)


@require_safe
@studio_page()
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    found = queries.framework_import(org.id, import_id)
    worst_first = sorted(found.findings, key=lambda one: SEVERITIES.index(one.severity))
    page = Paginator(worst_first, PAGE).get_page(request.GET.get("page"))
    context = {
        "import": found,
        "stage": STAGES.get(found.stage, found.stage),
        "format": WORDS.get(found.format, ""),
        "frameworks": [queries.framework(org.id, one) for one in found.framework_ids[:10]],
        "page": page,
        "hidden": sum(found.found.values()) - len(found.findings),
        "facts": [
            {"term": _("File"), "value": found.filename, "note": filesizeformat(found.size)},
            {"term": "SHA-256", "value": found.sha256},
            {
                "term": _("Sent by"),
                "value": found.made_by or _("unknown"),
                "note": f"{date_format(found.created_at, 'DATETIME_FORMAT')} UTC",
            },
        ],
        "may_write": actor.has(*policies.WRITERS),
    }
    return render(request, "skills/import_detail.html", context)


@require_safe
@studio_page()
def import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The part of the page that changes while an import runs."""
    found = queries.framework_import(request.org.id, import_id)  # type: ignore[attr-defined]
    context = {"import": found, "stage": STAGES.get(found.stage, found.stage)}
    response = render(request, "skills/_progress.html", context)
    response["Cache-Control"] = "no-store"
    if not found.moves:
        response["X-Live"] = "done"
    return response


# -- one framework -----------------------------------------------------------------------------------


@require_safe
@studio_page()
def framework_detail(request: HttpRequest, framework_id: UUID) -> HttpResponse:
    """Its skills by hierarchy, as one list, by a search, or those that are withdrawn."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    found = queries.framework(org.id, framework_id)
    text, shown = _text(request, "q"), request.GET.get("show", "")
    context: dict[str, Any] = {
        "framework": found,
        "facts": _facts(found),
        "everything": found.skills + found.others,
        "text": text,
        "show": shown if shown in {"all", "withdrawn"} else "",
        "may_write": actor.has(*policies.WRITERS),
    }
    if text:
        context["matches"] = queries.search(org.id, text, limit=FOUND, framework_id=found.id, everything=True)
    elif context["show"]:
        state = "withdrawn" if context["show"] == "withdrawn" else "current"
        page = Paginator(queries.skill_rows(org.id, found.id, state=state), PAGE).get_page(
            request.GET.get("page")
        )
        context |= {"page": page, "rows": [queries.skill_view(row) for row in page]}
        context["query"] = f"&{urlencode({'show': context['show']})}"
    else:
        context["rows"] = _counted(org.id, found.id, queries.top(org.id, found.id))
    return render(request, "skills/framework.html", context)


def _counted(org_id: UUID, framework_id: UUID, skills: list[SkillView]) -> list[dict[str, Any]]:
    counts = queries.child_counts(org_id, framework_id, skills)
    return [{"skill": skill, "children": counts.get(skill.id, 0)} for skill in skills]


def _facts(found: FrameworkView) -> list[dict[str, Any]]:
    named = [
        (_("Publisher"), found.publisher, ""),
        (_("Attribution"), found.attribution if found.attribution != found.publisher else "", ""),
        (_("Licence"), found.licence or found.licence_url, found.licence_url),
        (_("Version"), found.version, ""),
        (_("Language"), found.language, ""),
        (_("Format"), WORDS.get(found.format, found.format), ""),
        (_("Id"), found.uri, found.uri),
        (_("Imported"), f"{date_format(found.imported_at, 'DATETIME_FORMAT')} UTC", ""),
        (_("From the file"), found.source_name, ""),
        (_("SHA-256 of the file"), found.source_sha256, ""),
    ]
    return [
        {"term": term, "value": value, "url": url if url.startswith(("https://", "http://")) else ""}
        for term, value, url in named
        if value
    ]


@require_safe
@studio_page()
def skill_detail(request: HttpRequest, framework_id: UUID, skill_id: UUID) -> HttpResponse:
    """One skill with what contains it, what it contains, what stands beside it, and its other ties."""
    org = request.org  # type: ignore[attr-defined]
    found = queries.skill_by_id(org.id, framework_id, skill_id)
    around = queries.around(org.id, framework_id, skill_id)
    context = {
        "skill": found,
        "framework": queries.framework(org.id, framework_id),
        "parents": around.parents,
        "children": _counted(org.id, framework_id, around.children),
        "siblings": around.siblings,
        "ties": [
            {"words": TIE_WORDS.get((tie.kind, tie.outgoing), _("Related to")), "tie": tie,
             "url": tie.uri if tie.uri.startswith(("https://", "http://")) else ""}
            for tie in around.ties
        ],
        "texts": [(tag, text.get("name", "")) for tag, text in found.texts.items() if text.get("name")],
        "url": found.uri if found.uri.startswith(("https://", "http://")) else "",
    }  # fmt: skip
    return render(request, "skills/skill.html", context)


@require_safe
@studio_page()
def framework_export(request: HttpRequest, framework_id: UUID, form: str) -> HttpResponse:
    made = queries.export(request.org.id, framework_id, form)  # type: ignore[attr-defined]
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@require_POST
@studio_page(*policies.WRITERS)
def framework_change(request: HttpRequest, framework_id: UUID, change: str) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    words, act = CHANGES[change]
    act(by=actor, org_id=org.id, framework_id=framework_id)
    messages.success(request, words)
    return see_other("framework", org.slug, framework_id)
