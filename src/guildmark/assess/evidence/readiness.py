"""Rating the samples before one begins: how far a reader's judgement is from the official one (M20, TV5).

Pure: a standard and answers go in. Agreement is counted as between two assessors: exact, and within one level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from statistics import NormalDist

from guildmark.design.types import Sample, Standard
from guildmark.kernel.rates import FLOOR
from guildmark.kernel.words import numbered, said

#: The normal quantile of a two-sided interval of 95 %.
Z95 = NormalDist().inv_cdf(0.975)
#: The samples at the bar: judging these shows whether somebody sees where it lies.
KINDS = ("just_pass", "just_fail")


def offered(standard: Standard) -> tuple[Sample, ...]:
    """The samples that a reader may rate: those at the bar that have official levels to compare with."""
    return tuple(
        sample for sample in standard.samples if sample.kind in KINDS and _official(standard, sample)
    )


def _official(standard: Standard, sample: Sample) -> dict[str, int]:
    known = {one.id for one in standard.criteria}
    return {
        identity: level
        for identity, level in sample.levels.items()
        if identity in known and 1 <= level <= len(standard.scale)
    }


def asked(standard: Standard, sample: Sample) -> list[str]:
    """The criteria on which a sample is rated, in the order of the rubric."""
    official = _official(standard, sample)
    return [one.id for one in standard.criteria if one.id in official]


@dataclass(frozen=True)
class Judged:
    """One criterion of one sample: the reader's level beside the official one, both counted from 1."""

    sample_id: str
    criterion_id: str
    given: int
    official: int

    @property
    def distance(self) -> int:
        return abs(self.given - self.official)

    @property
    def words(self) -> str:
        if self.distance == 0:
            return said("the same level")
        if self.given > self.official:
            return numbered(
                "one level higher than the judges", "{n} levels higher than the judges", n=self.distance
            )
        return numbered(
            "one level lower than the judges", "{n} levels lower than the judges", n=self.distance
        )


@dataclass(frozen=True)
class Agreement:
    """How a reader judged against the official levels; ``judged`` has a line for each criterion of each sample."""

    judged: tuple[Judged, ...]

    @property
    def n(self) -> int:
        return len(self.judged)

    @property
    def exact(self) -> int:
        return sum(one.distance == 0 for one in self.judged)

    @property
    def adjacent(self) -> int:
        """Within one level, the same level included."""
        return sum(one.distance <= 1 for one in self.judged)

    @property
    def higher(self) -> int:
        return sum(one.given > one.official for one in self.judged)

    @property
    def lower(self) -> int:
        return sum(one.given < one.official for one in self.judged)

    @property
    def words(self) -> str:
        return said(
            "You judged within one level on {near} of {n} criteria, and gave the very same level on {exact} of {n}.",
            near=self.adjacent,
            exact=self.exact,
            n=self.n,
        )

    @property
    def advice(self) -> str:
        """What the direction of the differences says to somebody who is about to begin."""
        if self.exact == self.n:
            return said("You see the bar where the judges see it.")
        if self.higher > self.lower:
            return said(
                "You judged more kindly than the judges: your own work may look finished to you before it is."
            )
        if self.lower > self.higher:
            return said(
                "You judged more strictly than the judges: the bar is a little lower than it looks to you."
            )
        return said("Read the notes below where you differ; they say what made the level.")


def compare(standard: Standard, answers: Mapping[str, Mapping[str, int]]) -> Agreement:
    """The agreement of ``answers`` (levels by criterion id, by sample id) with the official levels.

    Only samples that are offered and criteria that were answered count.
    """
    return Agreement(
        tuple(
            Judged(sample.id, identity, answers[sample.id][identity], _official(standard, sample)[identity])
            for sample in offered(standard)
            for identity in asked(standard, sample)
            if identity in answers.get(sample.id, {})
        )
    )


@dataclass(frozen=True)
class Prediction:
    """Whether readiness goes with passing: n learners with both, and Pearson's r with its 95 % interval."""

    n: int
    r: float | None = None
    low: float = 0.0
    high: float = 0.0

    @property
    def words(self) -> str:
        if self.r is not None:
            return said(
                "r = {r} (n = {n}; {low} to {high})",
                r=f"{self.r:.2f}",
                n=self.n,
                low=f"{self.low:.2f}",
                high=f"{self.high:.2f}",
            )
        if self.n < FLOOR:
            return said("not yet measurable (n = {n})", n=self.n)
        return said("not yet measurable (n = {n}; everybody agreed, or decided, alike)", n=self.n)

    def __str__(self) -> str:
        return str(self.words)


def predict(pairs: Sequence[tuple[float, bool]]) -> Prediction:
    """The point-biserial correlation of agreement (share of exact levels) with passing, by Fisher's z.

    Not given below 20 learners, nor where one of the two does not vary.
    """
    n = len(pairs)
    if n < FLOOR:
        return Prediction(n)
    xs, ys = [pair[0] for pair in pairs], [float(pair[1]) for pair in pairs]
    mx, my = sum(xs) / n, sum(ys) / n
    sxx, syy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    if not sxx or not syy:
        return Prediction(n)
    r = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sqrt(sxx * syy)
    if abs(r) >= 1:
        return Prediction(n, r, r, r)
    half = Z95 / sqrt(n - 3)
    return Prediction(n, r, tanh(atanh(r) - half), tanh(atanh(r) + half))
