"""What a check of a draft has to say, before the gate puts it beside a step of the editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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


def listed(words: list[str], last: str = "and") -> str:
    """``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
