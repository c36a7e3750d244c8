"""Frameworks over the API. The site puts ``actor`` and ``org_id`` on the request and checks the scope."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile

from guildmark.kernel.problems import Invalid
from guildmark.skills import actions, queries
from guildmark.skills.formats.common import Options
from guildmark.skills.types import FrameworkView, ImportView, SkillView

router = Router(tags=["Frameworks"])
MAX_FINDINGS = 200


class FrameworkOut(Schema):
    """A framework in one language. ``skills`` counts current skills, ``others`` groups, levels and glossary entries."""

    id: UUID
    uri: str
    language: str
    format: str
    title: str
    publisher: str
    version: str
    description: str
    licence: str
    licence_url: str
    attribution: str
    state: Literal["imported", "current", "withdrawn"]
    skills: int
    others: int
    withdrawn_skills: int
    source_name: str
    source_sha256: str
    imported_at: datetime


class SkillOut(Schema):
    """A skill; ``name``, ``uri``, ``code`` and ``framework_title`` are what an alignment carries."""

    framework_id: UUID
    framework_title: str
    uri: str
    code: str
    name: str
    description: str
    alternatives: list[str]
    kind: str
    level: str
    language: str
    requirement: str
    state: Literal["current", "withdrawn"]
    withdrawn_at: datetime | None


class MatchOut(Schema):
    """A skill that fits: ``score`` is 0 to 1 within one search, ``words`` are the stems that led to it."""

    rank: int
    score: float
    words: list[str]
    skill: SkillOut


class SkillDetail(Schema):
    """A skill with what stands around it in its framework; at most 500 of each."""

    skill: SkillOut
    parents: list[SkillOut]
    children: list[SkillOut]
    siblings: list[SkillOut]


class FindingOut(Schema):
    severity: Literal["error", "warning", "note"]
    row: str
    field: str
    message: str
    mend: str


class ImportOut(Schema):
    """An upload. ``done`` of ``total`` counts within ``stage``; ``found`` counts the findings by severity.

    ``counts`` has added, changed, unchanged, withdrawn and restored skills once the import is done.
    """

    id: UUID
    filename: str
    sha256: str
    format: str
    state: Literal["queued", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    counts: dict[str, int]
    frameworks: list[UUID]
    found: dict[str, int]
    findings: list[FindingOut]
    error: str
    created_at: datetime
    done_at: datetime | None


class ImportIn(Schema):
    """What the file does not say itself. ``columns`` maps a plain table: ``name=Competency``, one to a line."""

    format: str = ""
    title: str = ""
    language: str = ""
    version: str = ""
    publisher: str = ""
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    columns: str = ""
    withdraw_many: bool = False
    into: UUID | None = None


class SearchIn(Schema):
    text: Annotated[str, Query(max_length=5_000)]
    language: Annotated[str, Query(max_length=20)] = ""
    limit: Annotated[int, Query(ge=1, le=80)] = 10
    framework: UUID | None = None


def _framework(view: FrameworkView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in FrameworkOut.model_fields}


def _skill(view: SkillView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in SkillOut.model_fields}


def _import(view: ImportView) -> dict[str, Any]:
    special = {"frameworks", "findings"}
    plain = {name: getattr(view, name) for name in ImportOut.model_fields if name not in special}
    findings = [vars(finding) for finding in view.findings[:MAX_FINDINGS]]
    return {**plain, "frameworks": list(view.framework_ids), "findings": findings}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


def _org_id(request: HttpRequest) -> UUID:
    found: UUID = request.org_id  # type: ignore[attr-defined]
    return found


@router.get("", response=list[FrameworkOut], summary="The frameworks of the organisation")
def list_frameworks(request: HttpRequest) -> list[dict[str, Any]]:
    return [_framework(view) for view in queries.frameworks(_org_id(request))]


@router.get("/search", response=list[MatchOut], summary="Skills that fit a claim")
def search(request: HttpRequest, given: Query[SearchIn]) -> list[dict[str, Any]]:
    """Best first, from the current frameworks or the one that is named."""
    found = queries.search(
        _org_id(request), given.text, given.language, given.limit, framework_id=given.framework
    )
    return [
        {"rank": m.rank, "score": m.score, "words": list(m.words), "skill": _skill(m.skill)} for m in found
    ]


@router.get("/skill", response=SkillDetail, summary="One skill by its id, with what stands around it")
def skill(
    request: HttpRequest, uri: Annotated[str, Query(max_length=500)], language: str = ""
) -> dict[str, Any]:
    """Withdrawn skills are resolved too."""
    found = queries.skill(_org_id(request), uri, language=language)
    around = queries.around(_org_id(request), found.framework_id, found.id)
    return {
        "skill": _skill(found),
        "parents": [_skill(one) for one in around.parents],
        "children": [_skill(one) for one in around.children],
        "siblings": [_skill(one) for one in around.siblings],
    }


@router.post("/imports", response={202: ImportOut}, summary="Import a file, as a form upload")
def import_file(
    request: HttpRequest, given: Form[ImportIn], file: File[UploadedFile]
) -> Status[dict[str, Any]]:
    """``multipart/form-data`` with the field file. It is read within moments: ask for the import again."""
    said = given.dict()
    into, withdraw_many = said.pop("into"), said.pop("withdraw_many")
    said["columns"] = _columns(said["columns"])
    view = actions.import_framework(
        **_who(request),
        filename=file.name or "",
        pieces=file.chunks(),
        options=Options(**said),
        withdraw_many=withdraw_many,
        into=into,
    )
    return Status(202, _import(view))


def _columns(text: str) -> dict[str, str]:
    columns = {}
    for line in text.splitlines():
        ours, sign, theirs = line.partition("=")
        if sign and theirs.strip():
            columns[ours.strip()] = theirs.strip()
        elif line.strip():
            raise Invalid(
                f"{line.strip()[:60]!r} is no mapping.", field="columns", mend="Write name=Competency."
            )
    return columns


@router.get("/imports/{import_id}", response=ImportOut, summary="How far an import is, and what it found")
def get_import(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    return _import(queries.framework_import(_org_id(request), import_id))


@router.get("/{framework_id}", response=FrameworkOut, summary="One framework")
def get_framework(request: HttpRequest, framework_id: UUID) -> dict[str, Any]:
    return _framework(queries.framework(_org_id(request), framework_id))


@router.get("/{framework_id}/export", response=dict[str, Any], summary="The framework as CASE or CTDL-ASN")
def export(request: HttpRequest, framework_id: UUID, form: Literal["case", "ctdl"] = "case") -> HttpResponse:
    """A CFPackage (CASE 1.1) as JSON, or CTDL-ASN as JSON-LD."""
    made = queries.export(_org_id(request), framework_id, form)
    return HttpResponse(made.content, content_type=made.media_type)


@router.post("/{framework_id}/withdraw", response=FrameworkOut, summary="Take a framework out of use")
def withdraw(request: HttpRequest, framework_id: UUID) -> dict[str, Any]:
    """Its skills are no longer offered, but stay resolvable. Restoring undoes it."""
    return _framework(actions.withdraw_framework(**_who(request), framework_id=framework_id))


@router.post("/{framework_id}/restore", response=FrameworkOut, summary="Offer a withdrawn framework again")
def restore(request: HttpRequest, framework_id: UUID) -> dict[str, Any]:
    return _framework(actions.restore_framework(**_who(request), framework_id=framework_id))
