"""Transition tables: which state may follow which, in one place per entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guildmark.kernel.problems import Conflict


@dataclass(frozen=True)
class Transitions:
    """The allowed moves of one kind of thing. ``noun`` is used in the message of a refused move."""

    noun: str
    table: Mapping[str, frozenset[str]]

    def check(self, present: str, wanted: str) -> None:
        """Raise Conflict when ``wanted`` may not follow ``present``."""
        if wanted not in self.table.get(present, frozenset()):
            allowed = ", ".join(sorted(self.table.get(present, frozenset()))) or "nothing"
            raise Conflict(
                f"This {self.noun} is {present.replace('_', ' ')} and cannot become {wanted.replace('_', ' ')}.",
                mend=f"From here it can become: {allowed.replace('_', ' ')}.",
            )

    def allows(self, present: str, wanted: str) -> bool:
        return wanted in self.table.get(present, frozenset())


def transitions(noun: str, **moves: str) -> Transitions:
    """``transitions("version", draft="published", published="superseded retired")``."""
    return Transitions(noun, {state: frozenset(targets.split()) for state, targets in moves.items()})
