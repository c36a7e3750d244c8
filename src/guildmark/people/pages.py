"""Pages of people and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildmark.kernel.crypto import seal, unseal
from guildmark.kernel.problems import Gone, GuildmarkError
from guildmark.kernel.web import absolute, form_problem, person, see_other, signed_in, studio_page
from guildmark.people import actions, queries
from guildmark.people.forms import ApiKeyForm, InviteForm, JoinForm, OrganisationForm, RolesForm
from guildmark.people.models import User
from guildmark.people.types import ROLE_NAMES, ROLE_WORDS, InvitationView, OrgView

AUTH_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEW_KEY = "new_api_key"


def studio_of(org: OrgView) -> str:
    """The first page of an organisation's working side."""
    try:
        return reverse("studio_home", args=[org.slug])
    except NoReverseMatch:
        return reverse("people", args=[org.slug])


def role_names(roles: Iterable[str]) -> str:
    """The roles as people read them, in the language of the page."""
    return ", ".join(_(ROLE_NAMES[role]) for role in roles)


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in: straight in their only place, or before a choice of places."""
    places = queries.organisations_of(person(request))
    learner = queries.learners_of_user(person(request))
    if len(places) == 1 and not learner and "stay" not in request.GET:
        return see_other(studio_of(places[0][0]))
    shown = [{"org": org, "roles": role_names(roles), "url": studio_of(org)} for org, roles in places]
    return render(request, "people/home.html", {"places": shown, "is_learner": bool(learner)})


# -- members and invitations


@require_http_methods(["GET", "POST"])
@studio_page("owner")
def people(request: HttpRequest) -> HttpResponse:
    """Members, open invitations, and inviting somebody."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            view, _token = actions.invite(by=actor, org_id=org.id, email=data["email"], roles=data["roles"])
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("An invitation to %(email)s is on its way.") % {"email": view.email})
            return see_other("people", org.slug)
    invitations = queries.invitations(org.id)
    shown = {
        "form": form,
        "members": queries.members(org.id),
        "open_invitations": [i for i in invitations if i.state in {"open", "expired"}],
    }
    return render(request, "people/people.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@studio_page("owner")
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member: the roles they hold."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    shown = queries.member(org.id, member_id)
    # No box ticked posts no field at all, hence the method is asked and not the data.
    posted = request.POST if request.method == "POST" else None
    form = RolesForm(posted, initial={"roles": shown.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_roles(
                by=actor, org_id=org.id, member_id=member_id, roles=form.cleaned_data["roles"]
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("The roles of %(name)s are changed.") % {"name": shown.label})
            return see_other("people", org.slug)
    context = {"member": shown, "form": form}
    return render(request, "people/member.html", context, status=422 if form.errors else 200)


@require_POST
@studio_page("owner")
def member_state(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Suspend a member or take them back."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    shown = queries.member(org.id, member_id)
    wanted = "active" if request.POST.get("state") == "active" else "suspended"
    actions.set_member_state(by=actor, org_id=org.id, member_id=member_id, state=wanted)
    words = (
        _("%(name)s can work here again.") if wanted == "active" else _("%(name)s has no access any more.")
    )
    messages.success(request, words % {"name": shown.label})
    return see_other("people", org.slug)


@require_POST
@studio_page("owner")
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.revoke_invitation(by=actor, org_id=org.id, invitation_id=invitation_id)
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return see_other("people", org.slug)


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: join with the account one has, or make one for the invited address."""
    try:
        invitation = queries.open_invitation(token)
    except Gone:
        # A second click on the button, or on the mail, after joining: nothing is wrong.
        if request.user.is_authenticated and queries.invitation_used_by(token, person(request)):
            return see_other("home")
        raise
    if request.user.is_authenticated:
        response = join_signed_in(request, token, invitation)
    else:
        response = join_new(request, token, invitation)
    # Never to other sites; "no-referrer" would also take the origin from the form, and browsers send it as null.
    response["Referrer-Policy"] = "same-origin"
    return response


def invite_page(
    request: HttpRequest, invitation: InvitationView, status: int = 200, **more: object
) -> HttpResponse:
    roles = [(_(ROLE_NAMES[role]), _(ROLE_WORDS[role])) for role in invitation.roles]
    context = {
        "invitation": invitation,
        "host": queries.organisation(invitation.org_id),
        "roles": roles,
        **more,
    }
    return render(request, "people/invite.html", context, status=status)


def join_signed_in(request: HttpRequest, token: str, invitation: InvitationView) -> HttpResponse:
    fits = queries.owns_address(person(request), invitation.email)
    if request.method == "GET" or not fits:
        return invite_page(request, invitation, 200 if request.method == "GET" else 403, fits=fits)
    org = actions.accept_invitation(token=token, user_id=person(request))
    messages.success(request, _("You now work with %(org)s.") % {"org": org.name})
    return see_other(studio_of(org))


def join_new(request: HttpRequest, token: str, invitation: InvitationView) -> HttpResponse:
    if queries.has_account(invitation.email):
        return invite_page(request, invitation, has_account=True)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user_id, org = actions.join_with_new_account(
                token=token, name=data["name"], password=data["password"]
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            login(request, User.objects.get(id=user_id), backend=AUTH_BACKEND)
            messages.success(request, _("You now work with %(org)s.") % {"org": org.name})
            return see_other(studio_of(org))
    return invite_page(request, invitation, 422 if form.errors else 200, form=form)


# -- the organisation itself


@require_http_methods(["GET", "POST"])
@studio_page("owner")
def settings(request: HttpRequest) -> HttpResponse:
    """The public words of the organisation."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    initial = {field: getattr(org, field) for field in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_organisation(by=actor, org_id=org.id, **form.cleaned_data)
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("Saved. Credentials signed before keep the old words."))
            return see_other("settings", org.slug)
    context = {"form": form, "address": absolute(f"/o/{org.slug}")}
    return render(request, "people/settings.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@studio_page("owner")
def api_keys(request: HttpRequest) -> HttpResponse:
    """Keys for programs. A new secret is carried over the redirect sealed, shown once and forgotten."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _view, secret = actions.create_api_key(by=actor, org_id=org.id, **form.cleaned())
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            request.session[NEW_KEY] = seal(secret.encode(), context=f"{NEW_KEY}:{org.id}").hex()
            return see_other("api_keys", org.slug)
    sealed = request.session.pop(NEW_KEY, "") if request.method == "GET" else ""
    secret = unseal(bytes.fromhex(sealed), context=f"{NEW_KEY}:{org.id}").decode() if sealed else ""
    context = {"form": form, "keys": queries.api_keys(org.id), "secret": secret}
    return render(request, "people/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@studio_page("owner")
def api_key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.revoke_api_key(by=actor, org_id=org.id, key_id=key_id)
    messages.success(request, _("The key is revoked; programs that use it are refused from now on."))
    return see_other("api_keys", org.slug)
