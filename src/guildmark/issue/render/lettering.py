"""Makes foreign text safe to draw: nothing invisible, nothing without a glyph, nothing endless.

The signed file carries every character exactly. What is drawn is a picture of it, so a character that no
bundled font has is shown as a box and counted, never left blank (strict PDF/UA would refuse the file).
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

FONTS_DIR: Final = Path(__file__).parent / "fonts"

#: Drawn where a character has no glyph (U+25A1 WHITE SQUARE).
BOX: Final = "\u25a1"
#: Breaks a run of characters that offers no other place to break a line.
_MAY_BREAK: Final = "\u200b"
_LONGEST_RUN: Final = 28
#: Code points that one character may have; more marks than this are heaped up to deface.
_LONGEST_CLUSTER: Final = 8
_JOINERS: Final = frozenset("\u200c\u200d")
_REGIONAL: Final = range(0x1F1E6, 0x1F200)

# The base letter decides the language that glyph forms are taken from. Only scripts where it matters.
_SCRIPT_LANGUAGES: Final[tuple[tuple[int, int, str], ...]] = (
    (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "ar"), (0x0750, 0x077F, "ar"), (0x08A0, 0x08FF, "ar"),
    (0xFB50, 0xFDFF, "ar"), (0xFE70, 0xFEFF, "ar"), (0x0900, 0x097F, "hi"), (0x0E00, 0x0E7F, "th"),
    (0x1100, 0x11FF, "ko"), (0x3130, 0x318F, "ko"), (0xAC00, 0xD7A3, "ko"),
    (0x3040, 0x30FF, "ja"), (0x31F0, 0x31FF, "ja"), (0x4E00, 0x9FFF, "zh"),
)  # fmt: skip
_SAME_SCRIPT: Final[dict[str, frozenset[str]]] = {
    "ar": frozenset({"fa", "ur", "ps", "ku", "ug", "sd"}),
    "he": frozenset({"yi"}),
    "hi": frozenset({"mr", "ne", "sa"}),
    "zh": frozenset({"ja", "ko"}),
}
_LANGUAGE_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?:-.*)?\Z")


@lru_cache(maxsize=1)
def _coverage() -> tuple[tuple[list[int], list[int]], ...]:
    """Return (first, last) code points of the ranges of each bundled font."""
    table: dict[str, list[list[int]]] = json.loads((FONTS_DIR / "coverage.json").read_text("ascii"))
    return tuple(([pair[0] for pair in pairs], [pair[1] for pair in pairs]) for pairs in table.values())


@lru_cache(maxsize=65536)
def _fonts_with(codepoint: int) -> frozenset[int]:
    """Return the numbers of the fonts that have a glyph for ``codepoint``."""
    found = []
    for number, (firsts, lasts) in enumerate(_coverage()):
        place = bisect_right(firsts, codepoint) - 1
        if place >= 0 and lasts[place] >= codepoint:
            found.append(number)
    return frozenset(found)


def drawable(cluster: str) -> bool:
    """Say whether one bundled font has every character of ``cluster``.

    One font must have all of them: a mark is placed on its base by the font that has both.
    """
    shared: frozenset[int] | None = None
    for character in cluster:
        if character in _JOINERS:
            continue
        fonts = _fonts_with(ord(character))
        shared = fonts if shared is None else shared & fonts
        if not shared:
            return False
    return bool(shared)


def clusters(text: str) -> Iterator[str]:
    """Split text into what a reader takes for characters: a base with its marks and joined parts."""
    current = ""
    for character in text:
        if current and _continues(current, character):
            current += character
            continue
        if current:
            yield current
        current = character
    if current:
        yield current


def _continues(current: str, character: str) -> bool:
    if character in _JOINERS or unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    if (
        0x1160 <= ord(character) <= 0x11FF and 0x1100 <= ord(current[-1]) <= 0x11FF
    ):  # parts of a Hangul syllable
        return True
    if 0x1F3FB <= ord(character) <= 0x1F3FF:  # skin tones
        return True
    if current[-1] == "\u200d" and unicodedata.category(character) == "So":
        return True
    return len(current) == 1 and ord(current) in _REGIONAL and ord(character) in _REGIONAL


def _visible(text: str) -> str:
    """Drop what must never reach a renderer: controls, bidi controls, format characters; fold white space."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character.isspace() or category == "Cc":
            kept.append(" ")
        elif category == "Cf" and character not in _JOINERS:
            continue
        else:
            kept.append(character)
    return " ".join("".join(kept).split())


