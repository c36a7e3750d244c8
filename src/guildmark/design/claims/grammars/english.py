"""English: third person, base form and -ing; whether a word is a noun or a verb is decided by what follows it."""

from __future__ import annotations

import re

from guildmark.design.claims.clause import (
    Clause,
    Grammar,
    Verb,
    behind_joint,
    comma_condition,
    is_a,
    is_content,
    is_mark,
    opens_noun,
)

ADJECTIVE = re.compile(
    r"(?:al|ive|ing|ed|ous|ful|ic|able|ible|ent|ary|less|ish|new|old|raw|small|large|simple|short|long|full|hot|cold|own)$"
)
#: A bare phrase that ends so names a subject: crop rotation, waste management.
ABSTRACT = re.compile(r"(?:tion|sion|ment|ing|logy|ics|ance|ence|ship|ity|ism|graphy|metry|cy)$")
VERBAL = re.compile(r"(?:ises|izes|ifies|ates)$")
NOMINAL = ("ss", "ics", "ness", "sis", "us", "sales", "news", "sports", "ings", "tions", "ments", "ies")
OF_VERBS = {"dispose", "approve", "take", "think", "speak", "make"}
PARTICLES = {
    "up",
    "off",
    "out",
    "down",
    "over",
    "back",
    "together",
    "apart",
    "away",
    "in",
    "on",
    "through",
    "ahead",
    "forward",
}


def is_adverb(clause: Clause, index: int) -> bool:
    word = clause.lower(index)
    ends = word.endswith("ly") and len(word) > 4 and word not in clause.words.forms
    return is_a(clause, index, "adverbs") or (ends and is_content(clause, index))


def _lookup(clause: Clause, index: int) -> Verb | None:
    word = clause.lower(index)
    known = clause.words.forms.get(word) or clause.words.forms.get(
        word.rpartition("-")[2] if "-" in word else ""
    )
    return Verb(index, *known) if known else None


def _base_is_verb(clause: Clause, verb: Verb) -> bool:
    """A word that may be a noun, in its base form: Process a return, but process safety."""
    after = verb.at + 1
    if is_adverb(clause, after) or opens_noun(clause, after):
        return True
    if is_a(clause, after, "coordinators") or is_mark(clause, after, ","):
        other = _lookup(clause, behind_joint(clause, after))
        return (
            other is not None
            and other.form == "base"
            and other.at + 1 < len(clause.tokens)
            and _base_is_verb(clause, other)
        )
    if not is_content(clause, after):
        return is_a(clause, after, "subordinators")
    last = after
    while is_content(clause, last + 1):
        last += 1
    if says_how(clause, last) or (ADJECTIVE.search(clause.lower(after)) and clause.lower(last).endswith("s")):
        return True
    tail = clause.lower(last)
    return not (
        ABSTRACT.search(tail) or clause.words.has("tails", tail) or clause.words.has("topic_words", tail)
    )


def says_how(clause: Clause, index: int) -> bool:
    """So that, until, without: headings do not speak of how a thing is done."""
    return any(
        clause.lower(i) in {"so", "until", "without", "within"} for i in range(index + 2, len(clause.tokens))
    )


def _behind_condition(clause: Clause, index: int) -> bool:
    return is_mark(clause, index - 1, ",") and bool(clause.words.condition.match(clause.text.lstrip()))


def _unknown(clause: Clause, index: int) -> Verb | None:
    word = clause.lower(index)
    if not is_content(clause, index) or not word[:1].isalpha():
        return None
    followed = opens_noun(clause, index + 1)
    plural = word.endswith("s") and not word.endswith(NOMINAL) and not clause.words.has("topic_words", word)
    loose = (
        plural
        and clause.lower(index + 1) not in {"of", "for"}
        and (
            clause.lower(index + 1) in PARTICLES - {"in", "on"}
            or says_how(clause, index)
            or _behind_condition(clause, index)
        )
    )
    if plural and (followed or loose or VERBAL.search(word)):
        return Verb(index, word[:-1], "third")
    if word.endswith("ing") and followed:
        return Verb(index, word, "ing")
    return Verb(index, word, "base") if followed and index + 2 < len(clause.tokens) else None


