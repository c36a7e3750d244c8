"""How many learners were decided against a version: told by the room above, which has the decisions and this one has not.

The site registers who can count; without it a page says that no decisions are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Outcomes:
    """Learners with a decision, and those of them who passed; a learner counts once."""

    decided: int = 0
    passed: int = 0


Counter = Callable[[UUID, Collection[UUID]], Mapping[UUID, Outcomes]]
_counters: list[Counter] = []


def register(counter: Counter) -> Counter:
    """Let ``counter(org_id, version_ids)`` answer from now on; the last one registered does."""
    _counters[:] = [counter]
    return counter


def of_versions(org_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, Outcomes]:
    """Outcomes by version; none decided where nobody can count."""
    known = _counters[0](org_id, version_ids) if _counters and version_ids else {}
    return {one: known.get(one, Outcomes()) for one in version_ids}
