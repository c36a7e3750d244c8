"""Rates as they may be shown: never without how many they rest on, and not at all while these are too few."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

#: Below this many cases a rate says less than it seems to.
FLOOR = 20
#: The normal quantile of a two-sided interval of 95 %.
Z95 = 1.959963984540054


def wilson(successes: int, cases: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a proportion, both ends between 0 and 1 (E. B. Wilson, JASA 22, 1927).

    ValueError without a case, or with more successes than cases.
    """
    if not 0 <= successes <= cases or cases == 0:
        raise ValueError(f"{successes} of {cases} is no proportion")
    share, square = successes / cases, z * z
    middle = share + square / (2 * cases)
    half = z * sqrt(share * (1 - share) / cases + square / (4 * cases * cases))
    whole = 1 + square / cases
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


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
