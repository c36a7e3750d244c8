"""Relations of standards over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from guildmark.design import queries
from guildmark.design.stacks import promotion_api, relations
from guildmark.design.stacks import queries as reading
from guildmark.design.stacks.types import Relation, Role, Side


class SideOut(Schema):
    """A standard at one end of a relation; ``version`` is the one in force, empty when there is none."""

    slug: str
    title: str
    version: str
    published: bool


class RelationOut(Schema):
    id: UUID
    role: Role
    announced: bool
    child: SideOut
    base: SideOut
    created_at: datetime


class RelationIn(Schema):
    """``this`` says whether the standard of the address is the layer (``child``) or the ``base``."""

    other: str = Field(description="Address part (slug) of the other standard")
    role: Role
    this: Literal["child", "base"] = "child"
    announced: bool = Field(False, description="Public pages may name the base before it is published")


def _side(side: Side) -> SideOut:
    return SideOut(slug=side.slug, title=side.title, version=side.number, published=side.public)


def _out(one: Relation) -> RelationOut:
    return RelationOut(
        id=one.id,
        role=cast(Role, one.role),
        announced=one.announced,
        child=_side(one.child),
        base=_side(one.base),
        created_at=one.created_at,
    )


def _keys(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


def _id(request: HttpRequest, slug: str) -> UUID:
    return queries.achievement_by_slug(request.org_id, slug).id  # type: ignore[attr-defined]


def list_layers(request: HttpRequest, slug: str) -> list[RelationOut]:
    found = reading.ties(request.org_id, _id(request, slug))  # type: ignore[attr-defined]
    return [_out(one) for one in (*found.bases, *found.layers, *found.parts)]


def add_layer(request: HttpRequest, slug: str, payload: RelationIn) -> Status:
    own, other = _id(request, slug), _id(request, payload.other)
    child, base = (own, other) if payload.this == "child" else (other, own)
    made = relations.relate(
        **_keys(request), child_id=child, base_id=base, role=payload.role, announced=payload.announced
    )
    return Status(201, _out(made))


def remove_layer(request: HttpRequest, slug: str, relation_id: UUID) -> Status:
    reading.relation_of(request.org_id, relation_id, _id(request, slug))  # type: ignore[attr-defined]
    relations.unrelate(**_keys(request), relation_id=relation_id)
    return Status(204, None)


def add_to(router: Router) -> None:
    """Put the operations onto a router, before any whose path begins with a parameter."""
    promotion_api.add_to(router)
    router.get(
        "/{slug}/layers", response=list[RelationOut], summary="What a standard rests on, and its layers"
    )(list_layers)
    router.post("/{slug}/layers", response={201: RelationOut}, summary="Tie a standard to another one")(
        add_layer
    )
    router.delete("/{slug}/layers/{relation_id}", response={204: None}, summary="Remove a tie")(remove_layer)
