"""Rating: each assessor judges alone, criterion by criterion, pointing into the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import policies, views
from guildmark.assess.evidence.actions.handing_in import standard_of
from guildmark.assess.evidence.models import Assessment, EvidenceItem, Rating, Submission
from guildmark.assess.evidence.states import ASSESSMENT, JUDGED_SUBMISSIONS, SUBMISSION
from guildmark.assess.evidence.types import AssessmentView, RatingInput
from guildmark.design.types import Standard
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, FieldProblem, Invalid, NotFound
from guildmark.kernel.states import state_word
from guildmark.kernel.words import said
from guildmark.people import queries as people

MAX_RATIONALE = 5_000
MAX_LOCATOR = 200


def judged_submission(by: Actor, org_id: UUID, submission_id: UUID) -> tuple[Submission, UUID]:
    """The submission, locked, and the person who judges it; refuses one's own work."""
    policies.ensure_judge(by, org_id)
    rows = Submission.objects.for_org(org_id).select_for_update(of=("self",)).select_related("enrolment")
    row = rows.filter(id=submission_id).first()
    # A draft is the learner's alone: to the organisation it is not there yet.
    if row is None or row.state == "draft":
        raise NotFound(said("There is no such submission."))
    person = policies.person_behind(by, org_id)
    policies.ensure_not_own_work(person, people.learner(org_id, row.enrolment.learner_id))
    return row, person


def ensure_waiting(row: Submission) -> None:
    if row.state not in JUDGED_SUBMISSIONS:
        raise Conflict(
            said("This submission is {state} and takes no further judgement.", state=state_word(row.state)),
            mend=said("Open the queue for other work."),
        )


@transaction.atomic
def take_for_rating(
    *, by: Actor, org_id: UUID, submission_id: UUID, taught_learner: bool = False
) -> AssessmentView:
    """Take a submission to judge it; taking it again gives the same assessment."""
    row, person = judged_submission(by, org_id, submission_id)
    existing = Assessment.objects.for_org(org_id).filter(submission=row, assessor_id=person).first()
    if existing is not None:
        return views.assessment_view(existing)
    ensure_waiting(row)
    if row.state != "in_rating":
        SUBMISSION.check(row.state, "in_rating")
        row.state = "in_rating"
        row.save(update_fields=["state"])
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                org_id=org_id,
                submission=row,
                assessor_id=person,
                taught_learner=taught_learner,
                created_at=now(),
            )
    except IntegrityError:
        found = Assessment.objects.for_org(org_id).get(submission=row, assessor_id=person)
        return views.assessment_view(found)
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.taken_for_rating",
        subject_type="submission",
        subject_id=row.id,
        data={"assessment": str(assessment.id), "assessor": str(person), "taught_learner": taught_learner},
    )
    return views.assessment_view(assessment)


def _own_draft(by: Actor, org_id: UUID, assessment_id: UUID, revision: int) -> Assessment:
    """The assessor's own open assessment at the revision they have seen."""
    policies.ensure_judge(by, org_id)
    rows = Assessment.objects.for_org(org_id).select_for_update(of=("self",)).select_related("submission")
    row = rows.filter(id=assessment_id).first()
    if row is None or row.assessor_id != policies.person_behind(by, org_id):
        raise NotFound(said("There is no such assessment of yours."))
    if row.state != "draft":
        raise Conflict(
            said("This assessment is complete and cannot be changed."),
            mend=said("Ask for a second assessor."),
        )
    ensure_waiting(row.submission)
    if row.revision != revision:
        raise Conflict(
            said("This assessment was saved in another window in the meantime."),
            field="revision",
            mend=said("Reload to see what is stored; what you typed here is not stored yet."),
        )
    return row


def _clean(
    given: RatingInput, standard: Standard, items: frozenset[UUID]
) -> tuple[RatingInput | None, list[FieldProblem]]:
    """A rating with clean text, or what is wrong with it."""
    name = given.criterion_id
    if name not in {criterion.id for criterion in standard.criteria}:
        return None, [
            FieldProblem(name, said("The standard has no such criterion."), said("Reload the rubric."))
        ]
    problems = []
    if given.level is not None and not 1 <= given.level <= len(standard.scale):
        problems.append(
            FieldProblem(
                f"{name}.level",
                said("There is no such level."),
                said("Choose 1 to {n}.", n=len(standard.scale)),
            )
        )
    if given.pointer_item is not None and given.pointer_item not in items:
        problems.append(
            FieldProblem(
                f"{name}.pointer_item",
                said("This evidence is not part of the work."),
                said("Choose from its list."),
            )
        )
    try:
        rationale = policies.clean_text(given.rationale, field=f"{name}.rationale", limit=MAX_RATIONALE)
        locator = policies.clean_text(
            given.pointer_locator, field=f"{name}.pointer_locator", limit=MAX_LOCATOR
        )
    except Invalid as error:
        return None, problems + error.all_errors()
    return RatingInput(name, given.level, rationale, given.pointer_item, locator.replace("\n", " ")), problems


