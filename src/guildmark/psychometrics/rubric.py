"""The decision rule of a rubric (every must-pass criterion and at least so many of the others) under chances.

What is known of each criterion is its chance alone, so the rule is computed for three kinds of dependence: none,
complete (one impression decides all), and the least and greatest that any dependence allows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from guildmark.psychometrics.counts import at_least, poisson_binomial


@dataclass(frozen=True)
class RuleChance:
    """The chance that the rule is met, and the bounds that no dependence between criteria can leave."""

    chance: float
    low: float
    high: float


def independent(must: Sequence[float], others: Sequence[float], required: int) -> float:
    """Every criterion is judged for itself."""
    return math.prod(must) * at_least(poisson_binomial(others), required)


def one_impression(must: Sequence[float], others: Sequence[float], required: int) -> float:
    """One impression decides all: whoever passes a criterion passes every easier one, too."""
    if required > len(others):
        return 0.0
    weakest = sorted(others, reverse=True)[:required]
    return min([1.0, *must, *weakest])


def _most(others: Sequence[float], required: int) -> float:
    """The greatest chance of ``required`` or more of the events (Rueger 1978)."""
    if required <= 0:
        return 1.0
    if required > len(others):
        return 0.0
    ranked = sorted(others)
    # Leaving out the likeliest j and sharing the rest among what is still required.
    return min(1.0, *(math.fsum(ranked[: len(ranked) - j]) / (required - j) for j in range(required)))


def bounds(must: Sequence[float], others: Sequence[float], required: int) -> tuple[float, float]:
    """The least and the greatest chance of the rule under any dependence between the criteria (Frechet)."""
    if required > len(others):
        return 0.0, 0.0
    most = min([1.0, *must, _most(others, required)])
    all_must = max(0.0, math.fsum(must) - (len(must) - 1)) if must else 1.0
    # At least r of m hold unless m - r + 1 of them fail.
    enough = 1 - _most([1 - p for p in others], len(others) - required + 1)
    return max(0.0, all_must + enough - 1), most


def rule_chance(
    must: Sequence[float], others: Sequence[float], required: int, impression: float, *, bounded: bool = True
) -> RuleChance:
    """The chance of the rule when one impression decides all in a share ``impression`` of the cases, and every
    criterion is judged for itself in the rest. ``bounded`` False leaves the bounds at the chance, and is quicker.
    """
    apart = independent(must, others, required)
    together = one_impression(must, others, required)
    chance = apart + impression * (together - apart)
    low, high = bounds(must, others, required) if bounded else (chance, chance)
    return RuleChance(chance, low, high)
