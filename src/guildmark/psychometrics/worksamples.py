"""Impostors at work samples: the chance that judged work passes without the skill.

An attempt passes when no check of authorship finds anything and the judges' findings meet the decision rule. The
state of an attempt (which copy fits which task, which quiz was guessed) is enumerated; within a state each
criterion has a chance, and the rule is computed by dynamic programming (:mod:`~guildmark.psychometrics.rubric`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from guildmark.psychometrics.assumed import WorkAssumptions, Worker
from guildmark.psychometrics.counts import after_tries, at_least, binomial
from guildmark.psychometrics.errors import ImpossibleModel, need_count
from guildmark.psychometrics.estimates import Assumption, Estimate, given
from guildmark.psychometrics.questions import Domain, specialist
from guildmark.psychometrics.rubric import RuleChance, rule_chance
from guildmark.psychometrics.sentences import Number, Sentence, numbered, said

# Above it the tries are counted as if all quizzes were passed together, which is never less likely.
QUIZZES_APART = 4


@lru_cache(maxsize=4096)
def _by_guessing(domains: tuple[Domain, ...], options: int, cut: int) -> float:
    if any(domain.least for domain in domains):
        return specialist(domains, (), 1 / options, cut).chance
    return at_least(binomial(sum(domain.items for domain in domains), 1 / options), cut)


@dataclass(frozen=True)
class ClosedQuestions:
    """A quiz; ``passed`` is the chance to pass it without the skill where that is not by guessing alone. ``domains``
    share its ``items`` out and may ask for a least of each, besides the ``cut``.
    """

    items: int
    options: int
    cut: int
    passed: float | None = None
    domains: tuple[Domain, ...] = ()

    def __post_init__(self) -> None:
        need_count("items", self.items)
        need_count("options", self.options, 1)
        if self.domains and sum(domain.items for domain in self.domains) != self.items:
            raise ImpossibleModel("domains", "They do not add up to the questions.", "Share all of them out.")

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domains; a quiz without any is one."""
        return self.domains or (Domain("", self.items),)

    @property
    def guessed(self) -> float:
        """The chance to pass without the skill."""
        if self.passed is not None:
            return self.passed
        return _by_guessing(self.parts, self.options, self.cut)


@dataclass(frozen=True)
class Piece:
    """One piece of evidence. ``form`` is a key of :data:`~guildmark.psychometrics.assumed.FORMS`, or ``quiz`` with
    ``questions``. ``variants`` is how many versions of the task there are; ``published`` that passing work of this
    kind is public.
    """

    id: str
    form: str
    variants: int = 1
    own_material: bool = False
    published: bool = False
    questions: ClosedQuestions | None = None
    name: str = ""

    @property
    def called(self) -> str:
        """Its name in sentences."""
        return said("“{text}”", text=self.name) if self.name else self.id


@dataclass(frozen=True)
class Judged:
    """One criterion and the pieces in which it is seen; all of them have to convince."""

    id: str
    must_pass: bool
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class WorkSample:
    """What is asked, and how it is decided. ``checks`` are keys of
    :data:`~guildmark.psychometrics.assumed.CHECKS`; all ``judges`` have to agree; ``further_tries`` come after the
    first.
    """

    pieces: tuple[Piece, ...]
    criteria: tuple[Judged, ...]
    others_required: int
    judges: int = 1
    checks: frozenset[str] = frozenset()
    further_tries: int = 0

    def __post_init__(self) -> None:
        need_count("judges", self.judges, 1)
        need_count("further_tries", self.further_tries)
        known = {piece.id for piece in self.pieces}
        for piece in self.pieces:
            need_count(f"{piece.id}.variants", piece.variants, 1)
        for criterion in self.criteria:
            lost = sorted(set(criterion.pieces) - known)
            if lost:
                raise ImpossibleModel(
                    criterion.id, f"There is no piece {lost[0]!r}.", "Name one that exists."
                )


#: A state of an attempt: which pieces hold (a copy that fits, a quiz that was passed).
State = Mapping[str, bool]


