"""``lint``: every flaw of one claim, title or competency, with its place, its reason and new texts to take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guildmark.design.claims import reading, rewrites, structure, vocabulary
from guildmark.design.claims.clause import Clause, analyse
from guildmark.design.claims.findings import ClaimFinding, Rule, TextKind
from guildmark.design.claims.severities import severity
from guildmark.design.claims.structure import Flaw
from guildmark.design.claims.text import sentence_count, tokenise, words
from guildmark.design.claims.words import LANGUAGES, lexicon
from guildmark.kernel.words import marked, said

#: Longer texts are no claims; only their length and their sentences are looked at.
LONGEST = 2000
SHORT_SCRIPTS = {"zh", "ja", "th", "ko"}
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SLOT = re.compile(r"\[[^\[\]\n]{1,200}\]")

#: Per rule: why it matters, and what to do. ``{x}`` is the marked text.
WORDS: dict[Rule, tuple[str, str]] = {
    "empty": (
        marked("There is no claim yet."),
        marked(
            "Write one sentence that begins with what they do: Builds and checks a welcome sequence in an e-mail tool."
        ),
    ),
    "sentences": (
        marked("The claim is more than one sentence."),
        marked("Keep the one that a stranger would test; move the rest to the summary."),
    ),
    "slot": (
        marked("“{x}” is still an open slot."),
        marked("Fill it in with your own words, or take it out."),
    ),
    "topic": (
        marked("The claim names a topic, not something a person does."),
        marked("Begin with a verb and its object: Build and QA a welcome sequence in Kit or Mailchimp."),
    ),
    "unobservable": (
        marked("“{x}” cannot be watched."),
        marked("What would they build, fix or decide? Begin with that verb."),
    ),
    "double": (
        marked("“{x}” is a second skill: somebody could have one and lack the other."),
        marked("Claim one of them here; give the other a credential of its own."),
    ),
    "no_object": (
        marked("The verb acts on nothing, so nobody can tell what was done."),
        marked("Say what they do it to, or for whom."),
    ),
    "no_condition": (
        marked("Nothing says from what, with what or where."),
        marked("Name the starting point, the tool or the setting."),
    ),
    "no_standard": (
        marked("Nothing says how well, or what makes the result right."),
        marked("Say what somebody else could check."),
    ),
    "inflated": (
        marked("“{x}” promises more than a piece of assessed work can show."),
        marked("Say what the person did, and leave the praise to others."),
    ),
    "jargon": (
        marked("A stranger may not know what “{x}” means."),
        marked("Say it in words that somebody outside the house would use."),
    ),
    "acronym": (
        marked("The abbreviation {x} is not explained."),
        marked("Write it out once, with the abbreviation in brackets."),
    ),
    "hard": (
        marked("The sentence is too long or too tangled to be read once."),
        marked("Keep the verb, its object and one condition; move the rest to the bar."),
    ),
    "product_title": (
        marked("The name {x} carries the title; nothing says what the person does with it."),
        marked("Name the work that is done with it."),
    ),
}
TITLE_WORDS: dict[Rule, str] = {"topic": marked("The title names a subject, not a piece of work.")}


def lint(
    text: str,
    kind: TextKind = "claim",
    language: str = "en",
    jargon: Sequence[str] = (),
    products: Sequence[str] = (),
) -> list[ClaimFinding]:
    """Everything that speaks against ``text``; empty when nothing does.

    ``kind`` is claim, title or competency. ``language`` is a tag such as en, de-AT or es; for languages other than
    English, German and Spanish only length and sentences are checked. ``jargon`` is the organisation's own list of
    words that strangers do not know, ``products`` the names of the tools that the standard names. Deterministic, no I/O
    but the reading of the word lists at the first call.
    """
    code = language.split("-")[0].lower()
    shape = [] if kind == "title" else list(_shape(text, kind, code))
    if shape or not text.strip() or len(text) > LONGEST or code not in LANGUAGES:
        return (
            shape
            or [_finding(text, Flaw("slot", match.span()), code, kind) for match in SLOT.finditer(text)][:1]
        )
    clause = analyse(text, code)
    if not any(token.kind == "word" for token in clause.tokens):
        return []
    flaws = list(_flaws(clause, kind, jargon, products))
    return [_offer(clause, flaws, number, kind, jargon, products) for number in range(len(flaws))]


def _shape(text: str, kind: TextKind, code: str) -> Iterator[ClaimFinding]:
    """What is checked in every language: something is there, it is one sentence, it is more than two words."""
    if not text.strip():
        if kind == "claim":
            yield _finding(text, Flaw("empty", (0, len(text))), code, kind)
        return
    start = len(text) - len(text.lstrip())
    span = start, start + len(text.strip())
    if sentence_count(text) > 1:
        yield _finding(text, Flaw("sentences", span), code, kind)
    elif (
        len(WORD.findall(text)) < (3 if code not in LANGUAGES else 1)
        and code not in SHORT_SCRIPTS
        and kind == "claim"
    ):
        yield _finding(text, Flaw("topic", span), code, kind)


def _flaws(
    clause: Clause, kind: TextKind, jargon: Sequence[str], products: Sequence[str]
) -> Iterator[tuple[Flaw, str]]:
    for slot in SLOT.finditer(clause.text):
        yield Flaw("slot", slot.span()), ""
        break
    yield from (
        (flaw, "") for flaw in (_of_title(clause, products) if kind == "title" else _of_claim(clause, kind))
    )
    yield from vocabulary.inflated(clause)
    yield from vocabulary.jargon(clause, jargon)
    yield from vocabulary.acronyms(clause)
    if reading.is_hard(clause):
        yield Flaw("hard", structure.whole(clause)), ""


def _of_claim(clause: Clause, kind: TextKind) -> Iterator[Flaw]:
    """The structural rules; each silences those that ask about what it has already denied."""
    topics = list(structure.topic(clause))
    unobservable = list(structure.unobservable(clause))
    yield from topics
    yield from unobservable
    if topics or unobservable:
        return
    if not reading.is_hard(clause):
        yield from structure.double(clause)
    idle = list(structure.no_object(clause))
    yield from idle
    if not idle and kind == "claim":
        yield from structure.missing(clause)


def _of_title(clause: Clause, products: Sequence[str]) -> Iterator[Flaw]:
    yield from structure.title_topic(clause)
    yield from structure.title_double(clause)
    yield from vocabulary.product_title(clause, products)


def _finding(text: str, flaw: Flaw, code: str, kind: TextKind, offered: tuple[str, ...] = ()) -> ClaimFinding:
    reason, mend = WORDS[flaw.rule]
    if kind == "title":
        reason = TITLE_WORDS.get(flaw.rule, reason)
    shown = text[flaw.span[0] : flaw.span[1]]
    return ClaimFinding(
        flaw.rule,
        severity(flaw.rule, code, kind),
        flaw.span,
        said(reason, x=shown),
        said(mend, x=shown),
        offered,
    )


def _count(rule: Rule, clause: Clause, kind: TextKind, jargon: Sequence[str], products: Sequence[str]) -> int:
    """How often one rule speaks."""
    if rule == "jargon":
        return sum(1 for _ in vocabulary.jargon(clause, jargon))
    if rule == "acronym":
        return sum(1 for _ in vocabulary.acronyms(clause))
    if rule == "inflated":
        return sum(1 for _ in vocabulary.inflated(clause))
    found = _of_title(clause, products) if kind == "title" else _of_claim(clause, kind)
    return sum(flaw.rule == rule for flaw in found)


def _offer(
    clause: Clause,
    flaws: list[tuple[Flaw, str]],
    number: int,
    kind: TextKind,
    jargon: Sequence[str],
    products: Sequence[str],
) -> ClaimFinding:
    """The finding with those new texts that really mend it."""
    flaw, instead = flaws[number]
    make = rewrites.title_rewrites_of if kind == "title" else rewrites.rewrites_of
    had = sum(other.rule == flaw.rule for other, _ in flaws)
    offered = []
    for text in make(clause, flaw, instead):
        again = analyse(text, clause.words.code)
        left = _count(flaw.rule, again, kind, jargon, products)
        if text.strip() and text != clause.text and (not left or left < had):
            offered.append(text)
    return _finding(clause.text, flaw, clause.words.code, kind, tuple(dict.fromkeys(offered)))


#: Frequent short words that only one of the three languages has.
TELLING = {
    "en": words("the of and to for with that is on from by without each at how can"),
    "de": words(
        "der die das und ein eine einen mit für von dem den nach im ohne dass zu auf bei aus sich ist"
    ),
    "es": words("el la los las de del y un una con para por que en sin se su al según lo"),
}


def spoken_language(text: str, declared: str = "") -> str:
    """``declared``, unless the text is clearly in another of the three languages: then that one.

    An author who writes before setting the language is not told that an English claim is no German one. Nothing
    declared: the language of the frequent words, else of the first verb, else en.
    """
    code = declared.split("-")[0].lower()
    if code and code not in LANGUAGES:
        return declared
    lowers = [token.lower for token in tokenise(text[:LONGEST]) if token.kind == "word"]
    counts = {name: sum(word in telling for word in lowers) for name, telling in TELLING.items()}
    best = max(counts, key=lambda name: counts[name])
    if not code:
        spoken = (name for name in LANGUAGES if lowers and lowers[0] in lexicon(name).forms)
        return best if counts[best] else next(spoken, "en")
    return best if counts[best] > (counts[code] + 1 if counts[code] else 0) else declared


NUMBERED = re.compile(r"^\s*(?:[^\W\d_]+\s+)?\d+\s*[:.)–—-]\s*")


def reads_as_can_do(text: str) -> bool:
    """True for a line that says what a person does (used on course outlines, in any of the three languages).

    What numbers the line, such as ``Module 1:``, is not part of what it says.
    """
    text = NUMBERED.sub("", text)
    return not any(found.severity == "blocking" for found in lint(text, "claim", spoken_language(text)))
