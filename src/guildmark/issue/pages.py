"""Pages of the working side: credentials, their history and changes, awards that wait, completion records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.design import queries as design
from guildmark.issue import actions, queries
from guildmark.issue.forms import CorrectForm, FilterForm, ReasonForm
from guildmark.issue.policies import READERS
from guildmark.issue.types import CredentialView
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page

PAGE = 25
CHANGES: dict[str, tuple[Any, Any, Any, Callable[..., CredentialView]]] = {
    "revoke": (_("Revoke"), _("Revoke this credential"), _("The credential is revoked."), actions.revoke),
    "suspend": (
        _("Suspend"),
        _("Suspend this credential"),
        _("The credential is suspended."),
        actions.suspend,
    ),
    "reinstate": (
        _("Reinstate"),
        _("Reinstate this credential"),
        _("The credential is valid again."),
        actions.reinstate,
    ),
}


@require_safe
@studio_page()
def credential_list(request: HttpRequest) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actor.require(org.id, *READERS, "designer")
    standards = [(str(a.id), a.title) for a in design.achievements(org.id) if a.versions]
    form = FilterForm(request.GET or None, standards=standards)
    given = form.cleaned_data if form.is_valid() else {}
    rows = queries.credential_rows(
        org.id,
        query=given.get("q", ""),
        state=given.get("state", ""),
        achievement_id=UUID(given["standard"]) if given.get("standard") else None,
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    chosen = {name: value for name, value in given.items() if value}
    waiting = queries.awards_waiting(org.id)
    context = {
        "form": form,
        "page": page,
        "rows": [{"view": view, "verdict": queries.verdict(view)} for view in page],
        "filtered": bool(chosen),
        "query": f"&{urlencode(chosen)}" if chosen else "",
        "waiting": len([award for award in waiting if award.state == "approved"]),
        "completions": any(v.standard.signal == "completion" for v in design.published_achievements(org.id)),
        "may_write": actor.has("registrar"),
    }
    return render(request, "issue/list.html", context)


@require_safe
@studio_page()
def credential_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actor.require(org.id, *READERS, "designer")
    view = queries.org_credential(org.id, public_id)
    status = queries.status_now(view)
    context = {
        "credential": view,
        "status": status,
        "events": queries.events_of(org.id, public_id),
        "version": design.version(org.id, view.version_id),
        "may_write": actor.has("registrar"),
        "correctable": view.state != "revoked",
    }
    return render(request, "issue/detail.html", context)


@studio_page("registrar")
def credential_change(request: HttpRequest, public_id: UUID, change: str) -> HttpResponse:
    """Revoke, suspend or reinstate: what it means, the reason, and the act."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    view = queries.org_credential(org.id, public_id)
    verb, heading, done, action = CHANGES[change]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action(by=actor, org_id=org.id, public_id=public_id, reason=form.cleaned_data["reason"])
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, done)
            return see_other("credential_detail", org.slug, public_id)
    context = {"credential": view, "form": form, "change": change, "verb": verb, "heading": heading}
    return render(request, "issue/change.html", context, status=422 if form.errors else 200)


@studio_page("registrar")
def credential_correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    view = queries.org_credential(org.id, public_id)
    present = {"name": view.holder_name, "email": view.holder_email}
    form = CorrectForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(by=actor, org_id=org.id, public_id=public_id, **form.cleaned_data)
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(
                request, _("The corrected credential is being signed. It takes the place of this one.")
            )
            return see_other("credential_detail", org.slug, public_id)
    context = {"credential": view, "form": form}
    return render(request, "issue/correct.html", context, status=422 if form.errors else 200)


@require_safe
@studio_page("registrar", "auditor", "manager")
def awards_waiting(request: HttpRequest) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    context = {"awards": queries.awards_waiting(org.id), "may_write": request.actor.has("registrar")}  # type: ignore[attr-defined]
    return render(request, "issue/awards.html", context)


@require_POST
@studio_page("registrar")
def award_retry(request: HttpRequest, award_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.retry_award(by=actor, org_id=org.id, award_id=award_id)
    messages.success(request, _("It is being signed again."))
    return see_other("awards_waiting", org.slug)


@studio_page("registrar")
def award_decline(request: HttpRequest, award_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    award = queries.award(org.id, award_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline_award(
                by=actor, org_id=org.id, award_id=award_id, reason=form.cleaned_data["reason"]
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("No credential will be given for it."))
            return see_other("awards_waiting", org.slug)
    return render(
        request, "issue/decline.html", {"award": award, "form": form}, status=422 if form.errors else 200
    )
