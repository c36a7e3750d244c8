"""The advice itself: from answers to a verdict, with every step of the way. Pure and deterministic."""

from __future__ import annotations

from datetime import date
from typing import Literal

from guildmark.design.advisor import comparison, plan, scoring, workload
from guildmark.design.advisor.answers import DECIDING, Answers, Capacity, Part, value_at, with_value
from guildmark.design.advisor.comparison import Row
from guildmark.design.advisor.labels import Label, labels
from guildmark.design.advisor.notes import NOTES, Note
from guildmark.design.advisor.saying import Told, formula, joined, n, signed
from guildmark.design.advisor.scoring import THRESHOLD, Contribution, Strength
from guildmark.design.advisor.verdicts import VERDICT_INSIDE, VERDICT_WORDS, Verdict, for_decision, headline
from guildmark.design.advisor.workload import Model, Need
from guildmark.design.types import Signal
from guildmark.kernel.words import marked, numbered, said

#: Raised when points or rules change, so that stored advice says by which ones it was given.
ENGINE = 1
#: The class of the draft that follows from a verdict. What is not yet a certification begins as a demonstrated skill.
SIGNALS: dict[str, Signal] = {
    "completion": "completion",
    "micro": "demonstrated",
    "certification": "certified",
    "hybrid_anchor": "certified",
    "hybrid_stack": "demonstrated",
    "not_yet": "demonstrated",
}
VOLATILITY = {"months": "high", "year": "medium", "years": "low"}


ROLE_WORDS = {
    "anchor": said("Anchor"),
    "specialization": said("Specialization"),
    "refresher": said("Refresher"),
    "tool-update": said("Tool-update"),
    "stack": said("Stack"),
    "package": said("Package"),
}


class Rule(Part):
    """One question that the engine asked itself on the way to the verdict, and the answer."""

    question: Told
    holds: bool
    because: Told


class AxisVerdict(Part):
    """One of the three things that the type has to match (PO12), from the records that it names."""

    axis: Literal["architecture", "assessment", "market"]
    name: Told
    points: int
    leans: Literal["certification", "micro", "neither"]
    fits: bool
    text: Told
    records: tuple[str, ...]
    words: tuple[Told, ...]


class Flip(Part):
    """One answer given otherwise, and the verdict that follows. Only flips that change the verdict are listed."""

    path: str
    question: Told
    answer: Told
    score: int
    verdict: Verdict
    verdict_words: Told

    @property
    def text(self) -> str:
        """The score and the verdict that follow, as the end of a sentence."""
        return said(
            "score {score}, {verdict}.", score=signed(self.score), verdict=VERDICT_INSIDE[self.verdict]
        )


class Quadrant(Part):
    """Complexity of the skill against what the assessment proves (DF13), both 0 to 10."""

    complexity: Strength
    validation: Strength
    flag: Literal["", "overbuilt", "undervalidated"]
    text: Told


class Risk(Part):
    """The main risk of the chosen model and its measured value (DF12)."""

    name: Told
    value: Told
    text: Told
    formula: Told


class Piece(Part):
    """One credential of a hybrid with its role in it (DF8, DF9)."""

    role: Literal["anchor", "specialization", "refresher", "tool-update", "stack", "package"]
    title: Told
    signal: Signal
    text: Told

    @property
    def role_words(self) -> str:
        return ROLE_WORDS[self.role]


class Assumption(Part):
    """A planning assumption in use. ``yours`` when it was changed."""

    name: str
    value: float
    words: Told
    yours: bool


class Advice(Part):
    """The whole advice. Contributions sum to ``score``; ``open`` lists the answers without which there is no verdict."""

    engine: int
    verdict: Verdict
    words: Told
    headline: Told
    for_decision: Told
    score: int
    threshold: int
    leans: Literal["certification", "micro"]
    contributions: tuple[Contribution, ...]
    rules: tuple[Rule, ...]
    open: tuple[str, ...]
    needs: tuple[Need, ...]
    axes: tuple[AxisVerdict, ...]
    flips: tuple[Flip, ...]
    labels: tuple[Label, ...]
    quadrant: Quadrant
    risk: Risk | None
    comparison: tuple[Row, ...]
    pieces: tuple[Piece, ...]
    signal: Signal | None
    volatility: str
    review_months: int | None
    plan: plan.Plan | None
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]

    @property
    def open_questions(self) -> tuple[str, ...]:
        """The questions without whose answers there is no verdict."""
        return tuple(row.question for row in self.contributions if row.path in self.open)

    @property
    def both_risks(self) -> Row:
        """The main risk under either model, which stands for the risk while there is no verdict."""
        return next(row for row in self.comparison if row.name == comparison.RISK)


