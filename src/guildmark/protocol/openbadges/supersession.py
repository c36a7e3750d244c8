"""The record that a corrected credential took the place of another (DECISIONS 10).

It is an EndorsementCredential of the same issuer about the old credential: the comment says why,
and ``relatedResource`` names the new credential with the digest of its bytes. Only published terms
are used. It is found at the address of the old credential with ``/supersession`` after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildmark.protocol import contexts
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.build import digest_sri
from guildmark.protocol.times import format_instant, parse_instant

_NAME = "Superseded by a corrected credential"


def record_url(credential_id: str) -> str:
    """Return where the record about a credential is served."""
    return f"{credential_id}/supersession"


def build_record(
    *,
    old_id: str,
    new_id: str,
    new_sha256: bytes,
    issuer: str,
    issuer_name: str,
    reason: str,
    valid_from: datetime,
) -> dict[str, Any]:
    """Return the unsigned record. ``new_sha256`` is the raw digest of the new credential's stored bytes."""
    if old_id == new_id:
        raise Malformed("A credential cannot take its own place.", field="new_id")
    if not reason.strip():
        raise Malformed("Say why the credential was corrected.", field="reason")
    return {
        "@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES],
        "id": record_url(old_id),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": _NAME,
        "issuer": {"id": issuer, "type": ["Profile"], "name": issuer_name},
        "validFrom": format_instant(valid_from),
        "credentialSubject": {"id": old_id, "type": ["EndorsementSubject"], "endorsementComment": reason},
        "relatedResource": [{"id": new_id, "digestSRI": digest_sri(new_sha256)}],
    }


@dataclass(frozen=True, slots=True)
class Supersession:
    """What a record says. Trust it only after its proof was checked."""

    old_id: str
    new_id: str
    new_digest: str
    reason: str
    issuer: str
    since: datetime


def read_record(document: Mapping[str, Any]) -> Supersession:
    """Return what a record says; Malformed if the document is no supersession record."""
    types = document.get("type")
    subject = document.get("credentialSubject")
    related = document.get("relatedResource")
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        issuer = issuer.get("id")
    if not (
        isinstance(types, list)
        and "EndorsementCredential" in types
        and isinstance(subject, Mapping)
        and isinstance(related, list)
        and len(related) == 1
        and isinstance(related[0], Mapping)
    ):
        raise Malformed("This is no supersession record.")
    texts = [
        subject.get("id"),
        related[0].get("id"),
        related[0].get("digestSRI"),
        subject.get("endorsementComment"),
        issuer,
    ]
    old_id, new_id, digest, reason, issuer_id = (text if isinstance(text, str) else "" for text in texts)
    if not all((old_id, new_id, digest, issuer_id)) or document.get("id") != record_url(old_id):
        raise Malformed("The supersession record is not complete.")
    since = parse_instant(document.get("validFrom"), field="validFrom")
    return Supersession(old_id, new_id, digest, reason, issuer_id, since)
