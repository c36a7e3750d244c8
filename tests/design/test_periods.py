"""How soon an area changes proposes how long a credential counts and when its standard is looked at (PRODUCT M15, UP7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guildmark.design import promise, queries
from guildmark.design.advisor import actions as advisor
from tests.design import advisor_cases, builders
from tests.design.test_pages import fields, url
from tests.people.builders import PASSWORD, Org

BARE: dict[str, Any] = {"validity_months": None, "review_months": None}


@pytest.fixture
def client(client: Client, org: Org) -> Client:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    return client


@pytest.mark.parametrize(
    ("volatility", "periods"), [("low", (24, None)), ("medium", (12, 36)), ("high", (6, 18))]
)
def test_both_periods_left_empty_are_filled_when_it_is_said(
    volatility: str, periods: tuple[int, int | None]
) -> None:
    stored = builders.publishable_standard(**BARE)
    typed = promise.with_periods({"volatility": volatility, **BARE}, stored)
    assert (typed["review_months"], typed["validity_months"]) == periods


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"volatility": "", **BARE}, {}),
        ({"volatility": "high", "validity_months": 24, "review_months": None}, {}),
        ({"volatility": "high", "validity_months": None, "review_months": 3}, {}),
        ({"volatility": "high", **BARE}, {"volatility": "high"}),
        ({"title": "Another step"}, {}),
    ],
)
def test_what_the_author_decided_is_left_alone(typed: dict[str, Any], stored: dict[str, Any]) -> None:
    assert promise.with_periods(typed, builders.publishable_standard(**{**BARE, **stored})) == typed


@pytest.mark.django_db
def test_the_editor_fills_them_and_shows_them_and_lets_them_be_emptied(client: Client, org: Org) -> None:
    draft = builders.drafted(org, **BARE)
    page = url(org, draft, "bar")
    answer = client.post(page, {**fields(client.get(page)), "volatility": "high"})
    assert answer.status_code == 303
    shown = fields(client.get(page))
    assert (shown["review_months"], shown["validity_months"]) == ("6", "18")
    client.post(page, {**shown, "review_months": "", "validity_months": ""})
    standard = queries.version(org.id, draft.id).standard
    assert (standard.review_months, standard.validity_months) == (None, None)


@pytest.mark.django_db
def test_the_background_save_gives_them_to_the_page(client: Client, org: Org) -> None:
    draft = builders.drafted(org, **BARE)
    sent = {**fields(client.get(url(org, draft, "bar"))), "volatility": "medium", "whole": "1"}
    answer = client.post(reverse("autosave", args=[org.slug, draft.slug, "bar"]), sent).json()
    assert answer["fields"] == {"id_validity_months": "36", "id_review_months": "12"}


@pytest.mark.django_db
def test_a_standard_begun_from_advice_has_both(org: Org) -> None:
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=advisor_cases.read(advisor_cases.made()))
    standard = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id).standard
    assert standard.volatility
    assert standard.validity_months == promise.validity_of(standard.volatility)
    assert standard.review_months