def _store(row: Assessment, ratings: Iterable[RatingInput]) -> None:
    standard = standard_of(row.submission)
    items = frozenset(
        EvidenceItem.objects.for_org(row.org_id)
        .filter(submission_id=row.submission_id)
        .values_list("id", flat=True)
    )
    problems: list[FieldProblem] = []
    for given in ratings:
        clean, wrong = _clean(given, standard, items)
        problems += wrong
        if clean is None or wrong:
            continue
        Rating.objects.for_org(row.org_id).update_or_create(
            assessment=row,
            criterion_id=clean.criterion_id,
            defaults={
                "level": clean.level,
                "rationale": clean.rationale,
                "pointer_item_id": clean.pointer_item,
                "pointer_locator": clean.pointer_locator,
            },
            create_defaults={
                "org_id": row.org_id,
                "level": clean.level,
                "rationale": clean.rationale,
                "pointer_item_id": clean.pointer_item,
                "pointer_locator": clean.pointer_locator,
            },
        )
    if problems:
        raise Invalid(
            said("Some ratings cannot be stored."), errors=problems, mend=said("Mend what is listed.")
        )


@transaction.atomic
def save_rating(
    *,
    by: Actor,
    org_id: UUID,
    assessment_id: UUID,
    revision: int,
    ratings: Iterable[RatingInput],
    taught_learner: bool | None = None,
) -> AssessmentView:
    """Store a draft of one's ratings. Conflict when it was saved elsewhere since ``revision``."""
    row = _own_draft(by, org_id, assessment_id, revision)
    _store(row, ratings)
    row.revision += 1
    if taught_learner is not None:
        row.taught_learner = taught_learner
    row.save(update_fields=["revision", "taught_learner"])
    return views.assessment_view(row)


def _unfinished(standard: Standard, ratings: dict[str, RatingInput]) -> list[FieldProblem]:
    problems = []
    for criterion in standard.criteria:
        rating = ratings.get(criterion.id, RatingInput(criterion.id))
        if rating.level is None:
            problems.append(
                FieldProblem(
                    f"{criterion.id}.level",
                    said("“{criterion}” has no level.", criterion=criterion.name),
                    said("Choose a level."),
                )
            )
        if not rating.rationale:
            problems.append(
                FieldProblem(
                    f"{criterion.id}.rationale",
                    said("“{criterion}” has no reason.", criterion=criterion.name),
                    said("Write what in the work led to this level."),
                )
            )
        if criterion.must_pass and (rating.pointer_item is None or not rating.pointer_locator):
            problems.append(
                FieldProblem(
                    f"{criterion.id}.pointer_item",
                    said(
                        "“{criterion}” must pass and does not point into the evidence.",
                        criterion=criterion.name,
                    ),
                    said("Choose the piece and say where: a page, a minute, a line."),
                )
            )
    return problems


@transaction.atomic
def complete_assessment(*, by: Actor, org_id: UUID, assessment_id: UUID, revision: int) -> AssessmentView:
    """Close one's judgement: every criterion has a level and a reason, must-pass ones point into the evidence.

    A submission whose complete assessments lie two levels apart, or on both sides of the pass, is discrepant.
    """
    row = _own_draft(by, org_id, assessment_id, revision)
    submission = Submission.objects.for_org(org_id).select_for_update().get(id=row.submission_id)
    standard = standard_of(submission)
    problems = _unfinished(standard, views.assessment_view(row).ratings)
    if problems:
        raise Invalid(
            said("The assessment is not complete yet."), errors=problems, mend=said("Mend what is listed.")
        )
    ASSESSMENT.check(row.state, "complete")
    row.state, row.completed_at, row.revision = "complete", now(), row.revision + 1
    row.save(update_fields=["state", "completed_at", "revision"])
    if submission.state == "in_rating" and policies.is_discrepant(standard, complete_levels(submission)):
        SUBMISSION.check(submission.state, "discrepant")
        submission.state = "discrepant"
        submission.save(update_fields=["state"])
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.assessment_completed",
        subject_type="submission",
        subject_id=submission.id,
        data={
            "assessment": str(row.id),
            "levels": {rating.criterion_id: rating.level for rating in row.ratings.all()},
            "taught_learner": row.taught_learner,
        },
    )
    return views.assessment_view(row)


@transaction.atomic
def assess(
    *,
    by: Actor,
    org_id: UUID,
    submission_id: UUID,
    ratings: Iterable[RatingInput],
    taught_learner: bool = False,
) -> AssessmentView:
    """Take, rate and complete in one step; nothing stays behind when any of it is refused."""
    taken = take_for_rating(by=by, org_id=org_id, submission_id=submission_id, taught_learner=taught_learner)
    saved = save_rating(
        by=by,
        org_id=org_id,
        assessment_id=taken.id,
        revision=taken.revision,
        ratings=ratings,
        taught_learner=taught_learner,
    )
    return complete_assessment(by=by, org_id=org_id, assessment_id=taken.id, revision=saved.revision)


def complete_assessments(submission: Submission) -> list[Assessment]:
    rows = Assessment.objects.for_org(submission.org_id).filter(submission=submission, state="complete")
    return list(rows.prefetch_related("ratings").order_by("completed_at", "id"))


def complete_levels(submission: Submission) -> list[dict[str, int]]:
    """Per complete assessment its levels by criterion id."""
    return [
        {rating.criterion_id: rating.level for rating in row.ratings.all() if rating.level}
        for row in complete_assessments(submission)
    ]
