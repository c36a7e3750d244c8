"""What the advisor asks. Hours are hours of a person's time, capacities are per year unless they say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guildmark.kernel.problems import FieldProblem, Invalid
from guildmark.kernel.words import marked, numbered, said

Short = Annotated[str, Field(max_length=120)]
Line = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=600)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Hours = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
#: More than any programme has; a plan or a stack of them stays readable.
Skills = Annotated[int, Field(ge=0, le=200)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Positive = Annotated[int, Field(ge=1, le=1000)]

Outcome = Literal["", "task", "tasks", "role", "attend"]
EvidenceAnswer = Literal["", "work", "exam", "both", "attendance"]
Change = Literal["", "months", "year", "years"]
Place = Literal["", "flagship", "pathway", "alone"]
Industry = Literal["", "regulated", "conservative", "open"]
Premium = Literal["", "premium", "middle", "entry"]
LayerRole = Literal["specialization", "refresher", "tool-update"]
Intended = Literal["", "completion", "micro", "certification"]


class Part(BaseModel):
    """Base of the parts: unknown members are refused, so that a typing error is never dropped silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DecisionAnswer(Part):
    """The decision that the credential is to influence: who takes it, which, and what would convince them."""

    who: Short = ""
    what: Line = ""
    convinced_by: Text = ""


class Questions(Part):
    """The four questions, each as a choice and in words of one's own."""

    outcome: Outcome = ""
    outcome_text: Text = ""
    evidence: EvidenceAnswer = ""
    evidence_text: Text = ""
    change: Change = ""
    change_text: Text = ""
    place: Place = ""
    place_text: Text = ""


class CertificationTests(Part):
    """What speaks for a certification: the field, its breadth, and a premium that is meant."""

    field: Short = ""
    industry: Industry = ""
    competencies: Skills | None = None
    domains: Skills | None = None
    premium: Premium = ""


class MicroTests(Part):
    """What speaks for a micro-credential. Work samples count only with an example of the ``artefact``."""

    specific: bool | None = None
    stackable: bool | None = None
    work_samples: bool | None = None
    artefact: Line = ""


class HybridTests(Part):
    """The two ways to have both: an anchor with ``layers`` around it, or a stack that is packaged later."""

    anchor: bool | None = None
    layers: tuple[LayerRole, ...] = ()
    stack: bool | None = None


class Capacity(Part):
    """Who could run it. ``item_reviewers`` are people who review questions that somebody else wrote."""

    learners: Count | None = None
    assessor_hours: Hours | None = None
    item_writers: Count | None = None
    item_reviewers: Count | None = None
    panel_members: Count | None = None
    update_hours: Hours | None = None


class Offer(Part):
    """What a learner gives and gets. ``hour_value`` is what an hour of your time is worth, in ``currency``."""

    study_hours: Hours | None = None
    assessment_hours: Hours | None = None
    judges: Annotated[int, Field(ge=1, le=5)] = 1
    price: Hours | None = None
    currency: Annotated[str, Field(max_length=3, pattern="^([A-Za-z]{3})?$")] = ""
    hour_value: Hours | None = None


class PlanAnswers(Part):
    """When the work begins, the hours of a week that there are for it, and who does it."""

    start: Day | None = None
    weekly_hours: Annotated[float, Field(ge=0.5, le=80, allow_inf_nan=False)] = 6
    lead: Short = ""
    assessor: Short = ""
    reviewer: Short = ""


class Rates(Part):
    """Planning assumptions of Guildmark, not measured figures. Everybody may set their own."""

    competencies_per_micro: Positive = Field(
        3, description=marked("competencies in one micro-credential at most")
    )
    competency_hours: Hours = Field(1, description=marked("hours to word one competency"))
    evidence_hours: Hours = Field(1, description=marked("hours to find the evidence for one competency"))
    task_hours: Hours = Field(6, description=marked("hours for one task with its rubric"))
    sample_hours: Hours = Field(3, description=marked("hours for three annotated samples"))
    judge_hours: Hours = Field(0.75, description=marked("hours to judge one hand-in"))
    double_every: Positive = Field(
        5, description=marked("one hand-in of so many is judged by a second person")
    )
    retake_every: Positive = Field(5, description=marked("one learner of so many tries again"))
    review_hours: Hours = Field(3, description=marked("hours to review one published standard"))
    items_per_competency: Positive = Field(
        4, description=marked("questions per competency in one form of an exam")
    )
    forms: Positive = Field(2, description=marked("forms of the exam"))
    item_write_hours: Hours = Field(1.5, description=marked("hours to write one question"))
    item_review_hours: Hours = Field(0.5, description=marked("hours to review one question"))
    panel: Positive = Field(5, description=marked("people who set the cut score"))
    panel_hours: Hours = Field(12, description=marked("hours of each of them, two rounds and the reading"))
    exam_hours: Hours = Field(0.25, description=marked("hours to run the exam for one learner"))
    governance_hours: Hours = Field(
        24, description=marked("hours a year for appeals, policies and the record")
    )
    build_years: Positive = Field(3, description=marked("years over which the building is spread"))


