"""Deciding: one decision per submission, bound by the rule of the standard, taken by a person."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import bars, bridging, events, policies, queries, views
from guildmark.assess.evidence.actions.handing_in import standard_of
from guildmark.assess.evidence.actions.rating import complete_assessments, ensure_waiting, judged_submission
from guildmark.assess.evidence.models import Assessment, Decision, Enrolment, Submission
from guildmark.assess.evidence.states import ENROLMENT, SUBMISSION
from guildmark.assess.evidence.types import DecisionView, SubmissionView
from guildmark.design.types import Standard, VersionView
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, FieldProblem, Forbidden, Invalid
from guildmark.kernel.words import numbered, said

MAX_FEEDBACK = 10_000


@transaction.atomic
def return_with_feedback(
    *,
    by: Actor,
    org_id: UUID,
    submission_id: UUID,
    feedback: str,
    criterion_feedback: dict[str, str] | None = None,
) -> SubmissionView:
    """Give work back without a decision. The learner sees the words per criterion and may hand in again.

    Conflict when no attempt would be left: then the work is decided, not returned.
    """
    row, person = judged_submission(by, org_id, submission_id)
    ensure_waiting(row)
    standard = standard_of(row)
    if row.attempt >= policies.attempts_allowed(standard):
        raise Conflict(
            numbered(
                "This is the only attempt.",
                "This is the last of {n} attempts.",
                n=policies.attempts_allowed(standard),
            ),
            mend=said("Decide it instead."),
        )
    names = {criterion.id for criterion in standard.criteria}
    words = {
        criterion: policies.clean_text(text, field=criterion, limit=MAX_FEEDBACK)
        for criterion, text in (criterion_feedback or {}).items()
        if criterion in names
    }
    SUBMISSION.check(row.state, "returned")
    row.feedback = policies.clean_text(feedback, field="feedback", limit=MAX_FEEDBACK, required=True)
    row.criterion_feedback = {criterion: text for criterion, text in words.items() if text}
    row.state, row.returned_at, row.returned_by = "returned", now(), person
    row.save(update_fields=["feedback", "criterion_feedback", "state", "returned_at", "returned_by"])
    audit.record(
        org_id=org_id, by=by, action="evidence.returned", subject_type="submission", subject_id=row.id
    )
    ids = {"submission_id": str(row.id), "learner_id": str(row.enrolment.learner_id)}
    outbox.emit(org_id, events.RETURNED, ids)
    return views.submission_view(row)


def ensure_decidable(row: Submission, version: VersionView) -> list[Assessment]:
    """The complete assessments; refuses work older than its bar and work that nobody has judged (M6)."""
    ensure_waiting(row)
    if row.submitted_at is None or version.published_at is None or row.submitted_at < version.published_at:
        raise Conflict(
            said("This work was handed in before its standard was published."),
            mend=said("It cannot be decided. Ask the learner to hand in again under the published standard."),
        )
    policies.ensure_logged_bar(version, row.core_hash, row.submitted_at)
    judged = complete_assessments(row)
    if not judged:
        raise Conflict(
            said("Nobody has completed an assessment of this work."), mend=said("Rate every criterion first.")
        )
    return judged


def settle_levels(
    standard: Standard, judged: list[Assessment], adjudicated: dict[str, int], reasons: dict[str, str]
) -> list[dict[str, object]]:
    """The result per criterion: the level that all judges gave, or the adjudicated one where they differ."""
    problems: list[FieldProblem] = []
    results: list[dict[str, object]] = []
    for criterion in standard.criteria:
        given = {
            rating.level: rating.rationale
            for row in judged
            for rating in row.ratings.all()
            if rating.criterion_id == criterion.id and rating.level
        }
        agreed = len(given) == 1
        level = next(iter(given)) if agreed else adjudicated.get(criterion.id, 0)
        if not agreed and not 1 <= level <= len(standard.scale):
            problems.append(
                FieldProblem(
                    f"{criterion.id}.level",
                    said("The judges differ on “{criterion}”.", criterion=criterion.name),
                    said("Settle its level."),
                )
            )
            continue
        reason = policies.clean_text(
            reasons.get(criterion.id, ""), field=f"{criterion.id}.reason", limit=5_000
        )
        if not agreed and not reason:
            problems.append(
                FieldProblem(
                    f"{criterion.id}.reason",
                    said("“{criterion}” was settled without a reason.", criterion=criterion.name),
                    said("Write it."),
                )
            )
        results.append(
            {
                "criterion_id": criterion.id,
                "level": level,
                "level_label": standard.scale[level - 1].label,
                "rationale": reason or given.get(level, ""),
                "adjudicated": not agreed,
            }
        )
    if problems:
        raise Invalid(
            said("The levels are not settled yet."), errors=problems, mend=said("Mend what is listed.")
        )
    return results


def _weaknesses(row: Submission, judged: list[Assessment], decider: UUID, taught: bool) -> list[str]:
    """What is weaker than it could be, recorded and shown (DECISIONS 15); over a bridge also what was weaker before."""
    base = row.enrolment.bridge_from
    before = base.weaknesses if base else []
    found = {
        "one_judge": len(judged) == 1,
        "judge_decided": any(one.assessor_id == decider for one in judged),
        "taught_learner": taught or any(one.taught_learner for one in judged),
        "handed_in_for_learner": row.submitted_by != "learner",
    }
    return [code for code, present in found.items() if present or code in before]


def _judges(row: Submission, judged: list[Assessment]) -> int:
    """How many judged every result: over a bridge the fewer of both times."""
    base = row.enrolment.bridge_from
    return min(len(judged), base.judges) if base else len(judged)


def _ensure_separation(version: VersionView, weaknesses: list[str]) -> None:
    """`certified` obeys every separation of duties; `demonstrated` records what is weaker."""
    if version.standard.signal == "certified" and weaknesses:
        raise Forbidden(
            said(
                "A certification is not decided by its only judge, by a judge who decides, or by the learner's teacher."
            ),
            mend=said("Let a second assessor judge, and somebody else decide."),
        )


def _ensure_rule(standard: Standard, outcome: str, results: list[dict[str, object]]) -> None:
    levels = {str(result["criterion_id"]): int(str(result["level"])) for result in results}
    computed = "passed" if standard.passes(levels) else "not_passed"
    if outcome == computed:
        return
    missed = [c.name for c in standard.must_pass if levels.get(c.id, 0) < standard.pass_level]
    rule = standard.rule_in_words()
    if computed == "passed":
        words = said("By the rule of the standard this work is passed: {rule}", rule=rule)
    elif missed:
        words = said(
            "By the rule of the standard this work is not passed: {rule} Must-pass criteria below it: {criteria}.",
            rule=rule,
            criteria=", ".join(missed),
        )
    else:
        words = said("By the rule of the standard this work is not passed: {rule}", rule=rule)
    raise Invalid(
        words,
        field="outcome",
        mend=said("The outcome follows the levels. If a level is wrong, let another assessor judge it."),
    )


@transaction.atomic
def decide(
    *,
    by: Actor,
    org_id: UUID,
    submission_id: UUID,
    outcome: str,
    feedback: str = "",
    levels: dict[str, int] | None = None,
    reasons: dict[str, str] | None = None,
    taught_learner: bool = False,
) -> DecisionView:
    """Take the one decision on a submission.

    ``levels`` and ``reasons`` settle, by criterion id, what the judges see differently. Invalid when ``outcome``
    is not what the standard's rule gives; Conflict for a second decision and for work older than its bar.
    """
    row, person = judged_submission(by, org_id, submission_id)
    if row.state == "decided":
        raise Conflict(
            said("This work has been decided already."),
            mend=said("Open the decision; it is never overwritten."),
        )
    version = bars.version(org_id, row.version_id)
    judged = ensure_decidable(row, version)
    plan = queries.bridge_plan(views.enrolment_view(row.enrolment), version)
    if plan is not None:
        bridging.ensure_possible(plan)
    asked = plan.asked.standard if plan else version.standard
    results = settle_levels(asked, judged, levels or {}, reasons or {})
    if plan is not None:
        results = _in_order(version.standard, results + bridging.as_results(plan))
    _ensure_rule(version.standard, outcome, results)
    words = policies.clean_text(
        feedback, field="feedback", limit=MAX_FEEDBACK, required=outcome == "not_passed"
    )
    weaknesses = _weaknesses(row, judged, person, taught_learner)
    _ensure_separation(version, weaknesses)
    SUBMISSION.check(row.state, "decided")
    assessed, passed = _counts_with(row, outcome)
    same = None if plan else _same_outcome(version.standard, judged)
    before = queries.judged_twice_counts(org_id, row.version_id)
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                org_id=org_id,
                submission=row,
                outcome=outcome,
                results=results,
                decided_by=person,
                decided_at=now(),
                assessed_at=max(one.completed_at for one in judged if one.completed_at),
                judges=_judges(row, judged),
                weaknesses=weaknesses,
                feedback=words,
                assessed_so_far=assessed,
                passed_so_far=passed,
                same_outcome=same,
                judged_twice_so_far=before.works + (same is not None),
                same_outcome_so_far=before.same + bool(same),
            )
    except IntegrityError:
        raise Conflict(said("This work has been decided already."), mend=said("Open the decision.")) from None
    row.state = "decided"
    row.save(update_fields=["state"])
    _move_enrolment(row, version.standard, outcome)
    _tell(by, row, decision)
    return views.decision_view(decision)


def _in_order(standard: Standard, results: list[dict[str, object]]) -> list[dict[str, object]]:
    """Results in the order of the standard's criteria."""
    places = {criterion.id: place for place, criterion in enumerate(standard.criteria)}
    return sorted(results, key=lambda result: places[str(result["criterion_id"])])


