"""Build the fonts by which pages show names in scripts that the two Latin faces do not hold.

Run by hand when a script is added; the result is committed:

    python tools/build_web_fonts.py

The sources are the fonts that certificates are drawn with (``issue/render/fonts``), so that a name that a PDF can
show can be shown on a page, too, whatever the reader's machine has. Each script is one WOFF2 file; Greek, Cyrillic,
Han, kana and Hangul are cut into pieces of 256 characters, so that a name takes a few pieces and not the whole font. A browser
loads a piece only when a character of its range stands on the page. Needs fonttools with brotli.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# A fixed stamp in the head table keeps two builds byte-identical.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src/guildmark/issue/render/fonts"
OUT = ROOT / "src/guildmark/site/static/site/fonts/scripts"
SHEET = ROOT / "src/guildmark/site/static/site/css/scripts.css"
EUROPEAN = "NotoSans-Regular.ttf"
CJK = "DroidSansFallback.ttf"
PIECE = 256
#: Left out: Latin letters, which the faces of the page hold, private use, and marks that are no letters.
LATIN = {*range(0x180), *range(0x2000, 0x2070), *range(0xE000, 0xF900), 0xFEFF, 0xFFFD}


def pieces() -> Iterator[tuple[str, Path, set[int]]]:
    """Every file to be made: its name, its source and its characters. No character stands in two of them."""
    taken = set(LATIN)
    for name, source in whole():
        wanted = characters(source) - taken
        taken |= wanted
        yield name, source, wanted
    for name, source in (("european", SOURCES / EUROPEAN), ("cjk", SOURCES / CJK)):
        rest = characters(source) - taken
        taken |= rest
        for start in range(0, max(rest) + 1, PIECE):
            wanted = rest & set(range(start, start + PIECE))
            if wanted:
                yield f"{name}-{start // PIECE:02x}", source, wanted


def whole() -> Iterator[tuple[str, Path]]:
    """The fonts of one script each."""
    for source in sorted(SOURCES.glob("Noto*-Regular.ttf")):
        name = source.name.removesuffix("-Regular.ttf").removeprefix("Noto").lower()
        if name not in {"sans", "serif", "sanssymbols2"}:
            yield name, source


def characters(source: Path) -> set[int]:
    with TTFont(source, lazy=True) as font:
        return set(font.getBestCmap())


def write(source: Path, wanted: Iterable[int], target: Path) -> None:
    options = Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)


def ranges(wanted: Iterable[int]) -> str:
    """The value of ``unicode-range``."""
    spans: list[list[int]] = []
    for one in sorted(wanted):
        if spans and one == spans[-1][1] + 1:
            spans[-1][1] = one
        else:
            spans.append([one, one])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def block(wanted: set[int], others: set[int]) -> str:
    """The shortest range that holds the characters and none of another file."""
    low, high = min(wanted), max(wanted)
    return ranges(wanted) if others & set(range(low, high + 1)) else ranges(range(low, high + 1))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    made = list(pieces())
    rules = [
        "/* Made by tools/build_web_fonts.py. A file is loaded only when one of its characters is shown. */"
    ]
    for name, source, wanted in made:
        write(source, wanted, OUT / f"{name}.woff2")
        others = set().union(*(more for other, _, more in made if other != name)) | LATIN
        rules.append(
            '@font-face{font-family:"Guildmark Scripts";src:url(../fonts/scripts/'
            f'{name}.woff2) format("woff2");font-display:swap;unicode-range:{block(wanted, others)}}}'
        )
    SHEET.write_text("\n".join(rules) + "\n", "utf-8")


if __name__ == "__main__":
    main()
