"""Both models side by side with the creator's own numbers (DF11)."""

from __future__ import annotations

from typing import Any

from guildmark.design.advisor import scoring, workload
from guildmark.design.advisor.answers import Answers, Part
from guildmark.design.advisor.saying import Told, formula, joined, n
from guildmark.design.advisor.workload import Figure
from guildmark.kernel.words import Amount, Said, numbered, said

OPEN = said("not said")
RISK = said("Main risk")


class Cell(Part):
    """What one model comes to: words, the number in them where there is one, and its formula."""

    text: Told
    value: float | None = None
    formula: Told = ""


class Row(Part):
    """One line of the comparison."""

    name: Told
    micro: Cell
    certification: Cell


def rows(answers: Answers) -> tuple[Row, ...]:
    """Focus, use, study, assessment, fit, risk, building, maintenance and price of the same programme under both."""
    return (
        _focus(answers),
        _use(answers),
        _study(answers),
        _assessment(answers),
        _fit(answers),
        _risk(answers),
        Row(name=said("Hours to build"), micro=_hours(workload.build(answers, "micro")),
            certification=_hours(workload.build(answers, "certification"))),
        Row(name=said("Hours a year to run it"), micro=_hours(workload.yearly(answers, "micro")),
            certification=_hours(workload.yearly(answers, "certification"))),
        _per_learner(answers),
        _price(answers),
    )  # fmt: skip


def _hours(figure: Figure) -> Cell:
    text = formula("{hours} h", hours=figure.value)
    return Cell(text=text, value=figure.value, formula=figure.formula)


def _focus(answers: Answers) -> Row:
    count, most = workload.micros(answers), answers.rates.competencies_per_micro
    skills = numbered("{n} competency", "{n} competencies", n=answers.competencies)
    domains = numbered("one blueprint over {n} domain with {skills}", "one blueprint over {n} domains with {skills}",
                       n=answers.domains, skills=skills)  # fmt: skip
    return Row(
        name=said("Focus"),
        micro=Cell(
            text=numbered(
                "{n} micro-credential of at most {most} competencies",
                "{n} micro-credentials of at most {most} competencies",
                n=count,
                most=Amount(most),
            ),
            value=count,
            formula=said("{skills} / {most}, rounded up", skills=skills, most=Amount(most)),
        ),
        certification=Cell(text=domains),
    )


def _use(answers: Answers) -> Row:
    who = answers.decision.who.strip() or said("Those who decide")
    seen = said("{who}: sees one task done, and may look at the work", who=who)
    relied = said("{who}: relies on a title that means the same for every holder", who=who)
    return Row(name=said("Use"), micro=Cell(text=seen), certification=Cell(text=relied))


def _study(answers: Answers) -> Row:
    hours, count, name = answers.offer.study_hours, workload.micros(answers), said("Study of a learner")
    if hours is None:
        return Row(name=name, micro=Cell(text=OPEN), certification=Cell(text=OPEN))
    each = hours / count
    return Row(
        name=name,
        micro=Cell(
            text=said("{hours} h for each", hours=n(each)),
            value=workload.rounded(each),
            formula=formula("{hours} h / {count}", hours=hours, count=count),
        ),
        certification=Cell(
            text=said("{hours} h in one", hours=n(hours)),
            value=hours,
            formula=formula("{hours} h", hours=hours),
        ),
    )


def _assessment(answers: Answers) -> Row:
    total = workload.items(answers)
    how = {"formula": workload.items_formula(answers), "total": Amount(total)}
    return Row(
        name=said("Assessment"),
        micro=Cell(text=_work(answers), value=workload.micros(answers)),
        certification=Cell(
            text=_exam(answers),
            value=total,
            formula=said("{formula} = {total} questions", **how),
        ),
    )


def _exam(answers: Answers) -> Said:
    given = answers.rates
    count = Amount(answers.competencies * given.items_per_competency)
    places: dict[str, Any] = {"n": given.forms, "count": count, "forms": Amount(given.forms)}
    if workload.judges_work(answers):
        return numbered(
            "an exam of {count} questions in {forms} forms and a project",
            "an exam of {count} questions in {forms} forms and a project",
            **places,
        )
    return numbered(
        "an exam of {count} questions in {forms} forms",
        "an exam of {count} questions in {forms} forms",
        **places,
    )


def _work(answers: Answers) -> Said:
    pieces, artefact = workload.micros(answers), answers.micro.artefact.strip()
    if not artefact:
        return numbered(
            "{n} piece of work, judged against a rubric",
            "{n} pieces of work, judged against a rubric",
            n=pieces,
        )
    return numbered(
        "{n} piece of work, judged against a rubric, such as: {artefact}",
        "{n} pieces of work, judged against a rubric, such as: {artefact}",
        n=pieces,
        artefact=artefact,
    )


def _fit(answers: Answers) -> Row:
    total = scoring.score(answers)
    turned = said("the sum of the contributions, with the sign turned")
    takes = said("{score}; it takes {threshold}", score=f"{total:+d}", threshold=f"{scoring.THRESHOLD:+d}")
    return Row(
        name=said("Fit with your answers"),
        micro=Cell(text=f"{-total:+d}", value=-total, formula=turned),
        certification=Cell(text=takes, value=total, formula=said("the sum of the contributions")),
    )


def _risk(answers: Answers) -> Row:
    proof, year = scoring.evidence_strength(answers), workload.yearly(answers, "certification")
    missing = sum(need.missing for need in workload.certification_needs(answers))
    gaps = said("everything is there") if not missing else numbered(
        "{n} of its needs is missing", "{n} of its needs are missing", n=missing)  # fmt: skip
    weak = said("weak evidence: strength {value} of {most}", value=proof.value, most=proof.most)
    upkeep = said("time and upkeep: {hours} h a year; {gaps}", hours=n(year.value), gaps=gaps)
    return Row(
        name=RISK,
        micro=Cell(text=weak, value=proof.value),
        certification=Cell(text=upkeep, value=year.value),
    )


def _per_learner(answers: Answers) -> Row:
    micro, certification = (workload.per_learner(answers, model) for model in ("micro", "certification"))
    name = said("Your hours per learner")
    if micro is None or certification is None:
        unknown = Cell(text=said("say how many learners there are a year"))
        return Row(name=name, micro=unknown, certification=unknown)
    return Row(name=name, micro=_hours(micro), certification=_hours(certification))


def _price(answers: Answers) -> Row:
    return Row(
        name=said("Price that covers your hours"),
        micro=_floor(answers, "micro"),
        certification=_floor(answers, "certification"),
    )


def _floor(answers: Answers, model: workload.Model) -> Cell:
    each, hour = workload.per_learner(answers, model), answers.offer.hour_value
    if each is None or hour is None:
        return Cell(text=said("say what an hour of yours is worth, and how many learners there are"))
    floor, money, price = (
        workload.rounded(each.value * hour),
        answers.offer.currency.upper(),
        answers.offer.price,
    )
    text: Said = joined([n(floor), money], " ") if money else n(floor)
    if price is not None and price >= floor:
        text = said("{floor}; yours of {price} covers it", floor=text, price=n(price))
    elif price is not None:
        text = said("{floor}; yours of {price} does not cover it", floor=text, price=n(price))
    cost = formula("{hours} h × {hour}", hours=each.value, hour=hour)
    return Cell(text=text, value=floor, formula=joined([cost, money], " ") if money else cost)
