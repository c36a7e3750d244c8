"""Figures of others, shown only with their source and never used in a computation (DF17), and what fields are like (DF16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guildmark.design.advisor.answers import Change, Industry, Part

SOURCE = "the article on micro-credentials and certifications from which Guildmark's requirements were drawn"
ADDED_BY = "Guildmark"
ADDED = date(2026, 11, 27)


class Note(Part):
    """A figure, what it is about, where it was read, when it was noted and by whom, and what to think of it."""

    figure: str
    about: str
    source: str
    added: date
    added_by: str
    caution: str


NOTES = (
    Note(figure="50 to 500 US dollars", about="price of a micro-credential, as the sentence reads", source=SOURCE,
         added=ADDED, added_by=ADDED_BY, caution="Second-hand and not checked; guidance, not a rule."),
    Note(figure="40 to 200 hours", about="study for a certification", source=SOURCE,
         added=ADDED, added_by=ADDED_BY, caution="Second-hand and not checked; guidance, not a rule."),
)  # fmt: skip


@dataclass(frozen=True)
class FieldPreset:
    """What is often so in a field: a start for two answers, to be changed where yours differs."""

    name: str
    words: str
    industry: Industry
    change: Change
    micro: str
    certification: str


FIELDS = (
    FieldPreset("software", "Digital skills, software workflows", "open", "months",
                "One workflow in one tool, shown by a working export.", "Rare: the tools change before the exam is fair."),
    FieldPreset("marketing", "Marketing and content", "open", "year",
                "One campaign part, built and checked.", "A whole role, such as leading campaigns across channels."),
    FieldPreset("it", "IT operations and security", "conservative", "year",
                "One hardening or recovery task on a named system.", "A role with on-call duty, where buyers ask for a title."),
    FieldPreset("finance", "Finance and accounting", "regulated", "years",
                "One reconciliation or report, to a standard.", "Practice that a regulator or an auditor asks about."),
    FieldPreset("health", "Healthcare-adjacent work", "regulated", "years",
                "One procedure, watched, with a checklist.", "Work in which a fault harms somebody."),
    FieldPreset("projects", "Project management", "conservative", "years",
                "One artefact, such as a risk log that was used.", "Leading whole projects across domains."),
    FieldPreset("trades", "Trades and plant floor", "conservative", "years",
                "One machine or task, observed at work.", "Working alone where rules ask for proof."),
    FieldPreset("teaching", "Teaching and facilitation", "open", "years",
                "One session, recorded and explained.", "Designing and judging whole programmes."),
)  # fmt: skip


def field_preset(name: str) -> FieldPreset | None:
    return next((preset for preset in FIELDS if preset.name == name), None)
