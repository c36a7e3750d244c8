"""Verification of our own stored bytes, by the same verifier that outsiders use, on documents we publish ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guildmark.issue import queries as issue
from guildmark.kernel.clock import now
from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.verify import verify as verify_document
from guildmark.verify.types import Report


def verify(body: bytes, org_id: UUID) -> Report:
    """The report on stored bytes; addresses resolve in this process, never by a socket (DECISIONS 13)."""
    issuer = issue.issuer_documents(org_id)

    def load(url: str) -> Mapping[str, Any]:
        found = issuer.get(url) or issue.trust_document(org_id, url)
        if found is None:
            raise NotAvailable("This address is not one of ours.")
        return found

    return verify_document(body, loader=load, now=now())
