"""What other rooms see of people and organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildmark.kernel.words import marked


@dataclass(frozen=True)
class OrgView:
    """An organisation as an issuer: its address parts, its public words and its state."""

    id: UUID
    slug: str
    name: str
    url: str
    email: str
    description: str
    country: str
    state: str
    created_at: datetime


@dataclass(frozen=True)
class MemberView:
    id: UUID
    user_id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    state: str
    since: datetime

    @property
    def label(self) -> str:
        return self.name or self.email


@dataclass(frozen=True)
class InvitationView:
    """``state`` is open, accepted, revoked or expired, computed at the present moment."""

    id: UUID
    org_id: UUID
    email: str
    roles: tuple[str, ...]
    state: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ApiKeyView:
    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    state: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class LearnerView:
    """A person who is assessed by an organisation; may have no account."""

    id: UUID
    org_id: UUID
    email: str
    name: str
    user_id: UUID | None


#: The roles as people read them, and what each may do, which follows the name.
ROLE_NAMES = {
    "owner": marked("Owner"),
    "designer": marked("Designer"),
    "assessor": marked("Assessor"),
    "registrar": marked("Registrar"),
    "manager": marked("Manager"),
    "auditor": marked("Auditor"),
}
ROLE_WORDS = {
    "owner": marked("invites people and changes roles, settings and keys; may do what the other roles may."),
    "designer": marked("writes standards and publishes them."),
    "assessor": marked("judges submissions against the rubric and decides them."),
    "registrar": marked("enrols learners, issues, corrects and revokes credentials, and looks after mail."),
    "manager": marked("sees progress and numbers, and changes nothing."),
    "auditor": marked("reads everything, with the audit log, and changes nothing."),
}
SCOPES = {
    "standards:read": marked("Read standards and their versions"),
    "standards:write": marked("Write drafts and publish standards"),
    "submissions:read": marked("Read submissions and their evidence"),
    "submissions:write": marked("Enrol learners and hand in work"),
    "decisions:write": marked("Rate and decide submissions"),
    "credentials:read": marked("Read credentials"),
    "credentials:write": marked("Issue, revoke, suspend and correct credentials"),
    "organisation:read": marked("Read the organisation and its members"),
}
SCOPE_ROLES = {
    "standards:write": "designer",
    "decisions:write": "assessor",
    "credentials:write": "registrar",
    "submissions:write": "registrar",
}
