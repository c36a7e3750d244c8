"""Build the fonts that certificates and badges are drawn with.

Run by hand when a font or a script is added; the result is committed, so that nothing is fetched when
Guildmark is installed or run. Needs fonttools with brotli, and npm and apt-get for fetching:

    python tools/build_render_fonts.py --sources /tmp/fonts --out src/guildmark/issue/render/fonts

Sources are kept in ``--sources`` and are not fetched twice. ``--only NAME`` builds one file.
Latin faces come from @fontsource packages (variable fonts instanced, subsets merged), every other script
from the Noto packages of Debian 12. All are under the SIL Open Font License 1.1. The Plex face is merged,
hence modified, and its name is reserved: it is called "Guildmark Mono" here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# A fixed stamp in the head table keeps two builds byte-identical.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")

NPM = {
    "newsreader": "@fontsource-variable/newsreader@5.3.0",
    "instrument": "@fontsource-variable/instrument-sans@5.3.0",
    "plex": "@fontsource/ibm-plex-mono@5.3.0",
}
DEBIAN = ("fonts-noto-core", "fonts-droid-fallback")
TRUETYPE = "usr/share/fonts/truetype/noto"
# Han, kana and Hangul in 3.5 MB (Apache-2.0); kept as it is.
CJK = "usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf"

FEATURES = ["*"]


def _range(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


# Latin with its extensions and phonetic letters, marks, Greek, Cyrillic, punctuation, currency, letterlike.
EUROPEAN = (
    _range(0x20, 0x52F)
    | _range(0x1C80, 0x1CFF)
    | _range(0x1D00, 0x1FFF)
    | _range(0x2000, 0x20FF)
    | _range(0x2100, 0x218F)
    | _range(0x2C60, 0x2C7F)
    | _range(0x2DE0, 0x2E5F)
    | _range(0xA640, 0xA7FF)
    | _range(0xAB30, 0xAB6F)
    | _range(0xFB00, 0xFB06)
    | {0xFFFD}
)
SYMBOLS = _range(0x2190, 0x21FF) | _range(0x25A0, 0x25FF) | _range(0x2600, 0x26FF) | _range(0x2700, 0x27BF)

# file name: (Noto source, None for everything it has)
NOTO: dict[str, tuple[str, set[int] | None]] = {
    "NotoSerif-Regular": ("NotoSerif-Regular", EUROPEAN),
    "NotoSans-Regular": ("NotoSans-Regular", EUROPEAN),
    "NotoSans-Bold": ("NotoSans-Bold", EUROPEAN),
    "NotoSansSymbols2-Regular": ("NotoSansSymbols2-Regular", SYMBOLS),
    **{
        f"{name}-Regular": (f"{name}-Regular", None)
        for name in (
            "NotoNaskhArabic", "NotoSerifHebrew", "NotoSerifDevanagari", "NotoSerifThai", "NotoSerifArmenian",
            "NotoSerifGeorgian", "NotoSerifBengali", "NotoSerifGurmukhi", "NotoSerifGujarati",
            "NotoSerifTamil", "NotoSerifTelugu", "NotoSerifKannada", "NotoSerifMalayalam", "NotoSerifSinhala",
            "NotoSerifKhmer", "NotoSerifLao", "NotoSerifMyanmar", "NotoSerifEthiopic",
        )
    },
}  # fmt: skip


def fetch(sources: Path) -> None:
    """Fetch and unpack what is not in ``sources`` yet: ``npm/NAME/`` and ``debian/``."""
    for name, package in NPM.items():
        target = sources / "npm" / name
        if not target.exists():
            target.mkdir(parents=True)
            packed = subprocess.run(
                ["npm", "pack", "--silent", package], cwd=target, check=True, capture_output=True, text=True
            ).stdout.split()[-1]
            with tarfile.open(target / packed) as archive:
                archive.extractall(target, filter="data")
    tree = sources / "debian"
    if not tree.exists():
        tree.mkdir(parents=True)
        subprocess.run(["apt-get", "download", *DEBIAN], cwd=sources, check=True)
        for package in sources.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(tree)], check=True)


def options() -> Options:
    """Keep shaping, drop hinting: the output is vectors and anti-aliased pictures."""
    chosen = Options()
    chosen.layout_features = FEATURES
    chosen.hinting = False
    chosen.notdef_outline = True
    chosen.name_IDs = ["*"]
    chosen.recalc_timestamp = False
    return chosen


def subset(font: TTFont, codepoints: Iterable[int]) -> TTFont:
    """Cut ``font`` down to ``codepoints`` in place."""
    cutter = Subsetter(options())
    cutter.populate(unicodes=codepoints)
    cutter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str, weight: int) -> None:
    """Give one static face a family, a style and a weight that typst can tell apart."""
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in (0, 5, 7, 8, 9, 11, 13, 14)]
    postscript = f"{family}-{style}".replace(" ", "")
    for number, value in (
        (1, family),
        (2, style),
        (3, postscript),
        (4, f"{family} {style}"),
        (6, postscript),
    ):
        names.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    for tag in ("STAT", "MVAR", "HVAR", "avar", "fvar", "DSIG"):
        if tag in font:
            del font[tag]


def merged(parts: list[Path], axes: dict[str, float], scratch: Path) -> TTFont:
    """Instance each web subset at ``axes`` and merge them; an earlier part wins a code point."""
    seen: set[int] = set()
    pieces = []
    for number, path in enumerate(parts):
        font = TTFont(path)
        if "fvar" in font:
            font = instantiateVariableFont(font, axes)
        font.flavor = None
        subset(font, set(font.getBestCmap()) - seen)
        seen |= set(font.getBestCmap())
        piece = scratch / f"piece-{number}.ttf"
        font.save(piece)
        pieces.append(str(piece))
    return Merger().merge(pieces)


def latin_faces(sources: Path) -> dict[str, tuple[list[Path], dict[str, float], str, str, int]]:
    """Name each Latin face: its web subsets, axis positions, family, style and weight."""

    def files(name: str, pattern: str, subsets: tuple[str, ...]) -> list[Path]:
        return [sources / "npm" / name / "package/files" / pattern.format(part) for part in subsets]

    newsreader = files("newsreader", "newsreader-{}-opsz-normal.woff2", ("latin", "latin-ext", "vietnamese"))
    instrument = files("instrument", "instrument-sans-{}-wght-normal.woff2", ("latin", "latin-ext"))
    plex = files("plex", "ibm-plex-mono-{}-400-normal.woff2", ("latin", "latin-ext"))
    return {
        "Newsreader-Medium": (newsreader, {"wght": 500, "opsz": 36}, "Newsreader", "Regular", 400),
        "InstrumentSans-Regular": (instrument, {"wght": 400}, "Instrument Sans", "Regular", 400),
        "InstrumentSans-SemiBold": (instrument, {"wght": 600}, "Instrument Sans", "Bold", 700),
        "GuildmarkMono-Regular": (plex, {}, "Guildmark Mono", "Regular", 400),
    }


def ranges(codepoints: Iterable[int]) -> list[list[int]]:
    """Fold code points into [first, last] pairs."""
    folded: list[list[int]] = []
    for codepoint in sorted(codepoints):
        if folded and folded[-1][1] == codepoint - 1:
            folded[-1][1] = codepoint
        else:
            folded.append([codepoint, codepoint])
    return folded


def write_coverage(out: Path) -> None:
    """Write which file has which code points, so that no font library is needed at run time."""
    table = {}
    for path in sorted([*out.glob("*.ttf"), *out.glob("*.otf")]):
        table[path.name] = ranges(TTFont(path, lazy=True).getBestCmap())
    text = json.dumps(table, separators=(",", ":")).replace('],"', ']\n,"')
    (out / "coverage.json").write_text(text + "\n", encoding="ascii")


def write_licences(sources: Path, out: Path) -> None:
    """Put the Open Font License with every copyright line beside the fonts."""
    texts = {
        "newsreader": "OFL-Newsreader.txt",
        "instrument": "OFL-InstrumentSans.txt",
        "plex": "OFL-IBMPlexMono.txt",
    }
    for name, target in texts.items():
        (out / target).write_text((sources / "npm" / name / "package/LICENSE").read_text("utf-8"), "utf-8")
    licence = (sources / "npm/newsreader/package/LICENSE").read_text("utf-8")
    lines = [
        f"{path.name}: {TTFont(path, lazy=True)['name'].getDebugName(0)}"
        for path in sorted([*out.glob("Noto*.ttf"), *out.glob("Noto*.otf")])
    ]
    body = licence[licence.index("This Font Software is licensed") :]
    (out / "OFL-Noto.txt").write_text("\n".join(lines) + "\n\n" + body, "utf-8")


def main() -> None:
    """Fetch, build, and write the coverage table and the licences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", action="append", help="build only this file (name without ending)")
    given = parser.parse_args()
    fetch(given.sources)

    def wanted(name: str) -> bool:
        return not given.only or name in given.only

    for name, (parts, axes, family, style, weight) in latin_faces(given.sources).items():
        if wanted(name):
            font = merged(parts, axes, given.sources)
            rename(font, family, style, weight)
            font.save(given.out / f"{name}.ttf")
    for name, (source, codepoints) in NOTO.items():
        if wanted(name):
            font = TTFont(given.sources / "debian" / TRUETYPE / f"{source}.ttf", recalcTimestamp=False)
            subset(font, codepoints if codepoints is not None else set(font.getBestCmap()))
            font.save(given.out / f"{name}.ttf")
    if wanted("DroidSansFallback"):
        (given.out / "DroidSansFallback.ttf").write_bytes((given.sources / "debian" / CJK).read_bytes())
    write_coverage(given.out)
    write_licences(given.sources, given.out)
    for path in sorted(given.out.iterdir()):
        print(f"{path.stat().st_size:>9} {path.name}")


if __name__ == "__main__":
    main()
