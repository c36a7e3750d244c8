"""What every reader of a framework file shares: the rows it makes, and what it found on the way."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import orjson

from guildmark.kernel.problems import Invalid

Severity = Literal["error", "warning", "note"]
#: ``tick(done, total)``: how far reading is, in rows.
Tick = Callable[[int, int], None]

MAX_ROWS = 200_000
MAX_NAME, MAX_TEXT, MAX_URI = 2_000, 20_000, 490
MAX_ALTERNATIVES, MAX_ALTERNATIVE = 200, 400
#: Findings of one kind that are kept word by word; more of them are counted.
MAX_OF_A_KIND = 25
MAX_FINDINGS = 600


class UnreadableFramework(Invalid):
    """The file as a whole cannot be used; nothing of it is stored."""


@dataclass(frozen=True)
class Finding:
    """One thing that was noticed. ``row`` says where (file and line, or the id of an item), ``field`` which part."""

    severity: Severity
    row: str
    field: str
    message: str
    mend: str = ""


@dataclass(frozen=True)
class SkillRow:
    """One skill, competency, group or level as the file has it. ``uri`` is its identity within the framework.

    ``requirement`` is ``essential`` or ``optional`` where the framework says so, else empty. ``texts`` holds the
    name, description and alternatives in further languages. ``extra`` keeps what the formats know and we only
    carry (the CASE identifier, for instance). ``retired`` marks what the source itself no longer uses.
    """

    uri: str
    name: str
    description: str = ""
    code: str = ""
    alternatives: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    kind: str = ""
    level: str = ""
    language: str = ""
    requirement: str = ""
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    retired: bool = False
    place: str = field(default="", compare=False)

    def content(self) -> dict[str, Any]:
        """Everything but the place: what makes two readings of a skill the same."""
        return {
            "uri": self.uri,
            "name": self.name,
            "description": self.description,
            "code": self.code,
            "alternatives": list(self.alternatives),
            "keywords": list(self.keywords),
            "kind": self.kind,
            "level": self.level,
            "language": self.language,
            "requirement": self.requirement,
            "texts": {language: dict(text) for language, text in self.texts.items()},
            "extra": dict(self.extra),
            "retired": self.retired,
        }

    def digest(self) -> str:
        """SHA-256 (hex) of the content."""
        return hashlib.sha256(orjson.dumps(self.content(), option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True)
class Edge:
    """A tie from one skill to another. ``broader`` leads from a skill to what contains it.

    Other kinds: ``essential`` and ``optional`` (the source is needed for the target), ``related``, ``exact``,
    ``close``, ``precedes``, ``replaced_by``, ``part_of``. The target may lie outside the framework.
    """

    source: str
    kind: str
    target: str
    position: int = 0


@dataclass(frozen=True)
class Package:
    """One framework as read: its record, its rows in the order of the file, its ties."""

    uri: str
    title: str
    format: str
    publisher: str = ""
    version: str = ""
    language: str = ""
    description: str = ""
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    url: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[SkillRow] = ()
    edges: Sequence[Edge] = ()
    #: Ids that the file names but whose row could not be used: they are not taken for withdrawn.
    unusable: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Options:
    """What a person said about the file; empty means: as the file says it.

    ``columns`` maps our names (see ``plain.FIELDS``) to the headings of a plain CSV.
    """

    format: str = ""
    uri: str = ""
    title: str = ""
    language: str = ""
    version: str = ""
    publisher: str = ""
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def over(self, package: Package) -> Package:
        """The package with what was said here."""
        said = {
            name: value
            for name in (
                "uri",
                "title",
                "language",
                "version",
                "publisher",
                "licence",
                "licence_url",
                "attribution",
            )
            if (value := getattr(self, name))
        }
        return replace(package, **said)


class Report:
    """Collects findings: each kind word by word up to a limit, then counted."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.counts: Counter[Severity] = Counter()
        self._kinds: Counter[tuple[str, str]] = Counter()

    def add(
        self, severity: Severity, row: str, field: str, message: str, mend: str = "", *, kind: str = ""
    ) -> None:
        """``kind`` groups findings that say the same of different rows (default: the message itself)."""
        self.counts[severity] += 1
        self._kinds[kind or message, field] += 1
        kept = MAX_OF_A_KIND if severity != "error" else 4 * MAX_OF_A_KIND
        if self._kinds[kind or message, field] <= kept and len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(severity, row[:200], field[:80], message[:600], mend[:300]))

    def error(self, row: str, field: str, message: str, mend: str = "", *, kind: str = "") -> None:
        self.add("error", row, field, message, mend, kind=kind)

    def warn(self, row: str, field: str, message: str, mend: str = "", *, kind: str = "") -> None:
        self.add("warning", row, field, message, mend, kind=kind)

    def note(self, row: str, field: str, message: str, *, kind: str = "") -> None:
        self.add("note", row, field, message, kind=kind)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


