"""Published standards put together into the content of one draft. Pure; the ids follow the rules of the merge tool.

The first member keeps its ids; a later row keeps its own where it is free and gets a fresh one where it is not. Rows that
say the same word for word become one, which keeps the first id and has the links of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guildmark.design.drafts import fresh_id
from guildmark.design.faults import listed
from guildmark.design.types import Standard
from guildmark.kernel.words import said

#: New ids by old ones, for each kind of part.
Ids = dict[str, dict[str, str]]
Row = dict[str, Any]
SUPERVISION = ("none", "online", "in_person")
VOLATILITY = ("", "low", "medium", "high")
CONDITIONS = {
    "supervision": said("supervision"),
    "judges": said("number of judges"),
    "authorship_checks": said("checks of authorship"),
    "authorship": said("statement of authorship"),
    "allowed_aids": said("allowed aids"),
    "time_limit": said("time limit"),
    "resubmissions": said("further attempts"),
    "retake_rule": said("rule for further attempts"),
    "turnaround_days": said("days until the decision"),
}


@dataclass(frozen=True)
class Member:
    """A published version that goes into the whole."""

    achievement_id: UUID
    version_id: UUID
    slug: str
    number: str
    core_hash: str
    standard: Standard

    @property
    def name(self) -> str:
        return f"{self.standard.title} {self.number}"


@dataclass(frozen=True)
class Assembled:
    """``content`` of the draft, the new ``ids`` of each member's parts, and what a person has ``to_settle``."""

    content: dict[str, Any]
    ids: tuple[Ids, ...]
    to_settle: tuple[str, ...]


def assemble(members: Sequence[Member]) -> Assembled:
    """One content from at least two members; they speak one language."""
    made: dict[str, Any] = {
        name: [] for name in ("competencies", "evidence", "criteria", "alignments", "lessons")
    }
    ids = tuple(_take(made, member.standard) for member in members)
    standards = [member.standard for member in members]
    notes: list[str] = [said("The claim is still to be written: one sentence for the whole.")]
    made |= {
        "language": standards[0].language,
        "context": _unique(part.model_dump(mode="json") for one in standards for part in one.context),
        "not_shown": _unique(line for one in standards for line in one.not_shown),
        "conditions": _conditions(members, notes),
        "volatility": max((one.volatility for one in standards), key=VOLATILITY.index),
        "validity_months": _least(one.validity_months for one in standards),
        "review_months": _least(one.review_months for one in standards),
        **_scale(members, notes),
        **{name: _sum(members, name, notes) for name in ("study_hours", "assessment_hours")},
    }
    if len({one.decision for one in standards}) == 1:
        made["decision"] = standards[0].decision.model_dump(mode="json")
    others = sum(not row["must_pass"] for row in made["criteria"])
    made["others_required"] = min(others, sum(one.others_required for one in standards))
    if made["not_shown"]:
        notes.append(
            said("Read again what it does not show: what one member leaves open, another one may show.")
        )
    notes.append(said("Samples, explainer, offer and price are left out: each was made for one member."))
    return Assembled(made, ids, tuple(notes))


def _take(made: dict[str, Any], standard: Standard) -> Ids:
    """Put the parts of one member into the whole; returns their new ids."""
    content = standard.model_dump(mode="json")
    pieces = [row["id"] for row in content["evidence"]]
    ids: Ids = {"competencies": {}, "evidence": {}, "criteria": {}}
    for kind in ("competencies", "evidence"):
        for row in content[kind]:
            ids[kind][row["id"]] = _join(made[kind], kind, row, merge=True)
    for row in content["criteria"]:
        # A criterion that names no evidence is judged on all of its own standard, not on that of the others.
        links = {**row, "evidence": row["evidence"] or pieces}
        ids["criteria"][row["id"]] = _join(made["criteria"], "criteria", _relinked(links, ids), merge=True)
    for kind in ("alignments", "lessons"):
        for row in content[kind]:
            _join(made[kind], kind, _relinked(row, ids), merge=kind == "alignments")
    return ids


def _relinked(row: Row, ids: Ids) -> Row:
    links = {kind: [ids[kind][one] for one in row[kind] if one in ids[kind]] for kind in ids if kind in row}
    return {**row, **links}


def _join(rows: list[Row], kind: str, row: Row, *, merge: bool) -> str:
    twin = next((one for one in rows if merge and _words(one) == _words(row)), None)
    if twin is not None:
        if "competencies" in row:
            twin["competencies"] = list(dict.fromkeys([*twin["competencies"], *row["competencies"]]))
        return str(twin["id"])
    taken = {one["id"] for one in rows}
    identity = str(row["id"]) if row["id"] not in taken else fresh_id(kind, taken)
    rows.append({**row, "id": identity})
    return identity


def _words(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in {"id", "competencies"}}


def _unique(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _least(values: Any) -> int | None:
    given = [value for value in values if value is not None]
    return min(given) if given else None


def _scale(members: Sequence[Member], notes: list[str]) -> dict[str, Any]:
    first = members[0].standard
    level, labels = first.pass_level, [one.label for one in first.scale]
    for member in members[1:]:
        if [one.label for one in member.standard.scale] != labels:
            notes.append(
                said(
                    "“{name}” has another scale; its descriptions have to be written anew.", name=member.name
                )
            )
        elif member.standard.pass_level != first.pass_level:
            notes.append(said("The members pass at different levels; the draft has the highest."))
            level = max(level, member.standard.pass_level)
    return {"scale": [one.model_dump(mode="json") for one in first.scale], "pass_level": level}


def _conditions(members: Sequence[Member], notes: list[str]) -> dict[str, Any]:
    """Those of the strictest member, whole: a mixture would be conditions under which nobody has worked yet."""
    chosen = max(members, key=_strictness)
    own = chosen.standard.conditions
    for member in members:
        other = member.standard.conditions
        differs = [words for name, words in CONDITIONS.items() if getattr(other, name) != getattr(own, name)]
        if differs:
            notes.append(
                said(
                    "The conditions are those of “{chosen}”, the strictest; “{other}” differs in: {what}.",
                    chosen=chosen.name,
                    other=member.name,
                    what=listed(differs),
                )
            )
    return own.model_dump(mode="json")


def _strictness(member: Member) -> tuple[int, int, int, int]:
    given = member.standard.conditions
    return (
        SUPERVISION.index(given.supervision),
        given.judges,
        len(given.authorship_checks),
        -given.resubmissions,
    )


def _sum(members: Sequence[Member], name: str, notes: list[str]) -> float | None:
    missing = [member.name for member in members if getattr(member.standard, name) is None]
    if missing and name == "assessment_hours":
        notes.append(said("Hours of assessment are not declared by {names}.", names=", ".join(missing)))
    return None if missing else sum(getattr(member.standard, name) for member in members)
