"""What each model costs in hours: to build, and every year after. Every figure carries its formula with the numbers in.

One list of tasks is behind both the building hours of the comparison and the dated plan, so they cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from guildmark.design.advisor.answers import Answers, Part

Model = Literal["completion", "micro", "certification", "hybrid_anchor", "hybrid_stack", "not_yet"]
Phase = Literal["competency", "evidence", "format", "image"]
PHASES: tuple[Phase, ...] = ("competency", "evidence", "format", "image")
Owner = Literal["lead", "assessor", "reviewer", "panel"]
LAYER_WORDS = {
    "specialization": "Specialization",
    "refresher": "Refresher",
    "tool-update": "Tool update",
}
#: Months after which a standard is looked at again, and years after which a question is renewed, by change.
REVIEW_MONTHS = {"months": 6, "year": 12, "years": 24}
RENEWAL_YEARS = {"months": 1, "year": 2, "years": 4}


@dataclass(frozen=True)
class Task:
    """One thing to do: ``hours`` follow from ``formula``."""

    key: str
    phase: Phase
    title: str
    owner: Owner
    hours: float
    formula: str


class Figure(Part):
    """A number of hours and how it comes about."""

    value: float
    formula: str


class Need(Part):
    """What a model needs to be run: what there is, what is asked for, what the difference costs in hours."""

    key: str
    name: str
    have: float
    needed: float
    unit: str
    missing: bool
    cost_hours: float
    text: str
    formula: str


def n(value: float) -> str:
    """A number as people write it: no trailing zeros, one or two decimals."""
    return f"{round(value, 2):g}" if abs(value) < 100_000 else f"{round(value):d}"


def rounded(value: float) -> float:
    return round(value + 0.0, 2)


def micros(answers: Answers) -> int:
    """How many micro-credentials the competencies make."""
    return math.ceil(answers.competencies / answers.rates.competencies_per_micro)


def items(answers: Answers) -> int:
    """How many questions the forms of an exam need."""
    rates = answers.rates
    return answers.competencies * rates.items_per_competency * rates.forms


def judges_work(answers: Answers) -> bool:
    return answers.questions.evidence in {"work", "both"} or answers.names_work


# --- tasks


def tasks(answers: Answers, model: Model) -> tuple[Task, ...]:
    """What is to be done for a model, in the fixed order: competency, evidence, format, image last."""
    if model == "completion":
        found = _completion()
    elif model == "certification":
        found = _certification(answers)
    elif model == "hybrid_anchor":
        found = _certification(answers) + _layers(answers)
    elif model == "hybrid_stack":
        words = "Write down when the stack is packaged, and what holders get"
        found = [*_micro(answers), _task("package", "format", words, "lead", 2, "2 h")]
    elif model == "not_yet":
        found = _micro(answers) + _recruiting(answers)
    else:
        found = _micro(answers)
    return tuple(sorted(found, key=lambda task: PHASES.index(task.phase)))


def _task(key: str, phase: Phase, title: str, owner: Owner, hours: float, formula: str) -> Task:
    return Task(key, phase, title, owner, rounded(hours), formula)


def _first(answers: Answers) -> list[Task]:
    """What both models begin with."""
    count, rates = answers.competencies, answers.rates
    who = answers.decision.who or "those who decide"
    return [
        _task("decision", "competency", f"Ask two people how they decide: {who}", "lead", 2, "2 h"),
        _task("competencies", "competency", f"Word {_many(count, 'competency', 'competencies')} as something a person does",
              "lead", count * rates.competency_hours, f"{count} × {n(rates.competency_hours)} h"),
        _task("evidence", "evidence", "Say for each competency what somebody else can look at", "lead",
              count * rates.evidence_hours, f"{count} × {n(rates.evidence_hours)} h"),
    ]  # fmt: skip


def _last() -> list[Task]:
    return [
        _task("settle", "format", "Ask the advisor again with the evidence as it stands", "lead", 1, "1 h"),
        _task("image", "image", "Choose the picture", "lead", 1, "1 h"),
    ]


def _micro(answers: Answers) -> list[Task]:
    count, rates = micros(answers), answers.rates
    pilot = 2 * count * rates.judge_hours * answers.offer.judges + 2
    formula = f"2 learners × {count} × {n(rates.judge_hours)} h × {answers.offer.judges} + 2 h"
    return [
        *_first(answers),
        _task("tasks", "evidence", f"Write {_many(count, 'task', 'tasks')} with a rubric", "lead",
              count * rates.task_hours, f"{count} × {n(rates.task_hours)} h"),
        _task("samples", "evidence", "Annotate three samples: clear pass, just pass, just fail", "assessor",
              count * rates.sample_hours, f"{count} × {n(rates.sample_hours)} h"),
        _task("pilot", "evidence", "Let two learners try it, and judge what they hand in", "assessor", pilot, formula),
        *_last(),
        _task("conditions", "format", "Set price, validity, retakes and the date of the review", "lead",
              count * 2, f"{count} × 2 h"),
        _task("publish", "format", "Mend what the publish gate names, and publish", "lead", count, f"{count} × 1 h"),
    ]  # fmt: skip


def _certification(answers: Answers) -> list[Task]:
    rates, total, domains = answers.rates, items(answers), answers.domains
    made = [
        *_first(answers),
        _task("analysis", "competency", "Ask people in the work what it consists of, and weight it", "lead",
              8 + 4 * domains, f"8 h + {domains} × 4 h"),
        _task("blueprint", "evidence", "Draw the blueprint: domains, weights, kinds of questions", "lead",
              4 + domains, f"4 h + {domains} × 1 h"),
        _task("items", "evidence", f"Write {total} questions", "lead", total * rates.item_write_hours,
              f"{items_formula(answers)} × {n(rates.item_write_hours)} h"),
        _task("review", "evidence", f"Review {total} questions that somebody else wrote", "reviewer",
              total * rates.item_review_hours, f"{items_formula(answers)} × {n(rates.item_review_hours)} h"),
        _task("trial", "evidence", "Try the forms with a first group and repair questions", "lead", 12, "12 h"),
        _task("panel", "evidence", f"Set the cut score with a panel of {rates.panel}", "panel",
              rates.panel * rates.panel_hours, f"{rates.panel} × {n(rates.panel_hours)} h"),
        *_last(),
        _task("policies", "format", "Write the policies on retakes, appeals and accommodation, and the handbook",
              "lead", 24, "24 h"),
    ]  # fmt: skip
    if judges_work(answers):
        hours = rates.task_hours + rates.sample_hours
        made.append(_task("project", "evidence", "Write the project with its rubric and three samples", "assessor",
                          hours, f"{n(rates.task_hours)} h + {n(rates.sample_hours)} h"))  # fmt: skip
    return made


def _layers(answers: Answers) -> list[Task]:
    hours = answers.rates.task_hours + answers.rates.sample_hours
    formula = f"{n(answers.rates.task_hours)} h + {n(answers.rates.sample_hours)} h"
    return [
        _task(f"layer-{role}", "evidence", f"{LAYER_WORDS[role]}: one task with its rubric and samples", "lead", hours, formula)
        for role in layers(answers)
    ]  # fmt: skip


def layers(answers: Answers) -> tuple[str, ...]:
    """The layers around an anchor, each role once, in the order of the pattern (DF8)."""
    return tuple(role for role in LAYER_WORDS if role in answers.hybrid.layers)


def _recruiting(answers: Answers) -> list[Task]:
    return [
        _task(f"find-{need.key}", "format", f"Find {need.name}", "lead", 3, "3 h")
        for need in certification_needs(answers)
        if need.missing
    ]


def _completion() -> list[Task]:
    return [
        _task(
            "decision",
            "competency",
            "Say whom the record is for, and what it must not be taken for",
            "lead",
            1,
            "1 h",
        ),
        _task(
            "taking-part",
            "evidence",
            "Say what taking part means: sessions, hours, what was opened",
            "lead",
            1,
            "1 h",
        ),
        _task("recording", "evidence", "Arrange how it is recorded", "lead", 2, "2 h"),
        _task("publish", "format", "Publish the record and try it with a list of one", "lead", 1, "1 h"),
        _task("image", "image", "Choose the picture", "lead", 0.5, "0.5 h"),
    ]


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def items_formula(answers: Answers) -> str:
    rates = answers.rates
    return f"{answers.competencies} × {rates.items_per_competency} × {rates.forms}"


def build(answers: Answers, model: Model) -> Figure:
    """Hours to build: the sum of the tasks."""
    found = tasks(answers, model)
    formula = " + ".join(n(task.hours) for task in found)
    return Figure(value=rounded(sum(task.hours for task in found)), formula=f"{formula} h")


# --- every year


def judging(answers: Answers, model: Model) -> Figure:
    """Hours a year to judge hand-ins, with second judgements and further tries."""
    rates, pieces = answers.rates, micros(answers) if model != "certification" else int(judges_work(answers))
    if model == "completion" or not pieces:
        return Figure(value=0, formula="no work is judged")
    again = 1 + 1 / rates.double_every + 1 / rates.retake_every
    value = answers.learners * pieces * rates.judge_hours * answers.offer.judges * again
    formula = (
        f"{answers.learners} learners × {_many(pieces, 'piece', 'pieces')} × {n(rates.judge_hours)} h × "
        f"{_many(answers.offer.judges, 'judge', 'judges')} × (1 + 1/{rates.double_every} + 1/{rates.retake_every})"
    )
    return Figure(value=rounded(value), formula=formula)


def examining(answers: Answers) -> Figure:
    """Hours a year to run the exam, with further tries."""
    rates = answers.rates
    value = answers.learners * rates.exam_hours * (1 + 1 / rates.retake_every)
    formula = f"{answers.learners} learners × {n(rates.exam_hours)} h × (1 + 1/{rates.retake_every})"
    return Figure(value=rounded(value), formula=formula)


def updating(answers: Answers, model: Model) -> Figure:
    """Hours a year to keep it true: reviews of standards, or new questions and governance."""
    rates, change = answers.rates, answers.questions.change or "year"
    if model == "completion":
        return Figure(value=1, formula="1 h")
    if model == "certification":
        years, total = RENEWAL_YEARS[change], items(answers)
        each = rates.item_write_hours + rates.item_review_hours
        value = total * each / years + rates.governance_hours
        formula = f"{total} questions × {n(each)} h / {_many(years, 'year', 'years')} + {n(rates.governance_hours)} h"
        return Figure(value=rounded(value), formula=formula)
    months, count = REVIEW_MONTHS[change], micros(answers)
    value = count * rates.review_hours * 12 / months
    return Figure(value=rounded(value), formula=f"{count} × {n(rates.review_hours)} h × 12/{months} months")


def yearly(answers: Answers, model: Model) -> Figure:
    """Hours a year to run it, judging included."""
    parts = [judging(answers, model), updating(answers, model)]
    if model == "certification":
        parts.insert(1, examining(answers))
    if model == "hybrid_anchor":
        micro = _of_layers(answers)
        base = yearly(answers, "certification")
        return Figure(value=rounded(base.value + micro.value), formula=f"{base.formula} + {micro.formula}")
    used = [part for part in parts if part.value] or parts[-1:]
    return Figure(
        value=rounded(sum(p.value for p in parts)), formula=" + ".join(part.formula for part in used)
    )


def _of_layers(answers: Answers) -> Figure:
    count, rates = len(layers(answers)), answers.rates
    months = REVIEW_MONTHS[answers.questions.change or "year"]
    value = count * rates.review_hours * 12 / months
    return Figure(
        value=rounded(value), formula=f"{count} layers × {n(rates.review_hours)} h × 12/{months} months"
    )


def per_learner(answers: Answers, model: Model) -> Figure | None:
    """Hours that belief in it costs per learner: a year's share of the building, and the year. None without learners."""
    if not answers.learners:
        return None
    built, year, years = build(answers, model).value, yearly(answers, model).value, answers.rates.build_years
    value = (built / years + year) / answers.learners
    formula = f"({n(built)} h / {years} years + {n(year)} h a year) / {answers.learners} learners"
    return Figure(value=rounded(value), formula=formula)


