"""Transition tables: which state may follow which, in one place per entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guildmark.kernel.problems import Conflict
from guildmark.kernel.words import said, said_in, strung

_NOUNS = (
    said_in("thing", "framework"),
    said_in("thing", "import"),
    said_in("thing", "message"),
    said_in("thing", "version"),
    said_in("thing", "enrolment link"),
    said_in("thing", "enrolment"),
    said_in("thing", "submission"),
    said_in("thing", "assessment"),
    said_in("thing", "award"),
    said_in("thing", "credential"),
    said_in("thing", "batch"),
    said_in("thing", "key"),
    said_in("thing", "organisation"),
    said_in("thing", "membership"),
)
_STATES = (
    said_in("state", "acknowledged"),
    said_in("state", "active"),
    said_in("state", "approved"),
    said_in("state", "cancelled"),
    said_in("state", "checked"),
    said_in("state", "closed"),
    said_in("state", "closing"),
    said_in("state", "complete"),
    said_in("state", "compromised"),
    said_in("state", "current"),
    said_in("state", "decided"),
    said_in("state", "declined"),
    said_in("state", "discrepant"),
    said_in("state", "done"),
    said_in("state", "draft"),
    said_in("state", "enrolled"),
    said_in("state", "failed"),
    said_in("state", "imported"),
    said_in("state", "in rating"),
    said_in("state", "issued"),
    said_in("state", "not passed"),
    said_in("state", "open"),
    said_in("state", "passed"),
    said_in("state", "paused"),
    said_in("state", "published"),
    said_in("state", "queued"),
    said_in("state", "returned"),
    said_in("state", "retired"),
    said_in("state", "retiring"),
    said_in("state", "revoked"),
    said_in("state", "running"),
    said_in("state", "sent"),
    said_in("state", "submitted"),
    said_in("state", "superseded"),
    said_in("state", "suspended"),
    said_in("state", "withdrawn"),
)
NOUNS = {str(noun): noun for noun in _NOUNS}
STATES = {state.replace(" ", "_"): state for state in _STATES}


def state_word(state: str) -> str:
    """``not_passed`` as people read it."""
    return STATES.get(state) or state.replace("_", " ")


@dataclass(frozen=True)
class Transitions:
    """The allowed moves of one kind of thing. ``noun`` is used in the message of a refused move."""

    noun: str
    table: Mapping[str, frozenset[str]]

    def check(self, present: str, wanted: str) -> None:
        """Raise Conflict when ``wanted`` may not follow ``present``."""
        if wanted not in self.table.get(present, frozenset()):
            allowed = [state_word(state) for state in sorted(self.table.get(present, frozenset()))]
            raise Conflict(
                said(
                    "This {noun} is {present} and cannot become {wanted}.",
                    noun=NOUNS.get(self.noun, self.noun),
                    present=state_word(present),
                    wanted=state_word(wanted),
                ),
                mend=said(
                    "From here it can become: {allowed}.",
                    allowed=strung(", ", allowed) if allowed else said("nothing"),
                ),
            )

    def allows(self, present: str, wanted: str) -> bool:
        return wanted in self.table.get(present, frozenset())


def transitions(noun: str, **moves: str) -> Transitions:
    """``transitions("version", draft="published", published="superseded retired")``."""
    return Transitions(noun, {state: frozenset(targets.split()) for state, targets in moves.items()})
