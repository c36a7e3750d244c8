"""Reads of people and organisations."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress

from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import token_hash
from guildmark.kernel.problems import Gone, NotFound, Unauthenticated
from guildmark.kernel.words import said
from guildmark.people.models import ApiKey, Invitation, Learner, Membership, Organisation, User
from guildmark.people.policies import clean_email, clean_name
from guildmark.people.types import (
    SCOPE_ROLES,
    ApiKeyView,
    InvitationView,
    LearnerView,
    MemberView,
    OrgView,
)

ENDED = {
    "accepted": (said("This invitation was used already."), said("Sign in to get to work.")),
    "revoked": (
        said("This invitation was withdrawn."),
        said("Open the link of the latest mail, or ask for a new invitation."),
    ),
    "expired": (said("This invitation has expired."), said("Ask the organisation for a new one.")),
}


def org_view(row: Organisation) -> OrgView:
    return OrgView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        url=row.url,
        email=row.email,
        description=row.description,
        country=row.country,
        state=row.state,
        created_at=row.created_at,
    )


def organisation(org_id: UUID) -> OrgView:
    row = Organisation.objects.filter(id=org_id).first()
    if row is None:
        raise NotFound(said("There is no such organisation."))
    return org_view(row)


def organisation_by_slug(slug: str) -> OrgView:
    row = Organisation.objects.filter(slug=slug).first()
    if row is None:
        raise NotFound(said("There is no such organisation."))
    return org_view(row)


def organisations() -> list[OrgView]:
    """Every organisation of the installation, oldest first."""
    return [org_view(row) for row in Organisation.objects.order_by("created_at", "id")]


def is_set_up() -> bool:
    """True once the first organisation exists."""
    return Organisation.objects.exists()


def organisations_of(user_id: UUID) -> list[tuple[OrgView, tuple[str, ...]]]:
    """The organisations in which a person is an active member, with their roles."""
    rows = Membership.objects.across_orgs("a person's own memberships").filter(
        user_id=user_id, state="active"
    )
    found = {row.org_id: tuple(row.roles) for row in rows}
    orgs = Organisation.objects.filter(id__in=found).order_by("name")
    return [(org_view(org), found[org.id]) for org in orgs]


def member_of(user_id: UUID, org_slug: str) -> tuple[OrgView, Actor]:
    """The organisation and the actor that a person is in it; NotFound for anybody else."""
    missing = NotFound(said("There is nothing at this address, or it belongs to another organisation."))
    org = Organisation.objects.filter(slug=org_slug).first()
    if org is None:
        raise missing
    row = (
        Membership.objects.for_org(org.id)
        .select_related("user")
        .filter(user_id=user_id, state="active")
        .first()
    )
    if row is None:
        raise missing
    actor = Actor("user", row.user_id, org.id, frozenset(row.roles), row.user.name or row.user.email)
    return org_view(org), actor


def actor_in(user_id: UUID, org_id: UUID) -> Actor | None:
    """The actor that a person is in an organisation, or None when they are no active member."""
    row = (
        Membership.objects.for_org(org_id)
        .select_related("user")
        .filter(user_id=user_id, state="active")
        .first()
    )
    if row is None:
        return None
    return Actor("user", row.user_id, org_id, frozenset(row.roles), row.user.name or row.user.email)


def actor_for_key(secret: str) -> Actor:
    """The actor behind an API key; Unauthenticated for a wrong, ended or revoked one."""
    refused = Unauthenticated(
        said("This API key is not valid."), mend=said("Make a new key under Settings, API keys.")
    )
    prefix = secret.split(".", 1)[0].removeprefix("gm_")
    if not prefix.isalnum():
        raise refused
    row = ApiKey.objects.across_orgs("an API key names its organisation").filter(prefix=prefix).first()
    if row is None or row.secret_hash != token_hash(secret):
        raise refused
    moment = now()
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= moment):
        raise refused
    if row.last_used_at is None or abs(moment - row.last_used_at) > timedelta(minutes=5):
        ApiKey.objects.for_org(row.org_id).filter(id=row.id).update(last_used_at=moment)
    roles = frozenset(role for scope, role in SCOPE_ROLES.items() if scope in row.scopes)
    return Actor("key", row.id, row.org_id, roles, f"API key {row.name}", frozenset(row.scopes))


def members(org_id: UUID) -> list[MemberView]:
    rows = Membership.objects.for_org(org_id).select_related("user").order_by("created_at", "id")
    return [
        MemberView(
            row.id, row.user_id, row.user.email, row.user.name, tuple(row.roles), row.state, row.created_at
        )
        for row in rows
    ]


def member(org_id: UUID, member_id: UUID) -> MemberView:
    found = [view for view in members(org_id) if view.id == member_id]
    if not found:
        raise NotFound(said("There is no such member."))
    return found[0]


def has_account(email: str) -> bool:
    """Whether an account has this address. Only for somebody who has proven the address, such as by a link."""
    return User.objects.filter(email=email).exists()


def owns_address(user_id: UUID, email: str) -> bool:
    """Whether the address is the sign-in address of the account, or a proven one of it."""
    if User.objects.filter(id=user_id, email=email).exists():
        return True
    return EmailAddress.objects.filter(user_id=user_id, email__iexact=email, verified=True).exists()


#: What somebody is called of whom the organisation knows nothing any more.
FORMER = said("a former member")


def member_label(org_id: UUID, user_id: UUID) -> str:
    """How a member is called inside the organisation; a former member is called so."""
    row = Membership.objects.for_org(org_id).select_related("user").filter(user_id=user_id).first()
    return (row.user.name or row.user.email) if row else FORMER


def member_labels(org_id: UUID) -> dict[UUID, str]:
    """How each member is called, by account, in one query; for anybody else it is :data:`FORMER`."""
    return {view.user_id: view.name or view.email for view in members(org_id)}


def members_with_role(org_id: UUID, role: str) -> list[MemberView]:
    return [m for m in members(org_id) if m.state == "active" and (role in m.roles or "owner" in m.roles)]


def invitation_view(row: Invitation) -> InvitationView:
    if row.accepted_at:
        state = "accepted"
    elif row.revoked_at:
        state = "revoked"
    else:
        state = "expired" if row.expires_at <= now() else "open"
    return InvitationView(
        row.id, row.org_id, row.email, tuple(row.roles), state, row.created_at, row.expires_at
    )


def invitations(org_id: UUID) -> list[InvitationView]:
    return [invitation_view(row) for row in Invitation.objects.for_org(org_id).order_by("-created_at")]


def open_invitation(token: str) -> InvitationView:
    """The invitation behind a link; NotFound for an unknown one, Gone with the reason for an ended one."""
    rows = Invitation.objects.across_orgs("an invitation link names its organisation")
    row = rows.filter(token_hash=token_hash(token)).first()
    if row is None:
        raise NotFound(
            said("This invitation is not known."), mend=said("Open the link from the latest e-mail.")
        )
    view = invitation_view(row)
    if view.state != "open":
        raise Gone(*ENDED[view.state])
    return view


def invitation_used_by(token: str, user_id: UUID) -> bool:
    """Whether the invitation behind a link was accepted and this person is a member of its organisation."""
    rows = Invitation.objects.across_orgs("an invitation link names its organisation")
    row = rows.filter(token_hash=token_hash(token)).exclude(accepted_at=None).first()
    return row is not None and actor_in(user_id, row.org_id) is not None


def api_keys(org_id: UUID) -> list[ApiKeyView]:
    moment = now()
    views = []
    for row in ApiKey.objects.for_org(org_id).order_by("-created_at"):
        ended = row.expires_at is not None and row.expires_at <= moment
        state = "revoked" if row.revoked_at else "expired" if ended else "active"
        views.append(
            ApiKeyView(
                row.id,
                row.name,
                row.prefix,
                tuple(row.scopes),
                state,
                row.created_at,
                row.last_used_at,
                row.expires_at,
            )
        )
    return views


def learner_view(row: Learner) -> LearnerView:
    return LearnerView(row.id, row.org_id, row.email, row.name, row.user_id)


def learner(org_id: UUID, learner_id: UUID) -> LearnerView:
    row = Learner.objects.for_org(org_id).filter(id=learner_id).first()
    if row is None:
        raise NotFound(said("There is no such learner."))
    return learner_view(row)


def cleaned(email: str, name: str) -> tuple[str, str]:
    """An address and a name as they would be kept; Invalid when they cannot be."""
    return clean_email(email), clean_name(name)


#: Addresses that are looked up at once.
_AT_ONCE = 2_000


def learners_by_email(org_id: UUID, emails: list[str]) -> dict[str, LearnerView]:
    """The learners who have one of these addresses (trimmed, lower case, NFC)."""
    found: dict[str, LearnerView] = {}
    for at in range(0, len(emails), _AT_ONCE):
        rows = Learner.objects.for_org(org_id).filter(email__anyof=set(emails[at : at + _AT_ONCE]))
        plain = rows.values_list("id", "org_id", "email", "name", "user_id")
        found |= {row[2]: LearnerView(*row) for row in plain}
    return found


def learners(org_id: UUID, ids: list[UUID] | None = None) -> dict[UUID, LearnerView]:
    rows = Learner.objects.for_org(org_id)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return {row.id: learner_view(row) for row in rows}


def learner_by_email(org_id: UUID, email: str) -> LearnerView | None:
    row = Learner.objects.for_org(org_id).filter(email=email.strip().lower()).first()
    return learner_view(row) if row else None


def learners_of_user(user_id: UUID) -> list[LearnerView]:
    """The learner records, over all organisations, that belong to one account."""
    rows = Learner.objects.across_orgs("a person's own learner records").filter(user_id=user_id)
    return [learner_view(row) for row in rows.order_by("created_at")]


def user_label(user_id: UUID) -> str:
    row = User.objects.filter(id=user_id).first()
    return row.get_full_name() if row else ""


def verified_addresses(user_id: UUID) -> list[str]:
    """The addresses that a person has proven, the primary one first, in lower case."""
    rows = EmailAddress.objects.filter(user_id=user_id, verified=True).order_by("-primary", "id")
    return [email.lower() for email in rows.values_list("email", flat=True)]


def person_behind(by: Actor, org_id: UUID, *roles: str) -> UUID | None:
    """Who answers for what an actor does: the user, or whoever made the API key and still has one of ``roles``."""
    if by.kind == "user":
        return by.id
    maker = api_key_maker(org_id, by.id) if by.kind == "key" and by.id else None
    standing = actor_in(maker, org_id) if maker else None
    return maker if standing is not None and standing.has(*roles) else None


def api_key_maker(org_id: UUID, key_id: UUID) -> UUID | None:
    """The member who made an API key, and so answers for what is done with it."""
    row = ApiKey.objects.for_org(org_id).filter(id=key_id).first()
    return row.created_by if row else None
