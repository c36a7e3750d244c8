"""A course outline read from Markdown, CSV or a common cartridge, and what it proposes (PO2).

Competencies are the lines that say what a person does; each is linked to the lessons that serve it. Gaps are what a
course leaves open: topics without a doing, and competencies for which nothing is handed in. All of it is a proposal.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

from guildmark.design import wording
from guildmark.design.advisor import cartridge
from guildmark.design.advisor.answers import Part
from guildmark.design.advisor.saying import Told
from guildmark.design.claims import reads_as_can_do
from guildmark.design.claims.text import words as word_set
from guildmark.kernel.problems import Invalid, TooLarge
from guildmark.kernel.words import Amount, Count, said

MAX_BYTES = 2 * 1024 * 1024
MAX_LINE = 2000
MAX_LINES = 2000
TITLE = 200
PROPOSED = 12
LESSONS = 80
Kind = Literal["section", "lesson", "assessment"]
Format = Literal["markdown", "csv", "cartridge"]


class Item(Part):
    """One line of the outline: its title, how deep it lies (0 at the top), what it is, and where it stood."""

    title: str
    depth: int
    kind: Kind
    line: int
    does: bool


class Proposed(Part):
    """A competency that the outline suggests, with the places of its lessons in ``lessons`` and its evidence."""

    id: str
    statement: str
    line: int
    lessons: tuple[str, ...]
    evidence: tuple[str, ...]


class LessonLink(Part):
    """A lesson with the competencies that it seems to serve."""

    id: str
    title: str
    line: int
    competencies: tuple[str, ...]


class Gap(Part):
    """What the course leaves open: a topic without a doing, or a competency for which nothing is handed in."""

    kind: Literal["topic", "evidence"]
    text: str
    line: int
    mend: Told


class Outline(Part):
    """A course as it was read, and what follows from it."""

    format: Format
    items: tuple[Item, ...]
    competencies: tuple[Proposed, ...]
    lessons: tuple[LessonLink, ...]
    gaps: tuple[Gap, ...]
    warnings: tuple[Told, ...]

    @property
    def text(self) -> str:
        """The outline as Markdown, which reads back to the same items."""
        return "\n".join("  " * item.depth + "- " + item.title for item in self.items)

    def members(self) -> dict[str, Any]:
        """Competencies and lessons as members of a standard."""
        return {
            "competencies": [{"id": part.id, "statement": part.statement} for part in self.competencies],
            "lessons": [part.model_dump(include={"id", "title", "competencies"}) for part in self.lessons],
        }


def read(content: bytes, filename: str = "") -> Outline:
    """An outline from a file. The kind follows from the bytes and, for CSV, from the name.

    Raises Invalid for what is no outline, TooLarge for what is larger than a course can be.
    """
    if content.startswith(b"PK\x03\x04"):
        found, warnings = cartridge.titles(content)
        return propose(
            "cartridge", [(depth, title, place) for place, (depth, title) in enumerate(found, 1)], warnings
        )
    if len(content) > MAX_BYTES:
        raise TooLarge(said("The outline has {n} kB; the limit is {limit}.",
                            n=Count(len(content) // 1000), limit=Count(MAX_BYTES // 1000)),
                       field="file", mend=said("Keep the titles of the lessons only."))  # fmt: skip
    text = decoded(content)
    is_table = filename.lower().endswith((".csv", ".tsv")) or _looks_like_csv(text)
    return read_csv(text) if is_table else read_markdown(text)


def decoded(content: bytes) -> str:
    """The text of the bytes: UTF-8, or UTF-16 with its mark. Anything else would be guessed, and is refused."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(said("The file is not UTF-8: byte {n} belongs to another encoding.", n=Count(error.start + 1)),
                      field="file", mend=said("Save it as UTF-8 (in a spreadsheet: CSV UTF-8).")) from None  # fmt: skip
    if "\x00" in text:
        raise Invalid(
            said("The file holds NUL characters: it is no text."),
            field="file",
            mend=said("Save it as plain text."),
        )
    return text


