"""Measuring side by side: one core, rounds that take turns, medians, processor time."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

#: One round of a contender: it does its work and returns the processor time of one piece of it, in seconds.
Round = Callable[[], float]


def pin() -> str:
    """Keep this process and its children on one core, where the system can; says which."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core}"


def timed(work: Callable[[], int]) -> Round:
    """A round of work in this process; ``work`` returns how many pieces it did."""

    def once() -> float:
        gc.collect()
        began = time.process_time()
        count = work()
        return (time.process_time() - began) / count

    return once


@dataclass
class Taken:
    """What each contender took for one piece of work, round by round, in seconds of processor time."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, slow: str, fast: str) -> float:
        """How many times as fast as ``slow`` the contender ``fast`` is: the median of the rounds' own ratios."""
        pairs = zip(self.rounds[slow], self.rounds[fast], strict=True)
        return statistics.median(one / other for one, other in pairs)

    def spread(self, slow: str, fast: str) -> tuple[float, float]:
        """The smallest and the largest of the rounds' ratios."""
        found = [a / b for a, b in zip(self.rounds[slow], self.rounds[fast], strict=True)]
        return min(found), max(found)


def interleaved(contenders: Mapping[str, Round], rounds: int, *, swap: bool = True) -> Taken:
    """Let every contender do one round after the other, as often as asked; the first turn warms up and is dropped.

    Another one begins each time, so that nobody always runs after the same neighbour; without ``swap`` the order stays.
    """
    taken = Taken({name: [] for name in contenders})
    names: Sequence[str] = list(contenders)
    # What was prepared must not be walked through by collections that the work causes.
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        first = number % len(names) if swap else 0
        for name in (*names[first:], *names[:first]):
            seconds = contenders[name]()
            if number:
                taken.rounds[name].append(seconds)
    return taken
