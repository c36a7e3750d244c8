"""What kind of doing a statement names: its main verbs, read in English, German and Spanish.

A statement is read as a can-do line: "Builds and checks a sequence", "Kann eine Strecke bauen", "Corrige fallos".
Its main verb stands in front, or, in German, at the end; others follow an ``and`` or a comma in the same form. A verb
that the lexicon does not know gives nothing: the author says what kind of doing it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from guildmark.design.claims.text import words as word_set
from guildmark.design.typecheck.lexicon import ENGLISH, GERMAN, SPANISH, Doing

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,&/;]")
#: From the doing that asks for the most particular evidence to the one that asks for the least.
DEMAND: Final[tuple[Doing, ...]] = (
    "improve", "fix", "configure", "decide", "perform", "make", "analyse", "explain", "recall",
)  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """A main verb: as a dictionary lists it, its class, and from where to where it stands in the statement."""

    lemma: str
    doing: Doing
    span: tuple[int, int]


# --- forms


def _english(lemma: str) -> Iterator[str]:
    yield lemma
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        yield lemma[:-1] + "ies"
    elif lemma.endswith(("s", "x", "z", "ch", "sh")):
        yield lemma + "es"
    else:
        yield lemma + "s"


def _german(entry: str) -> Iterator[tuple[str, str, str]]:
    """(form, particle that must end the clause, lemma) of an entry."""
    listed, _, irregular = entry.partition("=")
    *particles, base = listed.split("|")
    particle, lemma = "".join(particles), "".join(particles) + base
    stem = base[:-2] if base.endswith("en") else base[:-1]
    finite = irregular or stem + ("et" if re.search(r"(?:[td]|[^aeiouäöülrh][mn])$", stem) else "t")
    yield lemma, "", lemma
    yield finite, particle, lemma
    yield base, particle, lemma  # richten ein, in a plural
    if particle:
        yield f"{particle}zu{base}", "", lemma
        yield particle + finite, "", lemma


def _spanish(entry: str) -> Iterator[str]:
    lemma, _, irregular = entry.partition("=")
    yield lemma
    yield irregular or lemma[:-2] + ("a" if lemma.endswith("ar") else "e")


@lru_cache(maxsize=1)
def english_forms() -> Mapping[str, tuple[str, Doing]]:
    def forms(entry: str) -> Iterator[tuple[str, str]]:
        base, _, particle = entry.partition("_")
        for form in _english(base):
            yield f"{form} {particle}".strip(), entry.replace("_", " ")

    return _plain(ENGLISH, forms)


@lru_cache(maxsize=1)
def spanish_forms() -> Mapping[str, tuple[str, Doing]]:
    return _plain(SPANISH, lambda entry: ((form, entry.partition("=")[0]) for form in _spanish(entry)))


def _plain(
    lexicon: dict[Doing, str], forms: Callable[[str], Iterable[tuple[str, str]]]
) -> dict[str, tuple[str, Doing]]:
    made: dict[str, tuple[str, Doing]] = {}
    for doing in DEMAND:
        for entry in lexicon[doing].split():
            for form, lemma in forms(entry):
                made.setdefault(form, (lemma, doing))
    return made


@lru_cache(maxsize=1)
def german_forms() -> Mapping[str, tuple[tuple[str, str, Doing], ...]]:
    """Form to (particle, lemma, class); a form with a particle counts only when the clause ends in it."""
    made: dict[str, list[tuple[str, str, Doing]]] = {}
    for doing in DEMAND:
        for entry in GERMAN[doing].split():
            for form, particle, lemma in _german(entry):
                made.setdefault(form, []).append((particle, lemma, doing))
    return {form: tuple(found) for form, found in made.items()}


# --- reading

ENGLISH_LEADS = word_set(
    """
    the this a an holder holders learner learners person they he she i you who can could is are able to
    has shown that will do does
    """
)
ADVERBS = word_set(
    """
    independently safely correctly then also reliably alone first finally
    """
)
SPANISH_LEADS = word_set(
    """
    la el quien puedo titular persona puede sabe es son capaz de ha demostrado que se lo los alumno alumna
    """
)
ENGLISH_OPENERS = word_set(
    """
    given from with using working on in under for when after starting at by without within
    """
)
GERMAN_OPENERS = word_set(
    """
    nach mit aus bei unter anhand ausgehend auf in zu ohne innerhalb an am im zum zur vor
    """
)
GERMAN_SUBORDINATE = word_set(
    """
    dass sodass ohne wenn welche welcher welches deren dessen die der das den dem ehe bevor um indem weil obwohl
    sofern damit bis wo wobei was wie ob falls von mit bei in aus
    """
)
GERMAN_SUBJECTS = word_set("wer die der sie er ich")
SPANISH_OPENERS = word_set(
    """
    dado dada dados dadas al partiendo habiendo tras con en a partir bajo sin para según desde ante utilizando
    """
)
ENGLISH_OBJECT = word_set(
    """
    a an the its their his her your our each every all any one two three four five six several this that
    these those what which how why whether it them
    """
)
ENGLISH_AND = frozenset({"and", "or", "then", "&", "/", ","})
GERMAN_AND = frozenset({"und", "oder", "sowie", "dann", "&", "/", ","})
SPANISH_PRONOUNS = frozenset({"lo", "la", "los", "las", "se"})
SPANISH_AND = frozenset({"y", "e", "o", "u", "&", "/", ","})


def verbs_in(statement: str, language: str = "en") -> list[Verb]:
    """The main verbs of a statement in their order; empty when none is known, or in another language."""
    text = unicodedata.normalize("NFC", statement)
    tokens = [(m.group().lower(), m.span()) for m in WORD.finditer(text)]
    read = {"en": _read_english, "de": _read_german, "es": _read_spanish}.get(language.split("-")[0].lower())
    return read(tokens, text) if read and tokens else []


def classes_of(statement: str, language: str = "en") -> list[Doing]:
    """The classes of the main verbs, each once, the most demanding first."""
    found = {verb.doing for verb in verbs_in(statement, language)}
    return [doing for doing in DEMAND if doing in found]


Tokens = list[tuple[str, tuple[int, int]]]


def _after_opener(tokens: Tokens, openers: frozenset[str]) -> Tokens:
    """The main clause behind a condition that a comma closes (Given a brief, ...)."""
    if tokens[0][0] in openers:
        comma = next((place for place, (word, _) in enumerate(tokens) if word == ","), None)
        if comma is not None and comma + 1 < len(tokens):
            return tokens[comma + 1 :]
    return tokens


def _read_english(tokens: Tokens, text: str) -> list[Verb]:
    forms, tokens = english_forms(), _after_opener(tokens, ENGLISH_OPENERS)
    start = 0
    while start < len(tokens) - 1 and tokens[start][0] in ENGLISH_LEADS | ADVERBS | {","}:
        start += 1
    first = _english_form(tokens, start)
    if not first:
        return []
    found = [Verb(*forms[first], tokens[start][1])]
    bare = first == forms[first][0]
    for place in range(start + 1, len(tokens)):
        form = _english_form(tokens, place)
        if not form or not _joined(tokens, place, ENGLISH_AND):
            continue
        follower = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        close = place <= start + 3
        same_form = (form == forms[form][0]) == bare
        # A bare form may be a noun (a plan and report): it counts beside the first verb or before an object.
        if same_form and (not bare or close or follower in ENGLISH_OBJECT):
            found.append(Verb(*forms[form], tokens[place][1]))
    return found


def _english_form(tokens: Tokens, place: int) -> str:
    """The form at a place, with the word behind it where only the two together are listed; empty when none is."""
    word = tokens[place][0]
    pair = f"{word} {tokens[place + 1][0]}" if place + 1 < len(tokens) else ""
    return next((form for form in (pair, word) if form in english_forms()), "")


def _joined(tokens: Tokens, place: int, words: frozenset[str]) -> bool:
    before = place - 1
    while before > 0 and tokens[before][0] in ADVERBS:
        before -= 1
    return before >= 0 and tokens[before][0] in words


def _read_spanish(tokens: Tokens, text: str) -> list[Verb]:
    forms, tokens = spanish_forms(), _after_opener(tokens, SPANISH_OPENERS)
    start = 0
    while start < len(tokens) - 1 and tokens[start][0] in SPANISH_LEADS | {","}:
        start += 1
    word, span = tokens[start]
    if word not in forms:
        return []
    found = [Verb(*forms[word], span)]
    bare = word == forms[word][0]
    for place in range(start + 1, len(tokens)):
        word, span = tokens[place]
        before = place - 2 if tokens[place - 1][0] in SPANISH_PRONOUNS else place - 1
        if word in forms and (word == forms[word][0]) == bare and tokens[before][0] in SPANISH_AND:
            found.append(Verb(*forms[word], span))
    return found


def _read_german(tokens: Tokens, text: str) -> list[Verb]:
    """Verbs in front of their clause with the particle at its end, and infinitives at the end of a clause."""
    forms, found = german_forms(), []
    opener = _after_opener(tokens, GERMAN_OPENERS)
    clauses = _german_clauses(opener)
    first = clauses[0] if clauses else []
    for clause in clauses:
        if clause is not first and clause[0][0] in GERMAN_SUBORDINATE:
            continue
        inverted = bool(clause) and clause[0][0] in GERMAN_OPENERS | GERMAN_SUBJECTS
        for place, (word, span) in enumerate(clause):
            at_an_end = place in {0, len(clause) - 1}
            if not at_an_end and not (inverted and text[span[0]].islower()):
                continue
            last = clause[-1][0] if place < len(clause) - 1 else ""
            readings = forms.get(word, ())
            split = next((r for r in readings if r[0] and r[0] == last), None)
            whole = next((r for r in readings if not r[0]), None)
            reading = split or (whole if at_an_end or (whole and whole[1] != word) else None)
            if reading:
                found.append(Verb(reading[1], reading[2], span))
                break
    return found


def _german_clauses(tokens: Tokens) -> list[Tokens]:
    clauses: list[Tokens] = [[]]
    for token in tokens:
        if token[0] in GERMAN_AND:
            clauses.append([])
        elif not (
            token[0] in {"kann", "können", "ist", "imstande", "fähig", "hat", "gezeigt"} and not clauses[-1]
        ):
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]
