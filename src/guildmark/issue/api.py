"""Credentials over the API. ``request.actor`` and ``request.org_id`` come from the key, whose scopes are checked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.issue import actions, queries
from guildmark.issue.types import AwardView, CompletionRow, CredentialView
from guildmark.kernel.web import absolute

router = Router(tags=["Credentials"])


class CredentialOut(Schema):
    """``id`` is the public id; ``document`` (of a single credential) the signed JSON; ``state`` the verdict."""

    id: UUID
    url: str
    code: str
    state: str
    reason: str
    signal: str
    title: str
    holder_name: str
    holder_email: str
    learner_id: UUID
    version_id: UUID
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    supersedes: UUID | None
    superseded_by: UUID | None
    sha256: str
    document: dict[str, Any] | None = None


class CredentialList(Schema):
    total: int
    items: list[CredentialOut]


class AwardOut(Schema):
    """``credential_id`` is set once the credential is signed; ``error`` says why it is not."""

    id: UUID
    state: str
    credential_id: UUID | None
    decision_id: UUID | None
    error: str


class DecisionIn(Schema):
    decision_id: UUID


class ReasonIn(Schema):
    reason: str


class CorrectionIn(Schema):
    reason: str
    name: str | None = None
    email: str | None = None


class CompletionRowIn(Schema):
    name: str
    email: str
    date: str


class CompletionIn(Schema):
    version_id: UUID
    rows: list[CompletionRowIn]
    dry_run: bool = False


class CompletionResultOut(Schema):
    line: int
    name: str
    email: str
    outcome: str
    detail: str
    award_id: UUID | None


class CompletionOut(Schema):
    dry_run: bool
    results: list[CompletionResultOut]


class Filters(Schema):
    q: str = Field("", max_length=200)
    state: Literal["", "valid", "not_yet_valid", "expired", "suspended", "revoked", "superseded"] = ""
    offset: int = Field(0, ge=0, le=1_000_000_000)
    limit: int = Field(50, ge=1, le=200)


def _out(view: CredentialView, *, whole: bool = False) -> dict[str, Any]:
    return {
        "id": view.public_id,
        "url": absolute(view.path),
        "code": view.human_code,
        "state": queries.verdict(view),
        "reason": view.reason,
        "signal": view.signal,
        "title": view.title,
        "holder_name": view.holder_name,
        "holder_email": view.holder_email,
        "learner_id": view.learner_id,
        "version_id": view.version_id,
        "issued_at": view.issued_at,
        "valid_from": view.valid_from,
        "valid_until": view.valid_until,
        "supersedes": view.supersedes,
        "superseded_by": view.superseded_by,
        "sha256": view.body_sha256,
        "document": json.loads(view.body) if whole else None,
    }


def _award(view: AwardView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in AwardOut.model_fields}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


@router.get("", response=CredentialList, summary="List credentials")
def list_credentials(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Newest first. ``state``: valid, not_yet_valid, expired, suspended, revoked or superseded."""
    org_id = request.org_id  # type: ignore[attr-defined]
    page = queries.credentials(
        org_id, query=filters.q, state=filters.state, offset=filters.offset, limit=filters.limit
    )
    return {"total": page.total, "items": [_out(view) for view in page.rows]}


@router.post("", response={202: AwardOut}, summary="Issue the credential of a passed decision")
def issue(request: HttpRequest, payload: DecisionIn) -> Status[dict[str, Any]]:
    """Asking again gives the same award. The credential is signed within moments: read the award again."""
    return Status(202, _award(actions.award_for_decision(**_who(request), decision_id=payload.decision_id)))


@router.post(
    "/completion-records", response={202: CompletionOut}, summary="Issue completion records by a list"
)
def issue_completions(request: HttpRequest, payload: CompletionIn) -> Status[Any]:
    rows = [CompletionRow(row.name, row.email, row.date) for row in payload.rows]
    report = actions.issue_completion_records(
        **_who(request), version_id=payload.version_id, rows=rows, dry_run=payload.dry_run
    )
    return Status(202, report)


@router.get("/awards/{award_id}", response=AwardOut, summary="One award, signed or waiting")
def get_award(request: HttpRequest, award_id: UUID) -> dict[str, Any]:
    return _award(queries.award(request.org_id, award_id))  # type: ignore[attr-defined]


@router.get("/{credential_id}", response=CredentialOut, summary="One credential with its signed document")
def get_credential(request: HttpRequest, credential_id: UUID) -> dict[str, Any]:
    return _out(queries.org_credential(request.org_id, credential_id), whole=True)  # type: ignore[attr-defined]


@router.post("/{credential_id}/revoke", response=CredentialOut, summary="Revoke a credential for good")
def revoke(request: HttpRequest, credential_id: UUID, payload: ReasonIn) -> dict[str, Any]:
    return _out(actions.revoke(**_who(request), public_id=credential_id, reason=payload.reason))


@router.post("/{credential_id}/suspend", response=CredentialOut, summary="Suspend a credential")
def suspend(request: HttpRequest, credential_id: UUID, payload: ReasonIn) -> dict[str, Any]:
    return _out(actions.suspend(**_who(request), public_id=credential_id, reason=payload.reason))


@router.post("/{credential_id}/reinstate", response=CredentialOut, summary="Lift a suspension")
def reinstate(request: HttpRequest, credential_id: UUID, payload: ReasonIn) -> dict[str, Any]:
    return _out(actions.reinstate(**_who(request), public_id=credential_id, reason=payload.reason))


@router.post("/{credential_id}/correct", response={202: AwardOut}, summary="Correct a name or address")
def correct(request: HttpRequest, credential_id: UUID, payload: CorrectionIn) -> Status[dict[str, Any]]:
    """A new credential takes the place of this one once it is signed."""
    award = actions.correct(
        **_who(request),
        public_id=credential_id,
        reason=payload.reason,
        name=payload.name,
        email=payload.email,
    )
    return Status(202, _award(award))
