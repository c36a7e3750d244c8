"""What other rooms see of awards, credentials and status lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Visibility = Literal["public", "private"]


@dataclass(frozen=True)
class CredentialView:
    """An issued credential. ``body`` is the signed JSON as stored: these bytes never change.

    ``state`` is issued, suspended or revoked; expired is computed from ``valid_until``. ``shown_evidence`` holds
    the ids of evidence items that the holder shows; all others appear as fingerprints only.
    """

    id: UUID
    public_id: UUID
    org_id: UUID
    award_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    signal: str
    title: str
    holder_name: str
    holder_email: str
    human_code: str
    body: bytes
    body_sha256: str
    state: str
    reason: str
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    supersedes: UUID | None
    superseded_by: UUID | None
    visibility: Visibility
    shown_evidence: frozenset[str]
    shown_name: bool
    status_epoch: int
    claimed_at: datetime | None

    @property
    def path(self) -> str:
        return f"/c/{self.public_id}"


@dataclass(frozen=True)
class StatusNow:
    """The state of a credential at this moment: a verdict word of CONTRACTS 1 and the reasons beside it.

    ``warnings`` holds codes such as ``review_overdue`` and ``newer_standard``; ``replacement`` the public id of
    the corrected credential when this one is superseded.
    """

    verdict: str
    at: datetime
    reason: str = ""
    changed_at: datetime | None = None
    replacement: UUID | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class AwardView:
    id: UUID
    org_id: UUID
    learner_id: UUID
    version_id: UUID
    decision_id: UUID | None
    signal: str
    state: str
    created_at: datetime
    credential_id: UUID | None
    error: str
