"""What each model costs in hours: to build, and every year after. Every figure carries its formula with the numbers in.

One list of tasks is behind both the building hours of the comparison and the dated plan, so they cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from guildmark.design.advisor.answers import Answers, Part
from guildmark.design.advisor.saying import Told, formula, joined, n
from guildmark.kernel.words import Amount, Said, marked, numbered, said

Model = Literal["completion", "micro", "certification", "hybrid_anchor", "hybrid_stack", "not_yet"]
Phase = Literal["competency", "evidence", "format", "image"]
PHASES: tuple[Phase, ...] = ("competency", "evidence", "format", "image")
Owner = Literal["lead", "assessor", "reviewer", "panel"]
LAYER_WORDS = {
    "specialization": said("Specialization"),
    "refresher": said("Refresher"),
    "tool-update": said("Tool update"),
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
    formula: Told


class Need(Part):
    """What a model needs to be run: what there is, what is asked for, what the difference costs in hours."""

    key: str
    name: Told
    have: float
    needed: float
    unit: str
    missing: bool
    cost_hours: float
    text: Told
    formula: Told


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
        words = said("Write down when the stack is packaged, and what holders get")
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
    who = answers.decision.who or said("those who decide")
    return [
        _task("decision", "competency", said("Ask two people how they decide: {who}", who=who), "lead", 2, "2 h"),
        _task("competencies", "competency", numbered("Word {n} competency as something a person does",
              "Word {n} competencies as something a person does", n=count),
              "lead", count * rates.competency_hours, _times(count, rates.competency_hours)),
        _task("evidence", "evidence", said("Say for each competency what somebody else can look at"), "lead",
              count * rates.evidence_hours, _times(count, rates.evidence_hours)),
    ]  # fmt: skip


def _times(count: float | str, hours: float) -> Said:
    return formula("{count} × {hours} h", count=count, hours=hours)


def _last() -> list[Task]:
    again = said("Ask the advisor again with the evidence as it stands")
    return [
        _task("settle", "format", again, "lead", 1, "1 h"),
        _task("image", "image", said("Choose the picture"), "lead", 1, "1 h"),
    ]


def _micro(answers: Answers) -> list[Task]:
    count, rates, judges = micros(answers), answers.rates, answers.offer.judges
    pilot = 2 * count * rates.judge_hours * judges + 2
    how = said(
        "2 learners × {count} × {hours} h × {judges} + 2 h",
        count=count,
        hours=n(rates.judge_hours),
        judges=judges,
    )
    return [
        *_first(answers),
        _task("tasks", "evidence", numbered("Write {n} task with a rubric", "Write {n} tasks with a rubric", n=count), "lead",
              count * rates.task_hours, _times(count, rates.task_hours)),
        _task("samples", "evidence", said("Annotate three samples: clear pass, just pass, just fail"), "assessor",
              count * rates.sample_hours, _times(count, rates.sample_hours)),
        _task("pilot", "evidence", said("Let two learners try it, and judge what they hand in"), "assessor", pilot, how),
        *_last(),
        _task("conditions", "format", said("Set price, validity, retakes and the date of the review"), "lead",
              count * 2, _times(count, 2)),
        _task("publish", "format", said("Mend what the publish gate names, and publish"), "lead", count, _times(count, 1)),
    ]  # fmt: skip


def _certification(answers: Answers) -> list[Task]:
    rates, total, domains = answers.rates, items(answers), answers.domains
    questions: dict[str, Any] = {"n": total, "count": Amount(total)}
    made = [
        *_first(answers),
        _task("analysis", "competency", said("Ask people in the work what it consists of, and weight it"), "lead",
              8 + 4 * domains, formula("8 h + {domains} × 4 h", domains=domains)),
        _task("blueprint", "evidence", said("Draw the blueprint: domains, weights, kinds of questions"), "lead",
              4 + domains, formula("4 h + {domains} × 1 h", domains=domains)),
        _task("items", "evidence", numbered("Write {count} questions", "Write {count} questions", **questions), "lead",
              total * rates.item_write_hours, _times(items_formula(answers), rates.item_write_hours)),
        _task("review", "evidence", numbered("Review {count} questions that somebody else wrote",
              "Review {count} questions that somebody else wrote", **questions), "reviewer",
              total * rates.item_review_hours, _times(items_formula(answers), rates.item_review_hours)),
        _task("trial", "evidence", said("Try the forms with a first group and repair questions"), "lead", 12, "12 h"),
        _task("panel", "evidence", said("Set the cut score with a panel of {people}", people=n(rates.panel)), "panel",
              rates.panel * rates.panel_hours, _times(rates.panel, rates.panel_hours)),
        *_last(),
        _task("policies", "format", said("Write the policies on retakes, appeals and accommodation, and the handbook"),
              "lead", 24, "24 h"),
    ]  # fmt: skip
    if judges_work(answers):
        made.append(_task("project", "evidence", said("Write the project with its rubric and three samples"), "assessor",
                          *_task_and_samples(answers)))  # fmt: skip
    return made


def _task_and_samples(answers: Answers) -> tuple[float, Said]:
    task, samples = answers.rates.task_hours, answers.rates.sample_hours
    return task + samples, formula("{task} h + {samples} h", task=task, samples=samples)


def _layers(answers: Answers) -> list[Task]:
    hours, how = _task_and_samples(answers)
    title = marked("{layer}: one task with its rubric and samples")
    return [
        _task(f"layer-{role}", "evidence", said(title, layer=LAYER_WORDS[role]), "lead", hours, how)
        for role in layers(answers)
    ]  # fmt: skip


def layers(answers: Answers) -> tuple[str, ...]:
    """The layers around an anchor, each role once, in the order of the pattern (DF8)."""
    return tuple(role for role in LAYER_WORDS if role in answers.hybrid.layers)


def _recruiting(answers: Answers) -> list[Task]:
    return [
        _task(f"find-{need.key}", "format", said("Find {what}", what=need.name), "lead", 3, "3 h")
        for need in certification_needs(answers)
        if need.missing
    ]


def _completion() -> list[Task]:
    whom = said("Say whom the record is for, and what it must not be taken for")
    means = said("Say what taking part means: sessions, hours, what was opened")
    publish = said("Publish the record and try it with a list of one")
    return [
        _task("decision", "competency", whom, "lead", 1, "1 h"),
        _task("taking-part", "evidence", means, "lead", 1, "1 h"),
        _task("recording", "evidence", said("Arrange how it is recorded"), "lead", 2, "2 h"),
        _task("publish", "format", publish, "lead", 1, "1 h"),
        _task("image", "image", said("Choose the picture"), "lead", 0.5, formula("{hours} h", hours=0.5)),
    ]


def items_formula(answers: Answers) -> Said:
    rates = answers.rates
    return formula(
        "{competencies} × {each} × {forms}",
        competencies=answers.competencies,
        each=rates.items_per_competency,
        forms=rates.forms,
    )


def build(answers: Answers, model: Model) -> Figure:
    """Hours to build: the sum of the tasks."""
    found = tasks(answers, model)
    total = joined((n(task.hours) for task in found), " + ")
    return Figure(value=rounded(sum(task.hours for task in found)), formula=formula("{total} h", total=total))


# --- every year


def _learners(answers: Answers) -> Said:
    count = answers.learners
    return numbered("{count} learners", "{count} learners", n=count, count=Amount(count))


def judging(answers: Answers, model: Model) -> Figure:
    """Hours a year to judge hand-ins, with second judgements and further tries."""
    rates, pieces = answers.rates, micros(answers) if model != "certification" else int(judges_work(answers))
    if model == "completion" or not pieces:
        return Figure(value=0, formula=said("no work is judged"))
    again = 1 + 1 / rates.double_every + 1 / rates.retake_every
    value = answers.learners * pieces * rates.judge_hours * answers.offer.judges * again
    how = formula(
        "{learners} × {pieces} × {hours} h × {judges} × (1 + 1/{double} + 1/{retake})",
        learners=_learners(answers),
        pieces=numbered("{n} piece", "{n} pieces", n=pieces),
        hours=rates.judge_hours,
        judges=numbered("{n} judge", "{n} judges", n=answers.offer.judges),
        double=rates.double_every,
        retake=rates.retake_every,
    )
    return Figure(value=rounded(value), formula=how)


def examining(answers: Answers) -> Figure:
    """Hours a year to run the exam, with further tries."""
    rates = answers.rates
    value = answers.learners * rates.exam_hours * (1 + 1 / rates.retake_every)
    how = formula(
        "{learners} × {hours} h × (1 + 1/{retake})",
        learners=_learners(answers),
        hours=rates.exam_hours,
        retake=rates.retake_every,
    )
    return Figure(value=rounded(value), formula=how)


def updating(answers: Answers, model: Model) -> Figure:
    """Hours a year to keep it true: reviews of standards, or new questions and governance."""
    rates, change = answers.rates, answers.questions.change or "year"
    if model == "completion":
        return Figure(value=1, formula="1 h")
    if model == "certification":
        years, total = RENEWAL_YEARS[change], items(answers)
        each = rates.item_write_hours + rates.item_review_hours
        value = total * each / years + rates.governance_hours
        how = formula(
            "{questions} × {each} h / {years} + {governance} h",
            questions=numbered("{count} questions", "{count} questions", n=total, count=Amount(total)),
            each=each,
            years=numbered("{n} year", "{n} years", n=years),
            governance=rates.governance_hours,
        )
        return Figure(value=rounded(value), formula=how)
    months, count = REVIEW_MONTHS[change], micros(answers)
    value = count * rates.review_hours * 12 / months
    how = said(
        "{count} × {hours} h × 12/{months} months", count=count, hours=n(rates.review_hours), months=months
    )
    return Figure(value=rounded(value), formula=how)


def upkeep(answers: Answers, model: Model) -> Figure:
    """Hours a year to keep it true, with the layers around an anchor; judging and examining not counted."""
    if model != "hybrid_anchor":
        return updating(answers, model)
    anchor, around = updating(answers, "certification"), _of_layers(answers)
    return Figure(value=rounded(anchor.value + around.value), formula=f"{anchor.formula} + {around.formula}")


def yearly(answers: Answers, model: Model) -> Figure:
    """Hours a year to run it, judging included."""
    parts = [judging(answers, model), updating(answers, model)]
    if model == "certification":
        parts.insert(1, examining(answers))
    if model == "hybrid_anchor":
        parts = [yearly(answers, "certification"), _of_layers(answers)]
        return Figure(
            value=rounded(sum(p.value for p in parts)), formula=joined((p.formula for p in parts), " + ")
        )
    used = [part for part in parts if part.value] or parts[-1:]
    return Figure(
        value=rounded(sum(p.value for p in parts)), formula=joined((part.formula for part in used), " + ")
    )


def _of_layers(answers: Answers) -> Figure:
    count, rates = len(layers(answers)), answers.rates
    months = REVIEW_MONTHS[answers.questions.change or "year"]
    value = count * rates.review_hours * 12 / months
    how = numbered(
        "{n} layers × {hours} h × 12/{months} months",
        "{n} layers × {hours} h × 12/{months} months",
        n=count,
        hours=n(rates.review_hours),
        months=months,
    )
    return Figure(value=rounded(value), formula=how)


def per_learner(answers: Answers, model: Model) -> Figure | None:
    """Hours that belief in it costs per learner: a year's share of the building, and the year. None without learners."""
    if not answers.learners:
        return None
    built, year, years = build(answers, model).value, yearly(answers, model).value, answers.rates.build_years
    value = (built / years + year) / answers.learners
    how = said(
        "({built} h / {years} + {year} h a year) / {learners}",
        built=n(built),
        years=numbered("{count} years", "{count} years", n=years, count=Amount(years)),
        year=n(year),
        learners=_learners(answers),
    )
    return Figure(value=rounded(value), formula=how)


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
    work_formula = joined([judge.formula, exam.formula], " + ") if judge.value else exam.formula
    panel = panel_short or rates.panel
    return (
        _people("item_writer", said("an item writer"), writers, 1, write, _times(items_formula(answers), rates.item_write_hours),
                said("you have nobody who writes questions")),
        _people("item_reviewer", said("a second item reviewer"), reviewers, 1, review,
                _times(items_formula(answers), rates.item_review_hours), said("you have no second item reviewer")),
        _people("panel", numbered("{count} panel member", "{count} panel members", n=panel, count=Amount(panel)),
                given.panel_members or 0, rates.panel, rounded(panel_short * rates.panel_hours),
                _times(panel_short, rates.panel_hours),
                said("your panel is {short} short of {people}", short=n(panel_short), people=n(rates.panel))),
        _hours("assessor", said("hours to judge and examine"), given.assessor_hours, work, work_formula),
        _hours("update", said("hours to keep questions and policies current"), given.update_hours, update.value, update.formula),
    )  # fmt: skip


