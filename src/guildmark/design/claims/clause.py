"""What a claim says in its grammar: the condition in front, the verbs, and whether each has an object.

There is no tagger: closed classes (articles, prepositions, conjunctions) and the forms of known verbs are looked up,
and an unknown word is judged by its ending and its neighbours. Each language says in its own module which word is a
verb where; this module holds what they share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from guildmark.design.claims.text import Span, Token, tokenise
from guildmark.design.claims.words import Form, Lexicon, lexicon


@dataclass(frozen=True)
class Verb:
    """A verb at the token ``at``: its dictionary form and which form it stands in."""

    at: int
    lemma: str
    form: Form


@dataclass(frozen=True)
class Part:
    """One verb with what belongs to it: the tokens from ``start`` (its conjunction) to ``end``."""

    verb: Verb
    start: int
    end: int
    has_object: bool
    object_at: int = -1


@dataclass
class Clause:
    """A claim taken apart. ``head`` is None where nothing is done: the text names a thing."""

    text: str
    words: Lexicon
    tokens: list[Token]
    begin: int = 0
    head: Verb | None = None
    parts: list[Part] = field(default_factory=list)
    conditioned: bool = False

    def span(self, first: int, last: int) -> Span:
        """The characters from the token ``first`` to the token ``last``, both within."""
        return self.tokens[first].start, self.tokens[last].end

    def lower(self, index: int) -> str:
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def end_of_main(self) -> int:
        """The last token that is no closing punctuation."""
        last = len(self.tokens) - 1
        while last > 0 and self.tokens[last].kind == "mark":
            last -= 1
        return last


@dataclass(frozen=True)
class Grammar:
    """How one language finds its verbs and objects."""

    head: Callable[[Clause, int], Verb | None]
    next_verb: Callable[[Clause, int, Verb], Verb | None]
    object_at: Callable[[Clause, Verb, int, int], int]
    condition_end: Callable[[Clause, int], int]


def is_content(clause: Clause, index: int) -> bool:
    """True for a word of no closed class: a noun, an adjective or a verb."""
    if not 0 <= index < len(clause.tokens):
        return False
    token = clause.tokens[index]
    return token.kind == "word" and token.lower not in clause.words.closed


def opens_noun(clause: Clause, index: int) -> bool:
    """True where a noun phrase surely begins: an article, a number, a pronoun, a quotation, an open slot."""
    if not 0 <= index < len(clause.tokens):
        return False
    token = clause.tokens[index]
    if token.kind in {"number", "quote", "slot"}:
        return True
    return token.kind == "word" and (
        clause.words.has("determiners", token.lower) or clause.words.has("pronouns", token.lower)
    )


def is_mark(clause: Clause, index: int, marks: str) -> bool:
    return (
        0 <= index < len(clause.tokens)
        and clause.tokens[index].kind == "mark"
        and clause.tokens[index].text in marks
    )


def is_a(clause: Clause, index: int, name: str) -> bool:
    if not 0 <= index < len(clause.tokens):
        return False
    token = clause.tokens[index]
    return token.kind == "word" and token.lower in clause.words.sets.get(name, ())


def first_after(clause: Clause, place: int) -> int:
    """The first token that begins at or behind the character ``place``."""
    return next((i for i, token in enumerate(clause.tokens) if token.start >= place), len(clause.tokens))


def comma_condition(clause: Clause, begin: int, head: Callable[[Clause, int], Verb | None]) -> int:
    """Where the main clause begins behind a condition that ends with a comma (Given a brief, builds ...)."""
    commas = [i for i in range(begin, len(clause.tokens) - 1) if is_mark(clause, i, ",")]
    for comma in commas:
        start = behind_lead(clause, comma + 1)
        if head(clause, start) is not None:
            return start
    return begin


def behind_lead(clause: Clause, index: int) -> int:
    """Behind a subject and a modal verb (They can, Ist in der Lage, Es capaz de)."""
    if index >= len(clause.tokens):
        return index
    place = clause.tokens[index].start
    match = clause.words.lead.match(clause.text[place:])
    return first_after(clause, place + match.end()) if match and match.end() else index


def coordinations(clause: Clause, start: int) -> list[int]:
    """Tokens behind ``start`` at which something may be joined: and, or, a comma, a semicolon."""
    return [
        i
        for i in range(start, len(clause.tokens) - 1)
        if is_mark(clause, i, ",;&")
        or is_a(clause, i, "coordinators")
        or (clause.lower(i) == "while" and clause.lower(i + 1) == "also")
        or (clause.lower(i) == "as" and clause.lower(i + 1) == "well")
    ]


def behind_joint(clause: Clause, joint: int) -> int:
    """The token at which the joined part begins: behind ``, and then also``."""
    index = joint + 1
    while index < len(clause.tokens) and (
        is_a(clause, index, "coordinators")
        or is_a(clause, index, "linkers")
        or clause.lower(index) in {"as", "well"}
    ):
        index += 1
    return index


def analyse(text: str, language: str) -> Clause:
    """Take ``text`` apart by the grammar of ``language`` (en, de or es)."""
    from guildmark.design.claims.grammars import GRAMMARS

    clause = Clause(text, lexicon(language), tokenise(text))
    if not clause.tokens:
        return clause
    grammar = GRAMMARS[language]
    clause.begin = behind_lead(clause, 0)
    place = clause.tokens[clause.begin].start if clause.begin < len(clause.tokens) else len(text)
    clause.head = grammar.head(clause, clause.begin)
    if clause.words.condition.match(text[place:]) and not (clause.head and clause.head.at == clause.begin):
        start = grammar.condition_end(clause, clause.begin)
        if start != clause.begin:
            clause.conditioned = True
            clause.begin = start
            clause.head = grammar.head(clause, start)
    if clause.head is not None:
        clause.parts = _parts(clause, grammar, clause.head)
    return clause


def _parts(clause: Clause, grammar: Grammar, head: Verb) -> list[Part]:
    joints: list[tuple[int, Verb]] = []
    behind = head.at
    for joint in coordinations(clause, head.at + 1):
        if joint <= behind:
            continue
        found = grammar.next_verb(clause, joint, head)
        if found is not None:
            joints.append((joint, found))
            behind = found.at
    ends = [joint for joint, _ in joints] + [clause.end_of_main() + 1]
    starts = [(min(clause.begin, head.at), head), *joints]
    made = []
    for (start, verb), end in zip(starts, ends, strict=True):
        place = grammar.object_at(clause, verb, start, end)
        made.append(Part(verb, start, end, place >= 0, place))
    return made
