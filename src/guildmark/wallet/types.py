"""What the wallet shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildmark.design.passport import Passport
from guildmark.issue.types import CredentialView, StatusNow
from guildmark.people.types import OrgView


@dataclass(frozen=True)
class ClaimLinkView:
    """A mailed link to one credential. ``state`` is open, claimed, expired or revoked."""

    id: UUID
    org_id: UUID
    public_id: UUID
    learner_id: UUID
    email: str
    state: str
    created_at: datetime
    expires_at: datetime
    claimed_at: datetime | None


@dataclass(frozen=True)
class EvidenceChoice:
    """One piece of evidence named by the credential, and whether outsiders may open it."""

    id: str
    title: str
    digest: str
    shown: bool


@dataclass(frozen=True)
class Holding:
    """A credential as its holder sees it. ``share_url`` works for outsiders now; empty when nothing does.

    ``bridge_path`` leads to what is still to be shown for the version in force, where a bridge is open.
    """

    credential: CredentialView
    org: OrgView
    status: StatusNow
    claim: str
    evidence: tuple[EvidenceChoice, ...]
    share_url: str
    share_token: str
    passport: Passport | None = None
    bridge_path: str = ""

    @property
    def suffix(self) -> str:
        """What to append to the addresses of the credential so that they open."""
        return f"?t={self.share_token}" if self.share_token else ""


@dataclass(frozen=True)
class ShelfRow:
    """One line of the shelf."""

    credential: CredentialView
    org_name: str
    verdict: str
