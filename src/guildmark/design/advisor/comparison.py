"""Both models side by side with the creator's own numbers (DF11)."""

from __future__ import annotations

from guildmark.design.advisor import scoring, workload
from guildmark.design.advisor.answers import Answers, Part
from guildmark.design.advisor.workload import Figure, n

OPEN = "not said"


class Cell(Part):
    """What one model comes to: words, the number in them where there is one, and its formula."""

    text: str
    value: float | None = None
    formula: str = ""


class Row(Part):
    """One line of the comparison."""

    name: str
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
        Row(name="Hours to build", micro=_hours(workload.build(answers, "micro")),
            certification=_hours(workload.build(answers, "certification"))),
        Row(name="Hours a year to run it", micro=_hours(workload.yearly(answers, "micro")),
            certification=_hours(workload.yearly(answers, "certification"))),
        _per_learner(answers),
        _price(answers),
    )  # fmt: skip


def _hours(figure: Figure, unit: str = "h") -> Cell:
    return Cell(text=f"{n(figure.value)} {unit}", value=figure.value, formula=figure.formula)


def _focus(answers: Answers) -> Row:
    count, most = workload.micros(answers), answers.rates.competencies_per_micro
    one = "1 micro-credential" if count == 1 else f"{count} micro-credentials"
    domains = "1 domain" if answers.domains == 1 else f"{answers.domains} domains"
    skills = "1 competency" if answers.competencies == 1 else f"{answers.competencies} competencies"
    return Row(
        name="Focus",
        micro=Cell(
            text=f"{one} of at most {most} competencies",
            value=count,
            formula=f"{skills} / {most}, rounded up",
        ),
        certification=Cell(text=f"one blueprint over {domains} with {skills}"),
    )


def _use(answers: Answers) -> Row:
    who = answers.decision.who.strip() or "Those who decide"
    return Row(
        name="Use",
        micro=Cell(text=f"{who}: sees one task done, and may look at the work"),
        certification=Cell(text=f"{who}: relies on a title that means the same for every holder"),
    )


def _study(answers: Answers) -> Row:
    hours, count = answers.offer.study_hours, workload.micros(answers)
    if hours is None:
        return Row(name="Study of a learner", micro=Cell(text=OPEN), certification=Cell(text=OPEN))
    each = hours / count
    return Row(
        name="Study of a learner",
        micro=Cell(
            text=f"{n(each)} h for each", value=workload.rounded(each), formula=f"{n(hours)} h / {count}"
        ),
        certification=Cell(text=f"{n(hours)} h in one", value=hours, formula=f"{n(hours)} h"),
    )


def _assessment(answers: Answers) -> Row:
    pieces, total, given = workload.micros(answers), workload.items(answers), answers.rates
    per_form = answers.competencies * given.items_per_competency
    artefact = answers.micro.artefact.strip()
    looked = f", such as: {artefact}" if artefact else ""
    work = "1 piece of work" if pieces == 1 else f"{pieces} pieces of work"
    project = " and a project" if workload.judges_work(answers) else ""
    return Row(
        name="Assessment",
        micro=Cell(text=f"{work}, judged against a rubric{looked}", value=pieces),
        certification=Cell(
            text=f"an exam of {per_form} questions in {given.forms} forms{project}",
            value=total,
            formula=f"{workload.items_formula(answers)} = {total} questions",
        ),
    )


def _fit(answers: Answers) -> Row:
    total = scoring.score(answers)
    formula = "the sum of the contributions"
    return Row(
        name="Fit with your answers",
        micro=Cell(text=f"{-total:+d}", value=-total, formula=f"{formula}, with the sign turned"),
        certification=Cell(text=f"{total:+d}; it takes {scoring.THRESHOLD:+d}", value=total, formula=formula),
    )


def _risk(answers: Answers) -> Row:
    proof, year = scoring.evidence_strength(answers), workload.yearly(answers, "certification")
    missing = sum(need.missing for need in workload.certification_needs(answers))
    gaps = "everything is there" if not missing else f"{missing} of its needs are missing" if missing > 1 else (
        "1 of its needs is missing")  # fmt: skip
    return Row(
        name="Main risk",
        micro=Cell(text=f"weak evidence: strength {proof.value} of {proof.most}", value=proof.value),
        certification=Cell(text=f"time and upkeep: {n(year.value)} h a year; {gaps}", value=year.value),
    )


def _per_learner(answers: Answers) -> Row:
    micro, certification = (workload.per_learner(answers, model) for model in ("micro", "certification"))
    if micro is None or certification is None:
        unknown = Cell(text="say how many learners there are a year")
        return Row(name="Your hours per learner", micro=unknown, certification=unknown)
    return Row(name="Your hours per learner", micro=_hours(micro), certification=_hours(certification))


def _price(answers: Answers) -> Row:
    return Row(
        name="Price that covers your hours",
        micro=_floor(answers, "micro"),
        certification=_floor(answers, "certification"),
    )


def _floor(answers: Answers, model: workload.Model) -> Cell:
    each, hour = workload.per_learner(answers, model), answers.offer.hour_value
    if each is None or hour is None:
        return Cell(text="say what an hour of yours is worth, and how many learners there are")
    floor, money = workload.rounded(each.value * hour), answers.offer.currency.upper()
    text = f"{n(floor)} {money}".strip()
    if answers.offer.price is not None:
        text += f"; yours of {n(answers.offer.price)} {'covers' if answers.offer.price >= floor else 'does not cover'} it"
    return Cell(text=text, value=floor, formula=f"{n(each.value)} h × {n(hour)} {money}".strip())
