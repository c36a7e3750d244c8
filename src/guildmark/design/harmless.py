"""Which edits of a binding text surely leave its meaning alone (PRODUCT M1).

Three kinds count: another Unicode form, white space, quotes and dashes; the mark at the end; the correction of a
word that no dictionary knows into the word it was meant to be. Whatever is not proven to be one of these is a change
of the bar until a second person signs otherwise. A wrong no costs a number; a wrong yes would hide a change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from guildmark.design.claims.text import words as word_set
from guildmark.design.claims.words import lexicon
from guildmark.design.word_lists import LANGUAGES
from guildmark.design.word_lists import words_of as _lexicon
from guildmark.kernel.words import said

LETTER_FORM = said("letter form, white space, quotes or dashes")
LAST_MARK = said("the mark at the end")
SPELLING = said("spelling")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "\u00ad": "",
    }
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\s+|[^\w\s]|_")
# Words that carry the bar by themselves: a correction that ends in one of them is never taken for granted.
WEIGHTY = word_set(
    """
    no not none never nor neither nothing nobody without unless except only least most must may might can cannot could
    shall should will would need all any every each some both either few more less fewer half zero one two three four
    five six seven eight nine ten once twice and or if until before after
    second seconds minute minutes hour hours day days week weeks month months year years percent word words page pages
    nein nicht nichts nie niemals kein keine keinen keiner keines keinem ohne außer nur mindestens höchstens muss müssen
    darf dürfen kann können könnte soll sollen sollte sollten alle alles allen jede jeder jedes jeden jedem einige manche
    beide wenige mehr weniger halb null ein eine eins zwei drei vier fünf sechs sieben acht neun zehn einmal zweimal
    und oder wenn bis vor nach sekunde sekunden minute minuten stunde stunden tag tage tagen woche wochen monat monate
    monaten jahr jahre jahren prozent wort wörter wörtern seite seiten
    ni nada nadie nunca jamás sin salvo excepto sólo solo solamente menos más debe deben debería puede pueden podría
    todo toda todos todas cada algún alguno alguna algunos algunas ambos ambas poco pocos pocas medio media cero uno una
    dos tres cuatro cinco seis siete ocho nueve diez si hasta antes después segundo segundos minuto minutos hora horas
    día días semana semanas mes meses año años ciento palabra palabras página páginas
    """
)
_ENDINGS = (
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "er",
    "ers",
    "ly",
    "n",
    "en",
    "e",
    "t",
    "te",
    "ten",
    "o",
    "a",
    "os",
    "as",
    "ar",
)
_BEGINNINGS = (
    *(
        "re",
        "un",
        "de",
        "pre",
        "non",
        "mis",
        "co",
        "sub",
        "ver",
        "be",
        "ent",
        "des",
        "auto",
        "ab",
        "an",
        "auf",
        "aus",
    ),
    *("bei", "ein", "er", "ge", "mit", "nach", "um", "vor", "zer", "zu", "en", "in", "sobre", "multi"),
)
# Letters that sound alike in Spanish, so that one is written for the other.
_ALIKE = frozenset({frozenset("bv"), frozenset("gj"), frozenset("sc"), frozenset("sz"), frozenset("cz")})
_HARDLY = 3
_ADJECTIVES = ("e", "em", "en", "er", "es")


def why_harmless(old: str, new: str, language: str = "en") -> str:
    """In words why the edit changes nothing that is meant; empty when that is not proven.

    ``language`` is a BCP 47 tag. Spelling is judged in English, German and Spanish only.
    """
    before, after = _plain(old), _plain(new)
    if before == after:
        return LETTER_FORM
    before, after = before.rstrip(" .,;:…!"), after.rstrip(" .,;:…!")
    if not before or not after:
        return ""
    if before == after:
        return LAST_MARK
    code = language.split("-")[0].lower()
    return SPELLING if code in LANGUAGES and _only_spelling(before, after, code) else ""


def _plain(text: str) -> str:
    """NFC, one kind of quote and dash, single spaces. Beside figures a line break stays: it may part them."""
    text = unicodedata.normalize("NFC", text).translate(_SAME).strip()
    if re.search(r"\d", text):
        return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text))
    return re.sub(r"\s+", " ", text)


def _only_spelling(old: str, new: str, code: str) -> bool:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) != len(after):
        return False
    changed = [
        place for place, (was, becomes) in enumerate(zip(before, after, strict=True)) if was != becomes
    ]
    standing = {token.lower() for token in after}
    return bool(changed) and all(
        # What is still written elsewhere is a term, not a slip of the pen.
        before[place].lower() not in standing
        and _alone(before, place)
        and corrects(before[place], after[place], code, begins=_begins(before, place))
        for place in changed
    )


def _alone(tokens: list[str], place: int) -> bool:
    """False for a part of a compound, an address or a file name, such as ``A/B`` or ``log.txt``."""
    around = tokens[place - 1 : place] if place else []
    joined = "/-_@\\.'0123456789"
    if any(token[-1] in joined for token in around) or (
        place + 1 < len(tokens) and tokens[place + 1][0] in "/-_@\\'"
    ):
        return False
    ahead = tokens[place + 1 : place + 3]
    return not (len(ahead) == 2 and ahead[0] == "." and not ahead[1].isspace())


def _begins(tokens: list[str], place: int) -> bool:
    """True at the beginning of a sentence, where any word may have a capital."""
    words = [token for token in tokens[:place] if not token.isspace()]
    return not words or words[-1] in ".!?:"


def _known(word: str, code: str) -> bool:
    """True for a word of the language, and for an English one in any: people write loan words."""
    english = word in _lexicon("en") or _is_verb(word) or _american(word) in _lexicon("en")
    return english or _often(word, code) is not None


def _often(word: str, code: str) -> int | None:
    """How often a word of the list was counted; None when it is no word of the language.

    The German list writes ß as ss, and leaves out most endings of adjectives: ``große`` is there as ``gross``.
    """
    known = _lexicon(code)
    if code != "de":
        return known.get(word)
    plain = word.replace("ß", "ss")
    if (found := known.get(plain)) is not None:
        return found
    stems = [known.get(plain.removesuffix(ending), 0) for ending in _ADJECTIVES if plain.endswith(ending)]
    return max(stems, default=0) or None


def _american(word: str) -> str:
    """The list has the American spelling of many words: ``organises`` is known as ``organizes``."""
    return re.sub(r"is(?=e|ing|ation)", "iz", word)


def _is_verb(word: str) -> bool:
    return word in lexicon("en").forms


def corrects(old: str, new: str, code: str, *, begins: bool = False) -> bool:
    """True when ``new`` is the word that the misspelling ``old`` was meant to be.

    ``old`` is unknown and made of no known parts; ``new`` is known, carries no bar by itself, begins and ends alike, and
    no other word is as near and more frequent. The German list lacks many compounds and the Spanish one has no counts: there
    ``old`` must also look like no word at all, unless neighbours changed places, a letter was doubled or sounds alike.
    """
    if not (old.isalpha() and new.isalpha() and _same_case(old, new)):
        return False
    if old[0].isupper() and code != "de" and not begins:
        return False  # a name
    was, becomes = old.lower(), new.lower()
    swapped = _swapped(was, becomes)
    if was[0] != becomes[0] or not (swapped or was[-1] == becomes[-1]):
        return False  # another ending is another form
    if becomes in WEIGHTY or _marks(was) != _marks(becomes):
        return False
    if _known(was, code) or not (
        _counted(becomes, code) if code == "en" else _often(becomes, code) is not None
    ):
        return False
    if any(not becomes.startswith(stem) for stem in _stems(was, code)) or _compound(was, code):
        return False
    slip = swapped or _doubled(was, becomes) or (code == "es" and _sounds_alike(was, becomes))
    if code != "en" and not slip and not _is_unlike_a_word(was, code):
        return False
    if len(was) <= 3:
        return len(was) == 3 and swapped and _nearest(was, becomes, code)
    apart = distance(was, becomes)
    if apart == 1:
        return _nearest(was, becomes, code)
    return apart == 2 and len(was) >= 9 and not _near(was, code)


def _marks(word: str) -> list[str]:
    """The letters with a mark: in Spanish an accent tells forms apart, in German two dots tell words apart."""
    return [letter for letter in word if not letter.isascii()]


def _swapped(old: str, new: str) -> bool:
    """True when two neighbouring letters changed places and nothing else did."""
    differ = [place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    return (
        len(old) == len(new)
        and len(differ) == 2
        and differ[1] == differ[0] + 1
        and sorted(old) == sorted(new)
    )


def _doubled(old: str, new: str) -> bool:
    """True when a letter was written twice instead of once, or once instead of twice."""
    longer, shorter = (old, new) if len(old) > len(new) else (new, old)
    return any(
        longer[place] == longer[place - 1] and longer[:place] + longer[place + 1 :] == shorter
        for place in range(1, len(longer))
    )


def _sounds_alike(old: str, new: str) -> bool:
    differ = [frozenset(pair) for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
    return len(old) == len(new) and len(differ) == 1 and differ[0] in _ALIKE


def _runs_of(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[place : place + 3] for place in range(len(marked) - 2)}


def _is_unlike_a_word(word: str, code: str) -> bool:
    """True when some three letters of it follow each other in hardly any word of the language."""
    word = word.replace("ß", "ss") if code == "de" else word
    return any(_lexicon(code).count_run(run) <= _HARDLY for run in _runs_of(word))


def _same_case(old: str, new: str) -> bool:
    plain = old[1:].islower() or len(old) == 1
    return plain and (new[1:].islower() or len(new) == 1) and old[0].isupper() == new[0].isupper()


def _stems(word: str, code: str) -> Iterator[str]:
    """Known words that ``word`` could be a form of: then it is no misspelling of another one."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and _counted(stem, code):
            yield stem
    for beginning in _BEGINNINGS:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) >= 4 and _is_part(rest, code):
            yield word  # no other word begins with it, so this refuses