# -- texts -------------------------------------------------------------------------------------------

#: Elements of HTML; what else stands in angle brackets, such as List<String>, is text.
_ELEMENTS = (
    "a abbr audio b base blockquote body br button code dd div dl dt em embed font form h[1-6] head hr html i iframe "
    "img input li link math meta object ol option p pre s script select small span strong style sub sup svg table "
    "tbody td textarea tfoot th thead title tr u ul video"
).replace(" ", "|")
_MARKUP = re.compile(rf"<!--|<(/?)({_ELEMENTS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "li", "div", "tr"})
_SILENT = frozenset({"script", "style"})
_SPACES = re.compile(r"[^\S\n]+")
# Direction overrides could make one name look like another; the rest draws nothing.
_HIDDEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"))


def _without_markup(text: str) -> str:
    """The words of a piece of HTML, in one pass; comments and what scripts and styles say are dropped."""
    pieces, at, folded = [], 0, text.lower()
    for tag in _MARKUP.finditer(text):
        if tag.start() < at:
            continue
        pieces.append(text[at : tag.start()])
        at, name = tag.end(), (tag[2] or "").lower()
        if not name or (name in _SILENT and not tag[1]):
            end = folded.find("-->" if not name else f"</{name}", at)
            at = len(text) if end < 0 else end + 3 * (not name)
        elif name in _BREAKS:
            pieces.append("\n")
    pieces.append(text[at:])
    return unescape("".join(pieces))


def cleaned(value: object, report: Report, *, row: str, field: str, limit: int = MAX_TEXT) -> str:
    """A text as it may be stored: plain, in NFC, without control or direction characters, cut to ``limit``.

    Numbers become text; anything that is no text gives an empty one and a finding.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        report.warn(row, field, "This is no text and was left out.", "Give a text here.")
        return ""
    # What is far too long is cut before anything walks through it.
    text = str(value)[: 4 * limit + 1]
    if "<" in text and _MARKUP.search(text):
        text = _without_markup(text)
        report.note(row, field, "Markup (HTML) was taken out of the text.")
    # Most texts are plain lines and need no more than this.
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
        text = text.translate(_HIDDEN)
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co"})
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    if len(text) > limit:
        report.warn(row, field, f"The text was cut: it is longer than {limit:,} characters.")
        text = text[:limit].rstrip()
    return text


def one_line(value: object, report: Report, *, row: str, field: str, limit: int = MAX_NAME) -> str:
    """As :func:`cleaned`, in one line."""
    return " ".join(cleaned(value, report, row=row, field=field, limit=limit).split())


def several(
    values: Iterable[object], report: Report, *, row: str, field: str, limit: int = MAX_ALTERNATIVE
) -> tuple[str, ...]:
    """Short texts without repetition, in their order."""
    found = dict.fromkeys(one_line(value, report, row=row, field=field, limit=limit) for value in values)
    found.pop("", None)
    if len(found) > MAX_ALTERNATIVES:
        report.warn(row, field, f"Only the first {MAX_ALTERNATIVES} of {len(found):,} entries were taken.")
    return tuple(found)[:MAX_ALTERNATIVES]


def identifier(value: object, report: Report, *, row: str, field: str) -> str:
    """The id of a skill or framework; empty, with a finding, when it cannot be one."""
    text = one_line(value, report, row=row, field=field, limit=MAX_URI + 1)
    if len(text) > MAX_URI:
        report.error(row, field, f"The id is longer than {MAX_URI} characters.", "Use a shorter address.")
        return ""
    return text


def made_uri(*parts: str) -> str:
    """A stable id for what has none of its own: the same parts always give the same ``urn:uuid``."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(31).join(part.casefold() for part in parts))}"


def language_tag(value: object) -> str:
    """``en-us`` gives ``en-US``; what is no language tag gives nothing."""
    text = str(value or "").strip().replace("_", "-")
    if len(text) > 20 or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        return ""
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


# -- putting a package together ----------------------------------------------------------------------


class Builder:
    """Collects rows and ties of one framework and settles what does not fit: doubles, strays and cycles."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.rows: dict[str, SkillRow] = {}
        self.edges: dict[tuple[str, str, str], Edge] = {}
        self.unusable: set[str] = set()

    def row(self, row: SkillRow) -> None:
        """Take a row; one without id or name, and a second one with the same id, are left out with a finding."""
        if not row.uri:
            self.report.error(
                row.place, "id", "The row has no id and was left out.", "Give each skill an id."
            )
            return
        if not row.name:
            self.report.error(row.place, "name", "The skill has no name and was left out.", "Give it a name.")
            self.unusable.add(row.uri)
            return
        first = self.rows.get(row.uri)
        if first is None:
            if len(self.rows) >= MAX_ROWS:
                raise UnreadableFramework(
                    f"The file holds more than {MAX_ROWS:,} skills.", field="file", mend="Split it."
                )
            self.rows[row.uri] = row
        elif first.content() == row.content():
            self.report.note(row.place, "id", f"The same row stands at {first.place} already.", kind="twice")
        else:
            self.report.error(
                row.place,
                "id",
                f"The id {row.uri[:200]} stands at {first.place} with other content; the first one counts.",
                "Give each skill an id of its own.",
                kind="double",
            )

    def edge(self, source: str, kind: str, target: str, position: int = 0) -> None:
        if source and target:
            self.edges.setdefault((source, kind, target), Edge(source, kind, target, position))

    def settled(self, inside: Iterable[str] = ()) -> tuple[list[SkillRow], list[Edge]]:
        """The rows and the ties that hold. ``inside`` are ids that stand for the framework itself."""
        roots = set(inside)
        kept: list[Edge] = []
        for edge in self.edges.values():
            if edge.source in roots or (edge.kind == "broader" and edge.target in roots):
                continue
            if edge.source not in self.rows:
                self._stray(edge, edge.source)
            elif edge.kind == "broader" and edge.target not in self.rows:
                self._stray(edge, edge.target)
            elif edge.source == edge.target:
                place = self.rows[edge.source].place
                self.report.error(place, "relation", "The skill is tied to itself; the tie was left out.")
            else:
                kept.append(edge)
        return list(self.rows.values()), self._without_cycles(kept)

    def _stray(self, edge: Edge, missing: str) -> None:
        other = edge.target if missing == edge.source else edge.source
        place = self.rows[other].place if other in self.rows else ""
        self.report.warn(
            place or other[:200],
            "relation",
            f"It is tied to {missing[:200]}, which the file does not hold; the tie was left out.",
            "Export the framework together with that skill.",
            kind="stray",
        )

    def _without_cycles(self, edges: list[Edge]) -> list[Edge]:
        """Leave out each ``broader`` tie that would close a circle."""
        upward: dict[str, list[Edge]] = {}
        for edge in edges:
            if edge.kind == "broader":
                upward.setdefault(edge.source, []).append(edge)
        closing: set[Edge] = set()
        done: set[str] = set()
        for start in upward:
            if start in done:
                continue
            path: dict[str, None] = {start: None}
            stack = [(start, iter(upward[start]))]
            while stack:
                node, rest = stack[-1]
                step = next(rest, None)
                if step is None:
                    stack.pop()
                    path.pop(node)
                    done.add(node)
                elif step.target in path:
                    closing.add(step)
                    self._circle(step)
                elif step.target not in done:
                    path[step.target] = None
                    stack.append((step.target, iter(upward.get(step.target, ()))))
        return [edge for edge in edges if edge not in closing] if closing else edges

    def _circle(self, edge: Edge) -> None:
        source, target = self.rows[edge.source], self.rows[edge.target]
        self.report.error(
            source.place,
            "relation",
            f"“{source.name[:120]}” lies below “{target.name[:120]}”, which lies below it in turn; "
            "this tie was left out.",
            "Mend the hierarchy in the source.",
            kind="circle",
        )
