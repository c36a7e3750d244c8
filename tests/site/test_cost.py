"""The page of what belief costs: figures from the records, changed on the page, never saved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guildmark.design import actions, queries
from guildmark.design.advisor import actions as advisor
from guildmark.kernel.rates import Rate
from guildmark.people.types import OrgView
from guildmark.site import cost as page
from tests.design import advisor_cases
from tests.design.builders import completion_content, drafted, publishable_content, published
from tests.evidence.builders import decided
from tests.people.builders import Org

pytestmark = pytest.mark.django_db

PRICED = {"cost": {"amount": "90", "currency": "EUR"}}
KNOWN = {"price": "90", "hour": "60", "minutes": "45", "defence": "10", "decision": "10", "identity": "5"}


@pytest.fixture
def client(org: Any) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=org.owner_id))
    return client


def address(org: Any | OrgView, slug: str) -> str:
    return reverse("standard_cost", args=[org.slug, slug])


def words(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_a_standard_without_price_and_minutes_asks_for_them(org, client):
    answer = client.get(address(org, published(org).slug))
    shown = words(answer)
    assert answer.status_code == 200
    assert "Not enough is known yet." in shown
    for name in (
        "the price for a learner",
        "what an hour of a judge costs",
        "the minutes that one judge needs",
    ):
        assert name in shown
    assert answer.context["written"].total is None
    assert "The advisor plans with 45 minutes" in shown


def test_figures_typed_on_the_page_are_computed_and_not_saved(org, client):
    version = published(org, **PRICED)
    before = queries.version(org.id, version.id).standard
    answer = client.get(address(org, version.slug), {**KNOWN, "minutes": "30,5", "again": "50"})
    written = answer.context["written"]
    assert [line.amount for line in written.lines] == [Decimal("30.50"), Decimal("10.00"), Decimal("20.25")]
    assert written.margin == Decimal("29.25")
    assert "30.5 min × 60 / 60 min" in words(answer)
    assert "0.5 further tries on average (50 % of tries, at most 1 more) × 40.50" in words(answer)
    assert queries.version(org.id, version.id).standard == before
    assert client.get(address(org, version.slug)).context["written"].total is None


def test_an_address_with_something_else_in_it_shows_the_records(org, client):
    version = published(org, **PRICED)
    answer = client.get(address(org, version.slug), {"from": "mail"})
    assert answer.context["figures"].price == 90


def test_each_level_has_its_cost_and_what_is_left_of_the_price(org, client):
    version = published(org, **PRICED)
    levels = client.get(address(org, version.slug), {**KNOWN, "supervised": "1", "again": "0"}).context[
        "levels"
    ]
    assert [one.bill.total for one in levels] == [Decimal(x) for x in ("45.00", "100.00", "110.00", "175.00")]
    assert [one.bill.margin for one in levels] == [
        Decimal(x) for x in ("45.00", "-10.00", "-20.00", "-85.00")
    ]


def test_a_price_below_the_cost_is_said(org, client):
    answer = client.get(address(org, published(org, **PRICED).slug), {**KNOWN, "price": "20"})
    assert "Each candidate costs more than they pay." in words(answer)


def test_kept_advice_brings_its_minutes_and_says_that_they_are_planned(org, client):
    answers = advisor_cases.read({**advisor_cases.made(), "offer": {"hour_value": 40, "currency": "EUR"}})
    advice = advisor.keep(by=org.owner, org_id=org.id, answers=answers)
    draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=advice.id)
    content = publishable_content(**PRICED)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=draft.revision
    )
    answer = client.get(address(org, draft.slug))
    assert answer.context["figures"].minutes == 45
    assert answer.context["figures"].hour == 40
    assert "planning assumptions, not measured" in words(answer)


def test_few_first_attempts_leave_the_declared_share_and_say_so(org, client):
    version = published(org, **PRICED)
    decided(org, version=version, outcome="not_passed")
    answer = client.get(address(org, version.slug))
    assert answer.context["figures"].again == Decimal("0.2")
    assert (
        "Declared, not measured: one of 5 tries again, as the advisor plans. It is measured from 20 first attempts on "
        "(n = 1)." in words(answer)
    )


def test_enough_first_attempts_give_the_measured_share_with_its_n(org):
    version = published(org, **PRICED)
    figures, told = page.starting(version, None, Rate(6, 24))
    assert figures.again == Decimal("0.25")
    assert told == "Measured: 6 of 24 first attempts did not pass or were sent back."


def test_first_attempts_that_failed_or_were_sent_back_are_counted_of_all(org):
    version = published(org)
    decided(org, version=version, outcome="not_passed", learner=org.learner("Ben Ode"))
    decided(org, version=version, learner=org.learner("Ada Moreno"))
    assert page.measured(org.id, version.id) == Rate(1, 2)
    assert page.measured(org.id, None) == Rate(0, 0)


@pytest.mark.parametrize("wrong", [{"hour": "much"}, {"price": "-1"}, {"together": "0"}, {"minutes": "1e9"}])
def test_figures_that_cannot_be_used_are_refused_in_place(org, client, wrong):
    answer = client.get(address(org, published(org, **PRICED).slug), {**KNOWN, **wrong})
    assert answer.status_code == 422
    assert "Some figures cannot be used" in words(answer)


def test_a_draft_has_the_page_too_and_the_check_of_the_price_leads_to_it(org, client):
    draft = drafted(org)
    assert "draft" in words(client.get(address(org, draft.slug)))
    structure = client.get(reverse("standard_structure", args=[org.slug, draft.slug])).content.decode()
    assert f'href="{address(org, draft.slug)}"' in structure


def test_a_completion_record_has_no_cost_of_trust(org, client):
    assert client.get(address(org, published(org, **completion_content()).slug)).status_code == 404


def test_another_organisation_does_not_see_it(org):
    version, other = published(org), Org("southlamp")
    stranger = Client()
    stranger.force_login(get_user_model().objects.get(pk=other.owner_id))
    assert stranger.get(address(org, version.slug)).status_code == 404
    assert stranger.get(address(other, version.slug)).status_code == 404
