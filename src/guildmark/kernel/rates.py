"""Rates as they may be shown: never without how many they rest on, and not at all while these are too few."""

from __future__ import annotations

from dataclasses import dataclass

from guildmark.psychometrics.intervals import wilson

#: Below this many cases a rate says less than it seems to.
FLOOR = 20


@dataclass(frozen=True)
class Rate:
    """How many of how many. ``measurable`` says whether the rate may be shown; ``low`` and ``high`` are percent."""

    successes: int
    cases: int
    floor: int = FLOOR

    @property
    def measurable(self) -> bool:
        return self.cases >= self.floor

    @property
    def percent(self) -> int:
        return round(100 * self.successes / self.cases)

    @property
    def low(self) -> int:
        return round(100 * wilson(self.successes, self.cases)[0])

    @property
    def high(self) -> int:
        return round(100 * wilson(self.successes, self.cases)[1])

    def __str__(self) -> str:
        if not self.measurable:
            return f"not yet measurable (n = {self.cases})"
        return f"{self.percent} % (n = {self.cases}; {self.low} to {self.high} %)"
