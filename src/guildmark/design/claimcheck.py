"""The claim linter on a standard: its claim, its title and every competency, as findings of the gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guildmark.design import claims, limits, wording
from guildmark.design.types import Finding, Rules, Standard


def worded(standard: Standard) -> list[tuple[str, str, claims.TextKind]]:
    """The texts that the claim linter reads: their path, their words, what they are."""
    rows = [(f"competencies.{c.id}.statement", c.statement, "competency") for c in standard.competencies]
    return [("claim", standard.claim, "claim"), ("title", standard.title, "title"), *rows]  # type: ignore[list-item]


def check_wording(standard: Standard, rules: Rules) -> Iterator[Finding]:
    """What the claim linter says of the claim, the title and every competency (MC3 to MC5, IN1, IN2, TV11)."""
    products = [context.name for context in standard.context if context.kind in {"tool", "platform"}]
    for path, text, kind in worded(standard):
        guarded = wording.grand_words(text, title=kind == "title") if standard.signal != "certified" else []
        language = claims.spoken_language(text, standard.language)
        for found in claims.lint(text, kind, language, rules.jargon, products):
            start, end = found.span
            if found.rule == "inflated" and any(start < last and first < end for first, last in guarded):
                continue  # the guard has said it already
            if found.rule == "hard" and path == "claim" and len(text) > limits.LONG_CLAIM:
                continue  # claim.long says it with its number
            name = f"{'title' if kind == 'title' else 'claim'}.{found.rule}"
            yield Finding(
                name,
                found.severity,
                path,
                "claim",
                found.reason,
                found.mend,
                found.span,
                found.rewrite,
                found.rewrites[1:],
            )


def report(standard: Standard, rules: Rules) -> list[dict[str, Any]]:
    """What the linter says of every text it reads, as JSON: the findings, and how hard the text is to read (TV11)."""
    found = list(check_wording(standard, rules))
    made = []
    for path, text, _ in worded(standard):
        rows = [_row(one) for one in found if one.path == path]
        score = claims.reading(text, standard.language)
        made.append(
            {
                "path": path,
                "text": text,
                "language": standard.language,
                "findings": rows,
                "reading": vars(score) if score else None,
            }
        )
    return made


def _row(finding: Finding) -> dict[str, Any]:
    row = vars(finding) | {"reason": finding.message}
    return {name: str(value) if isinstance(value, str) else value for name, value in row.items()}
