"""The rules about single words: inflated promises, jargon, unexplained abbreviations, product names in titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from guildmark.design.claims.clause import Clause, is_a, is_content, is_mark
from guildmark.design.claims.structure import Flaw
from guildmark.design.claims.text import Span, words
from guildmark.design.claims.words import PhraseIndex, known_names, phrase_index

ABBREVIATION = re.compile(r"^(?=(?:.*[A-ZÄÖÜÑ]){2})[A-ZÄÖÜÑ][A-Za-zÄÖÜÑ0-9&/.-]*$")
SHOUTED = re.compile(r"^[A-ZÄÖÜÑ]{2,}s?$")
LATIN_NUMBER = re.compile(r"^[IVXLCDM]+$")


@lru_cache(maxsize=64)
def own_words(words: tuple[str, ...]) -> PhraseIndex:
    """The list of an organisation, ready for :func:`find_phrases`."""
    return phrase_index({word.strip().lower(): "" for word in words if word.strip()})


def find_phrases(clause: Clause, known: PhraseIndex) -> Iterator[tuple[Span, str]]:
    """Where a phrase of ``known`` stands, the longest first and never two over each other, with what it maps to."""
    taken: list[Span] = []
    lowers = [token.lower for token in clause.tokens]
    for first, word in enumerate(lowers):
        if clause.tokens[first].kind in {"quote", "slot"}:
            continue
        if (
            "-" in word
            and word not in known
            and (piece := next((p for p in word.split("-") if _alone(known, p)), ""))
        ):
            start = clause.tokens[first].start + word.index(piece)
            yield (start, start + len(piece)), known[piece][-1][1]
            continue
        for phrase, instead in _listed(known, word, clause.words.code):
            last = first + len(phrase) - 1
            if tuple(lowers[first : last + 1]) == phrase:
                span = clause.span(first, last)
                if not any(span[0] < end and start < span[1] for start, end in taken):
                    taken.append(span)
                    yield span, instead
                break


#: Endings that a word of a list may take in a sentence.
ENDINGS = {"de": ("em", "en", "er", "es", "e", "s", "n"), "es": ("es", "s"), "en": ()}


def _quoted(clause: Clause, place: int) -> bool:
    return any(t.kind in {"quote", "slot"} and t.start <= place < t.end for t in clause.tokens)


def _listed(known: PhraseIndex, word: str, code: str) -> list[tuple[tuple[str, ...], str]]:
    """The phrases that begin with ``word``; else a single word of the list of which it is a form."""
    if word in known:
        return known[word]
    for ending in ENDINGS[code]:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 4 and _alone(known, stem):
            return [((word,), "")]
    return []


def _alone(known: PhraseIndex, word: str) -> bool:
    return any(phrase == (word,) for phrase, _ in known.get(word, ()))


HARMLESS = {
    "en": re.compile(
        r"expert (?:witness|panel|report|opinion)|outstanding (?:invoice|debt|payment|balance|order|claim|amount|issue|task|item|work|fee|loan)|best[- ]before|(?:setup|installation|import|merge) wizard|perfect binding|guarantee(?:s|d)? (?:claim|form|card|period)|elite (?:unit)|(?:a|the|under) guarantee",
        re.I,
    ),
    "de": re.compile(
        r"garantie(?:fall|schein|antrag)|perfekt (?:und|oder) (?:präteritum|imperfekt)|champignon", re.I
    ),
    "es": re.compile(r"pretérito perfecto|llave maestra|obra maestra|estado brillante|cerveza sin", re.I),
}


def inflated(clause: Clause) -> Iterator[tuple[Flaw, str]]:
    """Promises that no piece of work can show, with what to put in their place."""
    code = clause.words.code
    harmless = [match.span() for match in HARMLESS[code].finditer(clause.text)]
    for span, instead in find_phrases(clause, clause.words.inflated):
        if not any(start <= span[0] < end for start, end in harmless):
            yield Flaw("inflated", span), instead
            return
    if clause.head is not None and clause.head.lemma in {"become", "convertir"}:
        at = clause.head.at
        yield Flaw("inflated", clause.span(at, min(at + 2, clause.end_of_main()))), ""
        return
    for match in clause.words.promises.finditer(clause.text):
        if not _quoted(clause, match.start()):
            yield Flaw("inflated", match.span()), ""
            return
    for part in clause.parts:
        at = part.verb.at
        behind = (
            range(at + 1, min(at + 4, part.end))
            if part.verb.form == "third" or code != "de"
            else range(part.start, at)
        )
        place = next((i for i in behind if clause.words.has("universal", clause.lower(i))), -1)
        if place < 0 or not is_content(clause, place + 1):
            continue
        if not clause.words.has("promise_verbs", part.verb.lemma) and not _sweeping(clause, place):
            continue
        if not any(i < place and is_a(clause, i, "coordinators") for i in behind):
            yield Flaw("inflated", clause.span(place, place + 1)), ""
            return


SWEEPING = words("any every jeden jedem jede jedes sämtliche cualquier")


def _sweeping(clause: Clause, place: int) -> bool:
    """Repairs any engine: a short claim about everything of its kind."""
    count = sum(token.kind == "word" for token in clause.tokens)
    return (
        clause.lower(place) in SWEEPING
        and count <= 8
        and len(clause.parts) == 1
        and place == clause.parts[0].verb.at + 1
    )


def jargon(clause: Clause, own: Sequence[str]) -> Iterator[tuple[Flaw, str]]:
    """Buzz words, nicknames of papers, and the words on the organisation's own list."""
    spans = list(find_phrases(clause, own_words(tuple(own)))) if own else []
    spans += [
        one
        for one in find_phrases(clause, clause.words.jargon)
        if not any(one[0][0] < end and start < one[0][1] for (start, end), _ in spans)
    ]
    if spans:
        for span, plain in sorted(spans):
            yield Flaw("jargon", span), plain
        return
    for index, token in enumerate(clause.tokens):
        if token.kind == "word" and _foreign(clause, index):
            yield Flaw("jargon", clause.span(index, index)), ""
            return
        if token.kind == "word" and (last := _nickname(clause, index)) >= 0:
            yield Flaw("jargon", clause.span(index, last)), ""
            return


