"""Publishing a successor, asking for a lower class and answering, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guildmark.design import actions, impact, lowering, queries
from guildmark.kernel import tasks
from guildmark.kernel.clock import at
from tests.design.builders import published
from tests.design.test_lowering import REASON, reworded, save
from tests.evidence.builders import submitted
from tests.issue.builders import issued

pytestmark = pytest.mark.django_db


def browser(user_id) -> Client:
    made = Client()
    made.force_login(get_user_model().objects.get(pk=user_id))
    return made


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return words(response)


def publish_page(org, slug: str) -> str:
    return page(browser(org.owner_id), "standard_publish", org.slug, slug)


def test_the_publish_page_counts_who_is_concerned_and_drafts_a_note(org):
    credential = issued(org)
    view = queries.version(org.id, credential.version_id)
    submitted(org, version=view, learner=org.learner("Grace Hopper"))
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    save(org, draft, pass_level=4)
    shown = publish_page(org, view.slug)
    assert "1 holder of 1.0 keeps what they earned" in shown
    assert "1 learner agreed to an earlier version and has no decision yet (1 handed in)" in shown
    assert re.search(r"The bridge from 1\.0 to 2\.0 has \d+ criteri", shown)
    assert "Changed: Pass level." in shown


def test_without_a_counter_the_page_says_nothing_about_people(org, monkeypatch):
    monkeypatch.setattr(impact, "_counters", [])
    draft = reworded(org)
    assert "holder" not in publish_page(org, draft.slug).split("Whom it concerns")[1].split("The bridge")[0]


def test_the_dates_of_a_major_version_are_given_on_the_page(org):
    with at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        draft = reworded(org)
        address = reverse("standard_publish", args=[org.slug, draft.slug])
        sent = {"revision": draft.revision, "update_note": "New words.", "effective_on": "2026-11-01"}
        refused = browser(org.owner_id).post(address, sent)
        assert refused.status_code == 422
        assert "1 November 2026 has passed" in words(refused)
        sent |= {"effective_on": "2027-03-01", "transition_on": "2027-04-30"}
        assert browser(org.owner_id).post(address, sent).status_code == 303
        done = queries.published_version(draft.slug, "2.0")
        assert done.state == "scheduled"
        assert f"{done.effective_at:%Y-%m-%d %H:%M}" == "2027-03-01 00:00"
        assert f"{done.transition_until:%Y-%m-%d %H:%M}" == "2027-04-30 23:59"
        assert "Announced" in page(browser(org.owner_id), "standard_history", org.slug, draft.slug)


def test_a_minor_version_can_be_raised_on_the_page(org):
    first = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    draft = save(org, draft, summary="Clearer words.")
    sent = {"revision": draft.revision, "update_note": "Clearer.", "raise_it": "on"}
    browser(org.owner_id).post(reverse("standard_publish", args=[org.slug, first.slug]), sent)
    assert queries.latest_published(first.slug).number == "2.0"


def test_one_asks_another_agrees_and_the_version_is_minor(org):
    second = org.member("designer", name="Second")
    draft = reworded(org)
    author, other = browser(org.owner_id), browser(second.id)
    assert "Ask a second designer to call it clarifying" in publish_page(org, draft.slug)
    ask = reverse("class_ask", args=[org.slug, draft.slug])
    assert "Second can answer." in words(author.get(ask))
    short = author.post(ask, {"reason": "typo"})
    assert (short.status_code, "in 20 to 1,000 characters" in words(short)) == (422, True)
    assert author.post(ask, {"reason": REASON}).status_code == 303
    assert "A lower class was asked for." in publish_page(org, draft.slug)
    (request,) = lowering.waiting(org.id)
    assert draft.standard.title in page(other, "class_requests", org.slug)
    assert "1 lower class asked for" in page(other, "standards", org.slug)
    address = reverse("class_request", args=[org.slug, request.id])
    shown = words(other.get(address))
    assert REASON in shown
    assert "[removed: Complete] [added: finished]" in shown
    own = author.post(address, {"do": "agree"})
    assert (own.status_code, "somebody else has to agree" in words(own)) == (403, True)
    assert other.post(address, {"do": "agree"}).status_code == 303
    assert "it will be version 1.1, with their names and the reason beside it" in publish_page(
        org, draft.slug
    )
    sent = {"revision": draft.revision, "update_note": "Clearer words."}
    assert author.post(reverse("standard_publish", args=[org.slug, draft.slug]), sent).status_code == 303
    assert queries.latest_published(draft.slug).number == "1.1"
    diff = page(author, "standard_diff", org.slug, draft.slug, "1.0", "1.1")
    assert "Lowered from major to minor." in diff
    assert "Asked by Owner" in diff


def test_who_works_alone_reads_the_way_out_on_both_pages(org):
    draft = reworded(org)
    assert "Or invite a second designer." in publish_page(org, draft.slug)
    refused = browser(org.owner_id).post(
        reverse("class_ask", args=[org.slug, draft.slug]), {"reason": REASON}
    )
    assert refused.status_code == 409
    assert "a second member with the role designer is needed" in words(refused)


def test_a_declined_request_and_an_edited_draft_are_told(org):
    second = org.member("designer", name="Second")
    draft = reworded(org)
    request = lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason=REASON)
    address = reverse("class_request", args=[org.slug, request.id])
    browser(second.id).post(address, {"do": "decline", "note": "It asks for more."})
    assert "declined to call it clarifying: “It asks for more.”" in publish_page(org, draft.slug)
    lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason=REASON)
    save(org, draft, audience="Other people.")
    assert "that request is void" in publish_page(org, draft.slug)


def test_mails_go_to_who_may_answer_and_back_to_who_asked(org):
    second = org.member("designer", name="Second")
    org.member("assessor", name="Judge")
    draft = reworded(org)
    request = lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason=REASON)
    tasks.run_until_idle()
    asked = [m for m in mail.outbox if "same?" in m.subject]
    assert [m.to for m in asked] == [["second@northlamp.example"]]
    assert REASON in asked[0].body
    assert f"/class-requests/{request.id}" in asked[0].body
    lowering.answer(by=second, org_id=org.id, request_id=request.id, agree=True)
    tasks.run_until_idle()
    back = [m for m in mail.outbox if m.subject.startswith("Agreed")]
    assert [m.to for m in back] == [["owner@northlamp.example"]]


def test_learners_on_the_way_hear_once_until_when_their_version_counts(org):
    first = published(org)
    submitted(org, version=first, learner=org.learner("Grace Hopper"))
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    draft = save(org, draft, pass_level=4)
    actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note="A higher level passes.")
    tasks.run_until_idle()
    tasks.run_until_idle()
    told = [m for m in mail.outbox if m.subject.startswith("A newer bar")]
    assert [m.to for m in told] == [["grace@learner.example"]]
    assert "you are judged by version 1.0" in told[0].body
    assert "A higher level passes." in told[0].body
