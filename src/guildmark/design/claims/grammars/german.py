"""German: the finite verb in -t in front or behind a condition, the infinitive at the end, separable prefixes."""

from __future__ import annotations

import re

from guildmark.design.claims.clause import (
    Clause,
    Grammar,
    Verb,
    behind_joint,
    is_a,
    is_mark,
    opens_noun,
)

PARTICIPLE = re.compile(r"^(?:ge|ab|an|auf|aus|ein|vor|zu|be|ver|er|ent|zer)?ge\w+t$")
#: An unknown word with one of these endings is a verb; Internet, Asphalt and Erhalt are not.
VERBAL = re.compile(r"(?:iert|[^h]elt|igt|[dt]et|ckt|ppt|mmt|llt|hlt|hnt|hrt|zt|ßt)$")
GENITIVES = {
    "des",
    "der",
    "eines",
    "einer",
    "dessen",
    "deren",
    "beider",
    "aller",
    "seines",
    "ihres",
    "dieser",
    "dieses",
}
NOT_OBJECTS = {"sich", "er", "man", "ich"}
CLAUSE_OBJECTS = {
    "dass",
    "wie",
    "wo",
    "wann",
    "warum",
    "weshalb",
    "wozu",
    "ob",
    "was",
    "wer",
    "womit",
    "wodurch",
}


def _ends_like_a_noun(clause: Clause, word: str) -> bool:
    return any(
        word.endswith(ending) and len(word) > len(ending) for ending in clause.words.sets["noun_endings"]
    )


def _infinitive(clause: Clause, index: int) -> Verb | None:
    word = clause.lower(index)
    known = clause.words.forms.get(word)
    if known and known[1] == "base":
        return Verb(index, known[0], "base")
    ends = (
        index >= clause.end_of_main()
        or is_mark(clause, index + 1, ",;")
        or is_a(clause, index + 1, "coordinators")
    )
    verbal = re.search(r"(?:en|ern|eln)$", word) and len(word) > 4 and not clause.tokens[index].is_capital
    return Verb(index, word, "base") if verbal and ends else None


def _with_prefix(clause: Clause, verb: Verb, end: int) -> Verb:
    """The verb with the prefix that closes its part: trägt ... auf is auftragen."""
    for index in range(verb.at + 1, end):
        closes = (
            index + 1 >= end or is_mark(clause, index + 1, ",;.:") or is_a(clause, index + 1, "coordinators")
        )
        if closes and is_a(clause, index, "prefixes"):
            return Verb(verb.at, clause.lower(index) + verb.lemma, "third")
    return verb


def _finite(clause: Clause, index: int, *, first: bool) -> Verb | None:
    """A third person at ``index``; ``first`` where the capital letter says nothing."""
    if index >= len(clause.tokens) or clause.tokens[index].kind != "word":
        return None
    token, word = clause.tokens[index], clause.lower(index)
    after = index + 1
    if token.is_capital and not first:
        return None
    known = clause.words.forms.get(word)
    nominal = (
        is_mark(clause, after, ":")
        or is_a(clause, after, "coordinators")
        or is_a(clause, after, "prepositions")
    )
    if known and known[1] == "third":
        named = token.text in clause.words.sets["nouns_in_t"]
        return None if named and nominal else _with_prefix(clause, Verb(index, *known), _end(clause, index))
    if not word.endswith("t") or len(word) < 4 or is_a(clause, index, "adverbs"):
        return None
    if first and (token.text in clause.words.sets["nouns_in_t"] or _ends_like_a_noun(clause, word)):
        return None
    if (
        after >= len(clause.tokens)
        or is_mark(clause, after, ":.")
        or (first and is_a(clause, after, "coordinators"))
    ):
        return None
    guess = _with_prefix(clause, Verb(index, word, "third"), _end(clause, index))
    if first and not VERBAL.search(word):
        if clause.lower(after) in {"des", "eines", "der", "einer"}:
            return None
        if is_a(clause, after, "prepositions") and object_at(clause, guess, index, _end(clause, index)) < 0:
            return None
    return guess


def _end(clause: Clause, index: int) -> int:
    """The end of the part that begins with a finite verb: the comma before a subordinate clause, or a joint."""
    for place in range(index + 1, len(clause.tokens)):
        if is_mark(clause, place, ",;."):
            return place
        if is_a(clause, place, "coordinators") and _plain_finite(clause, place + 1):
            return place
    return len(clause.tokens)


def _plain_finite(clause: Clause, index: int) -> bool:
    known = clause.words.forms.get(clause.lower(index))
    return bool(known and known[1] == "third" and not clause.tokens[index].is_capital)


def head(clause: Clause, index: int) -> Verb | None:
    while is_a(clause, index, "linkers") or (
        clause.lower(index) in {"selbstständig", "eigenständig", "sicher"}
    ):
        index += 1
    found = _finite(
        clause,
        index,
        first=index == 0 or clause.tokens[index - 1].kind == "mark" if index < len(clause.tokens) else False,
    )
    if found is None and index < len(clause.tokens) and not clause.tokens[index].is_capital:
        found = _finite(clause, index, first=False)
    return found or _last_infinitive(clause, index)


