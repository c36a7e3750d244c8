"""What a change of a standard forces, and the hash of what binds (DECISIONS 14, PRODUCT M1).

Every field belongs to one class. Presentation gives a note, clarifying a minor number, and claim,
evidence and
decision a major one. A path that is not known here counts as decision: major.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from guildmark.design.types import Change, FieldChange, FieldClass, Forces, Standard
from guildmark.protocol.canonical import jcs

PRESENTATION_FIELDS = ("audience", "badge_note", "explainer", "samples", "lessons", "cost", "offer")
# The normative fields by schema version: this list never changes for a version that was ever published.
_FIRST_FIELDS = (
    "schema_version",
    "signal",
    "language",
    "title",
    "claim",
    "summary",
    "context",
    "competencies",
    "evidence",
    "conditions",
    "scale",
    "pass_level",
    "criteria",
    "others_required",
    "study_hours",
    "assessment_hours",
    "validity_months",
    "review_months",
    "alignments",
    "not_shown",
)
NORMATIVE_FIELDS: Mapping[int, tuple[str, ...]] = {
    1: _FIRST_FIELDS,
    2: (*_FIRST_FIELDS, "decision", "volatility", "origin"),
}
CLASSES: Mapping[str, FieldClass] = {
    **dict.fromkeys(PRESENTATION_FIELDS, "presentation"),
    "summary": "clarifying",
    "study_hours": "clarifying",
    "review_months": "clarifying",
    "not_shown": "clarifying",
    "decision": "clarifying",
    "volatility": "clarifying",
    "origin": "clarifying",
    "alignments": "claim",
    "alignments.*.rationale": "clarifying",
    "signal": "claim",
    "language": "claim",
    "title": "claim",
    "claim": "claim",
    "context": "claim",
    "competencies": "claim",
    "competencies.*.alignment_exception": "clarifying",
    "evidence": "evidence",
    "conditions": "evidence",
    "conditions.turnaround_days": "clarifying",
    "assessment_hours": "evidence",
}
FORCES: Mapping[FieldClass, Forces] = {
    "presentation": "note",
    "clarifying": "minor",
    "claim": "major",
    "evidence": "major",
    "decision": "major",
}
# Not a possible id, so that no part can be named like it.
ORDER_MARK = "[order]"
ORDER: tuple[Forces, ...] = ("none", "note", "minor", "major")


def core(content: Mapping[str, Any]) -> dict[str, Any]:
    """The normative part of a stored standard: what binds, and what the hash covers."""
    names = NORMATIVE_FIELDS[content.get("schema_version", 1)]
    return {name: content[name] for name in names if name in content}


def presentation(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content[name] for name in PRESENTATION_FIELDS if name in content}


def hash_of(value: Mapping[str, Any]) -> str:
    """``sha256:`` and the hex digest over the JCS form (RFC 8785)."""
    return "sha256:" + hashlib.sha256(jcs.canonicalize(dict(value))).hexdigest()


def core_hash(content: Mapping[str, Any]) -> str:
    """The hash of the normative fields as stored, so that a later release of the model cannot move it."""
    return hash_of(core(content))


def field_class(path: str) -> FieldClass:
    """The class of a path such as ``criteria.k1.descriptors``; ids inside the path do not matter."""
    parts = path.removesuffix(ORDER_MARK).split(".")
    if len(parts) == 3:
        parts[1] = "*"
    return CLASSES.get(".".join(parts)) or CLASSES.get(parts[0], "decision")


def _by_id(value: Any) -> dict[str, Any] | None:
    """A list of parts with ids, keyed by id; None for any other value."""
    if isinstance(value, list) and value and all(isinstance(part, dict) and "id" in part for part in value):
        return {part["id"]: part for part in value}
    return None


def _differences(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(f"{path}.{key}" if path else key, old.get(key), new.get(key))
        return
    old_parts, new_parts = _by_id(old), _by_id(new)
    if (old_parts or old == []) and (new_parts or new == []):
        old_parts, new_parts = old_parts or {}, new_parts or {}
        kept = [key for key in new_parts if key in old_parts]
        for key in [*old_parts, *(key for key in new_parts if key not in old_parts)]:
            yield from _differences(f"{path}.{key}", old_parts.get(key), new_parts.get(key))
        if kept != [key for key in old_parts if key in new_parts]:
            yield path + ORDER_MARK, [*old_parts], [*new_parts]
        return
    yield path, old, new


def _class_of_change(path: str) -> FieldClass:
    # The order in which parts are read is clarifying, except on the scale, where it is the meaning.
    if path.endswith(ORDER_MARK) and not path.startswith(("scale", *PRESENTATION_FIELDS)):
        return "clarifying"
    return field_class(path)


def compare(old: Standard, new: Standard) -> Change:
    """Every difference with its class, and the largest consequence. Text edits inside a binding field
    are major.
    """
    before, after = (one.model_dump(mode="json", exclude={"schema_version"}) for one in (old, new))
    changes = tuple(
        FieldChange(path, _class_of_change(path), was, becomes)
        for path, was, becomes in _differences("", before, after)
    )
    forces: Forces = max((FORCES[c.field_class] for c in changes), key=ORDER.index, default="none")
    return Change(forces, changes)


def raised(found: Forces, wanted: Forces) -> Forces:
    """The author may raise what a change forces, never lower it."""
    return max(found, wanted, key=ORDER.index)


def next_number(last: tuple[int, int] | None, forces: Forces) -> tuple[int, int]:
    """The number of the next version: 1.0 first, then by what the change forces."""
    if last is None:
        return (1, 0)
    major, minor = last
    return (major + 1, 0) if forces == "major" else (major, minor + 1)
