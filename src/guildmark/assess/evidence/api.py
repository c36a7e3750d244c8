"""The API of enrolments, submissions, ratings and decisions. Scopes are checked by the API's authentication."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from guildmark.assess.evidence import actions, policies, queries
from guildmark.assess.evidence.types import (
    AssessmentView,
    DecisionView,
    EnrolmentView,
    EvidenceItemView,
    RatingInput,
    SubmissionDetail,
    SubmissionView,
)

enrolments_router = Router(tags=["Enrolments"])
router = Router(tags=["Submissions"])
decisions_router = Router(tags=["Decisions"])
PAGE = 100
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
State = Literal["", "draft", "submitted", "in_rating", "discrepant", "returned", "decided"]


class EnrolmentIn(Schema):
    achievement_id: UUID
    email: str = Field(max_length=254)
    name: str = Field(max_length=20_000)


class AcknowledgementIn(Schema):
    """The version that the learner has read, by its id and published fingerprint."""

    version_id: UUID
    core_hash: str


class EnrolmentOut(Schema):
    id: UUID
    learner_id: UUID
    achievement_id: UUID
    source: str
    state: str
    created_at: datetime
    version_id: UUID | None
    core_hash: str
    acknowledged_at: datetime | None
    bridge_from: UUID | None


class BridgeIn(Schema):
    """The passed decision whose results count on."""

    decision_id: UUID


class SubmissionIn(Schema):
    enrolment_id: UUID


class TextIn(Schema):
    requirement_id: str
    text: str


class UrlIn(Schema):
    requirement_id: str
    url: str


class HandInIn(Schema):
    """``authorship_accepted``: the learner has accepted the statement about their own work."""

    authorship_accepted: bool


class EvidenceOut(Schema):
    id: UUID
    requirement_id: str
    kind: str
    title: str
    filename: str
    media_type: str
    size: int
    sha256: str
    source_url: str
    received_at: datetime


class SubmissionOut(Schema):
    id: UUID
    enrolment_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    attempt: int
    state: str
    created_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    overdue: bool
    feedback: str
    criterion_feedback: dict[str, str]
    decision_id: UUID | None
    outcome: str


class SubmissionDetailOut(SubmissionOut):
    evidence: list[EvidenceOut]


class RatingIn(Schema):
    criterion_id: str
    level: int
    rationale: str
    pointer_item: UUID | None = None
    pointer_locator: str = ""


class AssessmentIn(Schema):
    """A whole assessment: a level and a reason for every criterion, a pointer for each that must pass."""

    submission_id: UUID
    ratings: list[RatingIn]
    taught_learner: bool = False


class AssessmentOut(Schema):
    id: UUID
    submission_id: UUID
    assessor_id: UUID
    state: str
    taught_learner: bool
    completed_at: datetime | None


class ReturnIn(Schema):
    feedback: str
    criterion_feedback: dict[str, str] = {}


class DecisionIn(Schema):
    """``levels`` and ``reasons`` settle, by criterion id, what judges see differently."""

    submission_id: UUID
    outcome: str
    feedback: str = ""
    levels: dict[str, int] = {}
    reasons: dict[str, str] = {}
    taught_learner: bool = False


class CarriedOut(Schema):
    decision_id: UUID
    number: str
    decided_at: datetime


class ResultOut(Schema):
    """``carried`` names the earlier decision that found the level, where one did."""

    criterion_id: str
    level: int
    level_label: str
    rationale: str
    carried: CarriedOut | None


class DecisionOut(Schema):
    id: UUID
    submission_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    outcome: str
    decided_by: UUID
    decided_at: datetime
    submitted_at: datetime
    assessed_at: datetime
    acknowledged_at: datetime
    acknowledged_hash: str
    attempt: int
    results: list[ResultOut]
    evidence: list[EvidenceOut]
    judges: int
    weaknesses: list[str]
    feedback: str


def caller(request: HttpRequest) -> dict[str, Any]:
    """Who calls, for an action."""
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


def reader(request: HttpRequest) -> UUID:
    """The organisation, once the key may read submissions."""
    org_id: UUID = request.org_id  # type: ignore[attr-defined]
    policies.ensure_reader(request.actor, org_id)  # type: ignore[attr-defined]
    return org_id


def page_at(offset: int) -> slice:
    return slice(offset, offset + PAGE)


def detail_out(detail: SubmissionDetail) -> dict[str, Any]:
    view = detail.submission
    values = {name: getattr(view, name) for name in SubmissionOut.model_fields}
    return {**values, "evidence": [item.item for item in detail.items]}


@enrolments_router.get("", response=list[EnrolmentOut], summary="Enrolments, newest first, 100 at a time")
def list_enrolments(
    request: HttpRequest, achievement_id: UUID | None = None, offset: Offset = 0
) -> list[EnrolmentView]:
    return queries.enrolments(reader(request), achievement_id, part=page_at(offset))


@enrolments_router.post(
    "", response={201: EnrolmentOut}, summary="Enrol a learner; twice gives the same enrolment"
)
def create_enrolment(request: HttpRequest, payload: EnrolmentIn) -> tuple[int, EnrolmentView]:
    return 201, actions.enrol(**caller(request), **payload.dict(), source="api")


@enrolments_router.post(
    "/bridge",
    response={201: EnrolmentOut},
    summary="Enrol the holder of a passed decision for what changed since",
)
def create_bridge(request: HttpRequest, payload: BridgeIn) -> tuple[int, EnrolmentView]:
    return 201, actions.begin_bridge(**caller(request), decision_id=payload.decision_id)


@enrolments_router.put(
    "/bridges/{achievement_id}",
    response={204: None},
    summary="Offer holders of older versions to show only what changed",
)
def open_bridge(request: HttpRequest, achievement_id: UUID) -> tuple[int, None]:
    actions.open_bridge(**caller(request), achievement_id=achievement_id)
    return 204, None


@enrolments_router.delete(
    "/bridges/{achievement_id}", response={204: None}, summary="Offer the bridge no longer"
)
def close_bridge(request: HttpRequest, achievement_id: UUID) -> tuple[int, None]:
    actions.close_bridge(**caller(request), achievement_id=achievement_id)
    return 204, None


@enrolments_router.get("/{enrolment_id}", response=EnrolmentOut, summary="One enrolment")
def get_enrolment(request: HttpRequest, enrolment_id: UUID) -> EnrolmentView:
    return queries.enrolment(reader(request), enrolment_id)


@enrolments_router.post(
    "/{enrolment_id}/acknowledgement",
    response=EnrolmentOut,
    summary="Record that the learner has read the bar",
)
def acknowledge(request: HttpRequest, enrolment_id: UUID, payload: AcknowledgementIn) -> EnrolmentView:
    return actions.acknowledge_bar(**caller(request), enrolment_id=enrolment_id, **payload.dict())


@router.get("", response=list[SubmissionOut], summary="Submissions, newest first, 100 at a time")
def list_submissions(
    request: HttpRequest, enrolment_id: UUID | None = None, state: State = "", offset: Offset = 0
) -> list[SubmissionView]:
    return queries.submissions(reader(request), enrolment_id=enrolment_id, state=state, part=page_at(offset))


@router.post("", response={201: SubmissionOut}, summary="Begin an attempt for an enrolled learner")
def create_submission(request: HttpRequest, payload: SubmissionIn) -> tuple[int, SubmissionView]:
    return 201, actions.start_submission(**caller(request), enrolment_id=payload.enrolment_id)


@router.get("/{submission_id}", response=SubmissionDetailOut, summary="One submission with its evidence")
def get_submission(request: HttpRequest, submission_id: UUID) -> dict[str, Any]:
    return detail_out(queries.submission_detail(reader(request), submission_id))


@router.post("/{submission_id}/texts", response={201: EvidenceOut}, summary="Add a text")
def add_text(request: HttpRequest, submission_id: UUID, payload: TextIn) -> tuple[int, EvidenceItemView]:
    return 201, actions.add_text(**caller(request), submission_id=submission_id, **payload.dict())


@router.post("/{submission_id}/files", response={201: EvidenceOut}, summary="Add a file, as a form upload")
def add_file(
    request: HttpRequest, submission_id: UUID, requirement_id: Form[str], file: File[UploadedFile]
) -> tuple[int, EvidenceItemView]:
    """``multipart/form-data`` with the fields requirement_id and file. The type is proven from the bytes."""
    return 201, actions.add_file(
        **caller(request),
        submission_id=submission_id,
        requirement_id=requirement_id,
        filename=file.name or "",
        pieces=file.chunks(),
    )


@router.post("/{submission_id}/urls", response={201: EvidenceOut}, summary="Add an address; a copy is kept")
def add_url(request: HttpRequest, submission_id: UUID, payload: UrlIn) -> tuple[int, EvidenceItemView]:
    return 201, actions.add_url(**caller(request), submission_id=submission_id, **payload.dict())


@router.post("/{submission_id}/hand-in", response=SubmissionOut, summary="Hand the work in")
def hand_in(request: HttpRequest, submission_id: UUID, payload: HandInIn) -> SubmissionView:
    return actions.submit(**caller(request), submission_id=submission_id, **payload.dict())


@decisions_router.get("", response=list[DecisionOut], summary="Decisions, newest first, 100 at a time")
def list_decisions(request: HttpRequest, offset: Offset = 0) -> list[DecisionView]:
    return queries.decisions(reader(request), part=page_at(offset))


@decisions_router.post("", response={201: DecisionOut}, summary="Decide a submission, once")
def create_decision(request: HttpRequest, payload: DecisionIn) -> tuple[int, DecisionView]:
    return 201, actions.decide(**caller(request), **payload.dict())


@decisions_router.post("/assessments", response={201: AssessmentOut}, summary="Rate a submission completely")
def create_assessment(request: HttpRequest, payload: AssessmentIn) -> tuple[int, AssessmentView]:
    where = caller(request)
    return 201, actions.assess(
        **where,
        submission_id=payload.submission_id,
        ratings=[RatingInput(**rating.dict()) for rating in payload.ratings],
        taught_learner=payload.taught_learner,
    )


@decisions_router.post(
    "/returns/{submission_id}", response=SubmissionOut, summary="Return work with feedback"
)
def return_work(request: HttpRequest, submission_id: UUID, payload: ReturnIn) -> SubmissionView:
    return actions.return_with_feedback(**caller(request), submission_id=submission_id, **payload.dict())


@decisions_router.get("/{decision_id}", response=DecisionOut, summary="One decision")
def get_decision(request: HttpRequest, decision_id: UUID) -> DecisionView:
    return queries.decision(reader(request), decision_id)
