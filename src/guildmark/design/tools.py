"""Which release of a tool is news for a standard that names an older version of it (PRODUCT UP8, M15). Pure.

A standard names the tools on which the skill is shown, each with its version. A release that an organisation recorded
concerns the standard from the day of the release on, until the organisation has answered: the bar is still the same,
or a later version of the standard names something newer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal, Protocol
from uuid import UUID

from guildmark.kernel.words import day, said

#: Versions that can be put in order: whole numbers with dots between them.
_NUMBERS = re.compile(r"v?\.?\s*(\d{1,9}(?:\.\d{1,9}){0,7})", re.IGNORECASE)


class Named(Protocol):
    """A tool as a standard names it."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True)
class Release:
    """A release of a tool as it was recorded. ``released_on`` is a day in UTC; a withdrawn one was recorded by mistake."""

    id: UUID
    org_id: UUID
    name: str
    version: str
    released_on: date
    note: str
    url: str
    created_at: datetime
    created_by: UUID | None
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
    withdrawn_reason: str = ""

    @property
    def key(self) -> str:
        return key(self.name)

    @property
    def begins(self) -> datetime:
        """The first moment of its day."""
        return datetime.combine(self.released_on, time(), UTC)

    def stands(self, at: datetime) -> bool:
        """Whether it is recorded and not withdrawn at a moment; its day may still come."""
        return self.withdrawn_at is None or self.withdrawn_at > at

    def is_out(self, at: datetime) -> bool:
        return self.stands(at) and self.begins <= at


@dataclass(frozen=True)
class ToolChange:
    """A version of a standard names ``tool`` in version ``named``; ``releases`` are newer and have no answer, first one first."""

    tool: str
    named: str
    releases: tuple[Release, ...]

    @property
    def since(self) -> date:
        return self.releases[0].released_on

    @property
    def sentence(self) -> str:
        """What happened, in words that a page says in its own language."""
        first, last = self.releases[0], self.releases[-1]
        places = {
            "tool": self.tool,
            "named": self.named,
            "version": first.version,
            "day": day(first.released_on),
        }
        if first is last:
            return said("Judged on {tool} {named}; version {version} is out since {day}.", **places)
        return said(
            "Judged on {tool} {named}; version {version} is out since {day}, and {newest} since then.",
            **places,
            newest=last.version,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "tool": self.tool,
            "judgedOn": self.named,
            "releases": [
                {"version": one.version, "releasedOn": one.released_on.isoformat(), "url": one.url or None}
                for one in self.releases
            ],
        }


Outcome = Literal["coming", "open", "same", "later", "version", "withdrawn"]


@dataclass(frozen=True)
class Record:
    """A release beside a version that it concerns, and what the organisation said to it.

    ``outcome`` is coming (its day has not come), open, same (found still right: ``note``, ``by`` and ``at``), later (the
    answer to a later release covers it), version (``number`` is the version that names something newer, in force since
    ``at``) or withdrawn.
    """

    release: Release
    named: str
    outcome: Outcome
    note: str = ""
    by: str = ""
    at: datetime | None = None
    number: str = ""

    @property
    def sentence(self) -> str:
        """What became of it, in words that a page says in its own language; the note is the issuer's own."""
        when = day(self.at) if self.at else ""
        if self.outcome == "same":
            return said(
                "Compared on {day} by {by}; version {number} of the standard is still right: {note}",
                day=when,
                by=self.by,
                number=self.number,
                note=self.note,
            )
        if self.outcome == "version":
            return said(
                "Answered by version {number} of the standard, in force since {day}.",
                number=self.number,
                day=when,
            )
        if self.outcome == "withdrawn":
            return said("Recorded by mistake, withdrawn on {day}: {note}", day=when, note=self.note)
        return _SHORT[self.outcome]


_SHORT = {
    "coming": said("Not out yet."),
    "open": said("No answer yet."),
    "later": said("Covered by the answer to a later release."),
}


def key(name: str) -> str:
    """The name of a tool without what may differ in writing: case, width of characters, white space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:160]


def numbers(version: str) -> tuple[int, ...] | None:
    """A version as numbers without zeros at its end, or None when it is not written in numbers."""
    found = _NUMBERS.fullmatch(version.strip())
    if found is None:
        return None
    parts = [int(part) for part in found[1].split(".")]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def same_version(one: str, other: str) -> bool:
    first, second = numbers(one), numbers(other)
    return first == second if first and second else key(one) == key(other)


def named(context: Iterable[Named]) -> dict[str, tuple[str, list[str]]]:
    """The tools of a standard by key: the name as it is written first, and every version that is named of it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for part in context:
        if part.name and part.version:
            found.setdefault(key(part.name), (part.name, []))[1].append(part.version)
    return found


def is_news(release: Release, versions: Sequence[str], known: Iterable[Release]) -> bool:
    """Whether a release is newer than the versions that a standard names of the same tool.

    Numbers are compared as numbers. Other versions have no order of their own: one is news unless its day came no later
    than that of a recorded release (``known``) which the standard names.
    """
    if any(same_version(release.version, version) for version in versions):
        return False
    mine, theirs = numbers(release.version), [numbers(version) for version in versions]
    if mine and all(theirs):
        return mine > max(one for one in theirs if one)
    days = [
        one.released_on
        for one in known
        if one.key == release.key and any(same_version(one.version, version) for version in versions)
    ]
    return not days or release.released_on > max(days)


def news(context: Iterable[Named], releases: Iterable[Release], at: datetime) -> list[ToolChange]:
    """What is out at a moment and newer than what a standard names, by name, whatever was answered."""
    standing = [one for one in releases if one.is_out(at)]
    changes = []
    for mark, (name, versions) in named(context).items():
        newer = [one for one in standing if one.key == mark and is_news(one, versions, standing)]
        if newer:
            newer.sort(key=lambda one: (one.released_on, one.created_at))
            changes.append(ToolChange(name, ", ".join(versions), tuple(newer)))
    return sorted(changes, key=lambda change: key(change.tool))


def unanswered(
    own: Iterable[Named],
    present: Iterable[Named],
    releases: Sequence[Release],
    answered: Mapping[UUID, datetime],
    at: datetime,
) -> tuple[ToolChange, ...]:
    """The changes that a version is marked with at a moment.

    ``own`` is the context of that version, ``present`` that of the version of the same standard in force: what it names
    answers for the older ones. ``answered`` has the moment at which a release was found to leave the bar the same; that
    covers earlier releases of the tool, too.
    """
    until: dict[str, date] = {}
    for one in releases:
        if one.is_out(at) and one.id in answered and answered[one.id] <= at:
            until[one.key] = max(one.released_on, until.get(one.key, date.min))
    open_now = {
        one.id
        for change in news(present, releases, at)
        for one in change.releases
        if one.released_on > until.get(one.key, date.min)
    }
    found = []
    for change in news(own, releases, at):
        left = tuple(one for one in change.releases if one.id in open_now)
        if left:
            found.append(ToolChange(change.tool, change.named, left))
    return tuple(found)
