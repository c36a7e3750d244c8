"""What differs between two versions, put into words for people: where, what class, and word by word (PRODUCT UP2, M1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from guildmark.design import versions
from guildmark.design.types import Change, FieldChange, FieldClass, Forces, Standard

PieceKind = Literal["same", "gone", "new"]

CLASS_WORDS: dict[FieldClass, tuple[str, str]] = {
    "presentation": ("Presentation", "Shown differently; nothing that binds."),
    "clarifying": ("Clarifying", "Clearer words or upkeep; the bar is the same."),
    "claim": ("Claim", "What the credential says of a person."),
    "evidence": ("Evidence", "What has to be shown, and under what conditions."),
    "decision": ("Decision", "How it is judged, and what passes."),
}
FORCES_WORDS: dict[Forces, str] = {
    "none": "nothing",
    "note": "a note",
    "minor": "a minor version",
    "major": "a new major version",
}
SUMMARY: dict[Forces, str] = {
    "none": "Nothing differs.",
    "note": "Only the presentation changed. The bar is the same.",
    "minor": "The wording is clearer or upkeep was done. The bar is the same.",
    "major": "The bar changed: what is claimed, asked for or decided is not the same.",
}
NOUNS = {
    "competencies": "Competency",
    "evidence": "Evidence",
    "criteria": "Criterion",
    "scale": "Level",
    "alignments": "Alignment",
    "samples": "Sample",
    "lessons": "Lesson",
    "offer": "Sentence of the offer",
}
FIELDS = {
    "scale": "Scale",
    "pass_level": "Pass level",
    "others_required": "How many of the other criteria are required",
    "not_shown": "What it does not show",
    "must_pass": "must pass",
    "descriptors": "what each level means",
    "max_mb": "largest file in MB",
    "max_items": "most pieces",
    "min_words": "fewest words",
    "allowed_aids": "allowed aids",
    "authorship": "statement of authorship",
    "resubmissions": "further attempts",
    "turnaround_days": "days until the decision",
    "context": "Tools and setting",
    "others": "others",
    "levels": "official levels",
}
_WORDS = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_")
#: Words and spaces of both texts above which what differs is shown as a whole.
LONG = 6_000


@dataclass(frozen=True)
class Piece:
    """Some words of a text: the same in both versions, gone from the old one, or new in the new one."""

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class Line:
    """One text that differs. ``label`` names it inside the change, such as the level of a descriptor."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """One change as a page shows it. ``verb`` is changed, added, removed or reordered."""

    path: str
    where: str
    verb: str
    field_class: FieldClass
    class_word: str
    forces: Forces
    forces_word: str
    harmless: str
    lines: tuple[Line, ...]


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one, word by word. Joined, what is not new gives ``old``, and what is not gone gives ``new``."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    head, tail = "".join(before[:start]), "".join(before[len(before) - end :])
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end])
    whole = [Piece("same", head), *middle, Piece("same", tail)]
    return tuple(_joined([piece for piece in whole if piece.text]))


def _shared(before: list[str], after: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(before, after, strict=False)
    return next(
        (place for place, (was, becomes) in enumerate(pairs) if was != becomes), min(len(before), len(after))
    )


def _middle(before: list[str], after: list[str]) -> list[Piece]:
    if len(before) + len(after) > LONG:
        return [Piece("gone", "".join(before)), Piece("new", "".join(after))]
    found: list[Piece] = []
    # Frequent words of a long text are not looked for (autojunk): otherwise the time grows with the cube of the length.
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        found += [Piece("gone", "".join(before[a:b])), Piece("new", "".join(after[c:d]))]
    return found


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Take a lone space between two changes into both, so that a changed phrase reads as one."""
    place = 0
    while place < len(found):
        gone, new = "", ""
        start = place
        while place < len(found):
            piece = found[place]
            lone = piece.kind == "same" and piece.text.isspace() and place > start and place + 1 < len(found)
            if piece.kind == "same" and not lone:
                break
            gone += piece.text if piece.kind != "new" else ""
            new += piece.text if piece.kind != "gone" else ""
            place += 1
        if gone:
            yield Piece("gone", gone)
        if new:
            yield Piece("new", new)
        if place < len(found) and found[place].kind == "same":
            yield found[place]
            place += 1


def rows(change: Change, old: Standard, new: Standard) -> list[Row]:
    """Every change of ``compare(old, new)``, those that move the bar first."""
    made = [_row(one, old, new) for one in change.changes]
    return sorted(made, key=lambda row: -versions.ORDER.index(row.forces))


def _row(change: FieldChange, old: Standard, new: Standard) -> Row:
    forces = versions.FORCES[change.field_class]
    if change.path.endswith(versions.ORDER_MARK):
        verb = "reordered"
    elif _empty(change.before):
        verb = "added"
    else:
        verb = "removed" if _empty(change.after) else "changed"
    return Row(
        change.path,
        where(change.path, old, new),
        verb,
        change.field_class,
        CLASS_WORDS[change.field_class][0],
        forces,
        FORCES_WORDS[forces],
        change.harmless,
        tuple(_lines(change, old, new)),
    )


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def field_name(name: str) -> str:
    return FIELDS.get(name, name.replace("_", " "))


