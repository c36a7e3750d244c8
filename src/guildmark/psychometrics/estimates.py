"""A chance with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guildmark.psychometrics.sentences import Number, Sentence, said

Method = Literal["exact", "monte_carlo"]
#: Where the value of an assumption comes from: the document that is judged, or us.
Source = Literal["given", "judgement"]


@dataclass(frozen=True)
class Assumption:
    """One thing that a number rests on, as a sentence that holds its value.

    ``source`` is ``given`` when the caller's own document says so, ``judgement`` when we set it; a judgement
    can be replaced by its ``key``.
    """

    key: str
    sentence: Sentence
    value: float
    source: Source


@dataclass(frozen=True)
class Estimate:
    """A chance from 0 to 1. ``low`` and ``high`` enclose it: for ``exact`` they are the least and the greatest
    chance under any dependence between the parts (equal to ``chance`` where nothing is left open), for
    ``monte_carlo`` the interval of 95 % over ``n`` runs from ``seed``.
    """

    chance: float
    low: float
    high: float
    method: Method = "exact"
    n: int = 0
    seed: int = 0
    assumptions: tuple[Assumption, ...] = ()

    def in_words(self) -> Sentence:
        """How it was computed, for people."""
        if self.method == "monte_carlo":
            runs = Number(f"{self.n:,}")
            return said("Monte Carlo, n = {runs}, seed {seed}, 95 % interval", runs=runs, seed=str(self.seed))
        return said("exact under its assumptions")


def exact(chance: float, *assumptions: Assumption) -> Estimate:
    """An estimate that leaves nothing open."""
    return Estimate(chance, chance, chance, assumptions=assumptions)


def given(key: str, sentence: Sentence, value: float) -> Assumption:
    return Assumption(key, sentence, value, "given")


def judged(key: str, sentence: Sentence, value: float) -> Assumption:
    return Assumption(key, sentence, value, "judgement")
