"""The offer: what is said to people who might take part, each sentence tied to what makes it true (PO10, M18).

A line's ``source`` is a path into the standard (``criteria.k1``, ``conditions.resubmissions``) or ``fact:NAME`` for a
figure that the page fills in from records. A path carries a mark of what stood there when the sentence was tied to it
(``criteria.k1@9f86d08188``), so that a later change of the criterion makes the sentence stale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

from guildmark.design import promise
from guildmark.design.claims.text import sentence_count
from guildmark.design.faults import Fault, advises, blocks
from guildmark.design.types import OfferLine, Standard
from guildmark.kernel.words import Number, numbered, said
from guildmark.protocol.canonical import jcs

State = Literal["linked", "unlinked", "gone", "changed"]
#: Figures that the public page fills in from records, and what stands for them in a sentence.
FACTS: Final = {
    "assessed": said("People assessed on this version"),
    "passed": said("People who passed on this version"),
    "version": said("The number of the version"),
    "published": said("The day of its publication"),
}
#: Members of a standard that can make a sentence true, with their words; parts are listed by id.
MEMBERS: Final = {
    "claim": said("The claim"),
    "summary": said("The summary"),
    "audience": said("Whom it is for"),
    "decision": said("The decision that it is to influence"),
    "context": said("Tools and setting"),
    "rule": said("The rule of passing"),
    "conditions.supervision": said("Supervision"),
    "conditions.allowed_aids": said("Allowed aids"),
    "conditions.authorship": said("How own work is made likely"),
    "conditions.time_limit": said("The time limit"),
    "conditions.resubmissions": said("Further attempts"),
    "conditions.turnaround_days": said("Answer within days"),
    "conditions.judges": said("Judges of each hand-in"),
    "conditions.retake_rule": said("After the last attempt"),
    "study_hours": said("Hours of study"),
    "assessment_hours": said("Hours of assessment"),
    "validity_months": said("Valid for months"),
    "review_months": said("Reviewed every months"),
    "cost": said("What it costs"),
    "samples": said("The samples"),
    "explainer": said("The explainer video"),
    "not_shown": said("What this does not show"),
}
PARTS: Final = {
    "competencies": (said("Competency"), "statement"),
    "criteria": (said("Criterion"), "name"),
    "evidence": (said("Evidence"), "title"),
}
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
RATE = re.compile(
    r"\d+\s?%|\b\d+\s+(?:of|in|out of|von|de|de cada)\s+\d+\b|\b(?:pass rate|Bestehensquote|tasa de aprobados)\b",
    re.IGNORECASE,
)
#: Outcomes that no standard and no judge can promise.
UNKEEPABLE: Final = re.compile(
    r"\bguarantee[sd]?\b[^.!?]{0,40}\b(?:jobs?|work|income|success|results?|salary|promotion|placement|clients?|hir\w+)\b"
    r"|\b(?:job|income|success|placement|employment|results?)s?[\s-]+(?:is |are )?guarantee[sd]?\b"
    r"|\b(?:get|gets|land|lands|find)s?\s+(?:you\s+)?(?:hired|a\s+(?:dream\s+)?job)\b"
    r"|\b(?:double|triple)s?\s+(?:your|their|his|her)\s+(?:income|salary|sales|revenue)\b"
    r"|\b(?:recogni[sz]ed|accepted)\s+(?:worldwide|everywhere|by\s+(?:all|every)\s+employers?)\b"
    r"|\b(?:Job|Erfolgs|Einstellungs|Vermittlungs|Einkommens)garantie\b"
    r"|\bgarantiert\w*\s+(?:\w+\s+){0,2}(?:Job|Stelle|Arbeit\w*|Erfolg|Einkommen|Gehalt|Kunden|Beförderung)\b"
    r"|\b(?:Job|Stelle|Erfolg|Einkommen)\b[^.!?]{0,20}\bgarantiert\b"
    r"|\bverdopp(?:el\w*|le)\s+(?:Sie\s+)?(?:Ihr|dein|das)\w*\s+(?:Gehalt|Einkommen|Umsatz\w*)\b"
    r"|\b(?:weltweit|überall|von allen Arbeitgebern)\s+anerkannt\b"
    r"|\b(?:empleo|trabajo|éxito|ingresos|puesto)s?\s+(?:garantizad|asegurad)[oa]s?\b"
    r"|\bgarantiza\w*\s+(?:\w+\s+){0,2}(?:empleo|trabajo|éxito|ingresos|contratación|puesto)\b"
    r"|\b(?:duplica|triplica)\w*\s+(?:tu|tus|su|sus)\s+(?:sueldo|salario|ingresos|ventas)\b"
    r"|\b(?:reconocid|aceptad)[oa]\s+(?:en todo el mundo|en todas partes|por todas las empresas)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:no|not|never|without|nor|doesn['’]t|does not|cannot|kein\w*|nicht|ohne|sin|ningún|nunca)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


# --- sources


def path_of(line: OfferLine) -> str:
    return line.source.partition("@")[0]


def value_at(standard: Standard, path: str) -> Any:
    """What stands at a path, as JSON; None when there is nothing (any more).

    Members at their defaults are left out of parts, so that a release that adds one does not move any mark.
    """
    if path == "rule":
        return standard.rule_in_words() if standard.criteria else None
    head, _, rest = path.partition(".")
    if head in PARTS:
        part = next((part for part in getattr(standard, head) if part.id == rest), None)
        # To which competency a criterion is tied is no part of what a sentence says of it.
        return _plain(part, exclude={"competencies", "verb_class"}) if part else None
    if path not in MEMBERS:
        return None
    value = getattr(standard, head)
    value = _plain(getattr(value, rest) if rest else value)
    return None if value in (None, "", [], {}) else value


def _plain(value: Any, exclude: set[str] | None = None) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True, exclude=exclude)
    return value


def mark_of(value: Any) -> str:
    """Ten hex digits over the JCS form of a value: enough to see that it is another one."""
    return hashlib.sha256(jcs.canonicalize(value)).hexdigest()[:10]


def is_fact(path: str) -> bool:
    return path.startswith("fact:") and path.removeprefix("fact:") in FACTS


def state_of(standard: Standard, line: OfferLine) -> State:
    path, _, mark = line.source.partition("@")
    if not path:
        return "unlinked"
    if is_fact(path):
        return "linked"
    value = value_at(standard, path)
    if value is None:
        return "gone"
    return "changed" if mark and mark != mark_of(value) else "linked"


def stamped(standard: Standard) -> Standard:
    """The standard with a mark on every line that names its source without one: what it was tied to is now."""
    if not any(line.source and "@" not in line.source for line in standard.offer):
        return standard
    lines = []
    for line in standard.offer:
        value = value_at(standard, line.source) if line.source and "@" not in line.source else None
        source = f"{line.source}@{mark_of(value)}" if value is not None else line.source
        lines.append(line.model_copy(update={"source": source}))
    return standard.model_copy(update={"offer": tuple(lines)})


def words_of(standard: Standard, path: str) -> str:
    """A source in words: “Criterion: Trigger logic”."""
    if path.startswith("fact:"):
        return FACTS.get(path.removeprefix("fact:"), path)
    head, _, rest = path.partition(".")
    if head in PARTS:
        kind, name = PARTS[head]
        part = next((part for part in getattr(standard, head) if part.id == rest), None)
        if part is None:
            return said("{kind} {identity}, which is gone", kind=kind, identity=rest)
        return said("{kind}: {name}", kind=kind, name=getattr(part, name) or rest)
    return MEMBERS.get(path, path)


def choices(standard: Standard) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sources that there are, grouped for a picker; members without content are left out."""
    members: list[tuple[str, str]] = [
        (path, words) for path, words in MEMBERS.items() if value_at(standard, path) is not None
    ]
    groups: list[tuple[str, list[tuple[str, str]]]] = [(said("The standard"), members)]
    for head, (kind, _) in PARTS.items():
        rows = [(f"{head}.{p.id}", words_of(standard, f"{head}.{p.id}")) for p in getattr(standard, head)]
        groups.append((kind, rows))
    groups.append(
        (said("Filled in from records"), [(f"fact:{name}", words) for name, words in FACTS.items()])
    )
    return [group for group in groups if group[1]]