def head(clause: Clause, index: int) -> Verb | None:
    while is_adverb(clause, index) or clause.lower(index) in {"not", "to"}:
        index += 1
    if index >= len(clause.tokens) or is_mark(clause, index + 1, ":"):
        return None
    if clause.lower(index) in {"given", "provided", "having", "being"}:
        return None
    verb = _lookup(clause, index)
    if clause.lower(index) in {"is", "are", "be", "has"}:
        return Verb(index, "have" if clause.lower(index) == "has" else "be", "third")
    if verb is None:
        return _unknown(clause, index)
    following = clause.lower(index + 1)
    doubtful = clause.words.has("both", verb.lemma)
    if following == "of" and (verb.form == "ing" or doubtful) and verb.lemma not in OF_VERBS:
        return None
    if verb.form == "ing":
        return (
            verb
            if not clause.words.has("field_nouns", clause.lower(index)) or opens_noun(clause, index + 1)
            else None
        )
    if verb.form == "base" and doubtful:
        return verb if _base_is_verb(clause, verb) else None
    if verb.form == "third" and doubtful:
        return verb if _third_is_verb(clause, verb) else None
    return verb if index + 1 < len(clause.tokens) or verb.form == "third" else None


def _third_is_verb(clause: Clause, verb: Verb) -> bool:
    """Measures a gap, but measures for safety; reports and minutes, but plans and teaches a lesson."""
    after = verb.at + 1
    if clause.lower(after) in {"for", "in", "from"} and not any(
        clause.lower(i) in {"with", "without", "so", "from"} for i in range(after + 1, len(clause.tokens))
    ):
        return clause.words.has("manner_verbs", verb.lemma) or clause.lower(after) != "for"
    if is_a(clause, after, "coordinators") or is_mark(clause, after, ","):
        if is_a(clause, after + 1, "prepositions"):
            return True
        index = behind_joint(clause, after)
        other = _lookup(clause, index)
        if other is None and clause.lower(index).endswith("s") and is_content(clause, index):
            return opens_noun(clause, index + 1) or is_content(clause, index + 1)
        return other is not None and other.form == "third" and other.at + 1 <= clause.end_of_main()
    return True


def next_verb(clause: Clause, joint: int, first: Verb) -> Verb | None:
    """The verb of a joined part: it stands in the same form as the first."""
    index = behind_joint(clause, joint)
    while is_adverb(clause, index):
        index += 1
    loud = clause.lower(joint) == "while" or index - joint > 1
    verb = _lookup(clause, index)
    if clause.lower(index) in {"is", "has"}:
        return Verb(index, "be", "third") if first.form == "third" else None
    if verb is None:
        guess = _unknown(clause, index)
        return guess if guess and guess.form == first.form == "third" else None
    if verb.form != first.form and not (loud and verb.form == "ing"):
        return None
    last = verb.at >= clause.end_of_main()
    if clause.words.has("both", verb.lemma):
        if opens_noun(clause, index + 1) or is_adverb(clause, index + 1):
            return verb
        if not is_content(clause, index + 1):
            return None
        return verb if verb.form != "base" or _base_is_verb(clause, verb) else None
    return None if last and object_at(clause, first, first.at, joint) >= 0 and verb.form != "base" else verb


def object_at(clause: Clause, verb: Verb, start: int, end: int) -> int:
    """The token at which the object begins, or -1. A noun behind a preposition is none."""
    index = verb.at + 1
    in_phrase = False
    while index < end:
        word = clause.lower(index)
        if index == verb.at + 1 and word in PARTICLES and not opens_noun(clause, verb.at + 2):
            index += 1
            continue
        if (
            index == verb.at + 1
            and word in PARTICLES
            and clause.words.forms.get(clause.lower(verb.at), ("",))[0]
            in {
                "set",
                "carry",
                "work",
                "fill",
                "hand",
                "wash",
                "put",
                "take",
                "back",
                "draw",
                "roll",
                "look",
                "clean",
                "cut",
                "write",
                "read",
                "turn",
                "switch",
                "shut",
                "break",
                "pick",
                "point",
                "rule",
                "sort",
                "try",
                "start",
                "log",
                "scale",
                "lay",
                "call",
                "check",
            }
        ):
            index += 1
            continue
        if is_mark(clause, index, ",;:"):
            in_phrase = in_phrase or clause.tokens[index].text != ":"
        elif is_a(clause, index, "prepositions"):
            in_phrase = True
        elif (is_a(clause, index, "subordinators") and not in_phrase) or (
            (opens_noun(clause, index) or (is_content(clause, index) and not is_adverb(clause, index)))
            and not in_phrase
        ):
            return index
        index += 1
    return -1


GRAMMAR = Grammar(head, next_verb, object_at, lambda clause, begin: comma_condition(clause, begin, head))
