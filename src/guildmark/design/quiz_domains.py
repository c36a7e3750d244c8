"""The domains of a quiz: as the lines that an author types, and what the gate asks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from guildmark.design.faults import Fault, blocks
from guildmark.design.types import Quiz, Standard
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import numbered, said

MOST: Final = 30


def lines(domains: Sequence[dict[str, Any]]) -> str:
    """One domain on each line: ``Platform configuration: 15``."""
    return "\n".join(f"{domain['name']}: {domain['items']}" for domain in domains)


def parsed(text: str) -> list[dict[str, Any]]:
    """The domains that lines name; Invalid tells the line that is none."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, _, number = line.rpartition(":")
        number = number.strip()
        if not (name.strip() and number.isascii() and number.isdigit() and len(number) < 5):
            raise Invalid(
                said("“{line}” is no domain.", line=line[:60]),
                field="quiz_domains",
                mend=said("Write its name, a colon and the number of its questions."),
            )
        found.append({"name": name.strip(), "items": int(number)})
    return found


def check(standard: Standard) -> Iterator[Fault]:
    """Domains that do not share the questions of their quiz out, so that nothing can be computed from them."""
    for piece in standard.evidence:
        if piece.form == "quiz" and piece.quiz:
            yield from _quiz(piece.quiz, f"evidence.{piece.id}")


def _quiz(quiz: Quiz, path: str) -> Iterator[Fault]:
    if not quiz.domains:
        if quiz.each_domain:
            yield blocks(
                "quiz.no_domains",
                path,
                said("A least is asked of each domain, and the quiz names none."),
                said("Name the domains, or let only the sum count."),
            )
        return
    together = sum(domain.items for domain in quiz.domains)
    if together != quiz.items:
        yield blocks(
            "quiz.domains",
            path,
            said(
                "The domains have {together} questions together, and the quiz has {items}.",
                together=together,
                items=quiz.items,
            ),
            said("Let both say the same."),
        )
    if len(quiz.domains) > MOST:
        yield blocks(
            "quiz.domains_many",
            path,
            numbered(
                "The quiz has {n} domain; the limit is {most}.",
                "The quiz has {n} domains; the limit is {most}.",
                n=len(quiz.domains),
                most=MOST,
            ),
            said("Join some."),
        )
    names = Counter(domain.name.strip().casefold() for domain in quiz.domains)
    if "" in names or max(names.values()) > 1 or not all(domain.items for domain in quiz.domains):
        yield blocks(
            "quiz.domain_names",
            path,
            said("A domain of the quiz has no name or no question, or two have the same name."),
            said("Give each a name of its own and at least one question."),
        )
