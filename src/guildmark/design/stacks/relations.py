"""Every write of relations between standards. None of them touches a version: its content and hash stay what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import queries
from guildmark.design.models import Achievement, Layer
from guildmark.design.stacks import queries as reading
from guildmark.design.stacks.types import ROLES, Relation
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid
from guildmark.kernel.words import said

#: Pieces of a hybrid that others are tied to.
CENTRES = ("anchor", "package")


def _audit(by: Actor, row: Layer, action: str, **data: Any) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=action,
        subject_type="achievement",
        subject_id=row.child_id,
        data={"base": str(row.base_id), "role": row.role, **data},
    )


def _locked(org_id: UUID) -> dict[UUID, Achievement]:
    """The standards of the organisation, locked: two ties made at once must not close a circle together."""
    rows = Achievement.objects.for_org(org_id).select_for_update().order_by("id")
    return {row.id: row for row in rows.defer("outline")}


def _refusal(rows: Mapping[UUID, Achievement], pairs: set[tuple[UUID, UUID]], child: UUID, base: UUID,
             role: str) -> GuildmarkError | None:  # fmt: skip
    """Why two standards cannot be tied; None when they can. ``pairs`` are the (child, base) that there are."""
    if role not in ROLES:
        return Invalid(
            said("This role is not known."),
            field="role",
            mend=said("Choose from {roles}.", roles=", ".join(ROLES)),
        )
    if child == base:
        return Invalid(
            said("A standard cannot rest on itself."), field="other", mend=said("Choose another one.")
        )
    if any(rows[one].signal == "completion" for one in (child, base)):
        return Invalid(
            said(
                "A completion record says that somebody took part: nothing rests on it, and it rests on nothing."
            ),
            field="other",
            mend=said("Choose a standard by which work is judged."),
        )
    if (child, base) in pairs:
        return Conflict(
            said("These two are tied already."),
            field="other",
            mend=said("Remove that tie first if the role is to change."),
        )
    if _reaches(pairs, base, child):
        return Conflict(
            said(
                "“{base}” rests on “{child}” already, so it cannot also be below it.",
                base=rows[base].title,
                child=rows[child].title,
            ),
            field="other",
            mend=said("Choose the other direction, or another standard."),
        )
    return None


def _reaches(pairs: set[tuple[UUID, UUID]], start: UUID, goal: UUID) -> bool:
    """Whether ``goal`` is reached from ``start`` by going from layers to their bases."""
    seen, waiting = set(), [start]
    while waiting:
        one = waiting.pop()
        if one == goal:
            return True
        if one not in seen:
            seen.add(one)
            waiting += [base for child, base in pairs if child == one]
    return False


def _pairs(org_id: UUID) -> set[tuple[UUID, UUID]]:
    return set(Layer.objects.for_org(org_id).values_list("child_id", "base_id"))


def _tie(by: Actor, org_id: UUID, child: UUID, base: UUID, role: str, announced: bool) -> Layer:
    row = Layer.objects.create(
        org_id=org_id,
        child_id=child,
        base_id=base,
        role=role,
        announced=announced,
        created_at=now(),
        created_by=by.id if by.kind == "user" else None,
    )
    _audit(by, row, "design.layer_tied", announced=announced)
    return row


@transaction.atomic
def relate(
    *, by: Actor, org_id: UUID, child_id: UUID, base_id: UUID, role: str, announced: bool = False
) -> Relation:
    """Tie ``child`` to ``base``: specialization, refresher or tool update of it, or a part of the stack it packages.

    Both belong to the organisation. Invalid for an unknown role, the same standard twice, or a completion record;
    Conflict when they are tied already or the tie would close a circle.
    """
    by.require(org_id, "designer")
    for one in (child_id, base_id):
        queries.achievement(org_id, one)  # NotFound for everybody else's
    refused = _refusal(_locked(org_id), _pairs(org_id), child_id, base_id, role)
    if refused is not None:
        raise refused
    return reading.relation(org_id, _tie(by, org_id, child_id, base_id, role, announced).id)


def _row(org_id: UUID, relation_id: UUID) -> Layer:
    reading.relation(org_id, relation_id)
    row: Layer = Layer.objects.for_org(org_id).select_for_update().get(id=relation_id)
    return row


@transaction.atomic
def announce(*, by: Actor, org_id: UUID, relation_id: UUID, announced: bool) -> Relation:
    """Let public pages name the base before it is published, or no longer; twice is harmless."""
    by.require(org_id, "designer")
    row = _row(org_id, relation_id)
    if row.announced != announced:
        row.announced = announced
        row.save(update_fields=["announced"])
        _audit(by, row, "design.layer_announced", announced=announced)
    return reading.relation(org_id, relation_id)


@transaction.atomic
def unrelate(*, by: Actor, org_id: UUID, relation_id: UUID) -> None:
    """Untie two standards; both stay as they are."""
    by.require(org_id, "designer")
    row = _row(org_id, relation_id)
    _audit(by, row, "design.layer_untied")
    row.delete()


def tie_begun(*, by: Actor, org_id: UUID, started: Sequence[Mapping[str, Any]]) -> None:
    """Tie the pieces of a hybrid that were begun from one piece of advice: layers to the anchor, members to the package.

    Must run inside a transaction. What is tied already, gone, or no longer fits is left as it is.
    """
    centre = next((one for one in started if one["role"] in CENTRES), None)
    if centre is None:
        return
    rows, pairs, base = _locked(org_id), _pairs(org_id), UUID(centre["achievement"])
    for one in started:
        child = UUID(one["achievement"])
        role = "part" if one["role"] == "stack" else one["role"]
        fits = child in rows and base in rows and one is not centre
        if fits and _refusal(rows, pairs, child, base, role) is None:
            _tie(by, org_id, child, base, role, announced=False)
            pairs.add((child, base))
