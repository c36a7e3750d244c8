"""The lists of words behind the proof of a slip: found as in a dictionary, and of licences that are written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.design import harmless, word_lists
from guildmark.design.word_lists import WordList, made_of, words_of

letters = st.text("abcäñz", min_size=1, max_size=5)


@given(st.dictionaries(letters, st.integers(0, 99)), letters)
def test_a_list_finds_what_a_dictionary_finds(words: dict[str, int], other: str) -> None:
    found = WordList(made_of(words))
    assert dict(found) == words
    assert len(found) == len(words)
    assert (other in found) == (other in words)
    assert found.get(other, -1) == words.get(other, -1)


@given(st.dictionaries(letters, st.integers(0, 1)), st.text("abcz", min_size=2, max_size=2))
def test_runs_of_letters_are_counted_with_the_ends_of_words(words: dict[str, int], run: str) -> None:
    found = WordList(made_of(words))
    assert found.count_run(f"^{run}") == sum(word.startswith(run) for word in words)
    assert found.count_run(f"{run}$") == sum(word.endswith(run) for word in words)


@pytest.mark.parametrize(
    ("code", "known", "unknown"),
    [
        ("en", "theatre judgements organises theater hours tamil mislabelled", "teh recieve brnach"),
        ("de", "nachricht prüft erstellt grösse häuser vollständig", "nachrciht vollständg"),
    ],
)
def test_words_in_all_their_forms_are_known(code: str, known: str, unknown: str) -> None:
    words = words_of(code)
    assert [word for word in known.split() if word not in words] == []
    assert [word for word in unknown.split() if word in words] == []
    assert len(words) > 150_000


def test_common_words_are_counted_and_rare_ones_are_not() -> None:
    english, german = words_of("en"), words_of("de")
    assert english["the"] > english["branch"] > english["chough"] == 0
    assert german["der"] == german["erstellt"] == 60 > german["kettensägenscheins"] == 0


def test_a_hunspell_dictionary_is_spelt_out_with_endings_and_beginnings() -> None:
    affixes = "SET UTF-8\nSFX S Y 2\nSFX S 0 es [^z]\nSFX S z ces z\nPFX R Y 1\nPFX R 0 re .\n"
    found = word_lists.forms(affixes, "4\nluz/S\ncontrol/SR\nMadrid\nno-2/S\n")
    wanted = "luz luces control controles recontrol recontroles madrid"
    assert found == {word.encode() for word in wanted.split()}


def test_the_spanish_dictionary_of_the_machine_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    affixes = tmp_path / "es.aff"
    affixes.write_bytes("SET ISO8859-1\nSFX S Y 1\nSFX S 0 s [aeo]\n".encode("iso-8859-1"))
    (tmp_path / "es.dic").write_bytes("2\nseñal\nniño/S\n".encode("iso-8859-1"))
    assert set(word_lists.installed(affixes)) == {"señal", "niño", "niños"}


@pytest.mark.parametrize(
    "broken", ["SET UTF-8\nSFX S Y 1\nSFX S 0 s [\n", "SET no-such\n", "SET UTF-8\n\udcff"]
)
def test_a_dictionary_that_cannot_be_read_knows_nothing(tmp_path: Path, broken: str) -> None:
    affixes = tmp_path / "es.aff"
    affixes.write_bytes(broken.encode("utf-8", "surrogateescape"))
    (tmp_path / "es.dic").write_bytes(b"1\nalgo/S\n")
    assert len(word_lists.installed(affixes)) == 0
    assert len(word_lists.installed(None)) == 0


def test_without_spanish_words_no_spanish_edit_is_taken_for_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmless, "_lexicon", lambda code: WordList(b""))
    assert harmless.why_harmless("Pasa la prueva.", "Pasa la prueba.", "es") == ""
    assert harmless.why_harmless("Pasa la prueba", "Pasa la prueba.", "es") == harmless.LAST_MARK


def test_every_list_has_its_source_and_its_licence_written_down() -> None:
    told = (word_lists.HERE / "SOURCES.md").read_text("utf-8")
    for path in word_lists.HERE.glob("*.xz"):
        assert f"`{path.name}`" in told
    for path in word_lists.HERE.glob("LICENSE-*"):
        assert f"`{path.name}`" in told
        assert len(path.read_text("utf-8")) > 1000
    assert not re.search(r"CC BY-SA|share-alike", told)
