"""Distributions of a number of successes, computed exactly up to floating point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from guildmark.psychometrics.errors import need_chance, need_count

# Above it comb(n, k) leaves the range of a float.
LARGEST_PLAIN = 1000


def binomial(n: int, p: float) -> list[float]:
    """The chances of 0 to ``n`` successes in ``n`` independent trials that succeed with ``p`` each."""
    need_count("n", n)
    need_chance("p", p)
    if p in (0.0, 1.0):
        return [float(k == n * p) for k in range(n + 1)]
    if n > LARGEST_PLAIN:
        flat = math.lgamma(n + 1)
        odds, rest = math.log(p), math.log1p(-p)
        return [
            math.exp(flat - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * odds + (n - k) * rest)
            for k in range(n + 1)
        ]
    return [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


def poisson_binomial(chances: Sequence[float]) -> list[float]:
    """The chances of 0 to ``len(chances)`` successes in independent trials with a chance of their own each.

    By dynamic programming over the trials; no approximation.
    """
    spread = [1.0]
    for p in chances:
        spread.append(0.0)
        for k in range(len(spread) - 1, 0, -1):
            spread[k] = spread[k] * (1 - p) + spread[k - 1] * p
        spread[0] *= 1 - p
    return spread


def convolve(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The distribution of the sum of two independent numbers, each given from 0 upwards."""
    made = [0.0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        if a:
            for k, b in enumerate(other):
                made[i + k] += a * b
    return made


def hypergeometric(bank: int, known: int, drawn: int) -> list[float]:
    """The chances that 0 to ``drawn`` of the drawn items are among the ``known`` ones of the ``bank``."""
    need_count("bank", bank, drawn)
    need_count("bank", bank, known)
    fewest, most = max(0, drawn - (bank - known)), min(known, drawn)
    if bank > LARGEST_PLAIN:
        flat = _log_ways(bank, drawn)
        found = {
            k: math.exp(_log_ways(known, k) + _log_ways(bank - known, drawn - k) - flat)
            for k in range(fewest, most + 1)
        }
    else:
        ways = math.comb(bank, drawn)
        found = {
            k: math.comb(known, k) * math.comb(bank - known, drawn - k) / ways
            for k in range(fewest, most + 1)
        }
    return [found.get(k, 0.0) for k in range(drawn + 1)]


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def at_least(spread: Sequence[float], least: int) -> float:
    """The chance of ``least`` or more, from a distribution given from 0 upwards (which may leave cases out)."""
    return min(1.0, math.fsum(spread[max(0, least) :]))


def after_tries(once: Sequence[float]) -> float:
    """The chance of at least one success in independent tries with these chances."""
    return 1 - math.prod(1 - p for p in once)
