"""What other rooms see of enrolments, submissions, ratings and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Outcome = Literal["passed", "not_passed"]


@dataclass(frozen=True)
class EvidenceItemView:
    """One stored piece of evidence. ``sha256`` (hex) is over the stored bytes: file, text or snapshot."""

    id: UUID
    requirement_id: str
    kind: str
    title: str
    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    source_url: str
    received_at: datetime


@dataclass(frozen=True)
class ResultView:
    """The decided level of one criterion, counted from 1."""

    criterion_id: str
    level: int
    level_label: str
    rationale: str


@dataclass(frozen=True)
class DecisionView:
    """A decision with everything that a credential needs to tell it."""

    id: UUID
    org_id: UUID
    submission_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    outcome: Outcome
    decided_by: UUID
    decided_at: datetime
    submitted_at: datetime
    assessed_at: datetime
    acknowledged_at: datetime
    acknowledged_hash: str
    attempt: int
    results: tuple[ResultView, ...]
    evidence: tuple[EvidenceItemView, ...]
    judges: int
    judge_roles: tuple[str, ...]
    weaknesses: tuple[str, ...]
    feedback: str
