"""The rules about what a claim says: topic, unobservable, double, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guildmark.design.claims.clause import Clause, Part, is_a, is_content, is_mark, opens_noun
from guildmark.design.claims.findings import Rule
from guildmark.design.claims.text import Span, words

#: A claim longer than this says somewhere how and how well, or its trouble is its length.
SHORT = 16
CONDITION_SHORT = 13


@dataclass(frozen=True)
class Flaw:
    """A finding before it has words: ``core`` is the part of the text that a rewrite keeps or turns round."""

    rule: Rule
    span: Span
    core: Span | None = None


def whole(clause: Clause) -> Span:
    """The text without its closing punctuation."""
    return clause.span(0, clause.end_of_main())


def main_clause(clause: Clause) -> Span:
    """The clause behind the condition."""
    return clause.span(min(clause.begin, clause.end_of_main()), clause.end_of_main())


def phrase_at(clause: Clause, index: int, end: int, phrases: dict[str, list[list[str]]]) -> int:
    """The last token of a phrase that begins at ``index``, or -1.

    A word may stand between (is fully aware of); in German the phrase may be spread over the part (ist sich ... bewusst).
    """
    gap = 12 if clause.words.code == "de" else 1
    for phrase in phrases.get(clause.lower(index), ()):
        place, rest = index, phrase[1:]
        while rest:
            behind = range(place + 1, min(end, place + 2 + gap))
            found = next((i for i in behind if clause.lower(i) == rest[0]), None)
            if found is None:
                break
            place, rest = found, rest[1:]
        if not rest:
            return place
    return -1


def unobservable(clause: Clause) -> Iterator[Flaw]:
    """Verbs and phrases of a state of mind; in any part of the claim."""
    parts: list[tuple[int, Part | None]] = [(part.verb.at, part) for part in clause.parts]
    for at, part in parts or [(clause.begin, None)]:
        start = min(at, clause.begin) if part is None or part is clause.parts[0] else at
        end = part.end if part else len(clause.tokens)
        last = max(
            phrase_at(clause, start, end, clause.words.phrases),
            phrase_at(clause, at, end, clause.words.phrases),
        )
        if last >= 0:
            first = start if phrase_at(clause, start, end, clause.words.phrases) >= 0 else at
            span = (
                clause.span(last, last)
                if clause.words.code == "de" and last - first > 3
                else clause.span(first, last)
            )
            yield Flaw("unobservable", span, _behind(clause, last + 1, end))
        elif part is not None and _mental(clause, part):
            yield Flaw("unobservable", clause.span(at, at), _around(clause, part))
        elif part is None and is_a(clause, at, "unobservable_nouns"):
            yield Flaw("unobservable", clause.span(at, at), _behind(clause, at + 1, end))


def _mental(clause: Clause, part: Part) -> bool:
    lemma = part.verb.lemma
    if not clause.words.has("unobservable_verbs", lemma):
        return False
    if not clause.words.has("unobservable_unless", lemma):
        return True
    if not part.has_object:
        return part.end - part.verb.at > 1
    words = [clause.lower(i) for i in range(part.object_at, min(part.end, part.object_at + 4))]
    first = part.object_at - 1 if clause.words.code == "de" else part.object_at
    abstract = any(clause.words.has("abstract_nouns", word) for word in words)
    return abstract or not (opens_noun(clause, first) or clause.lower(first) in {"a", "al"})


def _behind(clause: Clause, first: int, end: int) -> Span | None:
    last = min(end - 1, clause.end_of_main())
    while first <= last and clause.tokens[first].kind == "mark":
        first += 1
    return clause.span(first, last) if first <= last else None


def _around(clause: Clause, part: Part) -> Span | None:
    """What the verb of a part acts on: the text behind it, or before it where it closes the part."""
    if (
        part.verb.form == "base"
        and clause.words.code == "de"
        and part.verb.at >= part.end - 1
        and part.verb.at > part.start
    ):
        first = part.start if part is clause.parts[0] else part.start + 1
        last = part.verb.at - 1
        if clause.lower(last) == "zu":
            last -= 1
        return clause.span(first, last) if first <= last else None
    return _behind(clause, part.verb.at + 1, part.end)


def topic(clause: Clause) -> Iterator[Flaw]:
    """A thing instead of a deed, or a verb that only says what a course is about."""
    last = phrase_at(clause, clause.begin, len(clause.tokens), clause.words.topic_phrases)
    if last < 0 and any(is_a(clause, i, "topical") for i in range(clause.begin, len(clause.tokens))):
        last = phrase_at(clause, clause.begin, len(clause.tokens), clause.words.soft_phrases)
    if last >= 0:
        subject = _behind(clause, last + 1, len(clause.tokens))
        if clause.words.code == "de" and last - clause.begin > 3:
            subject = _between_german(clause, last)
        if subject:
            yield Flaw("topic", subject, subject)
        return
    if clause.head is None:
        if phrase_at(clause, clause.begin, len(clause.tokens), clause.words.phrases) < 0:
            yield Flaw("topic", whole(clause), subject_of(clause))
    elif _course_title(clause):
        yield Flaw("topic", whole(clause), subject_of(clause))


def _between_german(clause: Clause, last: int) -> Span | None:
    """Setzt sich mit X auseinander: the X."""
    first = next(
        (i + 1 for i in range(clause.begin, last) if is_a(clause, i, "prepositions")), clause.begin + 1
    )
    return clause.span(first, last - 1) if first <= last - 1 else None


def _course_title(clause: Clause) -> bool:
    """Test automation fundamentals in practice: the verb is none, for nothing in the text has an article."""
    if clause.head is None or clause.head.form != "base" or clause.words.code != "en":
        return False
    if any(opens_noun(clause, i) for i in range(len(clause.tokens))):
        return False
    name = "title_topics" if clause.words.has("both", clause.head.lemma) else "course_words"
    return any(is_a(clause, i, name) and clause.lower(i + 1) != "of" for i in range(len(clause.tokens)))


def subject_of(clause: Clause) -> Span | None:
    """What a heading is about, without Basics of and the like."""
    first, last = 0, clause.end_of_main()
    colon = next((i for i in range(len(clause.tokens)) if is_mark(clause, i, ":")), None)
    if colon is not None and colon > 0:
        last = colon - 1
    while last > first and (
        is_a(clause, last, "topic_words")
        or is_a(clause, last, "coordinators")
        or clause.tokens[last].kind == "mark"
    ):
        last -= 1
    while first < last and (
        is_a(clause, first, "topic_words")
        or is_a(clause, first, "unobservable_nouns")
        or is_a(clause, first, "determiners")
        or is_a(clause, first, "prepositions")
        or is_a(clause, first, "coordinators")
    ):
        first += 1
    return clause.span(first, last)


def no_object(clause: Clause) -> Iterator[Flaw]:
    """A verb of manner (communicates, decides) that acts on nothing."""
    if not clause.parts or not all(_idle(clause, part) for part in clause.parts):
        return
    last = clause.parts[0].verb.at
    yield Flaw("no_object", main_clause(clause), clause.span(last, last))


def _idle(clause: Clause, part: Part) -> bool:
    if part.end - part.verb.at > 12 or any(
        clause.tokens[i].kind in {"slot", "quote", "number"} for i in range(part.start, part.end)
    ):
        return False
    nouns = _governed(clause, part)
    if part.has_object:
        return _empty_object(clause, part)
    if clause.words.has("manner_verbs", part.verb.lemma):
        return all(clause.words.has("manner_nouns", noun) for noun in nouns)
    return (bool(nouns) and all(clause.words.has("manner_nouns", noun) for noun in nouns)) or (
        not nouns and part.end - part.start <= 4
    )


def _empty_object(clause: Clause, part: Part) -> bool:
    """Delivers results, erreicht Ziele: an object that names nothing."""
    words = [clause.lower(i) for i in range(part.object_at, part.end) if clause.tokens[i].kind == "word"]
    return (
        0 < len(words) <= 3
        and clause.words.has("empty_objects", words[-1])
        and all(
            clause.words.has("empty_objects", word)
            or word in clause.words.inflated
            or word.endswith(("ing", "ive", "ful"))
            for word in words
        )
    )


#: Words before a noun that make it no more certain: changing situations, different groups.
LOOSE = re.compile(r"(?:ing|ive|ful|ent|ant|ous|ed|al|ary|other|own|many|high|all)$")


def _governed(clause: Clause, part: Part) -> list[str]:
    """One word of each phrase behind a preposition: the one that names something, else the last."""
    nouns: list[str] = []
    place = part.verb.at + 1 if part.verb.form == "third" or clause.words.code != "de" else part.start
    while place < part.end:
        if is_a(clause, place, "prepositions") and not (
            is_a(clause, place, "prefixes") and place + 1 >= part.end
        ):
            found: list[str] = []
            while (
                place + 1 < part.end
                and place + 1 != part.verb.at
                and (is_content(clause, place + 1) or opens_noun(clause, place + 1))
            ):
                place += 1
                if is_content(clause, place) and (
                    clause.words.code != "de" or clause.tokens[place].is_capital
                ):
                    found.append(clause.lower(place))
            if found:
                nouns.append(_telling(clause, found))
        place += 1
    return nouns


def _telling(clause: Clause, phrase: list[str]) -> str:
    if clause.words.code == "es":
        return phrase[0]
    loose = (w for w in phrase[:-1] if not LOOSE.search(w) and not clause.words.has("manner_nouns", w))
    return next(loose, phrase[-1]) if clause.words.code == "en" else phrase[-1]


def double(clause: Clause) -> Iterator[Flaw]:
    """A further verb with an object of its own that has nothing to do with what was done before."""
    apart = [_separate(clause, clause.parts[:i], part) for i, part in enumerate(clause.parts) if i]
    if len(apart) > 1 and not all(apart):
        return  # steps of one procedure: a later one points back
    for part, separate in zip(clause.parts[1:], apart, strict=True):
        if separate:
            last = min(clause.parts[-1].end - 1, clause.end_of_main())
            first = part.start + (1 if clause.tokens[part.start].kind == "mark" else 0)
            yield Flaw("double", clause.span(first, last), clause.span(part.verb.at, last))
            return


def _separate(clause: Clause, before: list[Part], part: Part) -> bool:
    if clause.words.has("unobservable_verbs", part.verb.lemma) and _mental(clause, part):
        return False
    if any(_mental(clause, earlier) for earlier in before):
        return False
    if not part.has_object:
        return False
    joint = [clause.lower(i) for i in range(part.start, min(part.verb.at + 3, part.end))]
    strong = (
        is_mark(clause, part.start, ";")
        or clause.lower(part.start) in {"as", "while"}
        or any(clause.words.has("strong_links", word) for word in joint)
    )
    if strong and not _points_back(clause, part, 3):
        return True
    if not any(earlier.has_object for earlier in before):
        return False
    if _points_back(clause, part, 4):
        return False
    if _bridges(clause, part):
        return False
    general = not any(_specific(clause, i) for i in range(before[-1].end))
    if general and _bare_plural(clause, before[-1]) and _bare_plural(clause, part):
        return True
    if clause.words.has("follow_up", part.verb.lemma) and clause.lower(part.start) not in {
        "or",
        "oder",
        "o",
        "u",
    }:
        return False
    if any(
        clause.words.has("record_nouns", clause.lower(i))
        for i in range(part.object_at, min(part.end, part.object_at + 3))
    ):
        return False
    return not _shared_stem(clause, before, part)


def _points_back(clause: Clause, part: Part, reach: int) -> bool:
    window = range(part.start, min(part.end, part.verb.at + reach))
    return any(
        clause.words.has("anaphora", clause.lower(i)) and not _is_article(clause, i, part) for i in window
    )


DEFINITE = words("the der die das den dem el la los las")


def _bridges(clause: Clause, part: Part) -> bool:
    """Calms a customer and settles the complaint: a short definite object is one that the first part brought along."""
    first = part.object_at - (clause.words.code == "de")
    if clause.lower(first) not in DEFINITE or is_a(clause, part.start, "strong_links"):
        return False
    place = first + 1
    while place < part.end and is_content(clause, place):
        place += 1
    own = place < part.end and (
        clause.lower(place) in {"of", "de", "del", "des", "der", "eines", "einer", "für", "for", "para"}
    )
    owned = any(clause.lower(i).endswith(("'s", "’s")) for i in range(first, place))
    return 1 < place - first <= 3 and not own and not owned


def _bare_plural(clause: Clause, part: Part) -> bool:
    """Calves, fences, clases de guitarra: things in general. German plurals cannot be told by their ending."""
    if clause.words.code == "de" or not part.has_object or not is_content(clause, part.object_at):
        return False
    last = part.object_at
    while clause.words.code == "en" and last + 1 < part.end and is_content(clause, last + 1):
        last += 1
    return clause.lower(last).endswith("s") and not clause.lower(last).endswith("ss")


def _is_article(clause: Clause, index: int, part: Part) -> bool:
    """Spanish la and lo point back only before the verb; behind it they are articles."""
    return (
        clause.words.code == "es"
        and clause.lower(index) in {"lo", "la", "los", "las"}
        and index > part.verb.at
    )


def _shared_stem(clause: Clause, before: list[Part], part: Part) -> bool:
    def stems(first: int, last: int) -> set[str]:
        return {
            clause.lower(i)[:5]
            for i in range(first, last)
            if is_content(clause, i) and len(clause.lower(i)) >= 5
        }

    return bool(stems(0, before[-1].end) & stems(part.start, part.end))


def missing(clause: Clause) -> Iterator[Flaw]:
    """Nothing says from what, with what or where (no_condition); nothing says how well (no_standard)."""
    if clause.head is None:
        return
    count = sum(token.kind == "word" for token in clause.tokens)
    if count <= CONDITION_SHORT and not clause.conditioned and not _situated(clause):
        yield Flaw("no_condition", main_clause(clause))
    separate = next(double(clause), None) is not None
    if count <= SHORT and not _measured(clause, separate):
        yield Flaw("no_standard", main_clause(clause))


def _situated(clause: Clause) -> bool:
    if any(token.kind == "slot" for token in clause.tokens):
        return True
    stop = len(clause.tokens)
    for index in range(clause.begin, len(clause.tokens)):
        if is_a(clause, index, "occasions") and index > clause.begin:
            return True
        if is_a(clause, index, "subordinators") or (
            is_a(clause, index, "relatives") and is_mark(clause, index - 1, ",")
        ):
            stop = index
            break
    index = clause.begin
    while index < stop:
        if clause.tokens[index].kind in {"slot", "quote"}:
            return True
        if is_a(clause, index, "prepositions"):
            setting, words = is_a(clause, index, "settings"), []
            while index + 1 < stop and not any(
                is_a(clause, index + 1, name) for name in ("coordinators", "prepositions")
            ):
                if is_mark(clause, index + 1, ",;"):
                    break
                index += 1
                words.append(clause.lower(index))
            if (
                words
                and setting
                and not _vague(clause, words)
                and not (index + 1 == stop and clause.words.code != "de" and len(words) < 2)
            ):
                return True
        elif _specific(clause, index):
            return True
        index += 1
    return False


def _vague(clause: Clause, words: list[str]) -> bool:
    """True for the words behind a preposition that give a measure, a manner or a buzz word instead of a setting."""
    if any(clause.words.has(name, word) for word in words for name in ("measure_nouns", "manner_nouns")):
        return True
    return any(word in clause.words.jargon for word in words)


def _specific(clause: Clause, index: int) -> bool:
    return (
        is_a(clause, index, "numerals")
        or clause.tokens[index].kind == "number"
        or is_a(clause, index, "specific")
    )


#: German adverbs that say how well: unsichtbar, standsicher, fristgerecht.
QUALITY = re.compile(r"^[a-zäöüß]{3,}(?:bar|sicher|frei|los|gerecht|gemäß|getreu|genau)$")


def _measured(clause: Clause, separate: bool) -> bool:
    if len(clause.parts) > 1 and not separate:
        return True
    for index in range(len(clause.tokens)):
        if clause.tokens[index].kind in {"slot", "quote"} or is_mark(clause, index, "%"):
            return True
        if is_a(clause, index, "quality_words") or QUALITY.search(clause.tokens[index].text):
            return True
        counted = clause.tokens[index].kind == "number" or is_a(clause, index, "numerals")
        if counted and is_a(clause, index + 1, "measure_nouns"):
            return True
        if is_a(clause, index, "relatives") and is_mark(clause, index - 1, ","):
            return True
    return False


def title_topic(clause: Clause) -> Iterator[Flaw]:
    """In a title only words such as fundamentals or the art of; a title need not be a sentence."""
    listed = any(
        is_a(clause, i, "title_topics")
        for i in (0, 1, *range(max(0, clause.end_of_main() - 2), clause.end_of_main() + 1))
    )
    if listed or clause.words.title_frames.search(clause.text.strip()):
        yield Flaw("topic", whole(clause), subject_of(clause))


def title_double(clause: Clause) -> Iterator[Flaw]:
    """Beekeeping and bookkeeping: two fields of work without a common object."""
    joints = [
        i for i in range(len(clause.tokens)) if is_a(clause, i, "coordinators") or clause.lower(i) == "&"
    ]
    if len(joints) != 1 or not 0 < joints[0] < clause.end_of_main():
        return
    joint, last = joints[0], clause.end_of_main()
    if any(is_a(clause, i, "prepositions") for i in range(last + 1)) or (
        clause.head is not None and clause.words.code != "en"
    ):
        return
    left, right = clause.lower(joint - 1), clause.lower(last)
    if clause.words.code == "en":
        if joint < 2 or last - joint < 1 or (left.endswith("ing") and right.endswith("ing")):
            return
        if not (
            left.endswith(("ing", "ment", "tion", "ion"))
            and right.endswith(("ing", "ment", "tion", "ion", "keeping"))
        ):
            return
    elif (
        (clause.words.code == "de" and (left.endswith("en") or right.endswith("en")))
        or clause.tokens[joint - 1].kind == "mark"
        or any(is_a(clause, i, "title_topics") for i in range(last + 1))
    ):
        return
    yield Flaw("double", clause.span(joint, last), clause.span(joint + 1, last))
