"""What a change of a standard forces, and the hash of what binds (DECISIONS 14, PRODUCT M1).

Every field belongs to one class. Presentation gives a note, clarifying a minor number, and claim, evidence and
decision a major one. A path that is not known here counts as decision: major.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from guildmark.design.harmless import why_harmless
from guildmark.design.types import Change, FieldChange, FieldClass, Forces, Standard
from guildmark.kernel.words import said
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


def _spelt(field_class: FieldClass, paths: str) -> dict[str, FieldClass]:
    return dict.fromkeys(paths.split(), field_class)


# Every path of the standard, with ``*`` for the id of a part and ``parts.*`` for a part that comes or goes. A path that
# stands nowhere here is taken for decision; tests walk the model, so that a new field cannot be forgotten.
CLASSES: Mapping[str, FieldClass] = {
    **_spelt(
        "presentation",
        """
        audience badge_note
        explainer explainer.url explainer.title explainer.minutes explainer.transcript explainer.captions
        explainer.video explainer.video.sha256 explainer.video.media_type explainer.video.size explainer.video.seconds
        samples samples.* samples.*.kind samples.*.title samples.*.url samples.*.text samples.*.note samples.*.levels
        lessons lessons.* lessons.*.title lessons.*.competencies
        cost cost.amount cost.currency cost.includes
        offer offer.* offer.*.text offer.*.source
        """,
    ),
    **_spelt(
        "clarifying",
        """
        summary study_hours review_months not_shown volatility
        decision decision.who decision.what decision.convinced_by
        origin origin.issuer origin.title origin.version origin.hash origin.url
        alignments.*.rationale competencies.*.alignment_exception conditions.turnaround_days
        """,
    ),
    **_spelt(
        "claim",
        """
        signal language title claim context validity_months
        competencies competencies.* competencies.*.statement competencies.*.verb_class
        alignments alignments.* alignments.*.framework alignments.*.name alignments.*.url alignments.*.code
        alignments.*.relation alignments.*.competencies
        """,
    ),
    **_spelt(
        "evidence",
        """
        evidence evidence.* evidence.*.title evidence.*.brief evidence.*.kind evidence.*.action evidence.*.required
        evidence.*.accept evidence.*.max_mb evidence.*.max_items evidence.*.min_words evidence.*.form
        evidence.*.variants evidence.*.own_material
        evidence.*.quiz evidence.*.quiz.items evidence.*.quiz.options
        conditions conditions.supervision conditions.allowed_aids conditions.authorship conditions.time_limit
        conditions.authorship_checks assessment_hours
        """,
    ),
    **_spelt(
        "decision",
        """
        scale scale.* scale.*.label pass_level others_required
        criteria criteria.* criteria.*.name criteria.*.statement criteria.*.must_pass criteria.*.competencies
        criteria.*.evidence criteria.*.descriptors
        evidence.*.quiz.cut evidence.*.quiz.domains evidence.*.quiz.each_domain conditions.resubmissions conditions.judges conditions.retake_rule
        """,
    ),
}
# Where people write sentences that bind: only there can an edit be proven harmless, or be signed as clarifying.
WORDS = frozenset(
    [
        "title",
        "claim",
        "competencies.*.statement",
        "evidence.*.title",
        "evidence.*.brief",
        "conditions.allowed_aids",
        "conditions.authorship",
        "conditions.retake_rule",
        "scale.*.label",
        "criteria.*.name",
        "criteria.*.statement",
        "criteria.*.descriptors",
    ]
)
# Objects whose members are named by the model; the members of every other list are named by their ids.
OBJECTS = frozenset({"explainer", "cost", "decision", "origin", "conditions"})
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


def shape(path: str) -> str:
    """``criteria.k1.descriptors`` becomes ``criteria.*.descriptors``: the path as the table of classes has it."""
    parts = path.removesuffix(ORDER_MARK).split(".")
    if len(parts) > 1 and parts[0] not in OBJECTS:
        parts[1] = "*"
    if parts[0] == "samples":  # the levels of a sample are named by criteria
        parts = parts[:3]
    return ".".join(parts)


def field_class(path: str) -> FieldClass:
    """The class of a path such as ``criteria.k1.descriptors``; what is not in the table is a decision."""
    return CLASSES.get(shape(path), "decision")


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


def _pairs(was: Any, becomes: Any) -> list[tuple[str, str]] | None:
    """The texts that an edit of words turns into one another; None when it adds, removes or changes more than words."""
    if isinstance(was, str) and isinstance(becomes, str) and was and becomes:
        return [(was, becomes)]
    both_lists = isinstance(was, list) and isinstance(becomes, list) and len(was) == len(becomes)
    if both_lists and all(isinstance(text, str) and text for text in [*was, *becomes]):
        return [(old, new) for old, new in zip(was, becomes, strict=True) if old != new]
    return None


def is_wording(change: FieldChange) -> bool:
    """True when only words of a binding sentence were edited: a person can judge whether they still mean the same."""
    return shape(change.path) in WORDS and _pairs(change.before, change.after) is not None


def _field_change(path: str, was: Any, becomes: Any, language: str) -> FieldChange:
    found = FieldChange(path, _class_of_change(path), was, becomes)
    if FORCES[found.field_class] != "major" or not is_wording(found):
        return found
    reasons = [why_harmless(old, new, language) for old, new in _pairs(was, becomes) or ()]
    if not all(reasons):
        return found
    why = reduce(lambda a, b: said("{first} and {second}", first=a, second=b), sorted(set(reasons)))
    return replace(found, field_class="clarifying", harmless=why)


def compare(old: Standard, new: Standard) -> Change:
    """Every difference with its class, and the largest consequence.

    An edit of words inside a binding field is major, unless :mod:`guildmark.design.harmless` proves that it leaves the
    meaning alone.
    """
    before, after = (one.model_dump(mode="json", exclude={"schema_version"}) for one in (old, new))
    language = new.language if new.language == old.language else ""
    changes = tuple(
        _field_change(path, was, becomes, language) for path, was, becomes in _differences("", before, after)
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
