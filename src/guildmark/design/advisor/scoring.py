"""What every answer counts. One axis: points above zero lean to a certification (standardization, breadth,
recognition), points below zero to a micro-credential (speed, proof, parts). The points are ours and printed with every
piece of advice; nothing else enters the score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from guildmark.design.advisor.answers import Answers, Part, value_at

Axis = Literal["architecture", "assessment", "market"]
#: From this score on the answers lean to a certification.
THRESHOLD = 5


class Alternative(Part):
    """Another answer that could have been given, and what it would count."""

    answer: str
    points: int


class Contribution(Part):
    """What one answer counts. ``path`` names the answer, ``alternatives`` what the others would count."""

    path: str
    axis: Axis
    question: str
    answer: str
    points: int
    reason: str
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
    open: str = "An open question counts nothing."
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
    Question("questions.outcome", "market", "What should it lead to at work?", (
        Option("task", "one job or task, done", -3, "One task is proven best by doing it."),
        Option("tasks", "several tasks of one job", 0, "Several tasks can be shown one by one or together."),
        Option("role", "a whole role", 3, "A role needs a body of knowledge that holds across situations."),
        Option("attend", "that somebody took part", 0, "Taking part is recorded, not scored."),
    )),
    Question("questions.evidence", "assessment", "What would a sceptic want to see?", (
        Option("work", "their work", -3, "Work is looked at piece by piece."),
        Option("exam", "comparable results under the same conditions", 3,
               "Comparable results need an exam with a justified cut score."),
        Option("both", "work and comparable results", 1, "Both together ask for more than one assessed task."),
        Option("attendance", "that they were there", 0, "Being there is recorded, not scored."),
    )),
    Question("questions.change", "architecture", "How soon does the skill change?", (
        Option("months", "within months", -2, "What changes within months must be renewed in small parts."),
        Option("year", "within a year or two", -1, "A year or two is short for a bank of questions."),
        Option("years", "over years", 2, "What holds for years repays a thorough build."),
    )),
    Question("questions.place", "architecture", "Where does it stand among your offers?", (
        Option("flagship", "it is the flagship", 2, "A flagship carries breadth and a longer commitment."),
        Option("pathway", "it is a step on a pathway", -2, "A step is finished quickly and adds up with others."),
        Option("alone", "it stands beside the others", 0, "Beside the others, either fits."),
    )),
    Question("certification.industry", "market", "How does the field hire?", (
        Option("regulated", "it is regulated", 3, "Regulated work asks for a governed standard."),
        Option("conservative", "conservatively, by known titles", 2, "Careful buyers look for a recognised title first."),
        Option("open", "by what people can show", -1, "Where work is looked at first, proof beats a title."),
    )),
    Question("breadth", "architecture", "How broad is it?", (
        Option("narrow", "up to 3 competencies in one domain", -2, "A certification would oversell something this narrow."),
        Option("middle", "4 to 7 competencies, or two domains", 0, "This size fits either."),
        Option("broad", "8 to 13 competencies, or three or four domains", 2, "A narrow badge would undersell this breadth."),
        Option("very broad", "14 competencies or more, or five domains", 3,
               "No single badge can carry this breadth."),
    ), "Say how many competencies there are.", derived=breadth),
    Question("certification.premium", "market", "What price is meant?", (
        Option("premium", "premium by design", 1, "A premium price needs an assessment that justifies it."),
        Option("middle", "in the middle", 0, "A middle price fits either."),
        Option("entry", "low, for many", -1, "A low price does not pay for governance."),
    )),
    Question("commitment", "market", "How long does a learner study?", (
        Option("short", "15 hours or less", -1, "A short course cannot prepare for a broad exam."),
        Option("middle", "more than 15 and less than 60 hours", 0, "This length fits either."),
        Option("long", "60 hours or more", 1, "A long commitment expects a result that counts for long."),
    ), "Say how many hours of study there are.", derived=_commitment),
    Question("micro.specific", "architecture", "Can one sentence say what exactly was done?", (
        Option(True, "yes", -1, "A specific promise is proven in one piece."),
        Option(False, "no", 1, "What no single sentence can say needs a blueprint."),
    )),
    Question("micro.stackable", "architecture", "Can it be stacked with others?", (
        Option(True, "yes", -1, "Parts that add up are worth having one by one."),
        Option(False, "no", 0, "Standing alone counts for neither."),
    )),
    Question("work_samples", "assessment", "Will learners hand in real work that can be seen?", (
        Option(True, "yes, and one is named", -2, "Visible work is the strongest proof of a specific skill."),
        Option("unnamed", "yes, but none is named", 0, "Counts nothing until one piece of work is named."),
        Option(False, "no", 1, "Without work to look at, an exam has to carry the claim."),
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
        answer=chosen.words if chosen else "not answered",
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
        ("What is looked at", kinds.get(answers.questions.evidence, 0)),
        ("A piece of work is named", int(answers.names_work)),
        ("Judges of each hand-in", min(2, answers.offer.judges) if judged else 0),
        ("Hours in which a learner is assessed", 0 if hours < 0.5 else 1 if hours < 2 else 2),
    )
    return _strength(lines)


def complexity(answers: Answers) -> Strength:
    """How complex the skill is, 0 to 10 (DF13)."""
    count, domains = answers.competencies, answers.domains
    lines = (
        ("Competencies", sum(count >= bound for bound in (3, 5, 8, 14))),
        ("Domains", sum(domains >= bound for bound in (2, 3, 5))),
        ("What it leads to", {"tasks": 2, "role": 3}.get(answers.questions.outcome, 0)),
    )
    return _strength(lines)


def _strength(lines: tuple[tuple[str, int], ...]) -> Strength:
    rows = tuple(Alternative(answer=words, points=points) for words, points in lines)
    return Strength(value=sum(points for _, points in lines), lines=rows)