# --- who could run it


def certification_needs(answers: Answers) -> tuple[Need, ...]:
    """What a certification cannot do without (DF5). What is not said counts as not there."""
    given, rates, total = answers.capacity, answers.rates, items(answers)
    writers, reviewers = given.item_writers or 0, given.item_reviewers or 0
    review = rounded(total * rates.item_review_hours)
    write = rounded(total * rates.item_write_hours)
    judge, exam, update = (
        judging(answers, "certification"),
        examining(answers),
        updating(answers, "certification"),
    )
    panel_short = max(0, rates.panel - (given.panel_members or 0))
    work = rounded(judge.value + exam.value)
    work_formula = exam.formula if not judge.value else f"{judge.formula} + {exam.formula}"
    return (
        _people("item_writer", "an item writer", writers, 1, write, f"{items_formula(answers)} × {n(rates.item_write_hours)} h",
                "you have nobody who writes questions"),
        _people("item_reviewer", "a second item reviewer", reviewers, 1, review,
                f"{items_formula(answers)} × {n(rates.item_review_hours)} h", "you have no second item reviewer"),
        _people("panel", f"{_many(panel_short or rates.panel, 'panel member', 'panel members')}", given.panel_members or 0, rates.panel,
                rounded(panel_short * rates.panel_hours), f"{panel_short} × {n(rates.panel_hours)} h",
                f"your panel is {panel_short} short of {rates.panel}"),
        _hours("assessor", "hours to judge and examine", given.assessor_hours, work, work_formula),
        _hours("update", "hours to keep questions and policies current", given.update_hours, update.value, update.formula),
    )  # fmt: skip


