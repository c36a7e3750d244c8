"""What is drawn instead of what was written, and how often."""

from __future__ import annotations

import pytest

from guildmark.issue.render.lettering import FONTS_DIR, Lettering, clusters, is_right_to_left, script_language
from tests.issue_render import samples


def test_the_coverage_table_is_that_of_the_fonts() -> None:
    import json

    from fontTools.ttLib import TTFont

    table = json.loads((FONTS_DIR / "coverage.json").read_text("ascii"))
    files = sorted(path for path in FONTS_DIR.iterdir() if path.suffix in (".ttf", ".otf"))
    assert sorted(table) == [path.name for path in files]
    for path in files:
        assert {c for first, last in table[path.name] for c in range(first, last + 1)} == set(
            TTFont(path).getBestCmap()
        )


def test_the_fonts_stay_small_and_licensed() -> None:
    assert sum(path.stat().st_size for path in FONTS_DIR.iterdir()) <= 12_000_000
    for face in ("Newsreader", "InstrumentSans", "IBMPlexMono", "Noto"):
        assert "SIL Open Font License" in (FONTS_DIR / f"OFL-{face}.txt").read_text("utf-8")


@pytest.mark.parametrize("script", list(samples.NAMES))
def test_covered_names_are_drawn_as_written(script: str) -> None:
    lettering = Lettering()
    assert lettering.plain(samples.NAMES[script], 120) == samples.NAMES[script]
    assert lettering.lost == 0


def test_every_character_of_the_national_sets_is_covered() -> None:
    for codec, first, last in (("gb2312", 0x4E00, 0x9FFF), ("big5", 0x4E00, 0x9FFF), ("shift_jis", 0x3041, 0x9FFF),
                               ("euc_kr", 0xAC00, 0xD7A3)):  # fmt: skip
        for codepoint in range(first, last + 1):
            try:
                chr(codepoint).encode(codec)
            except UnicodeError:
                continue
            assert Lettering().plain(chr(codepoint), 4) != "□", f"U+{codepoint:04X}"


def test_a_joined_emoji_is_one_character() -> None:
    assert list(clusters("a👩🏽‍🔬b🇩🇪")) == ["a", "👩🏽‍🔬", "b", "🇩🇪"]


def test_a_text_in_two_places_is_lost_once() -> None:
    lettering = Lettering()
    lettering.write("🎓", 10)
    lettering.write("🎓", 10)
    assert lettering.lost == 1


def test_decomposed_letters_are_composed_if_that_helps() -> None:
    lettering = Lettering()
    assert lettering.plain("\u1112\u1161\u11ab", 10) == "한"
    assert lettering.lost == 0


@pytest.mark.parametrize(("text", "expected"), [
    ("محمد", True), ("שלום world", True), ("world שלום", False), ("12 محمد", True), ("", False), ("123", False),
])  # fmt: skip
def test_direction_follows_the_first_strong_letter(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


@pytest.mark.parametrize(("text", "expected"), [
    ("渡邊さくら", "ja"), ("金하늘", "ko"), ("歐陽", "zh"), ("Zoë", None), ("محمد", "ar"), ("श्री", "hi"),
])  # fmt: skip
def test_forms_of_shared_letters_follow_the_script(text: str, expected: str | None) -> None:
    assert script_language(text) == expected


def test_the_language_of_the_credential_wins_within_its_script() -> None:
    assert Lettering("fa").write("محمد", 20)["lang"] == "fa"
    assert Lettering("en").write("محمد", 20)["lang"] == "ar"
    assert Lettering("de-AT").write("Grüß Gott", 20) == {
        "t": "Grüß Gott", "rtl": False, "lang": "de", "region": "AT", "tall": False,
    }  # fmt: skip
    assert Lettering("not a tag").write("x", 20)["lang"] == "en"
