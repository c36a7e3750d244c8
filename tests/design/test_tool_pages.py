"""The pages of the tool watch: record, see whom it concerns, answer, withdraw."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guildmark.design import queries, tool_actions, tool_queries
from guildmark.design.types import HAPPENED
from guildmark.kernel.clock import now
from tests.design.builders import published
from tests.people.builders import PASSWORD, Org

pytestmark = pytest.mark.django_db
ROOT = "/studio/northlamp/upkeep/tools"
REASON = "Every step of the task looks the same in the new version."


@pytest.fixture
def owner(client: Client, org: Org) -> Client:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    return client


def recorded(org: Org) -> str:
    made = tool_actions.record_release(
        by=org.owner, org_id=org.id, name="Mailwright", version="5.0", released_on=date(2026, 5, 3)
    )
    return f"{ROOT}/{made.id}"


def test_without_a_tool_in_a_standard_the_page_says_where_to_begin(owner: Client, org: Org) -> None:
    for path in (ROOT, f"{ROOT}/new"):
        page = owner.get(path).content.decode()
        assert "No standard names a tool yet" in page
        assert '<form method="post" class="form"' not in page


def test_a_release_is_recorded_answered_and_withdrawn_by_hand(owner: Client, org: Org) -> None:
    version = published(org)
    assert "No new version recorded yet" in owner.get(ROOT).content.decode()
    assert '<option value="Mailwright">' in owner.get(f"{ROOT}/new").content.decode()
    answer = owner.post(
        f"{ROOT}/new",
        {"name": "Mailwright", "version": "5.0", "released_on": "2026-05-03", "note": "A new editor.",
         "url": "https://mailwright.example/5"},
    )  # fmt: skip
    assert answer.status_code == 303
    page = owner.get(answer["Location"]).content.decode()
    assert version.standard.title in page
    assert "No answer yet" in page
    assert "A new editor." in page
    assert "1 standard without an answer" in owner.get(ROOT).content.decode()
    path = f"{answer['Location']}/answer/{version.slug}"
    assert "Does the bar still fit Mailwright 5.0?" in owner.get(path).content.decode()
    assert owner.post(path, {"note": REASON}).status_code == 303
    assert tool_queries.of_version(version, now()) == ((), [])
    assert REASON in owner.get(answer["Location"]).content.decode()
    assert "This is answered." in owner.get(path).content.decode()
    assert "still right" in owner.get(f"/studio/northlamp/standards/{version.slug}").content.decode()
    gone = owner.post(f"{answer['Location']}/withdraw", {"reason": "That was the beta, not the release."})
    assert gone.status_code == 303
    page = owner.get(answer["Location"]).content.decode()
    assert "That was the beta" in page
    assert "Withdrawn" in owner.get(ROOT).content.decode()


def test_what_is_refused_stands_at_its_field_with_what_was_typed(owner: Client, org: Org) -> None:
    version = published(org)
    given = {
        "name": "Mailwright",
        "version": "5.0",
        "released_on": "2026-05-03",
        "url": "http://mailwright.example",
    }
    answer = owner.post(f"{ROOT}/new", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "https:// address" in page
    assert 'value="2026-05-03"' in page
    release = recorded(org)
    assert owner.post(f"{ROOT}/new", given | {"url": ""}).status_code == 409
    answer = owner.post(f"{release}/answer/{version.slug}", {"note": "Same."})
    assert answer.status_code == 422
    assert "The reason is too short." in answer.content.decode()
    answer = owner.post(f"{release}/withdraw", {"reason": ""})
    assert answer.status_code == 422


def test_a_standard_that_a_release_does_not_concern_has_no_answer_page(owner: Client, org: Org) -> None:
    published(org)
    other = published(org, title="Without a tool", context=[])
    assert owner.get(f"{recorded(org)}/answer/{other.slug}").status_code == 404


def test_an_auditor_reads_and_cannot_write(client: Client, org: Org) -> None:
    version = published(org)
    release = recorded(org)
    org.member("auditor")
    assert client.login(email="auditor@northlamp.example", password=PASSWORD)
    assert "Record a new version" not in client.get(ROOT).content.decode()
    page = client.get(release)
    assert page.status_code == 200
    assert "Withdraw it" not in page.content.decode()
    for path in (f"{ROOT}/new", f"{release}/withdraw", f"{release}/answer/{version.slug}"):
        assert client.get(path).status_code == 403


def test_everything_that_happens_to_a_standard_can_be_told():
    """An action of the history without its sentence would fault the page of the versions."""
    assert set(queries.ACTIONS.values()) == set(HAPPENED)
