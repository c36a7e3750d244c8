"""Whom a new version touches: told by the rooms above, which know holders and learners and this room does not.

The site registers who can count; without it the publish page says nothing about people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Impact:
    """``holders`` have a credential of one of the versions that is neither revoked nor expired; ``learners`` agreed to
    one of them and have no decision yet, ``waiting`` of these have handed in.
    """

    holders: int
    learners: int
    waiting: int


Counter = Callable[[UUID, Collection[UUID]], Impact]
_counters: list[Counter] = []


def register(counter: Counter) -> Counter:
    """Let ``counter(org_id, version_ids)`` answer from now on; the last one registered does."""
    _counters[:] = [counter]
    return counter


def of_versions(org_id: UUID, version_ids: Collection[UUID]) -> Impact | None:
    """Whom these versions concern now; None where nobody can count."""
    return _counters[0](org_id, version_ids) if _counters and version_ids else None
