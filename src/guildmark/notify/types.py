"""What other rooms see of outgoing mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class MailView:
    """One message. ``state`` is queued, sent or failed; ``last_error`` says why the last try did not succeed.

    ``bound`` marks a message whose link belongs to its address: it cannot be sent to another one.
    """

    id: UUID
    org_id: UUID
    kind: str
    to: str
    subject: str
    state: str
    attempts: int
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    bound: bool
    subject_type: str
    subject_id: str


@dataclass(frozen=True)
class MailTest:
    """The outcome of a test message: whether the server took it, and its words."""

    ok: bool
    words: str
