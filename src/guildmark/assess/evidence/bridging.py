"""Only what changed: from a decision under an older version to the version in force (PRODUCT M14, UP9).

Whoever passed an older version shows the criteria of the bridge; the other results of the earlier decision count on.
The rule of the newer version is applied to both together, so nobody passes who would not by the whole standard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from guildmark.assess.evidence import bars
from guildmark.assess.evidence.types import Carried, DecisionView, ResultView
from guildmark.design.bridge import Bridge, bridge
from guildmark.design.types import VersionView
from guildmark.kernel.clock import add_months, now, stamp
from guildmark.kernel.problems import Conflict
from guildmark.kernel.words import day, said


@dataclass(frozen=True)
class BridgePlan:
    """What somebody with the decision ``base`` under ``earned`` has still to show for ``target``."""

    base: DecisionView
    earned: VersionView
    target: VersionView
    bridge: Bridge

    @property
    def asked(self) -> VersionView:
        """The target with those criteria and pieces of evidence alone that have still to be shown."""
        pieces = {identity for identity, _ in self.bridge.evidence}
        standard = self.target.standard
        part = standard.model_copy(
            update={
                "criteria": tuple(one for one in standard.criteria if one.id in self.bridge.ids),
                "evidence": tuple(piece for piece in standard.evidence if piece.id in pieces),
            }
        )
        return replace(self.target, standard=part)

    @property
    def carried(self) -> tuple[ResultView, ...]:
        """The earlier results that count on, in the order of the target; each knows who first decided it."""
        results = {result.criterion_id: result for result in self.base.results}
        here = Carried(self.base.id, self.earned.number, self.base.decided_at)
        return tuple(
            replace(results[one.id], carried=results[one.id].carried or here)
            for one in self.target.standard.criteria
            if one.id in self.bridge.kept and one.id in results
        )

    @property
    def counts_until(self) -> datetime | None:
        """When the oldest carried result is too old for either version; None when neither ends."""
        return carried_until(self.carried, (self.earned, self.target))


def carried_until(results: Iterable[ResultView], versions: Iterable[VersionView]) -> datetime | None:
    """The moment until which carried results count: the shortest validity, from the oldest decision among them."""
    moments = [result.carried.decided_at for result in results if result.carried]
    months = [version.standard.validity_months for version in versions if version.standard.validity_months]
    return add_months(min(moments), min(months)) if moments and months else None


def plan(base: DecisionView, target: VersionView) -> BridgePlan:
    """The bridge of one holder, computed with the levels of their own decision."""
    earned = bars.version(base.org_id, base.version_id)
    levels = {result.criterion_id: result.level for result in base.results}
    return BridgePlan(base, earned, target, bridge(earned.standard, target.standard, levels))


def place(version: VersionView) -> tuple[int, ...]:
    """The number of a published version, for comparing."""
    return tuple(int(part) for part in version.number.split("."))


def ensure_possible(found: BridgePlan) -> None:
    """Conflict when the earlier decision cannot be built on, or when nothing has to be shown."""
    ensure_standing(found)
    if place(found.target) <= place(found.earned):
        raise Conflict(
            said("Version {number} is the one that was passed.", number=found.earned.number),
            mend=said("A bridge leads to a newer version."),
        )
    if found.bridge.is_empty:
        raise Conflict(
            said("Every earlier result means the same under version {number}.", number=found.target.number),
            mend=said("Nothing has to be shown; the credential stays what it is."),
        )
    if not found.bridge.kept:
        raise Conflict(
            said("No earlier result carries over to version {number}.", number=found.target.number),
            mend=said("Everything has to be shown again: ask the organisation about the whole assessment."),
        )


def ensure_standing(found: BridgePlan) -> None:
    """Conflict once the earlier decision was set aside, or its results are too old."""
    if found.base.outcome != "passed" or found.base.set_aside:
        raise Conflict(
            said("The earlier decision does not count any more."),
            mend=said("Nothing can be built on it. Ask the organisation about the whole assessment."),
        )
    until = found.counts_until
    if until is not None and until <= now():
        raise Conflict(
            said("The earlier results counted until {day}.", day=day(until)),
            mend=said("They are too old to build on. Ask the organisation about the whole assessment."),
        )


def as_results(found: BridgePlan) -> list[dict[str, Any]]:
    """The carried results as :class:`~guildmark.assess.evidence.models.Decision` stores them."""
    return [
        {
            "criterion_id": result.criterion_id,
            "level": result.level,
            "level_label": result.level_label,
            "rationale": result.rationale,
            "adjudicated": False,
            "carried": {
                "decision": str(result.carried.decision_id),
                "number": result.carried.number,
                "decided_at": stamp(result.carried.decided_at),
            },
        }
        for result in found.carried
        if result.carried
    ]
