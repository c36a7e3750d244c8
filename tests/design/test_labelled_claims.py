"""The labelled claims keep what their README promises, and the held half stays as it was frozen."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

import guildmark.design.claims

FOLDER = Path(guildmark.design.claims.__file__).parent / "labelled"
LANGUAGES = ("en", "de", "es")
HALVES = ("open", "held")
FILES = [f"{language}.{half}.jsonl" for language in LANGUAGES for half in HALVES]

# In the order in which a line names them.
FLAWS = (
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
MISSING = {"no_object", "no_condition", "no_standard"}
WITHOUT_WORDS = MISSING | {"hard"}
GOLDEN = ("Email marketing basics", "Build and QA a welcome sequence in Kit or Mailchimp")


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def plain(text: str) -> str:
    """The text without case, full stop and doubled spaces, so that copies cannot hide behind them."""
    return " ".join(text.casefold().split()).rstrip(".")


@pytest.mark.parametrize("name", FILES)
def test_every_line_has_exactly_the_promised_fields(name: str) -> None:
    for row in rows(name):
        assert {"id", "kind", "text", "flaws"} <= set(row) <= {"id", "kind", "text", "flaws", "marks"}
        assert row["kind"] in ("claim", "title")
        assert row["text"] == " ".join(row["text"].split()) != ""


@pytest.mark.parametrize("name", FILES)
def test_ids_count_up_and_name_language_and_half(name: str) -> None:
    language, half, _ = name.split(".")
    found = [row["id"] for row in rows(name)]
    assert found == [f"{language}-{half[0]}-{number:03}" for number in range(1, len(found) + 1)]


def test_no_text_stands_twice_in_all_files_together() -> None:
    seen = Counter(plain(row["text"]) for name in FILES for row in rows(name))
    assert [text for text, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_the_golden_pair_is_in_no_file(name: str) -> None:
    assert {plain(row["text"]) for row in rows(name)}.isdisjoint(plain(text) for text in GOLDEN)


@pytest.mark.parametrize("name", FILES)
def test_flaws_are_known_and_in_the_order_of_the_table(name: str) -> None:
    for row in rows(name):
        assert row["flaws"] == [flaw for flaw in FLAWS if flaw in row["flaws"]], row["id"]


@pytest.mark.parametrize("name", FILES)
def test_each_flaw_that_lies_in_words_has_one_mark_found_in_the_text(name: str) -> None:
    for row in rows(name):
        worded = [flaw for flaw in row["flaws"] if flaw not in WITHOUT_WORDS]
        marks = row.get("marks", [])
        assert len(marks) == len(worded), row["id"]
        assert ("marks" in row) == bool(worded), row["id"]
        assert all(mark and mark == mark.strip() and mark in row["text"] for mark in marks), row["id"]


@pytest.mark.parametrize("name", FILES)
def test_labels_are_kept_apart_as_the_readme_says(name: str) -> None:
    for row in rows(name):
        flaws = set(row["flaws"])
        if row["kind"] == "title" or flaws & {"topic", "unobservable"}:
            assert flaws.isdisjoint(MISSING), row["id"]
        if "no_object" in flaws:
            assert flaws.isdisjoint({"no_condition", "no_standard"}), row["id"]
        if "product_title" in flaws:
            assert row["kind"] == "title", row["id"]


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_large_enough_and_mixed_as_promised(name: str) -> None:
    found = rows(name)
    assert len(found) >= 100
    assert 0.35 <= sum(not row["flaws"] for row in found) / len(found) <= 0.45
    assert 0.10 <= sum(row["kind"] == "title" for row in found) / len(found) <= 0.20
    assert sum(len(row["flaws"]) > 1 for row in found) >= 10


@pytest.mark.parametrize("name", FILES)
def test_each_flaw_occurs_often_enough_to_be_measured(name: str) -> None:
    counts = Counter(flaw for row in rows(name) for flaw in row["flaws"])
    rare = {flaw: counts[flaw] for flaw in FLAWS if counts[flaw] < (3 if flaw == "product_title" else 8)}
    assert rare == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_and_the_labels_name_the_same_flaws(language: str) -> None:
    used = {flaw for half in HALVES for row in rows(f"{language}.{half}.jsonl") for flaw in row["flaws"]}
    table = (FOLDER / "README.md").read_text(encoding="utf-8").split("## The labels")[1]
    assert used == set(FLAWS)
    assert [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")] == list(FLAWS)


def test_the_held_half_is_the_one_that_was_frozen() -> None:
    lines = (FOLDER / "held.sha256").read_text(encoding="ascii").splitlines()
    frozen = {name: digest for digest, name in (line.split("  ") for line in lines)}
    actual = {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES if ".held." in name
    }
    assert actual == frozen
