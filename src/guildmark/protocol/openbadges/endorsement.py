"""Endorsements: what somebody else says about a credential, an achievement or a profile (Open Badges 3.0, section 4.3).

An EndorsementCredential is signed like any credential: with ``data_integrity.sign`` for the member ``endorsement``, with
``jose.sign`` as a text for ``endorsementJwt``. It is put in before the credential itself is signed. The shipped copy of
the Open Badges context has no ``endorsementJwt``, which 1EdTech added to it in 2026, so that member is for credentials
that travel as tokens themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from guildmark.protocol import contexts
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.nodes import address_of, list_of
from guildmark.protocol.openbadges.v3 import IssuerSpec
from guildmark.protocol.times import format_instant

#: The members that hold endorsements: as objects with a proof inside, and as tokens.
EMBEDDED: Final = "endorsement"
TOKENS: Final = "endorsementJwt"


def build_endorsement(
    *,
    id: str,
    issuer: IssuerSpec,
    about: str,
    comment: str,
    name: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """Return the unsigned endorsement. ``about`` is the id of what is endorsed, ``comment`` Markdown.

    Malformed for an empty comment or name, and for an endorsement that ends before it begins.
    """
    if not comment.strip() or not name.strip():
        raise Malformed("An endorsement needs a name, and a comment that says something.", field="comment")
    if valid_until is not None and valid_until <= valid_from:
        raise Malformed("The endorsement would end before it begins.", field="valid_until")
    profile = {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.url}
    document: dict[str, Any] = {
        "@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": name,
        "issuer": {key: value for key, value in profile.items() if value},
        "validFrom": format_instant(valid_from),
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": comment},
    }
    if valid_until is not None:
        document["validUntil"] = format_instant(valid_until)
    return document


def endorsements_in(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | str]:
    """Every endorsement in a credential: objects and tokens, not those inside another endorsement."""
    for node in _own_nodes(document):
        yield from (item for item in list_of(node, EMBEDDED) if isinstance(item, Mapping))
        yield from (item for item in list_of(node, TOKENS) if isinstance(item, str))


def ensure_about(endorsement: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Malformed unless it is an endorsement of the credential itself or of an achievement or profile in it.

    Otherwise praise of something else could be shown beside a credential.
    """
    if "EndorsementCredential" not in list_of(endorsement, "type"):
        raise Malformed("What stands as endorsement is another credential.", field="endorsement.type")
    about = address_of(endorsement, "credentialSubject")
    named = [node.get("id") for node in _own_nodes(document)] + [address_of(document, "issuer")]
    if about is None or about not in named:
        raise Malformed("An endorsement is about something else.", field="endorsement.credentialSubject.id")


def _own_nodes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object of a credential but for endorsements, other credentials and what is in them."""
    stack: list[Any] = [document]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, Mapping):
            yield item
            stack.extend(
                value for key, value in item.items() if key not in (EMBEDDED, "verifiableCredential", "proof")
            )
