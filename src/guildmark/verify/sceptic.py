"""The sceptic sheet: twelve questions that an outsider asks, answered from the signed credential alone (PRODUCT M2).

Pure: whoever has the file can make the same sheet. A question counts as answered when a record in the credential
answers it, whatever the answer is; that a judge had taught the learner answers who judged. So taking a record away can
only make the sheet shorter, and nothing is asked that a missing record would answer well. Every answer points to the
places in the credential where its records stand (JSON Pointer, RFC 6901).

The sentences are English; what is put into them is signed. A page says the sentences in its own language and leaves
what is signed as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from guildmark.kernel.rates import FLOOR
from guildmark.kernel.words import numbered, said
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.nodes import nodes_of, text_of
from guildmark.psychometrics.intervals import wilson


@dataclass(frozen=True)
class Rate:
    """A numbered rate with its interval (Wilson, 95 %)."""

    count: int
    n: int
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """One question. ``answers`` is empty and ``missing`` says what is not recorded when it is not answered.

    ``notes`` are what a reader should hold beside the answer. ``pointers`` lead to the records.
    """

    key: str
    question: str
    answers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    rate: Rate | None = None

    @property
    def answered(self) -> bool:
        return bool(self.answers)

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "key": self.key,
            "question": self.question,
            "answered": self.answered,
            "answers": list(self.answers),
            "pointers": list(self.pointers),
        }
        if self.missing:
            made["missing"] = self.missing
        if self.notes:
            made["notes"] = list(self.notes)
        if self.rate:
            rate = self.rate
            made["rate"] = {
                "count": rate.count,
                "n": rate.n,
                "low": round(rate.low, 4),
                "high": round(rate.high, 4),
            }
        return made


@dataclass(frozen=True)
class Sheet:
    """The twelve lines in order. ``answered`` of them are answered: the whole of the score."""

    lines: tuple[Line, ...]

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "answered": self.answered,
            "of": len(self.lines),
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True)
class _Record:
    """A text of the credential and where it stands."""

    value: str
    pointer: str


@dataclass
class _Signed:
    """The records of a credential by what they are about."""

    document: Mapping[str, Any]
    figures: dict[str, list[_Record]] = field(default_factory=dict)
    levels: list[_Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        subject = self.subject
        described = {text_of(node, "id"): node for node in nodes_of(self.achievement, "resultDescription")}
        for index, result in enumerate(nodes_of(subject, "result")):
            about = described.get(text_of(result, "resultDescription"))
            value = text_of(result, "value")
            if about is None or value is None:
                continue
            pointer = f"/credentialSubject/result/{index}"
            kind = text_of(about, "resultType") or ""
            if kind.startswith(names.FACT_PREFIX):
                self.figures.setdefault(kind.removeprefix(names.FACT_PREFIX), []).append(
                    _Record(value, pointer)
                )
            elif "achievedLevel" in result:
                self.levels.append(_Record(_level(text_of(about, "name"), value), pointer))

    @property
    def subject(self) -> Mapping[str, Any]:
        found = self.document.get("credentialSubject")
        return found if isinstance(found, Mapping) else {}

    @property
    def achievement(self) -> Mapping[str, Any]:
        found = self.subject.get("achievement")
        return found if isinstance(found, Mapping) else {}

    def all(self, *keys: str) -> list[_Record]:
        return [record for key in keys for record in self.figures.get(key, [])]

    def day(self, key: str) -> tuple[date, str] | None:
        """The day of a figure, if it is one."""
        for record in self.all(key):
            try:
                return date.fromisoformat(record.value), record.pointer
            except ValueError:
                continue
        return None

    def count(self, key: str) -> tuple[int, str] | None:
        for record in self.all(key):
            if record.value.isascii() and record.value.isdigit() and len(record.value) < 10:
                return int(record.value), record.pointer
        return None

    def member(self, name: str, inside: str = "") -> _Record | None:
        """A text member of the document, or of one of its objects."""
        node = self.document.get(inside) if inside else self.document
        value = text_of(node, name) if isinstance(node, Mapping) else None
        return _Record(value, f"/{inside}/{name}" if inside else f"/{name}") if value else None


def _line(key: str, question: str, records: list[_Record], missing: str, **more: Any) -> Line:
    """Answered by its records, or not at all."""
    if not records:
        return Line(key, question, missing=missing, notes=more.get("notes", ()))
    return Line(
        key,
        question,
        tuple(record.value for record in records),
        tuple(dict.fromkeys(record.pointer for record in records)),
        **more,
    )


def _rated(
    key: str,
    question: str,
    count: tuple[int, str],
    cases: tuple[int, str],
    few: Callable[[int], str],
    told: Callable[..., str],
) -> Line:
    """A rate in words with its interval, or that there are too few cases for one; both numbers with their places."""
    pointers, n = (cases[1], count[1]), cases[0]
    if n < FLOOR:
        return Line(key, question, (few(n),), pointers)
    low, high = wilson(count[0], n)
    text = told(count=count[0], n=n, share=_percent(count[0] / n), low=_percent(low), high=_percent(high))
    return Line(key, question, (text,), pointers, rate=Rate(count[0], n, low, high))


def _done(signed: _Signed) -> Line:
    works = [
        _Record(text_of(node, "name") or said("A piece of work"), f"/evidence/{index}")
        for index, node in enumerate(nodes_of(signed.document, "evidence"))
        if text_of(node, "digestSRI")
    ]
    # Work without a result, or results without work, do not say what was done.
    records = [*works, *signed.levels] if works and signed.levels else []
    return _line(
        "done",
        said("What exactly was done?"),
        records,
        said("No work with a result per criterion is recorded."),
        notes=tuple(
            said("Carried over from earlier work: {result}", result=record.value)
            for record in signed.all(names.CARRIED)
        ),
    )


def _conditions(signed: _Signed) -> Line:
    settings, mode = signed.all("context"), signed.all(names.MODE)
    records = [*settings, *mode, *signed.all(names.CONDITIONS)] if mode else []
    notes = () if settings or not mode else (said("The tool or setting is not recorded."),)
    return _line(
        "conditions",
        said("On what, and under what conditions?"),
        records,
        said("Neither supervision nor conditions are recorded."),
        notes=notes,
    )


def _judged(signed: _Signed) -> Line:
    roles, asked = signed.all(names.JUDGE_ROLE), signed.count(names.INDEPENDENCE_CHECKED)
    apart = signed.all(names.INDEPENDENCE, names.WEAKNESS)
    # A role alone says nothing of independence: every point that was looked at must be there, whichever way it speaks.
    complete = roles and asked and len(apart) >= asked[0] > 0
    records = [_Record(_role(record.value), record.pointer) for record in roles] + apart if complete else []
    return _line(
        "judges",
        said("Who judged, and how independent were they?"),
        records,
        said("Not recorded in full: who judged, and how they stand to the learner."),
    )


def _role(text: str) -> str:
    rank, dot, role = text.partition(". ")
    return said("Judge {rank}: {role}", rank=rank, role=role) if dot and rank.isdigit() else text


def _level(name: str | None, level: str) -> str:
    return f"{name}: {level}" if name else said("A criterion: {level}", level=level)


def _day(value: str) -> date | str:
    """The day that a record names, or its text."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _percent(share: float) -> int:
    return int(f"{share:.0%}"[:-1])


