"""The lowering of a class of change over the API. Operations are put on the router of standards."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from guildmark.design import lowering
from guildmark.design.api_caller import caller, open_draft
from guildmark.design.lowering import RequestView


class ClassRequestIn(Schema):
    """Why the bar is the same although its words differ. It will be public."""

    reason: str = Field(
        max_length=20_000,
        description=f"{lowering.REASON_AT_LEAST} to {lowering.REASON_LIMIT} characters; shown beside the version",
    )


class ClassAnswerIn(Schema):
    """Whether both texts mean the same. ``note`` goes to who asked."""

    agree: bool
    note: str = Field("", max_length=lowering.REASON_LIMIT)


class ClassRequestOut(Schema):
    """A wish to call edits at ``paths`` clarifying; it is void as soon as the draft says something else.

    ``GET /standards/{slug}/changes`` with the number that the draft is based on shows both texts.
    """

    id: UUID
    slug: str
    title: str
    state: Literal["waiting", "agreed", "declined", "void", "used"]
    reason: str
    paths: list[str]
    asked_by: UUID
    asked_at: datetime
    answered_by: UUID | None
    answered_at: datetime | None
    answer: str


def _out(view: RequestView) -> ClassRequestOut:
    given = asdict(view)
    return ClassRequestOut(**{name: given[name] for name in ClassRequestOut.model_fields})


def list_requests(request: HttpRequest) -> list[ClassRequestOut]:
    """The oldest first. What was answered or voided is no longer here, but can still be read by its id."""
    return [_out(view) for view in lowering.waiting(request.org_id)]  # type: ignore[attr-defined]


def get_request(request: HttpRequest, request_id: UUID) -> ClassRequestOut:
    return _out(lowering.one(request.org_id, request_id))  # type: ignore[attr-defined]


def ask(request: HttpRequest, slug: str, payload: ClassRequestIn) -> Status:
    """Ask a second designer to call the edits of the draft clarifying, so that it becomes a minor version.

    The key asks in the name of who made it. Refused (409) when more than words changed, or when nobody else may agree.
    """
    draft = open_draft(request, slug)
    return Status(201, _out(lowering.ask(**caller(request), version_id=draft.id, reason=payload.reason)))


def answer(request: HttpRequest, request_id: UUID, payload: ClassAnswerIn) -> ClassRequestOut:
    """Agree or decline. The key answers in the name of who made it: refused (403) when that person asked for this or
    wrote the draft, also with another key; refused (409) when it was answered or the draft was edited meanwhile.
    """
    return _out(
        lowering.answer(**caller(request), request_id=request_id, agree=payload.agree, note=payload.note)
    )


def add_to(router: Router) -> None:
    """Put the operations onto a router, before any whose path begins with a parameter."""
    router.get(
        "/class-requests", response=list[ClassRequestOut], summary="Lower classes that wait for an answer"
    )(list_requests)
    router.get(
        "/class-requests/{request_id}", response=ClassRequestOut, summary="One request for a lower class"
    )(get_request)
    router.post(
        "/class-requests/{request_id}/answer",
        response=ClassRequestOut,
        summary="Agree or decline, as a second person",
    )(answer)
    router.post(
        "/{slug}/draft/class-request",
        response={201: ClassRequestOut},
        summary="Ask for a lower class of the draft's edits of words",
    )(ask)
