"""What a checked document says about who, what and when: read from its content, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from guildmark.kernel.words import day, numbered, said
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.protocol.openbadges.logged import days_public, named_entry
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
    return day(moment) if moment else said("not said")


def holder_of(facts: CredentialFacts) -> str:
    """The name that was signed, or why there is none."""
    if facts.recipient.name:
        return facts.recipient.name
    if facts.recipient.identifiers:
        return said("not named; can be confirmed by e-mail address")
    return facts.recipient.did or said("not said")


def issuer_of(facts: CredentialFacts) -> str:
    return f"{facts.issuer.name} ({facts.issuer.id})" if facts.issuer.name else facts.issuer.id


def period_of(report: Report, facts: CredentialFacts) -> str:
    """Whether it counts at the moment that was asked about, in a few words."""
    end = long_date(facts.valid_until) if facts.valid_until else None
    if report.verdict is Verdict.VALID:
        return said("Yes, until {day}", day=end) if end else said("Yes, without an end")
    if report.verdict is Verdict.EXPIRED:
        return said("No, it ended on {day}", day=long_date(facts.valid_until))
    if report.verdict is Verdict.NOT_YET_VALID:
        return said("Not yet, it begins on {day}", day=long_date(facts.valid_from))
    if report.verdict in {Verdict.CANNOT_TELL, Verdict.MALFORMED}:
        if end:
            return said("Cannot be told; it says until {day}", day=end)
        return said("Cannot be told; it says without an end")
    return said("No")


def bar_before_badge(facts: CredentialFacts) -> str:
    """How long the bar was public before the work, by the credential's own figures; empty when it does not say."""
    days = days_public(facts)
    if days is None:
        return ""
    if days < 0:
        return said("No: by its own dates the work is older than the standard it was judged by.")
    told = numbered(
        "The bar was public {n} day before this evidence.",
        "The bar was public {n} days before this evidence.",
        n=days,
    )
    if not days:
        told = said("The bar was published on the day of this evidence.")
    named = named_entry(facts)
    if named is None:
        return told
    return said(
        "{told} It names entry {entry} of the issuer's log of standards.", told=told, entry=named.index
    )


def log_entry_url(facts: CredentialFacts) -> str:
    """Where the issuer serves the entry that a credential names; empty when it names none."""
    named, parts = named_entry(facts), urlsplit(facts.achievement_id)
    if named is None or parts.scheme not in {"https", "http"} or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}/log/entries/{named.index}"


def four_answers(report: Report, facts: CredentialFacts) -> list[tuple[str, str]]:
    """Who, when, what, by whom, still current: from the document alone, so that nothing unsigned is said."""
    return [
        (said("Who"), holder_of(facts)),
        (said("When"), long_date(facts.awarded_at or facts.valid_from)),
        (said("What"), facts.title if facts.claim == facts.title else f"{facts.title}: {facts.claim}"),
        (said("Issuer"), issuer_of(facts)),
        (said("Still current"), period_of(report, facts)),
    ]
