"""What a check of a draft has to say, before the gate puts it beside a step of the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guildmark.kernel.words import said


@dataclass(frozen=True)
class Fault:
    """One thing to mend: rule id, where (``criteria.k1``), why, how. ``blocking`` stands in the way of publishing."""

    rule: str
    severity: Literal["blocking", "advice"]
    path: str
    message: str
    mend: str
    span: tuple[int, int] | None = None


def blocks(rule: str, path: str, message: str, mend: str, span: tuple[int, int] | None = None) -> Fault:
    return Fault(rule, "blocking", path, message, mend, span)


def advises(rule: str, path: str, message: str, mend: str, span: tuple[int, int] | None = None) -> Fault:
    return Fault(rule, "advice", path, message, mend, span)


def listed(words: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return words[0] if words else ""
    most = words[0]
    for word in words[1:-1]:
        most = said("{most}, {word}", most=most, word=word)
    if last == "or":
        return said("{most} or {word}", most=most, word=words[-1])
    return said("{most} and {word}", most=most, word=words[-1])


def one_by_one(parts: Sequence[str]) -> str:
    """``a; b; c``."""
    text = parts[0] if parts else ""
    for part in parts[1:]:
        text = said("{most}; {part}", most=text, part=part)
    return text


def in_a_row(sentences: Sequence[str]) -> str:
    """Sentences one after the other."""
    text = sentences[0] if sentences else ""
    for sentence in sentences[1:]:
        text = said("{most} {sentence}", most=text, sentence=sentence)
    return text
