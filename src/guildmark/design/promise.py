"""Promise, effort and price: three numbers that should tell the same story (PO6, PO11, M17), and what hangs on them.

Nothing here blocks but an empty block of the public page. The guides are rules of thumb with a source; they make a
question, never a rule, and every function takes others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from guildmark.design import assurance, wording
from guildmark.design.faults import Fault, advises, blocks, listed
from guildmark.design.types import Standard, Volatility
from guildmark.kernel.words import Number, numbered, said


@dataclass(frozen=True)
class Guides:
    """Rules of thumb, each with where it comes from. Amounts are in the currency of the standard, hours a learner's."""

    price_low: int = 50
    price_high: int = 500
    price_source: str = said(
        "an article on credentials for creators, where it is a remark, not a measured figure"
    )
    dear_an_hour: int = 100
    career_hours: int = 20
    broad_hours: int = 60
    hours_source: str = said("Guildmark's own rule of thumb")


#: A thing is narrow up to these numbers, and broad from those.
NARROW: Final = {"competencies": 3, "criteria": 6, "evidence": 3}
BROAD: Final = {"competencies": 6, "criteria": 8}
#: Words of a career or of a whole profession in three languages; what the verb list of ``wording`` has is added.
CAREER: Final = re.compile(
    r"\b(?:diplom[ae]?s?|zertifi(?:kat|kation|zierung|ziert)\w*|meister(?:kurs|brief|klasse)?|expert(?:e|in|en|os?|as?)|"
    r"certificaci[oó]n|certificad[oa]|maestr[íi]a|máster|profi)\b",
    re.IGNORECASE,
)
#: Review and validity in months that fit how soon an area changes; None: it need not expire.
PERIODS: Final[dict[Volatility, tuple[int, int | None]]] = {
    "low": (24, None),
    "medium": (12, 36),
    "high": (6, 18),
}


@dataclass(frozen=True)
class Figures:
    """The declared figures of a standard. ``hours`` and ``price`` are None where nothing is declared."""

    competencies: int
    criteria: int
    evidence: int
    hours: float | None
    price: Decimal | None
    currency: str
    labels: tuple[str, ...]

    @property
    def narrow(self) -> bool:
        return all(getattr(self, name) <= most for name, most in NARROW.items())

    @property
    def price_words(self) -> str:
        """The price with its currency; nothing where none is declared."""
        if self.price is None:
            return ""
        price = Number(f"{self.price:f}")
        return said("{price} {currency}", price=price, currency=self.currency) if self.currency else price

    @property
    def breadth(self) -> str:
        return listed(
            [
                numbered("{n} competency", "{n} competencies", n=self.competencies),
                numbered("{n} criterion", "{n} criteria", n=self.criteria),
                numbered("{n} piece of evidence", "{n} pieces of evidence", n=self.evidence),
            ]
        )


def price_of(standard: Standard) -> Decimal | None:
    """The declared price, or None when there is none that can be read."""
    try:
        amount = Decimal(standard.cost.amount) if standard.cost and standard.cost.amount else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() and amount >= 0 else None


def labels_of(standard: Standard) -> tuple[str, ...]:
    """The words of a career in the title, as they are written."""
    title = standard.title
    spans = {*wording.grand_words(title, title=True), *(match.span() for match in CAREER.finditer(title))}
    return tuple(title[start:end] for start, end in sorted(spans))


def figures(standard: Standard) -> Figures:
    given = [hours for hours in (standard.study_hours, standard.assessment_hours) if hours is not None]
    return Figures(
        len(standard.competencies),
        len(standard.criteria),
        len(standard.evidence),
        sum(given) if given else None,
        price_of(standard),
        standard.cost.currency if standard.cost else "",
        labels_of(standard),
    )


def check(standard: Standard, guides: Guides | None = None) -> Iterator[Fault]:
    """Where promise, effort and price contradict each other; every finding tells the numbers that it was made from."""
    asked, told = guides or Guides(), figures(standard)
    label = listed([said("“{text}”", text=word) for word in told.labels])
    if told.labels and told.narrow:
        yield advises(
            "promise.over_label",
            "title",
            said(
                "The title says {words}; what is judged is narrow: {breadth}.",
                words=label,
                breadth=told.breadth,
            ),
            said("Call it by the one thing that a holder can do, or widen what is judged."),
        )
    if told.labels and told.hours is not None and told.hours < asked.career_hours:
        yield advises(
            "promise.effort",
            "study_hours",
            said(
                "The title says {words}; the declared effort is {hours}.",
                words=label,
                hours=_hours(told.hours),
            ),
            said(
                "Below {hours} hours ({source}) few people believe such a word. Choose a smaller word, or say what is learned before.",
                hours=str(asked.career_hours),
                source=asked.hours_source,
            ),
        )
    if told.price is not None and told.hours and told.price / Decimal(str(told.hours)) > asked.dear_an_hour:
        an_hour = told.price / Decimal(str(told.hours))
        yield advises(
            "promise.price",
            "cost",
            said(
                "{price} {currency} for {hours} is {rate} an hour.",
                price=Number(f"{told.price:f}"),
                currency=told.currency,
                hours=_hours(told.hours),
                rate=f"{an_hour:.0f}",
            ),
            said(
                "What in it is worth that: the judging, the material, the name? Say so on the offer, or change one of "
                "the two numbers."
            ),
        )
    if standard.signal == "demonstrated" and not told.labels and _broad(told, asked):
        message = said("{breadth}: this is a programme, sold as one skill.", breadth=told.breadth)
        if told.hours is not None:
            message = said(
                "{breadth}, {hours}: this is a programme, sold as one skill.",
                breadth=told.breadth,
                hours=_hours(told.hours),
            )
        yield advises(
            "promise.under_label",
            "competencies",
            message,
            said("Split it into sharp ones, or plan a certification for the whole."),
        )


