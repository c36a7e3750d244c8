"""What belief costs: each feature of trust for one candidate, and what is left of the price (PRODUCT M17, PR4).

Money is Decimal in the currency of the standard. Every line is rounded to the hundredth, and every sum is a sum of
lines as they are shown. A figure that nobody gave is None: its line then asks for it, and so does every sum above.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from guildmark.design import assurance, promise
from guildmark.design.advisor.answers import Answers, Rates
from guildmark.design.types import Standard
from guildmark.kernel.words import Number, numbered, said

Key = Literal["judge", "judges", "defence", "supervision", "decision", "identity", "resubmissions", "fees"]

CENT: Final = Decimal("0.01")
#: Checks of authorship that take time of their own; a walkthrough is judged with the rest of the work.
TIMED_CHECKS: Final = frozenset({"defence", "version_history"})
NAMES: Final[dict[Key, str]] = {
    "judge": said("The first judge"),
    "judges": said("Every further judge"),
    "defence": said("A question about their own work, or another check of authorship"),
    "supervision": said("Somebody watches the work"),
    "decision": said("Somebody who did not judge decides"),
    "identity": said("The person is identified"),
    "resubmissions": said("Further tries"),
    "fees": said("Fees and other costs"),
}
#: What each figure is called where it is missing.
ASKED: Final[dict[str, str]] = {
    "price": said("the price for a learner"),
    "hour": said("what an hour of a judge costs"),
    "minutes": said("the minutes that one judge needs for one hand-in"),
    "defence": said("the minutes of a question about their own work"),
    "decision": said("the minutes of a decision"),
    "identity": said("the minutes in which a person is identified"),
    "supervised": said("the hours that are watched"),
}


@dataclass(frozen=True)
class Figures:
    """What is known. Times are minutes of a person's work, ``supervised`` hours of a learner's; None is not known.

    ``together`` are the learners whom one person watches at once, ``again`` the share of tries after which another
    one follows, from 0 to 1.
    """

    price: Decimal | None = None
    currency: str = ""
    hour: Decimal | None = None
    minutes: Decimal | None = None
    defence: Decimal | None = None
    decision: Decimal | None = None
    identity: Decimal | None = None
    supervised: Decimal | None = None
    together: int = 1
    again: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)


@dataclass(frozen=True)
class Features:
    """The features of trust of an operation. ``checks`` are the checks of authorship that take time."""

    judges: int = 1
    checks: int = 0
    supervision: bool = False
    decision: bool = False
    identity: bool = False
    resubmissions: int = 0


@dataclass(frozen=True)
class Line:
    """What one feature costs for one candidate, and how; ``asks`` names the figures without which ``amount`` is None."""

    key: Key
    name: str
    amount: Decimal | None
    formula: str
    asks: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The figures that are missing, in words."""
        return tuple(ASKED[name] for name in self.asks)


@dataclass(frozen=True)
class Bill:
    """All lines of one way to work. ``total`` is their sum; ``margin`` is what the price leaves of it."""

    lines: tuple[Line, ...]
    price: Decimal | None

    @property
    def total(self) -> Decimal | None:
        return summed(self.lines)

    @property
    def margin(self) -> Decimal | None:
        return None if self.price is None or self.total is None else self.price - self.total

    @property
    def asks(self) -> tuple[str, ...]:
        """Every figure that is missing, each once."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.asks))

    @property
    def missing(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(ASKED[name] for name in self.asks)


@dataclass(frozen=True)
class LevelBill:
    """One level of assurance with its cost; ``more`` is what it costs beyond the level below."""

    level: assurance.Level
    bill: Bill
    more: Decimal | None


def money(amount: Decimal) -> Decimal:
    """An amount to the hundredth, halves away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def plain(amount: Decimal) -> Decimal:
    """A figure without zeros at its end and without an exponent."""
    return Decimal(f"{amount.normalize():f}")


def told(amount: Decimal) -> Number:
    """A figure as a place of a sentence: written as the language of the page writes numbers."""
    return Number(f"{amount:,f}")


def summed(lines: Iterable[Line]) -> Decimal | None:
    """The sum of the lines; None while one of them is not known."""
    total = Decimal(0)
    for line in lines:
        if line.amount is None:
            return None
        total += line.amount
    return money(total)


def bill(features: Features, figures: Figures) -> Bill:
    """What one candidate costs. A feature that is not used has no line; fees have one when there are some."""
    each = list(_each_try(features, figures))
    lines = list(each)
    if features.resubmissions > 0:
        lines.append(_further(features, figures, each))
    if features.identity:
        lines.append(_time("identity", figures, "identity", figures.identity, 1))
    if figures.fees:
        lines.append(Line("fees", NAMES["fees"], money(figures.fees), said("as given")))
    return Bill(tuple(lines), figures.price)


def _each_try(features: Features, figures: Figures) -> Iterable[Line]:
    """The lines that every try costs anew."""
    yield _time("judge", figures, "minutes", figures.minutes, 1)
    if features.judges > 1:
        yield _time("judges", figures, "minutes", figures.minutes, features.judges - 1)
    if features.checks:
        yield _time("defence", figures, "defence", figures.defence, features.checks)
    if features.supervision:
        yield _watching(figures)
    if features.decision:
        yield _time("decision", figures, "decision", figures.decision, 1)


