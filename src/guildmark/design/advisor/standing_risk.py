"""The main risk of a standard as it stands, measured on the standard itself (DF12)."""

from __future__ import annotations

from guildmark.design import impostor
from guildmark.design.advisor import scoring, workload
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.engine import PROVES_NOTHING, UPKEEP, WEAK, Risk, strength_inside
from guildmark.design.advisor.recheck import as_it_stands, evidence_of, told_by
from guildmark.design.advisor.saying import formula, joined, n
from guildmark.design.types import Rules, Standard
from guildmark.kernel.words import said

UNKNOWN = said("not known yet")


def of_standard(standard: Standard, rules: Rules | None = None, answers: Answers | None = None) -> Risk:
    """The risk of its class with its measured value; what is not known yet is said.

    ``answers`` are those of the advice about it: they know the learners and the hours that a standard does not hold.
    """
    now = as_it_stands(answers, standard) if answers else told_by(standard)
    if standard.signal == "completion":
        return PROVES_NOTHING
    return _upkeep(standard, now) if standard.signal == "certified" else _evidence(standard, rules, now)


def _evidence(standard: Standard, rules: Rules | None, now: Answers) -> Risk:
    name = said("Chance to pass without the skill")
    if not evidence_of(standard) or not standard.criteria:
        text = said("The standard names no evidence or no criterion yet. Until it does, nothing says how weak its evidence is.")  # fmt: skip
        return Risk(name=name, value=UNKNOWN, text=text, formula="")
    found, proof = impostor.report(standard, rules, suggest=False), scoring.evidence_strength(now)
    strength = said("Evidence strength {value} of 10.", value=proof.value)
    worst = said("The likeliest impostor: {name}, at the first attempt.", name=found.worst.name)
    how = joined([worst, formula("{value}: {lines}", value=proof.value, lines=strength_inside(proof))], " ")
    return Risk(
        name=name, value=impostor.percent(found.once), text=joined([WEAK, strength], " "), formula=how
    )


def _upkeep(standard: Standard, now: Answers) -> Risk:
    name = said("Hours to build, hours a year")
    if not standard.competencies:
        text = said("The standard names no competency yet. Until it does, nothing says how much there is to build and to keep current.")  # fmt: skip
        return Risk(name=name, value=UNKNOWN, text=text, formula="")
    built, year = workload.build(now, "certification"), workload.yearly(now, "certification")
    alone = said(
        "How many learners there are a year is not known, so judging and examining them is not in it."
    )
    return Risk(
        name=name,
        value=said("{built} h, then {year} h a year", built=n(built.value), year=n(year.value)),
        text=UPKEEP if now.learners else joined([UPKEEP, alone], " "),
        formula=said("build {built}; a year {year}", built=built.formula, year=year.formula),
    )
