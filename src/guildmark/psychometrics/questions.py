"""Impostors at closed questions: guesser, test-wise guesser, specialist, memorizer, retaker.

Every number here is exact: a closed form or a dynamic programme over the items. Guessing is independent between
items; what an impostor knows is answered rightly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guildmark.psychometrics.counts import (
    after_tries,
    at_least,
    binomial,
    convolve,
    hypergeometric,
    poisson_binomial,
)
from guildmark.psychometrics.errors import ImpossibleModel, need_chance, need_count
from guildmark.psychometrics.estimates import Assumption, Estimate, exact, given, judged
from guildmark.psychometrics.sentences import Number, said, whole_percent


@dataclass(frozen=True)
class Domain:
    """A part of an exam: ``items`` drawn from it, and how many of them must be right (0: none in particular)."""

    name: str
    items: int
    least: int = 0


def half_of_each(domains: Iterable[Domain], share: float = 0.5) -> tuple[Domain, ...]:
    """The same domains with a minimum of ``share`` of their items each, rounded up."""
    need_chance("share", share)
    # Rounded first, so that 0.6 of 15 is 9 and not 10.
    return tuple(Domain(d.name, d.items, math.ceil(round(share * d.items, 9))) for d in domains)


def _guessing(rate: float) -> Assumption:
    words = said(
        "A question that is not known is guessed right with a chance of {chance}.", chance=_number(rate)
    )
    return given("guess", words, rate)


def _number(rate: float) -> Number:
    return Number(f"{rate:.3g}")


def guesser(items: int, options: int, cut: int, tries: int = 1) -> Estimate:
    """Knows nothing: at least ``cut`` of ``items`` right by guessing among ``options`` answers, within
    ``tries`` independent tries.
    """
    need_count("options", options, 1)
    need_count("tries", tries, 1)
    once = at_least(binomial(items, 1 / options), cut)
    return exact(after_tries([once] * tries), _guessing(1 / options), *_independent(tries))


def _independent(tries: int) -> tuple[Assumption, ...]:
    if tries == 1:
        return ()
    words = said("There are {n} tries, and none of them teaches anything.", n=tries)
    return (given("tries", words, tries),)


def wise_guesser(rates: Sequence[float], cut: int) -> Estimate:
    """Knows nothing, but sees through flawed questions: ``rates`` is the chance to guess each item."""
    for rate in rates:
        need_chance("rates", rate)
    mean = math.fsum(rates) / len(rates) if rates else 0.0
    words = said(
        "The questions are guessed with a chance of {chance} on average, each with its own.",
        chance=_number(mean),
    )
    return exact(at_least(poisson_binomial(rates), cut), given("guess", words, mean))


def specialist(domains: Sequence[Domain], known: Iterable[str], guess: float, cut: int) -> Estimate:
    """Masters the ``known`` domains and guesses the rest with the rate ``guess``.

    Passes with ``cut`` right answers in all and, in every domain, at least its ``least``.
    """
    need_chance("guess", guess)
    mastered = set(known)
    unheard = mastered - {domain.name for domain in domains}
    if unheard:
        raise ImpossibleModel("known", f"There is no domain {sorted(unheard)[0]!r}.", "Name one of the exam.")
    total = [1.0]
    for domain in domains:
        spread = binomial(domain.items, 1.0 if domain.name in mastered else guess)
        total = convolve(total, [p if k >= domain.least else 0.0 for k, p in enumerate(spread)])
    words = said("No domain is mastered.")
    if mastered:
        words = said("Every question of {domains} is answered rightly.", domains=", ".join(sorted(mastered)))
    return exact(at_least(total, cut), given("known", words, len(mastered)), _guessing(guess))


def memorizer(bank: int, known: int, items: int, guess: float, cut: int) -> Estimate:
    """Knows ``known`` items of the ``bank`` by heart and guesses the rest; ``items`` are drawn from it at random."""
    need_chance("guess", guess)
    chance = math.fsum(
        p * at_least(binomial(items - hits, guess), cut - hits)
        for hits, p in enumerate(hypergeometric(bank, known, items))
        if p
    )
    words = said("{known} of the {bank} questions of the bank are known by heart.", known=known, bank=bank)
    return exact(min(1.0, chance), given("known", words, known), _guessing(guess))


def learning_retaker(
    bank: int, items: int, guess: float, cut: int, tries: int, remembers: float, known: int = 0
) -> Estimate:
    """Tries again and keeps what was seen: each unknown question seen in a try is known by heart afterwards with
    the chance ``remembers``. ``remembers`` 0 gives independent tries.

    Exact, by a dynamic programme over the number of known items after each failed try.
    """
    need_chance("guess", guess)
    need_chance("remembers", remembers)
    need_count("tries", tries, 1)
    state, passed = {known: 1.0}, 0.0
    for _ in range(tries):
        after: dict[int, float] = {}
        for already, weight in state.items():
            for hits, p in enumerate(hypergeometric(bank, already, items)):
                if not p:
                    continue
                through = at_least(binomial(items - hits, guess), cut - hits)
                passed += weight * p * through
                for learned, share in enumerate(binomial(items - hits, remembers)):
                    if share:
                        key = already + learned
                        after[key] = after.get(key, 0.0) + weight * p * (1 - through) * share
        state = after
    words = said(
        "Of the questions seen in a try, {share} are known by heart in the next.",
        share=whole_percent(remembers),
    )
    return exact(min(1.0, passed), judged("remembers", words, remembers), _guessing(guess))


def tries_for_even_odds(once: float) -> int:
    """How many independent tries give a chance of at least one half; 0 when no number does."""
    need_chance("once", once)
    if once in (0.0, 1.0):
        return int(once)
    return max(1, math.ceil(math.log(0.5) / math.log1p(-once)))
