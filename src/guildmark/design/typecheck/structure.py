"""How the parts of a standard hang together: read once, used by the check and by the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildmark.design.typecheck import rules
from guildmark.design.typecheck.verbs import classes_of, verbs_in
from guildmark.design.types import (
    Competency,
    Criterion,
    EvidenceForm,
    EvidenceRequirement,
    Standard,
    VerbClass,
)

FILLERS = frozenset(
    [
        "with",
        "that",
        "this",
        "from",
        "into",
        "their",
        "they",
        "which",
        "what",
        "when",
        "every",
        "each",
        "given",
        "under",
        "after",
        "before",
        "nach",
        "einer",
        "eines",
        "eine",
        "einem",
        "einen",
        "dass",
        "wenn",
        "jeder",
        "jede",
        "para",
        "como",
        "cada",
        "sobre",
        "entre",
    ]
)


@dataclass(frozen=True)
class Thread:
    """One competency with what shows it.

    ``verb_class`` is the most demanding kind of doing in its statement, or what the author chose; ``others`` are
    further ones. ``counting`` are the criteria that look at a required piece of an admissible form.
    """

    competency: Competency
    verb_class: VerbClass
    others: tuple[VerbClass, ...]
    criteria: tuple[Criterion, ...]
    pieces: tuple[EvidenceRequirement, ...]
    admissible: tuple[EvidenceRequirement, ...]
    counting: tuple[Criterion, ...]


class Structure:
    """The threads of a standard, and the questions that its check asks."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.competencies = {part.id: part for part in standard.competencies}
        self.evidence = {part.id: part for part in standard.evidence}
        self.threads = tuple(self._thread(part) for part in standard.competencies)
        self.by_id = {thread.competency.id: thread for thread in self.threads}

    def pieces_of(self, criterion: Criterion) -> list[EvidenceRequirement]:
        return [self.evidence[name] for name in criterion.evidence if name in self.evidence]

    def _thread(self, competency: Competency) -> Thread:
        found: Sequence[VerbClass] = classes_of(competency.statement, self.standard.language)
        if competency.verb_class:
            found = [competency.verb_class]
        verb: VerbClass = found[0] if found else ""
        criteria = tuple(c for c in self.standard.criteria if competency.id in c.competencies)
        seen = {piece.id: piece for c in criteria for piece in self.pieces_of(c)}
        counting = tuple(
            c
            for c in criteria
            if not counts_attendance(c)
            and any(piece.required and fits(verb, piece.form) for piece in self.pieces_of(c))
        )
        return Thread(
            competency,
            verb,
            tuple(found[1:]),
            criteria,
            tuple(seen.values()),
            tuple(piece for piece in seen.values() if fits(verb, piece.form)),
            counting,
        )

    def claim_classes(self) -> list[VerbClass]:
        """The kinds of doing in the claim; a verb that also heads a competency has the class chosen there."""
        chosen: dict[str, VerbClass] = {}
        for competency in self.standard.competencies:
            verbs = verbs_in(competency.statement, self.standard.language)
            if competency.verb_class and verbs:
                chosen[verbs[0].lemma] = competency.verb_class
        found: list[VerbClass] = []
        for verb in verbs_in(self.standard.claim, self.standard.language):
            doing = chosen.get(verb.lemma, verb.doing)
            if doing not in found:
                found.append(doing)
        return found

    def unrelated(self) -> list[Thread]:
        """Competencies that share no word with the claim or with another one, nor a piece of evidence with one."""
        lone = []
        for thread in self.threads if len(self.threads) > 1 else ():
            others = [other for other in self.threads if other is not thread]
            near = content_words(self.standard.claim).union(
                *(content_words(other.competency.statement) for other in others)
            )
            pieces = {piece.id for piece in thread.pieces}
            apart = all(pieces.isdisjoint(piece.id for piece in other.pieces) for other in others)
            if (
                thread.competency.statement
                and pieces
                and apart
                and content_words(thread.competency.statement).isdisjoint(near)
            ):
                lone.append(thread)
        return lone

    def judged_forms(self) -> set[EvidenceForm]:
        """The forms of required pieces at which some criterion looks."""
        return {
            piece.form
            for criterion in self.standard.criteria
            if not counts_attendance(criterion)
            for piece in self.pieces_of(criterion)
            if piece.required
        }

    def has_rationale(self, thread: Thread) -> bool:
        """Whether the reasons of a decision are handed in: written beside it, or told in a walkthrough."""
        return any(p.form == "scenario" and (p.kind == "text" or p.min_words) for p in thread.pieces) or any(
            p.form == "walkthrough" for p in thread.pieces
        )


def content_words(text: str) -> set[str]:
    """The first five letters of every longer word: enough to see a common subject, in any inflection."""
    return {word[:5].casefold() for word in re.findall(r"[^\W\d_]{4,}", text)} - FILLERS


def fits(verb: VerbClass, form: EvidenceForm) -> bool:
    """Whether a form of evidence lets somebody else see a kind of doing (the table of types)."""
    return form in (rules.ADMISSIBLE[verb] if verb else rules.ANY_WORK)


def counts_attendance(criterion: Criterion) -> bool:
    """Whether a criterion counts presence: its words say so, whatever the evidence is called (AE8)."""
    return bool(rules.ATTENDANCE_WORDS.search(f"{criterion.name}. {criterion.statement}"))


def passing_without(standard: Standard, counting: Sequence[Criterion]) -> list[Criterion] | None:
    """The criteria of a smallest passing pattern that meets none of ``counting``; None when there is none.

    Exact: must-pass criteria are in every passing pattern, and of the others any ``others_required`` will do, so
    there is a pattern without ``counting`` just when none of them must be passed and enough others remain.
    """
    names = {criterion.id for criterion in counting}
    if any(criterion.must_pass for criterion in counting):
        return None
    rest = [criterion for criterion in standard.others if criterion.id not in names]
    if len(rest) < standard.others_required:
        return None
    return [*standard.must_pass, *rest[: standard.others_required]]
