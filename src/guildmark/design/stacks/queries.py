"""Reads of relations between standards. Everything needs the organisation, also for public pages, which know it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guildmark.design import queries
from guildmark.design.models import Layer
from guildmark.design.stacks import proposing
from guildmark.design.stacks.types import Relation, Side, Ties
from guildmark.design.types import AchievementView, VersionView
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import absolute


def side_of(view: AchievementView) -> Side:
    return Side(
        view.id,
        view.slug,
        view.title,
        view.signal,
        view.published_number,
        public=view.versions > 0,
        version_id=view.published_id,
        archived=view.archived,
    )


def _rows(org_id: UUID) -> QuerySet[Layer]:
    """Rows with everything that their views need; the versions in force take one query more."""
    rows: QuerySet[Layer] = Layer.objects.for_org(org_id)
    return rows.select_related("child", "base", "base__promotion").order_by("created_at", "id")


def _relations(rows: Iterable[Layer]) -> list[Relation]:
    rows = list(rows)
    sides = {side.id: side for row in rows for side in (row.child, row.base)}
    views = queries.achievement_views(sides.values()) if sides else {}
    return [
        Relation(
            row.id,
            row.role,
            row.announced,
            side_of(views[row.child_id]),
            side_of(views[row.base_id]),
            row.created_at,
            row.created_by,
            tuple(row.base.promotion.members) if hasattr(row.base, "promotion") else (),
        )
        for row in rows
    ]


def relations(org_id: UUID) -> list[Relation]:
    """Every relation of the organisation, oldest first."""
    return _relations(_rows(org_id))


def relation(org_id: UUID, relation_id: UUID) -> Relation:
    """One relation; NotFound for everybody else's."""
    found = _relations(_rows(org_id).filter(id=relation_id))
    if not found:
        raise NotFound(queries.UNKNOWN)
    return found[0]


def relation_of(org_id: UUID, relation_id: UUID, achievement_id: UUID) -> Relation:
    """A relation on one side of which this standard stands; NotFound for any other."""
    found = relation(org_id, relation_id)
    if achievement_id not in {found.child.achievement_id, found.base.achievement_id}:
        raise NotFound(queries.UNKNOWN)
    return found


def ties(org_id: UUID, achievement_id: UUID) -> Ties:
    """What a standard rests on, what rests on it, and what it is made of; one query where there is nothing."""
    rows = _rows(org_id).filter(Q(child_id=achievement_id) | Q(base_id=achievement_id))
    return sorted_ties(_relations(rows), achievement_id)


def sorted_ties(found: Sequence[Relation], achievement_id: UUID) -> Ties:
    """Of these relations the ones of one standard, by what they are to it."""
    own = [one for one in found if one.base.achievement_id == achievement_id]
    return Ties(
        bases=tuple(one for one in found if one.child.achievement_id == achievement_id),
        layers=tuple(one for one in own if one.role != "part"),
        parts=tuple(one for one in own if one.role == "part"),
    )


def public_ties(org_id: UUID, achievement_id: UUID) -> Ties:
    """What a stranger may read of it: layers and parts only once they are published.

    A base that is not published yet stays in ``bases``; ask :attr:`Relation.names_base` before its title is shown.
    """
    found = ties(org_id, achievement_id)
    return Ties(
        found.bases,
        tuple(one for one in found.layers if one.child.public),
        tuple(one for one in found.parts if one.child.public),
    )


def public_relations(org_id: UUID) -> list[Relation]:
    """The relations for the public map: the child is published, and the base may be named."""
    return [
        one
        for one in relations(org_id)
        if one.child.public and one.names_base and not (one.child.archived or one.base.archived)
    ]


def public_document(view: VersionView) -> dict[str, Any]:
    """The public JSON of a version with its relations beside the hashed core; without that member where there are none."""
    found = public_ties(view.org_id, view.achievement_id)
    document = queries.standard_document(view)
    if not found:
        return document
    told = [one.as_json() for one in proposing.public_statements(view.org_id, view.id, found)]
    return {**document, "relations": as_json(found), **({"recognition": told} if told else {})}


def as_json(found: Ties) -> list[dict[str, Any]]:
    """Relations as strangers may read them: the role, and the base or the layer at the other end."""
    return [
        *({"role": one.role, "base": _named(one.base, one.names_base)} for one in found.bases),
        *({"role": one.role, "layer": _named(one.child, True)} for one in (*found.layers, *found.parts)),
    ]


def _named(side: Side, named: bool) -> dict[str, Any]:
    if not side.public:
        return {"published": False, **({"title": side.title} if named else {})}
    return {
        "published": True,
        "title": side.title,
        "slug": side.slug,
        "version": side.number or None,
        "url": absolute(f"/s/{side.slug}"),
    }
