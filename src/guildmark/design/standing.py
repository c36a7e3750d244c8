"""Which version counts at which moment (PRODUCT UP5, C9).

A publication writes down when its version comes into force and when the one before it ends. What is in force is
computed from these moments and the clock, so nothing has to be switched over in time, and any date can be asked about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db.models import Q

SCHEDULED = "scheduled"


class Dated(Protocol):
    """A stored version, as far as its dates go."""

    @property
    def state(self) -> str: ...
    @property
    def effective_at(self) -> datetime | None: ...
    @property
    def superseded_at(self) -> datetime | None: ...


def in_force(at: datetime) -> Q:
    """The rows that are the bar at a moment: one per achievement at most."""
    begun = Q(state__in=["published", "superseded"], effective_at__lte=at)
    return begun & (Q(superseded_at=None) | Q(superseded_at__gt=at))


def is_in_force(row: Dated, at: datetime) -> bool:
    begun = (
        row.state in {"published", "superseded"} and row.effective_at is not None and row.effective_at <= at
    )
    return begun and (row.superseded_at is None or row.superseded_at > at)


def state_at(row: Dated, at: datetime) -> str:
    """draft, scheduled (published, not in force yet), published, superseded or retired, at a moment."""
    if row.state not in {"published", "superseded"}:
        return row.state
    if is_in_force(row, at):
        return "published"
    waiting = row.effective_at is not None and row.effective_at > at
    ends_first = (
        row.superseded_at is not None
        and row.effective_at is not None
        and row.superseded_at <= row.effective_at
    )
    return SCHEDULED if waiting and not ends_first else "superseded"
