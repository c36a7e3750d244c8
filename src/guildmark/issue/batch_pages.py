"""Pages of batches: a list is read and shown first, then issued; progress is counted while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.design import queries as design
from guildmark.issue import actions, batch_queries, queries
from guildmark.issue.forms import CompletionForm
from guildmark.issue.types import BatchView
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page

PAGE = 50
READERS = ("registrar", "manager", "auditor")
OUTCOMES = {"ready": _("Ready"), "known": _("Recorded already"), "refused": _("Cannot be used")}
CHANGES: dict[str, tuple[Any, Callable[..., BatchView]]] = {
    "start": (_("The credentials are being signed."), actions.start_batch),
    "pause": (_("Paused. What was in hand is still finished."), actions.pause_batch),
    "cancel": (_("Cancelled. What was issued stays issued."), actions.cancel_batch),
}


@studio_page("registrar")
def completion_records(request: HttpRequest) -> HttpResponse:
    """A list of names, read and shown before anything is issued."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    choices = [
        (str(version.id), f"{version.standard.title} {version.number}")
        for version in design.published_achievements(org.id)
        if version.standard.signal == "completion"
    ]
    form = CompletionForm(request.POST or None, request.FILES or None, versions=choices)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.get("file")
        try:
            batch = actions.upload_completions(
                by=actor,
                org_id=org.id,
                version_id=UUID(form.cleaned_data["version"]),
                rows=form.cleaned_data["rows"],
                filename=upload.name if upload else "",
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            return see_other("batch", org.slug, batch.id)
    context = {"form": form, "choices": choices}
    return render(request, "issue/completion.html", context, status=422 if form.errors else 200)


@require_safe
@studio_page(*READERS)
def batch_list(request: HttpRequest) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    waiting = [award for award in queries.awards_waiting(org.id) if award.state == "approved"]
    context = {
        "batches": batch_queries.batches(org.id),
        "waiting": len(waiting),
        "may_write": actor.has("registrar"),
    }
    return render(request, "issue/batches.html", context)


@require_safe
@studio_page(*READERS)
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    found = batch_queries.batch(org.id, batch_id)
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in OUTCOMES else ""
    page = Paginator(batch_queries.lines(org.id, batch_id, chosen), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "batch": found,
        "facts": _facts(found),
        "page": page,
        "lines": [batch_queries.line_view(row) for row in page],
        "tabs": [
            ("", _("All"), found.total),
            *((key, word, getattr(found, key)) for key, word in OUTCOMES.items()),
        ],
        "outcome": chosen,
        "query": f"&outcome={chosen}" if chosen else "",
        "may_write": actor.has("registrar"),
    }
    return render(request, "issue/batch.html", context)


def _facts(found: BatchView) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {"term": _("Made by"), "value": found.made_by or _("unknown")},
        {"term": _("Made on"), "value": f"{date_format(found.created_at, 'DATETIME_FORMAT')} UTC"},
    ]
    if found.filename:
        made.append({"term": _("File"), "value": found.filename})
    return made


@require_safe
@studio_page(*READERS)
def batch_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The part of the page that changes while a batch runs."""
    found = batch_queries.batch(request.org.id, batch_id)  # type: ignore[attr-defined]
    response = render(request, "issue/_batch_progress.html", {"batch": found})
    response["Cache-Control"] = "no-store"
    if not found.moves:
        response["X-Live"] = "done"
    return response


@require_POST
@studio_page("registrar")
def batch_change(request: HttpRequest, batch_id: UUID, change: str) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    words, act = CHANGES[change]
    act(by=actor, org_id=org.id, batch_id=batch_id)
    messages.success(request, words)
    return see_other("batch", org.slug, batch_id)


@require_POST
@studio_page("registrar")
def batch_of_awards(request: HttpRequest) -> HttpResponse:
    """Everything that waits becomes one batch, shown before it is started."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    made = actions.collect_awards(by=actor, org_id=org.id)
    return see_other("batch", org.slug, made.id)
