"""The advice itself: from answers to a verdict, with every step of the way. Pure and deterministic."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from guildmark.design import wording
from guildmark.design.advisor import comparison, plan, scoring, workload
from guildmark.design.advisor.answers import DECIDING, Answers, Capacity, Part, value_at, with_value
from guildmark.design.advisor.comparison import Row
from guildmark.design.advisor.notes import NOTES, Note
from guildmark.design.advisor.scoring import THRESHOLD, Contribution, Strength
from guildmark.design.advisor.workload import LAYER_WORDS, Model, Need, n
from guildmark.design.types import Signal

#: Raised when points or rules change, so that stored advice says by which ones it was given.
ENGINE = 1
Verdict = Literal["open", "completion", "micro", "certification", "hybrid_anchor", "hybrid_stack", "not_yet"]
VERDICT_WORDS: dict[str, str] = {
    "open": "No verdict yet",
    "completion": "Completion record",
    "micro": "Micro-credential",
    "certification": "Certification",
    "hybrid_anchor": "Hybrid: an anchor certification with micro-credentials around it",
    "hybrid_stack": "Hybrid: begin with a stack, package it later",
    "not_yet": "Not yet a certification",
}
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


class Rule(Part):
    """One question that the engine asked itself on the way to the verdict, and the answer."""

    question: str
    holds: bool
    because: str


class AxisVerdict(Part):
    """One of the three things that the type has to match (PO12), from the records that it names."""

    axis: Literal["architecture", "assessment", "market"]
    name: str
    points: int
    leans: Literal["certification", "micro", "neither"]
    fits: bool
    text: str
    records: tuple[str, ...]
    words: tuple[str, ...]


class Flip(Part):
    """One answer given otherwise, and the verdict that follows. Only flips that change the verdict are listed."""

    path: str
    question: str
    answer: str
    score: int
    verdict: Verdict
    verdict_words: str


class Label(Part):
    """A label that promises more or less than what is under it (PO11)."""

    rule: Literal["label.over", "label.under"]
    message: str
    mend: str


class Quadrant(Part):
    """Complexity of the skill against what the assessment proves (DF13), both 0 to 10."""

    complexity: Strength
    validation: Strength
    flag: Literal["", "overbuilt", "undervalidated"]
    text: str


class Risk(Part):
    """The main risk of the chosen model and its measured value (DF12)."""

    name: str
    value: str
    text: str
    formula: str


class Piece(Part):
    """One credential of a hybrid with its role in it (DF8, DF9)."""

    role: Literal["anchor", "specialization", "refresher", "tool-update", "stack", "package"]
    title: str
    signal: Signal
    text: str


class Assumption(Part):
    """A planning assumption in use. ``yours`` when it was changed."""

    name: str
    value: float
    words: str
    yours: bool


class Advice(Part):
    """The whole advice. Contributions sum to ``score``; ``open`` lists the answers without which there is no verdict."""

    engine: int
    verdict: Verdict
    words: str
    headline: str
    for_decision: str
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
        headline=_headline(verdict, needs, len(open_paths)),
        for_decision=_for_decision(answers),
        score=total,
        threshold=THRESHOLD,
        leans="certification" if total >= THRESHOLD else "micro",
        contributions=scoring.contributions(answers),
        rules=rules,
        open=open_paths,
        needs=needs,
        axes=_axes(answers, verdict),
        flips=() if verdict == "open" else tuple(_flips(answers, verdict)),
        labels=tuple(_labels(answers, verdict)),
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
    rules = [Rule(question="Would nothing but taking part be shown?", holds=attended,
                  because=f"Aim: {_answer(answers, 'questions.outcome')}. Shown: {_answer(answers, 'questions.evidence')}.")]  # fmt: skip
    if attended:
        return "completion", tuple(rules)
    leans = total >= THRESHOLD
    rules.append(Rule(question=f"Is the score {THRESHOLD} or more?", holds=leans, because=f"It is {total}."))
    if not leans:
        stack = _stack(answers, rules)
        return ("hybrid_stack" if stack else "micro"), tuple(rules)
    missing = [need for need in workload.certification_needs(answers) if need.missing]
    able = not missing
    because = "Everything is there." if able else f"Missing: {', '.join(need.name for need in missing)}."
    rules.append(Rule(question="Can the operation of a certification be run?", holds=able, because=because))
    if not able:
        stack = _stack(answers, rules)
        return ("hybrid_stack" if stack else "not_yet"), tuple(rules)
    found = workload.layers(answers)
    anchored = bool(answers.hybrid.anchor and found)
    because = f"A shared foundation: {_yes(answers.hybrid.anchor)}; layers named: {len(found)}."
    rules.append(
        Rule(question="Are there layers around a shared foundation?", holds=anchored, because=because)
    )
    return ("hybrid_anchor" if anchored else "certification"), tuple(rules)


def _answer(answers: Answers, path: str) -> str:
    return next(row.answer for row in scoring.contributions(answers) if row.path == path)


def _stack(answers: Answers, rules: list[Rule]) -> bool:
    count = workload.micros(answers)
    stacked = bool(answers.hybrid.stack and count >= 2)
    because = f"To be packaged later: {_yes(answers.hybrid.stack)}; the competencies make {count} of them."
    rules.append(
        Rule(
            question="Are there two or more micro-credentials to be packaged later?",
            holds=stacked,
            because=because,
        )
    )
    return stacked


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not answered"}[value]


def _needs(answers: Answers, verdict: Verdict) -> tuple[Need, ...]:
    if verdict in {"certification", "hybrid_anchor", "not_yet"}:
        return workload.certification_needs(answers)
    if verdict in {"micro", "hybrid_stack"}:
        return workload.micro_needs(answers)
    return ()


def _headline(verdict: Verdict, needs: tuple[Need, ...], still_open: int) -> str:
    if verdict == "open":
        return "Answer the four questions first." if still_open == len(DECIDING) else (
            f"{still_open} of the four questions {'is' if still_open == 1 else 'are'} still open.")  # fmt: skip
    missing = [need for need in needs if need.missing]
    if verdict == "not_yet":
        # A missing second reviewer is what creators who work alone meet first.
        first = next((need for need in missing if need.key == "item_reviewer"), missing[0])
        more = len(missing) - 1
        tail = "" if not more else f" {more} more {'thing is' if more == 1 else 'things are'} missing."
        unit = "a year" if first.unit == "hours a year" else "of work before the first exam"
        return f"Not yet a certification: {first.text}. That is {n(first.cost_hours)} hours {unit}.{tail}"
    texts = {
        "completion": "A completion record: nothing but taking part would be shown, so nothing else may be claimed.",
        "micro": "A micro-credential: small, specific, and proven by work that can be looked at.",
        "certification": "A certification: broad, comparable, and there are people to run it.",
        "hybrid_anchor": "A certification as the anchor, with micro-credentials for what changes faster.",
        "hybrid_stack": "Begin with a stack of micro-credentials and package them when the curriculum has settled.",
    }
    return texts[verdict]


def _for_decision(answers: Answers) -> str:
    given = answers.decision
    parts = (("Decided by", given.who), ("Decision", given.what), ("Convinced by", given.convinced_by))
    return " ".join(f"{name}: {text.strip().rstrip('.')}." for name, text in parts if text.strip())


# --- beside the verdict


AXES: tuple[tuple[scoring.Axis, str], ...] = (
    ("architecture", "How it is taught"),
    ("assessment", "How it is assessed"),
    ("market", "What buyers expect"),
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
        named = "a micro-credential" if leans == "micro" else "a certification"
        text = "It speaks for neither." if leans == "neither" else f"It speaks for {named} ({points:+d})."
        records = tuple(row.path for row in own if row.points)
        words = tuple(f"{row.question} {row.answer} ({row.points:+d})" for row in own if row.points)
        made.append(AxisVerdict(axis=axis, name=name, points=points, leans=leans, fits=fits, text=text,
                                records=records, words=words))  # fmt: skip
    return tuple(made)


#: What a flip of an answer that is read from numbers sets.
BREADTH = {"narrow": (3, 1), "middle": (5, 1), "broad": (8, 1), "very broad": (14, 1)}
STUDY_HOURS = {"short": 15.0, "middle": 30.0, "long": 60.0}


#: Answers that count no points and still decide: path, question, and the words of yes and no.
DECIDERS = (
    ("capacity", "Who could run it?", "everything that a certification needs is there", "nobody is there"),
    ("hybrid.anchor", "Is there a shared foundation?", "yes, with a layer around it", "no"),
    ("hybrid.stack", "Begin small and package later?", "yes", "no"),
)


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


CALLED_CERTIFIED = re.compile(r"\bcertif", re.IGNORECASE)


def _labels(answers: Answers, verdict: Verdict) -> list[Label]:
    breadth = scoring.breadth(answers)
    grand = bool(wording.grand_words(answers.title, title=True) or CALLED_CERTIFIED.search(answers.title))
    certified = answers.intended == "certification" or grand
    small = answers.intended in {"micro", "completion"} or (not answers.intended and verdict == "micro")
    size = f"{answers.competencies} competencies in {answers.domains} domain{'' if answers.domains == 1 else 's'}"
    if answers.competencies == 1:
        size = size.replace("competencies", "competency")
    if breadth == "narrow" and certified:
        called = "the title says so" if grand else "you mean a certification"
        return [Label(rule="label.over", message=f"It is narrow, {size}, and {called}.",
                      mend="Call it what it shows, or name the breadth that a certification needs.")]  # fmt: skip
    if breadth in {"broad", "very broad"} and small and not grand:
        return [Label(rule="label.under", message=f"It is broad, {size}: one micro-credential undersells it.",
                      mend="Split it into several that stack, or plan the certification they lead to.")]  # fmt: skip
    return []


def _quadrant(answers: Answers) -> Quadrant:
    hard, proof = scoring.complexity(answers), scoring.evidence_strength(answers)
    if hard.value <= 3 and proof.value >= 7:
        text = "A simple skill with a heavy assessment: learners pay for proof that nobody needs."
        return Quadrant(complexity=hard, validation=proof, flag="overbuilt", text=text)
    if hard.value >= 6 and proof.value <= 4:
        text = "A complex skill with a light assessment: most of it is claimed and not shown."
        return Quadrant(complexity=hard, validation=proof, flag="undervalidated", text=text)
    return Quadrant(complexity=hard, validation=proof, flag="", text="Skill and assessment are of one size.")


def _risk(answers: Answers, verdict: Verdict, needs: tuple[Need, ...]) -> Risk | None:
    if verdict == "open":
        return None
    proof = scoring.evidence_strength(answers)
    lines = " + ".join(f"{row.answer.lower()} {row.points}" for row in proof.lines)
    if verdict == "completion":
        return Risk(name="It proves no skill", value="0 of 10", formula="a completion record rests on no work",
                    text="It must never be worded or priced as if somebody had been assessed.")  # fmt: skip
    if verdict in {"micro", "hybrid_stack"}:
        text = (
            "Weak evidence: if one can pass without the skill, the credential is weaker than its sales page."
        )
        return Risk(name="Evidence strength", value=f"{proof.value} of 10", formula=lines, text=text)
    if verdict == "not_yet":
        missing = [need for need in needs if need.missing]
        hours = sum(need.cost_hours for need in missing)
        formula = " + ".join(f"{need.name} {n(need.cost_hours)}" for need in missing)
        return Risk(name="Hours that are missing", value=f"{n(hours)} hours", formula=formula,
                    text="Called a certification now, it would be one by name only.")  # fmt: skip
    model: Model = "hybrid_anchor" if verdict == "hybrid_anchor" else "certification"
    built, year = workload.build(answers, model), workload.yearly(answers, model)
    text = "Time to build and load to maintain: what is not kept current loses its meaning for every holder."
    if verdict == "hybrid_anchor":
        text += f" The layers carry the other risk: evidence strength {proof.value} of 10."
    return Risk(name="Hours to build, hours a year", value=f"{n(built.value)} h, then {n(year.value)} h a year",
                formula=f"build {built.formula}; a year {year.formula}", text=text)  # fmt: skip


def _pieces(answers: Answers, verdict: Verdict) -> tuple[Piece, ...]:
    title = answers.title.strip() or "This programme"
    if verdict == "hybrid_anchor":
        texts = {
            "specialization": "Goes deeper into one part; rests on the anchor.",
            "refresher": "Shows that the foundation still holds; renews it.",
            "tool-update": "Shows the same skill on a new version of the tool.",
        }
        anchor = Piece(
            role="anchor", title=title, signal="certified", text="The foundation everybody needs first."
        )
        rest = [Piece(role=role, title=f"{title}: {LAYER_WORDS[role].lower()}", signal="demonstrated", text=texts[role])  # type: ignore[arg-type]
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
            words = f"{own} {'competency' if own == 1 else 'competencies'}"
            pieces.append(
                Piece(role="stack", title=f"{title}, part {place}", signal="demonstrated", text=f"{words}.")
            )
        package = "Packaged later: its blueprint follows from the competencies of the stack; holders are recognised."
        return (*pieces, Piece(role="package", title=title, signal="certified", text=package))
    return ()


def _assumptions(answers: Answers) -> tuple[Assumption, ...]:
    fields, usual = type(answers.rates).model_fields, type(answers.rates)()  # type: ignore[call-arg]
    return tuple(
        Assumption(name=name, value=getattr(answers.rates, name), words=field.description or name,
                   yours=getattr(answers.rates, name) != getattr(usual, name))
        for name, field in fields.items()
    )  # fmt: skip
