"""Whether a credential was valid on another day: from its recorded history, day by day (PRODUCT UP10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from guildmark.issue import actions, past
from guildmark.kernel.clock import add_months, at
from tests.design.builders import published
from tests.evidence.test_transition import following
from tests.issue.builders import holder, issued

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def days(number: float) -> datetime:
    return START + timedelta(days=number)


def day(number: int) -> date:
    return days(number).date()


@pytest.fixture
def credential(org) -> Any:
    """Issued on day 1, suspended on 10, reinstated on 20, revoked on 30; version 2.0 in force from day 15."""
    with at(START):
        version = published(org)
    with at(days(1)):
        made = issued(org, version=version)
    where = {"by": org.owner, "org_id": org.id, "public_id": made.public_id}
    with at(days(10)):
        actions.suspend(**where, reason="A question is open.")
    with at(days(15)):
        following(org, version)
    with at(days(20)):
        actions.reinstate(**where, reason="It was answered.")
    with at(days(30)):
        actions.revoke(**where, reason="The work was somebody else's.")
    return made


@pytest.mark.parametrize(
    ("number", "verdict", "in_force"),
    [
        (-1, "not_issued", ""),
        (0, "not_issued", "1.0"),
        (1, "valid", "1.0"),
        (9, "valid", "1.0"),
        (10, "suspended", "1.0"),
        (14, "suspended", "1.0"),
        (15, "suspended", "2.0"),
        (20, "valid", "2.0"),
        (29, "valid", "2.0"),
        (30, "revoked", "2.0"),
        (4000, "revoked", "2.0"),
    ],
)
def test_each_day_has_the_state_of_its_end(credential, number, verdict, in_force):
    with at(days(40)):
        found = past.on(credential, day(number))
    assert (found.verdict, found.in_force, found.earned_on) == (verdict, in_force, "1.0")
    assert found.ahead == (number > 39)


def test_a_day_tells_what_changed_on_it(credential):
    with at(days(40)):
        changed = {n: past.on(credential, day(n)).changes for n in (1, 5, 10, 20, 30)}
    assert changed[5] == ()
    assert [(n, moment, word) for n in (10, 20, 30) for moment, word in changed[n]] == [
        (10, days(10), "suspended"),
        (20, days(20), "valid"),
        (30, days(30), "revoked"),
    ]


def test_a_period_ends_on_its_day(org):
    with at(START):
        version = published(org)
    with at(days(1)):
        made = issued(org, version=version)
    assert made.valid_until == add_months(days(1), version.standard.validity_months or 0)
    last = made.valid_until.date()
    with at(days(2)):
        before, ending, after = (past.on(made, last + timedelta(days=n)) for n in (-1, 0, 1))
    assert (before.verdict, ending.verdict, after.verdict) == ("valid", "expired", "expired")
    assert [word for _, word in ending.changes] == ["expired"]
    assert before.ahead


def test_a_stranger_asks_on_the_page_and_by_program(credential):
    client = Client()
    address = f"{credential.path}/on"
    assert "Was it valid on this day?" in client.get(address).content.decode()
    page = client.get(address, {"day": day(12).isoformat()}).content.decode()
    assert 'data-past="suspended"' in page
    # Why it was on hold is nobody's business once that is over.
    assert "A question is open." not in page
    told = client.get(address, {"day": day(25).isoformat()}, headers={"Accept": "application/json"}).json()
    assert (told["verdict"], told["earnedOn"], told["inForce"]) == ("valid", "1.0", "2.0")
    assert f"{credential.path}/on" in client.get(credential.path).content.decode()


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "2026-01-01T00:00"])
def test_what_is_no_day_is_named(credential, typed):
    answer = Client().get(f"{credential.path}/on", {"day": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    refused = Client().get(f"{credential.path}/on", {"day": typed}, headers={"Accept": "application/json"})
    assert refused.json()["errors"][0]["field"] == "day"


def test_a_private_credential_answers_only_by_its_link(credential, org):
    where = {"by": holder(credential), "org_id": org.id, "public_id": credential.public_id}
    actions.set_disclosure(**where, visibility="private")
    assert Client().get(f"{credential.path}/on", {"day": "2026-03-05"}).status_code == 404
