"""Members, roles, invitations and API keys, through the actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guildmark.kernel import audit, clock
from guildmark.kernel.actor import ROLES
from guildmark.kernel.problems import Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from guildmark.people import actions, queries
from guildmark.people.models import ApiKey, Invitation
from guildmark.people.types import ROLE_WORDS

pytestmark = pytest.mark.django_db


def member_id(org, user_id):
    return next(member.id for member in queries.members(org.id) if member.user_id == user_id)


def test_every_role_is_explained():
    assert tuple(ROLE_WORDS) == ROLES


def test_an_account_is_made_once_per_address_whatever_its_case(org):
    with pytest.raises(Conflict) as refused:
        actions.create_user(email=" OWNER@Northlamp.example ", password="x" * 12)
    assert refused.value.field == "email"


def test_an_owner_changes_roles_and_it_is_recorded(org):
    actor = org.member("assessor")
    actions.change_roles(by=org.owner, org_id=org.id, member_id=member_id(org, actor.id), roles=["designer"])
    assert org.actor(actor.id).roles == {"designer"}
    last = audit.history(org.id, subject_type="membership")[-1]
    assert (last.action, last.data) == ("people.roles_changed", {"from": ["assessor"], "to": ["designer"]})


def test_the_last_owner_stays_owner_and_active(org):
    mine = member_id(org, org.owner_id)
    with pytest.raises(Conflict):
        actions.change_roles(by=org.owner, org_id=org.id, member_id=mine, roles=["designer"])
    with pytest.raises(Conflict):
        actions.set_member_state(by=org.owner, org_id=org.id, member_id=mine, state="suspended")
    second = org.member("owner")
    actions.change_roles(by=org.actor(second.id), org_id=org.id, member_id=mine, roles=["designer"])
    assert org.actor(org.owner_id).roles == {"designer"}


def test_a_suspended_owner_does_not_count_as_another_owner(org):
    second = org.member("owner")
    actions.set_member_state(
        by=org.owner, org_id=org.id, member_id=member_id(org, second.id), state="suspended"
    )
    with pytest.raises(Conflict):
        actions.change_roles(
            by=org.owner, org_id=org.id, member_id=member_id(org, org.owner_id), roles=["auditor"]
        )


@pytest.mark.parametrize("roles", [[], ["king"], ["designer", "king"]])
def test_unknown_or_no_roles_are_refused(org, roles):
    actor = org.member("assessor")
    with pytest.raises(Invalid) as refused:
        actions.change_roles(by=org.owner, org_id=org.id, member_id=member_id(org, actor.id), roles=roles)
    assert refused.value.field == "roles"


def test_a_suspended_member_is_a_stranger(org):
    actor = org.member("assessor")
    place = member_id(org, actor.id)
    actions.set_member_state(by=org.owner, org_id=org.id, member_id=place, state="suspended")
    with pytest.raises(NotFound):
        queries.member_of(actor.id, org.slug)
    assert queries.organisations_of(actor.id) == []
    actions.set_member_state(by=org.owner, org_id=org.id, member_id=place, state="active")
    assert queries.member_of(actor.id, org.slug)[1].roles == {"assessor"}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_only_owners_manage_people(org, role):
    actor = org.member(role)
    mine = member_id(org, actor.id)
    for call in (
        lambda: actions.invite(by=actor, org_id=org.id, email="a@example.org", roles=["owner"]),
        lambda: actions.change_roles(by=actor, org_id=org.id, member_id=mine, roles=["owner"]),
        lambda: actions.set_member_state(by=actor, org_id=org.id, member_id=mine, state="suspended"),
        lambda: actions.create_api_key(by=actor, org_id=org.id, name="k", scopes=["credentials:read"]),
        lambda: actions.update_organisation(
            by=actor, org_id=org.id, name="x", url="", email="", description="", country=""
        ),
    ):
        with pytest.raises(Forbidden):
            call()


def test_another_organisations_members_are_not_there(org, other_org):
    actor = org.member("assessor")
    place = member_id(org, actor.id)
    invitation, _ = actions.invite(by=org.owner, org_id=org.id, email="a@example.org", roles=["designer"])
    key, _ = actions.create_api_key(by=org.owner, org_id=org.id, name="k", scopes=["credentials:read"])
    for org_id in (org.id, other_org.id):
        for call in (
            lambda o=org_id: actions.change_roles(
                by=other_org.owner, org_id=o, member_id=place, roles=["owner"]
            ),
            lambda o=org_id: actions.set_member_state(
                by=other_org.owner, org_id=o, member_id=place, state="suspended"
            ),
            lambda o=org_id: actions.revoke_invitation(
                by=other_org.owner, org_id=o, invitation_id=invitation.id
            ),
            lambda o=org_id: actions.revoke_api_key(by=other_org.owner, org_id=o, key_id=key.id),
        ):
            with pytest.raises(NotFound):
                call()


# invitations


def test_an_invitation_lets_its_address_in_with_its_roles(org):
    user_id = org.user("noor")
    _, token = actions.invite(
        by=org.owner, org_id=org.id, email="Noor@Northlamp.example", roles=["assessor", "designer"]
    )
    actions.accept_invitation(token=token, user_id=user_id)
    assert org.actor(user_id).roles == {"assessor", "designer"}
    with pytest.raises(Gone):
        queries.open_invitation(token)


def test_an_invitation_is_no_use_to_another_account(org, other_org):
    _, token = actions.invite(by=org.owner, org_id=org.id, email="noor@example.org", roles=["owner"])
    with pytest.raises(Forbidden) as refused:
        actions.accept_invitation(token=token, user_id=other_org.owner_id)
    assert "noor@example.org" in refused.value.detail
    assert queries.open_invitation(token).state == "open"


def test_an_invitation_ends_by_time_by_withdrawal_and_by_a_newer_one(org):
    user_id = org.user("noor")
    invitation, first = actions.invite(
        by=org.owner, org_id=org.id, email="noor@northlamp.example", roles=["designer"]
    )
    with clock.at(clock.now() + timedelta(days=actions.INVITATION_DAYS)), pytest.raises(Gone) as ended:
        actions.accept_invitation(token=first, user_id=user_id)
    assert "expired" in ended.value.detail
    newer, second = actions.invite(
        by=org.owner, org_id=org.id, email="noor@northlamp.example", roles=["designer"]
    )
    with pytest.raises(Gone):
        actions.accept_invitation(token=first, user_id=user_id)
    actions.revoke_invitation(by=org.owner, org_id=org.id, invitation_id=newer.id)
    with pytest.raises(Gone) as ended:
        actions.accept_invitation(token=second, user_id=user_id)
    assert "withdrawn" in ended.value.detail
    with pytest.raises(NotFound):
        actions.revoke_invitation(by=org.owner, org_id=org.id, invitation_id=invitation.id)


def test_a_member_is_not_invited_again(org):
    with pytest.raises(Conflict):
        actions.invite(by=org.owner, org_id=org.id, email="owner@northlamp.example", roles=["designer"])


def test_a_new_account_from_an_invitation_is_proven(org):
    _, token = actions.invite(by=org.owner, org_id=org.id, email="noor@example.org", roles=["designer"])
    user_id, joined = actions.join_with_new_account(token=token, name="نور", password="four words make one")
    assert joined.id == org.id
    assert org.actor(user_id).label == "نور"
    assert queries.owns_address(user_id, "noor@example.org")


def test_a_refused_password_uses_no_invitation_up(org):
    _, token = actions.invite(by=org.owner, org_id=org.id, email="noor@example.org", roles=["designer"])
    for password in ("short", "1234567890", "password12", "noor@example.org"):
        with pytest.raises(Invalid) as refused:
            actions.join_with_new_account(token=token, name="Noor", password=password)
        assert refused.value.field == "password"
    assert queries.open_invitation(token).state == "open"
    assert not queries.has_account("noor@example.org")


def test_only_the_hash_of_a_token_is_kept(org):
    _, token = actions.invite(by=org.owner, org_id=org.id, email="noor@example.org", roles=["designer"])
    row = Invitation.objects.for_org(org.id).get(email="noor@example.org")
    assert token not in repr(row.__dict__)


# API keys


def test_a_key_acts_within_its_scopes_until_it_is_revoked(org):
    view, secret = actions.create_api_key(
        by=org.owner, org_id=org.id, name="platform", scopes=["submissions:write", "standards:read"]
    )
    actor = queries.actor_for_key(secret)
    assert (actor.org_id, actor.scopes, actor.roles) == (
        org.id,
        {"submissions:write", "standards:read"},
        {"registrar"},
    )
    assert secret not in repr(ApiKey.objects.for_org(org.id).get().__dict__)
    actions.revoke_api_key(by=org.owner, org_id=org.id, key_id=view.id)
    with pytest.raises(Unauthenticated):
        queries.actor_for_key(secret)


def test_a_key_ends_on_its_day(org):
    end = clock.now() + timedelta(days=1)
    _, secret = actions.create_api_key(
        by=org.owner, org_id=org.id, name="k", scopes=["credentials:read"], expires_at=end
    )
    with clock.at(end), pytest.raises(Unauthenticated):
        queries.actor_for_key(secret)
    with pytest.raises(Invalid):
        actions.create_api_key(
            by=org.owner,
            org_id=org.id,
            name="k",
            scopes=["credentials:read"],
            expires_at=clock.now() - timedelta(1),
        )


@pytest.mark.parametrize("secret", ["", "gm_x.y", "gm_", "\x00", "x" * 10_000])
def test_a_wrong_key_is_nobody(db, secret):
    with pytest.raises(Unauthenticated):
        queries.actor_for_key(secret)


def test_a_key_makes_no_keys(org):
    _, secret = actions.create_api_key(by=org.owner, org_id=org.id, name="k", scopes=["credentials:write"])
    with pytest.raises(Forbidden):
        actions.create_api_key(
            by=queries.actor_for_key(secret), org_id=org.id, name="k2", scopes=["credentials:write"]
        )
