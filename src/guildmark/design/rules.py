"""What an organisation asks of its own standards: the write, and what was typed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from guildmark.design import drafts, queries
from guildmark.design.models import OrgRules
from guildmark.design.types import Rules
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import FieldProblem, Invalid
from guildmark.kernel.words import Count, said

JARGON_WORDS = 300
JARGON_LETTERS = 60
#: The longest window of an organisation's rules: ten years.
TRANSITION_DAYS = 3650


@transaction.atomic
def set_rules(
    *,
    by: Actor,
    org_id: UUID,
    impostor_once: float,
    impostor_with_retakes: float,
    jargon: Iterable[str],
    transition_days: int | None = None,
) -> Rules:
    """Set the limits of the impostor meter, as chances from 0 to 1, and the words that outsiders do not know.

    ``transition_days`` is how long learners may go on under an older bar, 0 to :data:`TRANSITION_DAYS`; None leaves it.
    Binds drafts from now on; what is published stays. Raises Invalid with one problem per field.
    """
    by.require(org_id, "designer")
    words = tuple(dict.fromkeys(word for word in (drafts.tidy(line) for line in jargon) if word))
    before = queries.rules(org_id)
    days = before.transition_days if transition_days is None else transition_days
    problems = [
        *_limit_problems(impostor_once, impostor_with_retakes),
        *_day_problems(days),
        *_word_problems(words),
    ]
    if problems:
        raise Invalid(said("These rules cannot be kept."), errors=problems)
    asked = Rules(impostor_once, impostor_with_retakes, words, days)
    if asked == before:
        return before
    OrgRules.objects.for_org(org_id).update_or_create(
        org_id=org_id,
        defaults={
            "impostor_once": impostor_once,
            "impostor_with_retakes": impostor_with_retakes,
            "jargon": list(words),
            "transition_days": days,
            "changed_at": now(),
            "changed_by": by.id if by.kind == "user" else None,
        },
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="design.rules_set",
        subject_type="organisation",
        subject_id=org_id,
        data={
            "impostor_once": [str(before.impostor_once), str(impostor_once)],
            "impostor_with_retakes": [str(before.impostor_with_retakes), str(impostor_with_retakes)],
            "jargon_words": len(words),
            "transition_days": [before.transition_days, days],
        },
    )
    return asked


def _limit_problems(once: float, retakes: float) -> list[FieldProblem]:
    limits = {"impostor_once": once, "impostor_with_retakes": retakes}
    problems = [
        FieldProblem(
            name,
            said("{number} % is no chance.", number=f"{100 * value:g}"),
            said("Give a number from 0 to 100."),
        )
        for name, value in limits.items()
        if not (math.isfinite(value) and 0 <= value <= 1)
    ]
    if not problems and retakes < once:
        mend = said("Give at least the limit for the first attempt.")
        detail = said("All attempts together allow less than the first.")
        problems = [FieldProblem("impostor_with_retakes", detail, mend)]
    return problems


def _day_problems(days: int) -> list[FieldProblem]:
    if 0 <= days <= TRANSITION_DAYS:
        return []
    mend = said("Give 0 to {most} days.", most=Count(TRANSITION_DAYS))
    return [FieldProblem("transition_days", said("{n} days are no window.", n=days), mend)]


def _word_problems(words: tuple[str, ...]) -> list[FieldProblem]:
    if len(words) > JARGON_WORDS:
        return [
            FieldProblem(
                "jargon",
                said("There are {n} words; the limit is {most}.", n=len(words), most=JARGON_WORDS),
                said("Remove some."),
            )
        ]
    long = [word for word in words if len(word) > JARGON_LETTERS]
    if long:
        return [
            FieldProblem(
                "jargon",
                said("“{word}…” is no word.", word=long[0][:JARGON_LETTERS]),
                said("Write one word on each line."),
            )
        ]
    return []
