"""Instants as credentials write them: RFC 3339 with a zone; ours in UTC with whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from guildmark.protocol.errors import Malformed

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII
)
#: Characters of the longest text of that form.
_LONGEST = 38


def format_instant(value: datetime) -> str:
    """Return ``2026-01-31T12:00:00Z``; Malformed if the datetime has no zone."""
    if value.tzinfo is None:
        raise Malformed("A time without zone was given.")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(value: Any, *, field: str | None = None) -> datetime:
    """Return the aware datetime of an XML Schema dateTimeStamp; Malformed for anything else."""
    try:
        found = _instant(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{value[:60]!r} is not a date and time that exists.", field=field) from error
    if found is None:
        raise Malformed(f"{str(value)[:60]!r} is not a date and time with zone.", field=field)
    return found


@lru_cache(maxsize=512)
def _instant(text: str) -> datetime | None:
    """The instant, None for a text of another form; many credentials share theirs."""
    match = _INSTANT.match(text)
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    whole = f"{day}T{clock}.{(fraction or '0')[:6].ljust(6, '0')}{'+00:00' if zone in 'Zz' else zone}"
    return datetime.fromisoformat(whole).astimezone(UTC)
