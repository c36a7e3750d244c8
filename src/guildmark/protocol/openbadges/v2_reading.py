"""Open Badges 1.x and 2.0 as they are found: recognising an assertion, and its content for display."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.facts import (
    AlignmentFacts,
    CredentialFacts,
    EvidenceFacts,
    IssuerFacts,
    RecipientFacts,
)
from guildmark.protocol.openbadges.nodes import address_of, list_of, nodes_of, text_of

_CONTEXT: Final = re.compile(r"https?://(w3id\.org/openbadges/v[12]|openbadgespec\.org/v1)/?\Z")


def recognises(document: Mapping[str, Any]) -> bool:
    """Say whether a document is of Open Badges 1.x or 2.0: by its context, or by the shape of an assertion.

    Version 1.0 has no context, and some issuers write the context out.
    """
    if "credentialSubject" in document:
        return False
    if any(isinstance(item, str) and _CONTEXT.match(item) for item in list_of(document, "@context")):
        return True
    return {"badge", "recipient"} <= set(document) and bool({"verify", "verification"} & set(document))


def moment(value: Any, field: str) -> datetime:
    """The aware datetime of an ISO 8601 text or, as in version 1, of a day or of Unix seconds; Malformed otherwise.

    What names no zone is read as UTC.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if not isinstance(value, str) or len(value) > 40:
            raise ValueError
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{str(value)[:60]!r} is not a date.", field=field) from error


def _moment(document: Mapping[str, Any], field: str) -> datetime | None:
    return moment(document[field], field) if field in document else None


def _issuer(value: Any) -> IssuerFacts:
    node: Mapping[str, Any] = value if isinstance(value, Mapping) else {"id": value}
    return IssuerFacts(
        id=text_of(node, "id") or "",
        name=text_of(node, "name"),
        url=text_of(node, "url"),
        description=text_of(node, "description"),
        email=text_of(node, "email"),
        image=address_of(node, "image"),
    )


def _evidence(document: Mapping[str, Any]) -> tuple[EvidenceFacts, ...]:
    found = []
    for item in list_of(document, "evidence"):
        node: Mapping[str, Any] = item if isinstance(item, Mapping) else {"id": item}
        texts = {key: text_of(node, key) for key in ("name", "description", "narrative", "genre", "audience")}
        found.append(EvidenceFacts(id=text_of(node, "id"), media_type=None, digest=None, **texts))
    return tuple(found)


def _alignments(badge: Mapping[str, Any]) -> tuple[AlignmentFacts, ...]:
    """Version 1 wrote name, url and description where version 2.0 writes targetName and so on."""
    return tuple(
        AlignmentFacts(
            name=text_of(item, "targetName") or text_of(item, "name") or "",
            url=text_of(item, "targetUrl") or text_of(item, "url") or "",
            type=None,
            framework=text_of(item, "targetFramework"),
            code=text_of(item, "targetCode"),
            description=text_of(item, "targetDescription") or text_of(item, "description"),
        )
        for item in nodes_of(badge, "alignment")
    )


def _criteria(badge: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Address and text of the criteria; version 1 has the address alone."""
    nodes = nodes_of(badge, "criteria")
    texts = [text for node in nodes if (text := text_of(node, "narrative"))]
    addresses = [item for item in list_of(badge, "criteria") if isinstance(item, str)]
    addresses += [address for node in nodes if (address := text_of(node, "id"))]
    return next(iter(addresses), None), "\n\n".join(texts) or None


def read(document: Mapping[str, Any]) -> CredentialFacts:
    """What an assertion says, for display, with its BadgeClass and issuer embedded (a verified report has them so).

    Malformed when the BadgeClass is not embedded: then there is nothing to show.
    """
    badge = document.get("badge")
    if not isinstance(badge, Mapping):
        raise Malformed("The assertion does not hold its badge class.", field="badge")
    issued = _moment(document, "issuedOn")
    criteria_url, criteria_narrative = _criteria(badge)
    return CredentialFacts(
        id=text_of(document, "id"),
        signal=None,
        achievement_type=None,
        achievement_id=text_of(badge, "id") or "",
        title=text_of(badge, "name") or "",
        claim=text_of(badge, "description") or "",
        summary=text_of(document, "narrative"),
        language=text_of(badge, "@language"),
        version=text_of(badge, "version"),
        image=address_of(badge, "image"),
        tags=tuple(tag for tag in list_of(badge, "tags") if isinstance(tag, str)),
        issuer=_issuer(badge.get("issuer")),
        creator=None,
        recipient=RecipientFacts(name=None, did=None, identifiers=len(nodes_of(document, "recipient"))),
        valid_from=issued,
        valid_until=_moment(document, "expires"),
        awarded_at=issued,
        criteria_url=criteria_url,
        criteria_narrative=criteria_narrative,
        criteria=(),
        bar=None,
        conditions=None,
        hours=None,
        not_shown=(),
        alignments=_alignments(badge),
        evidence=_evidence(document),
        assessment=None,
        standard=None,
        statuses=(),
        facts=(),
    )