def _foreign(clause: Clause, index: int) -> bool:
    """An English word of the office in a Spanish claim; names begin with a capital and are none."""
    pattern, token = clause.words.foreign, clause.tokens[index]
    if pattern is None or token.is_capital or is_a(clause, index, "everyday"):
        return False
    return bool(pattern.search(token.text))


def _nickname(clause: Clause, index: int) -> int:
    """The last token of a name that only the house knows, or -1: Blue Lane, Kiebitzliste, cuadro 7-bis."""
    code, word = clause.words.code, clause.lower(index)
    animals, papers = clause.words.sets["animals"], clause.words.sets["papers"]
    if code == "de":
        animal = next((a for a in animals if word.startswith(a)), "")
        return index if animal and word[len(animal) :].lstrip("-sn") in papers else -1
    following = clause.lower(index + 1)
    if code == "es":
        coded = bool(re.fullmatch(r"\d+-?(?:bis|ter|[a-z])", following)) or (
            index + 3 < len(clause.tokens)
            and clause.tokens[index + 1].kind == "number"
            and clause.lower(index + 2) == "-"
        )
        if word in papers and (following in animals or coded):
            return index + (3 if coded and clause.lower(index + 2) == "-" else 1)
        return -1
    first, hyphen, _ = word.partition("-")
    named = first in animals or (bool(hyphen) and first in clause.words.sets["colours"])
    if named and following in papers:
        return index + 1
    if (
        index > 0
        and is_a(clause, index, "colours")
        and clause.tokens[index].is_capital
        and index + 1 < len(clause.tokens)
    ):
        return index + 1 if clause.tokens[index + 1].is_capital else -1
    capital = index > 0 and clause.tokens[index].is_capital and not SHOUTED.match(clause.tokens[index].text)
    if (
        capital
        and following in papers
        and index + 1 < len(clause.tokens)
        and clause.tokens[index + 1].is_capital
        and is_a(clause, index - 1, "determiners")
    ):
        return index + 1
    return -1