def _lines(text: str, warnings: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; those that are longer than any title are left out and named."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_LINE:
            warnings.append(
                said(
                    "Line {line} has {n} characters and was left out: no title is that long.",
                    line=Amount(number),
                    n=Count(len(line)),
                )
            )
        else:
            yield number, line


# --- Markdown, and plain lists

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
BULLET = re.compile(r"^([ \t]*)(?:[-*+•]|\d{1,3}[.)])\s+(.*)$")
FENCE = re.compile(r"^ {0,3}(```|~~~)")
RULE = re.compile(r"^[\s\-=_*|:]+$")
LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
TICK = re.compile(r"^\[[ xX]\]\s+")


def read_markdown(text: str) -> Outline:
    """Headings are sections, list items and other lines are lessons; code is left out."""
    warnings: list[str] = []
    rows: list[tuple[int, str, int]] = []
    level, fenced = 0, False
    for number, line in _lines(text, warnings):
        if FENCE.match(line):
            fenced = not fenced
            continue
        if fenced or not line.strip() or RULE.match(line):
            continue
        heading, bullet = HEADING.match(line), BULLET.match(line)
        if heading:
            level = len(heading.group(1))
            rows.append((level - 1, heading.group(2), number))
        elif bullet:
            indent = len(bullet.group(1).expandtabs(4)) // 2
            rows.append((level + indent, bullet.group(2), number))
        else:
            rows.append((level + (len(line) - len(line.lstrip())) // 2, line, number))
    return propose("markdown", [(depth, _plain(title), number) for depth, title, number in rows], warnings)


def _plain(title: str) -> str:
    """A title without markup: links as their words, no emphasis, no tick box."""
    text = LINK.sub(r"\1", TICK.sub("", title))
    return re.sub(r"(\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w))", "", text).strip()


# --- CSV

SECTION_NAMES = word_set("section module unit chapter week part topic abschnitt modul kapitel sección módulo")
TITLE_NAMES = word_set("title lesson name lesson_title lecture activity item titel lektion título lección")
KIND_NAMES = word_set("type kind format typ tipo")


def _looks_like_csv(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if len(first) > MAX_LINE or first.lstrip().startswith(("#", "-", "*")):
        return False
    names = {cell.strip().strip('"').lower() for cell in re.split(r"[,;\t]", first)}
    return len(names) > 1 and bool(names & TITLE_NAMES)


def read_csv(text: str) -> Outline:
    """A table with a heading that names a title and may name a section and a kind; without one, the first column."""
    warnings: list[str] = []
    kept = "\n".join(line for _, line in _lines(text, warnings))
    first = kept.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[tuple[int, str, int]] = []
    places, section = None, ""
    try:
        reader = csv.reader(io.StringIO(kept), delimiter=delimiter)
        for cells in reader:
            cells = [" ".join(cell.split()) for cell in cells]
            if places is None:
                places = _places(cells)
                if places[3]:
                    continue
            title, part, kind = (cells[i] if 0 <= i < len(cells) else "" for i in places[:3])
            if part and part != section:
                section = part
                rows.append((0, part, reader.line_num))
            if title:
                rows.append(
                    (
                        1 if section else 0,
                        f"{kind}: {title}" if _is_assessment(kind) else title,
                        reader.line_num,
                    )
                )
    except csv.Error as error:
        raise Invalid(
            said("The table cannot be read: {fault}.", fault=str(error)),
            field="file",
            mend=said("Save it as CSV again."),
        ) from None
    return propose("csv", rows, warnings)


def _places(cells: list[str]) -> tuple[int, int, int, bool]:
    """Columns of title, section and kind (-1: none), and whether this line is a heading."""
    names = [cell.lower() for cell in cells]

    def place(known: frozenset[str]) -> int:
        return next((i for i, name in enumerate(names) if name in known), -1)

    title, section, kind = place(TITLE_NAMES), place(SECTION_NAMES), place(KIND_NAMES)
    if title < 0:
        return (section, -1, kind, True) if section >= 0 else (0, -1, -1, False)
    return title, section, kind, True


# --- what follows

EVIDENCE = re.compile(
    r"\b(?:assignments?|assessments?|projects?(?!\s+(?:manag|plan|charter|team|sponsor))|worksheets?|exercises?|homework|hand[- ]?ins?|submissions?|submit|"
    r"portfolios?|capstone|case stud(?:y|ies)|practical|quiz(?:zes)?|exams?|tests?\s*:|checklists?|"
    r"aufgabe|übung|arbeitsblatt|projekt|prüfung|tarea|ejercicio|proyecto|examen)\b",
    re.IGNORECASE,
)
SMALL = word_set(
    "a an the and or of in on for to with from by your their its his her our this that how what why when is are be it "
    "module lesson week part unit section chapter introduction intro overview basics fundamentals"
)
WORD = re.compile(r"[^\W\d_]{3,}")


def _is_assessment(text: str) -> bool:
    return bool(text and EVIDENCE.search(text))


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    """The words of a title that carry meaning, without their commonest endings."""
    words = (word.lower() for word in WORD.findall(text))
    return frozenset(re.sub(r"(?:ing|ers?|ies|es|s|ed|y)$", "", w)[:7] for w in words if w not in SMALL)


def propose(kind: Format, rows: list[tuple[int, str, int]], warnings: list[str]) -> Outline:
    """Items, competencies with their lessons, and gaps from (depth, title, line)."""
    notes = list(warnings)
    if len(rows) > MAX_LINES:
        notes.append(
            said(
                "The outline has {n} lines; the first {limit} were read.",
                n=Count(len(rows)),
                limit=Count(MAX_LINES),
            )
        )
    items = _items(rows[:MAX_LINES])
    if not items:
        raise Invalid(
            said("There is no title in this outline."), field="file", mend=said("Give one line per lesson.")
        )
    return _linked(kind, items, notes)


def _items(rows: list[tuple[int, str, int]]) -> list[Item]:
    cleaned = [(depth, _tidy(title), line) for depth, title, line in rows]
    cleaned = [row for row in cleaned if row[1]]
    floor, found, path = min((depth for depth, _, _ in cleaned), default=0), [], list[int]()
    for place, (depth, title, line) in enumerate(cleaned):
        while path and path[-1] >= depth:
            path.pop()
        following = cleaned[place + 1][0] if place + 1 < len(cleaned) else floor
        what: Kind = "section" if following > depth else "assessment" if _is_assessment(title) else "lesson"
        found.append(Item(title=title, depth=len(path), kind=what, line=line, does=reads_as_can_do(title)))
        path.append(depth)
    return found


def _tidy(title: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(title.split()))
    hidden = {position for position, _ in wording.forbidden_characters(text, lines=False)}
    return "".join(c for i, c in enumerate(text) if i not in hidden).strip()[:TITLE]


def _linked(kind: Format, items: list[Item], warnings: list[str]) -> Outline:
    doing = _competencies(items)
    if len(doing) > PROPOSED:
        warnings.append(
            said(
                "{count} lines say what a person does; the first {limit} became competencies.",
                count=Amount(len(doing)),
                limit=PROPOSED,
            )
        )
    named = {item.title.casefold(): f"c{number}" for number, item in enumerate(doing[:PROPOSED], 1)}
    lessons: list[LessonLink] = []
    served: dict[str, list[str]] = {identity: [] for identity in named.values()}
    shown: dict[str, list[str]] = {identity: [] for identity in named.values()}
    gaps: list[Gap] = []
    sections = _sections(items)
    for place, item in enumerate(items):
        own = _serves(item, items, sections[place], named)
        if item.kind == "assessment":
            for identity in own or _all_in(items, sections, place, named):
                shown[identity].append(item.title)
        if item.kind == "section":
            continue
        identity = f"u{len(lessons) + 1}"
        if len(lessons) < LESSONS:
            lessons.append(LessonLink(id=identity, title=item.title, line=item.line, competencies=tuple(own)))
            for one in own:
                served[one].append(identity)
        if not own and item.kind == "lesson":
            mend = said("Say what somebody does with it, or leave it out of the promise.")
            gaps.append(Gap(kind="topic", text=item.title, line=item.line, mend=mend))
    if sum(item.kind != "section" for item in items) > LESSONS:
        warnings.append(
            said("The outline has more than {limit} lessons; the first {limit} are linked.", limit=LESSONS)
        )
    proposed = []
    for item in doing[:PROPOSED]:
        identity = named[item.title.casefold()]
        if not shown[identity]:
            mend = said("Say what a learner hands in to show it.")
            gaps.append(Gap(kind="evidence", text=item.title, line=item.line, mend=mend))
        proposed.append(Proposed(id=identity, statement=item.title, line=item.line,
                                 lessons=tuple(served[identity]), evidence=tuple(shown[identity])))  # fmt: skip
    return Outline(format=kind, items=tuple(items), competencies=tuple(proposed), lessons=tuple(lessons),
                   gaps=tuple(sorted(gaps, key=lambda gap: gap.line)), warnings=tuple(warnings))  # fmt: skip


def _competencies(items: list[Item]) -> list[Item]:
    """Lines that say what a person does, each once; what is handed in is evidence and no competency."""
    seen: set[str] = set()
    found = []
    for item in items:
        if item.does and item.kind != "assessment" and item.title.casefold() not in seen:
            seen.add(item.title.casefold())
            found.append(item)
    return found


def _sections(items: list[Item]) -> list[tuple[int, ...]]:
    """For every item the places of the sections that it lies in, outermost first."""
    found: list[tuple[int, ...]] = []
    path: list[int] = []
    for place, item in enumerate(items):
        path = path[: item.depth]
        found.append(tuple(path))
        path.append(place)
    return found


def _serves(item: Item, items: list[Item], above: tuple[int, ...], named: dict[str, str]) -> list[str]:
    """The competencies that a line serves: its own, those of its sections, and those that share a word of meaning."""
    own = named.get(item.title.casefold())
    found = [own] if own else []
    found += [named[items[p].title.casefold()] for p in above if items[p].title.casefold() in named]
    if not found:
        stems = _stems(item.title)
        best = max((len(stems & _stems(title)) for title in named), default=0)
        if best:
            found = [identity for title, identity in named.items() if len(stems & _stems(title)) == best]
            found = found if len(found) <= 2 else []
    return list(dict.fromkeys(found))


def _all_in(
    items: list[Item], sections: list[tuple[int, ...]], place: int, named: dict[str, str]
) -> list[str]:
    """The competencies of the section that an assessment closes; nothing for one that lies in no section."""
    if not sections[place]:
        return []
    inside = [i for i, above in enumerate(sections) if above[:1] == sections[place][:1] and i < place]
    return [named[items[i].title.casefold()] for i in inside if items[i].title.casefold() in named]