# --- the guard


def check(standard: Standard) -> Iterator[Fault]:
    """What is untrue, stale or not tied in the offer, and promises that nobody can keep anywhere in the texts."""
    for line in standard.offer:
        path = f"offer.{line.id}"
        if not line.text:
            yield blocks("offer.empty", path, said("This sentence is empty."), said("Write it or remove it."))
            continue
        yield from _tie(standard, line, path)
        yield from _numbers(standard, line, path)
        if sentence_count(line.text) > 1:
            mend = said("Give each sentence a row and a source of its own.")
            yield advises("offer.sentences", path, said("This row holds more than one sentence."), mend)
    texts = {f"offer.{line.id}": line.text for line in standard.offer}
    texts |= {name: getattr(standard, name) for name in ("title", "summary", "audience")}
    for path, text in texts.items():
        for start, end in unkeepable(text):
            yield blocks(
                "offer.promise",
                path,
                said("“{words}” is a promise that nobody can keep.", words=text[start:end]),
                said("Say what a holder has shown; what others make of it is theirs."),
                (start, end),
            )


def unkeepable(text: str) -> list[tuple[int, int]]:
    """Where a text promises a job, an income or recognition; a denial (“no job is guaranteed”) is none."""
    found = [match.span() for match in UNKEEPABLE.finditer(text)]
    return [
        span
        for span in found
        if not DENIED.search(text[: span[0]]) and not re.search(r"\b(?:not|nicht|no)\b", text[slice(*span)])
    ]


