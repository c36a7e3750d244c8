"""What a credential does not show, from its signed content alone."""

from __future__ import annotations

import re
from datetime import date

from guildmark.design.not_shown import Scope, lines
from guildmark.issue.document import SUPERVISION
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.protocol.openbadges.logged import SUBMITTED

_AIDS = re.compile(r"Allowed aids: (.*?)\.(?: (?:Authorship|Time limit): |$)")


def of_credential(facts: CredentialFacts) -> tuple[str, ...]:
    """The sentences for the public page: the issuer's own, what follows from the signed facts, and what was weak."""
    modes = {words: mode for mode, words in SUPERVISION.items()}
    signal = facts.signal.value if facts.signal else "completion"
    assessment = facts.assessment
    figures = {fact.key: fact.value for fact in facts.facts}
    aids = _AIDS.search(facts.conditions or "")
    scope = Scope(
        completion=signal == "completion",
        own=facts.not_shown,
        supervision=modes.get(assessment.mode or "", "") if assessment else "",
        tools=tuple(fact.value for fact in facts.facts if fact.key == "context"),
        aids=aids[1] if aids else ("" if assessment else None),
        worked_on=_day(figures.get(SUBMITTED, "")) or (assessment.assessed_on if assessment else None),
        language=facts.language or "",
    )
    return lines(scope) + (assessment.weaknesses if assessment else ())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
