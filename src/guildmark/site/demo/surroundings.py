"""What stands around the demo's standards: a list of skills of its own, and a translation that is partly done."""

from __future__ import annotations

from uuid import UUID

from guildmark.design import translating
from guildmark.kernel.actor import Actor
from guildmark.skills import actions as skills
from guildmark.skills.formats.common import Options

ADDRESS = "https://northlamp.example/skills/automation"
#: Written for the demo: skills of people who set up tools for small businesses, in four groups.
SKILLS = f"""uri,code,name,parent,description
{ADDRESS}/messages,M,Messages that send themselves,,Work with messages that a tool sends by itself.
{ADDRESS}/messages/sequence,M1,Build an automated sequence from a brief,{ADDRESS}/messages,"Sets up messages, waits and conditions as a brief describes them."
{ADDRESS}/messages/branches,M2,Test every branch of an automated sequence,{ADDRESS}/messages,"Runs a test contact through each branch and writes down what happened."
{ADDRESS}/messages/consent,M3,Keep consent and leaving in order,{ADDRESS}/messages,"Sends nothing without consent and lets people leave on every path."
{ADDRESS}/messages/delivery,M4,Read delivery reports and act on them,{ADDRESS}/messages,"Finds out why messages do not arrive, and changes the cause."
{ADDRESS}/messages/growth,M5,Measure what a sequence does for sales,{ADDRESS}/messages,"Compares people who got a sequence with people who did not."
{ADDRESS}/briefs,B,Briefs for texts,,Work with briefs that others can follow.
{ADDRESS}/briefs/checks,B1,Write checks that others can answer,{ADDRESS}/briefs,"Writes checks with yes or no that a stranger can answer."
{ADDRESS}/briefs/sources,B2,Rank sources by who can look at them,{ADDRESS}/briefs,"Says of each source whether an outsider can open it."
{ADDRESS}/briefs/edit,B3,Edit a text against a brief,{ADDRESS}/briefs,"Returns a text with the number of each check that failed."
"""
GERMAN = {
    "title": "Begrüßungsstrecke, gebaut und geprüft",
    "claim": "Baut nach einem Auftrag und einer Kontaktliste eine Begrüßungsstrecke aus fünf Nachrichten in einem "
    "E-Mail-Werkzeug, prüft jeden Zweig und behebt Fehler vor dem Start.",
    "audience": "Für die Leitung eines kleinen Betriebs, die entscheidet, wer an die Verteilerliste darf.",
    "competencies.k1.statement": "Baut nach einem Auftrag eine Begrüßungsstrecke aus fünf Nachrichten",
    "competencies.k2.statement": "Prüft jeden Zweig und behebt vor dem Start, was nicht geht",
    "competencies.k3.statement": "Erklärt die Abwägungen hinter der Strecke",
    "evidence.e1.title": "Die fertige Strecke als Export",
    "evidence.e2.title": "Das Prüfprotokoll",
    "evidence.e3.title": "Rundgang: zwei Abwägungen",
    "scale.l1.label": "Noch nicht",
    "scale.l2.label": "Teilweise",
    "scale.l3.label": "Sicher",
    "scale.l4.label": "Vorbildlich",
    "criteria.trigger.name": "Logik der Auslöser",
    "criteria.trigger.statement": "Eintritt und Austritt entsprechen dem Auftrag.",
    "criteria.branches.name": "Prüfung aller Zweige",
    "criteria.branches.statement": "Jeder Zweig wurde mit einem Testkontakt durchlaufen.",
    "criteria.consent.name": "Einwilligung und Abmeldung",
    "criteria.consent.statement": "Niemand wird ohne Einwilligung angeschrieben, und abmelden kann man sich auf jedem Weg.",
    "criteria.faults.name": "Fehlersuche",
    "criteria.faults.statement": "Die eingebauten Fehler sind gefunden, und ihre Ursache ist genannt.",
    "criteria.purpose.name": "Zweck der Nachrichten",
    "criteria.purpose.statement": "Jede Nachricht hat eine Aufgabe, die der Auftrag verlangt.",
    "criteria.decisions.name": "Begründung von Entscheidungen",
    "criteria.decisions.statement": "Zwei Abwägungen werden an der Arbeit selbst erklärt.",
    "not_shown.0": "Zustellbarkeit, Wachstum der Liste oder die Wirkung der Nachrichten auf den Verkauf.",
    "not_shown.1": "Arbeit unter Aufsicht: Sie geschieht allein, in der eigenen Zeit.",
}


def framework(by: Actor, org_id: UUID) -> None:
    """Import the academy's own list of skills."""
    view = skills.import_framework(
        by=by,
        org_id=org_id,
        filename="skills-for-small-automations.csv",
        pieces=[SKILLS.encode()],
        options=Options(title="Skills for small automations", publisher="Northlamp Academy", language="en"),
        queue=False,
    )
    skills.run_import(by=by, org_id=org_id, import_id=view.id)


def translation(by: Actor, org_id: UUID, version_id: UUID) -> None:
    """Put the first texts of the sequence into German; the others wait."""
    translating.save_translation(by=by, org_id=org_id, version_id=version_id, language="de", texts=GERMAN)