def _same_outcome(standard: Standard, judged: list[Assessment]) -> bool | None:
    """Whether the first two people who judged came to one outcome by the rule; None when one person judged."""
    outcomes = [
        standard.passes({rating.criterion_id: rating.level for rating in one.ratings.all() if rating.level})
        for one in judged[:2]
    ]
    return outcomes[0] == outcomes[1] if len(outcomes) == 2 else None


def _counts_with(row: Submission, outcome: str) -> tuple[int | None, int | None]:
    """How many learners were assessed against the version, and passed, with the decision that is about to fall.

    A bridge shows a part only: it counts what was there before, and nothing where nobody was assessed on the whole.
    """
    before = queries.decided_counts(row.org_id, row.version_id)
    if row.enrolment.bridge_from_id is not None:
        return (before.assessed, before.passed) if before.assessed else (None, None)
    own = Decision.objects.for_org(row.org_id).filter(
        submission__version_id=row.version_id, submission__enrolment_id=row.enrolment_id
    )
    return before.assessed + (not own.exists()), before.passed + (outcome == "passed")


def _move_enrolment(row: Submission, standard: Standard, outcome: str) -> None:
    """A pass ends the enrolment; a fail ends it when no attempt is left."""
    enrolment = Enrolment.objects.for_org(row.org_id).select_for_update().get(id=row.enrolment_id)
    if outcome == "not_passed" and row.attempt < policies.attempts_allowed(standard):
        return
    ENROLMENT.check(enrolment.state, outcome)
    enrolment.state = outcome
    enrolment.save(update_fields=["state"])


def _tell(by: Actor, row: Submission, decision: Decision) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action="evidence.decided",
        subject_type="submission",
        subject_id=row.id,
        data={
            "decision": str(decision.id),
            "outcome": decision.outcome,
            "levels": {result["criterion_id"]: result["level"] for result in decision.results},
            "decided_by": str(decision.decided_by),
            "weaknesses": decision.weaknesses,
        },
    )
    payload = {
        "decision_id": str(decision.id),
        "submission_id": str(row.id),
        "learner_id": str(row.enrolment.learner_id),
        "outcome": decision.outcome,
    }
    outbox.emit(row.org_id, events.DECIDED, payload)