def _tie(standard: Standard, line: OfferLine, path: str) -> Iterator[Fault]:
    state, source = state_of(standard, line), words_of(standard, path_of(line))
    if state == "unlinked":
        mend = said("Choose what makes it true, or leave the sentence out; the page marks it.")
        yield advises(
            "offer.unlinked", path, said("Nothing stands behind “{text}”.", text=_short(line.text)), mend
        )
    elif state == "gone":
        yield blocks(
            "offer.gone",
            path,
            said(
                "“{text}” rests on something that is no longer there ({source}).",
                text=_short(line.text),
                source=source,
            ),
            said("Remove the sentence, or tie it to what makes it true now."),
        )
    elif state == "changed":
        yield blocks(
            "offer.changed",
            path,
            said(
                "“{text}” was tied to something that has changed since ({source}).",
                text=_short(line.text),
                source=source,
            ),
            said("Read both; say that it still holds, or rewrite it."),
        )


def _numbers(standard: Standard, line: OfferLine, path: str) -> Iterator[Fault]:
    source, bare = path_of(line), PLACEHOLDER.sub("", line.text)
    unknown = [name for name in PLACEHOLDER.findall(line.text) if name not in FACTS]
    if unknown:
        mend = said("Use {names}.", names=", ".join("{" + name + "}" for name in FACTS))
        yield blocks(
            "offer.placeholder", path, said("Nothing fills in {name}.", name="{" + unknown[0] + "}"), mend
        )
    elif is_fact(source) and (NUMBER.search(bare) or not PLACEHOLDER.search(line.text)):
        mend = said("Write {passed} of {assessed} where the numbers belong; the page fills them in.")
        yield blocks(
            "offer.typed_number",
            path,
            said("The numbers of this sentence come from records, not from here."),
            mend,
        )
    elif not is_fact(source) and RATE.search(bare):
        mend = said("Tie it to the people who passed and write {passed} of {assessed}.")
        yield blocks("offer.loose_rate", path, said("A rate is told, and no record stands behind it."), mend)
    elif state_of(standard, line) == "linked":
        value: Any = promise.price_of(standard) if source == "cost" else value_at(standard, source)
        told = {float(number.replace(",", ".")) for number in NUMBER.findall(bare)}
        if told and _is_number(value) and float(value) not in told:
            yield blocks(
                "offer.number",
                path,
                said(
                    "The sentence says {numbers}; the standard says {value}.",
                    numbers=", ".join(f"{n:g}" for n in sorted(told)),
                    value=f"{float(value):g}",
                ),
                said("Let both say the same."),
            )


def _is_number(value: Any) -> bool:
    return value is not None and not isinstance(value, bool | str | list | dict)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


# --- a first draft, and the page


