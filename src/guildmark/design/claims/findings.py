"""What the linter answers with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from guildmark.design.claims.text import Span

Rule = Literal[
    "empty",
    "sentences",
    "slot",
    "topic",
    "unobservable",
    "double",
    "no_object",
    "no_condition",
    "no_standard",
    "inflated",
    "jargon",
    "acronym",
    "hard",
    "product_title",
]
Severity = Literal["blocking", "advice", "hint"]
TextKind = Literal["claim", "title", "competency"]


@dataclass(frozen=True)
class ClaimFinding:
    """One flaw: the rule, its characters in the text, why it is one, what to do, and whole new texts to take.

    ``span`` counts characters of the text as given; for something that is missing it covers the clause concerned.
    ``rewrites`` may hold open slots in square brackets, which the author fills in.
    """

    rule: Rule
    severity: Severity
    span: Span
    reason: str
    mend: str
    rewrites: tuple[str, ...] = ()

    @property
    def rewrite(self) -> str:
        """The first new text, or nothing."""
        return self.rewrites[0] if self.rewrites else ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rewrite": self.rewrite}