def micro_needs(answers: Answers) -> tuple[Need, ...]:
    """What micro-credentials need to be run: hours to judge, and hours to review."""
    judge, update, given = judging(answers, "micro"), updating(answers, "micro"), answers.capacity
    review = said("hours to review the standards")
    return (
        _hours("assessor", said("hours to judge"), given.assessor_hours, judge.value, judge.formula),
        _hours("update", review, given.update_hours, update.value, update.formula),
    )


def _people(key: str, name: str, have: int, needed: int, cost: float, how: str, text: str) -> Need:
    missing = have < needed
    there = said("{what}: {have} there, {needed} needed", what=name, have=n(have), needed=n(needed))
    return Need(key=key, name=name, have=have, needed=needed, unit="people", missing=missing,
                cost_hours=cost if missing else 0, text=text if missing else there, formula=how)  # fmt: skip


def _hours(key: str, name: str, have: float | None, needed: float, how: str) -> Need:
    short = rounded(max(0, needed - (have or 0)))
    places = {"what": name, "have": n(have or 0), "needed": n(needed)}
    if not short:
        text = said("{what}: {have} a year there, {needed} needed", **places)
    elif have is None:
        text = said("{short} {what} a year are missing: none are given, it takes {needed}",
                    short=n(short), what=name, needed=n(needed))  # fmt: skip
    else:
        text = said(
            "{short} {what} a year are missing: you have {have}, it takes {needed}", short=n(short), **places
        )
    return Need(key=key, name=name, have=have or 0, needed=needed, unit="hours a year", missing=bool(short),
                cost_hours=short, text=text, formula=how)  # fmt: skip