def _broad(told: Figures, guides: Guides) -> bool:
    many = all(getattr(told, name) >= least for name, least in BROAD.items())
    return many or (told.hours is not None and told.hours >= guides.broad_hours)


def _hours(hours: float) -> str:
    return (
        said("{hours} hour", hours="1") if hours == 1 else said("{hours} hours", hours=Number(f"{hours:g}"))
    )


def in_the_gate(standard: Standard) -> Iterator[Fault]:
    """The same for the gate, without what its guard of words says already of every single word."""
    words = bool(wording.grand_words(standard.title, title=True))
    guarded = words and not assurance.opens_grand_words(standard)
    for fault in check(standard):
        if not (guarded and fault.rule == "promise.over_label"):
            yield fault


def questions(standard: Standard, guides: Guides | None = None) -> list[str]:
    """What the price raises as a question, with the source of the band; never a finding (PRODUCT C7)."""
    asked, told = guides or Guides(), figures(standard)
    if told.price is None:
        return [
            said("No price is declared. What does being assessed cost a learner, and what does it cost you?")
        ]
    places = {
        "price": said("{price} {currency}", price=Number(f"{told.price:f}"), currency=told.currency),
        "low": str(asked.price_low),
        "high": str(asked.price_high),
        "source": asked.price_source,
    }
    if told.price < asked.price_low:
        return [
            said(
                "{price} is below {low} to {high} ({source}). Does it cover the time of a judge, and does it still look "
                "serious?",
                **places,
            )
        ]
    if told.price > asked.price_high:
        return [
            said(
                "{price} is above {low} to {high} ({source}). What does a buyer get that others do not give?",
                **places,
            )
        ]
    return [
        said("{price} is within {low} to {high} ({source}). Does it cover the time of a judge?", **places)
    ]


# --- what hangs on it


def validity_of(volatility: str) -> int | None:
    """For how many months a credential counts in an area that changes so soon; None: it need not expire."""
    return PERIODS[cast(Volatility, volatility)][1] if volatility else None


def with_periods(typed: dict[str, Any], stored: Standard) -> dict[str, Any]:
    """What was typed, with the periods that fit how soon the area changes, where the author says that now for the first
    time or anew and leaves both periods empty. Emptied once more they stay empty.
    """
    volatility = typed.get("volatility", "")
    periods = (typed.get("review_months"), typed.get("validity_months"))
    if not volatility or volatility == stored.volatility or periods != (None, None):
        return typed
    return typed | {"review_months": PERIODS[volatility][0], "validity_months": validity_of(volatility)}


def check_volatility(standard: Standard) -> Iterator[Fault]:
    """An area that changes soon needs an end and early reviews (UP7)."""
    if not standard.volatility:
        return
    review, validity = PERIODS[standard.volatility]
    if standard.volatility == "high" and standard.validity_months is None:
        yield advises(
            "volatility.no_expiry",
            "validity_months",
            said("The area changes within months, and the credential never expires."),
            said(
                "Let it end, for instance after {months} months, or say why the skill outlasts its tools.",
                months=str(validity),
            ),
        )
    if standard.review_months is not None and standard.review_months > review:
        yield advises(
            "volatility.review",
            "review_months",
            said(
                "The standard is looked at every {months} months, and its area changes sooner.",
                months=str(standard.review_months),
            ),
            said("Plan a review after {months} months at the latest.", months=str(review)),
        )


def check_decision(standard: Standard) -> Iterator[Fault]:
    """Whose decision it is to influence (PO9)."""
    given = standard.decision
    answers = (
        (given.who, said("who decides")),
        (given.what, said("what")),
        (given.convinced_by, said("what would convince them")),
    )
    open_ones = [words for answer, words in answers if not answer]
    if open_ones:
        yield advises(
            "decision.missing",
            "decision",
            said("Nothing says {questions}.", questions=listed(open_ones)),
            said("Name one person who decides something about a holder; the offer is written for them."),
        )


def check_where_it_fits(standard: Standard) -> Iterator[Fault]:
    """Of the three blocks of the public page (what it proves, how it is earned, where it fits) the last (PO13).

    The gate asks for the other two anyway: a claim or a summary, and evidence with criteria.
    """
    given = standard.decision
    if not (standard.audience or given.who or given.what or standard.alignments or standard.context):
        yield blocks(
            "where.empty",
            "audience",
            said("The block “Where it fits” of the public page would be empty."),
            said(
                "Say whom it is for, which decision it is to influence, on which tool, or to which framework it belongs."
            ),
        )
