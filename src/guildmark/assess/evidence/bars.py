"""What this room reads of the written standards: the version that is the bar now, or was when it was agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.kernel.problems import Conflict


def version(org_id: UUID, version_id: UUID) -> VersionView:
    return design.version(org_id, version_id)


def versions(org_id: UUID, ids: Iterable[UUID]) -> dict[UUID, VersionView]:
    return design.versions_by_id(org_id, ids)


def published(org_id: UUID, achievement_id: UUID) -> VersionView:
    """The newest published version of an achievement; Conflict while there is none."""
    achievement = design.achievement(org_id, achievement_id)
    if achievement.published_id is None:
        raise Conflict(
            f"“{achievement.title}” has no published standard yet.",
            mend="Publish it first: learners must know the bar before they work towards it.",
        )
    return design.version(org_id, achievement.published_id)