def where(path: str, old: Standard, new: Standard) -> str:
    """``criteria.k1.descriptors`` in words: Criterion “Trigger logic”: what each level means."""
    parts = path.removesuffix(versions.ORDER_MARK).split(".")
    if len(parts) > 1 and parts[0] in NOUNS:
        named = f"{NOUNS[parts[0]]} “{part_title(parts[0], parts[1], old, new)}”"
        rest = " ".join(field_name(part) for part in parts[2:])
        return f"{named}: {rest}" if rest else named
    head = field_name(parts[0])
    rest = " ".join(field_name(part) for part in parts[1:])
    return (head[:1].upper() + head[1:]) + (f": {rest}" if rest else "")


def part_title(group: str, identity: str, old: Standard, new: Standard) -> str:
    """What people call a part: its name in the new version, else in the old one, else its id."""
    for standard in (new, old):
        for part in getattr(standard, group):
            if part.id == identity:
                for member in ("name", "title", "statement", "label", "text"):
                    text = getattr(part, member, "")
                    if text:
                        return str(text) if len(text) <= 70 else f"{text[:67]}…"
    return identity


def _lines(change: FieldChange, old: Standard, new: Standard) -> Iterator[Line]:
    before, after = change.before, change.after
    if change.path.endswith(versions.ORDER_MARK):
        group = change.path.removesuffix(versions.ORDER_MARK)
        named = (", ".join(part_title(group, one, old, new) for one in ids) for ids in (before, after))
        yield Line("", tuple(Piece(kind, text) for kind, text in zip(_KINDS, named, strict=True)))
    elif _is_links(change.path) and isinstance(before, list) and isinstance(after, list):
        named = (_names(change.path.split(".")[-1], ids, old, new) for ids in (before, after))
        yield from (Line("", (Piece(kind, text),)) for kind, text in zip(_KINDS, named, strict=True) if text)
    elif isinstance(before, list) and isinstance(after, list) and _texts(before) and _texts(after):
        labels = _labels(change.path, new)
        for place, (was, becomes) in enumerate(zip_longest(before, after, fillvalue="")):
            if was != becomes:
                yield Line(labels[place] if place < len(labels) else "", pieces(was, becomes))
    elif isinstance(before, str) and isinstance(after, str):
        yield Line("", pieces(before, after))
    else:
        for kind, value in zip(_KINDS, (before, after), strict=True):
            if not _empty(value):
                told = _value_lines(value, old, new)
                yield from (Line(label, (Piece(kind, text),)) for label, text in told)


_KINDS: tuple[PieceKind, PieceKind] = ("gone", "new")


def _texts(values: list[Any]) -> bool:
    return all(isinstance(one, str) for one in values)


def _labels(path: str, new: Standard) -> list[str]:
    """The levels whose descriptors are listed; other lists have no names for their rows."""
    return [level.label for level in new.scale] if path.endswith(".descriptors") else []


#: Members that hold the ids of other parts, and lists of those parts by the same name.
LINKS = frozenset({"competencies", "evidence"})


def _is_links(path: str) -> bool:
    parts = path.split(".")
    return len(parts) == 3 and parts[2] in LINKS


def _names(group: str, ids: list[str], old: Standard, new: Standard) -> str:
    return "; ".join(part_title(group, one, old, new) for one in ids)


def _value_lines(value: Any, old: Standard, new: Standard) -> Iterator[tuple[str, str]]:
    """A JSON value as named lines: a part by its members, its descriptors by level, a list by its rows."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "id" or _empty(inner) or inner is False:
                continue
            if name in LINKS and isinstance(inner, list):
                yield field_name(name), _names(name, inner, old, new)
            elif name == "descriptors" and isinstance(inner, list) and len(inner) == len(new.scale):
                yield from ((level.label, text) for level, text in zip(new.scale, inner, strict=True) if text)
            else:
                yield field_name(name), _text(inner)
    elif isinstance(value, list):
        for inner in value:
            yield "", _text(inner)
    else:
        yield "", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{field_name(k)} {_text(v)}" for k, v in value.items() if not _empty(v) and k != "id"
        )
    return str(value)


def counts(found: list[Row]) -> list[tuple[str, int]]:
    """How many changes there are of each class, in the order of weight; classes without one are left out."""
    order: list[FieldClass] = ["decision", "evidence", "claim", "clarifying", "presentation"]
    numbers = [(CLASS_WORDS[one][0], sum(row.field_class == one for row in found)) for one in order]
    return [(word, number) for word, number in numbers if number]


def drafted_note(found: list[Row], *, limit: int = 900) -> str:
    """An update note written from the changes, for the author to edit: what moved the bar by name, the rest by number."""
    if not found:
        return ""
    heaviest = found[0].forces
    named = [row for row in found if row.forces == heaviest]
    sentences = []
    for verb in ("added", "removed", "changed", "reordered"):
        places = list(dict.fromkeys(row.where for row in named if row.verb == verb))
        if places:
            sentences.append(f"{verb.capitalize()}: {'; '.join(places)}.")
    rest = len(found) - len(named)
    if rest:
        sentences.append(f"Also {rest} smaller change{'' if rest == 1 else 's'}, without effect on the bar.")
    text = " ".join(sentences)
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
