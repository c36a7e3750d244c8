"""1EdTech Credential Refresh Service 1.0: the newer form of a credential (Open Badges 3.0, section 8.2, step 3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.nodes import address_of, nodes_of
from guildmark.protocol.times import parse_instant

TYPE: Final = "1EdTechCredentialRefresh"


def service_url(document: Mapping[str, Any]) -> str | None:
    """The address of the first refresh service of that type, or None."""
    for service in nodes_of(document, "refreshService"):
        kinds, url = service.get("type"), service.get("id")
        if TYPE in (kinds if isinstance(kinds, list) else [kinds]) and isinstance(url, str):
            return url if url.startswith(("https://", "http://")) else None
    return None


def ensure_same(original: Mapping[str, Any], newer: Mapping[str, Any]) -> None:
    """Malformed unless both are one credential: equal issuer and id (Open Badges 3.0, section 6)."""
    if address_of(original, "issuer") != address_of(newer, "issuer"):
        raise Malformed("The refresh service gave the credential of another issuer.", field="issuer")
    ids = [unquote(str(document.get("id", ""))).strip() for document in (original, newer)]
    if not ids[0] or ids[0] != ids[1]:
        raise Malformed("The refresh service gave another credential.", field="id")


def ensure_not_older(original: Mapping[str, Any], newer: Mapping[str, Any]) -> None:
    """Malformed if what a service gave was signed before the original.

    A service, or whoever answers in its place, could otherwise bring back the form of before a revocation.
    """
    before, after = _signed_at(original), _signed_at(newer)
    if before is not None and after is not None and after < before:
        raise Malformed("The refresh service gave an older form.", field="proof.created")


def _signed_at(document: Mapping[str, Any]) -> datetime | None:
    """When the last of the proofs was made, if they say so."""
    made = [parse_instant(one["created"]) for one in nodes_of(document, "proof") if "created" in one]
    return max(made, default=None)