class Model:
    """One impostor before one work sample. ``worker`` None knows nothing and does nothing but guess at quizzes."""

    def __init__(
        self, sample: WorkSample, worker: Worker | None, assumed: WorkAssumptions, *, bounded: bool = True
    ) -> None:
        self.sample, self.worker, self.assumed, self.bounded = sample, worker, assumed, bounded
        self.used: dict[str, None] = {}
        self.pieces = {piece.id: piece for piece in sample.pieces}
        self._known: dict[tuple[tuple[tuple[str, bool], ...], int], float] = {}
        self.check_factor = self._unnoticed()
        self.states = list(self._states())

    def _use(self, key: str) -> float:
        self.used.setdefault(key)
        return self.assumed[key]

    def _unnoticed(self) -> float:
        """The chance that no check of authorship finds anything: the strongest counts in full, others in part."""
        if self.worker is None or not self.sample.checks:
            return 1.0
        left = sorted(self._use(f"{self.worker}.unnoticed.{check}") for check in sorted(self.sample.checks))
        if len(left) == 1:
            return left[0]
        effect = self._use("checks")
        return left[0] * math.prod(1 - effect * (1 - p) for p in left[1:])

    def fit(self, piece: Piece) -> float:
        """The chance that the copier has a copy which fits this task."""
        at_hand = self._use("copy.published" if piece.published else "copy.leaked")
        fits = 1 / piece.variants
        if piece.own_material:
            fits = min(fits, self._use("copy.own_material"))
        return at_hand * fits

    def _states(self) -> Iterator[tuple[float, State]]:
        """Every state with its chance. Whoever has the copy for one task has it for every task where that is
        likelier; quizzes are guessed independently.
        """
        quizzes = {p.id: p.questions.guessed for p in self.sample.pieces if p.questions}
        copies: dict[str, float] = {}
        if self.worker == "copier":
            copies = {p.id: self.fit(p) for p in self.sample.pieces if not p.questions}
        together = _nested(quizzes) if len(quizzes) > QUIZZES_APART else _apart(quizzes)
        for (p, guessed), (q, fitting) in product(list(together), list(_nested(copies))):
            if p * q:
                yield p * q, {**guessed, **fitting}

    def judged(self, piece: Piece, state: State) -> float:
        """The chance that one judge passes a criterion seen in a piece that is looked at by judges."""
        if self.worker is None:
            return float(piece.form == "attendance")
        base = self._use(f"{self.worker}.{piece.form}")
        if self.worker == "copier":
            return base if state[piece.id] else min(base, self._use("copy.misfit"))
        if piece.own_material and piece.form != "attendance":
            base *= self._use("own_material")
        return base

    def criterion(self, criterion: Judged, state: State, attempt: int) -> float:
        """The chance that all judges pass this criterion, in a state, at the attempt counted from 0."""
        key = tuple([(identity, state.get(identity, True)) for identity in criterion.pieces]), attempt
        if key not in self._known:
            self._known[key] = self._criterion(dict(key[0]), attempt)
        return self._known[key]

    def _criterion(self, holds: State, attempt: int) -> float:
        pieces = [self.pieces[identity] for identity in holds]
        if any(piece.questions and not holds[piece.id] for piece in pieces):
            return 0.0
        worked = [self.judged(piece, holds) for piece in pieces if not piece.questions]
        if not worked:
            return 1.0
        chance = min(worked)
        if attempt and chance and self.worker is not None:
            chance = 1 - (1 - chance) * (1 - self._use("feedback")) ** attempt
        if self.sample.judges > 1:
            repeats = self._use("judges")
            chance *= (repeats + (1 - repeats) * chance) ** (self.sample.judges - 1)
        return chance

    def attempt(self, number: int) -> RuleChance:
        """The chance to pass at the attempt with this number, counted from 0."""
        impression = self._use("impression") if len(self.sample.criteria) > 1 else 0.0
        found = [(p, self._rule(state, number, impression)) for p, state in self.states]
        return RuleChance(*(
            self.check_factor * math.fsum(p * getattr(rule, name) for p, rule in found)
            for name in ("chance", "low", "high")
        ))  # fmt: skip

    def _rule(self, state: State, number: int, impression: float) -> RuleChance:
        must: list[float] = []
        others: list[float] = []
        for criterion in self.sample.criteria:
            chance = self.criterion(criterion, state, number)
            if criterion.must_pass and not chance:
                return RuleChance(0.0, 0.0, 0.0)
            (must if criterion.must_pass else others).append(chance)
        return rule_chance(must, others, self.sample.others_required, impression, bounded=self.bounded)

    def assumptions(self) -> tuple[Assumption, ...]:
        """What was used, after something was computed."""
        found = []
        for piece in self.sample.pieces:
            if piece.questions:
                q = piece.questions
                found.append(given(f"quiz.{piece.id}", _quiz(piece.called, q), q.guessed))
            elif self.worker == "copier":
                found.append(given(f"variants.{piece.id}", _task(piece), piece.variants))
        if self.sample.further_tries:
            tries = self.sample.further_tries
            words = numbered(
                "{n} further attempt is allowed; each is judged for itself.",
                "{n} further attempts are allowed; each is judged for itself.",
                n=tries,
            )
            found.append(given("further_tries", words, tries))
        if self.sample.judges > 1:
            words = said("{n} judges have to agree on every criterion.", n=self.sample.judges)
            found.append(given("judges_asked", words, self.sample.judges))
        return (*found, *self.assumed.printed(self.used))


