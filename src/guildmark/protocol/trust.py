"""The trust file: documents that answer instead of the network (DECISIONS 11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guildmark.protocol import did, strict_json
from guildmark.protocol.errors import Malformed, ProtocolError
from guildmark.protocol.strict_json import JsonLimits

_LIMITS = JsonLimits(bytes=64_000_000, depth=48, values=4_000_000)


@dataclass(frozen=True, slots=True)
class TrustFile:
    """Controller documents, DID documents, status lists, issuer profiles and supersession records.

    ``documents`` maps a URL or DID to the parsed document. An issuer is trusted when its own
    identifier, or the address its document is served at, is a key.
    """

    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def loads(cls, data: bytes | str) -> TrustFile:
        """Parse ``{"documents": {URL-or-DID: document}}``; Malformed if it is anything else."""
        value = strict_json.load_object(data, _LIMITS)
        documents = value.get("documents")
        if not isinstance(documents, dict) or not all(isinstance(item, dict) for item in documents.values()):
            raise Malformed(
                "This is not a trust file.",
                field="documents",
                mend='Give {"documents": {address or DID: document}}, as "guildmark trust export" writes it.',
            )
        return cls(documents)

    def get(self, identifier: str) -> Mapping[str, Any] | None:
        """Return the document of a URL or DID. A did:web is also found by its address."""
        found = self.documents.get(identifier)
        if found is None and identifier.startswith("did:web:"):
            try:
                found = self.documents.get(did.did_web_to_url(identifier))
            except ProtocolError:
                return None
        return found

    def lists_issuer(self, issuer: str) -> bool:
        """Say whether an issuer is one that this file vouches for."""
        return self.get(issuer) is not None
