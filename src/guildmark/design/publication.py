"""What is so on the day of a publication and may be otherwise later: kept with the version (TV11, M16, DF15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from guildmark.design import claimcheck, queries
from guildmark.design.advisor import queries as advisor
from guildmark.design.advisor.recheck import on_record, recheck
from guildmark.design.models import AchievementVersion, PublicationRecord
from guildmark.design.types import Standard
from guildmark.skills import queries as skills


def record(row: AchievementVersion, standard: Standard, moment: datetime) -> None:
    """Keep what the linter says of the words, which required skills stand beside those that are covered, and what the
    verdict of the advisor is for the standard as it is published (DF15)."""
    PublicationRecord.objects.create(
        org_id=row.org_id,
        version=row,
        wording=claimcheck.report(standard, queries.rules(row.org_id)),
        beside=_beside(row, standard),
        advice=_advice(row, standard),
        made_at=moment,
    )


def _advice(row: AchievementVersion, standard: Standard) -> dict[str, Any] | None:
    found = advisor.of_achievement(row.org_id, row.achievement_id)
    return on_record(recheck(found.answers, standard), found.created_at) if found else None


def _beside(row: AchievementVersion, standard: Standard) -> list[dict[str, Any]]:
    frameworks: dict[str, list[dict[str, str]]] = {}
    for one in skills.neighbours(row.org_id, [link.url for link in standard.alignments]):
        frameworks.setdefault(one.framework_title, []).append({"name": one.name, "uri": one.uri})
    return [{"framework": title, "skills": found} for title, found in frameworks.items()]
