"""Comprehensive Learner Records (1EdTech CLR 2.0): one signed credential that holds others about one learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from guildmark.protocol import contexts
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.build import build_achievement, status_entry
from guildmark.protocol.openbadges.nodes import list_of, nodes_of
from guildmark.protocol.openbadges.v3 import AchievementSpec, IssuerSpec, RecipientSpec, StatusSpec
from guildmark.protocol.times import format_instant

#: The published schema of the record on VCDM 2.0.
SCHEMA_URL: Final = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
AssociationType = Literal[
    "exactMatchOf",
    "isChildOf",
    "isParentOf",
    "isPartOf",
    "isPeerOf",
    "isRelatedTo",
    "precedes",
    "replacedBy",
]


@dataclass(frozen=True, slots=True)
class Association:
    """How one achievement or credential of the record stands to another, both by their ids."""

    type: AssociationType
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ClrSpec:
    """What a record says (CLR 2.0, sections B.1.1 and B.1.2).

    ``credentials`` are signed credentials as parsed JSON, in the order to be shown. ``partial`` says that the record
    does not hold everything that the issuer has on the learner; None says nothing about it.
    """

    id: str
    name: str
    issuer: IssuerSpec
    recipient: RecipientSpec
    credentials: Sequence[Mapping[str, Any]]
    valid_from: datetime
    valid_until: datetime | None = None
    description: str | None = None
    achievements: Sequence[AchievementSpec] = ()
    associations: Sequence[Association] = ()
    statuses: Sequence[StatusSpec] = ()
    partial: bool | None = None


def is_clr(document: Mapping[str, Any]) -> bool:
    """Say whether a document calls itself a learner record."""
    return "ClrCredential" in list_of(document, "type")


def credentials_in(document: Mapping[str, Any]) -> list[Any]:
    """The credentials that a record holds, as they stand: objects or tokens."""
    subjects = nodes_of(document, "credentialSubject")
    return [item for subject in subjects for item in list_of(subject, "verifiableCredential")]


def build_clr(spec: ClrSpec) -> dict[str, Any]:
    """Return the unsigned record; sign it like any credential.

    Malformed for a record without credentials, one credential twice, an unsigned one, or an association between what
    the record does not hold.
    """
    _check(spec)
    document: dict[str, Any] = {
        "@context": [
            contexts.CREDENTIALS_V2,
            contexts.CLR,
            contexts.OPEN_BADGES,
            contexts.OPEN_BADGES_EXTENSIONS,
        ],
        "id": spec.id,
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": spec.name,
        "description": spec.description,
        "partial": spec.partial,
        "issuer": _profile(spec.issuer),
        "validFrom": format_instant(spec.valid_from),
        "validUntil": format_instant(spec.valid_until) if spec.valid_until else None,
        "credentialSubject": _subject(spec),
        "credentialStatus": [status_entry(item) for item in spec.statuses],
        "credentialSchema": [{"id": SCHEMA_URL, "type": names.SCHEMA_TYPE}],
    }
    return {key: value for key, value in document.items() if value is not None and value != []}


def _profile(issuer: IssuerSpec) -> dict[str, Any]:
    members = {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.url}
    return {key: value for key, value in members.items() if value}


def _subject(spec: ClrSpec) -> dict[str, Any]:
    identifier = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": spec.recipient.email_hash,
        "identityType": "emailAddress",
        "salt": spec.recipient.salt,
    }
    members: dict[str, Any] = {
        "id": spec.recipient.did,
        "type": ["ClrSubject"],
        "identifier": [identifier],
        "verifiableCredential": [dict(item) for item in spec.credentials],
        "achievement": [build_achievement(item) for item in spec.achievements],
        "association": [
            {
                "type": "Association",
                "associationType": item.type,
                "sourceId": item.source,
                "targetId": item.target,
            }
            for item in spec.associations
        ],
    }
    return {key: value for key, value in members.items() if value is not None and value != []}


def _check(spec: ClrSpec) -> None:
    if not spec.credentials:
        raise Malformed("A learner record holds at least one credential.", field="credentials")
    if spec.valid_until is not None and spec.valid_until <= spec.valid_from:
        raise Malformed("The record would end before it begins.", field="valid_until")
    ids = [item.get("id") for item in spec.credentials]
    if len(set(map(str, ids))) != len(ids) or spec.id in ids:
        raise Malformed("The record holds a credential twice, or itself.", field="credentials")
    if any("proof" not in item for item in spec.credentials):
        raise Malformed("Only signed credentials go into a record.", field="credentials")
    known = {item.id for item in spec.achievements} | {str(one) for one in ids}
    for subject in (node for item in spec.credentials for node in nodes_of(item, "credentialSubject")):
        known |= {str(node.get("id")) for node in nodes_of(subject, "achievement")}
    for association in spec.associations:
        if association.source not in known or association.target not in known:
            raise Malformed(
                "An association names something that the record does not hold.", field="associations"
            )
