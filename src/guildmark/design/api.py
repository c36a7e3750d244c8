"""Standards over the API. The site puts ``actor`` and ``org_id`` on the request and checks the scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from guildmark.design import actions, claims, lowering_api, queries, versions
from guildmark.design.advisor import api as advisor
from guildmark.design.api_caller import caller, open_draft
from guildmark.design.bridge import bridge
from guildmark.design.stacks import api as stacks_api
from guildmark.design.stacks import queries as stacks
from guildmark.design.types import AchievementView, Finding, Signal, Standard, VersionView
from guildmark.kernel.problems import NotFound

router = Router(tags=["Standards"])


class StandardOut(Schema):
    """An achievement in a list: its address part, its class, and which versions it has."""

    id: UUID
    slug: str
    title: str
    signal: Signal
    draft_id: UUID | None
    published_id: UUID | None
    published_number: str
    versions: int
    archived: bool
    created_at: datetime


class FindingOut(Schema):
    """What the publish gate says: where, why and how to mend it."""

    rule: str
    severity: Literal["blocking", "advice", "hint"]
    path: str
    message: str
    mend: str
    span: tuple[int, int] | None
    rewrite: str
    more_rewrites: tuple[str, ...]


class LintIn(Schema):
    """A text to check. ``language`` is a tag; without it the one that the text seems to be in."""

    text: str = Field(max_length=20_000)
    kind: Literal["claim", "title", "competency"] = "claim"
    language: str = Field("", max_length=35)
    jargon: list[str] = Field(
        [], max_length=500, description="Words to flag beside those of the organisation"
    )
    products: list[str] = Field([], max_length=50, description="Names that must not carry a title")


class LintFinding(Schema):
    """One flaw: its characters in the text, why it is one, what to do, and whole new texts to take."""

    rule: str
    severity: Literal["blocking", "advice", "hint"]
    span: tuple[int, int]
    reason: str
    mend: str
    rewrite: str
    rewrites: tuple[str, ...]


class ReadingOut(Schema):
    """How easy the text is to read: 0 hard to 100 easy, by the named formula. A hint."""

    score: int
    formula: str
    words: int
    sentences: int
    syllables: int
    long_words: int
    depth: int


class LintOut(Schema):
    language: str
    findings: list[LintFinding]
    reading: ReadingOut | None


class VersionOut(Schema):
    """A version with its whole content. ``core_hash`` is empty and ``number`` is ``draft`` before
    publication.
    """

    id: UUID
    achievement_id: UUID
    slug: str
    number: str
    state: str
    revision: int
    core_hash: str
    update_note: str
    published_at: datetime | None
    effective_at: datetime | None
    transition_until: datetime | None
    review_due: datetime | None
    superseded_by: str
    standard: dict[str, Any]
    findings: list[FindingOut]


class CreateIn(Schema):
    title: str
    signal: Signal = "demonstrated"
    outline: str = ""


class DraftIn(Schema):
    """Top-level members of a standard; those left out stay. ``revision`` is the one you read."""

    content: dict[str, Any]
    revision: int


class PublishIn(Schema):
    revision: int
    update_note: str = ""
    at_least: Literal["none", "minor", "major"] = Field("none", description="Raise what the change forces")
    effective_at: AwareDatetime | None = Field(
        None, description="When a major successor comes into force; at once where it is left out"
    )
    transition_until: AwareDatetime | None = Field(
        None,
        description="Until when work under an older version may be handed in; by the rules where it is left out",
    )


class ChangeOut(Schema):
    forces: Literal["none", "note", "minor", "major"]
    changes: list[dict[str, Any]]
    bridge: dict[str, Any]


def _standard(view: AchievementView) -> StandardOut:
    return StandardOut(**{name: getattr(view, name) for name in StandardOut.model_fields})


def _finding(found: Finding) -> FindingOut:
    return FindingOut(**{name: getattr(found, name) for name in FindingOut.model_fields})


def _version(view: VersionView) -> VersionOut:
    plain = {
        name: getattr(view, name) for name in VersionOut.model_fields if name not in {"standard", "findings"}
    }
    found = [] if view.is_published else [_finding(f) for f in queries.findings(view.org_id, view.id)]
    return VersionOut(**plain, standard=view.standard.model_dump(mode="json"), findings=found)


def _numbered(org_id: UUID, slug: str, number: str) -> VersionView:
    view = queries.achievement_by_slug(org_id, slug)
    for version in queries.versions_of(org_id, view.id):
        if version.number == number:
            return version
    raise NotFound("There is no such version of this standard.")


@router.get("", response=list[StandardOut], summary="The standards of the organisation")
def list_standards(request: HttpRequest, archived: bool = False) -> list[StandardOut]:
    return [_standard(view) for view in queries.achievements(request.org_id, archived=archived)]  # type: ignore[attr-defined]


@router.post("", response={201: VersionOut}, summary="Begin a standard")
def create_standard(request: HttpRequest, payload: CreateIn) -> Status:
    view = actions.create_achievement(
        **caller(request), title=payload.title, signal=payload.signal, from_existing=payload.outline
    )
    return Status(201, _version(view))


@router.post("/lint", response=LintOut, summary="Check the wording of a claim; nothing is stored")
def lint_claim(request: HttpRequest, payload: LintIn) -> dict[str, Any]:
    language = payload.language or claims.spoken_language(payload.text)
    jargon = [*queries.rules(request.org_id).jargon, *payload.jargon]  # type: ignore[attr-defined]
    found = claims.lint(payload.text, payload.kind, language, jargon, payload.products)
    score = claims.reading(payload.text, language)
    return {
        "language": language,
        "findings": [one.as_json() for one in found],
        "reading": score and vars(score),
    }


advisor.add_to(router)
lowering_api.add_to(router)
stacks_api.add_to(router)


@router.get("/{slug}", response=StandardOut, summary="One standard")
def get_standard(request: HttpRequest, slug: str) -> StandardOut:
    return _standard(queries.achievement_by_slug(request.org_id, slug))  # type: ignore[attr-defined]


@router.get(
    "/{slug}/versions/{number}", response=VersionOut, summary="A version, or `draft`, with its findings"
)
def get_version(request: HttpRequest, slug: str, number: str) -> VersionOut:
    return _version(_numbered(request.org_id, slug, number))  # type: ignore[attr-defined]


@router.get(
    "/{slug}/versions/{number}/document", response=dict[str, Any], summary="The public document of a version"
)
def get_document(request: HttpRequest, slug: str, number: str) -> dict[str, Any]:
    return stacks.public_document(_numbered(request.org_id, slug, number))  # type: ignore[attr-defined]


@router.get(
    "/{slug}/changes", response=ChangeOut, summary="What differs between two versions, and what it forces"
)
def get_changes(request: HttpRequest, slug: str, old: str, new: str = "draft") -> dict[str, Any]:
    first, second = (_numbered(request.org_id, slug, number) for number in (old, new))  # type: ignore[attr-defined]
    change = versions.compare(first.standard, second.standard).as_json()
    return {**change, "bridge": bridge(first.standard, second.standard).as_json()}


@router.post("/{slug}/draft", response={201: VersionOut}, summary="Open a draft of the next version")
def start_draft(request: HttpRequest, slug: str) -> Status:
    view = queries.achievement_by_slug(request.org_id, slug)  # type: ignore[attr-defined]
    return Status(201, _version(actions.start_new_version(**caller(request), achievement_id=view.id)))


@router.patch("/{slug}/draft", response=VersionOut, summary="Save members of the draft")
def save_draft(request: HttpRequest, slug: str, payload: DraftIn) -> VersionOut:
    view = open_draft(request, slug)
    saved = actions.save_draft(
        **caller(request), version_id=view.id, content=payload.content, revision=payload.revision
    )
    return _version(saved)


@router.delete("/{slug}/draft", response={204: None}, summary="Discard the draft")
def discard_draft(request: HttpRequest, slug: str) -> Status:
    view = open_draft(request, slug)
    actions.discard_draft(**caller(request), version_id=view.id)
    return Status(204, None)


@router.post(
    "/{slug}/draft/publish", response=VersionOut, summary="Publish the draft, if the gate lets it through"
)
def publish_draft(request: HttpRequest, slug: str, payload: PublishIn) -> VersionOut:
    view = open_draft(request, slug)
    done = actions.publish(
        **caller(request),
        version_id=view.id,
        update_note=payload.update_note,
        revision=payload.revision,
        at_least=payload.at_least,
        effective_at=payload.effective_at,
        transition_until=payload.transition_until,
    )
    return _version(done)


@router.get("/schema/standard", response=dict[str, Any], summary="The JSON Schema of a standard's content")
def get_schema(request: HttpRequest) -> dict[str, Any]:
    return Standard.model_json_schema()
