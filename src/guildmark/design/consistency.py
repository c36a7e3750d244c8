"""Does the class fit how people learn, how they are assessed, and what the market expects? One verdict each (PO12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guildmark.design import promise, typecheck
from guildmark.design.faults import listed
from guildmark.design.typecheck.rules import FORM_WORDS
from guildmark.design.types import Standard

Answer = Literal["fits", "does not fit", "not known"]


@dataclass(frozen=True)
class Verdict:
    """One axis: the verdict, the reason, and the records that it was computed from (path and words)."""

    axis: str
    verdict: Answer
    reason: str
    cites: tuple[tuple[str, str], ...]


def verdicts(standard: Standard) -> list[Verdict]:
    """The three axes in their order. A verdict without a record is "not known"."""
    return [_learning(standard), _assessment(standard), _market(standard)]


def _learning(standard: Standard) -> Verdict:
    axis = "How it is learned"
    cites = [
        ("lessons", f"{len(standard.lessons)} lessons"),
        ("competencies", f"{len(standard.competencies)} competencies"),
    ]
    if standard.study_hours is not None:
        cites.append(("study_hours", f"{standard.study_hours:g} hours of study"))
    if not standard.lessons:
        return Verdict(axis, "not known", "No lesson is listed, so nothing can be compared.", tuple(cites))
    loose = [
        f
        for f in typecheck.check(standard)
        if f.rule.startswith("lesson.") or f.rule == "competency.no_lesson"
    ]
    if loose:
        reason = " ".join(fault.message for fault in loose[:3])
        return Verdict(
            axis, "does not fit", reason, (*cites, *((fault.path, fault.rule) for fault in loose[:3]))
        )
    return Verdict(
        axis, "fits", "Every lesson serves a competency, and every competency has a lesson.", tuple(cites)
    )


def _assessment(standard: Standard) -> Verdict:
    axis = "How it is assessed"
    pieces = tuple(
        (f"evidence.{e.id}", f"{e.title or e.id}: {FORM_WORDS[e.form]}") for e in standard.evidence
    )
    if standard.signal == "completion":
        if standard.evidence or standard.criteria:
            return Verdict(axis, "does not fit", "A completion record asks for work.", pieces)
        return Verdict(axis, "fits", "A completion record judges nothing.", (("signal", standard.signal),))
    if not standard.evidence or not standard.criteria:
        return Verdict(
            axis, "not known", "Evidence or criteria are missing.", (("signal", standard.signal), *pieces)
        )
    faults = [fault for fault in typecheck.check(standard) if fault.severity == "blocking"]
    if faults:
        reason = " ".join(fault.message for fault in faults[:2])
        return Verdict(axis, "does not fit", reason, tuple((fault.path, fault.rule) for fault in faults[:4]))
    forms = listed(sorted({FORM_WORDS[piece.form] for piece in standard.evidence}))
    return Verdict(axis, "fits", f"What is claimed can be seen in what is handed in: {forms}.", pieces)


def _market(standard: Standard) -> Verdict:
    axis = "What the market expects"
    told, decision = promise.figures(standard), standard.decision
    cites = [("decision", f"{decision.who}: {decision.what}")] if decision.who and decision.what else []
    if told.price is not None:
        cites.append(("cost", f"{told.price:f} {told.currency}".strip()))
    if told.hours is not None:
        cites.append(("study_hours", f"{told.hours:g} hours declared"))
    contradictions = list(promise.check(standard))
    if contradictions:
        reason = " ".join(fault.message for fault in contradictions)
        return Verdict(
            axis, "does not fit", reason, (*cites, *((fault.path, fault.rule) for fault in contradictions))
        )
    if not (decision.who and decision.what):
        reason = "Nobody is named whose decision it is to influence."
        return Verdict(axis, "not known", reason, (("decision", "empty"), *cites))
    convinced = f", convinced by: {decision.convinced_by.rstrip('.')}" if decision.convinced_by else ""
    return Verdict(
        axis, "fits", f"{decision.who} decides {decision.what.rstrip('.')}{convinced}.", tuple(cites)
    )
