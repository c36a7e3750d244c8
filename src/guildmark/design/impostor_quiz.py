"""Impostors at the quizzes of a standard that answer a what-if: nothing is known here about the questions themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guildmark.design.faults import listed
from guildmark.design.types import Quiz
from guildmark.kernel.words import Number, Said, of_cellar, said
from guildmark.psychometrics import impostor as model
from guildmark.psychometrics import simulation
from guildmark.psychometrics.sentences import whole_percent

# What flawed questions and known questions would do.
FLAWED_FACTOR = 1.5
KNOWN_BEFOREHAND = 0.3
REMEMBERED = 0.3
# What a specialist masters where nobody says which domains: the largest, as long as they are no more than this share.
SPECIALIST_SHARE = 0.5
# The minimum of each domain that a what-if asks for.
HALF = 0.5
# A learning retaker is drawn instead of computed where computing takes more steps than this; so many draws then.
MOST_STEPS = 2_000_000
MOST_DRAWS = 400_000
FEWEST_RUNS = 200


@dataclass(frozen=True)
class Row:
    """One impostor. ``counted``: it decides about publishing; the others answer a what-if that ``note`` states."""

    key: str
    name: str
    does: str
    once: model.Estimate
    retakes: model.Estimate
    counted: bool = True
    note: str = ""


def domains_of(quiz: Quiz) -> tuple[model.Domain, ...]:
    """The domains with the least that each asks for; none while they do not add up to the questions."""
    if not quiz.domains or sum(domain.items for domain in quiz.domains) != quiz.items:
        return ()
    plain = [model.Domain(domain.name, domain.items) for domain in quiz.domains]
    return model.half_of_each(plain, quiz.each_domain / 100)


def specialty(domains: Sequence[model.Domain], chosen: frozenset[str]) -> tuple[str, ...]:
    """The domains that a specialist masters: those chosen, or else the largest that are no more than half, at least one."""
    if chosen & {domain.name for domain in domains}:
        return tuple(domain.name for domain in domains if domain.name in chosen)
    room = SPECIALIST_SHARE * sum(domain.items for domain in domains)
    known: list[str] = []
    for domain in sorted(domains, key=lambda one: -one.items):
        if known and domain.items > room:
            break
        known.append(domain.name)
        room -= domain.items
    return tuple(domain.name for domain in domains if domain.name in known)


def _passing(sample: model.WorkSample, chance: Mapping[str, float]) -> tuple[model.Estimate, model.Estimate]:
    """The chances of somebody who passes these quizzes so and guesses the others."""
    pieces = tuple(
        replace(p, questions=replace(p.questions, passed=chance[p.id]))
        if p.questions and p.id in chance
        else p
        for p in sample.pieces
    )
    return model.chances(replace(sample, pieces=pieces), None)


def _by_rate(q: model.ClosedQuestions, rate: float) -> float:
    """The chance to pass a quiz when each question is guessed right with ``rate``."""
    if any(domain.least for domain in q.domains):
        return model.specialist(q.domains, (), rate, q.cut).chance
    return model.wise_guesser([rate] * q.items, q.cut).chance


def quiz_rows(sample: model.WorkSample, known: frozenset[str] = frozenset()) -> Iterator[Row]:
    """The impostors of a quiz about whose questions nothing is known here: what they would do if."""
    quizzes = {piece.id: piece.questions for piece in sample.pieces if piece.questions}
    if not quizzes or not sample.criteria:
        return
    flawed = {name: _by_rate(q, _flawed_rate(q)) for name, q in quizzes.items()}
    does = said("Sees the right answer by its length, its grammar, or by what the others leave.")
    note = said(
        "If flaws made every question {times} times as easy to guess.", times=Number(str(FLAWED_FACTOR))
    )
    chances = _passing(sample, flawed)
    yield Row("testwise", said("Test-wise guesser"), does, *chances, counted=False, note=note)
    yield from _specialists(sample, known)
    if not any(domain.least for q in quizzes.values() for domain in q.domains):
        yield _memorizer(sample)
        yield from _retaker(sample)


def _flawed_rate(q: model.ClosedQuestions) -> float:
    return min(1.0, FLAWED_FACTOR / q.options)


def _specialists(sample: model.WorkSample, chosen: frozenset[str]) -> Iterator[Row]:
    """Who masters some domains and guesses the rest, where a quiz has domains."""
    parted = {p.id: p.questions for p in sample.pieces if p.questions and p.questions.domains}
    if not parted:
        return
    known = {name: specialty(q.domains, chosen) for name, q in parted.items()}
    mastered = listed(list(dict.fromkeys(name for names in known.values() for name in names)))

    def row(key: str, name: Said, note: Said, passed: Mapping[str, float]) -> Row:
        does = said("Masters some domains and guesses the questions of the others.")
        chances = _passing(sample, passed)
        return Row(key, name, does, *chances, counted=False, note=note)

    def passed(halves: bool = False, flawed: bool = False) -> dict[str, float]:
        return {
            name: model.specialist(
                model.half_of_each(q.domains, HALF) if halves else q.domains,
                known[name],
                _flawed_rate(q) if flawed else 1 / q.options,
                q.cut,
            ).chance
            for name, q in parted.items()
        }

    name, note = said("Specialist of some domains"), said("If {domains} were mastered.", domains=mastered)
    yield row("specialist", name, note, passed())
    note = said(
        "If {domains} were mastered, and flaws made every other question {times} times as easy to guess.",
        domains=mastered,
        times=Number(str(FLAWED_FACTOR)),
    )
    name = said("Specialist with flawed questions")
    yield row("specialist_flawed", name, note, passed(flawed=True))
    if not any(domain.least for q in parted.values() for domain in q.domains):
        note = said("If {domains} were mastered, and half of each domain were asked for.", domains=mastered)
        name = said("Specialist with half of each domain")
        yield row("specialist_halves", name, note, passed(halves=True))


def _memorizer(sample: model.WorkSample) -> Row:
    passed = {}
    for piece in sample.pieces:
        if piece.questions:
            q, bank = piece.questions, piece.questions.items * piece.variants
            heart = round(KNOWN_BEFOREHAND * bank)
            passed[piece.id] = model.memorizer(bank, heart, q.items, 1 / q.options, q.cut).chance
    note = said("If {share} of the questions were known beforehand.", share=_share(KNOWN_BEFOREHAND))
    name, does = said("Memorizer of known questions"), said("Learned questions by heart.")
    return Row("memorizer", name, does, *_passing(sample, passed), counted=False, note=note)


def _retaker(sample: model.WorkSample) -> Iterator[Row]:
    """Where one quiz decides alone: who keeps what was seen in the tries before."""
    piece = next(piece for piece in sample.pieces if piece.questions)
    q = piece.questions
    alone = len(sample.pieces) == 1 and all(criterion.pieces for criterion in sample.criteria)
    decides = any(c.must_pass for c in sample.criteria) or 0 < sample.others_required <= len(sample.criteria)
    if q is None or not (alone and decides and sample.further_tries):
        return
    bank, tries = q.items * piece.variants, sample.further_tries + 1
    asked = (bank, q.items, 1 / q.options, q.cut)
    once = model.learning_retaker(*asked, 1, REMEMBERED)
    if bank * q.items**2 * tries <= MOST_STEPS:
        within = model.learning_retaker(*asked, tries, REMEMBERED)
    else:
        n = max(FEWEST_RUNS, MOST_DRAWS // (q.items * tries))
        within = simulation.learning_retaker(*asked, tries, REMEMBERED, n=n)
    note = said("If {share} of the questions seen were known in the next try.", share=_share(REMEMBERED))
    does = said("Tries as often as it is allowed, and remembers.")
    yield Row("retaker", said("Endless retaker"), does, once, within, counted=False, note=note)


def _share(share: float) -> Said:
    found: Said = of_cellar(whole_percent(share))
    return found
