"""What differs between two versions, put into words for people: where, what class, and word by word (PRODUCT UP2, M1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import reduce
from itertools import zip_longest
from typing import Any, Literal

from guildmark.design import versions
from guildmark.design.diff_words import CODED, CODES, FIELDS, HEADS, PARTS
from guildmark.design.types import Change, FieldChange, FieldClass, Forces, Standard
from guildmark.kernel.words import Said, marked, numbered, said, said_in, strung

PieceKind = Literal["same", "gone", "new"]

CLASS_WORDS: dict[FieldClass, tuple[str, str]] = {
    "presentation": (
        said_in("class of change", "Presentation"),
        said("Shown differently; nothing that binds."),
    ),
    "clarifying": (
        said_in("class of change", "Clarifying"),
        said("Clearer words or upkeep; the bar is the same."),
    ),
    "claim": (said_in("class of change", "Claim"), said("What the credential says of a person.")),
    "evidence": (
        said_in("class of change", "Evidence"),
        said("What has to be shown, and under what conditions."),
    ),
    "decision": (said_in("class of change", "Decision"), said("How it is judged, and what passes.")),
}
#: The same inside a sentence.
SMALL_CLASS_WORDS: dict[FieldClass, str] = {
    "presentation": said_in("class of change", "presentation"),
    "clarifying": said_in("class of change", "clarifying"),
    "claim": said_in("class of change", "claim"),
    "evidence": said_in("class of change", "evidence"),
    "decision": said_in("class of change", "decision"),
}
FORCES_WORDS: dict[Forces, str] = {
    "none": said("nothing"),
    "note": said("a note"),
    "minor": said("a minor version"),
    "major": said("a new major version"),
}
#: A row says it as a whole, because other languages bend the noun.
FORCES_TOLD: dict[Forces, str] = {
    "none": said("forces nothing"),
    "note": said("forces a note"),
    "minor": said("forces a minor version"),
    "major": said("forces a new major version"),
}
SUMMARY: dict[Forces, str] = {
    "none": said("Nothing differs."),
    "note": said("Only the presentation changed. The bar is the same."),
    "minor": said("The wording is clearer or upkeep was done. The bar is the same."),
    "major": said("The bar changed: what is claimed, asked for or decided is not the same."),
}
Verb = Literal["added", "removed", "changed", "reordered"]
VERBS: dict[Verb, str] = {
    "added": said_in("change", "added"),
    "removed": said_in("change", "removed"),
    "changed": said_in("change", "changed"),
    "reordered": said_in("change", "reordered"),
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
    """One change as a page shows it. ``verb`` is changed, added, removed or reordered.

    Its words can be said in the language of a page; what authors wrote are places in them.
    """

    path: str
    where: str
    verb: str
    field_class: FieldClass
    class_word: str
    forces: Forces
    forces_word: str
    harmless: str
    lines: tuple[Line, ...]

    @property
    def small_class_word(self) -> str:
        return SMALL_CLASS_WORDS[self.field_class]

    @property
    def forces_told(self) -> str:
        return FORCES_TOLD[self.forces]


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
    verb: Verb
    if change.path.endswith(versions.ORDER_MARK):
        verb = "reordered"
    elif _empty(change.before):
        verb = "added"
    else:
        verb = "removed" if _empty(change.after) else "changed"
    return Row(
        change.path,
        where(change.path, old, new),
        VERBS[verb],
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
    return FIELDS.get(name) or name.replace("_", " ")


def where(path: str, old: Standard, new: Standard) -> str:
    """``criteria.k1.descriptors`` in words: Criterion “Trigger logic”: what each level means."""
    parts = path.removesuffix(versions.ORDER_MARK).split(".")
    if len(parts) > 1 and parts[0] in PARTS:
        named = said(PARTS[parts[0]], title=part_title(parts[0], parts[1], old, new))
        return _with_members(named, parts[2:])
    plain = parts[0].replace("_", " ")
    return _with_members(HEADS.get(parts[0]) or plain[:1].upper() + plain[1:], parts[1:])


def _with_members(head: str, names: list[str]) -> str:
    if not names:
        return head
    first, *rest = (field_name(name) for name in names)
    member = reduce(lambda outer, inner: said("{outer} {inner}", outer=outer, inner=inner), rest, first)
    return said("{part}: {member}", part=head, member=member)


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
        labels, name = _labels(change.path, new), change.path.split(".")[-1]
        for place, (was, becomes) in enumerate(zip_longest(before, after, fillvalue="")):
            if was != becomes:
                yield Line(labels[place] if place < len(labels) else "", _edited(name, was, becomes))
    elif isinstance(before, str) and isinstance(after, str):
        yield Line("", _edited(change.path.split(".")[-1], before, after))
    else:
        for kind, value in zip(_KINDS, (before, after), strict=True):
            if not _empty(value):
                told = _value_lines(value, old, new, change.path.split(".")[-1])
                yield from (Line(label, (Piece(kind, text),)) for label, text in told)


_KINDS: tuple[PieceKind, PieceKind] = ("gone", "new")


def _edited(name: str, was: str, becomes: str) -> tuple[Piece, ...]:
    """Word by word; a value that is a word of ours and wholly another one can be said in the language of a page."""
    found = pieces(was, becomes)
    if name in CODED and all(piece.kind != "same" for piece in found):
        return tuple(replace(piece, text=_text(piece.text, name)) for piece in found)
    return found


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


def _value_lines(value: Any, old: Standard, new: Standard, member: str) -> Iterator[tuple[str, str]]:
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
                yield field_name(name), _text(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield "", _text(inner, member)
    else:
        yield "", _text(value, member)


def _text(value: Any, name: str) -> str:
    """A value of the member ``name`` in words."""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return strung("; ", (_text(one, name) for one in value))
    if isinstance(value, dict):
        given = ((k, v) for k, v in value.items() if not _empty(v) and k != "id")
        members = (said("{member} {value}", member=field_name(k), value=_text(v, k)) for k, v in given)
        return strung(", ", members)
    return CODES.get(value, value) if name in CODED else str(value)


#: How many changes of a class there are, inside a sentence.
COUNTED: dict[FieldClass, Callable[[int], Said]] = {
    "decision": lambda n: numbered("{n} decision", "{n} decision", n=n),
    "evidence": lambda n: numbered("{n} evidence", "{n} evidence", n=n),
    "claim": lambda n: numbered("{n} claim", "{n} claim", n=n),
    "clarifying": lambda n: numbered("{n} clarifying", "{n} clarifying", n=n),
    "presentation": lambda n: numbered("{n} presentation", "{n} presentation", n=n),
}


def counts(found: list[Row]) -> list[str]:
    """How many changes there are of each class, in the order of weight; classes without one are left out."""
    numbers = ((told, sum(row.field_class == one for row in found)) for one, told in COUNTED.items())
    return [told(number) for told, number in numbers if number]


#: The sentences of a first update note, in their order.
NOTES: dict[Verb, str] = {
    "added": marked("Added: {places}."),
    "removed": marked("Removed: {places}."),
    "changed": marked("Changed: {places}."),
    "reordered": marked("Reordered: {places}."),
}


def drafted_note(found: list[Row], *, limit: int = 900, say: Callable[[Any], str] = str) -> str:
    """An update note written from the changes, for the author to edit: what moved the bar by name, the rest by number.

    ``say`` says the sentences in another language than English.
    """
    if not found:
        return ""
    heaviest = found[0].forces
    named = [row for row in found if row.forces == heaviest]
    sentences: list[str] = []
    for verb, frame in NOTES.items():
        places = list(dict.fromkeys(row.where for row in named if row.verb == verb))
        if places:
            sentences.append(said(frame, places=strung("; ", places)))
    rest = len(found) - len(named)
    if rest:
        sentences.append(
            numbered(
                "Also {n} smaller change, without effect on the bar.",
                "Also {n} smaller changes, without effect on the bar.",
                n=rest,
            )
        )
    text = " ".join(say(sentence) for sentence in sentences)
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
