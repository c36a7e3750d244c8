"""The claim step of the editor: what the linter says beside each text, and taking one of its new texts.

A textarea cannot mark words, so each text is quoted once under its field with the words in question marked. A press on
"Take this" is an ordinary save with the field ``take``: a path, a space, the whole new text. The former text stays
in the session until the next one is taken, so that it can be put back.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guildmark.design import claimcheck, claims
from guildmark.design.types import Finding, Rules, Standard
from guildmark.kernel.problems import Invalid
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.words import numbered, said

FORMER = "former_wording"
#: The fragments under the fields, and the paths that each shows.
PLACES = {"wording-claim": "claim", "wording-title": "title", "wording-competencies": "competencies."}


@dataclass(frozen=True)
class Note:
    """One finding under a field: the text cut at the marked words, and the new texts to take."""

    finding: Finding
    before: str
    marked: str
    after: str
    rewrites: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """All that is said of one text. ``former`` is what stood here before a new text was taken."""

    path: str
    label: str
    text: str
    notes: tuple[Note, ...]
    reading: claims.Reading | None
    former: str = ""

    @property
    def reading_in_words(self) -> str:
        """How easily the text is read, with what was counted; empty where nothing was."""
        if self.reading is None:
            return ""
        return said(
            "Plain language: {score} of 100, {level} ({formula}). {words} in {sentences}, {long} of seven letters "
            "or more, {syllables} syllables, {commas}. A hint only: the formula was made for whole pages.",
            score=self.reading.score,
            level=self.reading.level,
            formula=self.reading.formula,
            words=numbered("{n} word", "{n} words", n=self.reading.words),
            sentences=numbered("{n} sentence", "{n} sentences", n=self.reading.sentences),
            long=self.reading.long_words,
            syllables=self.reading.syllables,
            commas=numbered("{n} comma", "{n} commas", n=self.reading.depth),
        )


def groups(standard: Standard, rules: Rules, former: dict[str, str] | None = None) -> dict[str, list[Group]]:
    """What stands under the title, the claim and the competencies, by the id of the place."""
    found = list(claimcheck.check_wording(standard, rules)) if standard.signal != "completion" else []
    made: dict[str, list[Group]] = {place: [] for place in PLACES}
    for number, (path, text, kind) in enumerate(claimcheck.worded(standard)):
        notes = tuple(_note(finding, text) for finding in found if finding.path == path and text.strip())
        before = (former or {}).get(path, "")
        score = (
            claims.reading(text, claims.spoken_language(text, standard.language)) if kind == "claim" else None
        )
        if notes or score or before:
            place = next(name for name, start in PLACES.items() if path.startswith(start))
            label = spoken(said("Row {n}", n=number - 1)) if kind == "competency" else ""
            made[place].append(Group(path, label, text, notes, score, before))
    return made


def _note(finding: Finding, text: str) -> Note:
    start, end = finding.span or (0, len(text))
    rewrites = tuple(new for new in (finding.rewrite, *finding.more_rewrites) if new)
    return Note(all_spoken(finding), text[:start], text[start:end], text[end:], rewrites)


def take(content: dict[str, Any], asked: str) -> tuple[str, str]:
    """Put a new text into the typed members of the step; give its path and the text that it replaces.

    ``asked`` is what the button sends: ``claim`` or ``competencies.c1.statement``, a space, the text.
    """
    path, _, text = asked.partition(" ")
    if path in {"claim", "title"} and path in content:
        former, content[path] = content[path], text
        return path, former
    kind, _, rest = path.partition(".")
    if kind == "competencies":
        for row in content.get(kind, ()):
            if f"{row['id']}.statement" == rest:
                former, row["statement"] = row.get("statement", ""), text
                return path, former
    raise Invalid(
        said("The text to change is not in this step."), field="take", mend=said("Load the page again.")
    )


def keep(session: MutableMapping[str, Any], version_id: UUID, path: str, text: str) -> None:
    """Remember the text that was replaced last."""
    session[FORMER] = {"version": str(version_id), "path": path, "text": text}


def former(session: MutableMapping[str, Any], version_id: UUID) -> dict[str, str]:
    """The text that was replaced last in this draft, by its path; empty when there is none."""
    kept = session.get(FORMER) or {}
    return {kept["path"]: kept["text"]} if kept.get("version") == str(version_id) and kept.get("text") else {}
