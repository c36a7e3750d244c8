"""Which edits of binding words count as harmless, in three languages, and which never do (M1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guildmark.design import harmless, versions
from guildmark.design.claims.words import lexicon
from guildmark.design.harmless import why_harmless
from guildmark.design.types import Standard
from tests.design.builders import LEVELS, publishable_content

LABELLED = Path(harmless.__file__).parent / "claims" / "labelled"
TYPING = [
    ("Trigger logic: all right.", "Trigger  logic: all right."),
    ("Trigger logic: all right.", "Trigger logic: all right"),
    ("Trigger logic", "Trigger logic."),
    ("Says 'welcome' first.", "Says ‘welcome’ first."),
    ('Says "welcome" first.', "Says “welcome” first."),
    ("Pass - or try again", "Pass – or try again"),
    ("A café near by", "A cafe\u0301 near by"),
    ("One line.\nAnother line.", "One line. Another line."),
]
SLIPS = [
    ("en", "Biulds the sequence.", "Builds the sequence."),
    ("en", "Tests every brnach of teh sequence.", "Tests every branch of the sequence."),
    ("en", "Corrects what occured before launch.", "Corrects what occurred before launch."),
    ("en", "Is writting for readers.", "Is writing for readers."),
    ("en", "A definately correct mesage.", "A definitely correct message."),
    ("de", "Erstelt die Strecke und prüfft sie.", "Erstellt die Strecke und prüft sie."),
    ("de", "Jede Nachrciht ist vollständg.", "Jede Nachricht ist vollständig."),
    ("de", "Löst die Aufgbae richitg.", "Löst die Aufgabe richtig."),
    ("es", "Puede correjir la secuensia.", "Puede corregir la secuencia."),
    ("es", "Cada mensage es crorecto.", "Cada mensaje es correcto."),
    ("es", "Pasa la prueva.", "Pasa la prueba."),
]
BAR = [
    ("en", "Builds the sequence.", "Plans the sequence."),
    ("en", "Tests every branch.", "Tests a branch."),
    ("en", "Is not launched early.", "Is now launched early."),
    ("en", "It mut be tested.", "It must be tested."),
    ("en", "Tests al branches.", "Tests all branches."),
    ("en", "Refactors the flow.", "Reactors the flow."),
    ("en", "Lints the files.", "Lists the files."),
    ("en", "Two hrous at most.", "Two hours at most."),
    ("en", "At least 5 messages.", "At least 6 messages."),
    ("en", "A score of -5.", "A score of 5."),
    ("en", "Score\n5", "Score 5"),
    ("en", "Done in Asana.", "Done in Sauna."),
    ("en", "Sends it to Mailwright.", "Sends it to Millwright."),
    ("en", "Uses A/B-tetsing tools.", "Uses A/B-testing tools."),
    ("en", "Keeps log.txtt open.", "Keeps log.text open."),
    ("en", "Re-sign the contract.", "Resign the contract."),
    ("en", "MUST be tested.", "must be tested."),
    ("en", "Is this tested", "Is this tested?"),
    ("en", "Tests the flow.", "Tests the whole flow."),
    ("en", "The flwo is a flwo.", "The flow is a flwo."),
    ("de", "Erstellt die Strecke.", "Plant die Strecke."),
    ("de", "Ist keni Fehler.", "Ist kein Fehler."),
    ("de", "Prüft das Fehlerlog.", "Prüft das Fehlertag."),
    ("de", "Mindestens zwei Fehler.", "Höchstens zwei Fehler."),
    ("es", "Construye la secuencia.", "Describe la secuencia."),
    ("es", "Puede hacerlo sni ayuda.", "Puede hacerlo sin ayuda."),
    ("es", "Verifica los mensajes.", "Ratifica los mensajes."),
    ("en", "Records podcasts alone.", "Records podcast alone."),
    ("en", "Evangelises the tool.", "Evangelists the tool."),
    ("de", "Beizt das Holz.", "Beißt das Holz."),
    ("de", "Findet jede Doppelzahlung.", "Findet jede Doppelzählung."),
    ("de", "Verfugen der Fliesen.", "Verfügen der Fliesen."),
    ("de", "Prüft die Lieferliste.", "Prüft die Lieferlisten."),
    ("es", "Abre cada consulta.", "Aire cada consulta."),
    ("es", "Responde consultas.", "Responde consulta."),
    ("es", "Graba el mensaje.", "Grava el mensaje."),
    ("es", "Informa del fallo.", "Informe del fallo."),
    ("fr", "Construit la séqence.", "Construit la séquence."),
]


@pytest.mark.parametrize(("old", "new"), TYPING)
def test_another_way_to_type_the_same_words_is_harmless_in_any_language(old, new):
    for language in ("en", "de", "es", "fr"):
        assert why_harmless(old, new, language)
        assert why_harmless(new, old, language)


@pytest.mark.parametrize(("language", "old", "new"), SLIPS)
def test_the_correction_of_a_slip_is_harmless(language, old, new):
    assert why_harmless(old, new, language) == harmless.SPELLING


@pytest.mark.parametrize(("language", "old", "new"), SLIPS)
def test_to_misspell_a_word_is_not_harmless(language, old, new):
    assert why_harmless(new, old, language) == ""


@pytest.mark.parametrize(("language", "old", "new"), BAR)
def test_whatever_may_move_the_bar_is_not_harmless(language, old, new):
    assert why_harmless(old, new, language) == ""


def test_no_verb_is_the_misspelling_of_another():
    base_of = {form: verb for form, (verb, kind) in lexicon("en").forms.items() if kind != "ing"}
    forms = sorted(base_of)
    pairs = [(a, b) for a in forms for b in forms if a != b and a[:2] == b[:2] and abs(len(a) - len(b)) < 3]
    assert len(pairs) > 1000
    same_verb = {(a, b) for a, b in pairs if base_of[a] == base_of[b]}
    assert [
        (a, b) for a, b in pairs if (a, b) not in same_verb and harmless.corrects(a, b, "en", begins=True)
    ] == []


#: Other spellings of the same word, and words of another language, in the labelled claims.
VARIANTS = {
    *("harbour", "centre", "millimetre", "behaviour", "aluminium", "parlour", "colour"),
    *("acronym", "product", "object", "double"),
}


@pytest.mark.parametrize("language", ["en", "de"])
def test_hardly_a_word_that_people_write_in_claims_is_taken_for_a_slip_of_another(language):
    written = {
        word
        for path in sorted(LABELLED.glob(f"{language}.*.jsonl"))
        for word in re.findall(r"[^\W\d_]{3,}", path.read_text("utf-8"))
    }
    assert len(written) > 1000
    lexicon = harmless._lexicon(language)
    taken = {
        word
        for word in written
        if word.lower() not in lexicon
        for other in harmless.slips(word.lower())
        if other in lexicon
        and harmless.corrects(word, other.capitalize() if word[0].isupper() else other, language, begins=True)
    }
    assert taken <= VARIANTS


WORDS = st.sampled_from(
    [
        "Builds",
        "tests",
        "checks",
        "the",
        "a",
        "every",
        "no",
        "not",
        "3",
        "7",
        "hours",
        "message",
        "teh",
        "mesage",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, min_size=1, max_size=8))
def test_texts_of_known_words_are_harmless_only_when_they_say_the_same(old, new):
    assume([w for w in old if w not in ("teh", "mesage")] != [w for w in new if w not in ("teh", "mesage")])
    corrected = [{"teh": "the", "mesage": "message"}.get(word, word) for word in old]
    assume(corrected != new)
    partly = all(
        a == b or b == {"teh": "the", "mesage": "message"}.get(a) for a, b in zip(old, new, strict=False)
    )
    assume(not (partly and len(old) == len(new)))
    assert why_harmless(" ".join(old), " ".join(new)) == ""


@given(st.text(), st.text())
def test_any_text_is_judged_without_an_error_and_itself_is_harmless(old, new):
    assert why_harmless(old, old)
    assert isinstance(why_harmless(old, new), str)


def test_distance_counts_a_swap_as_one():
    assert harmless.distance("brnach", "branch") == 1
    assert harmless.distance("kitten", "sitting") == 3
    assert harmless.distance("", "abc") == 3


def forced(path: str, before: str, after: str, **members: object) -> versions.Change:
    old = publishable_content(**members)
    new = publishable_content(**members)
    for content, text in ((old, before), (new, after)):
        target: object = content
        *steps, last = path.split(".")
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        target[int(last) if isinstance(target, list) else last] = text
    return versions.compare(Standard.model_validate(old), Standard.model_validate(new))


@pytest.mark.parametrize(
    "path", ["claim", "title", "criteria.0.descriptors.2", "criteria.0.statement", "evidence.0.brief"]
)
@pytest.mark.parametrize(("language", "old", "new"), SLIPS)
def test_a_corrected_slip_in_a_binding_text_forces_a_minor_number(path, language, old, new):
    change = forced(path, old, new, language=language)
    assert change.forces == "minor"
    assert [c.harmless for c in change.changes] == [harmless.SPELLING]
    assert change.as_json()["changes"][0]["harmless"] == harmless.SPELLING


@pytest.mark.parametrize(("language", "old", "new"), BAR)
def test_a_changed_word_in_a_descriptor_is_major(language, old, new):
    assert forced("criteria.0.descriptors.2", old, new, language=language).forces == "major"


def test_a_slip_beside_a_changed_verb_hides_nothing():
    old = publishable_content()
    new = publishable_content()
    old["criteria"][0]["descriptors"] = [
        "Missing.",
        "Partly tehre.",
        "Checks all.",
        "Checks and explains all.",
    ]
    new["criteria"][0]["descriptors"] = [
        "Missing.",
        "Partly there.",
        "Reads all.",
        "Checks and explains all.",
    ]
    assert versions.compare(Standard.model_validate(old), Standard.model_validate(new)).forces == "major"


def test_a_name_of_a_tool_an_address_or_a_framework_row_is_never_taken_for_a_slip():
    assert forced("context.0.name", "Tigger", "Trigger").forces == "major"


def test_an_emptied_text_and_one_level_more_are_changes_of_the_bar():
    assert forced("claim", "Builds.", "").forces == "major"
    longer = publishable_content()
    longer["criteria"][0]["descriptors"] = [*LEVELS, "More."]
    assert (
        versions.compare(
            Standard.model_validate(publishable_content()), Standard.model_validate(longer)
        ).forces
        == "major"
    )
