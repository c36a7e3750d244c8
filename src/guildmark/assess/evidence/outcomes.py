"""Decisions counted for many versions at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from guildmark.assess.evidence.models import Decision
from guildmark.assess.evidence.types import DecidedCounts, DecidedWorks


def decided_by_version(org_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, DecidedCounts]:
    """How many learners have a decision against each version, and how many passed, in one query; a learner counts once.

    A version without decisions is left out.
    """
    learner = "submission__enrolment_id"
    rows = Decision.objects.for_org(org_id).filter(submission__version_id__in=list(version_ids))
    counted = rows.values("submission__version_id").annotate(
        assessed=Count(learner, distinct=True),
        passed=Count(learner, distinct=True, filter=Q(outcome="passed")),
    )
    return {row["submission__version_id"]: DecidedCounts(row["assessed"], row["passed"]) for row in counted}


def works_by_person(org_id: UUID, version_ids: Collection[UUID], since: datetime) -> dict[UUID, DecidedWorks]:
    """How many works each person decided against these versions from ``since`` on, and how many passed, in one query.

    A further attempt is a work of its own. Who came by a bridge showed a part only and is not counted.
    """
    rows = Decision.objects.for_org(org_id).filter(
        submission__version_id__in=list(version_ids),
        submission__enrolment__bridge_from=None,
        decided_at__gte=since,
    )
    counted = rows.values("decided_by").annotate(
        works=Count("id"), passed=Count("id", filter=Q(outcome="passed"))
    )
    return {row["decided_by"]: DecidedWorks(row["works"], row["passed"]) for row in counted}