def _time(key: Key, figures: Figures, name: str, minutes: Decimal | None, times: int) -> Line:
    if minutes is None or figures.hour is None:
        return _asking(key, {name: minutes, "hour": figures.hour})
    formula = said(
        "{minutes} min × {hour} / 60 min", minutes=told(plain(minutes)), hour=told(plain(figures.hour))
    )
    if times > 1:
        formula = said(
            "{times} × {minutes} min × {hour} / 60 min",
            times=times,
            minutes=told(plain(minutes)),
            hour=told(plain(figures.hour)),
        )
    return Line(key, NAMES[key], money(times * minutes * figures.hour / 60), formula)


def _watching(figures: Figures) -> Line:
    if figures.supervised is None or figures.hour is None:
        return _asking("supervision", {"supervised": figures.supervised, "hour": figures.hour})
    together = max(1, figures.together)
    formula = numbered(
        "{hours} h × {hour} / {n} learner at once",
        "{hours} h × {hour} / {n} learners at once",
        n=together,
        hours=told(plain(figures.supervised)),
        hour=told(plain(figures.hour)),
    )
    return Line(
        "supervision", NAMES["supervision"], money(figures.supervised * figures.hour / together), formula
    )


def _asking(key: Key, wanted: dict[str, Decimal | None]) -> Line:
    return Line(key, NAMES[key], None, "", tuple(name for name, value in wanted.items() if value is None))


def expected_tries(again: Decimal, resubmissions: int) -> Decimal:
    """How many further tries one candidate has on average, when a share ``again`` of all tries is followed by one."""
    share, total = min(Decimal(1), max(Decimal(0), again)), Decimal(0)
    power = Decimal(1)
    for _ in range(resubmissions):
        power *= share
        if not power or power < Decimal("1e-9"):
            break
        total += power
    return total


def _further(features: Features, figures: Figures, each: list[Line]) -> Line:
    one = summed(each)
    if one is None:
        return Line(
            "resubmissions",
            NAMES["resubmissions"],
            None,
            "",
            tuple(dict.fromkeys(name for line in each for name in line.asks)),
        )
    further = expected_tries(figures.again, features.resubmissions)
    formula = said(
        "{further} further tries on average ({share} % of tries, at most {most} more) × {each}",
        further=told(plain(further.quantize(Decimal("0.0001")))),
        share=told(plain((100 * figures.again).quantize(Decimal("0.1")))),
        most=features.resubmissions,
        each=told(one),
    )
    return Line("resubmissions", NAMES["resubmissions"], money(further * one), formula)


def as_written(standard: Standard) -> Features:
    """What the conditions of a standard promise: what each candidate costs if it is done as it is written."""
    given = standard.conditions
    done = assurance.promised(standard)
    return Features(
        judges=max(1, given.judges),
        checks=len(TIMED_CHECKS & set(given.authorship_checks)),
        supervision=given.supervision != "none",
        decision=done.independence == "separate",
        identity=done.identity == "checked",
        resubmissions=max(0, given.resubmissions),
    )


#: What each level of assurance takes, from the lowest that judges to the highest.
BY_RANK: Final[dict[int, Features]] = {
    1: Features(),
    2: Features(judges=2, decision=True),
    3: Features(judges=2, decision=True, checks=1),
    4: Features(judges=2, decision=True, checks=1, supervision=True, identity=True),
}


def by_level(standard: Standard, figures: Figures) -> list[LevelBill]:
    """Each level of assurance with the tries that the standard allows, the lowest first."""
    tries = max(0, standard.conditions.resubmissions)
    found: list[LevelBill] = []
    for level in assurance.LEVELS:
        if level.rank in BY_RANK:
            made = bill(_with_tries(BY_RANK[level.rank], tries), figures)
            below = found[-1].bill.total if found else Decimal(0)
            more = None if made.total is None or below is None else made.total - below
            found.append(LevelBill(level, made, more))
    return found


def _with_tries(features: Features, tries: int) -> Features:
    return Features(
        features.judges, features.checks, features.supervision, features.decision, features.identity, tries
    )


def known(standard: Standard, answers: Answers | None) -> Figures:
    """What a standard declares and the advice that was kept for it says; everything else is not known.

    The figures of work are those of the advisor (``Rates``); they count only where somebody kept advice with them.
    """
    currency = standard.cost.currency if standard.cost else ""
    hours = standard.assessment_hours
    figures = Figures(
        price=promise.price_of(standard),
        currency=currency,
        supervised=None if hours is None else Decimal(str(hours)),
        again=declared_again(answers),
    )
    if answers is None:
        return figures
    offer = answers.offer
    same = not (currency and offer.currency) or currency.upper() == offer.currency.upper()
    value = Decimal(str(offer.hour_value)) if offer.hour_value is not None and same else None
    return Figures(
        price=figures.price,
        currency=currency or offer.currency,
        hour=value,
        minutes=judging_minutes(answers.rates),
        supervised=figures.supervised,
        again=figures.again,
    )


def judging_minutes(rates: Rates) -> Decimal:
    """The minutes of one judge for one hand-in, as the advisor plans them."""
    return plain(Decimal(str(rates.judge_hours)) * 60)


def declared_again(answers: Answers | None) -> Decimal:
    """The share of tries after which another one follows, as the advisor plans it."""
    return Decimal(1) / planned(answers).retake_every


def planned(answers: Answers | None) -> Rates:
    """The planning assumptions in use: those of the kept advice, else the advisor's own."""
    return answers.rates if answers else Answers().rates
