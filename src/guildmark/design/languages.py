"""A standard in other languages: what can be translated, and whether a translation still fits its source (IN4).

A translation of a text is bound to the digest of the text that was translated. So it serves every version in which that
text stands, falls behind by itself when the text changes, and never becomes part of what binds (DECISIONS 14).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from guildmark.design.drafts import walk_texts
from guildmark.design.types import Standard
from guildmark.kernel.words import said

#: The texts that are translated, by their paths without ids.
TRANSLATED = frozenset(
    {
        "title", "claim", "summary", "audience", "badge_note", "not_shown",
        "decision.who", "decision.what", "decision.convinced_by",
        "competencies.statement", "competencies.alignment_exception",
        "evidence.title", "evidence.brief",
        "conditions.allowed_aids", "conditions.authorship", "conditions.time_limit", "conditions.retake_rule",
        "scale.label", "criteria.name", "criteria.statement", "criteria.descriptors",
        "alignments.rationale", "explainer.title", "explainer.transcript", "explainer.captions",
        "samples.title", "samples.text", "samples.note", "lessons.title", "cost.includes", "offer.text",
    }
)  # fmt: skip
#: The languages that are offered, in English and in their own words.
NAMES: dict[str, str] = {
    "en": said("English"),
    "de": said("German"),
    "es": said("Spanish"),
    "fr": said("French"),
    "it": said("Italian"),
    "nl": said("Dutch"),
    "pl": said("Polish"),
    "pt": said("Portuguese"),
    "ar": said("Arabic"),
    "he": said("Hebrew"),
    "ja": said("Japanese"),
    "zh": said("Chinese"),
}
OWN_NAMES = {
    "en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "it": "Italiano", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "ar": "العربية", "he": "עברית", "ja": "日本語", "zh": "中文",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
State = Literal["current", "outdated", "missing"]
#: By path, the translations of every source text that stood there, by its digest.
Entries = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class TextRow:
    """One text of a standard beside its translation; ``text`` is that of an older source when it is outdated."""

    path: str
    source: str
    digest: str
    text: str
    state: State


@dataclass(frozen=True)
class TranslationView:
    """A standard in one language. ``number`` counts its revisions, ``hash`` covers the newest one's content."""

    language: str
    number: int
    hash: str
    rows: tuple[TextRow, ...]

    @property
    def current(self) -> int:
        return sum(row.state == "current" for row in self.rows)

    @property
    def outdated(self) -> int:
        return sum(row.state == "outdated" for row in self.rows)

    @property
    def missing(self) -> int:
        return sum(row.state == "missing" for row in self.rows)

    @property
    def complete(self) -> bool:
        return self.current == len(self.rows)

    def states(self) -> dict[str, State]:
        return {row.path: row.state for row in self.rows}


def digest(text: str) -> str:
    """What a translation is bound to: 16 hex digits over the UTF-8 of the source text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def texts(standard: Standard) -> Iterator[tuple[str, str]]:
    """Every text of a standard that can be translated, with its path, in reading order; empty ones are left out."""
    for path, text in walk_texts(standard.model_dump(mode="json")):
        if text and _kind(path) in TRANSLATED:
            yield path, text


def _kind(path: str) -> str:
    """The path without ids and places: ``criteria.k1.descriptors.2`` is ``criteria.descriptors``."""
    parts = path.split(".")
    if parts[0] in {"decision", "conditions", "explainer", "cost"} or len(parts) == 1:
        return path
    return parts[0] if parts[0] == "not_shown" else ".".join([parts[0], *parts[2:3]])


def rows(standard: Standard, entries: Entries) -> tuple[TextRow, ...]:
    """Every translatable text with what is there of it."""
    made = []
    for path, source in texts(standard):
        mark, known = digest(source), entries.get(path, {})
        if mark in known:
            made.append(TextRow(path, source, mark, known[mark], "current"))
        elif known:
            made.append(TextRow(path, source, mark, list(known.values())[-1], "outdated"))
        else:
            made.append(TextRow(path, source, mark, "", "missing"))
    return tuple(made)


def translated(standard: Standard, view: TranslationView) -> Standard:
    """The standard with its current translations put in; every other text stays in the language of its source."""
    content: dict[str, Any] = standard.model_dump(mode="json")
    for row in view.rows:
        if row.state == "current":
            _put(content, row.path.split("."), row.text)
    return Standard.model_validate(content)


def _put(node: Any, path: list[str], text: str) -> None:
    head, *rest = path
    if isinstance(node, list):
        index = next(
            (at for at, row in enumerate(node) if isinstance(row, dict) and row.get("id") == head), None
        )
        at: Any = int(head) if index is None else index
    else:
        at = head
    if rest:
        _put(node[at], rest, text)
    else:
        node[at] = text


def with_texts(entries: Entries, given: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The entries with new ones: by path, the digest of the source and the translation; an empty one is taken out."""
    made = {path: dict(known) for path, known in entries.items()}
    for path, (mark, text) in given.items():
        known = made.setdefault(path, {})
        known.pop(mark, None)
        if text:
            known[mark] = text  # last: the newest
    return {path: known for path, known in made.items() if known}