def acronyms(clause: Clause) -> Iterator[tuple[Flaw, str]]:
    """Abbreviations that are neither explained in the text nor known to everybody, each once."""
    seen: set[str] = set()
    loud = sum(bool(SHOUTED.match(token.text)) for token in clause.tokens if token.kind == "word")
    if loud > 3 and loud * 2 > sum(token.kind == "word" for token in clause.tokens):
        return
    for index, token in enumerate(clause.tokens):
        if token.kind != "word":
            continue
        for start, piece in _pieces(token.text):
            if not ABBREVIATION.match(piece) or piece in seen or LATIN_NUMBER.match(piece):
                continue
            if piece.casefold() in known_names("products"):
                continue
            shown = piece.rstrip("s") if SHOUTED.match(piece) else piece
            if (
                _is_known(clause, index, shown)
                or _explained(clause, index, shown)
                or sum(c.islower() for c in shown) > 2
            ):
                continue
            seen.add(piece)
            place = token.start + start
            yield Flaw("acronym", (place, place + len(piece))), clause.words.expansions.get(shown, "")


def _pieces(word: str) -> Iterator[tuple[int, str]]:
    """The parts of a compound: UVV-Prüfung; two parts in capitals stay together: AO-SF."""
    parts = word.split("-")
    if len(parts) > 1 and all(part.isupper() and part.isalpha() for part in parts):
        yield 0, word
        return
    place = 0
    for part in parts:
        yield place, part
        place += len(part) + 1


def _is_known(clause: Clause, index: int, piece: str) -> bool:
    if piece in clause.words.known or piece.upper() in clause.words.known:
        return True
    if piece not in clause.words.panel:
        return False
    near = {clause.lower(i) for i in range(max(0, index - 3), index + 2)}
    return bool(near & clause.words.panel_nouns)


def _explained(clause: Clause, index: int, piece: str) -> bool:
    """True where the words stand beside it: overall equipment effectiveness (OEE), or OEE (overall ...)."""
    if f"({piece}: " in clause.text:
        return True
    if is_mark(clause, index - 1, "(") and is_mark(clause, index + 1, ")"):
        before = [clause.tokens[i].text for i in range(max(0, index - 14), index - 1)]
        return sum(1 for word in before if len(word) > 2) >= 2 or any(
            t.kind == "slot" for t in clause.tokens[max(0, index - 3) : index]
        )
    if not is_mark(clause, index + 1, "("):
        return False
    close = next((i for i in range(index + 2, len(clause.tokens)) if is_mark(clause, i, ")")), -1)
    return close - index > 2


def product_title(clause: Clause, names: Sequence[str]) -> Iterator[Flaw]:
    """A title in which, beside the name of a product or a company, nothing names the work."""
    given = {word.casefold() for name in names for word in name.split() if len(word) > 2}
    found = None
    if any(token.kind == "slot" for token in clause.tokens):
        return
    for index, token in enumerate(clause.tokens):
        if token.kind != "word":
            continue
        place = token.start
        for part in token.text.split("-"):
            lower = part.casefold()
            if lower in known_names("products") or lower in given:
                found = found or (place, place + len(part))
            elif (
                lower not in known_names("beside")
                and not _alone(clause.words.inflated, lower)
                and not is_a(clause, index, "title_topics")
            ):
                return
            place += len(part) + 1
    if found:
        yield Flaw("product_title", found)
