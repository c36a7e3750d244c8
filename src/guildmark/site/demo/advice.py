"""What Northlamp asked the advisor: about its first standard, and about a certification that it cannot run yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from guildmark.design.advisor import actions
from guildmark.design.advisor.answers import Answers
from guildmark.kernel.actor import Actor

SEQUENCE: dict[str, Any] = {
    "title": "Welcome sequence, built and checked",
    "decision": {
        "who": "A small-business owner",
        "what": "Which freelancer to hire for an e-mail launch",
        "convinced_by": "A working sequence, and how its faults were found",
    },
    "questions": {
        "outcome": "task",
        "outcome_text": "Sets up and checks one automated sequence without supervision.",
        "evidence": "work",
        "evidence_text": "The export, the test log, and two trade-offs explained.",
        "change": "months",
        "place": "pathway",
    },
    "certification": {
        "field": "marketing",
        "industry": "open",
        "competencies": 3,
        "domains": 1,
        "premium": "middle",
    },
    "micro": {
        "specific": True,
        "stackable": True,
        "work_samples": True,
        "artefact": "The working sequence, exported",
    },
    "capacity": {"learners": 60, "assessor_hours": 90, "update_hours": 12},
    "offer": {"study_hours": 6, "assessment_hours": 1.5, "price": 120, "currency": "EUR", "hour_value": 60},
    "plan": {"weekly_hours": 6, "lead": "Mara", "assessor": "Jonas"},
}
PRACTITIONER: dict[str, Any] = {
    "title": "Learning operations practitioner",
    "intended": "certification",
    "decision": {
        "who": "A training manager",
        "what": "Whom to hire for a role that needs consistency",
        "convinced_by": "A result that means the same for every holder, and one project",
    },
    "questions": {"outcome": "role", "evidence": "both", "change": "year", "place": "flagship"},
    "certification": {"industry": "conservative", "competencies": 12, "domains": 5, "premium": "premium"},
    "micro": {
        "specific": False,
        "stackable": False,
        "work_samples": True,
        "artefact": "A plan for moving a course to a new platform",
    },
    "capacity": {
        "learners": 40,
        "assessor_hours": 80,
        "item_writers": 1,
        "panel_members": 5,
        "update_hours": 40,
    },
    "offer": {
        "study_hours": 90,
        "assessment_hours": 4,
        "judges": 2,
        "price": 900,
        "currency": "EUR",
        "hour_value": 60,
    },
    "plan": {"weekly_hours": 8, "lead": "Mara", "assessor": "Jonas"},
}


def seed(
    by: Actor, org_id: UUID, sequence: UUID, at: Callable[[float], AbstractContextManager[None]]
) -> None:
    """Ask both questions at their time; ``sequence`` is the achievement that the first is about."""
    with at(655):
        actions.keep(by=by, org_id=org_id, answers=Answers.model_validate(SEQUENCE), achievement_id=sequence)
    with at(12):
        kept = actions.keep(by=by, org_id=org_id, answers=Answers.model_validate(PRACTITIONER))
    with at(9):
        actions.tick(by=by, org_id=org_id, advice_id=kept.id, task="decision", done=True)
