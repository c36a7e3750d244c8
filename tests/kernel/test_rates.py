"""Rates with their intervals, against values that others published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.kernel.rates import Rate, wilson


@pytest.mark.parametrize(
    ("successes", "cases", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes: int, cases: int, low: float, high: float) -> None:
    assert wilson(successes, cases) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_nought_and_one(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] + 1e-12
    assert case[0] / case[1] <= high + 1e-12
    assert high <= 1


@pytest.mark.parametrize("case", [(0, 0), (3, 2), (-1, 2)])
def test_it_refuses_what_is_no_proportion(case: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(*case)


def test_a_rate_is_not_shown_below_the_floor() -> None:
    assert str(Rate(6, 7)) == "not yet measurable (n = 7)"
    assert str(Rate(15, 20)) == "75 % (n = 20; 53 to 89 %)"
