"""The claim linter, rule by rule and language by language, on claims made by hand for this file."""

from __future__ import annotations

import pytest

from guildmark.design.claims import lint
from tests.design.claim_cases import FINE, FLAWED, HEADINGS, SOUND


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in FINE.items() for text in texts]
)
def test_nothing_blocks_or_advises_against_a_claim_that_can_be_watched(language: str, text: str) -> None:
    assert [
        (f.rule, text[slice(*f.span)]) for f in lint(text, "claim", language) if f.severity != "hint"
    ] == []


@pytest.mark.parametrize(("language", "kind", "text", "rule", "marked"), FLAWED)
def test_each_rule_finds_its_flaw_and_marks_it(
    language: str, kind: str, text: str, rule: str, marked: str | None
) -> None:
    found = {f.rule: text[slice(*f.span)] for f in lint(text, kind, language)}
    assert rule in found
    if marked:
        assert found[rule] == marked


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in SOUND.items() for text in texts]
)
def test_nothing_blocks_or_advises_against_sound_claims_of_many_trades(language: str, text: str) -> None:
    assert [
        (f.rule, text[slice(*f.span)]) for f in lint(text, "claim", language) if f.severity != "hint"
    ] == []


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in HEADINGS.items() for text in texts]
)
def test_a_heading_is_a_topic(language: str, text: str) -> None:
    assert "topic" in {f.rule for f in lint(text, "claim", language) if f.severity == "blocking"}


def test_the_golden_pair() -> None:
    failing = lint("Email marketing basics", "claim", "en")
    assert [(f.rule, f.severity) for f in failing] == [("topic", "blocking")]
    assert lint("Build and QA a welcome sequence in Kit or Mailchimp", "claim", "en") == []


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        (
            "de",
            "Eine Begrüßungsstrecke in Kit oder Mailchimp bauen und prüfen",
            "Grundlagen des E-Mail-Marketings",
        ),
        (
            "es",
            "Construir y probar una secuencia de bienvenida en Kit o Mailchimp",
            "Introducción al marketing por correo",
        ),
    ],
)
def test_the_twins_of_the_golden_pair(language: str, good: str, bad: str) -> None:
    assert lint(good, "claim", language) == []
    assert [f.rule for f in lint(bad, "claim", language) if f.severity == "blocking"] == ["topic"]


def test_words_of_the_organisation_count_as_jargon() -> None:
    claim = "Closes a Magpie ticket within the hour and names the cause."
    assert lint(claim) == []
    (found,) = lint(claim, jargon=("magpie ticket",))
    assert (found.rule, claim[slice(*found.span)]) == ("jargon", "Magpie ticket")
    assert found.rewrite == "Closes a [in plain words] within the hour and names the cause."


def test_names_of_the_tools_of_a_standard_count_as_products() -> None:
    assert lint("Mailwright Expert", "title") == []
    assert [f.rule for f in lint("Mailwright Expert", "title", products=("Mailwright",))] == ["product_title"]
    assert lint("Payroll preparation in Mailwright", "title", products=("Mailwright",)) == []


def test_quotations_are_not_what_the_claim_says() -> None:
    assert (
        lint("Shortens the leaflet “Understand your world-class KYC” to one page that three readers retell.")
        == []
    )


def test_an_open_slot_blocks_until_it_is_filled() -> None:
    (found,) = lint("Communicates [what, for whom] clearly and with respect.")
    assert (found.rule, found.severity) == ("slot", "blocking")


def test_an_abbreviation_that_is_explained_is_none() -> None:
    assert "acronym" in {
        f.rule for f in lint("Records an SBAR handover of one patient in under two minutes.")
    }
    told = (
        "Records a handover by situation, background, assessment, recommendation (SBAR) in under two minutes."
    )
    assert "acronym" not in {f.rule for f in lint(told)}


def test_a_competency_need_not_say_under_what_condition_and_how_well() -> None:
    assert {f.rule for f in lint("Tests branches.", "claim")} == {"no_condition", "no_standard"}
    assert lint("Tests branches.", "competency") == []


@pytest.mark.parametrize("language", ["fr", "ja", "ar-EG", "x-klingon"])
def test_in_other_languages_only_the_shape_is_checked(language: str) -> None:
    assert lint("Understands everything about synergies and KYC.", "claim", language) == []
    assert [f.rule for f in lint("One thing. Another thing.", "claim", language)] == ["sentences"]


def test_two_words_are_a_claim_only_where_the_grammar_is_known() -> None:
    assert [f.rule for f in lint("Marketing", "claim", "fr")] == ["topic"]
    assert lint("歓迎する", "claim", "ja") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Collects an outstanding invoice by phone within the limits of the office script."),
        ("en", "Pours resin through a funnel into a mould without a bubble."),
        ("en", "Hives a swarm of bees from a low branch without losing the queen."),
        ("en", "Checks shaft alignment with a dial gauge to within two hundredths."),
        ("en", "Drafts an expert witness statement from a file of photographs, marking what was inferred."),
        ("en", "Reads the best-before dates of a shelf and removes every pack that is past it."),
        ("en", "Stirs a custard until it becomes thick enough to coat a spoon."),
        ("de", "Beschreibt das Ökosystem eines Teichs anhand von fünf Proben ohne falsche Zuordnung."),
        ("de", "Wickelt einen Garantiefall ab, ohne dass der Kunde nachfragen muss."),
        ("es", "Monta una viga transversal con la palanca sin marcar la madera."),
        ("es", "Corrige diez frases en pretérito perfecto sin dejar un error."),
    ],
)
def test_honest_words_are_no_promise_and_no_jargon(language: str, text: str) -> None:
    assert [f for f in lint(text, "claim", language) if f.rule in {"inflated", "jargon"}] == []


@pytest.mark.parametrize(
    ("language", "text", "marked"),
    [
        ("en", "Becomes a sought-after voice in property law.", "Becomes a sought-after"),
        (
            "en",
            "Bakes the finest bread in the country from a given flour.",
            "the finest bread in the country",
        ),
        ("de", "Näht die schönsten Kleider der Welt nach Schnitt.", "schönsten Kleider der Welt"),
        ("de", "Bindet konkurrenzlose Sträuße nach Skizze.", "konkurrenzlose"),
        ("es", "Hornea el mejor pan del mundo con harina dada.", "el mejor pan del mundo"),
    ],
)
def test_promises_are_found_without_a_list_of_them(language: str, text: str, marked: str) -> None:
    (found,) = [f for f in lint(text, "claim", language) if f.rule == "inflated"]
    assert text[slice(*found.span)] == marked
