"""Rows of a standard as the editor moves them: add, remove, move, duplicate, with links kept in order."""

from __future__ import annotations

import copy
from typing import Any

from guildmark.design.drafts import PREFIXES, fresh_id
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

# Rows without an id of their own are counted.
COUNTED = ("context", "not_shown")
LINKED = {"competencies": ("criteria", "alignments", "lessons"), "evidence": ("criteria",)}
BLANK: dict[str, Any] = {"context": {"kind": "tool"}, "not_shown": "", "scale": {"label": ""}}

Content = dict[str, Any]


def change(
    content: Content, kind: str, verb: str, identity: str = "", *, used: set[str] | None = None
) -> Content:
    """A copy of a draft with one row changed.

    ``verb`` is add, remove, duplicate, up, down or the new place counted from 1. ``identity`` is the id
    of the row,
    or its position from 0 for rows without ids. ``used`` holds ids that must not be given again.
    """
    if kind not in PREFIXES and kind not in COUNTED:
        raise Invalid(
            said("A standard has no rows called {name}.", name=repr(kind)), mend=said("Load the page again.")
        )
    made = copy.deepcopy(content)
    rows: list[Any] = made[kind]
    taken = (used or set()) | {row["id"] for row in rows if isinstance(row, dict) and "id" in row}
    if verb == "add":
        rows.append(_new(kind, copy.deepcopy(BLANK.get(kind, {})), taken))
        if kind == "scale":
            _match_descriptors(made, len(rows))
        return made
    index = _index(rows, kind, identity)
    if verb == "remove":
        rows.pop(index)
        _forget(made, kind, identity, index)
    elif verb == "duplicate":
        rows.insert(index + 1, _new(kind, copy.deepcopy(rows[index]), taken))
    else:
        _move(rows, index, verb)
        if kind == "scale":
            raise Invalid(said("Levels keep their order."), mend=said("Change their words instead."))
    return made


def _new(kind: str, row: Any, taken: set[str]) -> Any:
    return {**row, "id": fresh_id(kind, taken)} if kind in PREFIXES else row


def _index(rows: list[Any], kind: str, identity: str) -> int:
    for index, row in enumerate(rows):
        if identity == (row["id"] if kind in PREFIXES else str(index)):
            return index
    raise Invalid(said("That row is no longer there."), mend=said("Load the page again."))


def _move(rows: list[Any], index: int, verb: str) -> None:
    if verb in {"up", "down"}:
        place = index + (1 if verb == "down" else -1)
    elif verb.isascii() and verb.isdigit():
        place = int(verb) - 1
    else:
        raise Invalid(said("That is not a place in the list."), mend=said("Load the page again."))
    row = rows.pop(index)
    rows.insert(max(0, min(place, len(rows))), row)


def _forget(content: Content, kind: str, identity: str, index: int) -> None:
    """Take a removed row out of the rows that named it."""
    for holder in LINKED.get(kind, ()):
        for row in content.get(holder, ()):
            row[kind] = [link for link in row.get(kind, ()) if link != identity]
    if kind == "criteria":
        for sample in content.get("samples", ()):
            sample.get("levels", {}).pop(identity, None)
    if kind == "scale":
        for criterion in content["criteria"]:
            criterion["descriptors"] = [
                t for place, t in enumerate(criterion["descriptors"]) if place != index
            ]
        content["pass_level"] = max(1, min(content["pass_level"], len(content["scale"])))


def _match_descriptors(content: Content, levels: int) -> None:
    for criterion in content["criteria"]:
        criterion["descriptors"] += [""] * (levels - len(criterion["descriptors"]))
