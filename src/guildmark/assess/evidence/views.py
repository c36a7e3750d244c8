"""Rows turned into the frozen views of :mod:`types`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from guildmark.assess.evidence.models import (
    Assessment,
    Decision,
    Enrolment,
    EnrolmentLink,
    EvidenceItem,
    Submission,
    Upload,
)
from guildmark.assess.evidence.states import JUDGED_SUBMISSIONS
from guildmark.assess.evidence.types import (
    INDEPENDENCE,
    WEAKNESSES,
    AssessmentView,
    Carried,
    DecisionView,
    EnrolmentView,
    EvidenceItemView,
    ItemDetail,
    LinkView,
    Outcome,
    RatingInput,
    ResultView,
    SubmissionView,
    UploadView,
)
from guildmark.kernel import files
from guildmark.kernel.clock import now


def link_view(row: EnrolmentLink, joined: int = 0) -> LinkView:
    return LinkView(
        row.id,
        row.org_id,
        row.achievement_id,
        row.token,
        row.label,
        row.open_enrolment,
        row.state,
        row.created_at,
        joined,
    )


def enrolment_view(row: Enrolment) -> EnrolmentView:
    return EnrolmentView(
        row.id,
        row.org_id,
        row.learner_id,
        row.achievement_id,
        row.source,
        row.state,
        row.created_at,
        row.version_id,
        row.core_hash,
        row.acknowledged_at,
        row.bridge_from_id,
    )


def item_view(row: EvidenceItem) -> EvidenceItemView:
    return EvidenceItemView(
        id=row.id,
        requirement_id=row.requirement_id,
        kind=row.kind,
        title=row.title,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        storage_key=row.storage_key,
        source_url=row.source_url,
        received_at=row.received_at,
    )


def item_detail(row: EvidenceItem) -> ItemDetail:
    return ItemDetail(
        item=item_view(row),
        group=row.group,
        text=row.text,
        snapshot_url=row.snapshot.get("url", ""),
        fetched_at=row.received_at if row.kind == "url" else None,
    )


def upload_view(row: Upload) -> UploadView:
    return UploadView(
        row.id,
        row.submission_id,
        row.requirement_id,
        row.filename,
        row.size,
        files.partial_size(row.storage_key),
    )


def assessment_view(row: Assessment) -> AssessmentView:
    ratings = {
        rating.criterion_id: RatingInput(
            rating.criterion_id,
            rating.level,
            rating.rationale,
            rating.pointer_item_id,
            rating.pointer_locator,
        )
        for rating in row.ratings.all()
    }
    return AssessmentView(
        row.id,
        row.submission_id,
        row.assessor_id,
        row.state,
        row.taught_learner,
        row.revision,
        row.completed_at,
        ratings,
    )


def submission_view(row: Submission) -> SubmissionView:
    """Needs ``enrolment`` and ``decision`` selected with the row to stay at one query."""
    decision = getattr(row, "decision", None)
    waiting = row.state in JUDGED_SUBMISSIONS
    return SubmissionView(
        id=row.id,
        org_id=row.org_id,
        enrolment_id=row.enrolment_id,
        learner_id=row.enrolment.learner_id,
        achievement_id=row.enrolment.achievement_id,
        version_id=row.version_id,
        attempt=row.attempt,
        state=row.state,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        overdue=bool(waiting and row.due_at and row.due_at < now()),
        feedback=decision.feedback if decision else row.feedback,
        criterion_feedback=dict(row.criterion_feedback),
        decision_id=decision.id if decision else None,
        outcome=decision.outcome if decision else "",
    )


def result_view(result: dict[str, Any]) -> ResultView:
    """``result`` is one entry of ``Decision.results``."""
    before = result.get("carried")
    return ResultView(
        carried=Carried(
            UUID(before["decision"]), before["number"], datetime.fromisoformat(before["decided_at"])
        )
        if before
        else None,
        criterion_id=str(result["criterion_id"]),
        level=int(str(result["level"])),
        level_label=str(result["level_label"]),
        rationale=str(result["rationale"]),
    )


def decision_view(row: Decision) -> DecisionView:
    submission = row.submission
    if submission.submitted_at is None:
        raise ValueError("a decided submission has been handed in")
    return DecisionView(
        id=row.id,
        org_id=row.org_id,
        submission_id=submission.id,
        learner_id=submission.enrolment.learner_id,
        achievement_id=submission.enrolment.achievement_id,
        version_id=submission.version_id,
        outcome=cast(Outcome, row.outcome),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        submitted_at=submission.submitted_at,
        assessed_at=row.assessed_at,
        acknowledged_at=submission.acknowledged_at,
        acknowledged_hash=submission.core_hash,
        attempt=submission.attempt,
        results=tuple(result_view(result) for result in row.results),
        evidence=tuple(item_view(item) for item in submission.items.all()),
        judges=row.judges,
        judge_roles=("assessor",) * row.judges,
        weaknesses=tuple(WEAKNESSES[code] for code in row.weaknesses),
        feedback=row.feedback,
        independence=tuple(text for code, text in INDEPENDENCE.items() if code not in row.weaknesses),
        assessed_so_far=row.assessed_so_far,
        passed_so_far=row.passed_so_far,
        judged_twice_so_far=row.judged_twice_so_far,
        same_outcome_so_far=row.same_outcome_so_far,
        handed_in_by_learner="handed_in_for_learner" not in row.weaknesses,
        bridge_from=submission.enrolment.bridge_from_id,
        set_aside=row.set_aside_at is not None,
    )