class Answers(Part):
    """Everything that was answered; what is left out is an open question, never a guess."""

    title: Short = ""
    intended: Intended = ""
    decision: DecisionAnswer = DecisionAnswer()
    questions: Questions = Questions()
    certification: CertificationTests = CertificationTests()
    micro: MicroTests = MicroTests()
    hybrid: HybridTests = HybridTests()
    capacity: Capacity = Capacity()
    offer: Offer = Offer()
    plan: PlanAnswers = PlanAnswers()
    rates: Rates = Field(default_factory=Rates)  # type: ignore[arg-type]

    @property
    def competencies(self) -> int:
        """How many competencies; one where it is not said, for there is at least that."""
        return max(1, self.certification.competencies or 1)

    @property
    def domains(self) -> int:
        return max(1, self.certification.domains or 1)

    @property
    def learners(self) -> int:
        return self.capacity.learners or 0

    @property
    def names_work(self) -> bool:
        """True when work samples are promised and one is named."""
        return bool(self.micro.work_samples and self.micro.artefact.strip())


#: What must be answered before advice is kept: path, what is missing, what to do.
ASKED = (
    ("decision.who", said("Nobody is named who decides."), said("Name one: a hiring manager, a client, a shift lead.")),
    ("decision.what", said("No decision is named."), said("Say what they decide: whom to hire, who may work alone.")),
    ("decision.convinced_by", said("Nothing says what would convince them."), said("Say what they would look at if they could.")),
    ("questions.outcome", said("The first question is open."), said("Say what it should lead to.")),
    ("questions.evidence", said("The second question is open."), said("Say what a sceptic would want to see.")),
    ("questions.change", said("The third question is open."), said("Say how soon the skill changes.")),
    ("questions.place", said("The fourth question is open."), said("Say where it stands among your offers.")),
    ("certification.competencies", said("The number of competencies is missing."), said("Count the things that must be mastered.")),
)  # fmt: skip
#: The four of them without which there is no verdict at all.
DECIDING = tuple(path for path, _, _ in ASKED if path.startswith("questions."))


def value_at(answers: Answers, path: str) -> Any:
    """The answer at a path such as ``questions.outcome``."""
    found: Any = answers
    for name in path.split("."):
        found = getattr(found, name)
    return found


def with_value(answers: Answers, path: str, value: Any) -> Answers:
    """The same answers with another one at ``path``."""
    group, _, name = path.rpartition(".")
    if not group:
        return answers.model_copy(update={name: value})
    changed = getattr(answers, group).model_copy(update={name: value})
    return answers.model_copy(update={group: changed})


def problems(answers: Answers) -> Iterator[FieldProblem]:
    """What keeps these answers from being advice that one may act on."""
    for path, detail, mend in ASKED:
        given = value_at(answers, path)
        if not (given.strip() if isinstance(given, str) else given):
            yield FieldProblem(path, detail, mend)
    if answers.micro.work_samples and not answers.micro.artefact.strip():
        detail = said("Work samples are promised, but none is named.")
        yield FieldProblem(
            "micro.artefact", detail, said("Name one piece of work that a learner would hand in.")
        )


def ensure_complete(answers: Answers) -> None:
    """Raise Invalid with one problem per open question (PO9, DF1, DF7)."""
    found = list(problems(answers))
    if found:
        raise Invalid(_title(len(found)), errors=found)


def read(given: Any) -> Answers:
    """Answers from a mapping as YAML or JSON give it; Invalid names every field that cannot be used."""
    if not isinstance(given, Mapping):
        raise Invalid(
            said("The answers are no mapping of names to values."), mend=said("Begin with: decision:")
        )
    try:
        return Answers.model_validate(given)
    except ValidationError as error:
        raise Invalid(said("Some of the answers cannot be used."), errors=list(_unusable(error))) from None


def _unusable(error: ValidationError) -> Iterator[FieldProblem]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            yield FieldProblem(
                path,
                said("The advisor does not ask for this."),
                said("Look for a typing error, or leave it out."),
            )
        else:
            yield FieldProblem(path, f"{problem['msg']}.", "")


def _title(count: int) -> str:
    return numbered("One answer is missing.", "{n} answers are missing.", n=count)
