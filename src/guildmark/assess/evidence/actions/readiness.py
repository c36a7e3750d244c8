"""Keeping how a learner judged the samples before beginning (M20)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import bars, policies
from guildmark.assess.evidence import readiness as scoring
from guildmark.assess.evidence.models import Enrolment, ReadinessResult
from guildmark.design.types import Standard
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import FieldProblem, Invalid, NotFound
from guildmark.kernel.words import said


def ensure_answered(standard: Standard, answers: dict[str, dict[str, int]]) -> None:
    """Invalid with one problem per criterion that was not rated, or that was rated off the scale."""
    problems = [
        FieldProblem(
            f"{sample.id}.{identity}",
            said("“{criterion}” is not rated.", criterion=names[identity]),
            said("Choose a level."),
        )
        for names in [{one.id: one.name for one in standard.criteria}]
        for sample in scoring.offered(standard)
        for identity in scoring.asked(standard, sample)
        if not 1 <= answers.get(sample.id, {}).get(identity, 0) <= len(standard.scale)
    ]
    if problems:
        raise Invalid(
            said("Some criteria are not rated yet."), errors=problems, mend=said("Rate every criterion.")
        )


@transaction.atomic
def record_readiness(
    *, by: Actor, org_id: UUID, enrolment_id: UUID, version_id: UUID, answers: dict[str, dict[str, int]]
) -> bool:
    """Keep the first result of a learner for a version; False when there was one already.

    Only the first was made before the official levels were seen, so a later one is not kept.
    """
    row = Enrolment.objects.for_org(org_id).select_for_update().filter(id=enrolment_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    policies.ensure_learner_side(by, org_id, row.learner_id)
    version = bars.version(org_id, version_id)
    if version.achievement_id != row.achievement_id or not version.is_published:
        raise NotFound(said("This version belongs to another standard."))
    ensure_answered(version.standard, answers)
    found = scoring.compare(version.standard, answers)
    if ReadinessResult.objects.for_org(org_id).filter(enrolment=row, version_id=version.id).exists():
        return False
    try:
        with transaction.atomic():
            ReadinessResult.objects.create(
                org_id=org_id,
                enrolment=row,
                version_id=version.id,
                core_hash=version.core_hash,
                answers=answers,
                exact=found.exact,
                adjacent=found.adjacent,
                n=found.n,
                created_at=now(),
            )
    except IntegrityError:
        return False
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.samples_rated",
        subject_type="enrolment",
        subject_id=row.id,
        data={"version": str(version.id), "exact": found.exact, "adjacent": found.adjacent, "n": found.n},
    )
    return True
