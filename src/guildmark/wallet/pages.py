"""The earner's pages: claiming by link, the shelf, and what is shown to whom."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.issue.types import CredentialView
from guildmark.kernel.problems import Gone, GuildmarkError
from guildmark.kernel.web import form_problem, person, see_other, signed_in
from guildmark.people import queries as people
from guildmark.wallet import actions, queries
from guildmark.wallet.forms import AddressForm, PasswordForm, ShowForm
from guildmark.wallet.types import ClaimLinkView, Holding

AUTH_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def settings_context(held: Holding, form: ShowForm) -> dict[str, object]:
    """What ``wallet/_settings.html`` and ``wallet/_share.html`` need."""
    return {
        "held": held,
        "form": form,
        "copy_fields": queries.copy_fields(held),
        "linkedin_url": queries.linkedin_url(held),
    }


# -- by link


@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: look, choose what is shown, claim; later the same page changes the choice."""
    link = queries.link(token)
    if link.state == "expired":
        return run_out(request, token, link)
    link, view = queries.opened(token)
    response = claim_page(request, token, link, view)
    # Never to other sites; "no-referrer" would also take the origin from the form, and browsers send it as null.
    response["Referrer-Policy"] = "same-origin"
    return response


def run_out(request: HttpRequest, token: str, link: ClaimLinkView) -> HttpResponse:
    if request.method == "POST":
        actions.renew(token=token)
        return render(request, "wallet/claim_lost.html", {"asked": True})
    return render(request, "wallet/claim_expired.html", {"link": link}, status=Gone.status)


def claim_page(request: HttpRequest, token: str, link: ClaimLinkView, view: CredentialView) -> HttpResponse:
    wanted = request.POST.get("do", "show") if request.method == "POST" else ""
    held = queries.holding(view)
    form = ShowForm(request.POST if wanted == "show" else None, held=held)
    password = PasswordForm(request.POST if wanted == "account" else None)
    try:
        if wanted == "show" and form.is_valid():
            actions.claim(token=token, **form.settings())
            messages.success(request, _("Saved.") if view.claimed_at else _("The credential is yours."))
            return see_other("claim", token)
        if wanted == "link":
            actions.replace_share_link(view)
            messages.success(request, _("There is a new share link; the old one no longer opens anything."))
            return see_other("claim", token)
        if wanted == "account" and password.is_valid():
            user_id = actions.make_account(token=token, password=password.cleaned_data["password"])
            login(request, get_user_model().objects.get(pk=user_id), backend=AUTH_BACKEND)
            messages.success(request, _("Your shelf is ready; this and later credentials stand on it."))
            return see_other("shelf")
    except GuildmarkError as error:
        form_problem(password if wanted == "account" else form, error)
    context = settings_context(held, form)
    context |= {"link": link, "password": password, "has_account": people.has_account(link.email)}
    context["on_shelf"] = request.user.is_authenticated and people.owns_address(person(request), link.email)
    failed = bool(form.errors or password.errors)
    return render(request, "wallet/claim.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def claim_lost(request: HttpRequest) -> HttpResponse:
    """Send me my link again: the same answer for every address, known or not."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_link(email=form.cleaned_data["email"], caller=request.META.get("REMOTE_ADDR", ""))
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            return render(request, "wallet/claim_lost.html", {"asked": True})
    return render(request, "wallet/claim_lost.html", {"form": form}, status=422 if form.errors else 200)


# -- signed in


@require_GET
@signed_in
def shelf(request: HttpRequest) -> HttpResponse:
    rows = queries.shelf(person(request))
    context = {
        "rows": [row for row in rows if row.verdict != "superseded"],
        "earlier": [row for row in rows if row.verdict == "superseded"],
    }
    return render(request, "wallet/shelf.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def shelf_credential(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One credential of one's own: what is shown, share link, downloads."""
    view = queries.held_by(person(request), public_id)
    held = queries.holding(view)
    posted = request.method == "POST"
    if posted and request.POST.get("do") == "link":
        actions.replace_share_link(view)
        messages.success(request, _("There is a new share link; the old one no longer opens anything."))
        return see_other("shelf_credential", public_id)
    form = ShowForm(request.POST if posted else None, held=held)
    if posted and form.is_valid():
        try:
            actions.show_own(user_id=person(request), public_id=public_id, **form.settings())
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return see_other("shelf_credential", public_id)
    context = settings_context(held, form)
    return render(request, "wallet/shelf_credential.html", context, status=422 if form.errors else 200)