def advise(answers: Answers, *, today: date) -> Advice:
    """The advice for these answers, which may be incomplete: then it says what is open.

    ``today`` is the first day of the plan where the answers name none; it enters nothing else.
    """
    verdict, rules = decide(answers)
    total = scoring.score(answers)
    open_paths = tuple(path for path in DECIDING if not value_at(answers, path))
    needs = _needs(answers, verdict)
    change = answers.questions.change
    return Advice(
        engine=ENGINE,
        verdict=verdict,
        words=VERDICT_WORDS[verdict],
        headline=headline(verdict, needs, len(open_paths)),
        for_decision=for_decision(answers),
        score=total,
        threshold=THRESHOLD,
        leans="certification" if total >= THRESHOLD else "micro",
        contributions=scoring.contributions(answers),
        rules=rules,
        open=open_paths,
        needs=needs,
        axes=_axes(answers, verdict),
        flips=() if verdict == "open" else tuple(_flips(answers, verdict)),
        labels=labels(answers, verdict),
        quadrant=_quadrant(answers),
        risk=_risk(answers, verdict, needs),
        comparison=comparison.rows(answers),
        pieces=_pieces(answers, verdict),
        signal=SIGNALS.get(verdict),
        volatility=VOLATILITY.get(change, ""),
        review_months=workload.REVIEW_MONTHS.get(change),
        plan=None if verdict == "open" else plan.dated(answers, _model(verdict), today),
        assumptions=_assumptions(answers),
        notes=NOTES,
    )


def _model(verdict: Verdict) -> Model:
    return "micro" if verdict == "open" else verdict


# --- the verdict


def decide(answers: Answers) -> tuple[Verdict, tuple[Rule, ...]]:
    """The verdict and the questions that led to it, in their order."""
    total, asked = scoring.score(answers), answers.questions
    if not all(value_at(answers, path) for path in DECIDING):
        return "open", ()
    attended = asked.outcome == "attend" or asked.evidence == "attendance"
    aim, shown = _answer(answers, "questions.outcome"), _answer(answers, "questions.evidence")
    rules = [Rule(question=said("Would nothing but taking part be shown?"), holds=attended,
                  because=said("Aim: {aim}. Shown: {shown}.", aim=aim, shown=shown))]  # fmt: skip
    if attended:
        return "completion", tuple(rules)
    leans = total >= THRESHOLD
    question = said("Is the score {points} or more?", points=THRESHOLD)
    rules.append(Rule(question=question, holds=leans, because=said("It is {points}.", points=total)))
    if not leans:
        stack = _stack(answers, rules)
        return ("hybrid_stack" if stack else "micro"), tuple(rules)
    missing = [need for need in workload.certification_needs(answers) if need.missing]
    able = not missing
    names = joined((need.name for need in missing), ", ")
    because = said("Everything is there.") if able else said("Missing: {names}.", names=names)
    question = said("Can the operation of a certification be run?")
    rules.append(Rule(question=question, holds=able, because=because))
    if not able:
        stack = _stack(answers, rules)
        return ("hybrid_stack" if stack else "not_yet"), tuple(rules)
    found = workload.layers(answers)
    anchored = bool(answers.hybrid.anchor and found)
    because = said("A shared foundation: {answer}; layers named: {count}.",
                   answer=_yes(answers.hybrid.anchor), count=len(found))  # fmt: skip
    question = said("Are there layers around a shared foundation?")
    rules.append(Rule(question=question, holds=anchored, because=because))
    return ("hybrid_anchor" if anchored else "certification"), tuple(rules)


def _answer(answers: Answers, path: str) -> str:
    return next(row.answer for row in scoring.contributions(answers) if row.path == path)


def _stack(answers: Answers, rules: list[Rule]) -> bool:
    count = workload.micros(answers)
    stacked = bool(answers.hybrid.stack and count >= 2)
    because = said("To be packaged later: {answer}; the competencies make {count} of them.",
                   answer=_yes(answers.hybrid.stack), count=count)  # fmt: skip
    question = said("Are there two or more micro-credentials to be packaged later?")
    rules.append(Rule(question=question, holds=stacked, because=because))
    return stacked


def _yes(value: bool | None) -> str:
    return {True: said("yes"), False: said("no"), None: said("not answered")}[value]


def _needs(answers: Answers, verdict: Verdict) -> tuple[Need, ...]:
    if verdict in {"certification", "hybrid_anchor", "not_yet"}:
        return workload.certification_needs(answers)
    if verdict in {"micro", "hybrid_stack"}:
        return workload.micro_needs(answers)
    return ()


# --- beside the verdict


AXES: tuple[tuple[scoring.Axis, str], ...] = (
    ("architecture", said("How it is taught")),
    ("assessment", said("How it is assessed")),
    ("market", said("What buyers expect")),
)
WANTS = {"micro": "micro", "certification": "certification", "hybrid_anchor": "certification",
         "not_yet": "certification"}  # fmt: skip


