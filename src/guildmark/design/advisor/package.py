"""What a stack became: the one write of advice that a promotion makes."""

from __future__ import annotations

from uuid import UUID

from guildmark.design.advisor import queries
from guildmark.design.models import Advice
from guildmark.design.stacks import relations
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.words import said


def begun(*, by: Actor, org_id: UUID, advice_id: UUID, achievement_id: UUID) -> None:
    """Note in the advice of a stack which standard became its package, and tie the members that were begun from it.

    Must run inside a transaction. NotFound for advice of others, Conflict when its package was begun already, Invalid
    when the advice has none.
    """
    found = queries.advice(org_id, advice_id)
    row = Advice.objects.for_org(org_id).select_for_update(of=("self",)).get(id=advice_id)
    piece = next((place for place, one in enumerate(found.result.pieces) if one.role == "package"), None)
    if piece is None:
        raise Invalid(
            said("This advice is not about a stack."),
            field="advice",
            mend=said("Promote the stack without it."),
        )
    if piece in {one.piece for one in found.started}:
        raise Conflict(
            said("The package of this advice was begun already."),
            mend=said("Open it from the list of standards."),
        )
    entry = {"piece": piece, "role": "package", "achievement": str(achievement_id)}
    row.started = [*(one for one in row.started if one["piece"] != piece), entry]
    row.save(update_fields=["started"])
    audit.record(
        org_id=org_id,
        by=by,
        action="design.advice_taken",
        subject_type="advice",
        subject_id=row.id,
        data={"role": "package"},
    )
    relations.tie_begun(by=by, org_id=org_id, started=row.started)