def _public_before(days: int, published: date) -> str:
    if days == 0:
        return said("The bar was public on the day of the hand-in ({day}).", day=published)
    return numbered(
        "The bar was public {n} day before the work was handed in ({day}).",
        "The bar was public {n} days before the work was handed in ({day}).",
        n=days,
        day=published,
    )


def _how_many(signed: _Signed) -> Line:
    found = signed.count(names.JUDGES)
    records = (
        [_Record(numbered("One person judged.", "{n} people judged.", n=found[0]), found[1])] if found else []
    )
    return _line("how_many", said("How many judged?"), records, said("The number of judges is not recorded."))


def _agreement(signed: _Signed) -> Line:
    works, same = signed.count(names.JUDGED_TWICE_SO_FAR), signed.count(names.SAME_OUTCOME_SO_FAR)
    question = said("How well do judges of this standard agree?")
    if not works or not same or not 0 <= same[0] <= works[0] or not works[0]:
        return Line(
            "agreement", question, missing=said("Not known: no work that two people judged is recorded.")
        )
    return _rated(
        "agreement",
        question,
        same,
        works,
        lambda n: numbered(
            "Two people judged {n} work so far: not yet measurable (n = {n}).",
            "Two people judged {n} works so far: not yet measurable (n = {n}).",
            n=n,
        ),
        lambda **figures: said(
            "Of {n} works that two people judged, {count} came to one outcome, {share}% (95 % interval {low}% to {high}%).",
            **figures,
        ),
    )


