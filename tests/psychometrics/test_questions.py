"""Impostors at closed questions, against numbers that were computed another way."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.psychometrics import simulation
from guildmark.psychometrics.impostor import (
    Domain,
    ImpossibleModel,
    guesser,
    half_of_each,
    learning_retaker,
    memorizer,
    specialist,
    tries_for_even_odds,
    wise_guesser,
)

EXAM = (Domain("D1", 12), Domain("D2", 15), Domain("D3", 15), Domain("D4", 9), Domain("D5", 9))
KNOWN = ("D2", "D3")
chance = st.floats(0, 1)


def tail(n: int, p: Fraction, least: int) -> Fraction:
    """At least so many successes, in whole numbers."""
    return sum(
        (math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(max(0, least), n + 1)), Fraction(0)
    )


def agrees(drawn, computed: float) -> bool:
    """Whether a simulation is within five standard errors of what was computed (and three runs, near 0 and 1)."""
    spread = math.sqrt(computed * (1 - computed) / drawn.n)
    return abs(drawn.chance - computed) <= 5 * spread + 3 / drawn.n


def test_ten_true_or_false_questions_with_cut_six_let_a_guesser_through_with_0377_and_three_times_with_0758():
    once, thrice = guesser(10, 2, 6), guesser(10, 2, 6, tries=3)
    assert once.chance == pytest.approx(float(Fraction(386, 1024)), abs=1e-15)
    assert thrice.chance == pytest.approx(float(1 - Fraction(638, 1024) ** 3), abs=1e-15)
    assert (round(once.chance, 3), round(thrice.chance, 3)) == (0.377, 0.758)


def test_a_specialist_of_two_domains_passes_a_rule_of_totals_alone_with_0106():
    found = specialist(EXAM, KNOWN, 0.25, 41)
    assert found.chance == pytest.approx(float(tail(30, Fraction(1, 4), 11)), rel=1e-12)
    assert round(found.chance, 3) == 0.106


def test_flawed_questions_take_the_specialist_to_0605():
    found = specialist(EXAM, KNOWN, 0.375, 41)
    assert found.chance == pytest.approx(float(tail(30, Fraction(3, 8), 11)), rel=1e-12)
    assert round(found.chance, 3) == 0.605


def test_half_of_each_domain_takes_the_specialist_to_000013():
    domains = half_of_each(EXAM)
    assert [domain.least for domain in domains] == [6, 8, 8, 5, 5]
    quarter = Fraction(1, 4)
    expected = tail(12, quarter, 6) * tail(9, quarter, 5) ** 2  # 30 + 6 + 5 + 5 are above the cut anyway
    found = specialist(domains, KNOWN, 0.25, 41)
    assert found.chance == pytest.approx(float(expected), rel=1e-12)
    assert round(found.chance, 5) == 0.00013


def test_the_cut_still_binds_where_the_minimums_do_not_reach_it():
    domains = (Domain("A", 4, 1), Domain("B", 4, 1))
    expected = Fraction(0)
    for right in product((0, 1), repeat=8):
        if sum(right[:4]) >= 1 and sum(right[4:]) >= 1 and sum(right) >= 5:
            expected += Fraction(1, 4) ** sum(right) * Fraction(3, 4) ** (8 - sum(right))
    assert specialist(domains, (), 0.25, 5).chance == pytest.approx(float(expected), rel=1e-12)


def test_items_with_rates_of_their_own_are_summed_over_all_outcomes():
    rates = (0.25, 0.25, 0.375, 0.5, 0.9)
    expected = sum(
        math.prod(p if right else 1 - p for p, right in zip(rates, outcome, strict=True))
        for outcome in product((True, False), repeat=5)
        if sum(outcome) >= 3
    )
    assert wise_guesser(rates, 3).chance == pytest.approx(expected, rel=1e-12)


def test_the_memorizer_is_counted_over_all_forms():
    bank, known, items, cut = 7, 3, 4, 3
    forms = list(combinations(range(bank), items))
    expected = Fraction(0)
    for form in forms:
        hits = sum(item < known for item in form)
        expected += tail(items - hits, Fraction(1, 4), cut - hits) / len(forms)
    assert memorizer(bank, known, items, 0.25, cut).chance == pytest.approx(float(expected), rel=1e-12)


def test_a_retaker_who_learns_nothing_is_a_guesser_and_one_who_learns_all_needs_two_tries():
    assert learning_retaker(30, 10, 0.5, 6, 3, 0).chance == pytest.approx(guesser(10, 2, 6, tries=3).chance)
    assert learning_retaker(10, 10, 0.5, 6, 2, 1).chance == pytest.approx(1)


def test_even_odds_are_reached_after_as_many_tries_as_are_said():
    for once in (0.003, 0.1, 0.377, 0.6):
        tries = tries_for_even_odds(once)
        assert 1 - (1 - once) ** tries >= 0.5
        assert tries == 1 or 1 - (1 - once) ** (tries - 1) < 0.5
    assert (tries_for_even_odds(0), tries_for_even_odds(1)) == (0, 1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), min_size=1, max_size=5),
    st.integers(0, 31),
    chance,
    st.integers(0, 40),
    st.integers(0, 2**31),
)
def test_the_specialist_is_what_drawing_gives(shape, which, guess, cut, seed):
    domains = tuple(Domain(f"D{n}", items, least) for n, (items, least) in enumerate(shape))
    known = [domain.name for n, domain in enumerate(domains) if which >> n & 1]
    drawn = simulation.specialist(domains, known, guess, cut, n=1500, seed=seed)
    assert agrees(drawn, specialist(domains, known, guess, cut).chance)


@settings(max_examples=30, deadline=None)
@given(st.lists(chance, max_size=30), st.integers(0, 31), st.integers(0, 2**31))
def test_the_testwise_guesser_is_what_drawing_gives(rates, cut, seed):
    drawn = simulation.wise_guesser(rates, cut, n=1500, seed=seed)
    assert agrees(drawn, wise_guesser(rates, cut).chance)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_retaker_and_the_memorizer_are_what_drawing_gives(data):
    bank = data.draw(st.integers(1, 25))
    items = data.draw(st.integers(1, bank))
    known = data.draw(st.integers(0, bank))
    cut = data.draw(st.integers(0, items + 1))
    guess, remembers = data.draw(chance), data.draw(chance)
    tries = data.draw(st.integers(1, 4))
    asked = (bank, items, guess, cut, tries, remembers, known)
    drawn = simulation.learning_retaker(*asked, n=1500, seed=data.draw(st.integers(0, 2**31)))
    computed = learning_retaker(*asked).chance
    assert agrees(drawn, computed)
    if tries == 1:
        assert computed == pytest.approx(memorizer(bank, known, items, guess, cut).chance, abs=1e-12)


@given(st.lists(chance, min_size=1, max_size=20), st.integers(0, 20), st.data())
def test_mending_a_flawed_question_never_helps_the_wise_guesser(rates, cut, data):
    place = data.draw(st.integers(0, len(rates) - 1))
    cleaned = [*rates]
    cleaned[place] = data.draw(st.floats(0, rates[place]))
    assert wise_guesser(cleaned, cut).chance <= wise_guesser(rates, cut).chance + 1e-12


@given(st.integers(1, 20), st.integers(2, 5), st.integers(0, 20), st.integers(1, 6), chance)
def test_a_further_try_never_lowers_the_chance(items, options, cut, tries, remembers):
    fewer, more = (guesser(items, options, cut, tries=n).chance for n in (tries, tries + 1))
    assert fewer <= more + 1e-12
    few, many = (
        learning_retaker(min(items, 8), min(items, 8), 1 / options, cut, min(n, 4), remembers).chance
        for n in (tries, tries + 1)
    )
    assert few <= many + 1e-12


@given(st.lists(st.integers(1, 8), min_size=2, max_size=4), chance, st.integers(0, 20), st.floats(0, 1))
def test_a_minimum_in_each_domain_never_raises_the_chance(sizes, guess, cut, share):
    domains = [Domain(f"D{n}", items) for n, items in enumerate(sizes)]
    plain = specialist(domains, ["D0"], guess, cut).chance
    assert specialist(half_of_each(domains, share), ["D0"], guess, cut).chance <= plain + 1e-12


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: guesser(-1, 4, 1), "n"),
        (lambda: guesser(5, 0, 1), "options"),
        (lambda: guesser(5, 4, 1, tries=0), "tries"),
        (lambda: wise_guesser([0.2, 1.5], 1), "rates"),
        (lambda: wise_guesser([float("nan")], 1), "rates"),
        (lambda: specialist(EXAM, ["D9"], 0.25, 41), "known"),
        (lambda: memorizer(5, 6, 4, 0.25, 3), "bank"),
        (lambda: memorizer(5, 3, 6, 0.25, 3), "bank"),
        (lambda: learning_retaker(5, 5, 0.25, 3, 2, -0.1), "remembers"),
        (lambda: half_of_each(EXAM, 2), "share"),
    ],
)
def test_it_refuses_what_cannot_be_and_says_how_to_mend_it(call, field):
    with pytest.raises(ImpossibleModel) as caught:
        call()
    assert caught.value.field == field
    assert caught.value.mend.startswith(("Give", "Name"))


def test_every_number_says_how_it_was_computed_and_what_it_rests_on():
    found = memorizer(60, 20, 30, 0.25, 20)
    assert found.in_words() == "exact under its assumptions"
    assert any("20 of the 60 questions" in a.sentence for a in found.assumptions)
    drawn = simulation.specialist(EXAM, KNOWN, 0.25, 41, n=500, seed=7)
    assert drawn.in_words() == "Monte Carlo, n = 500, seed 7, 95 % interval"
    assert drawn == simulation.specialist(EXAM, KNOWN, 0.25, 41, n=500, seed=7)
    assert drawn.low < drawn.chance < drawn.high
