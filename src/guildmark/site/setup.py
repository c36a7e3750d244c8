"""The first start: organisation, owner and mail, in three steps, for whoever can read the server's console.

The pages exist only while there is no organisation, and only for a browser that has shown the token of the
data directory; otherwise the first stranger to find the address would own the installation.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guildmark.config import load, secret_file
from guildmark.kernel import ratelimit
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.problems import GuildmarkError, NotFound
from guildmark.kernel.web import form_problem, see_other, signed_in
from guildmark.kernel.words import said
from guildmark.keys import queries as keys
from guildmark.notify import actions as notify
from guildmark.people import actions as people_actions
from guildmark.people import queries as people
from guildmark.people.types import OrgView

AUTH_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ALLOWED, TYPED = "setup_allowed", "setup_organisation"
TOKEN_BYTES = 12
TYPED_LIMIT = 20_000
STEPS = [
    ("setup", gettext_lazy("Organisation")),
    ("setup_owner", gettext_lazy("Owner")),
    ("setup_mail", gettext_lazy("Address and mail")),
]
View = Callable[[HttpRequest], HttpResponse]


class TokenForm(forms.Form):
    token = forms.CharField(
        label=gettext_lazy("Token"),
        max_length=200,
        help_text=gettext_lazy(
            "The server printed it when it started; it also stands in the file setup.token."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=TYPED_LIMIT,
        help_text=gettext_lazy("It stands on every credential as the issuer, such as Northlamp Academy."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Short name in addresses"),
        max_length=TYPED_LIMIT,
        help_text=gettext_lazy(
            "Small letters, digits and hyphens, such as northlamp. It can never be changed."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class OwnerForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=TYPED_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        max_length=TYPED_LIMIT,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        max_length=1000,
        strip=False,
        help_text=gettext_lazy("At least 10 characters; several words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def setup_token() -> str:
    """The token of this data directory, made on first use."""
    return secret_file(load().data_dir / "setup.token", TOKEN_BYTES)


def while_empty(view: View) -> View:
    """404 once there is an organisation; asks for the token first."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if people.is_set_up():
            raise NotFound(said("This installation is set up already."), mend=said("Sign in."))
        if not request.session.get(ALLOWED):
            return ask_token(request)
        return view(request)

    return guarded


def ask_token(request: HttpRequest) -> HttpResponse:
    """Take the token from the printed address or from the form; a right one is remembered in the session."""
    given = request.POST.get("token") or request.GET.get("token") or ""
    form = TokenForm({"token": given} if given or request.method == "POST" else None)
    if given:
        ratelimit.hit("setup", request.META.get("REMOTE_ADDR", ""), limit=10, per=600)
        if hmac.compare_digest(given.strip().encode(), setup_token().encode()):
            request.session.cycle_key()
            request.session[ALLOWED] = True
            return see_other("setup")
        form.add_error(
            "token", _("This is not the token of this installation. Look at the server's console.")
        )
    status = 403 if given else 200
    return render(
        request,
        "site/setup/token.html",
        {"form": form, "file": load().data_dir / "setup.token"},
        status=status,
    )


def steps(current: str) -> list[dict[str, str]]:
    """The row of steps; later ones can be looked at only when they are reached."""
    names = [name for name, _label in STEPS]
    place = names.index(current)
    return [
        {
            "label": str(label),
            "url": reverse(name if number <= place else current),
            "state": "done" if number < place else "current" if number == place else "",
        }
        for number, (name, label) in enumerate(STEPS)
    ]


@never_cache
@require_http_methods(["GET", "POST"])
@while_empty
def organisation(request: HttpRequest) -> HttpResponse:
    typed = request.session.get(TYPED)
    form = OrganisationForm(request.POST or None, initial=typed)
    if request.method == "POST" and form.is_valid():
        try:
            checked = people_actions.check_organisation(**form.cleaned_data)
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            request.session[TYPED] = checked
            return see_other("setup_owner")
    slug = str((request.POST or typed or {}).get("slug") or "northlamp")
    context = {"form": form, "steps": steps("setup"), "issuer": keys.issuer_id("SLUG"), "slug": slug}
    return render(request, "site/setup/organisation.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@while_empty
def owner(request: HttpRequest) -> HttpResponse:
    """The last step before anything is written: account and organisation are made together or not at all."""
    typed = request.session.get(TYPED)
    if typed is None:
        return see_other("setup")
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user_id = begin(typed, form.cleaned_data)
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            login(request, get_user_model().objects.get(pk=user_id), backend=AUTH_BACKEND)
            (load().data_dir / "setup.token").unlink(missing_ok=True)
            return see_other("setup_mail")
    context = {
        "form": form,
        "steps": steps("setup_owner"),
        "typed": typed,
        "issuer": keys.issuer_id(typed["slug"]),
    }
    return render(request, "site/setup/owner.html", context, status=422 if form.errors else 200)


@transaction.atomic
def begin(organisation: dict[str, str], person: dict[str, str]) -> Any:
    """Make the owner's account and the organisation; returns the account's id."""
    if people.is_set_up():
        raise NotFound(said("This installation is set up already."), mend=said("Sign in."))
    user_id = people_actions.create_proven_account(**person)
    people_actions.create_organisation(by=SYSTEM, owner_id=user_id, **organisation)
    return user_id


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def mail(request: HttpRequest) -> HttpResponse:
    """The fixed address, and a test message to one's own address; also later, for any owner."""
    org = owned_by(request.user.pk)
    outcome = None
    if request.method == "POST":
        ratelimit.hit("setup-mail", str(request.user.pk), limit=10, per=3600)
        outcome = notify.send_test(to=request.user.email)  # type: ignore[union-attr]
        if outcome.ok:
            messages.success(request, outcome.words)
    config = load()
    context = {
        "steps": steps("setup_mail"),
        "home": org,
        "outcome": outcome,
        "config": config,
        "over_smtp": config.mail_url.startswith("smtp"),
        "issuer": keys.issuer_id(org.slug),
    }
    return render(request, "site/setup/mail.html", context)


def owned_by(user_id: Any) -> OrgView:
    """An organisation that the person owns; NotFound for everybody else."""
    owned = [org for org, roles in people.organisations_of(user_id) if "owner" in roles]
    if not owned:
        raise NotFound(said("There is nothing at this address."))
    return owned[0]


urlpatterns = [
    path("setup", organisation, name="setup"),
    path("setup/owner", owner, name="setup_owner"),
    path("setup/mail", mail, name="setup_mail"),
]
