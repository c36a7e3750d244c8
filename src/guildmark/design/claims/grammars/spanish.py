"""Spanish: third person in -a and -e, infinitives with what hangs on them, pronouns before the verb."""

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

CLITICS = {"lo", "la", "los", "las", "le", "les", "se", "me"}
INFINITIVE = re.compile(r"^(\w{2,}(?:ar|er|ir|ír))(?:se)?(?:l[oae]s?)?$")
ENCLITIC = re.compile(r"^(\w{2,}[aeiáéí]r)(?:se|me)?(l[oae]s?)$")
NOUN = re.compile(
    r"(?:ción|sión|dad|tad|tud|miento|ura|encia|ancia|ería|ología|aje|ismo|ista|ez|eza|grafía|metría|nomía|ica|ense|ante|ente|ía)$"
)
ADVERB = re.compile(r"\w{3,}mente$")


def is_adverb(clause: Clause, index: int) -> bool:
    return is_a(clause, index, "adverbs") or bool(ADVERB.match(clause.lower(index)))


def _infinitive(clause: Clause, index: int) -> Verb | None:
    match = INFINITIVE.match(clause.lower(index))
    if match is None or is_a(clause, index, "nouns_in_r"):
        return None
    plain = match.group(1).translate(str.maketrans("áéí", "aei"))
    known = clause.words.forms.get(plain)
    return Verb(index, known[0] if known else plain, "base")


def _third(clause: Clause, index: int) -> Verb | None:
    """A third person at ``index``, by its form, its ending and what follows."""
    word, after = clause.lower(index), index + 1
    known = clause.words.forms.get(word)
    nominal = clause.lower(after) in {"de", "del"} or is_mark(clause, after, ":")
    if known and known[1] == "third":
        if clause.words.has("both", word):
            return None if nominal or _is_noun_phrase(clause, after) else Verb(index, *known)
        return None if is_mark(clause, after, ":") else Verb(index, *known)
    if (
        not is_content(clause, index)
        or not word.endswith(("a", "e"))
        or NOUN.search(word)
        or nominal
        or len(word) < 4
    ):
        return None
    stands = opens_noun(clause, after) or (clause.lower(after) in {"a", "al"}) or _is_plural(clause, after)
    stands = stands or _bare_phrase(clause, after) or _behind_condition(clause, index)
    return Verb(index, word[:-1] + ("ar" if word.endswith("a") else "er"), "third") if stands else None


def _bare_phrase(clause: Clause, after: int) -> bool:
    """An article behind a finished noun (saca con una consulta los recibos): only a verb explains it."""
    if is_a(clause, after, "coordinators"):
        return False
    return any(
        clause.lower(i) in {"el", "la", "los", "las", "un", "una"}
        and is_content(clause, i - 1)
        and is_content(clause, i + 1)
        for i in range(after + 1, len(clause.tokens))
    )


def _behind_condition(clause: Clause, index: int) -> bool:
    return is_mark(clause, index - 1, ",") and bool(clause.words.condition.match(clause.text.lstrip()))


def _is_plural(clause: Clause, index: int) -> bool:
    return is_content(clause, index) and clause.lower(index).endswith("s")


def _is_noun_phrase(clause: Clause, after: int) -> bool:
    """Behind a word that may be a noun: an adjective in the singular, y with a noun, en, para."""
    if is_a(clause, after, "coordinators"):
        return clause.words.forms.get(clause.lower(after + 1), ("", ""))[1] != "third"
    if clause.lower(after) in {"en", "para", "por", "sobre"}:
        return True
    return is_content(clause, after) and not clause.lower(after).endswith(("s", "mente"))


def _past_clitics(clause: Clause, index: int) -> tuple[int, bool]:
    begin = index
    while clause.lower(index) in CLITICS or clause.lower(index) in {"no", "nunca", "también", "así"}:
        index += 1
    return index, any(clause.lower(i) in CLITICS for i in range(begin, index))


