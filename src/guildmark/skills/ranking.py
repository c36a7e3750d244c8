"""Ranking what the index gives: BM25F first, then how well a label and the query cover each other.

Claims are sentences and skills are short labels. BM25F alone prefers long entries that share many common words; the
second step asks how much of a skill's own name stands in the claim, and how much of the claim it explains.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from guildmark.skills.folding import terms
from guildmark.skills.index import SCALE, unpacked

#: Stems of a query that count, the rarest ones; the others stand nearly everywhere.
MOST_TERMS = 24
#: How many skills are looked at again by their labels.
CANDIDATES = 80
#: What the label adds to the first score, and a stem of a label that the query does not have.
LABEL_WEIGHT, UNKNOWN = 1.0, 5.0
OTHER_LABEL = 0.9


@dataclass(frozen=True)
class Postings:
    """One stem of the query in one framework: where it stands and how rare it is there."""

    framework: object
    language: str
    term: str
    frequency: int
    packed: bytes


def rarity(frequency: int, total: int) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def first_scores(
    found: Iterable[Postings], totals: Mapping[str, int], repeated: Mapping[tuple[str, str], int]
) -> tuple[list[tuple[float, object, int]], dict[tuple[str, str], float]]:
    """The best candidates as (score, framework, number), and the rarity of every (language, stem) of the query.

    ``totals`` gives the number of skills in each language, ``repeated`` how often the query has a stem. Rarity is
    that over all frameworks of a language: in a small one nearly every word would look rare.
    """
    by_term: dict[tuple[str, str], list[Postings]] = defaultdict(list)
    for one in found:
        by_term[one.language, one.term].append(one)
    rarities = {}
    for key, rows in by_term.items():
        frequency = sum(one.frequency for one in rows)
        rarities[key] = rarity(frequency, max(totals.get(key[0], 0), frequency))
    chosen = nlargest(MOST_TERMS, by_term, key=rarities.__getitem__)
    scores: dict[object, dict[int, float]] = defaultdict(dict)
    for key in chosen:
        weight = rarities[key] * (1 + math.log(repeated.get(key, 1))) / SCALE
        for one in by_term[key]:
            mine = scores[one.framework]
            for number, impact in zip(*unpacked(one.packed), strict=True):
                mine[number] = mine.get(number, 0.0) + weight * impact
    every = (
        (score, framework, number) for framework, mine in scores.items() for number, score in mine.items()
    )
    return nlargest(CANDIDATES, every, key=lambda one: one[0]), rarities


@lru_cache(maxsize=30_000)
def _stems(label: str, language: str) -> frozenset[str]:
    return frozenset(terms(label, language))


def label_score(
    query: Mapping[str, float], labels: Sequence[str], language: str
) -> tuple[float, frozenset[str]]:
    """How well the best label and the query cover each other (0 to 1), and the stems that both have.

    ``query`` gives the rarity of each stem of the query. The measure is the geometric mean of two shares of
    rarity: of the label that stands in the query, and of the query that stands in the label.
    """
    whole = sum(query.values()) or 1.0
    best, shared = 0.0, frozenset[str]()
    for place, label in enumerate(labels):
        stems = _stems(label, language)
        common = stems & query.keys()
        if not common:
            continue
        mass = sum(query[stem] for stem in common)
        own = mass + UNKNOWN * (len(stems) - len(common))
        score = math.sqrt(mass / own * mass / whole) * (OTHER_LABEL if place else 1.0)
        if score > best:
            best, shared = score, frozenset(common)
    return best, shared


def combined(first: float, best_first: float, label: float) -> float:
    """One score of 0 to 1 from both steps."""
    return (first / best_first + LABEL_WEIGHT * label) / (1 + LABEL_WEIGHT) if best_first else 0.0
