"""How easy a text is to read: a known formula for each language, and the numbers that go into it.

The score is a hint, never a verdict: the formulas were made for pages of running text, not for one sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guildmark.design.claims.clause import Clause, is_a, is_mark
from guildmark.design.claims.text import sentence_count, tokenise
from guildmark.kernel.words import said_in

VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"aa|ai|au|äu|ee|ei|eu|ie|oo|ui|[aeiouyäöü]"),
    "es": re.compile(r"[iuü]?[aeoáéó](?:[iuy](?![aeoáéó]))?|[íú]|[iuü]+|y\b"),
}
SOURCES = {
    "en": "Flesch, Reading Ease (1948)",
    "de": "Amstad, Lesbarkeitsindex (1978)",
    "es": "Fernández Huerta, lecturabilidad (1959)",
}
#: An e that is not heard at the end: make, bakes, packed; but table, boxes, added.
SILENT = re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouylsxzcg]es$|[^aeiouytd]ed$")
LONG_WORD = 7


@dataclass(frozen=True)
class Reading:
    """``score``: 0 hard to 100 easy, by ``formula``; words over six letters in ``long_words``; ``depth`` counts the
    commas, relative pronouns and conjunctions that open a clause inside the sentence.
    """

    score: int
    formula: str
    words: int
    sentences: int
    syllables: int
    long_words: int
    depth: int

    @property
    def level(self) -> str:
        if self.score >= 60:
            return said_in("to read", "easy")
        return said_in("to read", "fairly hard") if self.score >= 30 else said_in("to read", "hard")


def syllables(word: str, language: str) -> int:
    """Syllables of a word, counted by its vowels: near enough for an average."""
    lower = word.lower()
    found = len(VOWELS[language].findall(lower))
    if language == "en" and found > 1 and SILENT.search(lower):
        found -= 1
    return max(1, found)


def reading(text: str, language: str) -> Reading | None:
    """The score of ``text`` in en, de or es; None for other languages and for a text without words."""
    code = language.split("-")[0].lower()
    words = [token.text for token in tokenise(text) if token.kind == "word"]
    if code not in VOWELS or not words:
        return None
    sentences = max(1, sentence_count(text))
    sounds = sum(syllables(word, code) for word in words)
    length, per_word = len(words) / sentences, sounds / len(words)
    value = {
        "en": 206.835 - 1.015 * length - 84.6 * per_word,
        "de": 180 - length - 58.5 * per_word,
        "es": 206.84 - 60 * per_word - 1.02 * length,
    }[code]
    long_words = sum(len(word) >= LONG_WORD for word in words)
    score = max(0, min(100, round(value)))
    return Reading(score, SOURCES[code], len(words), sentences, sounds, long_words, text.count(","))


CHAINS = {
    "en": re.compile(r"\b(?:of|by means of)\b"),
    "de": re.compile(r"\b(?:der|des|zur|unter|von)\b"),
    "es": re.compile(r"\b(?:de|del|al|a)\b"),
}


def is_hard(clause: Clause) -> bool:
    """True for a sentence that is too long, too deeply nested, or a chain of nouns."""
    words = [token for token in clause.tokens if token.kind == "word"]
    count = len(words)
    depth = sum(
        is_a(clause, i, "subordinators") or (is_a(clause, i, "relatives") and is_mark(clause, i - 1, ","))
        for i in range(len(clause.tokens))
    )
    commas = sum(is_mark(clause, i, ",") for i in range(len(clause.tokens)))
    chain = len(CHAINS[clause.words.code].findall(clause.text.lower()))
    limit = 30 if clause.words.code == "de" else 34
    if count > limit:
        return True
    if count > limit - 10 and commas + depth >= 7:
        return True
    return count > limit - 10 and chain / count > (0.16 if clause.words.code != "es" else 0.24)
