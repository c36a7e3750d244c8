"""Intervals around a rate that was counted."""

from __future__ import annotations

import math
from statistics import NormalDist

from guildmark.psychometrics.errors import ImpossibleModel, need_chance

# Steps of halving: below the spacing of floating point numbers in 0 to 1.
HALVINGS = 60


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of Wilson (1927) for ``successes`` in ``n`` trials."""
    _counted(successes, n)
    need_chance("confidence", confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, square = successes / n, z * z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson (1934): never too short, often too long."""
    _counted(successes, n)
    tail = (1 - need_chance("confidence", confidence)) / 2
    low = 0.0 if successes == 0 else _quantile(successes, n - successes + 1, tail)
    high = 1.0 if successes == n else _quantile(successes + 1, n - successes, 1 - tail)
    return low, high


def _counted(successes: int, n: int) -> None:
    if n < 1 or not 0 <= successes <= n:
        raise ImpossibleModel("n", f"{successes} of {n} cannot be counted.", "Give at least one trial.")


def _quantile(a: float, b: float, chance: float) -> float:
    """The quantile of a beta distribution, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if incomplete_beta(a, b, middle) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (NIST DLMF 8.17.22)."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):  # the fraction converges quickly on the other side
        return 1 - incomplete_beta(b, a, 1 - x)
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(logs) / a / _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) from its far end."""
    value = 1.0
    steps = 50 + int(10 * math.sqrt(a + b))
    for n in range(steps, 0, -1):
        m = n // 2
        if n % 2:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + d / value
    return value
