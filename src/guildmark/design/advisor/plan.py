"""The work of this quarter on dates (DF10): one task after the other, on working days, from a chosen day on.

Arithmetic: a week has five working days of ``weekly_hours / 5`` hours. A task begins on the working day on which the
hours before it end, and ends on the one on which its own hours end. A start on a weekend moves to the Monday after.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

from guildmark.design.advisor import workload
from guildmark.design.advisor.answers import Answers, Part
from guildmark.design.advisor.saying import Told, joined, n
from guildmark.design.advisor.workload import Model, Owner, Phase
from guildmark.kernel.words import said

WEEKS = 13
#: No plan runs past this many working days (twenty years): later dates would say nothing.
MOST_DAYS = 5 * 52 * 20


PHASE_NAMES: dict[Phase, str] = {
    "competency": said("Competency"),
    "evidence": said("Evidence"),
    "format": said("Format"),
    "image": said("Image"),
}


class PlannedTask(Part):
    """One task on its days. ``this_quarter`` when it ends within thirteen weeks of the start."""

    key: str
    phase: Phase
    title: Told
    owner: Told
    hours: float
    formula: Told
    starts: date
    ends: date
    this_quarter: bool

    @property
    def phase_words(self) -> str:
        return PHASE_NAMES[self.phase]


class Plan(Part):
    """The dated plan. ``hours`` is all of it, ``room`` what thirteen weeks have; both in hours."""

    start: date
    weekly_hours: float
    quarter_ends: date
    hours: float
    room: float
    fits: bool
    text: Told
    tasks: tuple[PlannedTask, ...]


def dated(answers: Answers, model: Model, today: date) -> Plan:
    """The tasks of a model on dates, in the fixed order, the image last."""
    start = working_day(answers.plan.start or today, 0)
    per_day = Fraction(str(answers.plan.weekly_hours)) / 5
    quarter_ends = start + timedelta(days=7 * WEEKS - 1)
    done, made = Fraction(0), []
    for task in workload.tasks(answers, model):
        first = math.floor(done / per_day)
        done += Fraction(str(task.hours))
        last = max(first, math.ceil(done / per_day) - 1)
        ends = working_day(start, last)
        made.append(PlannedTask(
            key=task.key, phase=task.phase, title=task.title, owner=owner(answers, task.owner), hours=task.hours,
            formula=task.formula, starts=working_day(start, first), ends=ends, this_quarter=ends <= quarter_ends,
        ))  # fmt: skip
    room = workload.rounded(WEEKS * answers.plan.weekly_hours)
    hours = workload.rounded(float(done))
    return Plan(start=start, weekly_hours=answers.plan.weekly_hours, quarter_ends=quarter_ends, hours=hours, room=room,
                fits=hours <= room, text=_text(hours, room, answers.plan.weekly_hours), tasks=tuple(made))  # fmt: skip


def _text(hours: float, room: float, weekly: float) -> str:
    have = said("{hours} hours of work; thirteen weeks of {weekly} hours are {room}.",
                hours=n(hours), weekly=n(weekly), room=n(room))  # fmt: skip
    if hours <= room:
        return joined([have, said("It fits into this quarter.")], " ")
    beyond = n(workload.rounded(hours - room))
    more = said("{hours} hours go beyond it: add hours, or begin with a smaller part.", hours=beyond)
    return joined([have, more], " ")


def working_day(start: date, number: int) -> date:
    """The ``number``-th working day, counted from 0, on or after ``start``; Monday to Friday."""
    if start.weekday() >= 5:
        start += timedelta(days=7 - start.weekday())
    weeks, days = divmod(min(number, MOST_DAYS) + start.weekday(), 5)
    return start - timedelta(days=start.weekday()) + timedelta(days=7 * weeks + days)


def owner(answers: Answers, role: Owner) -> str:
    """Who does it: the person named for the role, else the role in words."""
    given = answers.plan
    names = {"lead": given.lead or said("you"), "assessor": given.assessor or said("assessor"),
             "reviewer": given.reviewer or said("second item reviewer"), "panel": said("panel")}  # fmt: skip
    return names[role]