def is_right_to_left(text: str) -> bool:
    """Return the direction of the first strong character (Unicode bidi rule P2)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def script_language(text: str) -> str | None:
    """Guess the language of a text from its script, for the choice of glyph forms; None if it does not matter.

    Kana makes Han Japanese and Hangul makes it Korean; Han alone is taken for Chinese.
    """
    found = set()
    for character in text:
        for first, last, language in _SCRIPT_LANGUAGES:
            if first <= ord(character) <= last:
                found.add(language)
    for language in ("ja", "ko", "ar", "he", "hi", "th", "zh"):
        if language in found:
            return language
    return None


def split_language(tag: str | None) -> tuple[str, str | None] | None:
    """Return the language and region of a BCP 47 tag as the typesetter takes them; None if unusable."""
    match = _LANGUAGE_TAG.match(tag or "")
    if not match:
        return None
    return match[1].lower(), match[2].upper() if match[2] else None


class Lettering:
    """Prepares all texts of one document and counts what could not be drawn.

    ``lost`` is the number of characters (grapheme clusters) drawn as a box, ``cut`` the number of
    texts that were shortened.
    """

    def __init__(self, language: str | None = None) -> None:
        self.language = split_language(language)
        self.lost = 0
        self.cut = 0
        self._counted: set[str] = set()

    def plain(self, text: str | None, limit: int) -> str:
        """Return ``text`` as it will be drawn, at most ``limit`` characters and an ellipsis."""
        source = text or ""
        # The slice bounds the work on hostile input.
        pieces = list(islice(clusters(_visible(source[: limit * _LONGEST_CLUSTER])), limit + 1))
        is_cut = len(pieces) > limit or len(source) > limit * _LONGEST_CLUSTER
        drawn: list[str] = []
        lost = run = 0
        for cluster in pieces[:limit]:
            piece = self._draw(cluster)
            lost += piece is BOX
            run = 0 if piece == " " or _breaks_anywhere(piece) else run + 1
            if run > _LONGEST_RUN:
                drawn.append(_MAY_BREAK)
                run = 1
            drawn.append(piece)
        if source not in self._counted:  # a name that stands in two places is one loss
            self._counted.add(source)
            self.lost += lost
            self.cut += is_cut
        return "".join(drawn) + ("…" if is_cut else "")

    def write(self, text: str | None, limit: int, *, own_language: bool = False) -> dict[str, Any]:
        """Return ``text`` for a template: the text, its direction, its language if it is known.

        ``own_language`` is for names: the language of the credential says nothing about them.
        """
        drawn = self.plain(text, limit)
        guess = script_language(drawn)
        language = None if own_language else self.language
        # The tag "en" on an Arabic sentence would shape and read it wrongly: then the script wins.
        if guess and (language is None or language[0] not in {guess, *_SAME_SCRIPT.get(guess, ())}):
            language = (guess, None)
        return {
            "t": drawn,
            "rtl": is_right_to_left(drawn),
            "lang": language[0] if language else "en",
            "region": language[1] if language else None,
            "tall": _is_tall(drawn),
        }

    @staticmethod
    def _draw(cluster: str) -> str:
        cluster = cluster[:_LONGEST_CLUSTER]
        if drawable(cluster):
            return cluster
        composed = unicodedata.normalize("NFC", cluster)
        if drawable(composed):
            return composed
        # A variation selector only picks among forms; without it the base letter still says the same.
        bare = "".join(c for c in composed if not 0xFE00 <= ord(c) <= 0xFE0F and c not in _JOINERS)
        if bare and drawable(bare):
            return bare
        return BOX


def ours(text: str) -> dict[str, Any]:
    """Return our own English words in the form of a foreign text."""
    return {"t": text, "rtl": False, "lang": "en", "region": None, "tall": False}


def _is_tall(text: str) -> bool:
    """Say whether the text has marks or letters that reach far above or below a Latin line."""
    return any(
        0x0300 <= ord(c) <= 0x036F or 0x0590 <= ord(c) <= 0x1CFF or 0xFB1D <= ord(c) <= 0xFEFF for c in text
    )


def _breaks_anywhere(piece: str) -> bool:
    return 0x2E80 <= ord(piece[0]) <= 0x9FFF or 0xAC00 <= ord(piece[0]) <= 0xD7A3 or piece[0] in "-/"
