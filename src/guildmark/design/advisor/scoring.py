"""What every answer counts. One axis: points above zero lean to a certification (standardization, breadth,
recognition), points below zero to a micro-credential (speed, proof, parts). The points are ours and printed with every
piece of advice; nothing else enters the score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from guildmark.design.advisor.answers import Answers, Part, value_at
from guildmark.design.advisor.saying import Told
from guildmark.kernel.words import said as _

Axis = Literal["architecture", "assessment", "market"]
#: From this score on the answers lean to a certification.
THRESHOLD = 5


class Alternative(Part):
    """Another answer that could have been given, and what it would count."""

    answer: Told
    points: int


class Contribution(Part):
    """What one answer counts. ``path`` names the answer, ``alternatives`` what the others would count."""

    path: str
    axis: Axis
    question: Told
    answer: Told
    points: int
    reason: Told
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Option:
    """One answer to a choice: its value, its words, its points and why."""

    value: Any
    words: str
    points: int
    reason: str


@dataclass(frozen=True)
class Question:
    """A question with a choice of answers. ``derived`` reads the value from several answers or numbers."""

    path: str
    axis: Axis
    words: str
    options: tuple[Option, ...]
    open: str = _("An open question counts nothing.")
    derived: Callable[[Answers], Any] | None = None

    def value(self, answers: Answers) -> Any:
        return self.derived(answers) if self.derived else value_at(answers, self.path)


def breadth(answers: Answers) -> str:
    """How broad it is, from the numbers alone: narrow, middle, broad or very broad (DF4)."""
    if answers.certification.competencies is None:
        return ""
    count, domains = answers.competencies, answers.domains
    if count >= 14 or domains >= 5:
        return "very broad"
    if count >= 8 or domains >= 3:
        return "broad"
    return "narrow" if count <= 3 and domains <= 1 else "middle"


def _commitment(answers: Answers) -> str:
    hours = answers.offer.study_hours
    if hours is None:
        return ""
    return "short" if hours <= 15 else "long" if hours >= 60 else "middle"


def _work_samples(answers: Answers) -> Any:
    if answers.micro.work_samples and not answers.names_work:
        return "unnamed"
    return answers.micro.work_samples


QUESTIONS: tuple[Question, ...] = (
    Question("questions.outcome", "market", _("What should it lead to at work?"), (
        Option("task", _("one job or task, done"), -3, _("One task is proven best by doing it.")),
        Option("tasks", _("several tasks of one job"), 0, _("Several tasks can be shown one by one or together.")),
        Option("role", _("a whole role"), 3, _("A role needs a body of knowledge that holds across situations.")),
        Option("attend", _("that somebody took part"), 0, _("Taking part is recorded, not scored.")),
    )),
    Question("questions.evidence", "assessment", _("What would a sceptic want to see?"), (
        Option("work", _("their work"), -3, _("Work is looked at piece by piece.")),
        Option("exam", _("comparable results under the same conditions"), 3,
               _("Comparable results need an exam with a justified cut score.")),
        Option("both", _("work and comparable results"), 1, _("Both together ask for more than one assessed task.")),
        Option("attendance", _("that they were there"), 0, _("Being there is recorded, not scored.")),
    )),
    Question("questions.change", "architecture", _("How soon does the skill change?"), (
        Option("months", _("within months"), -2, _("What changes within months must be renewed in small parts.")),
        Option("year", _("within a year or two"), -1, _("A year or two is short for a bank of questions.")),
        Option("years", _("over years"), 2, _("What holds for years repays a thorough build.")),
    )),
    Question("questions.place", "architecture", _("Where does it stand among your offers?"), (
        Option("flagship", _("it is the flagship"), 2, _("A flagship carries breadth and a longer commitment.")),
        Option("pathway", _("it is a step on a pathway"), -2, _("A step is finished quickly and adds up with others.")),
        Option("alone", _("it stands beside the others"), 0, _("Beside the others, either fits.")),
    )),
    Question("certification.industry", "market", _("How does the field hire?"), (
        Option("regulated", _("it is regulated"), 3, _("Regulated work asks for a governed standard.")),
        Option("conservative", _("conservatively, by known titles"), 2, _("Careful buyers look for a recognised title first.")),
        Option("open", _("by what people can show"), -1, _("Where work is looked at first, proof beats a title.")),
    )),
    Question("breadth", "architecture", _("How broad is it?"), (
        Option("narrow", _("up to 3 competencies in one domain"), -2, _("A certification would oversell something this narrow.")),
        Option("middle", _("4 to 7 competencies, or two domains"), 0, _("This size fits either.")),
        Option("broad", _("8 to 13 competencies, or three or four domains"), 2, _("A narrow badge would undersell this breadth.")),
        Option("very broad", _("14 competencies or more, or five domains"), 3,
               _("No single badge can carry this breadth.")),
    ), _("Say how many competencies there are."), derived=breadth),
    Question("certification.premium", "market", _("What price is meant?"), (
        Option("premium", _("premium by design"), 1, _("A premium price needs an assessment that justifies it.")),
        Option("middle", _("in the middle"), 0, _("A middle price fits either.")),
        Option("entry", _("low, for many"), -1, _("A low price does not pay for governance.")),
    )),
    Question("commitment", "market", _("How long does a learner study?"), (
        Option("short", _("15 hours or less"), -1, _("A short course cannot prepare for a broad exam.")),
        Option("middle", _("more than 15 and less than 60 hours"), 0, _("This length fits either.")),
        Option("long", _("60 hours or more"), 1, _("A long commitment expects a result that counts for long.")),
    ), _("Say how many hours of study there are."), derived=_commitment),
    Question("micro.specific", "architecture", _("Can one sentence say what exactly was done?"), (
        Option(True, _("yes"), -1, _("A specific promise is proven in one piece.")),
        Option(False, _("no"), 1, _("What no single sentence can say needs a blueprint.")),
    )),
    Question("micro.stackable", "architecture", _("Can it be stacked with others?"), (
        Option(True, _("yes"), -1, _("Parts that add up are worth having one by one.")),
        Option(False, _("no"), 0, _("Standing alone counts for neither.")),
    )),
    Question("work_samples", "assessment", _("Will learners hand in real work that can be seen?"), (
        Option(True, _("yes, and one is named"), -2, _("Visible work is the strongest proof of a specific skill.")),
        Option("unnamed", _("yes, but none is named"), 0, _("Counts nothing until one piece of work is named.")),
        Option(False, _("no"), 1, _("Without work to look at, an exam has to carry the claim.")),
    ), derived=_work_samples),
)  # fmt: skip


def contributions(answers: Answers) -> tuple[Contribution, ...]:
    """What every answer counts, in the order of the questions; their points sum to the score (DF2)."""
    return tuple(_contribution(question, question.value(answers)) for question in QUESTIONS)


def _chosen(question: Question, value: Any) -> Option | None:
    # An open question compares as a type of its own: False is an answer, None and "" are not.
    return next((o for o in question.options if o.value == value and type(o.value) is type(value)), None)


def _contribution(question: Question, value: Any) -> Contribution:
    chosen = _chosen(question, value)
    others = tuple(Alternative(answer=o.words, points=o.points) for o in question.options if o is not chosen)
    return Contribution(
        path=question.path,
        axis=question.axis,
        question=question.words,
        answer=chosen.words if chosen else _("not answered"),
        points=chosen.points if chosen else 0,
        reason=chosen.reason if chosen else question.open,
        alternatives=others,
    )


def score(answers: Answers) -> int:
    """The sum of what the answers count."""
    chosen = (_chosen(question, question.value(answers)) for question in QUESTIONS)
    return sum(option.points for option in chosen if option)


class Strength(Part):
    """How much the planned evidence proves, or how complex the skill is: ``value`` of ``most``, line by line."""

    value: int
    most: int = 10
    lines: tuple[Alternative, ...]


def evidence_strength(answers: Answers) -> Strength:
    """What the planned assessment would prove, 0 to 10 (DF12, DF13)."""
    kinds = {"work": 3, "exam": 3, "both": 5}
    hours = answers.offer.assessment_hours or 0
    judged = answers.questions.evidence in {"work", "both"}
    lines = (
        (_("What is looked at"), kinds.get(answers.questions.evidence, 0)),
        (_("A piece of work is named"), int(answers.names_work)),
        (_("Judges of each hand-in"), min(2, answers.offer.judges) if judged else 0),
        (_("Hours in which a learner is assessed"), 0 if hours < 0.5 else 1 if hours < 2 else 2),
    )
    return _strength(lines)


def complexity(answers: Answers) -> Strength:
    """How complex the skill is, 0 to 10 (DF13)."""
    count, domains = answers.competencies, answers.domains
    lines = (
        (_("Competencies"), sum(count >= bound for bound in (3, 5, 8, 14))),
        (_("Domains"), sum(domains >= bound for bound in (2, 3, 5))),
        (_("What it leads to"), {"tasks": 2, "role": 3}.get(answers.questions.outcome, 0)),
    )
    return _strength(lines)


def _strength(lines: tuple[tuple[str, int], ...]) -> Strength:
    rows = tuple(Alternative(answer=words, points=points) for words, points in lines)
    return Strength(value=sum(row.points for row in rows), lines=rows)