def _last_infinitive(clause: Clause, index: int) -> Verb | None:
    """The infinitive that closes the first part: Eine Wärmepumpe in Betrieb nehmen und ..."""
    if index < len(clause.tokens) and index == clause.begin and clause.tokens[index].is_capital:
        nominal = clause.words.forms.get(clause.lower(index))
        if nominal and nominal[1] == "base" and (clause.lower(index + 1) in GENITIVES | {"von", "und"}):
            return Verb(index, nominal[0], "base")
    for place in range(index, len(clause.tokens)):
        if is_mark(clause, place, ":"):
            return None
        if clause.tokens[place].kind == "word" and not clause.tokens[place].is_capital:
            closes = (
                place >= clause.end_of_main()
                or is_mark(clause, place + 1, ",;")
                or is_a(clause, place + 1, "coordinators")
            )
            if closes and not is_a(clause, place, "prepositions") and not is_a(clause, place, "determiners"):
                found = _infinitive(clause, place)
                if found is not None and not is_a(clause, place, "adverbs"):
                    return found
        if is_mark(clause, place, ",") and place > index:
            return None
    return None


def next_verb(clause: Clause, joint: int, first: Verb) -> Verb | None:
    index = behind_joint(clause, joint)
    if index >= len(clause.tokens):
        return None
    if first.form == "base":
        stop = next(
            (i for i in range(index, len(clause.tokens)) if is_mark(clause, i, ",;.")), len(clause.tokens)
        )
        for place in range(stop - 1, index - 1, -1):
            if clause.tokens[place].kind == "word" and not clause.tokens[place].is_capital:
                return (
                    None
                    if is_a(clause, index, "relatives") and is_mark(clause, joint, ",")
                    else _infinitive(clause, place)
                )
        return None
    if is_mark(clause, joint, ",") and is_a(clause, index, "subordinators"):
        return None
    if PARTICIPLE.match(clause.lower(index)) and clause.lower(index) not in clause.words.forms:
        return None
    found = _finite(clause, index, first=False)
    return found if found and not is_mark(clause, index + 1, ".") else None


def object_at(clause: Clause, verb: Verb, start: int, end: int) -> int:
    """The first noun phrase that no preposition governs; behind the verb, or before it when it closes the part."""
    index = verb.at + 1 if verb.form == "third" else start
    in_phrase = after_noun = False
    while index < end:
        token = clause.tokens[index]
        word = token.lower
        if is_mark(clause, index, ",;") and index > verb.at:
            following = clause.lower(index + 1)
            return index + 1 if following in CLAUSE_OBJECTS and following not in {"sodass", "damit"} else -1
        if index == verb.at:
            pass
        elif is_a(clause, index, "prepositions") and not (
            is_a(clause, index, "prefixes") and index + 1 >= end
        ):
            in_phrase, after_noun = True, False
        elif after_noun and word in GENITIVES:
            index = _behind_noun(clause, index, end)
            continue
        elif token.kind in {"slot", "quote"} or (
            is_a(clause, index, "pronouns") and word not in NOT_OBJECTS and word != "etwas"
        ):
            if not in_phrase:
                return index
            in_phrase, after_noun = token.kind == "word" and opens_noun(clause, index + 1), True
        elif word in CLAUSE_OBJECTS and not in_phrase:
            return index
        elif (
            token.kind == "word" and token.is_capital and index > 0 and not is_a(clause, index, "determiners")
        ):
            if not in_phrase and not (index == start and verb.form == "third"):
                return index
            after_noun = True
            if (
                is_a(clause, index + 1, "coordinators")
                and index + 2 < end
                and (clause.tokens[index + 2].is_capital or opens_noun(clause, index + 2))
            ):
                index += 2
                continue
            in_phrase = False
        elif token.kind == "word" and token.is_capital and index == start == 0 and verb.form == "base":
            return index
        index += 1
    return -1


def _behind_noun(clause: Clause, index: int, end: int) -> int:
    while index < end and not (clause.tokens[index].is_capital and clause.tokens[index].kind == "word"):
        index += 1
    return index + 1


def condition_end(clause: Clause, begin: int) -> int:
    """The finite verb behind a condition in front: Anhand eines Bilds zeigt sie ..."""
    for index in range(begin + 1, len(clause.tokens)):
        token = clause.tokens[index]
        if token.kind != "word" or token.is_capital:
            continue
        subject = clause.lower(index + 1) in {"er", "sie", "es", "man", "und"} or opens_noun(
            clause, index + 1
        )
        if _plain_finite(clause, index) and (subject or not is_mark(clause, index + 1, ",.")):
            return index
        if (
            token.lower.endswith("t")
            and clause.lower(index + 1) in {"er", "sie", "man"}
            and not is_a(clause, index, "adverbs")
        ):
            return index
    return begin


GRAMMAR = Grammar(head, next_verb, object_at, condition_end)
