"""What we assume of impostors at work samples: every figure with its sentence, all of it open to change.

None of these is measured. They are judgements of ours, set so that they rather flatter the impostor, and printed
with every number that rests on them. ``WorkAssumptions.changed`` puts others in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from guildmark.psychometrics.errors import ImpossibleModel, need_chance
from guildmark.psychometrics.estimates import Assumption, judged
from guildmark.psychometrics.sentences import Sentence, marked, said, whole_percent

Worker = Literal["copier", "template_filler", "fluent_writer", "talker"]
WORKERS: tuple[Worker, ...] = ("copier", "template_filler", "fluent_writer", "talker")
NAMES: Mapping[str, str] = {
    "copier": marked("Copier of finished work"),
    "template_filler": marked("Template filler"),
    "fluent_writer": marked("Fluent but unspecific writer"),
    "talker": marked("Talker without the work"),
}
DOES: Mapping[str, str] = {
    "copier": marked("Hands in a published sample, or what somebody else handed in, as their own."),
    "template_filler": marked(
        "Takes a template and fills in names and figures, without knowing what they do."
    ),
    "fluent_writer": marked("Writes well about the subject, or has it written, and says nothing specific."),
    "talker": marked("Explains convincingly work that was never done."),
}
FORMS: Mapping[str, str] = {
    "artefact": marked("a finished piece of work"),
    "artefact_text": marked("a finished piece of text"),
    "repaired": marked("a repaired piece of work"),
    "before_after": marked("the state before and after"),
    "configuration": marked("a working configuration"),
    "scenario": marked("a decision with reasons"),
    "performance": marked("a recorded performance"),
    "observation": marked("a watched performance"),
    "walkthrough": marked("a recorded walkthrough"),
    "analysis": marked("an analysis"),
    "attendance": marked("attendance"),
}
CHECKS: Mapping[str, str] = {
    "statement": marked("a signed statement"),
    "version_history": marked("the history of the work"),
    "walkthrough": marked("a walkthrough of the work"),
    "defence": marked("a question about their own work"),
    "watched_online": marked("being watched online"),
    "supervised": marked("being watched while working"),
}
# The chance that one judge passes a criterion, by what is looked at. The copier's holds where the copy fits.
_JUDGED: Mapping[Worker, tuple[float, ...]] = {
    "copier": (0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.50, 0.02, 0.30, 0.95, 1.0),
    "template_filler": (0.35, 0.35, 0.05, 0.12, 0.30, 0.15, 0.03, 0.02, 0.08, 0.20, 1.0),
    "fluent_writer": (0.25, 0.35, 0.10, 0.15, 0.10, 0.30, 0.05, 0.02, 0.25, 0.35, 1.0),
    "talker": (0.04, 0.10, 0.04, 0.04, 0.04, 0.30, 0.05, 0.02, 0.50, 0.20, 1.0),
}
# The chance that an authorship check finds nothing.
_UNNOTICED: Mapping[Worker, tuple[float, ...]] = {
    "copier": (0.95, 0.25, 0.10, 0.05, 0.25, 0.02),
    "template_filler": (0.95, 0.60, 0.30, 0.12, 0.60, 0.30),
    "fluent_writer": (0.95, 0.40, 0.20, 0.10, 0.30, 0.10),
    "talker": (0.95, 0.30, 0.40, 0.30, 0.30, 0.10),
}
# Key: the value, and its sentence with a place for the value.
_GENERAL: Mapping[str, tuple[float, str]] = {
    "copy.published": (1.0, marked("Where a passing sample is published, a copy is at hand with a chance of {share}.")),
    "copy.leaked": (0.5, marked("Where no passing sample is published, somebody else's work is at hand with a chance of {share}.")),
    "copy.own_material": (0.05, marked("Where everybody works on material of their own, a copy fits with a chance of {share}.")),
    "copy.misfit": (0.03, marked("Where the copy does not fit the task, a judge still passes a criterion with a chance of {share}.")),
    "own_material": (0.6, marked("On material of their own, templates and unspecific words keep {share} of their chance.")),
    "impression": (0.2, marked("In {share} of the cases one impression decides all criteria; else each is judged for itself.")),
    "judges": (0.5, marked("A further judge only repeats the one before in {share} of the cases.")),
    "checks": (0.5, marked("Each check of authorship after the strongest does {share} of what it would do alone.")),
    "feedback": (0.05, marked("A further attempt mends {share} of what was missing in a criterion, by what the judge wrote.")),
}  # fmt: skip


def _defaults() -> dict[str, float]:
    values = {key: value for key, (value, _) in _GENERAL.items()}
    for worker in WORKERS:
        values |= {f"{worker}.{form}": p for form, p in zip(FORMS, _JUDGED[worker], strict=True)}
        values |= {f"{worker}.unnoticed.{c}": p for c, p in zip(CHECKS, _UNNOTICED[worker], strict=True)}
    return values


@dataclass(frozen=True)
class WorkAssumptions:
    """The figures by key, such as ``fluent_writer.artefact``; all are chances or shares from 0 to 1."""

    values: Mapping[str, float] = field(default_factory=_defaults)

    def __getitem__(self, key: str) -> float:
        return self.values[key]

    def changed(self, values: Mapping[str, float]) -> WorkAssumptions:
        """The same with other figures; ImpossibleModel for a key that is not known or a value that is no chance."""
        for key, value in values.items():
            if key not in self.values:
                raise ImpossibleModel(
                    key, "There is no such assumption.", f"Choose from {', '.join(self.values)}."
                )
            need_chance(key, value)
        return WorkAssumptions({**self.values, **values})

    def sentence(self, key: str) -> Sentence:
        """One assumption for people, with its value."""
        share = whole_percent(self.values[key])
        if key in _GENERAL:
            return said(_GENERAL[key][1], share=share)
        worker, _, rest = key.partition(".")
        name = said(NAMES[worker])
        if rest.startswith("unnoticed."):
            check = said(CHECKS[rest.partition(".")[2]])
            return said(
                "{name}: {check} finds nothing in {share} of the cases.", name=name, check=check, share=share
            )
        form = said(FORMS[rest])
        return said(
            "{name}: a judge passes a criterion seen in {form} with a chance of {share}.",
            name=name,
            form=form,
            share=share,
        )

    def printed(self, keys: Iterable[str]) -> tuple[Assumption, ...]:
        """The assumptions with these keys, each once, in the order given."""
        return tuple(judged(key, self.sentence(key), self.values[key]) for key in dict.fromkeys(keys))
