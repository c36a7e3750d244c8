"""The bridge: opened to holders of older versions, begun by one of them, closed; and decisions that no longer count."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import bars, bridging, events, policies, queries, views
from guildmark.assess.evidence.models import BridgeOffer, Decision, Enrolment
from guildmark.assess.evidence.types import EnrolmentView
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.words import said

KEEPERS = ("registrar", "designer")


@transaction.atomic
def open_bridge(*, by: Actor, org_id: UUID, achievement_id: UUID) -> None:
    """Let holders of older versions show what changed, and tell them by mail. Opening it twice tells nobody twice."""
    by.require(org_id, *KEEPERS)
    present = bars.published(org_id, achievement_id)
    try:
        with transaction.atomic():
            row = BridgeOffer.objects.create(
                org_id=org_id, achievement_id=achievement_id, opened_by=by.id, opened_at=now()
            )
    except IntegrityError:
        return
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.bridge_opened",
        subject_type="achievement",
        subject_id=achievement_id,
        data={"version": str(present.id)},
    )
    outbox.emit(
        org_id, events.BRIDGE_OPENED, {"offer_id": str(row.id), "achievement_id": str(achievement_id)}
    )


@transaction.atomic
def close_bridge(*, by: Actor, org_id: UUID, achievement_id: UUID) -> None:
    """Nobody begins a bridge any more; who has begun goes on."""
    by.require(org_id, *KEEPERS)
    bars.present(org_id, achievement_id)
    rows = BridgeOffer.objects.for_org(org_id).select_for_update()
    row = rows.filter(achievement_id=achievement_id, closed_at=None).first()
    if row is None:
        raise NotFound(said("No bridge is open here."))
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.bridge_closed",
        subject_type="achievement",
        subject_id=achievement_id,
    )


@transaction.atomic
def begin_bridge(*, by: Actor, org_id: UUID, decision_id: UUID) -> EnrolmentView:
    """Enrol the holder of a passed decision for what changed since; beginning twice gives the same enrolment.

    By the learner while the bridge is open, or by the registrar for one learner at any time. Conflict when nothing can
    or need be shown, and when a bridge to the version in force was not passed already.
    """
    row = Decision.objects.for_org(org_id).select_for_update().filter(id=decision_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    base = queries.decision(org_id, decision_id)
    _ensure_may_begin(by, org_id, base.learner_id, base.achievement_id)
    found = bridging.plan(base, bars.published(org_id, base.achievement_id))
    earlier = list(Enrolment.objects.for_org(org_id).filter(bridge_from=row).order_by("created_at"))
    for one in earlier:
        if one.state in {"enrolled", "acknowledged"}:
            return views.enrolment_view(one)
    bridging.ensure_possible(found)
    if any(one.version_id == found.target.id for one in earlier):
        raise Conflict(
            said("The bridge to version {number} has ended already.", number=found.target.number),
            mend=said("Ask the organisation about the whole assessment."),
        )
    if queries.passed_since(base):
        raise Conflict(
            said("A newer version has been passed since this one."),
            mend=said("Begin from the newer credential: less has to be shown."),
        )
    enrolment = Enrolment.objects.create(
        org_id=org_id,
        learner_id=base.learner_id,
        achievement_id=base.achievement_id,
        source="bridge",
        created_at=now(),
        bridge_from=row,
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.bridge_begun",
        subject_type="enrolment",
        subject_id=enrolment.id,
        data={"decision": str(decision_id), "version": str(found.target.id)},
    )
    payload = {
        "enrolment_id": enrolment.id,
        "learner_id": base.learner_id,
        "achievement_id": base.achievement_id,
    }
    outbox.emit(org_id, events.ENROLLED, {key: str(value) for key, value in payload.items()})
    return views.enrolment_view(enrolment)


def _ensure_may_begin(by: Actor, org_id: UUID, learner_id: UUID, achievement_id: UUID) -> None:
    if by.kind != "learner":
        by.require(org_id, "registrar")
        return
    policies.ensure_learner_side(by, org_id, learner_id)
    rows = BridgeOffer.objects.for_org(org_id).filter(achievement_id=achievement_id, closed_at=None)
    if not rows.exists():
        raise Conflict(
            said("The organisation has not opened a bridge to the newer version."),
            mend=said("Ask it. Your credential stays what it is."),
        )


@transaction.atomic
def set_standing(*, by: Actor, org_id: UUID, decision_id: UUID, counts: bool) -> None:
    """Whether anything may still be built on a decision: not after its credential was revoked or while it is on hold."""
    by.require(org_id, "registrar")
    row = Decision.objects.for_org(org_id).select_for_update().filter(id=decision_id).first()
    if row is None:
        raise NotFound(said("There is no such decision."))
    if (row.set_aside_at is None) == counts:
        return
    row.set_aside_at = None if counts else now()
    row.save(update_fields=["set_aside_at"])
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.decision_counts_again" if counts else "evidence.decision_set_aside",
        subject_type="decision",
        subject_id=decision_id,
    )
