"""What this room reads of the written standards: the version that is the bar now, or was when it was agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from guildmark.design import queries as design
from guildmark.design.types import Change, VersionView, Window
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict
from guildmark.kernel.words import padded_day, said


def version(org_id: UUID, version_id: UUID) -> VersionView:
    return design.version(org_id, version_id)


def versions(org_id: UUID, ids: Iterable[UUID]) -> dict[UUID, VersionView]:
    return design.versions_by_id(org_id, ids)


def present(org_id: UUID, achievement_id: UUID) -> VersionView | None:
    """The version of an achievement that is in force, or None while there is none."""
    published_id = design.achievement(org_id, achievement_id).published_id
    return design.version(org_id, published_id) if published_id else None


def window(version: VersionView) -> Window:
    """Until when those who agreed to this version are judged by it."""
    return design.window(version)


def ensure_counts(version: VersionView) -> None:
    """Conflict once the window of an agreed version has ended: the newer bar has to be read first (C9)."""
    found = design.window(version)
    if found.until is not None and found.ended(now()):
        raise Conflict(
            said(
                "Version {number} counted until {day}, {time} UTC.",
                number=version.number,
                day=padded_day(found.until),
                time=f"{found.until:%H:%M}",
            ),
            mend=said(
                "Read version {number} and agree to it; what you prepared is carried on.", number=found.number
            ),
        )


def published(org_id: UUID, achievement_id: UUID) -> VersionView:
    """The version of an achievement that is in force; Conflict while there is none."""
    achievement = design.achievement(org_id, achievement_id)
    if achievement.published_id is None:
        raise Conflict(
            said("“{title}” has no published standard yet.", title=achievement.title),
            mend=said("Publish it first: learners must know the bar before they work towards it."),
        )
    return design.version(org_id, achievement.published_id)


def changes(old: VersionView, new: VersionView) -> Change:
    """What became different from the bar that was agreed to."""
    return design.changes_between(old, new)
