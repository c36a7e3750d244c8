"""What other rooms see of awards, credentials and status lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from guildmark.design.tools import ToolChange
from guildmark.kernel.words import said

Visibility = Literal["public", "private"]


@dataclass(frozen=True)
class CredentialView:
    """An issued credential. ``body`` is the signed JSON as stored: these bytes never change.

    ``state`` is issued, suspended or revoked; expired is computed from ``valid_until``. ``shown_evidence``
    holds the ids of evidence items that the holder shows; all others appear as fingerprints only.
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
    changed_at: datetime | None = None

    @property
    def path(self) -> str:
        return f"/c/{self.public_id}"


@dataclass(frozen=True)
class StatusNow:
    """The state of a credential at this moment: a verdict word of CONTRACTS 1 and the reasons beside it.

    ``warnings`` holds codes such as ``review_overdue``, ``tool_changed`` and ``newer_standard``; ``tool_changes`` what
    stands behind the second. ``changes`` are coming moments at which it will change by itself. ``replacement`` is the public id of the corrected credential when this one is superseded.
    """

    verdict: str
    at: datetime
    reason: str = ""
    changed_at: datetime | None = None
    replacement: UUID | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)
    tool_changes: tuple[ToolChange, ...] = ()
    changes: tuple[datetime, ...] = field(default=(), compare=False)


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
    title: str = ""
    holder_name: str = ""
    supersedes: UUID | None = None


EVENT_WORDS = {
    "issued": said("Issued"),
    "revoked": said("Revoked"),
    "suspended": said("Suspended"),
    "reinstated": said("Reinstated"),
    "superseded": said("Superseded"),
    "correction_begun": said("Correction begun"),
    "claimed": said("Claimed"),
    "disclosure_changed": said("What is shown was changed"),
    "share_link_made": said("A link was made"),
}


@dataclass(frozen=True)
class EventView:
    """One entry of a credential's history; ``by`` is how the actor is called inside the organisation."""

    kind: str
    reason: str
    at: datetime
    by: str

    @property
    def label(self) -> str:
        return EVENT_WORDS[self.kind]


@dataclass(frozen=True)
class CredentialPage:
    """One page of a list: the credentials and how many there are in all."""

    rows: tuple[CredentialView, ...]
    total: int


@dataclass(frozen=True)
class Currency:
    """How many credentials of one standard are valid, and how many of these end within 30 and 90 days."""

    valid: int = 0
    in_30: int = 0
    in_90: int = 0


@dataclass(frozen=True)
class CompletionRow:
    """One line of a list of names: who completed what is recorded, and on which day (ISO 8601)."""

    name: str
    email: str
    date: str


@dataclass(frozen=True)
class CompletionResult:
    """What one line comes to: new, known (there is a record already) or refused, with the reason."""

    line: int
    name: str
    email: str
    outcome: Literal["new", "known", "refused"]
    detail: str = ""
    award_id: UUID | None = None


@dataclass(frozen=True)
class CompletionReport:
    dry_run: bool
    results: tuple[CompletionResult, ...]

    def count(self, outcome: str) -> int:
        return sum(result.outcome == outcome for result in self.results)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def known(self) -> int:
        return self.count("known")

    @property
    def refused(self) -> int:
        return self.count("refused")


@dataclass(frozen=True)
class BatchLine:
    """One line of a list with what was found about it: ready, known or refused."""

    number: int
    name: str
    email: str
    completed_on: date | None
    outcome: str
    detail: str


@dataclass(frozen=True)
class BatchView:
    """A batch: checked, running, paused, done or cancelled. ``fault`` says why a chunk did not get through."""

    id: UUID
    org_id: UUID
    kind: str
    version_id: UUID
    title: str
    filename: str
    state: str
    total: int
    ready: int
    known: int
    refused: int
    chunks: int
    chunks_done: int
    issued: int
    failed: int
    fault: str
    made_by: str
    created_at: datetime
    started_at: datetime | None
    done_at: datetime | None

    @property
    def moves(self) -> bool:
        return self.state == "running"

    @property
    def share(self) -> int:
        """Chunks done, in whole percent."""
        return 100 * self.chunks_done // self.chunks if self.chunks else 0


@dataclass(frozen=True)
class Download:
    """A file form of a credential, ready to be sent."""

    content: bytes
    media_type: str
    filename: str
