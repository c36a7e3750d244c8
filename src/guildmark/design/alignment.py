"""Which competencies of a standard are tied to a public framework, which have a reason not to be, and which are open (TV7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guildmark.design.types import AlignmentLink, Competency, Standard

State = Literal["aligned", "excepted", "open"]


@dataclass(frozen=True)
class CoverageRow:
    """One competency with its alignments. ``excepted`` has none and says why."""

    competency: Competency
    links: tuple[AlignmentLink, ...]
    state: State


@dataclass(frozen=True)
class Coverage:
    """All competencies of a standard. ``settled`` of them are tied to a framework or say why not."""

    rows: tuple[CoverageRow, ...]

    @property
    def aligned(self) -> int:
        return sum(row.state == "aligned" for row in self.rows)

    @property
    def settled(self) -> int:
        return sum(row.state != "open" for row in self.rows)

    @property
    def open(self) -> tuple[Competency, ...]:
        return tuple(row.competency for row in self.rows if row.state == "open")


def coverage(standard: Standard) -> Coverage:
    """Each competency with the rows of frameworks that cover it; related rows do not count as covering."""
    rows = []
    for competency in standard.competencies:
        links = tuple(link for link in standard.alignments if competency.id in link.competencies)
        covers = any(link.relation != "related" for link in links)
        state: State = "aligned" if covers else "excepted" if competency.alignment_exception else "open"
        rows.append(CoverageRow(competency, links, state))
    return Coverage(tuple(rows))
