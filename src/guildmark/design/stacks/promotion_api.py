"""Promoting a stack over the API: the proposal, the draft, its blueprint, and what holders have shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from guildmark.design import queries
from guildmark.design.stacks import promotion, proposing, weighing
from guildmark.design.stacks.proposing import BlueprintView
from guildmark.design.stacks.weighing import Domain, Factors
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.words import said


class StackIn(Schema):
    """The members by slug, each in its version in force, and the points that weights are counted from."""

    members: list[str] = Field(max_length=proposing.MOST)
    must: int = Field(2, ge=0, le=weighing.MOST_POINTS)
    other: int = Field(1, ge=0, le=weighing.MOST_POINTS)
    hour: int = Field(1, ge=0, le=weighing.MOST_POINTS)


class PromoteIn(StackIn):
    """``weights`` in percent by competency of the draft, as the proposal names them; as proposed where left out."""

    title: str
    weights: dict[str, int] | None = None
    announced: bool = Field(
        False, description="Public pages of the members may name it before it is published"
    )
    advice_id: UUID | None = Field(None, description="Kept advice whose package this is")


class SourceOut(Schema):
    slug: str
    number: str
    competency: str
    must: float
    other: float
    hours: float | None


class DomainOut(Schema):
    """A row of the blueprint. ``points`` are what its sources add up to, ``weight`` is in percent."""

    title: str
    competency: str
    weight: int
    points: float
    sources: list[SourceOut]


class ProposalOut(Schema):
    domains: list[DomainOut]
    to_settle: list[str]
    content: dict[str, Any]


class BlueprintOut(Schema):
    slug: str
    revision: int
    editable: bool
    rows: list[DomainOut]
    gone: list[DomainOut]


class RowIn(Schema):
    competency: str
    title: str
    weight: int


class BlueprintIn(Schema):
    """All rows of the blueprint; their weights sum to 100. ``revision`` is the one you read."""

    revision: int
    rows: list[RowIn] = Field(max_length=100)


def _domain(one: Domain) -> DomainOut:
    sources = [SourceOut(**{name: getattr(s, name) for name in SourceOut.model_fields}) for s in one.sources]
    return DomainOut(
        title=one.title, competency=one.competency, weight=one.weight, points=one.points, sources=sources
    )


def _blueprint(view: BlueprintView) -> BlueprintOut:
    return BlueprintOut(
        slug=view.slug,
        revision=view.revision,
        editable=view.editable,
        rows=[_domain(one) for one in view.rows],
        gone=[_domain(one) for one in view.gone],
    )


def _keys(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


def _versions(request: HttpRequest, payload: StackIn) -> list[UUID]:
    """The versions in force of the members; Conflict for one that has none."""
    found = []
    for slug in payload.members:
        view = queries.achievement_by_slug(request.org_id, slug)  # type: ignore[attr-defined]
        if view.published_id is None:
            raise Conflict(
                said("“{title}” has no version in force.", title=view.title),
                field="members",
                mend=said("Publish a version of it first."),
            )
        found.append(view.published_id)
    return found


def _factors(payload: StackIn) -> Factors:
    return Factors(payload.must, payload.other, payload.hour)


def propose_stack(request: HttpRequest, payload: StackIn) -> ProposalOut:
    """What a promotion would make; nothing is stored."""
    request.actor.require(request.org_id, "designer")  # type: ignore[attr-defined]
    found = proposing.propose(request.org_id, _versions(request, payload), _factors(payload))  # type: ignore[attr-defined]
    return ProposalOut(
        domains=[_domain(one) for one in found.domains],
        to_settle=[str(note) for note in found.assembled.to_settle],
        content=found.assembled.content,
    )


def promote_stack(request: HttpRequest, payload: PromoteIn) -> Status:
    made = promotion.promote(
        **_keys(request),
        version_ids=_versions(request, payload),
        title=payload.title,
        factors=_factors(payload),
        weights=payload.weights,
        announced=payload.announced,
        advice_id=payload.advice_id,
    )
    return Status(201, _blueprint(proposing.blueprint(made.org_id, made.achievement_id)))


def _id(request: HttpRequest, slug: str) -> UUID:
    return queries.achievement_by_slug(request.org_id, slug).id  # type: ignore[attr-defined]


def get_blueprint(request: HttpRequest, slug: str) -> BlueprintOut:
    return _blueprint(proposing.blueprint(request.org_id, _id(request, slug)))  # type: ignore[attr-defined]


def put_blueprint(request: HttpRequest, slug: str, payload: BlueprintIn) -> BlueprintOut:
    view = promotion.save_blueprint(
        **_keys(request),
        achievement_id=_id(request, slug),
        rows={row.competency: (row.title, row.weight) for row in payload.rows},
        revision=payload.revision,
    )
    return _blueprint(view)


def get_recognition(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Computed from the draft, or else the newest version; NotFound where nothing was promoted."""
    org_id: UUID = request.org_id  # type: ignore[attr-defined]
    identity = _id(request, slug)
    if proposing.promoted_at(org_id, identity) is None:
        raise NotFound(said("This standard was not made from a stack, so it has no blueprint."))
    return [one.as_json() for one in proposing.of_whole(queries.versions_of(org_id, identity)[0])]


def add_to(router: Router) -> None:
    """Put the operations onto a router, before any whose path begins with a parameter."""
    router.post("/stacks/proposal", response=ProposalOut, summary="What a stack comes to; nothing is stored")(
        propose_stack
    )
    router.post(
        "/stacks/promotion", response={201: BlueprintOut}, summary="Begin a certification from a stack"
    )(promote_stack)
    router.get(
        "/{slug}/blueprint", response=BlueprintOut, summary="What the domains of a promoted stack weigh"
    )(get_blueprint)
    router.put("/{slug}/blueprint", response=BlueprintOut, summary="Change the blueprint of a draft")(
        put_blueprint
    )
    router.get(
        "/{slug}/recognition",
        response=list[dict[str, Any]],
        summary="What holders of the members have shown of a promoted stack",
    )(get_recognition)