def head(clause: Clause, index: int) -> Verb | None:
    while is_adverb(clause, index) and not (
        clause.lower(index) in clause.words.forms and opens_noun(clause, index + 1)
    ):
        index += 1
    place, clitic = _past_clitics(clause, index)
    if place >= len(clause.tokens) or clause.tokens[place].kind != "word":
        return None
    if clause.lower(place) in {"dada", "dado", "dadas", "dados"}:
        return None
    if clitic:
        known = clause.words.forms.get(clause.lower(place))
        if known and known[1] == "third" and clause.lower(index) not in {"la", "las", "los"}:
            return Verb(place, *known)
        if clause.lower(index) in {"la", "las", "los"} and (
            not known or known[1] != "third" or clause.words.has("both", clause.lower(place)) or index == 0
        ):
            return None
    if clause.lower(place) in {"es", "está", "tiene", "ha"}:
        return Verb(
            place,
            {"es": "ser", "está": "estar", "tiene": "tener", "ha": "haber"}[clause.lower(place)],
            "third",
        )
    infinitive = _infinitive(clause, place)
    if infinitive is not None and clause.lower(place + 1) not in {"de", "del"}:
        return infinitive
    if is_a(clause, place + 1, "coordinators") or is_mark(clause, place + 1, ","):
        known = clause.words.forms.get(clause.lower(place))
        listed = clause.lower(place).endswith(("a", "e")) and not NOUN.search(clause.lower(place))
        other = _third(clause, behind_joint(clause, place + 1)) or (
            _listed_again(clause, place) if listed else None
        )
        if known and known[1] == "third":
            return Verb(place, *known) if other or not clause.words.has("both", clause.lower(place)) else None
        return Verb(place, clause.lower(place), "third") if listed and other else None
    return _third(clause, place)


def _listed_again(clause: Clause, index: int) -> Verb | None:
    """In a row of verbs (encofra, hormigona y desencofra un pilar) the last one shows that all are verbs."""
    while is_mark(clause, index + 1, ",") or is_a(clause, index + 1, "coordinators"):
        index += 2
        if not clause.lower(index).endswith(("a", "e")):
            return None
    return _third(clause, index)


def next_verb(clause: Clause, joint: int, first: Verb) -> Verb | None:
    index, clitic = _past_clitics(clause, behind_joint(clause, joint))
    while is_adverb(clause, index):
        index += 1
    if index >= len(clause.tokens) or clause.tokens[index].kind != "word":
        return None
    known = clause.words.forms.get(clause.lower(index))
    if first.form == "base":
        found = _infinitive(clause, index)
        if found is not None:
            return found
        # Sabe montar un andamio ... y lo entrega: the modal verb goes on in the third person.
        if clause.begin == 0:
            return None
    if clitic:
        direct = clause.lower(index - 1) in CLITICS
        return (
            Verb(index, *known)
            if direct and known and known[1] == "third" and not opens_noun(clause, index - 2)
            else None
        )
    if known and known[1] == "third":
        if index >= clause.end_of_main() and first.at < joint - 1:
            return None
        if (
            is_a(clause, index + 1, "prepositions")
            and clause.lower(index + 1) in {"de", "del"}
            and clause.words.has("both", clause.lower(index))
        ):
            return None
        return Verb(index, *known)
    return _third(clause, index) or (
        Verb(index, clause.lower(index), "third")
        if _listed_again(clause, joint - 1) and first.at == joint - 1
        else None
    )


def object_at(clause: Clause, verb: Verb, start: int, end: int) -> int:
    """The token at which the object begins, or -1; a person behind ``a`` is one unless the verb turns back (se)."""
    if verb.form == "base" and ENCLITIC.match(clause.lower(verb.at)):
        return verb.at
    reflexive = False
    for place in range(max(0, verb.at - 2), verb.at):
        reflexive = reflexive or clause.lower(place) == "se"
        if clause.lower(place) in {"lo", "la", "los", "las", "le", "les"}:
            return place
    in_phrase = False
    for index in range(verb.at + 1, end):
        word = clause.lower(index)
        if (
            word in {"a", "al"}
            and index == verb.at + 1
            and not reflexive
            and clause.lower(index + 1) not in {"fondo", "mano", "tiempo", "máquina", "diario"}
        ):
            return index
        if is_mark(clause, index, ",;") or is_a(clause, index, "prepositions"):
            in_phrase = True
        elif is_a(clause, index, "coordinators") and is_adverb(clause, index + 1):
            continue
        elif (
            (is_a(clause, index, "subordinators") and not in_phrase)
            or (
                in_phrase
                and opens_noun(clause, index)
                and is_content(clause, index - 1)
                and clause.tokens[index].kind == "word"
                and not is_mark(clause, index - 1, ",")
            )
            or (
                not in_phrase
                and not is_adverb(clause, index)
                and (opens_noun(clause, index) or is_content(clause, index))
            )
        ):
            return index
    return -1


GRAMMAR = Grammar(head, next_verb, object_at, lambda clause, begin: comma_condition(clause, begin, head))
