"""The words of each language, read from ``lexicon/*.toml`` when a claim of that language is first checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from guildmark.design.claims.text import tokenise, words

FOLDER = Path(__file__).parent / "lexicon"
LANGUAGES = ("en", "de", "es")
PhraseIndex = dict[str, list[tuple[tuple[str, ...], str]]]
Form = Literal["base", "third", "ing"]


@dataclass(frozen=True)
class Lexicon:
    """Everything that is known of one language. ``forms`` maps a lower-case verb form to (dictionary form, kind)."""

    code: str
    sets: dict[str, frozenset[str]]
    closed: frozenset[str]
    forms: dict[str, tuple[str, Form]]
    lead: re.Pattern[str]
    condition: re.Pattern[str]
    title_frames: re.Pattern[str]
    promises: re.Pattern[str]
    foreign: re.Pattern[str] | None
    phrases: dict[str, list[list[str]]]
    topic_phrases: dict[str, list[list[str]]]
    soft_phrases: dict[str, list[list[str]]]
    inflated: PhraseIndex
    jargon: PhraseIndex
    known: frozenset[str]
    panel: frozenset[str]
    panel_nouns: frozenset[str]
    expansions: dict[str, str]
    frames: dict[str, Any] = field(repr=False, default_factory=dict)

    def has(self, name: str, word: str) -> bool:
        """True when the set ``name`` holds the lower-case ``word``."""
        return word in self.sets.get(name, frozenset())


def third_of_english(verb: str) -> str:
    if verb in {"have", "do", "go"}:
        return {"have": "has", "do": "does", "go": "goes"}[verb]
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def ings_of_english(verb: str) -> tuple[str, ...]:
    if verb.endswith("ie"):
        return (verb[:-2] + "ying",)
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return (verb[:-1] + "ing",)
    doubled = verb + verb[-1] + "ing"
    return (verb + "ing", doubled) if re.search(r"[^aeiou][aeiou][bdglmnprt]$", verb) else (verb + "ing",)


def third_of_german(verb: str) -> str:
    """The regular third person: prüfen, prüft; arbeiten, arbeitet; wechseln, wechselt; ordnen, ordnet."""
    if verb.endswith(("eln", "ern")):
        return verb[:-1] + "t"
    stem = verb[:-2] if verb.endswith("en") else verb[:-1]
    return stem + ("et" if re.search(r"(?:[dt]|[^aeiouäöülrhmny][mn])$", stem) else "t")


def thirds_of_spanish(verb: str) -> set[str]:
    """The third person with each change of the stem that Spanish knows (e-ie, o-ue, e-i, u-ue); some are never used."""
    stem, ending = verb[:-2], verb[-2:]
    last = "a" if ending == "ar" else "e"
    found = {stem + last}
    changes = {"e": ("ie", "i") if ending == "ir" else ("ie",), "o": ("ue",), "u": ("ue",)}
    if vowel := re.search(r"[eou](?=[^aeiouáéíóú]*$)", stem):
        for new in changes[vowel.group()]:
            found.add(stem[: vowel.start()] + new + stem[vowel.end() :] + last)
    return found


def _verbs(raw: dict[str, Any]) -> list[str]:
    listed = f"{raw['verbs']} {raw['unobservable_verbs']} {raw['manner_verbs']} {raw['follow_up']}"
    return [verb for verb in dict.fromkeys(listed.split()) if "_" not in verb]


def _english(raw: dict[str, Any]) -> dict[str, tuple[str, Form]]:
    forms: dict[str, tuple[str, Form]] = {}
    for verb in _verbs(raw):
        for ing in ings_of_english(verb):
            forms.setdefault(ing, (verb, "ing"))
        forms.setdefault(third_of_english(verb), (verb, "third"))
    for verb in _verbs(raw):
        forms[verb] = (verb, "base")
    return forms


def _german(raw: dict[str, Any]) -> dict[str, tuple[str, Form]]:
    forms: dict[str, tuple[str, Form]] = {}
    strong = {verb: thirds.split() for verb, thirds in raw["strong"].items()}
    for entry in [*_verbs(raw), *strong]:
        base = entry.rpartition("|")[2]
        forms[entry.replace("|", "")] = (entry.replace("|", ""), "base")
        if "|" in entry:
            forms[entry.replace("|", "zu")] = (entry.replace("|", ""), "base")
        for third in strong.get(base) or [third_of_german(base)]:
            forms.setdefault(third, (base, "third"))
    return forms


def _spanish(raw: dict[str, Any]) -> dict[str, tuple[str, Form]]:
    forms: dict[str, tuple[str, Form]] = {}
    irregular = dict(pair.split("=") for pair in raw["irregular"].split())
    for verb in [*_verbs(raw), *irregular]:
        for third in {irregular[verb]} if verb in irregular else thirds_of_spanish(verb):
            forms.setdefault(third, (verb, "third"))
    for verb in [*_verbs(raw), *irregular]:
        forms[verb] = (verb, "base")
        forms.setdefault(verb + "se", (verb, "base"))
    return forms


def phrase_index(table: dict[str, str]) -> PhraseIndex:
    """The phrases of a table by their first word, the longest first, each with what may stand in its place."""
    found: PhraseIndex = {}
    for phrase in sorted(table, key=lambda text: -text.count(" ")):
        parts = tuple(token.lower for token in tokenise(phrase))
        if parts:
            found.setdefault(parts[0], []).append((parts, table[phrase]))
    return found


FORMS = {"en": _english, "de": _german, "es": _spanish}
#: Tables that map words to something; everything else is a set of words.
TABLES = {"inflated", "jargon", "acronyms", "expansions", "frames", "strong"}
PATTERNS = {"lead", "condition", "title_frames", "promises", "foreign"}


#: Words that are no nouns, adjectives or verbs.
CLOSED = ("determiners", "prepositions", "coordinators", "subordinators", "pronouns", "adverbs", "linkers")


def _by_first_word(phrases: frozenset[str]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=lambda text: (-len(text), text)):
        found.setdefault(phrase.split()[0], []).append(phrase.split())
    return found


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    """The lexicon of ``en``, ``de`` or ``es``; KeyError for every other language."""
    if language not in FORMS:
        raise KeyError(language)
    raw = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    raw |= raw.pop("words", {})
    verbs = {name for name in raw if name.endswith("_verbs") or name == "follow_up"}
    sets = {}
    for name, value in raw.items():
        if isinstance(value, str) and name not in PATTERNS:
            plain = value.replace("|", "") if name in verbs else value
            sets[name] = frozenset(entry.replace("_", " ") for entry in plain.split())
    closed = frozenset().union(*(sets.get(name, frozenset()) for name in CLOSED))
    return Lexicon(
        code=language,
        sets=sets,
        closed=closed,
        forms=FORMS[language](raw),
        lead=re.compile(raw["lead"], re.IGNORECASE),
        condition=re.compile(raw["condition"], re.IGNORECASE),
        title_frames=re.compile(raw["title_frames"], re.IGNORECASE),
        promises=re.compile(raw["promises"], re.IGNORECASE),
        foreign=re.compile(raw["foreign"]) if "foreign" in raw else None,
        phrases=_by_first_word(sets["unobservable_phrases"]),
        soft_phrases=_by_first_word(sets["soft_topic_verbs"]),
        topic_phrases=_by_first_word(sets["topic_verbs"]),
        inflated=phrase_index(raw["inflated"]),
        jargon=phrase_index(raw["jargon"]),
        known=frozenset(raw["acronyms"]["known"].split()),
        panel=frozenset(raw["acronyms"]["panel"].split()),
        panel_nouns=frozenset(raw["acronyms"]["panel_nouns"].split()),
        expansions=raw["expansions"],
        frames=raw["frames"],
    )


@lru_cache(maxsize=4)
def known_names(of: str) -> frozenset[str]:
    """A list of ``lexicon/names.toml``, which holds in every language: ``products`` or ``beside``."""
    return words(tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))[of])
