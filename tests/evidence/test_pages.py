"""The learner's and the assessor's pages, walked as people do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guildmark.assess.evidence import actions, queries
from guildmark.people.models import User
from tests.evidence.builders import FILES, assessed, decided, enrolled, submitted

pytestmark = pytest.mark.django_db


def signed_in(user_id: Any) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(id=user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def desk(org):
    return signed_in(org.owner_id)


@pytest.fixture
def ada(org, version):
    """Ada's browser, and her acknowledged enrolment."""
    person = org.user("ada")
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    enrolment = actions.enrol_by_link(user_id=person, token=link.token, name="Ada Moreno")
    return signed_in(person), enrolment


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_learner_walks_from_the_link_to_handing_in(org, version):
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    stranger = Client()
    landing = stranger.get(link.path)
    assert landing.status_code == 200
    assert version.standard.claim in landing.content.decode()
    assert "Sign in to take part" in words(landing)
    assert stranger.post(link.path, {"name": "Ada"}).status_code == 302
    ada = signed_in(org.user("ada"))
    assert "not enrolled in anything yet" in words(ada.get(reverse("learn")))
    joined = ada.post(link.path, {"name": "Ada Moreno"})
    assert joined.status_code == 303
    bar = ada.get(joined["Location"])
    assert version.core_hash in bar.content.decode()
    enrolment = queries.enrolments(org.id)[0]
    agreed = {"version_id": str(version.id), "core_hash": version.core_hash}
    refused = ada.post(joined["Location"], agreed)
    assert refused.status_code == 422
    assert "Tick this" in words(refused)
    began = ada.post(joined["Location"], {**agreed, "agreed": "on"})
    assert began["Location"] == reverse("work", args=[enrolment.id])
    assert "Before you hand in" in words(ada.get(began["Location"]))
    name, content = FILES["document"]
    add = reverse("work_add", args=[enrolment.id, "e1", "file"])
    assert ada.post(add, {"file": SimpleUploadedFile(name, content)}).status_code == 303
    text = reverse("work_add", args=[enrolment.id, "e2", "text"])
    kept = ada.post(text, {"text": "only three words"})
    assert kept.status_code == 422
    assert "only three words" in kept.content.decode()
    assert "at least 5" in words(kept)
    assert ada.post(text, {"text": "branch one ran as expected"}).status_code == 303
    hand_in = reverse("work_hand_in", args=[enrolment.id])
    assert "I made this sequence myself." in words(ada.get(hand_in))
    assert "not ticked" in words(ada.post(hand_in, {}))
    done = ada.post(hand_in, {"authorship_accepted": "on"}, follow=True)
    assert "Handed in" in words(done)
    assert ada.post(hand_in, {"authorship_accepted": "on"}).status_code == 303
    assert queries.submissions(org.id)[0].state == "submitted"
    assert ada.get(reverse("learn")).status_code == 200


def test_a_refused_file_says_why_on_the_page_and_as_a_problem(org, version, ada):
    client, enrolment = ada
    actions.acknowledge_bar(
        by=queries.learner_actor(queries_user(org, enrolment), enrolment.id),
        org_id=org.id,
        enrolment_id=enrolment.id,
        version_id=version.id,
        core_hash=version.core_hash,
    )
    client.get(reverse("work", args=[enrolment.id]))
    add = reverse("work_add", args=[enrolment.id, "e1", "file"])
    bad = {"file": SimpleUploadedFile("film.mp4", b"MZ\x90\x00" + b"\0" * 100)}
    page = client.post(add, bad)
    assert page.status_code == 422
    assert "says by its name" in words(page)
    for requirement, status in (("e2", 422), ("e9", 404)):
        elsewhere = client.post(
            reverse("work_add", args=[enrolment.id, requirement, "file"]),
            {"file": SimpleUploadedFile(*FILES["document"])},
        )
        assert (elsewhere.status_code, "asks for" in words(elsewhere)) == (status, True)
    problem = client.post(
        add,
        {"file": SimpleUploadedFile("film.mp4", b"MZ" + b"\0" * 9)},
        headers={"Accept": "application/json"},
    )
    assert problem.status_code == 422
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["errors"][0]["field"] == "file"
    begin = reverse("upload_begin", args=[enrolment.id, "e1"])
    name, content = FILES["video"]
    started = client.post(begin, {"filename": name, "size": len(content)}).json()
    part = {"content_type": "application/octet-stream"}
    first = client.put(started["url"], content[:10], headers={"Upload-Offset": "0"}, **part)
    assert first.json()["offset"] == 10
    wrong = client.put(
        started["url"], content, headers={"Upload-Offset": "3", "Accept": "application/json"}, **part
    )
    assert wrong.status_code == 409
    assert client.get(started["url"]).json()["offset"] == 10
    client.put(started["url"], content[10:], headers={"Upload-Offset": "10"}, **part)
    assert client.post(started["url"]).status_code == 201
    item = queries.submission_detail(org.id, queries.submissions(org.id)[0].id).items[0].item
    whole = client.get(reverse("work_evidence", args=[enrolment.id, item.id]))
    assert b"".join(whole.streaming_content) == content