def drafted(standard: Standard) -> list[dict[str, str]]:
    """The lines that there are, followed by a sentence for every source that has none yet.

    The sentences become the author's own, so they are in the language of the standard, or in English where we do not
    speak that.
    """
    lines = [line.model_dump() for line in standard.offer]
    used, ids = {path_of(line) for line in standard.offer}, {line.id for line in standard.offer}
    # Files are read and compared where Django is not loaded; only a page or an action drafts an offer.
    from guildmark.kernel.speaking import speaking, spoken

    with speaking(standard.language):
        for path, text in _sentences(standard):
            if path not in used and (is_fact(path) or value_at(standard, path) is not None):
                identity = f"o{max((int(i[1:]) for i in ids if i[1:].isdigit()), default=0) + 1}"
                ids.add(identity)
                lines.append({"id": identity, "text": spoken(text), "source": path})
    return lines


def _sentences(standard: Standard) -> Iterator[tuple[str, str]]:
    yield "claim", said("What you will have shown: {claim}", claim=standard.claim)
    if standard.decision.who and standard.decision.what:
        yield "decision", _decision(standard)
    for piece in standard.evidence:
        yield f"evidence.{piece.id}", said("You hand in: {title}.", title=piece.title.rstrip("."))
    for criterion in standard.must_pass:
        words = criterion.statement or criterion.name
        yield f"criteria.{criterion.id}", said("Without this nobody passes: {words}", words=words)
    yield from _terms(standard)
    if standard.not_shown:
        yield "not_shown", said("It does not show this: {words}", words=standard.not_shown[0])
    # Its braces stay: the page fills them in.
    yield "fact:passed", said("{passed} of {assessed} people who were assessed on this version have passed.")


def _decision(standard: Standard) -> str:
    who = standard.decision.who
    if not standard.language.startswith("de"):  # there it may be a noun
        who = who[0].lower() + who[1:]
    what = standard.decision.what.rstrip(".")
    return said("Made for {who}, who decides {what}.", who=who, what=what)


def _terms(standard: Standard) -> Iterator[tuple[str, str]]:
    given, cost = standard.conditions, standard.cost
    yield (
        "conditions.turnaround_days",
        numbered(
            "You have an answer within {n} day.",
            "You have an answer within {n} days.",
            n=given.turnaround_days,
        ),
    )
    yield (
        "conditions.resubmissions",
        numbered(
            "If it is not enough yet, you may try {n} more time.",
            "If it is not enough yet, you may try {n} more times.",
            n=given.resubmissions,
        ),
    )
    if standard.study_hours:
        yield "study_hours", _hours(standard.study_hours, study=True)
    if standard.assessment_hours:
        yield "assessment_hours", _hours(standard.assessment_hours, study=False)
    if cost and cost.amount:
        price = {"amount": cost.amount, "currency": cost.currency}
        words = said("It costs {amount} {currency}.", **price)
        if cost.includes:
            included = cost.includes.rstrip(".")
            words = said(
                "It costs {amount} {currency}, which includes {included}.", **price, included=included
            )
        yield "cost", words
    if standard.validity_months:
        yield (
            "validity_months",
            numbered(
                "The credential counts for {n} month.",
                "The credential counts for {n} months.",
                n=standard.validity_months,
            ),
        )


def _hours(hours: float, *, study: bool) -> str:
    number = Number(f"{hours:g}")
    if study:
        return said("Plan about {hours} hours of study.", hours=number)
    return said("The assessed work takes about {hours} hours.", hours=number)


@dataclass(frozen=True)
class ShownLine:
    """One sentence of the public offer: its text with the figures filled in, what stands behind it, and its state."""

    text: str
    source: str
    state: State


def shown(standard: Standard, figures: Mapping[str, str | int]) -> list[ShownLine]:
    """The offer as the page shows it. ``figures`` are those of :data:`FACTS`; a rate of nobody says so instead."""
    lines = []
    for line in standard.offer:
        path = path_of(line)
        text = PLACEHOLDER.sub(lambda match: str(figures.get(match.group(1), match.group())), line.text)
        if path in {"fact:passed", "fact:assessed"} and not figures.get("assessed"):
            text = said("Nobody has been assessed on this version yet.")
        lines.append(ShownLine(text, words_of(standard, path) if path else "", state_of(standard, line)))
    return lines
