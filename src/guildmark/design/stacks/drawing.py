"""The map of standards: a base in the middle, its layers above, the parts that it packages below. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from guildmark.design.stacks.types import ROLES, Node, Relation, Side

#: Deeper than this a page would be a corridor; what lies beyond has a map of its own.
DEEPEST = 6
_ORDER = list(ROLES)


def forest(relations: Sequence[Relation], focus: UUID | None = None) -> list[Node]:
    """One tree for each standard that rests on nothing, by title; with ``focus`` only what hangs together with it.

    A standard with several bases is drawn in full under the first and named under the others.
    """
    if focus is not None:
        relations = _together(relations, focus)
    sides = {side.achievement_id: side for one in relations for side in (one.base, one.child)}
    children = {one.child.achievement_id for one in relations}
    drawn: set[UUID] = set()
    roots = sorted((side for key, side in sides.items() if key not in children), key=_by_title)
    return [_node(root, "", relations, drawn, 0) for root in roots]


def _by_title(side: Side) -> tuple[str, str]:
    return side.title.casefold(), side.slug


def _node(side: Side, role: str, relations: Sequence[Relation], drawn: set[UUID], depth: int) -> Node:
    own = [one for one in relations if one.base.achievement_id == side.achievement_id]
    if own and (side.achievement_id in drawn or depth >= DEEPEST):
        return Node(side, role, again=True)
    drawn.add(side.achievement_id)
    own.sort(key=lambda one: (_ORDER.index(one.role), *_by_title(one.child)))
    nodes = [_node(one.child, one.role, relations, drawn, depth + 1) for one in own]
    return Node(
        side,
        role,
        above=tuple(node for node in nodes if node.role != "part"),
        below=tuple(node for node in nodes if node.role == "part"),
    )


def _together(relations: Sequence[Relation], focus: UUID) -> list[Relation]:
    """The relations that are reached from one standard, whichever way they point."""
    reached, before = {focus}, 0
    while len(reached) > before:
        before = len(reached)
        for one in relations:
            pair = {one.base.achievement_id, one.child.achievement_id}
            if pair & reached:
                reached |= pair
    return [one for one in relations if one.base.achievement_id in reached]
