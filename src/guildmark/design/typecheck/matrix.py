"""Competencies by criteria, with the evidence in between: the table that shows whether a standard holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guildmark.design.faults import listed
from guildmark.design.typecheck import rules
from guildmark.design.typecheck.structure import Structure, Thread, counts_attendance, fits, passing_without
from guildmark.design.types import Competency, Criterion, EvidenceRequirement, Standard
from guildmark.kernel.words import said

Tone = Literal["good", "bad", "warn", "none"]


@dataclass(frozen=True)
class Cell:
    """What one criterion says of one competency, in words; ``tone`` only repeats them."""

    tone: Tone
    words: str


@dataclass(frozen=True)
class Row:
    competency: Competency
    doing: str
    read: bool
    cells: tuple[Cell, ...]
    avoidable: Cell

    @property
    def short(self) -> tuple[Cell, ...]:
        """Every different cell once, for a narrow place."""
        return tuple(dict.fromkeys(cell for cell in self.cells if cell.words))


@dataclass(frozen=True)
class PieceRow:
    """A piece of evidence: what it is, and which criteria look at it."""

    piece: EvidenceRequirement
    form: str
    criteria: tuple[Criterion, ...]
    shows: str


@dataclass(frozen=True)
class Matrix:
    criteria: tuple[Criterion, ...]
    rows: tuple[Row, ...]
    pieces: tuple[PieceRow, ...]


def matrix(standard: Standard) -> Matrix:
    """The tables of a standard; empty where it has no competencies or no criteria yet."""
    structure = Structure(standard)
    rows = tuple(_row(structure, thread) for thread in structure.threads)
    pieces = tuple(
        PieceRow(
            piece,
            rules.FORM_WORDS[piece.form],
            tuple(c for c in standard.criteria if piece.id in c.evidence),
            shows(piece),
        )
        for piece in standard.evidence
    )
    return Matrix(standard.criteria, rows, pieces)


def shows(piece: EvidenceRequirement) -> str:
    """The kinds of doing that a piece can show, in words."""
    kinds = [rules.CLASS_WORDS[verb] for verb in rules.ADMISSIBLE if fits(verb, piece.form)]
    return listed(kinds, "or") if kinds else said("nothing on its own")


def _row(structure: Structure, thread: Thread) -> Row:
    cells = tuple(_cell(structure, thread, criterion) for criterion in structure.standard.criteria)
    doing = rules.CLASS_WORDS[thread.verb_class] if thread.verb_class else said("kind not known")
    return Row(
        thread.competency, doing, not thread.competency.verb_class, cells, _avoidable(structure, thread)
    )


def _cell(structure: Structure, thread: Thread, criterion: Criterion) -> Cell:
    if thread.competency.id not in criterion.competencies:
        return Cell("none", "")
    pieces = structure.pieces_of(criterion)
    if counts_attendance(criterion):
        return Cell("bad", said("counts presence"))
    if not pieces:
        return Cell("bad", said("looks at no evidence"))
    seen = [piece for piece in pieces if fits(thread.verb_class, piece.form)]
    if not seen:
        return Cell("bad", said("not seen in {pieces}", pieces=_names(pieces)))
    if not any(piece.required for piece in seen):
        return Cell("warn", said("seen in {pieces}, which is optional", pieces=_names(seen)))
    return Cell("good", said("seen in {pieces}", pieces=_names(seen)))


def _names(pieces: list[EvidenceRequirement]) -> str:
    return listed([piece.title or piece.id for piece in pieces])


def _avoidable(structure: Structure, thread: Thread) -> Cell:
    if not thread.counting:
        return Cell("bad", said("yes: nothing that counts shows it"))
    pattern = passing_without(structure.standard, thread.counting)
    if pattern is None:
        return Cell("good", said("no"))
    if not pattern:
        return Cell("bad", said("yes: with no criterion at all"))
    return Cell("bad", said("yes: with {criteria}", criteria=listed([c.name or c.id for c in pattern])))