def queries_user(org: Any, enrolment: Any) -> Any:
    from guildmark.people import queries as people

    return people.learner(org.id, enrolment.learner_id).user_id


def test_evidence_is_sent_so_that_it_cannot_act_as_a_page(org, version, desk, waiting):
    items = {i.item.requirement_id: i.item for i in queries.submission_detail(org.id, waiting.id).items}
    url = reverse("judge_evidence", args=[org.slug, waiting.id, items["e2"].id])
    text = desk.get(url)
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text["X-Content-Type-Options"] == "nosniff"
    assert text["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert text["Content-Disposition"].startswith("inline")
    assert text["Cache-Control"] == "private, no-store"
    video = reverse("judge_evidence", args=[org.slug, waiting.id, items["e1"].id])
    part = desk.get(video, headers={"Range": "bytes=4-7"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == FILES["video"][1][4:8]
    assert part["Content-Range"] == f"bytes 4-7/{len(FILES['video'][1])}"
    tail = desk.get(video, headers={"Range": "bytes=-4"})
    assert b"".join(tail.streaming_content) == FILES["video"][1][-4:]
    assert desk.get(video, headers={"Range": "bytes=999999-"}).status_code == 416
    saved = desk.get(video, {"save": "1"})
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["Content-Type"] == "application/octet-stream"


def test_an_assessor_walks_from_the_queue_to_the_decision(org, version, desk, waiting):
    assert "Ada Moreno" in words(desk.get(reverse("assessing", args=[org.slug])))
    took = desk.post(reverse("judge_take", args=[org.slug, waiting.id]), {"taught_learner": "on"})
    rate = took["Location"]
    page = desk.get(rate)
    assert "Trigger logic: Complete and right." in words(page)
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    given: dict[str, Any] = {"revision": 0, "taught_learner": "on"}
    for key in ("k1", "k2", "k3"):
        given |= {
            f"{key}.level": 3,
            f"{key}.rationale": "All branches ran.",
            f"{key}.pointer_item": str(item.id),
            f"{key}.pointer_locator": "00:41",
        }
    auto = desk.post(
        rate, {**given, "k2.rationale": ""}, headers={"Accept": "application/json", "X-Autosave": "1"}
    )
    assert auto.json()["revision"] == 1
    stale = desk.post(rate, given, headers={"Accept": "application/json"})
    assert stale.status_code == 409
    short = desk.post(rate, {**given, "revision": 1, "k2.rationale": "", "complete": "1"})
    assert short.status_code == 422
    assert "has no reason" in words(short)
    assert 'name="revision" value="2"' in short.content.decode()
    twice = [desk.post(rate, {**given, "revision": 2, "complete": "1"}) for _ in range(2)]
    for done in twice:
        assert done["Location"] == reverse("judge", args=[org.slug, waiting.id])
    decide = reverse("judge_decide", args=[org.slug, waiting.id])
    assert "By the rule: passed" in words(desk.get(decide))
    refused = desk.post(decide, {"outcome": "not_passed", "feedback": "kept words"})
    assert refused.status_code == 422
    assert "kept words" in refused.content.decode()
    decided_page = desk.post(decide, {"outcome": "passed", "feedback": "Well done."}, follow=True)
    doubled = desk.post(decide, {"outcome": "passed", "feedback": "Well done."})
    assert doubled["Location"] == reverse("judge", args=[org.slug, waiting.id])
    assert "Decided: passed" in words(decided_page)
    assert "A judge taught the learner." in words(decided_page)
    assert desk.get(decide).status_code == 303
    second = desk.post(decide, {"outcome": "passed", "feedback": "words of the second window"})
    assert (second.status_code, "has been decided already" in words(second)) == (422, True)
    assert "words of the second window" in second.content.decode()


def test_what_was_typed_while_another_decided_comes_back_with_the_reason(org, desk, waiting):
    rate = desk.post(reverse("judge_take", args=[org.slug, waiting.id]))["Location"]
    decider = org.member("assessor")
    assessed(decider, waiting, 3)
    actions.decide(by=decider, org_id=org.id, submission_id=waiting.id, outcome="passed")
    typed = {"revision": 0, "k1.level": 2, "k1.rationale": "An hour of writing."}
    late = desk.post(rate, typed)
    assert late.status_code == 422
    assert "takes no further judgement" in words(late)
    assert "An hour of writing." in late.content.decode()
    auto = desk.post(rate, typed, headers={"Accept": "application/json", "X-Autosave": "1"})
    assert (auto.status_code, auto["Content-Type"]) == (409, "application/problem+json")
    assert desk.get(rate)["Location"] == reverse("judge", args=[org.slug, waiting.id])


def test_two_windows_of_one_assessor_lose_nothing_typed(org, desk, waiting):
    rate = desk.post(reverse("judge_take", args=[org.slug, waiting.id]))["Location"]
    first, second = ({"revision": 0, "k1.level": 3, "k1.rationale": f"From window {n}."} for n in (1, 2))
    assert desk.post(rate, first).status_code == 303
    refused = desk.post(rate, second)
    assert refused.status_code == 422
    assert "saved in another window" in words(refused)
    assert "From window 2." in refused.content.decode()
    assert "From window 1." in desk.get(rate).content.decode()


def test_judges_who_differ_are_settled_on_the_page(org, desk, waiting):
    assessed(org.member("assessor", name="one"), waiting, 3)
    assessed(org.member("assessor", name="two"), waiting, 2)
    decide = reverse("judge_decide", args=[org.slug, waiting.id])
    assert "Settle where judges differ" in words(desk.get(decide))
    given: dict[str, Any] = {"outcome": "passed"}
    refused = desk.post(decide, given)
    assert "Settle its level" in words(refused)
    for key in ("k1", "k2", "k3"):
        given |= {f"{key}.level": 3, f"{key}.reason": "The log shows it."}
    assert desk.post(decide, given).status_code == 303


def test_returned_work_shows_its_feedback_and_a_way_back(org, version, desk, ada):
    client, enrolment = ada
    from guildmark.people import queries as people

    submission = submitted(org, version, people.learner(org.id, enrolment.learner_id))
    back = reverse("judge_return", args=[org.slug, submission.id])
    assert "What has to change" in words(desk.get(back))
    assert desk.post(back, {"feedback": "Show the second branch.", "k2": "The log stops."}).status_code == 303
    page = client.get(reverse("programme", args=[enrolment.id]))
    assert "Show the second branch." in words(page)
    assert "The log stops." in words(page)
    assert "Begin attempt 2" in words(page)
    again = client.post(reverse("work_begin", args=[enrolment.id]), follow=True)
    assert "walkthrough.mp4" in words(again)


def test_the_learners_page_makes_links_tries_lists_and_enrols(org, version, desk):
    home = reverse("learners", args=[org.slug])
    assert "Bring a list" in words(desk.get(home))
    made = desk.post(
        reverse("learners_link", args=[org.slug]),
        {"achievement_id": str(version.achievement_id), "label": "Autumn", "open_enrolment": "on"},
        follow=True,
    )
    assert "Autumn" in words(made)
    link = queries.links(org.id)[0]
    assert link.open_enrolment
    bring = reverse("learners_import", args=[org.slug])
    given = {"achievement_id": str(version.achievement_id)}
    text = "email,name\nada@learner.example,Ada\nnobody,No One\n"
    tried = desk.post(bring, {**given, "file": SimpleUploadedFile("list.csv", text.encode())})
    assert "Enrol 1, leave out 1" in words(tried)
    assert queries.enrolments(org.id) == []
    went = desk.post(bring, {**given, "csv": text, "go": "1", "skip_bad": "1"}, follow=True)
    assert "1 learner enrolled. 1 line was left out." in words(went)
    kept = desk.post(bring, {**given, "csv": "wrong,head\n1,2"})
    assert kept.status_code == 422
    assert "wrong,head" in kept.content.decode()
    desk.post(reverse("learners_close", args=[org.slug, link.id]))
    assert queries.links(org.id)[0].state == "closed"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("email,name\njose@learner.example,José".encode("latin-1"), "not UTF-8 text"),
        ("email,name\njose@learner.example,José".encode("utf-16"), "not UTF-8 text"),
        (b"email,name\n" + "wei@learner.example,王伟\n".encode() * 40_000, "larger than 1,000 kB"),
        (b"", "does not name the columns"),
    ],
)
def test_a_list_that_would_be_misread_or_cut_is_refused(org, version, desk, content, reason):
    given = {"achievement_id": str(version.achievement_id), "go": "1", "skip_bad": "1"}
    refused = desk.post(
        reverse("learners_import", args=[org.slug]),
        {**given, "file": SimpleUploadedFile("list.csv", content)},
    )
    assert refused.status_code == 422
    assert re.search(reason, words(refused))
    assert queries.enrolments(org.id) == []


def test_empty_pages_teach(org, desk):
    assert "Nothing waits" in words(desk.get(reverse("assessing", args=[org.slug])))
    assert "No published standard yet" in words(desk.get(reverse("learners", args=[org.slug])))


def test_another_organisation_and_another_learner_get_404_everywhere(org, other_org, version, waiting):
    decision = decided(org, version=version, learner=org.learner("Bo Lindqvist"))
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    stranger = signed_in(other_org.owner_id)
    assert decision.outcome == "passed"
    work = [waiting.id]
    for slug in (org.slug, other_org.slug):
        for name in ("judge", "judge_rate", "judge_return", "judge_decide"):
            assert stranger.get(reverse(name, args=[slug, *work])).status_code == 404, name
        assert stranger.post(reverse("judge_take", args=[slug, *work])).status_code == 404
        assert stranger.get(reverse("judge_evidence", args=[slug, *work, item.id])).status_code == 404
        assert stranger.post(reverse("learners_close", args=[slug, link.id])).status_code == 404
    assert stranger.get(reverse("assessing", args=[org.slug])).status_code == 404
    assert stranger.get(reverse("learners", args=[org.slug])).status_code == 404
    for name in ("programme", "bar", "work", "work_hand_in"):
        assert stranger.get(reverse(name, args=[waiting.enrolment_id])).status_code == 404, name
    assert stranger.get(reverse("work_evidence", args=[waiting.enrolment_id, item.id])).status_code == 404
    assert stranger.post(reverse("work_remove", args=[waiting.enrolment_id, item.id])).status_code == 404
    assert stranger.post(reverse("work_begin", args=[waiting.enrolment_id])).status_code == 404


def test_a_visitor_is_asked_to_sign_in(org, version):
    enrolment, _ = enrolled(org, version)
    visitor = Client()
    for address in (
        reverse("learn"),
        reverse("work", args=[enrolment.id]),
        reverse("assessing", args=[org.slug]),
    ):
        answer = visitor.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_an_auditor_reads_the_learners_and_changes_nothing(org, version, ada):
    auditor = signed_in(org.member("auditor").id)
    actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id, label="Spring")
    page = auditor.get(reverse("learners", args=[org.slug]))
    assert page.status_code == 200
    assert "Spring" in words(page)
    text = page.content.decode()
    assert reverse("learners", args=[org.slug]) in auditor.get(f"/studio/{org.slug}/").content.decode()
    link = queries.links(org.id)[0]
    writes = {
        "learners_link": [], "learners_close": [link.id], "learners_import": [],
    }  # fmt: skip
    for name, rest in writes.items():
        address = reverse(name, args=[org.slug, *rest])
        assert f'action="{address}"' not in text
        assert auditor.post(address, {}).status_code == 403
    assert queries.links(org.id)[0].state == "open"
