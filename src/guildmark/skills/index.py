"""The inverted index: which stems stand in which skills, and how much each weighs there.

A row of :class:`models.Term` is one stem; its ``postings`` are packed as the numbers of the skills (32 bits each,
little-endian) followed by one byte of weight for each. The weight is the saturated, length-normalised term
frequency of BM25F (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.6) over name,
other names and description; what depends on the query alone (the rarity of a stem) is left to the search.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guildmark.skills.folding import base_language, guessed, terms
from guildmark.skills.formats.common import SkillRow, Tick

#: Weight and length normalisation (b) of each field.
FIELDS: dict[str, tuple[float, float]] = {"name": (4.0, 0.5), "others": (2.0, 0.6), "text": (1.0, 0.7)}
K1 = 1.2
SCALE = 255


@dataclass(frozen=True)
class Entry:
    """One row of the index: a stem of a language, in how many skills it stands, its packed postings."""

    key: str
    frequency: int
    postings: bytes


def key_of(language: str, term: str) -> str:
    """How a stem of a language stands in the index."""
    return f"{language}:{term}"


def packed(numbers: Sequence[int], weights: Sequence[int]) -> bytes:
    made = array("I", numbers)
    if sys.byteorder == "big":
        made.byteswap()
    return made.tobytes() + bytes(weights)


def unpacked(postings: bytes) -> tuple[Sequence[int], bytes]:
    """The numbers of the skills and the weight (0 to 255) of the stem in each."""
    count = len(postings) // 5
    numbers = array("I", postings[: 4 * count])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers, postings[4 * count :]


def _fields(row: SkillRow, language: str, own: str) -> dict[str, str]:
    """The texts of a skill in one language, ``own`` being its first; the code is part of the name."""
    if language == own:
        others = "\n".join([*row.alternatives, *row.keywords])
        return {"name": f"{row.name}\n{row.code}", "others": others, "text": row.description}
    text: Mapping[str, object] = next(
        (text for tag, text in row.texts.items() if base_language(tag) == language), {}
    )
    return {"name": str(text.get("name", "")), "others": "", "text": str(text.get("description", ""))}


def reading_language(rows: Sequence[SkillRow], stated: str) -> str:
    """The language by which rows without one are read: the framework's, or the one that their words show."""
    if stated or all(row.language for row in rows):
        return base_language(stated)
    sample = [row for row in rows if not row.language][:400]
    return guessed(f"{row.name} {row.description}" for row in sample)


def build(
    rows: Iterable[tuple[int, SkillRow]], *, total: int, tick: Tick, unstated: str = ""
) -> Iterator[Entry]:
    """The entries of all rows, given with their numbers. ``tick`` is called while they are counted.

    ``unstated`` is the language by which rows without one are read.
    """
    counted: dict[str, list[tuple[int, dict[str, Counter[str]]]]] = defaultdict(list)
    for done, (number, row) in enumerate(rows, start=1):
        own = base_language(row.language) or unstated
        for language in dict.fromkeys([own, *map(base_language, row.texts)]):
            fields = {
                name: Counter(terms(text, language)) for name, text in _fields(row, language, own).items()
            }
            if any(fields.values()):
                counted[language].append((number, fields))
        if done % 500 == 0:
            tick(done, total)
    for language, skills in counted.items():
        yield from _entries(language, skills)


def _entries(language: str, skills: list[tuple[int, dict[str, Counter[str]]]]) -> Iterator[Entry]:
    lengths = {
        name: max(1.0, sum(fields[name].total() for _, fields in skills) / len(skills)) for name in FIELDS
    }
    numbers: dict[str, list[int]] = defaultdict(list)
    weights: dict[str, list[int]] = defaultdict(list)
    for number, fields in skills:
        frequency: dict[str, float] = defaultdict(float)
        for name, (weight, b) in FIELDS.items():
            counts = fields[name]
            share = weight / (1 - b + b * counts.total() / lengths[name])
            for term, count in counts.items():
                frequency[term] += share * count
        for term, value in frequency.items():
            numbers[term].append(number)
            weights[term].append(max(1, round(SCALE * value / (K1 + value))))
    for term, found in numbers.items():
        yield Entry(key_of(language, term), len(found), packed(found, weights[term]))
