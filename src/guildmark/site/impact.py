"""Counting the people behind versions of a standard for the publish page: holders and learners, from the records."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from guildmark.assess.evidence import queries as evidence
from guildmark.design.impact import Impact, register
from guildmark.issue import queries as issue


@register
def count(org_id: UUID, version_ids: Collection[UUID]) -> Impact:
    agreed = evidence.agreed_counts(org_id, version_ids)
    return Impact(issue.holders(org_id, version_ids), agreed.learners, agreed.waiting)
