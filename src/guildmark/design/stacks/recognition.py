"""What holders of a member have already shown of the whole, computed by the bridge between versions. Pure.

The member is read with the ids of the whole, so that :func:`guildmark.design.bridge.bridge` compares like with like:
statement, descriptors, pass level, evidence and conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildmark.design.bridge import bridge
from guildmark.design.stacks.assembling import Ids
from guildmark.design.types import Standard
from guildmark.kernel.words import said

#: Marks parts of a member that did not go into the whole; no id of a standard has it.
ELSEWHERE = "~"
#: What the bridge says of a criterion that the older standard has not.
NEW = "it is new"
ELSEWHERE_ASKED = said("asked for by another member")


@dataclass(frozen=True)
class Open:
    """A criterion that is still to be shown, and why an earlier result does not cover it."""

    id: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Recognition:
    """Of the criteria of the whole: ``shown`` by everybody who passed the member (names by id), ``own`` by those whose
    own result reached the level though the member did not require it, and ``open`` to all others.
    """

    shown: tuple[tuple[str, str], ...]
    own: tuple[tuple[str, str], ...]
    open: tuple[Open, ...]
    total: int

    @property
    def groups(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """The names of open criteria by the reasons that they have in common, for people.

        Where the member has no such criterion nothing else needs to be said of it.
        """
        found: dict[tuple[str, ...], list[str]] = {}
        for one in self.open:
            reasons = (ELSEWHERE_ASKED,) if NEW in one.reasons else tuple(sorted(one.reasons))
            found.setdefault(reasons, []).append(one.name)
        return tuple((tuple(names), reasons) for reasons, names in found.items())

    def as_json(self) -> dict[str, Any]:
        return {
            "shown": [one for one, _ in self.shown],
            "dependsOnResult": [one for one, _ in self.own],
            "open": [{"id": one.id, "name": one.name, "reasons": [*one.reasons]} for one in self.open],
            "total": self.total,
        }


def recognise(member: Standard, ids: Ids, whole: Standard) -> Recognition:
    """What a pass of ``member`` shows of ``whole``, whose ids for the parts of the member are ``ids``."""
    old = _renamed(member, ids)
    if [one.label for one in old.scale] == [one.label for one in whole.scale]:
        old = old.model_copy(update={"scale": whole.scale})
    tools = [part for part in old.context if part not in whole.context]
    new = whole if tools else whole.model_copy(update={"context": old.context})
    # Every level is taken as reached, so that the bridge holds what differs; who reached what is judged below.
    found = bridge(old, new, {one.id: old.pass_level for one in old.criteria})
    certain = old.others_required >= len(old.others)
    sure = {one.id for one in old.criteria if one.must_pass or certain}
    names = {one.id: one.name for one in whole.criteria}
    return Recognition(
        tuple((one, names[one]) for one in found.kept if one in sure),
        tuple((one, names[one]) for one in found.kept if one not in sure),
        tuple(Open(one.id, one.name, one.reasons) for one in found.criteria),
        len(whole.criteria),
    )


def _renamed(member: Standard, ids: Ids) -> Standard:
    """The member with the ids that its parts have in the whole, and each criterion tied to the evidence it is judged on."""
    content = member.model_dump(mode="json")
    pieces = [row["id"] for row in content["evidence"]]

    def new(kind: str, old: str) -> str:
        return ids.get(kind, {}).get(old, old + ELSEWHERE)

    for kind in ("competencies", "evidence", "criteria"):
        for row in content[kind]:
            row["id"] = new(kind, row["id"])
    for row in content["criteria"]:
        row["evidence"] = [new("evidence", one) for one in row["evidence"] or pieces]
        row["competencies"] = [new("competencies", one) for one in row["competencies"]]
    return Standard.model_validate(content)