def _identity(signed: _Signed) -> Line:
    return _line(
        "identity",
        said("Was it checked who did the work?"),
        signed.all(names.IDENTITY),
        said("Not known: no check of identity is recorded."),
    )


def _authorship(signed: _Signed) -> Line:
    return _line(
        "authorship",
        said("Was it checked that the work is their own?"),
        signed.all(names.AUTHORSHIP),
        said("Not known: no check of authorship is recorded."),
    )


def _bar_before(signed: _Signed) -> Line:
    published, submitted = signed.day("standardPublished"), signed.day("submitted")
    records = []
    if published and submitted and submitted[0] >= published[0]:
        days = (submitted[0] - published[0]).days
        records = [
            _Record(_public_before(days, published[0]), published[1]),
            _Record(said("Handed in on {day}.", day=submitted[0]), submitted[1]),
        ]
        records += [
            _Record(said("The learner accepted it on {day}.", day=_day(r.value)), r.pointer)
            for r in signed.all("barAccepted")
        ]
    return _line(
        "bar",
        said("Was the bar known before the work?"),
        records,
        said("Not known: the dates are not recorded."),
    )


def _current(signed: _Signed) -> Line:
    until, review = signed.member("validUntil"), signed.all(names.REVIEW_EVERY)
    places = [
        _Record(
            said("It can be withdrawn; whether it was is asked of the status list."),
            f"/credentialStatus/{index}",
        )
        for index, node in enumerate(nodes_of(signed.document, "credentialStatus"))
        if text_of(node, "statusListCredential")
    ]
    records = []
    if places:
        records = places[:1]
        records += (
            [_Record(said("Valid until {day}.", day=_day(until.value[:10])), until.pointer)] if until else []
        )
        records += [
            _Record(said("The standard is reviewed {how_often}.", how_often=r.value), r.pointer)
            for r in review
        ]
    notes = () if until or not places else (said("It has no end: ask how old the skill may be."),)
    return _line(
        "current",
        said("Is it still current?"),
        records,
        said("Not known: there is no way to withdraw it."),
        notes=notes,
    )


def _passed(signed: _Signed) -> Line:
    assessed, passed = signed.count(names.ASSESSED_SO_FAR), signed.count(names.PASSED_SO_FAR)
    question = said("How many tried, and how many passed?")
    if not assessed or not passed or not 0 < passed[0] <= assessed[0]:
        return Line("passed", question, missing=said("Not known: no counts are recorded."))
    return _rated(
        "passed",
        question,
        passed,
        assessed,
        lambda n: numbered(
            "1 person was assessed so far: not yet measurable (n = {n}).",
            "{n} people were assessed so far: not yet measurable (n = {n}).",
            n=n,
        ),
        lambda **figures: said(
            "{count} of {n} passed when this was decided, {share}% (95 % interval {low}% to {high}%).",
            **figures,
        ),
    )


def _not_shown(signed: _Signed) -> Line:
    return _line(
        "not_shown",
        said("What does this not show?"),
        signed.all(names.NOT_SHOWN),
        said("The issuer names nothing."),
    )


def _challenge(signed: _Signed) -> Line:
    found = signed.member("email", "issuer") or signed.member("url", "issuer")
    named = signed.member("id")
    records = []
    if found and named:
        records = [
            _Record(said("Write to the issuer: {address}", address=found.value), found.pointer),
            _Record(said("Name the credential: {address}", address=named.value), named.pointer),
        ]
    return _line(
        "challenge", said("How can it be challenged?"), records, said("No address of the issuer is recorded.")
    )


_QUESTIONS: Final[tuple[Callable[[_Signed], Line], ...]] = (
    _done,
    _conditions,
    _judged,
    _how_many,
    _agreement,
    _identity,
    _authorship,
    _bar_before,
    _current,
    _passed,
    _not_shown,
    _challenge,
)


def sheet(document: Mapping[str, Any]) -> Sheet:
    """The sheet of a credential as it was signed. Checks no signature: show it beside a verdict."""
    signed = _Signed(document)
    return Sheet(tuple(question(signed) for question in _QUESTIONS))
