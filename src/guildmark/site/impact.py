"""Counting the people behind versions of a standard for pages of the design room: holders, learners, decisions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.outcomes import decided_by_version, works_by_person
from guildmark.design.advisor.happened import Judged
from guildmark.design.advisor.happened import register as register_happened
from guildmark.design.impact import Impact, register
from guildmark.design.stacks.history import Outcomes
from guildmark.design.stacks.history import register as register_history
from guildmark.issue import queries as issue


@register
def count(org_id: UUID, version_ids: Collection[UUID]) -> Impact:
    agreed = evidence.agreed_counts(org_id, version_ids)
    return Impact(issue.holders(org_id, version_ids), agreed.learners, agreed.waiting)


@register_history
def outcomes(org_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, Outcomes]:
    """Decisions behind versions, for the page that promotes a stack."""
    found = decided_by_version(org_id, version_ids)
    return {version: Outcomes(counts.assessed, counts.passed) for version, counts in found.items()}


@register_happened
def judged(org_id: UUID, version_ids: Collection[UUID], since: datetime) -> Judged:
    """Decisions and holders behind versions, for what the advisor shows beside its four questions."""
    found = works_by_person(org_id, version_ids, since)
    works = {person: counts.works for person, counts in found.items()}
    passed = sum(counts.passed for counts in found.values())
    return Judged(works, passed, issue.holders(org_id, version_ids))
