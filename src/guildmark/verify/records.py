"""What a learner record says of itself, and one line for each credential inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.kernel.words import said
from guildmark.protocol import clr
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.nodes import address_of, text_of
from guildmark.protocol.times import parse_instant
from guildmark.verify.facts import facts_of, issuer_of, long_date
from guildmark.verify.types import Outcome, Report
from guildmark.verify.words import words_for


@dataclass(frozen=True)
class Line:
    """A credential of a record: what it is and by whom, its verdict in words, and why if it is not valid."""

    title: str
    verdict: str
    said: str
    why: str
    tone: str
    symbol: str


def is_record(report: Report) -> bool:
    return report.credential is not None and clr.is_clr(report.credential)


def name_of(report: Report) -> str:
    """The name of the record, or an empty text."""
    return text_of(report.credential or {}, "name") or ""


def _date(document: Mapping[str, Any], field: str) -> str:
    try:
        return long_date(parse_instant(document[field], field=field)) if field in document else ""
    except Malformed:
        return ""


def rows(report: Report) -> list[tuple[str, str]]:
    """The facts of the record itself, as terms and values."""
    document = report.credential or {}
    issuer = document.get("issuer")
    name = text_of(issuer, "name") if isinstance(issuer, Mapping) else None
    address = address_of(document, "issuer") or ""
    return [
        (said("Title"), name_of(report)),
        (said("Issuer"), f"{name} ({address})" if name else address),
        (said("Description"), text_of(document, "description") or ""),
        (said("Valid from"), _date(document, "validFrom")),
        (said("Valid until"), _date(document, "validUntil") or said("no end is named")),
        (said("Credentials inside"), str(len(clr.credentials_in(document)))),
        (said("Identifier"), text_of(document, "id") or ""),
    ]


def lines(report: Report) -> list[Line]:
    """One line for each credential inside, in the order of the record."""
    return [_line(number, one) for number, one in enumerate(report.contained, 1)]


def _line(number: int, report: Report) -> Line:
    facts, words = facts_of(report.credential), words_for(report)
    title = (
        said("{title}, by {issuer}", title=facts.title, issuer=issuer_of(facts))
        if facts
        else name_of(report) or said("Credential {number}", number=number)
    )
    failed = [item.detail for item in report.checks if item.outcome is Outcome.FAILED]
    missing = [item.detail for item in report.checks if item.outcome is Outcome.NOT_CHECKED and item.reached]
    why = "" if report.verdict.value == "valid" else next(iter(failed or missing), "")
    return Line(title, report.verdict.value, words.title, why, words.tone, words.symbol)
