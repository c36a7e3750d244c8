"""From one version to another with only what changed: which criteria a holder has still to show (PRODUCT M14, UP9).

A criterion of the new version is *kept* when the result that a holder of the old one has for it means the same under
the new one. Every other criterion is in the bridge. A removed criterion needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.design import versions
from guildmark.design.types import Criterion, FieldChange, Standard
from guildmark.kernel.words import numbered, said

# What every piece of work was done or judged under: with another one, no earlier result means the same.
CONDITIONS = ("supervision", "allowed_aids", "authorship", "time_limit", "authorship_checks", "judges")
WHOLE = {
    "scale": said("the levels of the scale changed"),
    "context": said("it is shown on another tool or version of it"),
    "conditions.supervision": said("the supervision changed"),
    "conditions.allowed_aids": said("the allowed aids changed"),
    "conditions.authorship": said("the statement of authorship changed"),
    "conditions.time_limit": said("the time limit changed"),
    "conditions.authorship_checks": said("the checks of authorship changed"),
    "conditions.judges": said("another number of judges decides"),
}
OWN = {
    "name": said("it has another name"),
    "statement": said("its statement changed"),
    "descriptors": said("what its levels mean changed"),
    "must_pass": said("whether it must be passed changed"),
    "evidence": said("it is judged on other evidence"),
}
# Members of a piece of evidence that say how it is stored, not what it shows.
STORAGE = frozenset({"max_mb"})


@dataclass(frozen=True)
class BridgeCriterion:
    """A criterion that has to be shown, and why an earlier result does not cover it."""

    id: str
    name: str
    must_pass: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Bridge:
    """``criteria`` are to be shown with the pieces of ``evidence`` (ids); results of ``kept`` carry over."""

    criteria: tuple[BridgeCriterion, ...]
    evidence: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(criterion.id for criterion in self.criteria)

    @property
    def is_empty(self) -> bool:
        return not self.criteria and not self.evidence

    def as_json(self) -> dict[str, Any]:
        rows = [
            {"id": c.id, "name": c.name, "mustPass": c.must_pass, "reasons": [*c.reasons]}
            for c in self.criteria
        ]
        evidence = [{"id": identity, "title": title} for identity, title in self.evidence]
        return {"criteria": rows, "evidence": evidence, "kept": [*self.kept], "removed": [*self.removed]}

    def union(self, old_levels: Mapping[str, int], new_levels: Mapping[str, int]) -> dict[str, int]:
        """The levels that the new decision rule sees: kept results from before, all others from the bridge."""
        before = {one: old_levels[one] for one in self.kept if one in old_levels}
        return before | {one: new_levels[one] for one in self.ids if one in new_levels}


def bridge(old: Standard, new: Standard, levels: Mapping[str, int] | None = None) -> Bridge:
    """What somebody who passed ``old`` has still to show for ``new``.

    ``levels`` are the results of one holder by criterion id, counted from 1. Without them the answer holds for
    everybody who passed: whatever the old decision rule does not guarantee is in the bridge. In both cases who reaches
    the pass level on every criterion of the bridge satisfies the new rule together with the results of before, as far
    as anybody can.
    """
    reasons = _reasons(old, new)
    if new.pass_level > old.pass_level:
        for one in _kept(new, reasons):
            if levels is None or levels.get(one.id, 0) < new.pass_level:
                reasons.setdefault(one.id, []).append(said("the level that passes is higher"))
    _top_up(old, new, reasons, levels)
    criteria = tuple(
        BridgeCriterion(c.id, c.name, c.must_pass, tuple(dict.fromkeys(reasons[c.id])))
        for c in new.criteria
        if c.id in reasons
    )
    present = {criterion.id for criterion in new.criteria}
    return Bridge(
        criteria,
        tuple(_evidence(old, new, reasons)),
        tuple(c.id for c in new.criteria if c.id not in reasons),
        tuple(c.id for c in old.criteria if c.id not in present),
    )


def _kept(new: Standard, reasons: Mapping[str, list[str]]) -> list[Criterion]:
    return [criterion for criterion in new.criteria if criterion.id not in reasons]


def _material(old: Standard, new: Standard) -> list[FieldChange]:
    return [c for c in versions.compare(old, new).changes if versions.FORCES[c.field_class] == "major"]


def _linked(criterion: Criterion, standard: Standard) -> tuple[str, ...]:
    """The evidence that a criterion is judged on; one that names none is judged on all of it."""
    return criterion.evidence or tuple(requirement.id for requirement in standard.evidence)


def _reasons(old: Standard, new: Standard) -> dict[str, list[str]]:
    """Why each criterion that is no longer the same has to be shown, by id."""
    found: dict[str, list[str]] = {}
    for change in _material(old, new):
        for identity, why in _reasons_of(change, new):
            found.setdefault(identity, []).append(why)
    return found


def _reasons_of(change: FieldChange, new: Standard) -> Iterator[tuple[str, str]]:
    parts = change.path.removesuffix(versions.ORDER_MARK).split(".")
    whole = WHOLE.get(parts[0]) or WHOLE.get(".".join(parts[:2]))
    if whole:
        yield from ((criterion.id, whole) for criterion in new.criteria)
    elif parts[0] == "criteria" and change.after is not None:
        if len(parts) == 2:
            yield parts[1], said("it is new")
        elif parts[2] in OWN:
            yield parts[1], OWN[parts[2]]
    elif parts[0] == "evidence" and len(parts) > 1 and not (len(parts) > 2 and parts[2] in STORAGE):
        piece = next((one for one in new.evidence if one.id == parts[1]), None)
        if piece is not None:
            why = (
                said("the evidence “{title}” is new", title=piece.title)
                if len(parts) == 2
                else said("the evidence “{title}” changed", title=piece.title)
            )
            yield from ((c.id, why) for c in new.criteria if piece.id in _linked(c, new))


def _top_up(
    old: Standard, new: Standard, reasons: dict[str, list[str]], levels: Mapping[str, int] | None
) -> None:
    """Put kept criteria into the bridge where the new rule asks for more of the others than is known to be reached."""
    kept = [criterion for criterion in _kept(new, reasons) if not criterion.must_pass]
    fresh = sum(1 for criterion in new.others if criterion.id in reasons)
    if levels is None:
        # At worst the holder reached those that are not kept, and of the kept ones only the rest of what was required.
        reached = max(0, old.others_required - (len(old.others) - len(kept)))
        missing = kept
    else:
        missing = [criterion for criterion in kept if levels.get(criterion.id, 0) < new.pass_level]
        reached = len(kept) - len(missing)
    if fresh + reached < new.others_required:
        for criterion in missing:
            why = numbered(
                "{n} of the other criteria are required now",
                "{n} of the other criteria are required now",
                n=new.others_required,
            )
            reasons[criterion.id] = [why]


def _evidence(old: Standard, new: Standard, reasons: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The pieces on which the criteria of the bridge are judged, and required ones that are new or other than before
    and that no criterion names.
    """
    needed = {one for c in new.criteria if c.id in reasons for one in _linked(c, new)}
    named = {one for criterion in new.criteria for one in _linked(criterion, new)}
    touched = {c.path.split(".")[1] for c in _material(old, new) if c.path.startswith("evidence.")}
    for piece in new.evidence:
        alone = piece.required and piece.id not in named and piece.id in touched
        if piece.id in needed or alone:
            yield piece.id, piece.title
