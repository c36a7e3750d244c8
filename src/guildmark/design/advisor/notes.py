"""Figures of others, shown only with their source and never used in a computation (DF17), and what fields are like (DF16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guildmark.design.advisor.answers import Change, Industry, Part
from guildmark.design.advisor.saying import Told
from guildmark.kernel.words import said

SOURCE = said(
    "the article on micro-credentials and certifications from which Guildmark's requirements were drawn"
)
CAUTION = said("Second-hand and not checked; guidance, not a rule.")
ADDED_BY = "Guildmark"
ADDED = date(2026, 11, 27)


class Note(Part):
    """A figure, what it is about, where it was read, when it was noted and by whom, and what to think of it."""

    figure: Told
    about: Told
    source: Told
    added: date
    added_by: str
    caution: Told


NOTES = (
    Note(figure=said("50 to 500 US dollars"), about=said("price of a micro-credential, as the sentence reads"), source=SOURCE,
         added=ADDED, added_by=ADDED_BY, caution=CAUTION),
    Note(figure=said("40 to 200 hours"), about=said("study for a certification"), source=SOURCE,
         added=ADDED, added_by=ADDED_BY, caution=CAUTION),
)  # fmt: skip


@dataclass(frozen=True)
class FieldPreset:
    """What is often so in a field: a start for two answers, to be changed where yours differs.

    ``micro`` and ``certification`` are ends of a sentence: what such a credential often is there.
    """

    name: str
    words: str
    industry: Industry
    change: Change
    micro: str
    certification: str


FIELDS = (
    FieldPreset("software", said("Digital skills, software workflows"), "open", "months",
                said("one workflow in one tool, shown by a working export."),
                said("rare: the tools change before the exam is fair.")),
    FieldPreset("marketing", said("Marketing and content"), "open", "year",
                said("one campaign part, built and checked."),
                said("a whole role, such as leading campaigns across channels.")),
    FieldPreset("it", said("IT operations and security"), "conservative", "year",
                said("one hardening or recovery task on a named system."),
                said("a role with on-call duty, where buyers ask for a title.")),
    FieldPreset("finance", said("Finance and accounting"), "regulated", "years",
                said("one reconciliation or report, to a standard."),
                said("practice that a regulator or an auditor asks about.")),
    FieldPreset("health", said("Healthcare-adjacent work"), "regulated", "years",
                said("one procedure, watched, with a checklist."),
                said("work in which a fault harms somebody.")),
    FieldPreset("projects", said("Project management"), "conservative", "years",
                said("one artefact, such as a risk log that was used."),
                said("leading whole projects across domains.")),
    FieldPreset("trades", said("Trades and plant floor"), "conservative", "years",
                said("one machine or task, observed at work."),
                said("working alone where rules ask for proof.")),
    FieldPreset("teaching", said("Teaching and facilitation"), "open", "years",
                said("one session, recorded and explained."),
                said("designing and judging whole programmes.")),
)  # fmt: skip


def field_preset(name: str) -> FieldPreset | None:
    return next((preset for preset in FIELDS if preset.name == name), None)
