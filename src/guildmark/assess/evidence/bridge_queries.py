"""Reads about bridges: what a holder is offered, and how many hold older versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guildmark.assess.evidence import bars, bridging, queries
from guildmark.assess.evidence.models import BridgeOffer, Decision, Enrolment
from guildmark.assess.evidence.types import BridgeRow, BridgeState
from guildmark.design import queries as design
from guildmark.kernel.clock import add_months, now
from guildmark.kernel.problems import Conflict

NOTHING = BridgeState(offered=False)


def opened(org_id: UUID, achievement_id: UUID) -> bool:
    """Whether holders of older versions may begin a bridge by themselves."""
    rows = BridgeOffer.objects.for_org(org_id).filter(achievement_id=achievement_id, closed_at=None)
    return rows.exists()


def open_bridges(org_id: UUID) -> dict[UUID, datetime]:
    """The standards whose bridge is open, with the moment since when."""
    rows = BridgeOffer.objects.for_org(org_id).filter(closed_at=None)
    return dict(rows.values_list("achievement_id", "opened_at"))


def state(org_id: UUID, decision_id: UUID) -> BridgeState:
    """What the holder of a decision may do about a newer version: begin, go on, or nothing, and why not."""
    base = queries.decision(org_id, decision_id)
    target = bars.present(org_id, base.achievement_id)
    if (
        target is None
        or target.id == base.version_id
        or base.outcome != "passed"
        or queries.passed_since(base)
    ):
        return NOTHING
    found = bridging.plan(base, target)
    numbers: dict[str, Any] = {"earned": found.earned.number, "current": target.number}
    begun = (
        Enrolment.objects.for_org(org_id).filter(bridge_from_id=decision_id).order_by("-created_at").first()
    )
    if begun is not None and (begun.version_id in {None, target.id} or begun.state == "acknowledged"):
        return BridgeState(False, begun.id, **numbers, under_way=begun.state in {"enrolled", "acknowledged"})
    try:
        bridging.ensure_possible(found)
    except Conflict as refusal:
        return BridgeState(False, None, **numbers, refusal=refusal.detail)
    return BridgeState(opened(org_id, base.achievement_id), None, **numbers)


def passed_decision(org_id: UUID, enrolment_id: UUID) -> UUID | None:
    """The decision that ended an enrolment with a pass, or None."""
    rows = Decision.objects.for_org(org_id).filter(outcome="passed", submission__enrolment_id=enrolment_id)
    return rows.values_list("id", flat=True).first()


def rows(org_id: UUID) -> list[BridgeRow]:
    """The standards with holders of an older bar, by title, each with how many learners these are."""
    present = {one.id: one for one in design.achievements(org_id) if one.published_id}
    older = {
        achievement_id: found
        for achievement_id, found in design.older_majors(org_id).items()
        if achievement_id in present
    }
    if not older:
        return []
    wanted = [version_id for ids in older.values() for version_id in ids]
    counted = (
        _holders(org_id, wanted)
        .values("submission__enrolment__achievement_id")
        .annotate(n=Count("submission__enrolment__learner_id", distinct=True))
    )
    counts = {row["submission__enrolment__achievement_id"]: row["n"] for row in counted}
    offers = BridgeOffer.objects.for_org(org_id).filter(closed_at=None)
    since = {row.achievement_id: row.opened_at for row in offers}
    made = [
        BridgeRow(one, present[one].title, present[one].published_number, counts.get(one, 0), since.get(one))
        for one in older
    ]
    return sorted((row for row in made if row.holders or row.opened_at), key=lambda row: row.title.casefold())


def holders(org_id: UUID, achievement_id: UUID) -> Iterator[tuple[UUID, UUID]]:
    """Learner and enrolment of everybody who passed an older bar only, each learner once."""
    ids = design.older_majors(org_id).get(achievement_id, [])
    seen: set[UUID] = set()
    found = _holders(org_id, ids).order_by("-decided_at", "-id")
    for learner_id, enrolment_id in found.values_list(
        "submission__enrolment__learner_id", "submission__enrolment_id"
    ):
        if learner_id not in seen:
            seen.add(learner_id)
            yield learner_id, enrolment_id


def _holders(org_id: UUID, version_ids: list[UUID]) -> QuerySet[Decision]:
    """Passed decisions that count, under one of these versions and within its period, of learners who have passed no
    other version since.
    """
    passed = Decision.objects.for_org(org_id).filter(outcome="passed", set_aside_at=None)
    newer = passed.filter(
        submission__enrolment__learner_id=OuterRef("submission__enrolment__learner_id"),
        submission__enrolment__achievement_id=OuterRef("submission__enrolment__achievement_id"),
    ).exclude(submission__version_id__in=version_ids)
    young = Q(pk=None)
    for version in bars.versions(org_id, version_ids).values():
        months = version.standard.validity_months
        since = Q(decided_at__gt=add_months(now(), -months)) if months else Q()
        young |= Q(submission__version_id=version.id) & since
    return passed.filter(young).exclude(Exists(newer))
