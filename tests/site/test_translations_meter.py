"""The impostor meter, the structure and the division of standards in German and Spanish, and what stays English."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.design import consistency, impostor, offer, promise
from guildmark.design.types import Rules, Standard, VersionView
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import Number, Said, of_cellar, said
from guildmark.psychometrics import questions
from guildmark.psychometrics.assumed import WorkAssumptions
from guildmark.psychometrics.estimates import Estimate
from guildmark.site.demo.standards import WEAK_DRAFT
from tests.design import builders
from tests.design.builders import criterion, publishable_content, publishable_standard
from tests.design.test_splitting import PROJECT
from tests.site.test_translations import ensure_translated, rendered, visible
from tests.wallet.builders import sign_in


def written(*versions: VersionView) -> bytes:
    """What authors typed, which no page translates."""
    return json.dumps(
        [version.standard.model_dump(mode="json") for version in versions], ensure_ascii=False
    ).encode()


def contradictory(org: Any) -> VersionView:
    evidence = publishable_content()["evidence"]
    evidence[1]["form"] = "walkthrough"
    return builders.drafted(
        org,
        title="Certified expert of sequences",
        evidence=evidence,
        lessons=[{"id": "l1", "title": "Triggers", "competencies": ["c1"]}],
        cost={"amount": "900", "currency": "EUR"},
        decision={"who": "An agency owner", "what": "whom to hire.", "convinced_by": "The export."},
    )


def weak(org: Any) -> VersionView:
    return builders.drafted(org, **WEAK_DRAFT)


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_of_the_impostor_meter(client: Client, org: Any) -> None:
    quiz = {"id": "e3", "form": "quiz", "title": "Test", "quiz": {"items": 10, "options": 4, "cut": 7}}
    mixed = builders.drafted(
        org,
        evidence=[*publishable_content()["evidence"], quiz],
        criteria=[*publishable_content()["criteria"], criterion("k4", "Facts", evidence=["e3"])],
        conditions={
            "judges": 2,
            "resubmissions": 2,
            "supervision": "online",
            "authorship_checks": ["defence"],
        },
    )
    parted = {"items": 10, "options": 4, "cut": 7, "each_domain": 50}
    parted["domains"] = [{"name": "Law", "items": 6}, {"name": "Tools", "items": 4}]
    halves = builders.drafted(
        org, evidence=[{**quiz, "quiz": parted}], criteria=[criterion("k1", "Facts", evidence=["e3"])]
    )
    drafts = (weak(org), mixed, halves, builders.published(org))
    sign_in(client, org.owner_id)
    pages = [reverse("standard_impostor", args=[org.slug, version.slug]) for version in drafts]
    ensure_translated(client, [*pages, f"{pages[1]}?fluent_writer.artefact=30"], written(*drafts))


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_of_the_structure(client: Client, org: Any) -> None:
    versions = (
        contradictory(org),
        builders.drafted(org, **PROJECT),
        weak(org),
        builders.published(org),
        builders.published(org, signal="completion"),
    )
    sign_in(client, org.owner_id)
    pages = [reverse("standard_structure", args=[org.slug, version.slug]) for version in versions]
    ensure_translated(client, [*pages, f"{pages[0]}?low=800&high=1000"], written(*versions))


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_that_split_merge_and_divide(client: Client, org: Any) -> None:
    draft = builders.drafted(org, **PROJECT)
    sign_in(client, org.owner_id)
    split = reverse("standard_split", args=[org.slug, draft.slug, "competencies", "c1"])
    sent = {"revision": draft.revision, "first_statement": "A.", "second_statement": "B.", "preview": "1"}
    ensure_translated(
        client,
        [
            split,
            (split, sent),
            reverse("standard_split", args=[org.slug, draft.slug, "criteria", "k1"]),
            reverse("standard_merge", args=[org.slug, draft.slug, "competencies", "c1"]),
            reverse("standard_merge", args=[org.slug, draft.slug, "criteria", "k1"]),
            reverse("standard_divide", args=[org.slug, draft.slug]),
        ],
        written(draft),
    )


@pytest.mark.django_db
def test_the_meter_writes_its_numbers_as_the_language_does(client: Client, org: Any) -> None:
    sign_in(client, org.owner_id)
    address = reverse("standard_impostor", args=[org.slug, weak(org).slug])
    for language, words in (
        (
            "de",
            (
                "0,377",
                "0,001 %",
                "9 von 10 richtigen Antworten verlangen: Das senkt den Wert von 38 % auf 1,1 %.",
            ),
        ),
        (
            "es",
            (
                "0,377",
                "0,001 %",
                "Pedir 9 de 10 respuestas correctas en «Final quiz»: lo baja de 38 % a 1,1 %.",
            ),
        ),
        (
            "en",
            (
                "0.377",
                "0.001 %",
                "Asking for 9 of 10 right answers in “Final quiz” takes it from 38 % to 1.1 %.",
            ),
        ),
    ):
        page = visible(rendered(client, address, language))
        for text in words:
            assert text in page, (language, text)


@pytest.mark.django_db
def test_a_refused_change_is_told_in_the_language_of_the_page(client: Client, org: Any) -> None:
    draft = weak(org)
    sign_in(client, org.owner_id)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    sent = {"take": "check:prayer", "revision": draft.revision}
    answer = client.post(reverse("standard_impostor", args=[org.slug, draft.slug]), sent)
    assert answer.status_code == 409
    assert "Diese Änderung hilft nicht mehr." in answer.content.decode()
    answer = client.post(reverse("standard_undo", args=[org.slug, draft.slug]))
    assert "Es gibt nichts rückgängig zu machen" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "first", "fact"),
    [
        ("de-AT", "Das werden Sie gezeigt haben: ", "{passed} von {assessed} Personen"),
        ("es", "Lo que habrá demostrado: ", "{passed} de {assessed} personas"),
        ("fr", "What you will have shown: ", "{passed} of {assessed} people"),
    ],
)
def test_an_offer_is_drafted_in_the_language_of_the_standard(language: str, first: str, fact: str) -> None:
    standard = publishable_standard(
        language=language, decision={"who": "Die Agentur", "what": "Einstellung."}
    )
    with translation.override("es" if language != "es" else "de"):
        lines = {line["source"]: line["text"] for line in offer.drafted(standard)}
    assert lines["claim"] == first + standard.claim
    assert lines["fact:passed"].startswith(fact)
    assert {type(text) for text in lines.values()} == {str}
    if language == "de-AT":
        assert lines["decision"] == "Gemacht für eine Entscheidung – Die Agentur: Einstellung."
        assert lines["conditions.turnaround_days"] == "Sie haben innerhalb von 10 Tagen eine Antwort."
        assert lines["assessment_hours"] == "Die geprüfte Arbeit dauert etwa 1,5 Stunden."


def test_what_is_computed_stays_english_whatever_language_is_active() -> None:
    def told() -> str:
        standard = Standard.model_validate(WEAK_DRAFT)
        found = impostor.report(standard, Rules(), what_ifs=True)
        verdicts = [(one.axis, one.verdict, one.reason, one.cites) for one in consistency.verdicts(standard)]
        asked = promise.questions(publishable_standard(cost={"amount": "9.50", "currency": "EUR"}))
        return json.dumps([found.as_json(), impostor.verdict(found), impostor.mend(found), verdicts, asked])

    english = told()
    with translation.override("de"):
        assert told() == english
    assert "Pure guesser" in english


def test_every_assumption_can_be_said_in_the_language_of_the_page() -> None:
    figures = WorkAssumptions()
    with translation.override("de"):
        said_again = {key: spoken(of_cellar(figures.sentence(key))) for key in figures.values}
    assert not [key for key, text in said_again.items() if text == figures.sentence(key)]
    assert said_again["copier.unnoticed.defence"] == (
        "Abschreiben fertiger Arbeiten, eine Frage zur eigenen Arbeit: findet in 5\u00a0% der Fälle nichts."
    )
    drawn = Estimate(0.5, 0.4, 0.6, "monte_carlo", 20_000, 7)
    memorized = questions.memorizer(60, 20, 10, 0.25, 7).assumptions
    with translation.override("de"):
        assert spoken(of_cellar(drawn.in_words())) == "Monte Carlo, n = 20.000, Startwert 7, 95-%-Intervall"
        assert [spoken(of_cellar(one.sentence)) for one in memorized] == [
            "20 der 60 Fragen des Vorrats sind auswendig bekannt.",
            "Eine unbekannte Frage wird mit einer Wahrscheinlichkeit von 0,25 richtig geraten.",
        ]


def test_a_number_is_written_as_the_language_does_and_a_title_as_it_was_typed() -> None:
    text = said("{title}: {form}", title="3.5", form=Number("1,333.5"))
    assert isinstance(text, Said)
    assert text == spoken(text) == "3.5: 1,333.5"
    with translation.override("de"):
        assert spoken(text) == "3.5: 1.333,5"
