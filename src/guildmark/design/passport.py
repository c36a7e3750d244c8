"""What became of a version since it was earned: the present one, the differences, and the bridge (PRODUCT M14, UP9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guildmark.design import comparing, diffs, queries, versions
from guildmark.design.bridge import Bridge, bridge
from guildmark.design.types import VersionView


@dataclass(frozen=True)
class Passport:
    """``earned`` is the version of a credential, ``current`` the one in force; ``rows`` are the changes that reach the bar.

    ``smaller`` counts the others. ``url`` leads to the public comparison.
    """

    earned: VersionView
    current: VersionView
    forces: str
    summary: str
    rows: tuple[diffs.Row, ...]
    smaller: int
    bridge: Bridge
    url: str

    def as_json(self) -> dict[str, Any]:
        return {
            "earned": self.earned.number,
            "current": self.current.number,
            "forces": self.forces,
            "changed": [row.where for row in self.rows],
            "bridge": self.bridge.as_json(),
            "comparison": self.url,
        }


def passport(org_id: UUID, version_id: UUID, levels: Mapping[str, int] | None = None) -> Passport | None:
    """How the version with this id differs from the one in force; None when it is in force itself or nothing follows it.

    ``levels`` are the results of one holder by criterion: with them the bridge is theirs.
    """
    earned = queries.version(org_id, version_id)
    current_id = queries.achievement(org_id, earned.achievement_id).published_id
    if current_id is None or current_id == earned.id:
        return None
    current = queries.version(org_id, current_id)
    if _place(current) < _place(earned):
        return None
    change = versions.compare(earned.standard, current.standard)
    found = diffs.rows(change, earned.standard, current.standard)
    return Passport(
        earned,
        current,
        change.forces,
        diffs.SUMMARY[change.forces],
        tuple(row for row in found if row.forces == "major"),
        sum(row.forces != "major" for row in found),
        bridge(earned.standard, current.standard, levels),
        comparing.public_path(earned, current),
    )


def _place(view: VersionView) -> tuple[int, ...]:
    return tuple(int(part) for part in view.number.split("."))
