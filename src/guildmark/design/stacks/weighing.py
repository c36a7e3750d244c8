"""The blueprint: what each domain weighs, counted in the open from what its members ask for. Pure.

A criterion that is tied to several competencies counts for each with its share; one that is tied to none, and the declared
hours of assessment, are shared by all competencies of the member. Points become percent by the largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from guildmark.design.stacks.assembling import Ids, Member
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

TOTAL = 100
MOST_POINTS = 10


@dataclass(frozen=True)
class Factors:
    """Points for a must-pass criterion, for another one, and for a declared hour of assessment."""

    must: int = 2
    other: int = 1
    hour: int = 1

    def checked(self) -> Factors:
        for name, value in asdict(self).items():
            if not 0 <= value <= MOST_POINTS:
                raise Invalid(
                    said("{n} points are outside of what is possible.", n=value),
                    field=name,
                    mend=said("Give 0 to {most}.", most=MOST_POINTS),
                )
        return self


@dataclass(frozen=True)
class Source:
    """Where a domain comes from: a competency of a member, with its share of criteria and hours (None: not declared)."""

    slug: str
    title: str
    number: str
    version: str
    competency: str
    must: float
    other: float
    hours: float | None


@dataclass(frozen=True)
class Domain:
    """One row: ``competency`` is its id in the draft, ``points`` what its sources add up to, ``weight`` in percent."""

    title: str
    competency: str
    weight: int
    points: float
    sources: tuple[Source, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "sources": [asdict(one) for one in self.sources]}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Domain:
        return cls(**{**row, "sources": tuple(Source(**one) for one in row["sources"])})


def proposed(
    members: Sequence[Member], ids: Sequence[Ids], factors: Factors, statements: dict[str, str]
) -> list[Domain]:
    """One domain for each competency of the draft (``statements`` by id), with weights that sum to 100."""
    sources: dict[str, list[Source]] = {identity: [] for identity in statements}
    points: dict[str, Fraction] = {identity: Fraction(0) for identity in statements}
    for member, own in zip(members, ids, strict=True):
        for old, new in own["competencies"].items():
            must, other = (_share(member, old, kind) for kind in (True, False))
            hours = _hours(member)
            sources[new].append(
                Source(
                    member.slug,
                    member.standard.title,
                    member.number,
                    str(member.version_id),
                    old,
                    _plain(must),
                    _plain(other),
                    None if hours is None else _plain(hours),
                )
            )
            points[new] += factors.must * must + factors.other * other + factors.hour * (hours or 0)
    weights = largest_remainder(list(points.values()))
    return [
        Domain(statements[new], new, weight, _plain(points[new]), tuple(sources[new]))
        for new, weight in zip(statements, weights, strict=True)
    ]


def _share(member: Member, competency: str, must: bool) -> Fraction:
    total, every = Fraction(0), len(member.standard.competencies)
    for criterion in member.standard.criteria:
        if criterion.must_pass == must and competency in (criterion.competencies or [competency]):
            total += Fraction(1, len(criterion.competencies) or every)
    return total


def _hours(member: Member) -> Fraction | None:
    given = member.standard.assessment_hours
    if given is None:
        return None
    return Fraction(given).limit_denominator(1000) / len(member.standard.competencies)


def _plain(value: Fraction) -> float:
    return round(float(value), 4)


def largest_remainder(points: Sequence[Fraction], total: int = TOTAL) -> list[int]:
    """Whole numbers in the proportion of ``points`` that sum to ``total``; equal ones where there are no points at all.

    Each gets the whole part of its share; what is left goes one by one to the largest remainders (Hamilton), earlier
    rows first among equals.
    """
    if not points:
        return []
    whole = sum(points)
    shares = [Fraction(total) * one / whole if whole else Fraction(total, len(points)) for one in points]
    made = [int(share) for share in shares]
    order = sorted(range(len(points)), key=lambda place: (made[place] - shares[place], place))
    for place in order[: total - sum(made)]:
        made[place] += 1
    return made


def ensure_sum(weights: Iterable[int]) -> None:
    """Refuse weights that are no percent or do not sum to 100; the words say by how much they miss."""
    given = list(weights)
    if any(not 0 <= weight <= TOTAL for weight in given):
        raise Invalid(said("A weight is not between 0 and 100."), field="weights", mend=said("Correct it."))
    missing = TOTAL - sum(given)
    if missing:
        mend = (
            said("Give {n} percent more.", n=missing)
            if missing > 0
            else said("Take {n} percent away.", n=-missing)
        )
        raise Invalid(
            said("The weights sum to {n}, and have to sum to 100.", n=sum(given)), field="weights", mend=mend
        )