def _counted(word: str, code: str) -> bool:
    """True for a word that is common enough to have been counted; Spanish ones were not."""
    often = _often(word, code)
    if code == "es":
        return often is not None
    return bool(often) or (code == "en" and _is_verb(word))


def _compound(word: str, code: str) -> bool:
    """Two words written as one, as German does and product names do."""
    # In English two parts of four letters are as often chance as sense.
    shortest = 9 if code == "en" else 8
    return len(word) >= shortest and any(
        _is_part(word[:cut], code)
        and any(_is_part(word[cut:].removeprefix(link), code) for link in ("", "s", "n", "es"))
        for cut in range(4, len(word) - 3)
    )


def _is_part(word: str, code: str) -> bool:
    return len(word) >= 4 and (_often(word, code) is not None if code == "de" else _counted(word, code))


def _near(word: str, code: str) -> dict[str, int]:
    """The known words with the same first letter that are one slip away, with how often they occur."""
    others = (one for one in slips(word) if one[:1] == word[0] and one != word)
    return {one: often for one in others if (often := _often(one, code)) is not None}


def _nearest(word: str, wanted: str, code: str) -> bool:
    near = _near(word, code)
    return wanted in near and all(near[wanted] > often for other, often in near.items() if other != wanted)


def slips(word: str) -> set[str]:
    """Everything one letter left out, added, changed or swapped with its neighbour away from ``word``."""
    letters = "abcdefghijklmnopqrstuvwxyzäöüßáéíóúñ"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + letter + b[1:] for a, b in cuts if b for letter in letters),
        *(a + letter + b for a, b in cuts for letter in letters),
    }


def distance(old: str, new: str) -> int:
    """Letters to leave out, add, change or swap with a neighbour (optimal string alignment)."""
    rows = [list(range(len(new) + 1))]
    for i, (before, letter) in enumerate(pairwise(" " + old), start=1):
        row = [i]
        for j, wanted in enumerate(new, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == new[j - 2] and before == wanted:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
