"""New texts that an author can take. Each is the whole text again; open slots stand in square brackets."""

from __future__ import annotations

import re

from guildmark.design.claims.clause import Clause, is_a
from guildmark.design.claims.structure import Flaw
from guildmark.design.claims.text import Span


def _sentence(text: str) -> str:
    """Doubled spaces and orphaned punctuation away, a capital in front, one full stop where there was one."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,;.:!?)])", r"\1", text)
    text = re.sub(r"^[,;:.\s]+", "", text)
    text = re.sub(r"[,;:]+(\.?)$", r"\1", text)
    return text[:1].upper() + text[1:]


def _replace(text: str, span: Span, words: str) -> str:
    return _sentence(text[: span[0]] + words + text[span[1] :])


def _stop(text: str) -> tuple[str, str]:
    """The text and its closing punctuation."""
    stripped = text.rstrip()
    body = stripped.rstrip(".!?")
    return body, stripped[len(body) :]


def _lowered(clause: Clause, span: Span) -> str:
    """The words of a span as they stand inside a sentence: without a capital that only the first place gave."""
    text = clause.text[span[0] : span[1]]
    first = clause.tokens[0]
    if (
        clause.words.code == "de"
        or span[0] != first.start
        or first.text.isupper()
        or any(c.isupper() for c in first.text[1:])
    ):
        return text
    return text[:1].lower() + text[1:]


def _named(clause: Clause, span: Span) -> str:
    """What a span is about, fit to stand in another sentence: without the preposition that its old verb asked for.

    In German the article goes too and quotation marks come, for its case would be wrong.
    """
    first = next(i for i, token in enumerate(clause.tokens) if token.start >= span[0])
    if not is_a(clause, first, "prepositions"):
        return _lowered(clause, span).strip(" ,.;")
    while is_a(clause, first, "prepositions") or (
        clause.words.code == "de" and is_a(clause, first, "determiners")
    ):
        first += 1
    if first >= len(clause.tokens) or clause.tokens[first].start >= span[1]:
        return _lowered(clause, span).strip(" ,.;")
    text = clause.text[clause.tokens[first].start : span[1]].strip(" ,.;")
    return f"„{text}“" if clause.words.code == "de" else text


def rewrites_of(clause: Clause, flaw: Flaw, instead: str = "") -> list[str]:
    """What could be written instead; empty where only the author can know."""
    maker = MAKERS.get(flaw.rule)
    return maker(clause, flaw, instead) if maker else []


def _topic(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    if flaw.core is None:
        return []
    return [clause.words.frames["topic"].format(x=_topic_name(clause, flaw.core)) + "."]


def _topic_name(clause: Clause, span: Span) -> str:
    """A subject behind the verb of a course (befasst sich mit den Epochen) without its article."""
    first = next(i for i, token in enumerate(clause.tokens) if token.start >= span[0])
    if clause.words.code != "de" or not is_a(clause, first, "determiners") or first + 1 >= len(clause.tokens):
        return _lowered(clause, span)
    return f"„{clause.text[clause.tokens[first + 1].start : span[1]]}“"


def _title_topic(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    return [clause.words.frames["title_topic"].format(x=_lowered(clause, flaw.core))] if flaw.core else []


def _unobservable(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    if flaw.core is None:
        return []
    kept = ""
    later = [
        part for part in clause.parts if part.verb.at and clause.tokens[part.verb.at].start == flaw.span[0]
    ]
    if later and later[0] is not clause.parts[0]:
        kept = clause.text[: clause.tokens[later[0].start].start].rstrip(" ,")
    frames = clause.words.frames["unobservable"]
    first = next(i for i, token in enumerate(clause.tokens) if token.start >= flaw.core[0])
    if is_a(clause, first, "subordinators"):
        frames = [clause.words.frames["unobservable_clause"]]
    found = [_sentence(frame.format(x=_named(clause, flaw.core))) + "." for frame in frames]
    return [kept + ".", *found] if kept else found


def _double(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    """Each skill as a claim of its own."""
    body, stop = _stop(clause.text)
    found = [body[: flaw.span[0]].rstrip(" ,;")]
    later = [part for part in clause.parts if clause.tokens[part.verb.at].start >= flaw.span[0]]
    for part in later:
        last = min(part.end - 1, clause.end_of_main())
        found.append(_sentence(clause.text[clause.tokens[part.verb.at].start : clause.tokens[last].end]))
    if not later and flaw.core:
        found.append(_sentence(clause.text[flaw.core[0] : flaw.core[1]]))
    return [text + stop for text in found if text]


def _no_object(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    slot = clause.words.frames["slot_object"]
    verb = clause.parts[0].verb
    if clause.words.code == "de" and verb.form == "base":
        place = clause.tokens[verb.at].start
        if verb.at > 0 and clause.lower(verb.at - 1) == "zu":
            place = clause.tokens[verb.at - 1].start
        first = clause.tokens[min(clause.begin, verb.at)].start
        place = min(place, first) if first < place else place
        return [_sentence(f"{clause.text[:place]}{slot} {clause.text[place:]}")]
    place = clause.tokens[verb.at + 1 if clause.lower(verb.at + 1) == "sich" else verb.at].end
    return [_sentence(f"{clause.text[:place]} {slot}{clause.text[place:]}")]


def _no_condition(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    return [_appended(clause, clause.words.frames["slot_condition"])]


def _appended(clause: Clause, words: str) -> str:
    body, stop = _stop(clause.text)
    last = clause.end_of_main()
    if clause.words.code == "de" and not words.startswith("sodass") and is_a(clause, last, "prefixes"):
        place = clause.tokens[last].start  # in front of the prefix that closes the sentence
        return _sentence(f"{clause.text[:place]}{words} {clause.text[place:]}")
    comma = "," if words.startswith("sodass") else ""
    return _sentence(f"{body}{comma} {words}{stop}")


def _no_standard(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    return [_appended(clause, clause.words.frames["slot_standard"])]


def _inflated(clause: Clause, flaw: Flaw, instead: str) -> list[str]:
    if instead:
        return [_replace(clause.text, flaw.span, instead)]
    if clause.head is not None and clause.tokens[clause.head.at].start == flaw.span[0]:
        return []
    dropped = _replace(clause.text, flaw.span, "")
    return [dropped] if len(re.findall(r"\w+", dropped)) >= 2 else []


def _title_inflated(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    rest = re.sub(
        r"^\s*(?:of|for|in|der|des|die|das|de|del|de la|la|el|the)\b",
        "",
        _replace(clause.text, flaw.span, ""),
        flags=re.I,
    )
    rest = rest.strip(" -:,")
    if not rest:
        return []
    return [f"{clause.words.frames['slot_work']}: {rest}"]


def _jargon(clause: Clause, flaw: Flaw, instead: str) -> list[str]:
    return [_replace(clause.text, flaw.span, instead or clause.words.frames["slot_jargon"])]


def _acronym(clause: Clause, flaw: Flaw, instead: str) -> list[str]:
    piece = clause.text[flaw.span[0] : flaw.span[1]]
    meaning = instead or clause.words.frames["slot_acronym"].format(x=piece)
    end = next(
        (token.end for token in clause.tokens if token.start <= flaw.span[0] < token.end), flaw.span[1]
    )
    return (
        [f"{clause.text[:end]} ({piece}: {meaning}){clause.text[end:]}"]
        if end != flaw.span[1]
        else [f"{clause.text[:end]} ({meaning}){clause.text[end:]}"]
    )


def _product(clause: Clause, flaw: Flaw, _: str) -> list[str]:
    name = clause.text[flaw.span[0] : flaw.span[1]]
    return [clause.words.frames["title_topic"].replace(" bei ", " in ").format(x=name)]


MAKERS = {
    "topic": _topic,
    "unobservable": _unobservable,
    "double": _double,
    "no_object": _no_object,
    "no_condition": _no_condition,
    "no_standard": _no_standard,
    "inflated": _inflated,
    "jargon": _jargon,
    "acronym": _acronym,
    "product_title": _product,
}
TITLE_MAKERS = {**MAKERS, "topic": _title_topic, "inflated": _title_inflated}


def title_rewrites_of(clause: Clause, flaw: Flaw, instead: str = "") -> list[str]:
    maker = TITLE_MAKERS.get(flaw.rule)
    return maker(clause, flaw, instead) if maker else []
