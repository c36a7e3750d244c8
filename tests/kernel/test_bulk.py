"""Many rows by plain values, as COPY and prepared statements take them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from guildmark.issue.models import Batch, BatchRow, StatusList
from guildmark.kernel import bulk
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import OutboxEvent
from guildmark.people import actions as people_actions
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
@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "\\",
        "\\N",
        "\\.",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "\\x41",
        "ü 𝒳 \u2028",
        '"',
        "",
        " ",
        "'; --",
        "\x01\x7f",
    ],
)
def test_every_text_comes_back_as_it_was(org: Org, name: str) -> None:
    with transaction.atomic():
        bulk.insert(Learner, COLUMNS, [line(org, "a@mail.example", name), line(org, "b@mail.example", "Bo")])
    assert names(org) == {"a@mail.example": name, "b@mail.example": "Bo"}


@pytest.mark.django_db
def test_bytes_and_truth_values_and_days_and_texts_of_a_type_of_their_own_come_back(org: Org) -> None:
    class Text(str):
        pass

    body, day = bytes(range(256)) * 3, date(2026, 1, 31)
    batch, now_ = (
        Batch.objects.create(org_id=org.id, kind="completion", version_id=uuid7(), title="x", key="x"),
        now(),
    )
    with transaction.atomic():
        columns = ("id", "org_id", "batch_id", "number", "name", "email", "completed_on", "outcome", "detail")
        rows = [
            (uuid7(), org.id, batch.id, n, Text("Ada"), "", day if n else None, "ready", "") for n in (0, 1)
        ]
        assert bulk.insert(BatchRow, columns, rows) == 2
        shard = (uuid7(), org.id, uuid7(), "revocation", 0, body, 0, -1, b"", "", now_)
        names_ = (
            "id",
            "org_id",
            "public_id",
            "purpose",
            "shard",
            "bits",
            "epoch",
            "signed_epoch",
            "body",
            "etag",
            "published_at",
        )
        bulk.insert(StatusList, names_, [shard])
    stored = BatchRow.objects.for_org(org.id).order_by("number")
    assert [(row.name, row.completed_on) for row in stored] == [("Ada", None), ("Ada", day)]
    row = StatusList.objects.for_org(org.id).get()
    assert (bytes(row.bits), bytes(row.body), row.signed_epoch, row.published_at) == (body, b"", -1, now_)


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


@pytest.mark.django_db
def test_columns_of_one_value_one_type_and_several_types_come_back(org: Org) -> None:
    moment = now()
    names = ["plain", "tab\tinside", "back\\slash", "line\nfeed", "\\N", "", "ü 田中"]
    rows = [(uuid7(), org.id, f"kind.{number}", {"name": name}, moment) for number, name in enumerate(names)]
    with transaction.atomic():
        assert bulk.insert(OutboxEvent, ("id", "org_id", "kind", "payload", "created_at"), iter(rows)) == len(
            rows
        )
    stored = OutboxEvent.objects.filter(org_id=org.id, kind__startswith="kind.").order_by("kind")
    assert [(row.id, row.payload["name"], row.created_at) for row in stored] == [
        (row[0], row[3]["name"], moment) for row in rows
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [set(), {"a@b.example"}, {"a@b.example", "c@d.example", None}, ["x@y.example"]]
)
def test_any_of_gives_what_in_gives(org: Org, values: Any) -> None:
    for email in ("a@b.example", "c@d.example"):
        people_actions.ensure_learner(by=org.owner, org_id=org.id, email=email, name="Ada")
    rows = Learner.objects.for_org(org.id)
    given = [value for value in values if value is not None]
    assert set(rows.filter(email__anyof=values)) == set(rows.filter(email__in=given))
    ids = {row.id for row in rows}
    assert set(rows.filter(id__anyof=ids)) == set(rows)
    assert set(rows.exclude(id__anyof=ids)) == set()
