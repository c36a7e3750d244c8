"""The pages of the tool watch and of the maintenance board in German and Spanish."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from guildmark.assess.evidence import actions as evidence
from guildmark.design import tool_actions, translating
from guildmark.kernel import clock
from guildmark.kernel.clock import now
from tests.design.builders import published, successor
from tests.evidence.builders import submitted
from tests.issue.builders import issued
from tests.people.builders import PASSWORD, Org
from tests.site.test_translations import ensure_translated

pytestmark = pytest.mark.django_db
ROOT = "/studio/northlamp/upkeep/"
OUT = date(2027, 5, 3)
DAY = datetime(2027, 5, 3, tzinfo=UTC)


def recorded(org: Org, version: str, day: date) -> str:
    made = tool_actions.record_release(
        by=org.owner, org_id=org.id, name="Mailwright", version=version, released_on=day
    )
    return f"{ROOT}tools/{made.id}"


def test_no_english_is_left_on_an_empty_board_and_watch(client: Client, org: Org) -> None:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    ensure_translated(client, [ROOT, f"{ROOT}tools", f"{ROOT}tools/new"], b"")


def test_no_english_is_left_where_everything_is_due(client: Client, org: Org) -> None:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    older = published(org, review_months=24)
    credential = issued(org, older)
    translating.save_translation(
        by=org.owner, org_id=org.id, version_id=older.id, language="de", texts={"title": "Eine Folge"}
    )
    successor(org, older, validity_months=24)
    evidence.open_bridge(by=org.owner, org_id=org.id, achievement_id=older.achievement_id)
    submitted(org, version=published(org, title="Wartendes", review_months=6))
    gone = recorded(org, "4.9", now().date())
    tool_actions.withdraw_release(
        by=org.owner, org_id=org.id, release_id=gone.rsplit("/", 1)[1], reason="War nur eine Vorschau."
    )
    answered, opened = recorded(org, "5.0", now().date()), recorded(org, "5.1", now().date())
    tool_actions.answer_same(
        by=org.owner,
        org_id=org.id,
        release_id=answered.rsplit("/", 1)[1],
        achievement_id=older.achievement_id,
        note="Alles wie zuvor.",
    )
    coming = recorded(org, "6.0", (now() + timedelta(days=90)).date())
    pages = [
        ROOT,
        f"{ROOT}tools",
        f"{ROOT}tools/new",
        *(gone, answered, opened, coming),
        *(f"{opened}/answer/{older.slug}", f"{answered}/answer/{older.slug}", f"{opened}/withdraw"),
        f"/s/{older.slug}",
        credential.path,
        f"/studio/northlamp/credentials/{credential.public_id}",
    ]
    signed = credential.body + b" Alles wie zuvor. War nur eine Vorschau. First publication."
    ensure_translated(client, pages, signed)


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "ist seit 3. Mai 2027 erhältlich"), ("es", "está disponible desde el 3 de mayo de 2027")],
)
def test_the_warning_is_said_in_the_language_of_the_page(
    org: Org, client: Client, language: str, words: str
) -> None:
    with clock.at(DAY - timedelta(days=100)):
        version = published(org)
        credential = issued(org, version)
        recorded(org, "5.0", OUT)
    with clock.at(DAY):
        for path in (f"/s/{version.slug}", credential.path):
            page = client.get(path, headers={"Accept-Language": language}).content.decode()
            assert words in page
            assert "Mailwright 4.2" in page
