"""The advisor in the studio and over the API: nothing typed is lost, nothing crosses organisations."""

from __future__ import annotations

import json
from datetime import date

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.design import actions as design
from guildmark.design import queries as standards
from guildmark.design.advisor import actions, engine, queries
from guildmark.design.models import Advice
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.people import actions as people
from tests.design import builders
from tests.design.advisor_cases import ABLE, address, broad, keep_by_page, kept, made, read, typed
from tests.design.test_advisor_outline import MARKDOWN, packed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(org):
    from django.contrib.auth import get_user_model

    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    return browser


# --- the questions


def test_the_first_page_asks_whose_decision_it_is_and_for_no_picture(client, org):
    page = client.get(address(org, "advise")).content.decode()
    assert "What are you awarding, and whose decision must it influence?" in page
    assert page.index("Who decides?") < page.index("Four questions")
    for word in ('type="file"', "<img", "image", "picture"):
        assert word not in page.split("<main")[1].split("</main>")[0]
    assert "I have a course" in page
    assert "I plan an offer" in page


def test_the_list_and_the_new_page_lead_to_it(client, org):
    for name in ("standards", "standard_new"):
        assert address(org, "advise") in client.get(address(org, name)).content.decode()


def test_seeing_the_verdict_stores_nothing_and_keeps_what_was_typed(client, org):
    answer = client.post(address(org, "advise"), typed(made(), see="1", decision_who="Änne <b>&amp;"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "A micro-credential: small, specific" in page
    assert "Änne &lt;b&gt;&amp;amp;" in page
    assert queries.recent(org.id) == []


def test_the_live_part_says_what_the_page_says(client, org):
    part = client.post(address(org, "advise_verdict"), typed(made(artefact="", work=True)))
    assert part.status_code == 200
    html = part.content.decode()
    assert "<html" not in html
    assert "Yes, but none is named" in html
    assert client.get(address(org, "advise_verdict")).status_code == 405


def test_keeping_with_open_questions_names_every_field_and_loses_nothing(client, org):
    sent = typed(made(title="My own title"), keep="1")
    for name in ("decision_who", "questions_change"):
        sent.pop(name)
    answer = client.post(address(org, "advise"), {**sent, "micro_artefact": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Nobody is named who decides.", "The third question is open.", "Work samples are promised"):
        assert words in page
    assert "My own title" in page
    assert 'href="#id_questions_change_0"' in page
    assert queries.recent(org.id) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("certification_competencies", "many"), ("offer_currency", "EURO"), ("capacity_learners", "-4"), ("plan_start", "soon"), ("plan_start", "9999-12-31"),
        ("rates_panel", "0"), ("rates_judge_hours", "nan"), ("title", "x" * 121), ("hybrid_layers", "roof"), ("questions_outcome", "all"),
        ("follows", "no-uuid"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named_and_kept(client, org, field, value):
    for button in ("see", "keep"):
        answer = client.post(address(org, "advise"), typed(made(), **{button: "1", field: value}))
        assert answer.status_code == 422, button
        assert value in answer.content.decode() or field == "hybrid_layers" or field == "questions_outcome"
    assert client.post(address(org, "advise_verdict"), typed(made(), **{field: value})).status_code == 200


def test_a_preset_of_a_field_sets_two_answers(client, org):
    page = client.get(address(org, "advise") + "?field=finance").content.decode()
    assert (
        'value="regulated" id="id_certification_industry_0" checked' in page
        or "checked" in page.split("regulated")[1][:80]
    )
    assert client.get(address(org, "advise") + "?field=nothing").status_code == 200


# --- kept advice


def test_page_api_and_engine_give_the_same_advice(client, org):
    given = {**made(), "plan": {"start": date(2026, 12, 1), "weekly_hours": 8}}
    by_page = keep_by_page(client, org, given)
    assert by_page.answers == read(given)
    assert by_page.result == engine.advise(read(given), today=date(2030, 1, 1))
    _, secret = people.create_api_key(
        by=org.owner, org_id=org.id, name="a", scopes=["standards:read", "standards:write"]
    )
    body = json.dumps(read(given).model_dump(mode="json"))
    answer = Client().post(
        "/api/v1/standards/advise",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.json() == {"id": None, "kept_at": None, "advice": by_page.result.model_dump(mode="json")}


def test_the_page_of_kept_advice_shows_every_part_in_few_queries(client, org):
    found = kept(
        org, broad(capacity=ABLE, hybrid={"anchor": True, "layers": ["refresher"]}, price=900, currency="EUR")
    )
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address(org, "advice", found.id))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(captured) <= 30
    for words in ("What every answer counts", "Both models with your numbers", "What to do this quarter", "Main risk",
                  "Who could run it", "Size of skill and proof", "Figures of others", "Start the standard from this",
                  "Source: the article"):  # fmt: skip
        assert words in page
    assert "%" not in page.split("<main")[1].split("</main>")[0]


def test_changing_the_answers_keeps_the_old_advice_and_carries_ticks_and_the_standard(client, org):
    first = kept(org)
    actions.tick(by=org.owner, org_id=org.id, advice_id=first.id, task="decision", done=True)
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=first.id)
    page = client.get(address(org, "advise") + f"?from={first.id}").content.decode()
    assert "A working sequence" in page
    second = keep_by_page(client, org, made(judges=2), follows=str(first.id))
    assert (second.achievement_id, set(second.done)) == (version.achievement_id, {"decision"})
    assert queries.advice(org.id, first.id).answers.offer.judges == 1
    assert queries.of_achievement(org.id, version.achievement_id).id == second.id


def test_a_task_is_ticked_and_unticked_and_the_exports_know(client, org):
    found = kept(org)
    client.post(address(org, "advice_tick", found.id), {"task": "decision", "done": "1"})
    client.post(address(org, "advice_tick", found.id), {"task": "decision", "done": "1"})
    assert set(queries.advice(org.id, found.id).done) == {"decision"}
    ics = client.get(address(org, "advice_plan", found.id, "ics"))
    assert ics["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(ics.content).walk("VEVENT")
    assert str(events[0]["SUMMARY"]).startswith("Done: ")
    assert b"- [x] " in client.get(address(org, "advice_plan", found.id, "md")).content
    assert b",yes," in client.get(address(org, "advice_plan", found.id, "csv")).content
    assert client.get(address(org, "advice_plan", found.id, "exe")).status_code == 404
    client.post(address(org, "advice_tick", found.id), {"task": "decision", "done": "0"})
    assert queries.advice(org.id, found.id).done == {}
    assert (
        client.post(address(org, "advice_tick", found.id), {"task": "holiday", "done": "1"}).status_code
        == 422
    )


def test_a_field_of_ones_own_survives_a_change_of_answers(client, org):
    given = made()
    given["certification"]["field"] = "Robotics"
    first = kept(org, given)
    page = client.get(address(org, "advise") + f"?from={first.id}").content.decode()
    assert '<option value="Robotics" selected>' in page
    assert keep_by_page(client, org, given, follows=str(first.id)).answers.certification.field == "Robotics"


def test_advice_of_another_shape_is_given_again_from_its_answers(org):
    found = kept(org)
    row = Advice.objects.for_org(org.id).get(id=found.id)
    row.result = {**row.result, "mood": "hopeful"}
    row.save()
    again = queries.advice(org.id, found.id)
    assert again.result == engine.advise(found.answers, today=found.created_at.date())


# --- the course


def test_a_course_file_is_read_and_goes_on_to_the_decision_with_its_lessons(client, org):
    for file in (
        SimpleUploadedFile("course.md", MARKDOWN.encode()),
        SimpleUploadedFile("course.imscc", packed()),
    ):
        answer = client.post(address(org, "advise_course"), {"file": file, "text": ""})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Build a welcome sequence in your tool" in page
        assert "a topic without a doing" in page
    course = "- Build a page\n- Colours"
    begun = client.post(
        address(org, "advise"), {"begin": "1", "outline": course, "certification_competencies": "1"}
    )
    assert "Your course is attached." in begun.content.decode()
    found = keep_by_page(client, org, made(title="Pages"), outline=course)
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    assert [part.statement for part in version.standard.competencies] == ["Build a page"]
    assert [(part.title, part.competencies) for part in version.standard.lessons] == [
        ("Build a page", ("c1",)),
        ("Colours", ()),
    ]
    assert [line.text for line in standards.outline(org.id, version.achievement_id)] == [
        "Build a page",
        "Colours",
    ]


def test_a_broken_course_is_refused_at_the_field_and_the_text_is_kept(client, org):
    answer = client.post(
        address(org, "advise_course"),
        {"file": SimpleUploadedFile("x.imscc", b"PK\x03\x04"), "text": "My <i>lesson"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The archive cannot be read." in page
    assert "My &lt;i&gt;lesson" in page
    empty = client.post(address(org, "advise_course"), {"text": ""})
    assert (empty.status_code, "no title" in empty.content.decode()) == (422, True)


def test_the_door_of_the_new_page_links_its_lessons_too(client, org):
    sent = {
        "signal": "demonstrated",
        "title": "Pages",
        "door": "existing",
        "outline": "# Build a page\nColours\n# Topics\nFonts",
    }
    assert client.post(address(org, "standard_new"), sent).status_code == 303
    standard = standards.draft(org.id, "pages").standard
    assert [(part.title, part.competencies) for part in standard.lessons] == [
        ("Colours", ("c1",)),
        ("Fonts", ()),
    ]


# --- the standard


def test_a_draft_takes_the_answers_over(org):
    found = kept(org, made(change="months", judges=2, price=120.5, currency="eur"))
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    standard = version.standard
    assert (standard.signal, standard.title, standard.volatility, standard.review_months) == (
        "demonstrated",
        "Welcome sequence",
        "high",
        6,
    )
    assert standard.decision.who == "a small-business owner"
    assert (standard.study_hours, standard.assessment_hours, standard.conditions.judges) == (6, 1.5, 2)
    assert (standard.cost.amount, standard.cost.currency) == ("120.50", "EUR")
    with pytest.raises(Conflict):
        actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    design.discard_draft(by=org.owner, org_id=org.id, version_id=version.id)
    assert queries.advice(org.id, found.id).achievement_id is None
    assert actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id).slug == "welcome-sequence"


def test_a_certification_begins_as_a_draft_that_says_it_waits(client, org):
    found = kept(org, broad(capacity=ABLE))
    answer = client.post(address(org, "advice_start", found.id), follow=True)
    assert standards.draft(org.id, "learning-operations").standard.signal == "certified"
    assert "publishing waits until its checks exist" in answer.content.decode()


def test_a_completion_record_takes_lessons_and_no_competency(org):
    given = made(outcome="attend", evidence="attendance", artefact="")
    found = kept(org, given, course="- Build a page\n- Colours")
    standard = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id).standard
    assert (standard.signal, standard.competencies) == ("completion", ())
    assert [(part.title, part.competencies) for part in standard.lessons] == [
        ("Build a page", ()),
        ("Colours", ()),
    ]


def test_every_part_of_a_hybrid_is_begun_once(client, org):
    found = kept(org, broad(capacity=ABLE, hybrid={"anchor": True, "layers": ["refresher", "tool-update"]}))
    for piece in (1, 0):
        assert client.post(address(org, "advice_start", found.id), {"piece": str(piece)}).status_code == 303
    assert client.post(address(org, "advice_start", found.id), {"piece": "1"}).status_code == 409
    begun = queries.advice(org.id, found.id).started
    assert [(one.piece, one.role, one.slug) for one in begun] == [
        (1, "refresher", "learning-operations-refresher"),
        (0, "anchor", "learning-operations"),
    ]
    for piece in ("9", "-1", "x", "9" * 30):
        assert client.post(address(org, "advice_start", found.id), {"piece": piece}).status_code == 422
    stack = kept(org, made(competencies=6, hybrid={"stack": True}))
    assert client.post(address(org, "advice_start", stack.id), {"piece": "2"}).status_code == 409


def test_the_publish_page_and_the_history_say_what_no_longer_fits(client, org):
    found = kept(org)
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    publish = address(org, "standard_publish", version.slug)
    assert "What the advisor said is provisional" in client.get(publish).content.decode()
    quiz = {
        "id": "e1",
        "title": "Quiz",
        "brief": "Ten questions.",
        "form": "quiz",
        "quiz": {"items": 10, "options": 4, "cut": 6},
    }
    design.save_draft(by=org.owner, org_id=org.id, version_id=version.id, content=builders.publishable_content(
        evidence=[quiz], competencies=[{"id": f"c{n}", "statement": f"Builds part {n}."} for n in range(14)]), revision=None)  # fmt: skip
    page = client.get(publish).content.decode()
    assert "closed questions" in page
    assert "It counts +5, towards a certification." in page
    assert "The evidence proves less than was planned." in page
    assert address(org, "advice", found.id) in page
    assert (
        "What the advisor said" in client.get(address(org, "standard_history", version.slug)).content.decode()
    )
    assert "closed questions" in client.get(address(org, "advice", found.id)).content.decode()


def test_the_advisor_is_asked_about_a_standard_that_exists(client, org, other_org):
    version = builders.published(
        org, decision={"who": "A shift lead", "what": "Who may work alone", "convinced_by": "A run"}
    )
    assert (
        "?standard=" + version.slug
        in client.get(address(org, "standard_history", version.slug)).content.decode()
    )
    page = client.get(address(org, "advise") + f"?standard={version.slug}").content.decode()
    for words in ("A shift lead", "Welcome sequence, built and checked", "Sequence export"):
        assert words in page
    found = keep_by_page(client, org, made(competencies=2), standard=version.slug)
    assert found.achievement_id == version.achievement_id
    assert "Open the standard" in client.get(address(org, "advice", found.id)).content.decode()
    history = client.get(address(org, "standard_history", version.slug)).content.decode()
    assert "What the advisor said" in history
    assert "?standard=" not in history
    there = builders.published(other_org)
    assert client.get(address(org, "advise") + f"?standard={there.slug}").status_code == 404
    refused = client.post(address(org, "advise"), typed(made(), keep="1", standard=there.slug))
    assert refused.status_code == 422
    with pytest.raises(NotFound):
        kept(org, achievement_id=there.achievement_id)


def test_advice_needs_a_designer_and_belongs_to_its_organisation(org, other_org):
    found = kept(org)
    reader = org.member("auditor")
    with pytest.raises(Forbidden):
        actions.keep(by=reader, org_id=org.id, answers=read(made()))
    with pytest.raises(Forbidden):
        actions.start_standard(by=reader, org_id=org.id, advice_id=found.id)
    there = {"by": other_org.owner, "org_id": other_org.id}
    for attempt in (
        lambda: queries.advice(other_org.id, found.id),
        lambda: actions.tick(**there, advice_id=found.id, task="decision", done=True),
        lambda: actions.start_standard(**there, advice_id=found.id),
        lambda: actions.keep(**there, answers=read(made()), follows=found.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.recent(other_org.id) == []


def test_an_auditor_reads_advice_and_changes_nothing(org):
    from django.contrib.auth import get_user_model

    found, reader = kept(org), org.member("auditor")
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=reader.id))
    page = browser.get(address(org, "advice", found.id))
    assert page.status_code == 200
    assert "Start the standard" not in page.content.decode()
    for name, args in (("advise", []), ("advise_course", [])):
        assert browser.get(address(org, name, *args)).status_code == 403
    assert (
        browser.post(address(org, "advice_tick", found.id), {"task": "decision", "done": "1"}).status_code
        == 403
    )


# --- the API


@pytest.fixture
def api(org):
    _, secret = people.create_api_key(
        by=org.owner, org_id=org.id, name="a", scopes=["standards:read", "standards:write"]
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_the_api_keeps_advice_and_gives_it_back(org, api):
    answer = api.post(
        "/api/v1/standards/advise?keep=true", json.dumps(made()), content_type="application/json"
    )
    assert answer.status_code == 200
    identity = answer.json()["id"]
    assert answer.json()["kept_at"][:10] == f"{now():%Y-%m-%d}"
    listed = api.get("/api/v1/standards/advise").json()
    assert [(row["id"], row["verdict"], row["score"]) for row in listed] == [(identity, "micro", -18)]
    one = api.get(f"/api/v1/standards/advise/{identity}").json()
    assert one["answers"] == read(made()).model_dump(mode="json")
    assert one["advice"] == answer.json()["advice"]
    assert api.get("/api/v1/standards/advise/0192f1b0-0000-7000-8000-000000000000").status_code == 404


def test_the_api_names_what_is_open_and_what_cannot_be_used(api):
    for body, field in (({}, "decision.who"), ({"micro": {"artfact": "x"}}, "artfact")):
        answer = api.post("/api/v1/standards/advise", json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert field in answer.json()["errors"][0]["field"]


def test_the_api_reads_an_outline_and_begins_the_standard(org, api):
    path = "/api/v1/standards/advise"
    read_out = api.post(f"{path}/outline", json.dumps({"text": MARKDOWN}), content_type="application/json")
    assert read_out.json()["competencies"][1]["statement"] == "Build a welcome sequence in your tool"
    assert (
        api.post(f"{path}/outline", json.dumps({"text": " "}), content_type="application/json").status_code
        == 422
    )
    identity = api.post(f"{path}?keep=true", json.dumps(made()), content_type="application/json").json()["id"]
    begun = api.post(f"{path}/{identity}/standard", "{}", content_type="application/json")
    assert (begun.status_code, begun.json()["slug"], begun.json()["signal"]) == (
        201,
        "welcome-sequence",
        "demonstrated",
    )
    assert api.post(f"{path}/{identity}/standard", "{}", content_type="application/json").status_code == 409
    assert api.get(f"{path}/{identity}").json()["standards"] == ["welcome-sequence"]


def test_a_kept_outline_has_a_limit(org):
    with pytest.raises(Invalid, match="limit is 20,000"):
        kept(org, course="x" * 20_001)
