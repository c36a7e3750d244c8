"""The same impostors by drawing instead of computing: the check on the exact numbers, and their second opinion.

Each simulation repeats what a sitting or an attempt does, step by step, from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

from guildmark.psychometrics.assumed import WorkAssumptions, Worker
from guildmark.psychometrics.errors import need_count
from guildmark.psychometrics.estimates import Estimate
from guildmark.psychometrics.intervals import clopper_pearson
from guildmark.psychometrics.questions import Domain
from guildmark.psychometrics.worksamples import Judged, Model, State, WorkSample


def counted(run: Callable[[random.Random], bool], n: int, seed: int) -> Estimate:
    """``n`` runs of something that succeeds or not, with the interval of Clopper and Pearson."""
    need_count("n", n, 1)
    source = random.Random(seed)  # noqa: S311 - a simulation that must be repeatable, not a secret
    passed = sum(run(source) for _ in range(n))
    low, high = clopper_pearson(passed, n)
    return Estimate(passed / n, low, high, "monte_carlo", n, seed)


def _guess(draw: random.Random, items: int, rate: float) -> int:
    return sum(draw.random() < rate for _ in range(items))


def wise_guesser(rates: Sequence[float], cut: int, *, n: int = 20_000, seed: int = 1) -> Estimate:
    return counted(lambda draw: sum(draw.random() < rate for rate in rates) >= cut, n, seed)


def specialist(
    domains: Sequence[Domain], known: Iterable[str], guess: float, cut: int, *, n: int = 20_000, seed: int = 1
) -> Estimate:
    mastered = set(known)

    def sitting(draw: random.Random) -> bool:
        right = [d.items if d.name in mastered else _guess(draw, d.items, guess) for d in domains]
        return sum(right) >= cut and all(r >= d.least for r, d in zip(right, domains, strict=True))

    return counted(sitting, n, seed)


def learning_retaker(
    bank: int,
    items: int,
    guess: float,
    cut: int,
    tries: int,
    remembers: float,
    known: int = 0,
    *,
    n: int = 20_000,
    seed: int = 1,
) -> Estimate:
    """With ``tries`` 1 this is the memorizer."""

    def person(draw: random.Random) -> bool:
        by_heart = set(range(known))
        for _ in range(tries):
            form = draw.sample(range(bank), items)
            unknown = [item for item in form if item not in by_heart]
            if len(form) - len(unknown) + _guess(draw, len(unknown), guess) >= cut:
                return True
            by_heart |= {item for item in unknown if draw.random() < remembers}
        return False

    return counted(person, n, seed)


def work_sample(
    sample: WorkSample,
    worker: Worker | None,
    assumed: WorkAssumptions | None = None,
    *,
    tries: int = 1,
    n: int = 20_000,
    seed: int = 1,
) -> Estimate:
    """One impostor with so many ``tries`` at a work sample."""
    if not sample.criteria:
        return counted(lambda draw: True, n, seed)
    model = Model(sample, worker, assumed or WorkAssumptions())
    impression = model.assumed["impression"] if len(sample.criteria) > 1 else 0.0

    def attempt(draw: random.Random, number: int) -> bool:
        if draw.random() >= model.check_factor:
            return False
        state = _drawn_state(model, draw)
        if draw.random() < impression:
            look = draw.random()
            return _decided(sample, lambda c: look < model.criterion(c, state, number))
        return _decided(sample, lambda c: draw.random() < model.criterion(c, state, number))

    return counted(lambda draw: any(attempt(draw, t) for t in range(tries)), n, seed)


def _drawn_state(model: Model, draw: random.Random) -> State:
    """Quizzes are answered question by question; one draw says for which tasks a copy is at hand."""
    luck, state = draw.random(), {}
    for piece in model.sample.pieces:
        if piece.questions:
            q = piece.questions
            right = [_guess(draw, part.items, 1 / q.options) for part in q.parts]
            enough = all(r >= part.least for r, part in zip(right, q.parts, strict=True))
            state[piece.id] = enough and sum(right) >= q.cut
        elif model.worker == "copier":
            state[piece.id] = luck < model.fit(piece)
    return state


def _decided(sample: WorkSample, passes: Callable[[Judged], bool]) -> bool:
    found = [(criterion, passes(criterion)) for criterion in sample.criteria]
    others = sum(ok for criterion, ok in found if not criterion.must_pass)
    return all(ok for criterion, ok in found if criterion.must_pass) and others >= sample.others_required
