"""Credentials as conformance suites send them."""

from __future__ import annotations

from typing import Any

from guildmark.protocol import contexts

V1, V2 = contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SUBJECT = "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"


class Gone:
    """Stands for a member that is taken away; its name is the same in every process of a run."""

    def __repr__(self) -> str:
        return "GONE"


GONE: Any = Gone()


def changed(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**document, **changes}.items() if value is not GONE}


def credential(**changes: Any) -> dict[str, Any]:
    """A small one of VCDM 2.0; GONE takes a member away."""
    base = {
        "@context": [V2],
        "id": "urn:uuid:fd2b5c4e-11f6-4d9e-8d4b-2f6f0f3f2f11",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": SUBJECT, "name": "Alice"},
    }
    return changed(base, changes)


def older(**changes: Any) -> dict[str, Any]:
    """A small one of VCDM 1.1."""
    base = {
        "@context": [V1],
        "id": "urn:uuid:fd2b5c4e-11f6-4d9e-8d4b-2f6f0f3f2f12",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": SUBJECT},
    }
    return changed(base, changes)


def presentation(*credentials: dict[str, Any], **changes: Any) -> dict[str, Any]:
    base = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    }
    return changed(base, changes)