def micro_needs(answers: Answers) -> tuple[Need, ...]:
    """What micro-credentials need to be run: hours to judge, and hours to review."""
    judge, update = judging(answers, "micro"), updating(answers, "micro")
    return (
        _hours("assessor", "hours to judge", answers.capacity.assessor_hours, judge.value, judge.formula),
        _hours(
            "update",
            "hours to review the standards",
            answers.capacity.update_hours,
            update.value,
            update.formula,
        ),
    )


def _people(key: str, name: str, have: int, needed: int, cost: float, formula: str, text: str) -> Need:
    missing = have < needed
    return Need(key=key, name=name, have=have, needed=needed, unit="people", missing=missing,
                cost_hours=cost if missing else 0, text=text if missing else f"{name}: {have} there, {needed} needed",
                formula=formula)  # fmt: skip


def _hours(key: str, name: str, have: float | None, needed: float, formula: str) -> Need:
    short = rounded(max(0, needed - (have or 0)))
    said = "none are given" if have is None else f"you have {n(have)}"
    text = f"{name}: {n(have or 0)} a year there, {n(needed)} needed" if not short else (
        f"{n(short)} {name} a year are missing: {said}, it takes {n(needed)}")  # fmt: skip
    return Need(key=key, name=name, have=have or 0, needed=needed, unit="hours a year", missing=bool(short),
                cost_hours=short, text=text, formula=formula)  # fmt: skip
