"""The verdict once more, with the standard as it stands now (C1, DF15): provisional first, binding after the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from guildmark.design.advisor import engine, scoring, workload
from guildmark.design.advisor.answers import (
    Answers,
    DecisionAnswer,
    EvidenceAnswer,
    Intended,
    Part,
    with_value,
)
from guildmark.design.advisor.engine import SIGNALS
from guildmark.design.advisor.saying import Told, formula, n, signed
from guildmark.design.advisor.verdicts import VERDICT_INSIDE, VERDICT_WORDS, Verdict
from guildmark.design.advisor.workload import Need
from guildmark.design.types import EvidenceRequirement, Standard
from guildmark.kernel.clock import stamp
from guildmark.kernel.words import said

CHANGE = {"high": "months", "medium": "year", "low": "years"}
CLASSES = {
    "completion": said("completion record"),
    "demonstrated": said("demonstrated skill"),
    "certified": said("certification"),
}
CHANGE_WORDS = {"": "", "months": said("months"), "year": said("year"), "years": said("years")}
EVIDENCE_WORDS = {"": said("nothing yet"), "work": said("work"), "exam": said("closed questions"),
                  "both": said("work and closed questions"), "attendance": said("attendance")}  # fmt: skip


class Drift(Part):
    """One thing that was answered, and what the standard says now. ``text`` says what follows where it differs.

    ``own_words``: both are free text of whoever answered and are not kept with a publication.
    """

    name: Told
    then: Told
    now: Told
    differs: bool
    text: Told = ""
    own_words: bool = False


class Recheck(Part):
    """Advice against a standard, ``provisional`` until that names its evidence. ``missing`` is what its class needs."""

    provisional: bool
    verdict_then: Verdict
    verdict_now: Verdict
    words_then: Told
    words_now: Told
    score_then: int
    score_now: int
    holds: bool
    text: Told
    drifts: tuple[Drift, ...]
    missing: tuple[Need, ...]

    @property
    def changed(self) -> tuple[Drift, ...]:
        return tuple(drift for drift in self.drifts if drift.differs)

    @property
    def scores(self) -> str:
        return said("Score then {then}, now {now}.", then=signed(self.score_then), now=signed(self.score_now))


def kind_of(requirement: EvidenceRequirement) -> EvidenceAnswer:
    """What a piece of evidence is to the advisor: an exam, attendance, or work."""
    if requirement.form == "quiz":
        return "exam"
    return "attendance" if requirement.form == "attendance" else "work"


def evidence_of(standard: Standard) -> EvidenceAnswer:
    """What the required evidence of a standard amounts to; empty when it names none."""
    kinds = {kind_of(requirement) for requirement in standard.evidence if requirement.required}
    kinds = kinds or {kind_of(requirement) for requirement in standard.evidence}
    if not kinds:
        return ""
    if {"work", "exam"} <= kinds:
        return "both"
    return "work" if "work" in kinds else "exam" if "exam" in kinds else "attendance"


def as_it_stands(answers: Answers, standard: Standard) -> Answers:
    """The same answers, with everything that the standard itself says put in its place."""
    found, evidence = answers, evidence_of(standard)
    if standard.competencies:
        found = with_value(found, "certification.competencies", len(standard.competencies))
    if evidence:
        named = next((r.title for r in standard.evidence if kind_of(r) == "work" and r.title), "")
        found = with_value(found, "questions.evidence", evidence)
        found = with_value(found, "micro.work_samples", evidence in {"work", "both"})
        found = with_value(
            found, "micro.artefact", (named or answers.micro.artefact) if evidence in {"work", "both"} else ""
        )
    if standard.volatility:
        found = with_value(found, "questions.change", CHANGE[standard.volatility])
    for name in ("study_hours", "assessment_hours"):
        if getattr(standard, name) is not None:
            found = with_value(found, f"offer.{name}", getattr(standard, name))
    price = _price(standard)
    if price is not None:
        found = with_value(found, "offer.price", price)
    return with_value(found, "offer.judges", max(1, min(5, standard.conditions.judges)))


def told_by(standard: Standard) -> Answers:
    """What a standard that exists says of itself, as a start for the answers."""
    decision = DecisionAnswer(**{name: text[:limit] for name, text, limit in (
        ("who", standard.decision.who, 120), ("what", standard.decision.what, 300),
        ("convinced_by", standard.decision.convinced_by, 600))})  # fmt: skip
    intended: Intended = {"completion": "completion", "demonstrated": "micro", "certified": "certification"}[
        standard.signal
    ]  # type: ignore[assignment]
    return as_it_stands(Answers(title=standard.title[:120], intended=intended, decision=decision), standard)


def _price(standard: Standard) -> float | None:
    try:
        return float(standard.cost.amount) if standard.cost and standard.cost.amount else None
    except ValueError:
        return None


def recheck(answers: Answers, standard: Standard) -> Recheck:
    """What of the advice still fits the standard, what does not, and the verdict that follows now."""
    now = as_it_stands(answers, standard)
    before, after = (engine.advise(given, today=date.min) for given in (answers, now))
    provisional = not evidence_of(standard) and standard.signal != "completion"
    rows = {c.path: c for c in before.contributions}
    effect = {c.path: c.points - rows[c.path].points for c in after.contributions}
    drifts = (*_drifts(answers, now, standard, effect), _class(standard, after.verdict))
    missing = tuple(need for need in _needs(now, standard) if need.missing)
    same = before.verdict == after.verdict
    return Recheck(
        provisional=provisional,
        verdict_then=before.verdict,
        verdict_now=after.verdict,
        words_then=VERDICT_WORDS[before.verdict],
        words_now=VERDICT_WORDS[after.verdict],
        score_then=before.score,
        score_now=after.score,
        holds=same and not drifts[-1].differs,
        text=_text(provisional, same, before.verdict, after.verdict),
        drifts=drifts,
        missing=missing,
    )


def _needs(now: Answers, standard: Standard) -> tuple[Need, ...]:
    """What the class of the standard needs to be run; nobody judges closed questions or attendance."""
    if standard.signal == "certified":
        return workload.certification_needs(now)
    if standard.signal == "completion":
        return ()
    judged = now.questions.evidence in {"work", "both"}
    return tuple(need for need in workload.micro_needs(now) if judged or need.key != "assessor")


def _text(provisional: bool, same: bool, then: Verdict, now: Verdict) -> str:
    if provisional:
        return said(
            "Provisional: the standard names no evidence yet. The verdict is looked at again once it does."
        )
    if same:
        verdict = VERDICT_INSIDE[now]
        return said("The verdict still holds with the evidence as it is defined: {verdict}.", verdict=verdict)
    return said("The verdict was “{then}”; as the standard stands now it is “{now}”.",
                then=VERDICT_WORDS[then], now=VERDICT_WORDS[now])  # fmt: skip


def _drifts(answers: Answers, now: Answers, standard: Standard, effect: dict[str, int]) -> list[Drift]:
    a, b = answers, now
    found = [
        _drift(said("Competencies"), str(a.certification.competencies or 0), str(b.certification.competencies or 0), effect, "breadth"),
        _drift(said("Evidence"), EVIDENCE_WORDS[a.questions.evidence],
               EVIDENCE_WORDS[evidence_of(standard) or b.questions.evidence], effect, "questions.evidence"),
        _drift(said("Work that is named"), a.micro.artefact or said("none"), b.micro.artefact or said("none"), effect, "work_samples", own_words=True),
        _drift(said("How soon the skill changes"), CHANGE_WORDS[a.questions.change], CHANGE_WORDS[b.questions.change], effect, "questions.change"),
        _drift(said("Judges of each hand-in"), str(a.offer.judges), str(b.offer.judges), effect),
        _drift(said("Hours of study"), _h(a.offer.study_hours), _h(b.offer.study_hours), effect, "commitment"),
        _drift(said("Hours of assessment"), _h(a.offer.assessment_hours), _h(b.offer.assessment_hours), effect),
        _drift(said("Price"), _h(a.offer.price), _h(b.offer.price), effect),
    ]  # fmt: skip
    strength = scoring.evidence_strength(a).value, scoring.evidence_strength(b).value
    weaker = said("The evidence proves less than was planned.") if strength[1] < strength[0] else ""
    found.append(Drift(name=said("Evidence strength"),
                       then=said("{value} of 10", value=strength[0]), now=said("{value} of 10", value=strength[1]),
                       differs=strength[0] != strength[1], text=weaker))  # fmt: skip
    return found


def _h(value: float | None) -> str:
    return said("not said") if value is None else n(value)


def _drift(
    name: str, then: str, now: str, effect: dict[str, int], path: str = "", *, own_words: bool = False
) -> Drift:
    points = effect.get(path, 0)
    counts, text = f"{points:+d}", ""
    if points > 0:
        text = said("It counts {points}, towards a certification.", points=counts)
    elif points < 0:
        text = said("It counts {points}, towards a micro-credential.", points=counts)
    return Drift(name=name, then=then, now=now, differs=then != now, text=text, own_words=own_words)


def _class(standard: Standard, verdict: Verdict) -> Drift:
    wanted = SIGNALS.get(verdict, standard.signal)
    differs = wanted != standard.signal
    text = said("The class of the draft is not the one that the answers lead to.") if differs else ""
    return Drift(
        name=said("Class"), then=CLASSES[wanted], now=CLASSES[standard.signal], differs=differs, text=text
    )


# --- kept with a publication (DF15)

#: Texts such as ``6 of 10``, which are made of a number.
OF_TEN = re.compile(r"(\d+) of 10")


def on_record(found: Recheck, advised_at: datetime) -> dict[str, Any]:
    """What is kept with a version: the verdict that was given and the one on the day of publication, in plain English.

    Of free text only is kept that it differs.
    """
    differs = [
        {"name": str(one.name)} | ({} if one.own_words else {"then": str(one.then), "now": str(one.now)})
        for one in found.changed
    ]
    return {
        "advised_at": stamp(advised_at),
        "verdict": found.verdict_then,
        "words": str(found.words_then),
        "score": found.score_then,
        "verdict_now": found.verdict_now,
        "words_now": str(found.words_now),
        "score_now": found.score_now,
        "holds": found.holds,
        "differs": differs,
    }


def from_record(kept: Mapping[str, Any]) -> tuple[str, ...]:
    """What :func:`on_record` kept, in sentences: the verdict, whether it held, and what differed."""
    verdict, at_publication = said(kept["words"]), said(kept["words_now"])
    scores = said("Score then {then}, now {now}.", then=signed(kept["score"]), now=signed(kept["score_now"]))
    if kept["verdict"] != kept["verdict_now"]:
        first = said("The advisor said “{then}”; for what was published it says “{now}”.",
                     then=verdict, now=at_publication)  # fmt: skip
    else:
        first = said("The advisor said “{then}”, and still did for what was published.", then=verdict)
    return (first, scores, *(_differed(one) for one in kept["differs"]))


def _differed(one: Mapping[str, str]) -> str:
    name = said(one["name"])
    if "then" not in one:
        return said("{name}: worded otherwise", name=name)
    return formula("{name}: {then} → {now}", name=name, then=_value(one["then"]), now=_value(one["now"]))


def _value(text: str) -> str:
    if found := OF_TEN.fullmatch(text):
        return said("{value} of 10", value=int(found[1]))
    try:
        return n(float(text))
    except ValueError:
        return said(text)
