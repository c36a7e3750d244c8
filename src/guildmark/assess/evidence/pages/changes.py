"""What changed between two bars, in the words of somebody who is about to do the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildmark.design.types import Change, FieldChange, FieldClass, VersionView
from guildmark.kernel.words import said

#: The classes of a change in the order in which they matter to a learner; samples and the like bind nobody.
HEADINGS: dict[FieldClass, str] = {
    "evidence": said("What you hand in, and under what conditions"),
    "decision": said("How it is judged"),
    "claim": said("What is claimed"),
    "clarifying": said("Clearer wording; the bar is the same"),
}
#: Members by which a whole part is called.
NAMES = ("title", "name", "statement", "label", "text")
LONGEST = 400
ORDER = "[order]"


@dataclass(frozen=True)
class ChangeRow:
    """One difference; an empty side means that there was nothing, or is nothing now."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeGroup:
    heading: str
    rows: tuple[ChangeRow, ...]


def groups(change: Change, *versions: VersionView) -> list[ChangeGroup]:
    """The differences that bind, by what they are about, the weightiest first; ``versions`` lend the names of parts."""
    names = {key: name for version in versions for key, name in _names(version).items()}
    found = []
    for field_class, heading in HEADINGS.items():
        rows = tuple(_row(one, names) for one in change.changes if one.field_class == field_class)
        if rows:
            found.append(ChangeGroup(heading, rows))
    return found


def _names(version: VersionView) -> dict[tuple[str, str], str]:
    """What each part is called, by its list and id."""
    content = version.standard.model_dump(mode="json")
    return {
        (collection, part["id"]): as_text(part)
        for collection, parts in content.items()
        if isinstance(parts, list)
        for part in parts
        if isinstance(part, dict) and part.get("id")
    }


def _row(change: FieldChange, names: dict[tuple[str, str], str]) -> ChangeRow:
    collection, *rest = change.path.removesuffix(ORDER).split(".")
    part = [f"“{names.get((collection, rest[0]), rest[0])}”", *rest[1:]] if rest else []
    if collection in {"conditions", "decision"}:
        part = rest
    what = ", ".join([collection.capitalize(), *part]).replace("_", " ")
    if change.path.endswith(ORDER):
        return ChangeRow(what, said("one order"), said("another order"))
    return ChangeRow(what, as_text(change.before), as_text(change.after))


def as_text(value: Any) -> str:
    """A value of a standard as text: a part by its name, a list by its members, a long text cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, dict):
        name = next((value[key] for key in NAMES if value.get(key)), "")
        return as_text(name) or ", ".join(f"{key}: {as_text(one)}" for key, one in value.items() if one)
    if isinstance(value, list):
        return "\n".join(as_text(one) for one in value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
