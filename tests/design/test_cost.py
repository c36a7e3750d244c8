"""The arithmetic of what belief costs: every sum is a sum of lines, and a feature never makes it cheaper."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.design import cost
from guildmark.design.advisor import workload
from guildmark.design.advisor.answers import Answers
from guildmark.design.cost import Features, Figures
from tests.design.builders import publishable_standard

FULL = Figures(
    price=Decimal(140),
    currency="EUR",
    hour=Decimal(60),
    minutes=Decimal(45),
    defence=Decimal(10),
    decision=Decimal(5),
    identity=Decimal(4),
    supervised=Decimal(2),
    together=4,
    again=Decimal("0.25"),
    fees=Decimal("3.50"),
)


def amounts(bill: cost.Bill) -> dict[str, Decimal | None]:
    return {line.key: line.amount for line in bill.lines}


def test_each_feature_has_its_line_and_the_total_is_their_sum():
    made = cost.bill(Features(2, 1, supervision=True, decision=True, identity=True, resubmissions=1), FULL)
    assert amounts(made) == {
        "judge": Decimal("45.00"),
        "judges": Decimal("45.00"),
        "defence": Decimal("10.00"),
        "supervision": Decimal("30.00"),
        "decision": Decimal("5.00"),
        "resubmissions": Decimal("33.75"),
        "identity": Decimal("4.00"),
        "fees": Decimal("3.50"),
    }
    assert made.total == Decimal("176.25")
    assert made.margin == Decimal("-36.25")


def test_the_arithmetic_stands_in_words():
    made = cost.bill(Features(judges=3, resubmissions=2), FULL)
    assert [str(line.formula) for line in made.lines[:3]] == [
        "45 min × 60 / 60 min",
        "2 × 45 min × 60 / 60 min",
        "0.3125 further tries on average (25 % of tries, at most 2 more) × 135.00",
    ]


def test_a_figure_that_nobody_gave_is_asked_for_and_never_invented():
    made = cost.bill(Features(resubmissions=1), Figures(price=Decimal(50)))
    assert [line.amount for line in made.lines] == [None, None]
    assert made.asks == ("minutes", "hour")
    assert (made.total, made.margin) == (None, None)
    assert cost.bill(Features(), replace(FULL, price=None)).margin is None


def test_what_is_known_of_a_standard_without_advice_is_only_what_it_declares():
    found = cost.known(publishable_standard(cost={"amount": "90", "currency": "EUR"}), None)
    assert (found.price, found.currency, found.supervised) == (Decimal(90), "EUR", Decimal("1.5"))
    assert (found.hour, found.minutes, found.defence) == (None, None, None)


def test_kept_advice_gives_the_advisors_own_figures():
    answers = Answers.model_validate(
        {"offer": {"hour_value": 42.5, "currency": "EUR"}, "rates": {"judge_hours": 0.5, "retake_every": 4}}
    )
    found = cost.known(publishable_standard(cost={"amount": "90", "currency": "EUR"}), answers)
    assert (found.hour, found.minutes, found.again) == (Decimal("42.5"), Decimal(30), Decimal("0.25"))
    assert cost.judging_minutes(Answers().rates) == 60 * Decimal(str(Answers().rates.judge_hours))


def test_an_hour_in_another_currency_is_not_taken():
    answers = Answers.model_validate({"offer": {"hour_value": 42.5, "currency": "USD"}})
    assert cost.known(publishable_standard(cost={"amount": "90", "currency": "EUR"}), answers).hour is None


def test_judging_and_further_tries_cost_what_the_advisor_plans_for_them():
    answers = Answers.model_validate(
        {
            "capacity": {"learners": 1},
            "offer": {"judges": 2, "hour_value": 60},
            "rates": {"double_every": 1000},
        }
    )
    figures = cost.known(publishable_standard(), answers)
    ours = cost.bill(Features(judges=2, resubmissions=1), figures).total
    assert ours is not None
    hours = workload.judging(answers, "micro").value
    assert abs(ours / 60 - Decimal(str(hours))) < Decimal("0.01")


def test_the_standard_as_it_is_written_is_read_from_its_conditions():
    conditions = {"judges": 2, "supervision": "online", "resubmissions": 2}
    standard = publishable_standard(conditions={**conditions, "authorship_checks": ["defence", "statement"]})
    assert cost.as_written(standard) == Features(2, 1, supervision=True, decision=True, resubmissions=2)


def test_each_level_costs_at_least_what_the_level_below_costs():
    levels = cost.by_level(publishable_standard(), FULL)
    assert [one.level.rank for one in levels] == [1, 2, 3, 4]
    totals = [one.bill.total for one in levels]
    assert totals == sorted(totals)
    assert sum(one.more for one in levels) == totals[-1]


MONEY = st.decimals(min_value=0, max_value=10_000, places=2)
FIGURES = st.builds(
    Figures,
    price=MONEY,
    hour=MONEY,
    minutes=MONEY,
    defence=MONEY,
    decision=MONEY,
    identity=MONEY,
    supervised=MONEY,
    together=st.integers(1, 40),
    again=st.decimals(min_value=0, max_value=1, places=4),
    fees=MONEY,
)
FEATURES = st.builds(
    Features,
    judges=st.integers(1, 5),
    checks=st.integers(0, 3),
    supervision=st.booleans(),
    decision=st.booleans(),
    identity=st.booleans(),
    resubmissions=st.integers(0, 8),
)


@given(FEATURES, FIGURES, st.sampled_from([one.name for one in fields(Features)]))
def test_adding_a_feature_of_trust_never_lowers_the_cost(features, figures, name):
    before = getattr(features, name)
    more = replace(features, **{name: True if isinstance(before, bool) else before + 1})
    less, full = cost.bill(features, figures), cost.bill(more, figures)
    assert full.total >= less.total
    assert full.margin <= less.margin
    shown = {line.key: line.amount for line in full.lines}
    assert all(shown[line.key] >= line.amount for line in less.lines)


@given(FEATURES, FIGURES)
def test_what_is_shown_adds_up(features, figures):
    made = cost.bill(features, figures)
    assert made.total == sum(line.amount for line in made.lines)
    assert made.price - made.total == made.margin
    assert all(line.amount == line.amount.quantize(cost.CENT) for line in made.lines)


@given(st.decimals(min_value=0, max_value=1, places=3), st.integers(0, 50))
def test_further_tries_are_at_most_those_allowed_and_grow_with_the_share(again, most):
    found = cost.expected_tries(again, most)
    assert 0 <= found <= most
    assert found <= cost.expected_tries(min(Decimal(1), again + Decimal("0.1")), most)


@pytest.mark.parametrize(("again", "most", "tries"), [("0.5", 3, "0.875"), ("1", 4, "4"), ("0", 9, "0")])
def test_further_tries_are_the_sum_of_the_powers_of_the_share(again, most, tries):
    assert cost.expected_tries(Decimal(again), most) == Decimal(tries)
