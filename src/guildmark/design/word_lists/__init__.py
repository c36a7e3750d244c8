"""The words of English, German and Spanish, to tell a slip of the pen from a word that was meant.

Where the lists come from, and under what licences, stands in ``SOURCES.md`` beside them;
``tools/build_word_lists.py`` makes them. English and German are a word on each line, with a number where it was
counted in news. No Spanish list of a permissive licence was found: the Hunspell dictionary that the machine has is
read, as its package installed it; where there is none, no Spanish word is known, and no edit of one is taken for a slip.
"""

from __future__ import annotations

import logging
import lzma
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
LANGUAGES = ("en", "de", "es")


class WordList(Mapping[str, int]):
    """Words in lower case with how often each was counted; 0 for a word that is known and was not counted.

    Kept as the bytes of a sorted file and searched in them: a dictionary of these words would take ten times the memory.
    """

    def __init__(self, data: bytes) -> None:
        """``data`` is UTF-8: lines of a word, or a word, a tab and a number, in the order of their words' bytes."""
        self._data = b"\n" + data + b"\n" if data else b"\n"

    def _line(self, word: str) -> bytes | None:
        key = word.encode()
        low, high = 1, len(self._data)
        while low < high:
            middle = (low + high) // 2
            start = self._data.rfind(b"\n", 0, middle) + 1
            end = self._data.find(b"\n", middle)
            line = self._data[start:end]
            found = line.partition(b"\t")[0]
            if found == key:
                return line
            low, high = (end + 1, high) if found < key else (low, start)
        return None

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._line(word) is not None

    def __getitem__(self, word: str) -> int:
        line = self._line(word)
        if line is None:
            raise KeyError(word)
        return int(line.partition(b"\t")[2] or 0)

    def __iter__(self) -> Iterator[str]:
        return (line.partition(b"\t")[0].decode() for line in self._data.split(b"\n")[1:-1])

    def __len__(self) -> int:
        return self._data.count(b"\n") - 1

    def count_run(self, run: str) -> int:
        """How often letters follow each other in the list; ``^`` and ``$`` are the ends of a word."""
        letters = run.strip("^$").encode()
        before = b"\n" if run.startswith("^") else b""
        if not run.endswith("$"):
            return self._data.count(before + letters)
        return self._data.count(before + letters + b"\n") + self._data.count(before + letters + b"\t")


def made_of(words: Mapping[str, int]) -> bytes:
    """The form that :class:`WordList` reads."""
    rows = sorted((word.encode(), count) for word, count in words.items())
    return b"\n".join(word + (b"\t%d" % count if count else b"") for word, count in rows)


@lru_cache(maxsize=3)
def words_of(code: str) -> WordList:
    """The list of a language, read when a word has to be judged for the first time."""
    if code == "es":
        return installed(_spanish())
    return WordList(lzma.decompress((HERE / f"{code}.txt.xz").read_bytes()))


#: Names the ``.aff`` file of a Spanish Hunspell dictionary; its ``.dic`` stands beside it.
VARIABLE = "GUILDMARK_HUNSPELL_ES"
#: Where systems put theirs.
PLACES = ("/usr/share/hunspell/es.aff", "/usr/share/hunspell/es_ES.aff", "/usr/share/myspell/dicts/es_ES.aff")


def _spanish() -> Path | None:
    named = os.environ.get(VARIABLE)
    places = [Path(named)] if named else [Path(place) for place in PLACES]
    return next((one for one in places if one.is_file() and one.with_suffix(".dic").is_file()), None)


def installed(affixes: Path | None) -> WordList:
    """The words of a Hunspell dictionary on this machine; none where there is no such file or it cannot be read."""
    if affixes is None:
        return WordList(b"")
    try:
        rules, stems = (path.read_bytes() for path in (affixes, affixes.with_suffix(".dic")))
        named = re.search(rb"^SET\s+(\S+)", rules, re.MULTILINE)
        encoding = named[1].decode("ascii") if named else "iso-8859-1"
        return WordList(b"\n".join(sorted(forms(rules.decode(encoding), stems.decode(encoding)))))
    except (OSError, UnicodeDecodeError, LookupError, re.error):
        log.warning("words.unreadable", extra={"path": str(affixes)})
        return WordList(b"")


Rule = tuple[str, str, re.Pattern[str]]


def forms(affixes: str, stems: str) -> set[bytes]:
    """Every word of a Hunspell dictionary with its endings and beginnings, in lower case, as UTF-8.

    Flags of one letter; compounds and endings upon endings are left out.
    """
    endings, beginnings = _rules(affixes, "SFX"), _rules(affixes, "PFX")
    found: set[bytes] = set()
    for line in stems.splitlines()[1:]:
        stem, _, flags = (line.split() or [""])[0].partition("/")
        if not stem.isalpha():
            continue
        here = {stem, *(word for flag in flags for word in _with_endings(stem, endings.get(flag, ())))}
        before = [rule for flag in flags for rule in beginnings.get(flag, ())]
        more = [add + word[len(strip) :] for strip, add, fits in before for word in here if fits.match(word)]
        found.update(word.lower().encode() for word in (*here, *more) if word.isalpha())
    return found


def _with_endings(stem: str, rules: Iterable[Rule]) -> Iterator[str]:
    for strip, add, fits in rules:
        if stem.endswith(strip) and fits.search(stem):
            yield stem.removesuffix(strip) + add


def _rules(affixes: str, kind: str) -> dict[str, list[Rule]]:
    """By flag: what is taken off, what is put on, and which words it fits. A row with fewer columns opens a group."""
    made: dict[str, list[Rule]] = defaultdict(list)
    for line in affixes.splitlines():
        columns = line.split()
        if len(columns) < 5 or columns[0] != kind:
            continue
        _, flag, strip, add, condition = columns[:5]
        fits = re.compile(f"{condition}$" if kind == "SFX" else condition)
        put = add.partition("/")[0]
        made[flag].append(("" if strip == "0" else strip, "" if put == "0" else put, fits))
    return made
