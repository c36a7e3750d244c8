"""Many rows by plain values, as COPY and prepared statements take them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from guildmark.kernel import bulk
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import OutboxEvent
from guildmark.people.models import Learner
from tests.people.builders import Org

COLUMNS = ("id", "org_id", "email", "name", "user_id", "created_at")


def line(org: Org, email: str, name: str) -> tuple[object, ...]:
    return (uuid7(), org.id, email, name, None, now())


def names(org: Org) -> dict[str, str]:
    return dict(Learner.objects.for_org(org.id).values_list("email", "name"))


@pytest.mark.django_db
def test_it_stores_values_as_the_model_reads_them(org: Org) -> None:
    event, moment = uuid7(), now()
    with transaction.atomic():
        row = (event, org.id, "x.happened", {"a": ["ü", None, 1.5]}, moment)
        assert bulk.insert(OutboxEvent, ("id", "org_id", "kind", "payload", "created_at"), [row]) == 1
    stored = OutboxEvent.objects.get(id=event)
    assert (stored.org_id, stored.payload, stored.created_at) == (org.id, {"a": ["ü", None, 1.5]}, moment)


@pytest.mark.django_db
def test_what_is_there_already_is_refused_or_left_as_it_is(org: Org) -> None:
    with transaction.atomic():
        bulk.insert(Learner, COLUMNS, [line(org, "a@mail.example", "Ada")])
    rows = [line(org, "a@mail.example", "Another"), line(org, "b@mail.example", "Bo")]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Learner, COLUMNS, rows)
    assert names(org) == {"a@mail.example": "Ada"}
    with transaction.atomic():
        bulk.insert(Learner, COLUMNS, rows, ignore_conflicts=True)
    assert names(org) == {"a@mail.example": "Ada", "b@mail.example": "Bo"}


@pytest.mark.django_db(transaction=True)
def test_it_wants_a_transaction(org: Org) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        bulk.insert(Learner, COLUMNS, [line(org, "a@mail.example", "Ada")])
