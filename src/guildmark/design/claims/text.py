"""Words of a claim with their places, sentences, and the characters that no rule may look into.

A quotation ("Understand your tenancy") and an open slot ([what they start from]) are each one token: what stands
inside is not what the claim says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
Kind = Literal["word", "number", "quote", "slot", "mark"]

TOKEN = re.compile(
    r"(?P<quote>[\"“„«»‚‘][^\"“”„«»‚‘’\n]{1,200}[\"”“»«’‘])"
    r"|(?P<slot>\[[^\[\]\n]{0,200}\])"
    r"|(?P<number>\d+(?:[.,:/]\d+)*(?![^\W\d_]))"
    r"|(?P<word>[^\W_]+(?:[-'’/&][^\W_]+|[-](?=\s))*)"
    r"|(?P<mark>[^\w\s])"
)
SENTENCE_END = re.compile(r"[.!?](?=\s+\S)|\n+(?=\S)")
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|no|dr|st|v|z\.\s?b|bzw|d\.\s?h|ca|nr|abs|str|evtl|inkl|p\.\s?ej|sr|sra|núm|aprox|"
    r"[^\W\d_])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """One word, number, quotation, slot or punctuation mark; ``start`` and ``end`` are places in the text."""

    text: str
    start: int
    end: int
    kind: Kind
    lower: str

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def tokenise(text: str) -> list[Token]:
    """The tokens of ``text`` in order; white space is dropped."""
    found = []
    for match in TOKEN.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        found.append(Token(match.group(), match.start(), match.end(), kind, match.group().lower()))
    return found


def sentence_count(text: str) -> int:
    """How many sentences a text holds; an abbreviation such as e.g. ends none."""
    stripped = text.strip()
    ends = [
        m
        for m in SENTENCE_END.finditer(stripped)
        if not ABBREVIATION.search(stripped[max(0, m.start() - 8) : m.start() + 1])
    ]
    return len(ends) + 1 if stripped else 0


def words(spaced: str) -> frozenset[str]:
    """A set from a text of words; ``_`` stands for a space inside one entry."""
    return frozenset(entry.replace("_", " ") for entry in spaced.split())