def _quiz(called: str, q: ClosedQuestions) -> Sentence:
    least = [str(domain.least) for domain in q.domains if domain.least]
    places = {
        "piece": called,
        "items": q.items,
        "options": q.options,
        "cut": q.cut,
        "least": ", ".join(least),
    }
    chance = Number(f"{q.guessed:.3g}")
    if least:
        return said(
            "{piece}: {items} questions with {options} answers each, {cut} right ones pass with at least {least} in the "
            "domains, which is a chance of {chance}.",
            **places,
            chance=chance,
        )
    del places["least"]
    return said(
        "{piece}: {items} questions with {options} answers each, {cut} right ones pass, "
        "which is a chance of {chance}.",
        **places,
        chance=chance,
    )


def _task(piece: Piece) -> Sentence:
    if piece.own_material:
        words = numbered(
            "{piece}: everybody works on material of their own, and there is one variant of the task.",
            "{piece}: everybody works on material of their own, and there are {n} variants of the task.",
            n=piece.variants,
            piece=piece.called,
        )
    else:
        words = numbered(
            "{piece}: there is one variant of the task.",
            "{piece}: there are {n} variants of the task.",
            n=piece.variants,
            piece=piece.called,
        )
    return said("{sentence} Passing work is published.", sentence=words) if piece.published else words


def _nested(chances: Mapping[str, float]) -> Iterator[tuple[float, State]]:
    """The states in which whatever holds, everything likelier holds, too."""
    ranked = sorted(chances, key=lambda name: -chances[name])
    levels = [1.0, *(chances[name] for name in ranked), 0.0]
    for held in range(len(ranked) + 1):
        yield levels[held] - levels[held + 1], {name: i < held for i, name in enumerate(ranked)}


def _apart(chances: Mapping[str, float]) -> Iterator[tuple[float, State]]:
    """All states of independent events."""
    for holds in product((True, False), repeat=len(chances)):
        state = dict(zip(chances, holds, strict=True))
        yield math.prod(p if state[name] else 1 - p for name, p in chances.items()), state


def chances(
    sample: WorkSample,
    worker: Worker | None,
    assumed: WorkAssumptions | None = None,
    *,
    bounded: bool = True,
) -> tuple[Estimate, Estimate]:
    """The chance of one impostor at the first try, and within all tries that are allowed.

    Exact under the assumptions; ``low`` and ``high`` hold for any dependence between the criteria, unless
    ``bounded`` is False, when only the chances are computed, without their printed assumptions. A sample
    without a criterion judges nothing, so that whoever hands in anything passes.
    """
    if not sample.criteria:
        nothing = given("criteria", said("No criterion is written, so nothing is judged."), 0)
        sure = Estimate(1.0, 1.0, 1.0, assumptions=(nothing,))
        return sure, sure
    model = Model(sample, worker, assumed or WorkAssumptions(), bounded=bounded)
    tries = [model.attempt(number) for number in range(sample.further_tries + 1)]
    low, high = (after_tries([getattr(t, name) for t in tries]) for name in ("low", "high"))
    printed = model.assumptions() if bounded else ()
    once = Estimate(tries[0].chance, tries[0].low, tries[0].high, assumptions=printed)
    return once, Estimate(after_tries([t.chance for t in tries]), low, high, assumptions=printed)