def _axes(answers: Answers, verdict: Verdict) -> tuple[AxisVerdict, ...]:
    rows, made = scoring.contributions(answers), []
    for axis, name in AXES:
        own = [row for row in rows if row.axis == axis]
        points = sum(row.points for row in own)
        leans: Literal["certification", "micro", "neither"] = (
            "certification" if points > 0 else "micro" if points < 0 else "neither"
        )
        fits = verdict not in WANTS or leans in {"neither", WANTS[verdict]}
        records = tuple(row.path for row in own if row.points)
        words = tuple(
            formula(
                "{question} {answer} ({points})",
                question=row.question,
                answer=row.answer,
                points=f"{row.points:+d}",
            )
            for row in own
            if row.points
        )
        made.append(AxisVerdict(axis=axis, name=name, points=points, leans=leans, fits=fits, text=_speaks_for(points),
                                records=records, words=words))  # fmt: skip
    return tuple(made)


def _speaks_for(points: int) -> str:
    if not points:
        return said("It speaks for neither.")
    if points < 0:
        return said("It speaks for a micro-credential ({points}).", points=f"{points:+d}")
    return said("It speaks for a certification ({points}).", points=f"{points:+d}")


#: What a flip of an answer that is read from numbers sets.
BREADTH = {"narrow": (3, 1), "middle": (5, 1), "broad": (8, 1), "very broad": (14, 1)}
STUDY_HOURS = {"short": 15.0, "middle": 30.0, "long": 60.0}


#: Answers that count no points and still decide: path, question, and the words of yes and no.
DECIDERS = (
    ("capacity", said("Who could run it?"), said("everything that a certification needs is there"), said("nobody is there")),
    ("hybrid.anchor", said("Is there a shared foundation?"), said("yes, with a layer around it"), said("no")),
    ("hybrid.stack", said("Begin small and package later?"), said("yes"), said("no")),
)  # fmt: skip


def flipped(answers: Answers, path: str, value: object) -> Answers:
    """The same answers with one of them given otherwise; ``path`` is that of a contribution or of a decider."""
    if path == "capacity":
        kept = answers.capacity.learners
        able = Capacity(learners=kept, assessor_hours=100_000, item_writers=1, item_reviewers=1,
                        panel_members=answers.rates.panel, update_hours=100_000)  # fmt: skip
        return with_value(answers, "capacity", able if value else Capacity(learners=kept))
    if path == "hybrid.anchor" and value and not answers.hybrid.layers:
        answers = with_value(answers, "hybrid.layers", ("refresher",))
    if path == "breadth":
        count, domains = BREADTH[str(value)]
        return with_value(
            with_value(answers, "certification.competencies", count), "certification.domains", domains
        )
    if path == "commitment":
        return with_value(answers, "offer.study_hours", STUDY_HOURS[str(value)])
    if path == "work_samples":
        changed = with_value(answers, "micro.work_samples", value != False)  # noqa: E712 - a choice of three
        text = "" if value == "unnamed" else answers.micro.artefact or "One finished piece of work"
        return with_value(changed, "micro.artefact", text)
    return with_value(answers, path, value)


def _flips(answers: Answers, verdict: Verdict) -> list[Flip]:
    found = []
    for question in scoring.QUESTIONS:
        present = question.value(answers)
        for option in question.options:
            if option.value == present and type(option.value) is type(present):
                continue
            other = flipped(answers, question.path, option.value)
            then, _ = decide(other)
            if then != verdict:
                found.append(Flip(path=question.path, question=question.words, answer=option.words,
                                  score=scoring.score(other), verdict=then,
                                  verdict_words=VERDICT_WORDS[then]))  # fmt: skip
    total = scoring.score(answers)
    for path, asked, yes, no in DECIDERS:
        for value, words in ((True, yes), (False, no)):
            then, _ = decide(flipped(answers, path, value))
            if then != verdict:
                found.append(Flip(path=path, question=asked, answer=words, score=total, verdict=then,
                                  verdict_words=VERDICT_WORDS[then]))  # fmt: skip
    return found


def _quadrant(answers: Answers) -> Quadrant:
    hard, proof = scoring.complexity(answers), scoring.evidence_strength(answers)
    if hard.value <= 3 and proof.value >= 7:
        text = said("A simple skill with a heavy assessment: learners pay for proof that nobody needs.")
        return Quadrant(complexity=hard, validation=proof, flag="overbuilt", text=text)
    if hard.value >= 6 and proof.value <= 4:
        text = said("A complex skill with a light assessment: most of it is claimed and not shown.")
        return Quadrant(complexity=hard, validation=proof, flag="undervalidated", text=text)
    text = said("Skill and assessment are of one size.")
    return Quadrant(complexity=hard, validation=proof, flag="", text=text)


