"""Writes of people and organisations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from guildmark.kernel import audit, bulk, outbox
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import new_token, token_hash
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.kernel.words import said
from guildmark.people import queries
from guildmark.people.models import ApiKey, Invitation, Learner, Membership, Organisation, User
from guildmark.people.policies import (
    clean_country,
    clean_email,
    clean_name,
    clean_password,
    clean_roles,
    clean_scopes,
    clean_slug,
    clean_text,
    clean_url,
)
from guildmark.people.states import MEMBERSHIP
from guildmark.people.types import ApiKeyView, InvitationView, LearnerView, OrgView

INVITATION_DAYS = 14


@transaction.atomic
def create_user(*, email: str, name: str = "", password: str | None = None, verified: bool = False) -> UUID:
    """An account; ``verified`` only where the address was proven by other means (setup, invitation link)."""
    address = clean_email(email)
    if User.objects.filter(email=address).exists():
        raise Conflict(
            said("There is already an account for {address}.", address=address),
            field="email",
            mend=said("Sign in with it, or use another address."),
        )
    user = User.objects.create_user(address, password, name=clean_name(name) if name else "")
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    audit.record(
        org_id=None, by=SYSTEM, action="people.user_created", subject_type="user", subject_id=user.id
    )
    if verified:
        adopt_learners(user.id)
    return user.id


@transaction.atomic
def create_proven_account(*, email: str, name: str, password: str) -> UUID:
    """An account with a checked password for an address that a mailed link, or the set-up, has proven."""
    shown = clean_name(name)
    clean_password(password, email=email, name=shown)
    return create_user(email=email, name=shown, password=password, verified=True)


def check_organisation(*, name: str, slug: str) -> dict[str, str]:
    """Name and slug as they would be stored; raises what :func:`create_organisation` would raise."""
    clean = clean_slug(slug)
    if Organisation.objects.filter(slug=clean).exists():
        raise Conflict(
            said("The address {address} is taken.", address=clean),
            field="slug",
            mend=said("Choose another one."),
        )
    return {"name": clean_name(name), "slug": clean}


@transaction.atomic
def create_organisation(
    *,
    by: Actor,
    name: str,
    slug: str,
    owner_id: UUID,
    url: str = "",
    email: str = "",
    description: str = "",
    country: str = "",
) -> OrgView:
    """An organisation with its first owner. The slug becomes part of every identifier and is never reused."""
    clean = clean_slug(slug)
    if Organisation.objects.filter(slug=clean).exists():
        raise Conflict(
            said("The address {address} is taken.", address=clean),
            field="slug",
            mend=said("Choose another one."),
        )
    row = Organisation.objects.create(
        slug=clean,
        name=clean_name(name),
        url=clean_url(url),
        email=clean_email(email) if email else "",
        description=clean_text(description, field="description", limit=2000),
        country=clean_country(country),
        created_at=now(),
    )
    Membership.objects.create(org_id=row.id, user_id=owner_id, roles=["owner"], created_at=now())
    audit.record(
        org_id=row.id,
        by=by,
        action="people.organisation_created",
        subject_type="organisation",
        subject_id=row.id,
        data={"slug": clean, "owner": str(owner_id)},
    )
    outbox.emit(row.id, "people.organisation_created", {"org": str(row.id)})
    return queries.org_view(row)


@transaction.atomic
def update_organisation(
    *, by: Actor, org_id: UUID, name: str, url: str, email: str, description: str, country: str
) -> OrgView:
    """Change the public words of an organisation; its slug stays as it is."""
    by.require(org_id, "owner")
    row = Organisation.objects.select_for_update().get(id=org_id)
    row.name = clean_name(name)
    row.url = clean_url(url)
    row.email = clean_email(email) if email else ""
    row.description = clean_text(description, field="description", limit=2000)
    row.country = clean_country(country)
    row.save()
    audit.record(
        org_id=org_id,
        by=by,
        action="people.organisation_changed",
        subject_type="organisation",
        subject_id=org_id,
    )
    return queries.org_view(row)


@transaction.atomic
def invite(*, by: Actor, org_id: UUID, email: str, roles: list[str]) -> tuple[InvitationView, str]:
    """Invite an address to roles; returns the invitation and the token of its link (shown once)."""
    by.require(org_id, "owner")
    address, wanted = clean_email(email), clean_roles(roles)
    if Membership.objects.for_org(org_id).filter(user__email=address).exists():
        raise Conflict(
            said("{address} is a member already.", address=address),
            field="email",
            mend=said("Change the roles of that member instead."),
        )
    Invitation.objects.for_org(org_id).filter(email=address, accepted_at=None, revoked_at=None).update(
        revoked_at=now()
    )
    token = new_token()
    row = Invitation.objects.create(
        org_id=org_id,
        email=address,
        roles=wanted,
        token_hash=token_hash(token),
        invited_by=by.id,
        created_at=now(),
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="people.invited",
        subject_type="invitation",
        subject_id=row.id,
        data={"roles": wanted},
    )
    outbox.emit(org_id, "people.invited", {"invitation": str(row.id), "token": token, "email": address})
    return queries.invitation_view(row), token


@transaction.atomic
def revoke_invitation(*, by: Actor, org_id: UUID, invitation_id: UUID) -> None:
    by.require(org_id, "owner")
    changed = Invitation.objects.for_org(org_id).filter(id=invitation_id, accepted_at=None, revoked_at=None)
    if not changed.update(revoked_at=now()):
        raise NotFound(said("There is no open invitation here."))
    audit.record(
        org_id=org_id,
        by=by,
        action="people.invitation_revoked",
        subject_type="invitation",
        subject_id=invitation_id,
    )


@transaction.atomic
def accept_invitation(*, token: str, user_id: UUID) -> OrgView:
    """Join by a link. The account must own the invited address, or the link would be a bearer key to roles."""
    view = queries.open_invitation(token)
    if not queries.owns_address(user_id, view.email):
        raise Forbidden(
            said(
                "This invitation is for {invited}; you are signed in as {present}.",
                invited=view.email,
                present=User.objects.get(id=user_id).email,
            ),
            mend=said("Sign in with the invited address, or ask for an invitation to yours."),
        )
    Invitation.objects.for_org(view.org_id).filter(id=view.id).update(accepted_at=now())
    member, made = Membership.objects.for_org(view.org_id).get_or_create(
        user_id=user_id, defaults={"org_id": view.org_id, "roles": list(view.roles), "created_at": now()}
    )
    if not made:
        member.roles = clean_roles([*member.roles, *view.roles])
        member.state = "active"
        member.save(update_fields=["roles", "state"])
    audit.record(
        org_id=view.org_id,
        by=Actor("user", user_id, view.org_id),
        action="people.joined",
        subject_type="membership",
        subject_id=member.id,
        data={"roles": list(member.roles)},
    )
    return queries.organisation(view.org_id)


@transaction.atomic
def join_with_new_account(*, token: str, name: str, password: str) -> tuple[UUID, OrgView]:
    """Make an account for the invited address, which the link has proven, and join with it."""
    view = queries.open_invitation(token)
    user_id = create_proven_account(email=view.email, name=name, password=password)
    return user_id, accept_invitation(token=token, user_id=user_id)


def _other_owner_exists(org_id: UUID, member_id: UUID) -> bool:
    rows = Membership.objects.for_org(org_id).filter(state="active").exclude(id=member_id)
    return any("owner" in row.roles for row in rows)


@transaction.atomic
def change_roles(*, by: Actor, org_id: UUID, member_id: UUID, roles: list[str]) -> None:
    by.require(org_id, "owner")
    row = Membership.objects.for_org(org_id).select_for_update().filter(id=member_id).first()
    if row is None:
        raise NotFound(said("There is no such member."))
    wanted = clean_roles(roles)
    if "owner" in row.roles and "owner" not in wanted and not _other_owner_exists(org_id, member_id):
        raise Conflict(
            said("This is the only owner."), field="roles", mend=said("Make somebody else an owner first.")
        )
    before, row.roles = list(row.roles), wanted
    row.save(update_fields=["roles"])
    audit.record(
        org_id=org_id,
        by=by,
        action="people.roles_changed",
        subject_type="membership",
        subject_id=member_id,
        data={"from": before, "to": wanted},
    )


@transaction.atomic
def set_member_state(*, by: Actor, org_id: UUID, member_id: UUID, state: str) -> None:
    by.require(org_id, "owner")
    row = Membership.objects.for_org(org_id).select_for_update().filter(id=member_id).first()
    if row is None:
        raise NotFound(said("There is no such member."))
    MEMBERSHIP.check(row.state, state)
    if state == "suspended" and "owner" in row.roles and not _other_owner_exists(org_id, member_id):
        raise Conflict(said("This is the only owner."), mend=said("Make somebody else an owner first."))
    row.state = state
    row.save(update_fields=["state"])
    audit.record(
        org_id=org_id, by=by, action=f"people.member_{state}", subject_type="membership", subject_id=member_id
    )


@transaction.atomic
def create_api_key(
    *, by: Actor, org_id: UUID, name: str, scopes: list[str], expires_at: datetime | None = None
) -> tuple[ApiKeyView, str]:
    """An API key; the secret is returned once and only its hash is kept."""
    by.require(org_id, "owner")
    if by.kind == "key":
        raise Forbidden(said("A key cannot make keys."), mend=said("Make it in the browser."))
    if expires_at is not None and expires_at <= now():
        raise Invalid(
            said("The end of the key lies in the past."), field="expires_at", mend=said("Choose a later day.")
        )
    prefix = new_token()[:10].replace("-", "x").replace("_", "y")
    secret = f"gm_{prefix}.{new_token()}"
    row = ApiKey.objects.create(
        org_id=org_id,
        name=clean_name(name, limit=80),
        prefix=prefix,
        secret_hash=token_hash(secret),
        scopes=clean_scopes(scopes),
        created_by=by.id,
        created_at=now(),
        expires_at=expires_at,
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="people.api_key_created",
        subject_type="api_key",
        subject_id=row.id,
        data={"scopes": row.scopes},
    )
    return next(view for view in queries.api_keys(org_id) if view.id == row.id), secret


@transaction.atomic
def revoke_api_key(*, by: Actor, org_id: UUID, key_id: UUID) -> None:
    by.require(org_id, "owner")
    if not ApiKey.objects.for_org(org_id).filter(id=key_id, revoked_at=None).update(revoked_at=now()):
        raise NotFound(said("There is no such active key."))
    audit.record(
        org_id=org_id, by=by, action="people.api_key_revoked", subject_type="api_key", subject_id=key_id
    )


@transaction.atomic
def ensure_learner(*, by: Actor, org_id: UUID, email: str, name: str) -> LearnerView:
    """The learner with this address, made if there is none. An existing learner keeps the name."""
    address = clean_email(email)
    existing = Learner.objects.for_org(org_id).filter(email=address).first()
    if existing is not None:
        return queries.learner_view(existing)
    owner = (
        EmailAddress.objects.filter(email__iexact=address, verified=True)
        .values_list("user_id", flat=True)
        .first()
    )
    try:
        with transaction.atomic():
            row = Learner.objects.create(
                org_id=org_id, email=address, name=clean_name(name), user_id=owner, created_at=now()
            )
    except IntegrityError:
        return queries.learner_view(Learner.objects.for_org(org_id).get(email=address))
    audit.record(
        org_id=org_id, by=by, action="people.learner_added", subject_type="learner", subject_id=row.id
    )
    return queries.learner_view(row)


@transaction.atomic
def ensure_learners(*, by: Actor, org_id: UUID, people: Mapping[str, str]) -> dict[str, LearnerView]:
    """The learners with these addresses (to names), made where there are none; those there keep their names.

    Addresses must be clean already (:func:`policies.clean_email`), so that the answer has the same keys.
    """
    found = queries.learners_by_email(org_id, list(people))
    missing = {email: name for email, name in people.items() if email not in found}
    if not missing:
        return found
    owners = {
        email.lower(): user_id
        for email, user_id in EmailAddress.objects.filter(
            email__anyof=set(missing), verified=True
        ).values_list("email", "user_id")
    }
    moment = now()
    rows = [
        (uuid7(), org_id, email, clean_name(name), owners.get(email), moment)
        for email, name in sorted(missing.items())
    ]
    columns = ("id", "org_id", "email", "name", "user_id", "created_at")
    try:
        with transaction.atomic():
            bulk.insert(Learner, columns, rows)
        made = {row[2]: LearnerView(*row[:5]) for row in rows}
    except IntegrityError:
        # Somebody adds one of them at the same time: what is there stays.
        bulk.insert(Learner, columns, rows, ignore_conflicts=True)
        made = queries.learners_by_email(org_id, list(missing))
    audit.record(
        org_id=org_id,
        by=by,
        action="people.learners_added",
        subject_type="organisation",
        subject_id=org_id,
        data={"count": len(rows)},
    )
    return found | made


@transaction.atomic
def change_learner(*, by: Actor, org_id: UUID, learner_id: UUID, name: str, email: str) -> LearnerView:
    """Correct a learner's name or address. Issued credentials keep what was signed."""
    row = Learner.objects.for_org(org_id).select_for_update().filter(id=learner_id).first()
    if row is None:
        raise NotFound(said("There is no such learner."))
    if by.kind != "learner" or by.id != learner_id:
        by.require(org_id, "registrar")
    address = clean_email(email)
    if Learner.objects.for_org(org_id).filter(email=address).exclude(id=learner_id).exists():
        raise Conflict(
            said("Another learner has the address {address}.", address=address),
            field="email",
            mend=said("Use that learner's record."),
        )
    if address != row.email:
        owner = EmailAddress.objects.filter(email__iexact=address, verified=True).values_list(
            "user_id", flat=True
        )
        row.user_id = owner.first()
    row.name, row.email = clean_name(name), address
    row.save()
    audit.record(
        org_id=org_id, by=by, action="people.learner_changed", subject_type="learner", subject_id=row.id
    )
    return queries.learner_view(row)


def adopt_learners(user_id: UUID) -> int:
    """Tie the learner records of a person's proven addresses to their account; returns how many."""
    addresses = EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
    rows = Learner.objects.across_orgs("the addresses that one person has proven")
    return rows.filter(email__in=[address.lower() for address in addresses], user_id=None).update(
        user_id=user_id
    )
