"""The advisor in German and Spanish: its pages and files speak the reader's language, its JSON does not change."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Any

import icalendar
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.design import actions as design
from guildmark.design import queries as standards
from guildmark.design.advisor import actions, engine, exports, outline, queries
from guildmark.design.advisor.saying import formula, joined, n, retold
from guildmark.design.models import Advice
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import Said, said
from guildmark.people import actions as people
from tests.design import builders
from tests.design.advisor_cases import ABLE, CASES, address, broad, kept, made, read, typed
from tests.design.test_advisor_outline import MARKDOWN
from tests.site.test_translations import LANGUAGES, ensure_translated, rendered, visible
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
LAYERED = broad(
    capacity=ABLE, hybrid={"anchor": True, "layers": ["specialization", "refresher", "tool-update"]}
)
#: The cases that may be kept: work samples that nobody names are asked for first.
COMPLETE = [case for case in CASES if case.name != "unnamed work samples"]
QUIZ = {
    "id": "e1",
    "title": "Quiz",
    "brief": "Ten questions.",
    "form": "quiz",
    "quiz": {"items": 10, "options": 4, "cut": 6},
}


@pytest.fixture
def reader(client: Client, org: Any) -> Client:
    sign_in(client, org.owner_id)
    return client


def in_german(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    return client


def drifted(org: Any, found: Any) -> Any:
    """The standard of advice, whose evidence is no longer what was answered."""
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    many = [{"id": f"c{number}", "statement": f"Builds part {number}."} for number in range(14)]
    content = builders.publishable_content(evidence=[QUIZ], competencies=many)
    return design.save_draft(
        by=org.owner, org_id=org.id, version_id=version.id, content=content, revision=None
    )


def test_no_english_is_left_where_the_questions_are_asked(reader: Client, org: Any) -> None:
    kept(org)
    ask, course = address(org, "advise"), address(org, "advise_course")
    pages = [
        ask,
        f"{ask}?field=finance",
        course,
        (course, {"text": MARKDOWN}),
        (course, {"text": "- Colours"}),
    ]
    pages += [(course, {"text": "- Build a page"}), (course, {"text": "x" * 3000 + "\n- Build a page"})]
    pages += [
        (ask, {"begin": "1", "outline": "- Build a page\n- Colours", "certification_competencies": "1"})
    ]
    pages += [(address(org, "advise_verdict"), typed(case.given)) for case in CASES]
    pages += [(address(org, "advise_verdict"), {}), (ask, typed(made(title="Certified master"), see="1"))]
    ensure_translated(reader, pages, b"")


@pytest.mark.parametrize("case", COMPLETE, ids=lambda case: case.name)
def test_no_english_is_left_on_advice_that_was_kept(reader: Client, org: Any, case: Any) -> None:
    found = kept(org, {**case.given, "rates": {"judge_hours": 1.25}})
    actions.tick(by=org.owner, org_id=org.id, advice_id=found.id, task="decision", done=True)
    ensure_translated(reader, [address(org, "advice", found.id)], b"")


def test_no_english_is_left_beside_a_standard_that_no_longer_fits(reader: Client, org: Any) -> None:
    found = kept(org, made(price=100, currency="eur", hour_value=40))
    provisional = kept(org, made(title="Another one"))
    actions.start_standard(by=org.owner, org_id=org.id, advice_id=provisional.id)
    drifted(org, found)
    pages = [address(org, "advice", one.id) for one in (found, provisional, kept(org, LAYERED))]
    ensure_translated(reader, pages, b"")
    page = visible(rendered(reader, pages[0], "de"))
    assert "geschlossene Fragen" in page
    assert "Es zählt +5, in Richtung Zertifizierung." in page


def test_refused_answers_are_told_in_the_language_of_the_page(reader: Client, org: Any) -> None:
    in_german(reader)
    answer = reader.post(address(org, "advise"), {"keep": "1", "micro_work_samples": "yes"})
    page = visible(answer.content.decode())
    assert answer.status_code == 422
    for words in (
        "Niemand ist genannt, der entscheidet.",
        "Arbeitsproben sind versprochen",
        "Die dritte Frage ist offen.",
    ):
        assert words in page
    currency = reader.post(address(org, "advise"), {"see": "1", "offer_currency": "E2R"})
    assert "Geben Sie drei Buchstaben an, etwa EUR." in visible(currency.content.decode())
    broken = reader.post(address(org, "advise_course"), {"text": "  "})
    assert "In dieser Gliederung steht kein Titel." in visible(broken.content.decode())


def test_stored_advice_is_english_and_a_page_says_it_in_german(reader: Client, org: Any) -> None:
    found = kept(org, broad(capacity={**ABLE, "item_reviewers": 0}))
    row = Advice.objects.for_org(org.id).get(id=found.id)
    told = engine.advise(found.answers, today=found.created_at.date())
    assert row.result == json.loads(told.model_dump_json())
    assert row.result["headline"].startswith("Not yet a certification: you have no second item reviewer.")
    assert row.title == "Learning operations"
    page = visible(rendered(reader, address(org, "advice", found.id), "de"))
    assert "Noch keine Zertifizierung: Es fehlt eine zweite Person" in page
    assert "40 Lernende × 4 Arbeiten × 0,75 h × 1 prüfende Person" in page


def test_a_stored_sentence_that_is_worded_otherwise_today_stays_what_it_was(reader: Client, org: Any) -> None:
    found = kept(org)
    row = Advice.objects.for_org(org.id).get(id=found.id)
    row.result = {**row.result, "headline": "A badge, as we called it then."}
    row.save()
    page = visible(rendered(reader, address(org, "advice", found.id), "de"))
    assert "A badge, as we called it then." in page
    assert "Sichtbare Arbeit ist der stärkste Beweis" in page


def test_what_is_told_again_keeps_what_was_stored() -> None:
    today = engine.advise(read(made()), today=TODAY)
    stored = engine.Advice.model_validate_json(today.model_dump_json())
    assert not isinstance(stored.headline, Said)
    again = retold(stored, today)
    assert again == stored
    assert isinstance(again.headline, Said)
    other = retold(stored, engine.advise(read(broad()), today=TODAY))
    assert other.model_dump_json() == stored.model_dump_json()


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_the_api_and_what_it_stores_are_english_in_every_language(
    client: Client, org: Any, language: str
) -> None:
    scopes = ["standards:read", "standards:write"]
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="a", scopes=scopes)
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
    api = Client(headers=headers)
    path = "/api/v1/standards/advise"
    answer = api.post(f"{path}?keep=true", json.dumps(LAYERED), content_type="application/json").json()
    told = engine.advise(read(LAYERED), today=date.fromisoformat(answer["kept_at"][:10]))
    assert answer["advice"] == json.loads(told.model_dump_json())
    assert api.get(f"{path}/{answer['id']}").json()["advice"] == answer["advice"]
    for piece in (0, 1):
        begun = api.post(
            f"{path}/{answer['id']}/standard?piece={piece}", "{}", content_type="application/json"
        )
        assert begun.status_code == 201
    assert standards.draft(org.id, "learning-operations-specialization").standard.title.endswith(
        ": specialization"
    )
    read_out = api.post(
        f"{path}/outline", json.dumps({"text": MARKDOWN}), content_type="application/json"
    ).json()
    assert read_out == json.loads(outline.read(MARKDOWN.encode()).model_dump_json())
    open_one = api.post(path, "{}", content_type="application/json").json()
    assert open_one["errors"][0]["detail"] == "Nobody is named who decides."


def test_the_files_of_a_plan_speak_the_language_of_the_page(reader: Client, org: Any) -> None:
    found = kept(org, made(competencies=4))
    actions.tick(by=org.owner, org_id=org.id, advice_id=found.id, task="decision", done=True)
    files = {
        kind: in_german(reader).get(address(org, "advice_plan", found.id, kind)).content
        for kind in exports.TYPES
    }
    events = icalendar.Calendar.from_ical(files["ics"]).walk("VEVENT")
    assert (
        str(events[0]["SUMMARY"])
        == "Fertig: Zwei Personen fragen, wie sie entscheiden: a small-business owner"
    )
    pilot = next(event for event in events if str(event["UID"]).startswith("pilot-"))
    assert str(pilot["DESCRIPTION"]) == "5 Stunden, prüfende Person. 2 Lernende × 2 × 0,75 h × 1 + 2 h."
    table = list(csv.reader(files["csv"].decode().splitlines()))
    assert table[0][:3] == ["Aufgabe", "Phase", "wer"]
    assert [len(row) for row in table] == [8] * len(table)
    assert (table[1][2], table[1][6]) == ("Sie", "ja")
    listed = files["md"].decode()
    assert "Stunden Arbeit; dreizehn Wochen mit 6 Stunden sind 78." in listed
    assert "## Beobachtbare Belege" in listed
    english = {
        kind: exports.export(
            kind,
            found.result.plan,
            title=found.title,
            uid=str(found.id),
            stamped=found.created_at,
            done={"decision"},
        )
        for kind in exports.TYPES
    }
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for kind, text in english.items():
        assert reader.get(address(org, "advice_plan", found.id, kind)).content == text.encode()
        assert "Stunden" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headings_of_a_table_are_as_many_in_every_language(language: str) -> None:
    with translation.override(language):
        assert len(spoken(exports.COLUMNS).split(",")) == len(exports.COLUMNS.split(",")) == 8


def test_a_part_that_is_begun_on_a_page_is_called_as_the_page_calls_it(reader: Client, org: Any) -> None:
    found = kept(org, LAYERED)
    assert in_german(reader).post(address(org, "advice_start", found.id), {"piece": "2"}).status_code == 303
    assert standards.draft(org.id, queries.advice(org.id, found.id).started[0].slug).standard.title == (
        "Learning operations: Auffrischung"
    )
    unnamed = kept(org, made(title=""))
    assert reader.post(address(org, "advice_start", unnamed.id)).status_code == 303
    slug = queries.advice(org.id, unnamed.id).started[0].slug
    assert standards.draft(org.id, slug).standard.title == "Micro-Credential"


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert (n(1.5), n(1200.0), n(100_000.4), n(0.004)) == ("1.5", "1200", "100000", "0")
    both = joined([formula("{a} × {b} h", a=3, b=0.25), said("no work is judged")], " + ")
    assert both == "3 × 0.25 h + no work is judged"
    assert spoken(both) == both
    assert joined([], ", ") == spoken(joined([], ", ")) == ""
    with translation.override("de"):
        assert spoken(both) == "3 × 0,25 h + keine Arbeit wird beurteilt"
        assert spoken(n(1200.5)) == "1200,5"


def test_the_list_of_kept_advice_names_the_verdict_in_german(reader: Client, org: Any) -> None:
    kept(org, made(title=""))
    page = visible(rendered(reader, reverse("advise", args=[org.slug]), "de"))
    assert "Micro-Credential\nMicro-Credential, 2" in page
