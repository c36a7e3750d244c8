"""Precision and recall of the linter on labelled claims (``labelled/README.md``), with Wilson intervals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

from guildmark.design.claims.linter import lint
from guildmark.design.claims.words import LANGUAGES as LANGUAGES
from guildmark.design.claims.words import third_of_english

FOLDER = Path(__file__).parent / "labelled"
RULES = (
    "topic",
    "unobservable",
    "double",
    "no_object",
    "no_condition",
    "no_standard",
    "inflated",
    "jargon",
    "acronym",
    "hard",
    "product_title",
)
Z = 1.959964


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of ``hits`` in ``n``; (0, 1) where n is 0."""
    if n == 0:
        return 0.0, 1.0
    rate = hits / n
    middle = (rate + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Row:
    """One rule in one half of one language. ``right``: found and labelled; ``found``: all found; ``labelled``: all labelled."""

    language: str
    half: str
    rule: str
    right: int
    found: int
    labelled: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.labelled if self.labelled else None

    def as_json(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "half": self.half,
            "rule": self.rule,
            "right": self.right,
            "found": self.found,
            "labelled": self.labelled,
            "precision": self.precision,
            "precision_interval": wilson(self.right, self.found),
            "recall": self.recall,
            "recall_interval": wilson(self.right, self.labelled),
        }


def file_of(language: str, half: str) -> Path:
    return FOLDER / f"{language}.{half}.jsonl"


def labelled(language: str, half: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file_of(language, half).read_text(encoding="utf-8").splitlines()]


def found_rules(line: dict[str, Any], language: str) -> set[str]:
    return {finding.rule for finding in lint(line["text"], line["kind"], language)}


def measure(lines: Iterable[dict[str, Any]], language: str, half: str) -> list[Row]:
    """One row per rule, and a row ``any`` for lines with any flaw."""
    pairs = [(set(line["flaws"]), found_rules(line, language)) for line in lines]
    rows = []
    for rule in RULES:
        right = sum(rule in said and rule in found for said, found in pairs)
        rows.append(
            Row(
                language,
                half,
                rule,
                right,
                sum(rule in f for _, f in pairs),
                sum(rule in s for s, _ in pairs),
            )
        )
    right = sum(bool(said) and bool(found) for said, found in pairs)
    rows.append(
        Row(language, half, "any", right, sum(bool(f) for _, f in pairs), sum(bool(s) for s, _ in pairs))
    )
    return rows


def misses(lines: Iterable[dict[str, Any]], language: str) -> Iterator[str]:
    """What the linter says too much (+) and too little (-), line by line."""
    for line in lines:
        found, said = found_rules(line, language), set(line["flaws"])
        if found != said:
            marks = [f"+{rule}" for rule in sorted(found - said)] + [
                f"-{rule}" for rule in sorted(said - found)
            ]
            yield f"{line['id']} {' '.join(marks)} | {line['text']}"


def _rate(hits: int, n: int) -> str:
    if n == 0:
        return "none (n = 0)"
    low, high = wilson(hits, n)
    return f"{hits / n:.2f} ({hits}/{n}; {low:.2f} to {high:.2f})"


def table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| Language | Half | Rule | Precision (right/found; 95 %) | Recall (right/labelled; 95 %) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        precision, recall = _rate(row.right, row.found), _rate(row.right, row.labelled)
        lines.append(f"| {row.language} | {row.half} | `{row.rule}` | {precision} | {recall} |")
    return "\n".join(lines)


def skills(rows: Iterable[dict[str, str]]) -> Counter[str]:
    """Counts over the labels of an ESCO export (``skills_en.csv``): skills begin with a verb, knowledge is a heading.

    Only rows whose concept address has an odd CRC-32: the even ones were used to mend the lists of verbs. A skill is
    read as it stands and in the third person (manage staff, manages staff).
    """
    counts: Counter[str] = Counter()
    for row in rows:
        if crc32(row["conceptUri"].encode()) % 2 == 0 or row["skillType"] not in {
            "knowledge",
            "skill/competence",
        }:
            continue
        label = row["preferredLabel"]
        first, space, rest = label.partition(" ")
        texts = {"knowledge": label}
        if row["skillType"] != "knowledge":
            texts = {"skill": label, "skill, third person": third_of_english(first.lower()) + space + rest}
        for name, text in texts.items():
            counts[name] += 1
            found = {finding.rule for finding in lint(text[:1].upper() + text[1:], "claim", "en")}
            counts[f"{name}: topic"] += "topic" in found
            counts[f"{name}: blocked"] += bool(found & {"topic", "unobservable", "no_object"})
    return counts
