"""Does the class fit how people learn, how they are assessed, and what the market expects? One verdict each (PO12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from guildmark.design import promise, typecheck
from guildmark.design.faults import in_a_row, listed
from guildmark.design.typecheck.rules import FORM_WORDS
from guildmark.design.types import Standard
from guildmark.kernel.words import Number, numbered, said

Answer = Literal["fits", "does not fit", "not known"]
ANSWERS: Final[Mapping[Answer, str]] = {
    "fits": said("fits"),
    "does not fit": said("does not fit"),
    "not known": said("not known"),
}


@dataclass(frozen=True)
class Verdict:
    """One axis: the verdict, the reason, and the records that it was computed from (path and words)."""

    axis: str
    verdict: Answer
    reason: str
    cites: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        return ANSWERS[self.verdict]


def verdicts(standard: Standard) -> list[Verdict]:
    """The three axes in their order. A verdict without a record is "not known"."""
    return [_learning(standard), _assessment(standard), _market(standard)]


def _learning(standard: Standard) -> Verdict:
    axis = said("How it is learned")
    cites: list[tuple[str, str]] = [
        ("lessons", numbered("{n} lesson", "{n} lessons", n=len(standard.lessons))),
        ("competencies", numbered("{n} competency", "{n} competencies", n=len(standard.competencies))),
    ]
    if standard.study_hours is not None:
        cites.append(("study_hours", _hours_of_study(standard.study_hours)))
    if not standard.lessons:
        return Verdict(
            axis, "not known", said("No lesson is listed, so nothing can be compared."), tuple(cites)
        )
    loose = [
        f
        for f in typecheck.check(standard)
        if f.rule.startswith("lesson.") or f.rule == "competency.no_lesson"
    ]
    if loose:
        reason = in_a_row([fault.message for fault in loose[:3]])
        return Verdict(
            axis, "does not fit", reason, (*cites, *((fault.path, fault.rule) for fault in loose[:3]))
        )
    reason = said("Every lesson serves a competency, and every competency has a lesson.")
    return Verdict(axis, "fits", reason, tuple(cites))


def _hours_of_study(hours: float) -> str:
    if hours == 1:
        return said("1 hour of study")
    return said("{hours} hours of study", hours=Number(f"{hours:g}"))


def _assessment(standard: Standard) -> Verdict:
    axis = said("How it is assessed")
    pieces = tuple(
        (f"evidence.{e.id}", said("{title}: {form}", title=e.title or e.id, form=FORM_WORDS[e.form]))
        for e in standard.evidence
    )
    if standard.signal == "completion":
        if standard.evidence or standard.criteria:
            return Verdict(axis, "does not fit", said("A completion record asks for work."), pieces)
        nothing = said("A completion record judges nothing.")
        return Verdict(axis, "fits", nothing, (("signal", standard.signal),))
    if not standard.evidence or not standard.criteria:
        missing = said("Evidence or criteria are missing.")
        return Verdict(axis, "not known", missing, (("signal", standard.signal), *pieces))
    faults = [fault for fault in typecheck.check(standard) if fault.severity == "blocking"]
    if faults:
        reason = in_a_row([fault.message for fault in faults[:2]])
        return Verdict(axis, "does not fit", reason, tuple((fault.path, fault.rule) for fault in faults[:4]))
    forms = listed(sorted({FORM_WORDS[piece.form] for piece in standard.evidence}))
    reason = said("What is claimed can be seen in what is handed in: {forms}.", forms=forms)
    return Verdict(axis, "fits", reason, pieces)


def _market(standard: Standard) -> Verdict:
    axis = said("What the market expects")
    told, decision = promise.figures(standard), standard.decision
    cites: list[tuple[str, str]] = []
    if decision.who and decision.what:
        cites.append(("decision", f"{decision.who}: {decision.what}"))
    if told.price is not None:
        cites.append(("cost", told.price_words))
    if told.hours is not None:
        cites.append(("study_hours", _hours_declared(told.hours)))
    contradictions = list(promise.check(standard))
    if contradictions:
        reason = in_a_row([fault.message for fault in contradictions])
        return Verdict(
            axis, "does not fit", reason, (*cites, *((fault.path, fault.rule) for fault in contradictions))
        )
    if not (decision.who and decision.what):
        reason = said("Nobody is named whose decision it is to influence.")
        return Verdict(axis, "not known", reason, (("decision", said("empty")), *cites))
    places = {"who": decision.who, "what": decision.what.rstrip(".")}
    reason = said("{who} decides {what}.", **places)
    if decision.convinced_by:
        reason = said(
            "{who} decides {what}, convinced by: {words}.",
            **places,
            words=decision.convinced_by.rstrip("."),
        )
    return Verdict(axis, "fits", reason, tuple(cites))


def _hours_declared(hours: float) -> str:
    if hours == 1:
        return said("1 hour declared")
    return said("{hours} hours declared", hours=Number(f"{hours:g}"))
