"""What a checked document says about who, what and when: read from its content, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.protocol.openbadges.reading import read
from guildmark.verify.types import Report, Verdict


def facts_of(credential: Mapping[str, Any] | None) -> CredentialFacts | None:
    """The facts of a document, or None if it is none or is no achievement credential."""
    if not credential:
        return None
    try:
        return read(credential)
    except ProtocolError:
        return None


def long_date(moment: datetime | None) -> str:
    """``14 November 2026``, or that the document does not say."""
    return f"{moment.day} {moment:%B %Y}" if moment else "not said"


def holder_of(facts: CredentialFacts) -> str:
    """The name that was signed, or why there is none."""
    if facts.recipient.name:
        return facts.recipient.name
    if facts.recipient.identifiers:
        return "not named; can be confirmed by e-mail address"
    return facts.recipient.did or "not said"


def issuer_of(facts: CredentialFacts) -> str:
    return f"{facts.issuer.name} ({facts.issuer.id})" if facts.issuer.name else facts.issuer.id


def period_of(report: Report, facts: CredentialFacts) -> str:
    """Whether it counts at the moment that was asked about, in a few words."""
    until = f"until {long_date(facts.valid_until)}" if facts.valid_until else "without an end"
    if report.verdict is Verdict.VALID:
        return f"Yes, {until}"
    if report.verdict is Verdict.EXPIRED:
        return f"No, it ended on {long_date(facts.valid_until)}"
    if report.verdict is Verdict.NOT_YET_VALID:
        return f"Not yet, it begins on {long_date(facts.valid_from)}"
    if report.verdict in {Verdict.CANNOT_TELL, Verdict.MALFORMED}:
        return f"Cannot be told; it says {until}"
    return "No"


def four_answers(report: Report, facts: CredentialFacts) -> list[tuple[str, str]]:
    """Who, when, what, by whom, still current: from the document alone, so that nothing unsigned is said."""
    return [
        ("Who", holder_of(facts)),
        ("When", long_date(facts.awarded_at or facts.valid_from)),
        ("What", facts.title if facts.claim == facts.title else f"{facts.title}: {facts.claim}"),
        ("Issuer", issuer_of(facts)),
        ("Still current", period_of(report, facts)),
    ]
