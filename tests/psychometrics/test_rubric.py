"""The decision rule under chances, against enumeration, and its bounds against dependences of every kind."""

from __future__ import annotations

import math
import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.psychometrics.rubric import bounds, independent, one_impression, rule_chance

chance = st.floats(0, 1)
chances = st.lists(chance, max_size=5)


def test_all_must_pass_and_so_many_of_the_others_is_summed_over_all_outcomes():
    must, others = (0.9, 0.4), (0.3, 0.5, 0.8)
    expected = 0.0
    for outcome in product((True, False), repeat=3):
        if sum(outcome) >= 2:
            expected += math.prod(p if ok else 1 - p for p, ok in zip(others, outcome, strict=True))
    assert independent(must, others, 2) == pytest.approx(0.36 * expected, rel=1e-12)


def test_one_impression_lets_through_whoever_passes_the_hardest_that_counts():
    assert one_impression((0.9, 0.4), (0.3, 0.5, 0.8), 2) == 0.4
    assert one_impression((0.9,), (0.3, 0.5, 0.8), 2) == 0.5
    assert one_impression((0.9,), (0.3,), 0) == 0.9
    assert one_impression((), (0.3,), 2) == 0
    assert one_impression((), (), 0) == 1


def test_the_bounds_are_reached():
    # Three events of chance 0.4: two of them in 0.6 of the cases at most, since 1.2 is all there is; and at least
    # all three in 0.1, since one at a time leaves room for 1 only.
    assert bounds((), (0.4, 0.4, 0.4), 2) == pytest.approx((0.1, 0.6))
    # Three of chance 0.9: what is missing, 0.3, spoils two of three in 0.15 of the cases at most.
    assert bounds((), (0.9, 0.9, 0.9), 2) == pytest.approx((0.85, 1.0))
    assert bounds((0.7, 0.6), (), 0) == pytest.approx((0.3, 0.6))
    assert bounds((0.9,), (0.5, 0.5), 1) == pytest.approx((0.4, 0.9))


@settings(max_examples=60, deadline=None)
@given(chances, chances, st.data())
def test_no_dependence_leaves_the_bounds(must, others, data):
    """Outcomes are tables of 60 equally likely cases: every criterion holds in a share of them, placed at random."""
    required = data.draw(st.integers(0, len(others)))
    shuffler = random.Random(data.draw(st.integers(0, 2**31)))
    cases = 60
    counts = [round(p * cases) for p in (*must, *others)]
    columns = []
    for count in counts:
        column = [True] * count + [False] * (cases - count)
        if shuffler.random() < 0.6:
            shuffler.shuffle(column)
        columns.append(column)
    met = sum(
        all(row[: len(must)]) and sum(row[len(must) :]) >= required
        for row in (zip(*columns, strict=True) if columns else [()] * cases)
    )
    rounded = [count / cases for count in counts]
    low, high = bounds(rounded[: len(must)], rounded[len(must) :], required)
    assert low - 1e-9 <= met / cases <= high + 1e-9


@given(chances, chances, st.integers(0, 6), chance)
def test_the_chance_lies_within_its_bounds(must, others, required, impression):
    found = rule_chance(must, others, required, impression)
    assert -1e-12 <= found.low <= found.chance + 1e-9
    assert found.chance <= found.high + 1e-9 <= 1 + 2e-9


@given(chances, chances, st.integers(0, 6), chance, chance, st.data())
def test_a_further_must_pass_criterion_never_raises_anything(must, others, required, impression, new, data):
    place = data.draw(st.integers(0, len(must)))
    before = rule_chance(must, others, required, impression)
    after = rule_chance([*must[:place], new, *must[place:]], others, required, impression)
    for name in ("chance", "low", "high"):
        assert getattr(after, name) <= getattr(before, name) + 1e-9


@given(chances, st.lists(chance, min_size=1, max_size=5), st.integers(0, 5), chance, st.data())
def test_making_one_of_the_others_must_pass_never_raises_the_chance(must, others, required, impression, data):
    place = data.draw(st.integers(0, len(others) - 1))
    required = min(required, len(others) - 1)
    rest = [p for n, p in enumerate(others) if n != place]
    before = rule_chance(must, others, required, impression).chance
    after = rule_chance([*must, others[place]], rest, required, impression).chance
    assert after <= before + 1e-9
