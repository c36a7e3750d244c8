"""The maintenance board: what is due, in which order, for how many queries, and the same as a calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.assess.evidence import actions as evidence
from guildmark.design import actions as design
from guildmark.design import tool_actions, translating
from guildmark.design.advisor import actions as advisor
from guildmark.issue import queries as issue
from guildmark.issue.models import Credential
from guildmark.kernel import clock
from guildmark.site import upkeep
from tests.design import advisor_cases
from tests.design.builders import published, successor
from tests.evidence.builders import submitted
from tests.issue import builders
from tests.people.builders import PASSWORD, Org

pytestmark = pytest.mark.django_db
PATH = "/studio/northlamp/upkeep/"
BEGUN = datetime(2027, 1, 11, 9, tzinfo=UTC)
MAIL = [{"kind": "tool", "name": "Mailwright", "version": "4.2"}]


@pytest.fixture
def owner(client: Client, org: Org) -> Client:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    return client


def page(client: Client) -> str:
    answer = client.get(PATH)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def only(org: Org) -> upkeep.Line:
    (line,) = upkeep.lines(org.id)
    return line


def test_an_empty_board_teaches(owner: Client, org: Org) -> None:
    assert "Nothing to look after yet" in page(owner)


def test_a_review_goes_from_in_order_to_due_soon_to_overdue_and_back(owner: Client, org: Org) -> None:
    with clock.at(BEGUN):
        version = published(org, review_months=6, context=[])
        assert only(org).state == upkeep.GOOD
        assert "everything in order" in page(owner)
    due = version.review_due
    assert due is not None
    with clock.at(due - timedelta(days=30)):
        assert (only(org).state, only(org).review_days) == (upkeep.DUE, 30)
        assert "in 30 days" in page(owner)
    with clock.at(due + timedelta(days=3)):
        assert (only(org).state, only(org).review_days) == (upkeep.LATE, 3)
        shown = page(owner)
        assert "3 days overdue" in shown
        assert f"/studio/northlamp/standards/{version.slug}/act/review" in shown
        design.mark_reviewed(by=org.owner, org_id=org.id, version_id=version.id, note="Still right.")
        assert only(org).state == upkeep.GOOD


def test_a_tool_without_an_answer_stands_first_and_leads_to_its_answer(owner: Client, org: Org) -> None:
    with clock.at(BEGUN):
        published(org, title="A quiet one", context=[], review_months=24)
        version = published(org, title="With a tool", context=MAIL, review_months=24)
        release = tool_actions.record_release(
            by=org.owner, org_id=org.id, name="Mailwright", version="5.0", released_on=date(2027, 5, 3)
        )
        assert [line.state for line in upkeep.lines(org.id)] == [upkeep.GOOD, upkeep.GOOD]
    with clock.at(datetime(2027, 5, 3, tzinfo=UTC)):
        assert [line.version.standard.title for line in upkeep.lines(org.id)] == [
            "With a tool",
            "A quiet one",
        ]
        shown = page(owner)
        assert "Judged on Mailwright 4.2; version 5.0 is out since 3 May 2027." in shown
        assert f"{PATH}tools/{release.id}/answer/{version.slug}" in shown
        home = owner.get("/studio/northlamp/").content.decode()
        assert f'<tr data-tone="warn"><td><a href="{PATH}">Standards whose tools have changed</a>' in home


def test_credentials_are_counted_by_how_soon_they_end(org: Org) -> None:
    with clock.at(BEGUN):
        credential = builders.issued(org, published(org, validity_months=18, review_months=24, context=[]))
    end = credential.valid_until
    assert end is not None
    for before, counts in ((91, (1, 0, 0)), (90, (1, 0, 1)), (30, (1, 1, 1)), (-1, (0, 0, 0))):
        with clock.at(end - timedelta(days=before)):
            found = only(org).credentials
            assert (found.valid, found.in_30, found.in_90) == counts


def test_counting_credentials_reads_the_index_and_no_row(org: Org) -> None:
    builders.issued(org)
    with CaptureQueriesContext(connection) as captured:
        issue.currency(org.id)
    (query,) = captured.captured_queries
    assert "body" not in query["sql"]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "COVERING INDEX credential_currency" in plan


def test_work_is_counted_and_what_is_past_its_day_is_late(owner: Client, org: Org) -> None:
    with clock.at(BEGUN):
        version = published(org, context=[], review_months=24)
        waiting = submitted(org, version=version)
        assert (only(org).state, only(org).work.waiting, only(org).work.overdue) == (upkeep.DUE, 1, 0)
    assert waiting.due_at is not None
    with clock.at(waiting.due_at + timedelta(minutes=1)):
        assert (only(org).state, only(org).work.overdue) == (upkeep.LATE, 1)
        assert "1 overdue" in page(owner)


def test_a_window_a_translation_a_bridge_and_the_hours_of_the_advisor_are_shown(
    owner: Client, org: Org
) -> None:
    with clock.at(BEGUN):
        version = published(org, context=[], review_months=24)
        translating.save_translation(
            by=org.owner, org_id=org.id, version_id=version.id, language="de", texts={"title": "Eine Folge"}
        )
        builders.issued(org, version)
        newer = successor(org, version, validity_months=24)
        evidence.open_bridge(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
        line = only(org)
        assert line.version.id == newer.id
        assert line.window_until == newer.transition_until
        assert line.bridge_since == BEGUN
        assert [one.code for one in line.languages] == ["de"]
        shown = page(owner)
        for words in ("Older version until 12 March 2027", "Deutsch:", "Bridge open since 11 January 2027"):
            assert words in shown
        assert line.hours is None
    with clock.at(newer.transition_until or BEGUN):
        assert only(org).window_until is None


def test_hours_are_those_of_the_newest_advice(org: Org, owner: Client) -> None:
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=advisor_cases.read(advisor_cases.made()))
    begun = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    assert upkeep.lines(org.id) == []
    assert begun.achievement_id in upkeep.advisor.upkeep_hours(org.id)
    advice_id, hours = upkeep.advisor.upkeep_hours(org.id)[begun.achievement_id]
    assert advice_id == kept.id
    assert hours > 0


def test_twenty_standards_take_as_many_queries_as_two(owner: Client, org: Org) -> None:
    def some(count: int, begin: int = 0) -> None:
        for number in range(begin, count):
            version = published(org, title=f"Standard {number}", context=MAIL)
            translating.save_translation(
                by=org.owner, org_id=org.id, version_id=version.id, language="de", texts={"title": "Titel"}
            )

    some(2)
    tool_actions.record_release(
        by=org.owner, org_id=org.id, name="Mailwright", version="5.0", released_on=date(2026, 5, 3)
    )
    with CaptureQueriesContext(connection) as few:
        page(owner)
    some(20, 2)
    with CaptureQueriesContext(connection) as many:
        shown = page(owner)
    assert shown.count("Judged on Mailwright 4.2") == 20
    assert len(many) == len(few) <= 30


def test_the_calendar_holds_coming_reviews_and_ends_of_windows(owner: Client, org: Org) -> None:
    with clock.at(BEGUN):
        version = published(org, title="Commas, semicolons; and more", review_months=6, context=[])
        successor(org, version, validity_months=24)
        text = owner.get(f"{PATH}dates.ics")
    assert text["Content-Type"].startswith("text/calendar")
    lines = text.content.decode().replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20270711" in lines
    assert "DTEND;VALUE=DATE:20270712" in lines
    assert "SUMMARY:Review: Commas\\, semicolons\\; and more 2.0" in lines
    assert "SUMMARY:Last day for work under an older version: Commas\\, semicolons\\; and more" in lines
    assert f"UID:review-{version.achievement_id}@localhost:8000" in lines
    with clock.at(BEGUN + timedelta(days=300)):
        assert b"VEVENT" not in owner.get(f"{PATH}dates.ics").content


@pytest.mark.parametrize("role", ["manager", "auditor", "assessor"])
def test_every_member_sees_it_and_only_designers_get_the_ways_to_write(
    client: Client, org: Org, role: str
) -> None:
    published(org)
    org.member(role)
    assert client.login(email=f"{role}@northlamp.example", password=PASSWORD)
    shown = page(client)
    assert "act/review" not in shown
    for link in set(re.findall(r'href="(/studio/[^"]+)"', shown)):
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_nothing_of_another_organisation_is_counted(org: Org, other_org: Any) -> None:
    published(other_org, context=MAIL)
    builders.issued(other_org, published(other_org, title="Theirs"))
    assert upkeep.lines(org.id) == []
    assert issue.currency(org.id) == {}
    assert Credential.objects.for_org(other_org.id).count() == 1
