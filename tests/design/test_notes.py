"""Figures of others in an organisation's library: never without a source, never in a computation (DF17)."""

from __future__ import annotations

import html
import json
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from ninja.testing import TestClient

from guildmark.design.advisor import actions, engine, library
from guildmark.design.api import router
from guildmark.design.models import EvidenceNote
from guildmark.kernel import audit
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tests.design.advisor_cases import made, read

pytestmark = pytest.mark.django_db

GIVEN = {
    "figure": "96 %",
    "about": "of the employers who answered say that they look at credentials",
    "source": "Survey of a vendor, 2025",
    "source_url": "https://survey.example/2025",
    "read_on": date(2026, 11, 2),
    "caution": "Asked of its own customers.",
}


@pytest.fixture
def client(org):
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    return browser


def added(org, **others):
    return library.add_note(by=org.owner, org_id=org.id, **{**GIVEN, **others})


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_note_is_shown_with_figure_source_day_and_who_added_it(client, org):
    added(org)
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(made()))
    for address in (reverse("evidence_notes", args=[org.slug]), reverse("advice", args=[org.slug, kept.id])):
        page = page_of(client, address)
        for words in ("96 %", "Survey of a vendor, 2025", "https://survey.example/2025", "Asked of its own"):
            assert words in page
        assert "read on 2 November 2026; added by Owner." in page


def test_no_note_enters_a_computation(org):
    before = engine.advise(read(made()), today=date(2026, 11, 27)).model_dump(mode="json")
    added(org, figure="0 %")
    assert engine.advise(read(made()), today=date(2026, 11, 27)).model_dump(mode="json") == before
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(made()))
    assert "Survey of a vendor" not in json.dumps(kept.result.model_dump(mode="json"))


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("figure", " ", "No figure is given."),
        ("about", "", "Nothing says what the figure is about."),
        ("source", "", "No source is named."),
        ("read_on", None, "The day on which it was read is missing."),
        ("read_on", date(1492, 1, 1), "A note cannot have been read on that day."),
        ("read_on", now().date() + timedelta(days=1), "A note cannot have been read on that day."),
        ("source_url", "http://survey.example", "This is no https address."),
        ("source_url", "javascript:alert(1)", "This is no https address."),
        ("source", "x" * 301, "The text has 301 characters; the limit is 300."),
        ("caution", "a\u202eb", "The text holds a hidden character."),
    ],
)
def test_it_refuses_a_note_without_source_or_day_and_says_which(org, member, value, reason):
    with pytest.raises(Invalid) as refused:
        added(org, **{member: value})
    (problem,) = refused.value.errors
    assert (problem.field, problem.detail, bool(problem.mend)) == (member, reason, True)
    assert library.notes(org.id) == []


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(client, org):
    address = reverse("evidence_notes", args=[org.slug])
    answer = client.post(address, {"figure": "80 % <b>", "about": "of somebody"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("No source is named.", "The day on which it was read is missing.", "80 % &lt;b&gt;"):
        assert words in page
    assert client.post(address, GIVEN).status_code == 303
    (note,) = library.notes(org.id)
    assert (note.figure, note.added_by, note.read_on) == ("96 %", "Owner", date(2026, 11, 2))


def test_a_retired_note_is_kept_with_who_when_and_why_and_leaves_the_advice(client, org):
    note = added(org)
    where = reverse("evidence_note_retire", args=[org.slug, note.id])
    assert client.post(where, {"why": "A newer survey is out."}).status_code == 303
    assert library.notes(org.id) == []
    (kept,) = library.notes(org.id, retired=True)
    assert (kept.figure, kept.retired_by, kept.retired_why) == ("96 %", "Owner", "A newer survey is out.")
    advice = actions.keep(by=org.owner, org_id=org.id, answers=read(made()))
    assert "Survey of a vendor" not in page_of(client, reverse("advice", args=[org.slug, advice.id]))
    library_page = page_of(client, reverse("evidence_notes", args=[org.slug]))
    assert "Retired on" in library_page
    assert "A newer survey is out." in library_page
    recorded = [
        event.action for event in audit.history(org.id, subject_type="evidence_note", subject_id=note.id)
    ]
    assert recorded == ["design.note_added", "design.note_retired"]
    with pytest.raises(Conflict):
        library.retire_note(by=org.owner, org_id=org.id, note_id=note.id)


def test_only_designers_write_and_a_note_names_a_person(org):
    note = added(org)
    auditor = org.member("auditor")
    with pytest.raises(Forbidden):
        library.add_note(by=auditor, org_id=org.id, **GIVEN)
    with pytest.raises(Forbidden):
        library.retire_note(by=auditor, org_id=org.id, note_id=note.id)
    with pytest.raises(Invalid, match="names the person"):
        library.add_note(by=SYSTEM, org_id=org.id, **GIVEN)
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=auditor.id))
    address = reverse("evidence_notes", args=[org.slug])
    assert "96 %" in browser.get(address).content.decode()
    assert browser.post(address, GIVEN).status_code == 403


def test_another_organisation_sees_and_retires_nothing(org, other_org):
    note = added(org)
    assert library.notes(other_org.id) == []
    with pytest.raises(NotFound):
        library.retire_note(by=other_org.owner, org_id=other_org.id, note_id=note.id)
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=other_org.owner_id))
    assert browser.get(reverse("evidence_notes", args=[org.slug])).status_code == 404
    for slug in (org.slug, other_org.slug):
        where = reverse("evidence_note_retire", args=[slug, note.id])
        assert browser.post(where, {"why": "Not ours."}).status_code == 404
    assert EvidenceNote.objects.for_org(org.id).get().retired_at is None


def test_the_api_lists_the_notes_of_the_organisation_alone(org, other_org):
    added(org)
    api = TestClient(router)
    (found,) = api.get("/advise/notes", actor=org.owner, org_id=org.id).json()
    assert {name: found[name] for name in GIVEN} == {**GIVEN, "read_on": "2026-11-02"}
    assert found["added_by"] == "Owner"
    assert api.get("/advise/notes?retired=1", actor=org.owner, org_id=org.id).json() == []
    assert api.get("/advise/notes", actor=other_org.owner, org_id=other_org.id).json() == []


def test_a_long_library_takes_few_queries(client, org):
    for number in range(40):
        added(org, figure=f"{number} %")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("evidence_notes", args=[org.slug])).status_code == 200
    assert len(captured) < 20
