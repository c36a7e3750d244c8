"""Rates with how many they rest on; the interval itself is tested with psychometrics."""

from guildmark.kernel.rates import Rate


def test_a_rate_is_not_shown_below_the_floor() -> None:
    assert str(Rate(6, 7)) == "not yet measurable (n = 7)"
    assert str(Rate(15, 20)) == "75 % (n = 20; 53 to 89 %)"