#: The lines of the evidence strength inside its sum, in their order.
STRENGTH_INSIDE = (
    marked("what is looked at {points}"),
    marked("a piece of work is named {points}"),
    marked("judges of each hand-in {points}"),
    marked("hours in which a learner is assessed {points}"),
)


WEAK = said("Weak evidence: if one can pass without the skill, the credential is weaker than its sales page.")
UPKEEP = said(
    "Time to build and load to maintain: what is not kept current loses its meaning for every holder."
)
PROVES_NOTHING = Risk(
    name=said("It proves no skill"),
    value=said("{value} of 10", value=0),
    formula=said("a completion record rests on no work"),
    text=said("It must never be worded or priced as if somebody had been assessed."),
)


def strength_inside(proof: Strength) -> str:
    """The evidence strength as the sum that it is."""
    rows = zip(STRENGTH_INSIDE, proof.lines, strict=True)
    return joined((said(words, points=row.points) for words, row in rows), " + ")


def _risk(answers: Answers, verdict: Verdict, needs: tuple[Need, ...]) -> Risk | None:
    if verdict == "open":
        return None
    proof = scoring.evidence_strength(answers)
    strength = said("{value} of 10", value=proof.value)
    if verdict == "completion":
        return PROVES_NOTHING
    if verdict in {"micro", "hybrid_stack"}:
        lines = strength_inside(proof)
        return Risk(name=said("Evidence strength"), value=strength, formula=lines, text=WEAK)
    if verdict == "not_yet":
        missing = [need for need in needs if need.missing]
        hours = sum(need.cost_hours for need in missing)
        parts = (formula("{what} {hours}", what=need.name, hours=need.cost_hours) for need in missing)
        return Risk(name=said("Hours that are missing"), value=said("{hours} hours", hours=n(hours)),
                    formula=joined(parts, " + "),
                    text=said("Called a certification now, it would be one by name only."))  # fmt: skip
    model: Model = "hybrid_anchor" if verdict == "hybrid_anchor" else "certification"
    built, year = workload.build(answers, model), workload.yearly(answers, model)
    text: str = UPKEEP
    if verdict == "hybrid_anchor":
        other = said("The layers carry the other risk: evidence strength {value} of 10.", value=proof.value)
        text = joined([text, other], " ")
    return Risk(name=said("Hours to build, hours a year"), text=text,
                value=said("{built} h, then {year} h a year", built=n(built.value), year=n(year.value)),
                formula=said("build {built}; a year {year}", built=built.formula, year=year.formula))  # fmt: skip


#: The titles and the texts of the layers around an anchor.
LAYER_TITLES = {
    "specialization": marked("{title}: specialization"),
    "refresher": marked("{title}: refresher"),
    "tool-update": marked("{title}: tool update"),
}
LAYER_TEXTS = {
    "specialization": said("Goes deeper into one part; rests on the anchor."),
    "refresher": said("Shows that the foundation still holds; renews it."),
    "tool-update": said("Shows the same skill on a new version of the tool."),
}


def _pieces(answers: Answers, verdict: Verdict) -> tuple[Piece, ...]:
    title = answers.title.strip() or said("This programme")
    if verdict == "hybrid_anchor":
        text = said("The foundation everybody needs first.")
        anchor = Piece(role="anchor", title=title, signal="certified", text=text)
        rest = [Piece(role=role, title=said(LAYER_TITLES[role], title=title), signal="demonstrated", text=LAYER_TEXTS[role])  # type: ignore[arg-type]
                for role in workload.layers(answers)]  # fmt: skip
        return (anchor, *rest)
    if verdict == "hybrid_stack":
        count, most, left = (
            workload.micros(answers),
            answers.rates.competencies_per_micro,
            answers.competencies,
        )
        pieces = []
        for place in range(1, count + 1):
            own = min(most, left - most * (place - 1))
            part = said("{title}, part {place}", title=title, place=place)
            text = numbered("{n} competency.", "{n} competencies.", n=own)
            pieces.append(Piece(role="stack", title=part, signal="demonstrated", text=text))
        package = said(
            "Packaged later: its blueprint follows from the competencies of the stack; holders are recognised."
        )
        return (*pieces, Piece(role="package", title=title, signal="certified", text=package))
    return ()


def _assumptions(answers: Answers) -> tuple[Assumption, ...]:
    fields, usual = type(answers.rates).model_fields, type(answers.rates)()  # type: ignore[call-arg]
    return tuple(
        Assumption(name=name, value=getattr(answers.rates, name), words=said(field.description or name),
                   yours=getattr(answers.rates, name) != getattr(usual, name))
        for name, field in fields.items()
    )  # fmt: skip
