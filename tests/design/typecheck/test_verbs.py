"""The main verbs of a statement, read in three languages."""

from __future__ import annotations

import pytest

from guildmark.design.typecheck import classes_of, verbs_in


@pytest.mark.parametrize(
    ("statement", "lemmas", "doing"),
    [
        ("Builds a sequence that follows a brief", ["build"], "make"),
        ("Build and QA a welcome sequence in Kit or Mailchimp", ["build", "qa"], "make"),
        ("Tests every branch and repairs what fails", ["test", "repair"], "fix"),
        (
            "Given a brief, builds a sequence, tests every branch, and corrects faults",
            ["build", "test", "correct"],
            "fix",
        ),
        ("They can diagnose faults in a system and correct them", ["diagnose", "correct"], "fix"),
        ("Build a plan and report", ["build"], "make"),
        ("Configures an alert for failed backups", ["configure"], "configure"),
        ("Is able to improve the load time of a page", ["improve"], "improve"),
        ("Restarts a robot cell after a fault", ["restart"], "perform"),
        ("Decides which request is answered first", ["decide"], "decide"),
        ("Explains the trade-offs behind the sequence", ["explain"], "explain"),
        ("Sets up a home router in 20 minutes", ["set up"], "configure"),
        ("From raw logs, works out how long a room was warm", ["work out"], "analyse"),
        ("Lists the rules of consent", ["list"], "recall"),
        ("E-mail marketing basics", [], None),
        ("Uses a spreadsheet", [], None),
        ("", [], None),
    ],
)
def test_english_statements_are_read_by_their_main_verbs(statement, lemmas, doing):
    assert [verb.lemma for verb in verbs_in(statement, "en")] == lemmas
    assert (classes_of(statement, "en") or [None])[0] == doing


@pytest.mark.parametrize(
    ("statement", "lemmas", "doing"),
    [
        ("Richtet eine Automation nach Vorgabe ein", ["einrichten"], "configure"),
        ("Baut eine Strecke auf und prüft jeden Zweig", ["aufbauen", "prüfen"], "make"),
        ("Kann eine Begrüßungsstrecke bauen und jeden Zweig prüfen", ["bauen", "prüfen"], "make"),
        ("Eine Automation einzurichten", ["einrichten"], "configure"),
        ("Stellt ein Werkstück nach Zeichnung her", ["herstellen"], "make"),
        ("Wertet Messdaten aus", ["auswerten"], "analyse"),
        ("Führt ein Beratungsgespräch durch", ["durchführen"], "perform"),
        ("Behebt Fehler in einer Automation", ["beheben"], "fix"),
        ("Sie kann einen Fehler finden und beheben", ["finden", "beheben"], "fix"),
        ("Trifft Entscheidungen über Anfragen", ["treffen"], "decide"),
        ("Entwirft eine Vorlage", ["entwerfen"], "make"),
        ("Verbessert die Ladezeit einer Seite", ["verbessern"], "improve"),
        ("Erläutert zwei Abwägungen", ["erläutern"], "explain"),
        ("Zählt die Regeln der Einwilligung auf", ["aufzählen"], "recall"),
        ("Nach einer Vorgabe, baut eine Strecke auf", ["aufbauen"], "make"),
        ("Bei einem Bandstau beseitigt sie den Stau", ["beseitigen"], "fix"),
        ("Schreibt eine Abfrage, die Fehler findet, und prüft sie", ["schreiben", "prüfen"], "make"),
        ("Verfasst Texte, ohne dass andere sie korrigieren", ["verfassen"], "make"),
        ("Grundlagen des E-Mail-Marketings", [], None),
    ],
)
def test_german_statements_are_read_with_separable_verbs_and_final_infinitives(statement, lemmas, doing):
    assert [verb.lemma for verb in verbs_in(statement, "de")] == lemmas
    assert (classes_of(statement, "de-AT") or [None])[0] == doing


@pytest.mark.parametrize(
    ("statement", "lemmas", "doing"),
    [
        ("Construye una secuencia y prueba cada rama", ["construir", "probar"], "make"),
        ("Puede configurar una automatización", ["configurar"], "configure"),
        ("Es capaz de corregir los fallos", ["corregir"], "fix"),
        ("A partir de un encargo, elabora un plan y lo explica", ["elaborar", "explicar"], "make"),
        ("Mejora el tiempo de carga de una página", ["mejorar"], "improve"),
        ("Elige un proveedor", ["elegir"], "decide"),
        ("Modera una reunión", ["moderar"], "perform"),
        ("Evalúa propuestas", ["evaluar"], "analyse"),
        ("Con los datos de un silo, decide si hay que ventilar", ["decidir"], "decide"),
        ("Enumera las reglas", ["enumerar"], "recall"),
        ("Fundamentos de marketing", [], None),
    ],
)
def test_spanish_statements_are_read_in_the_infinitive_and_in_the_third_person(statement, lemmas, doing):
    assert [verb.lemma for verb in verbs_in(statement, "es")] == lemmas
    assert (classes_of(statement, "es") or [None])[0] == doing


def test_a_language_without_a_lexicon_gives_no_class():
    assert verbs_in("Construit une séquence", "fr") == []


def test_the_span_of_a_verb_is_where_it_stands():
    text = "Given a brief, builds a sequence"
    (verb,) = verbs_in(text, "en")
    assert text[slice(*verb.span)] == "builds"
