"""Where a document came from, and whether that is where it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from guildmark.protocol.did import is_loopback
from guildmark.protocol.report import Served


def same_site(asked: SplitResult, served: SplitResult) -> bool:
    """Say whether two addresses are of one host and port; a leading ``www.`` and a step from http to https do not count.

    A step from https to http does: from there on anybody on the way may answer.
    """
    if _host(asked) != _host(served) or (asked.scheme, served.scheme) == ("https", "http"):
        return False
    return asked.port == served.port or _port(asked) == _port(served)


def _host(parts: SplitResult) -> str:
    """The host in ASCII, as it goes over the wire."""
    host = (parts.hostname or "").lower()
    with suppress(UnicodeError):
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    return host.removeprefix("www.")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def led_away(url: str, document: Mapping[str, Any]) -> str | None:
    """The host that gave a document in the place of the host that was asked; None if it was that one.

    Many sites redirect wherever they are told to; through such a page anybody could speak in their name.
    """
    if not isinstance(document, Served):
        return None
    try:
        asked, served = urlsplit(url), urlsplit(document.served_at)
        return None if same_site(asked, served) else f"{served.scheme}://{served.netloc}"[:120]
    except ValueError:
        return "an address that cannot be read"


def can_be_changed_on_the_way(url: str, document: Mapping[str, Any]) -> bool:
    """Say whether a document came over http from another machine, so that anybody between could have written it."""
    for place in (url, document.served_at if isinstance(document, Served) else url):
        try:
            parts = urlsplit(place)
        except ValueError:
            return True
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            return True
    return False
