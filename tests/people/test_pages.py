"""Pages of people and organisations."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.urls import reverse

from guildmark import people
from guildmark.kernel import clock
from guildmark.people import actions, queries
from guildmark.people.models import User

pytestmark = pytest.mark.django_db


def sign_in(client, user_id):
    client.force_login(User.objects.get(id=user_id))


@pytest.fixture
def owner(client, org):
    sign_in(client, org.owner_id)
    return client


def invited(org, email="noor@example.org"):
    return actions.invite(by=org.owner, org_id=org.id, email=email, roles=["assessor"])


def test_home_leads_straight_to_the_only_place(owner, org):
    assert owner.get(reverse("home"))["Location"] == f"/studio/{org.slug}/"


def test_home_shows_every_place_of_somebody_with_two(owner, org, other_org):
    _, token = actions.invite(
        by=other_org.owner, org_id=other_org.id, email=f"owner@{org.slug}.example", roles=["auditor"]
    )
    actions.accept_invitation(token=token, user_id=org.owner_id)
    page = owner.get(reverse("home")).content.decode()
    assert f"/studio/{org.slug}/" in page
    assert f"/studio/{other_org.slug}/" in page


def test_home_of_somebody_new_says_why_it_is_empty(client, db):
    sign_in(client, actions.create_user(email="new@example.org", password="x" * 12, verified=True))
    assert "No organisation knows new@example.org yet" in client.get(reverse("home")).content.decode()


def test_home_needs_a_person(client, db):
    assert client.get(reverse("home"))["Location"] == "/accounts/login/?next=%2Fhome"


def test_an_owner_invites_and_withdraws(owner, org):
    address = reverse("people", args=[org.slug])
    answer = owner.post(address, {"email": "Noor@Example.org", "roles": ["assessor", "designer"]})
    assert answer.status_code == 303
    page = owner.get(address).content.decode()
    assert "noor@example.org" in page
    [invitation] = queries.invitations(org.id)
    owner.post(reverse("invitation_revoke", args=[org.slug, invitation.id]))
    assert queries.invitations(org.id)[0].state == "revoked"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "noor", "roles": ["assessor"]}, "is not an e-mail address"),
        ({"email": "noor@example.org"}, "No role is chosen"),
        ({"email": "owner@northlamp.example", "roles": ["assessor"]}, "is a member already"),
        ({"email": "n" * 10_000, "roles": ["assessor"]}, "is not an e-mail address"),
    ],
)
def test_a_refused_invitation_keeps_what_was_typed(owner, org, data, words):
    answer = owner.post(reverse("people", args=[org.slug]), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert f'value="{data["email"]}"' in page


def test_roles_change_on_the_members_page(owner, org):
    actor = org.member("assessor")
    place = next(m.id for m in queries.members(org.id) if m.user_id == actor.id)
    address = reverse("member", args=[org.slug, place])
    assert owner.get(address).status_code == 200
    assert owner.post(address, {}).status_code == 422
    assert owner.post(address, {"roles": ["auditor"]}).status_code == 303
    assert org.actor(actor.id).roles == {"auditor"}
    state = reverse("member_state", args=[org.slug, place])
    assert owner.post(state, {"state": "suspended"}).status_code == 303
    assert queries.member(org.id, place).state == "suspended"
    mine = next(m.id for m in queries.members(org.id) if m.user_id == org.owner_id)
    assert (
        owner.post(reverse("member_state", args=[org.slug, mine]), {"state": "suspended"}).status_code == 409
    )


def test_many_members_cost_few_queries(owner, org, django_assert_max_num_queries):
    for number in range(12):
        org.member("assessor", name=f"person{number}")
        invited(org, f"open{number}@example.org")
    with django_assert_max_num_queries(12):
        owner.get(reverse("people", args=[org.slug]))


# the link


def test_a_newcomer_joins_with_a_new_account(client, org):
    _, token = invited(org)
    address = reverse("invite", args=[token])
    assert client.get(address)["Referrer-Policy"] == "same-origin"
    weak = client.post(address, {"name": "Noor", "password": "short"})
    assert weak.status_code == 422
    assert 'value="Noor"' in weak.content.decode()
    assert "short" not in re.sub(r"<[^>]*help[^>]*>", "", weak.content.decode()).replace("too short", "")
    answer = client.post(address, {"name": "Noor", "password": "four words make one"})
    assert answer["Location"] == f"/studio/{org.slug}/"
    assert client.get(f"/studio/{org.slug}/").status_code == 200
    assert client.get(address)["Location"] == reverse("home")


def test_somebody_with_an_account_signs_in_first_and_joins(client, org):
    user_id = org.user("noor")
    _, token = invited(org, f"noor@{org.slug}.example")
    address = reverse("invite", args=[token])
    assert f"/accounts/login/?next={address}" in client.get(address).content.decode()
    assert client.post(address, {"name": "x", "password": "four words make one"}).status_code == 200
    sign_in(client, user_id)
    assert "Join" in client.get(address).content.decode()
    assert client.post(address).status_code == 303
    assert client.post(address)["Location"] == reverse("home")
    assert org.actor(user_id).roles == {"assessor"}


def test_an_invitation_for_another_address_says_so(client, org, other_org):
    _, token = invited(org)
    sign_in(client, other_org.owner_id)
    address = reverse("invite", args=[token])
    assert "noor@example.org" in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    assert len(queries.members(org.id)) == 1


def test_ended_and_unknown_invitations_say_what_to_do(client, org):
    view, token = invited(org)
    address = reverse("invite", args=[token])
    with clock.at(view.expires_at):
        late = client.get(address)
    assert late.status_code == 410
    assert "Ask the organisation for a new one" in late.content.decode()
    actions.revoke_invitation(by=org.owner, org_id=org.id, invitation_id=view.id)
    assert client.get(address).status_code == 410
    assert client.get(reverse("invite", args=["x" * 43])).status_code == 404


# settings and keys


def test_settings_change_words_and_never_the_slug(owner, org):
    address = reverse("settings", args=[org.slug])
    data = {"name": "学びの灯台", "url": "https://x.example", "email": "", "description": "", "country": "jp"}
    assert owner.post(address, {**data, "slug": "stolen"}).status_code == 303
    view = queries.organisation(org.id)
    assert (view.name, view.slug, view.country) == ("学びの灯台", "northlamp", "JP")
    kept = owner.post(address, {**data, "url": "javascript:alert(1)", "name": "Kept"})
    assert kept.status_code == 422
    assert 'value="Kept"' in kept.content.decode()
    assert queries.organisation(org.id).name == "学びの灯台"


def test_a_new_key_is_shown_once(owner, org):
    address = reverse("api_keys", args=[org.slug])
    refused = owner.post(address, {"name": "platform"})
    assert refused.status_code == 422
    assert "No scope is chosen" in refused.content.decode()
    assert owner.post(address, {"name": "platform", "scopes": ["credentials:read"]}).status_code == 303
    page = owner.get(address)
    [secret] = set(re.findall(r"gm_\w+\.[\w-]{40,}", page.content.decode()))
    assert "no-store" in page["Cache-Control"]
    assert queries.actor_for_key(secret).org_id == org.id
    assert secret not in owner.get(address).content.decode()
    [key] = queries.api_keys(org.id)
    assert owner.post(reverse("api_key_revoke", args=[org.slug, key.id])).status_code == 303
    assert queries.api_keys(org.id)[0].state == "revoked"
    assert owner.post(reverse("api_key_revoke", args=[org.slug, key.id])).status_code == 404


def test_others_find_nothing_here(client, org, other_org):
    view, _ = invited(org)
    key, _ = actions.create_api_key(by=org.owner, org_id=org.id, name="k", scopes=["credentials:read"])
    place = queries.members(org.id)[0].id
    gets = [("people",), ("member", place), ("settings",), ("api_keys",)]
    posts = [("member_state", place), ("invitation_revoke", view.id), ("api_key_revoke", key.id)]
    for name, *rest in gets + posts:
        method = client.post if (name, *rest) in posts else client.get
        address = reverse(name, args=[org.slug, *rest])
        client.logout()
        assert method(address).status_code == 302
        sign_in(client, other_org.owner_id)
        assert method(address).status_code == 404
        if rest:
            assert method(reverse(name, args=[other_org.slug, *rest])).status_code == 404
    sign_in(client, org.member("designer").id)
    for name, *rest in gets:
        assert client.get(reverse(name, args=[org.slug, *rest])).status_code == 403


def test_the_compiled_words_are_the_written_ones():
    folder = Path(people.__file__).parent / "locale" / "en" / "LC_MESSAGES"
    lines = (folder / "django.po").read_text("utf-8").splitlines()
    told = {kind: [s for s in lines if s.startswith(kind)] for kind in ("msgid ", "msgstr ")}
    written = {
        ast.literal_eval(left[6:]): ast.literal_eval(right[7:])
        for left, right in zip(told["msgid "], told["msgstr "], strict=True)
        if left != 'msgid ""'
    }
    with (folder / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert len(written) > 50
    assert {said: catalogue.gettext(said) for said in written} == written


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_reset_password", ["Choose a new password", "Send me the link", "E-mail address"]),
        ("account_request_login_code", ["Send the code", "Sign in another way"]),
        ("account_login", ["Keep me signed in on this device"]),
        ("account_email", ["E-mail addresses", "Make it the primary one"]),
        ("account_change_password", ["Change the password", "Present password"]),
        ("mfa_index", ["Sign-in security", "Authenticator app", "Passkeys and security keys"]),
    ],
)
def test_pages_about_signing_in_speak_like_the_others(client, org, name, words):
    if name in ("account_email", "account_change_password", "mfa_index"):
        sign_in(client, org.owner_id)
    page = client.get(reverse(name)).content.decode()
    assert [word for word in words if word not in page] == []
    assert "Email" not in re.sub(r"<[^>]*>", "", page)
