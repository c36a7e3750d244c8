"""Intervals against published values and against their own definition."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.psychometrics.errors import ImpossibleModel
from guildmark.psychometrics.intervals import clopper_pearson, incomplete_beta, wilson


def upper_tail(n: int, p: float, least: int) -> float:
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


def test_the_published_intervals_come_out():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for successes, n, score, exact in (
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ):
        assert wilson(successes, n) == pytest.approx(score, abs=5e-5)
        assert clopper_pearson(successes, n) == pytest.approx(exact, abs=5e-5)


@given(st.integers(1, 300), st.data())
def test_the_exact_interval_leaves_half_of_the_error_on_each_side(n, data):
    successes = data.draw(st.integers(0, n))
    low, high = clopper_pearson(successes, n)
    assert low <= successes / n <= high
    if successes:
        assert upper_tail(n, low, successes) == pytest.approx(0.025, rel=1e-6)
    if successes < n:
        assert 1 - upper_tail(n, high, successes + 1) == pytest.approx(0.025, rel=1e-6)


def test_the_beta_function_is_right_for_many_runs():
    assert incomplete_beta(50_001, 50_001, 0.5) == pytest.approx(0.5, rel=1e-9)
    assert incomplete_beta(2, 1, 0.3) == pytest.approx(0.09, rel=1e-12)
    low, high = clopper_pearson(20_000, 40_000)
    half = 1.959964 * 0.5 / math.sqrt(40_000) + 1 / 80_000  # normal, with the correction for whole numbers
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


def test_it_refuses_more_successes_than_trials():
    for successes, n in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ImpossibleModel):
            wilson(successes, n)
        with pytest.raises(ImpossibleModel):
            clopper_pearson(successes, n)
