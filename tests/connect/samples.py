"""Credentials as conformance suites send them."""

from __future__ import annotations

from typing import Any

from guildmark.connect.vcapi.types import FACES
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
#: Faces whose proofs verify as they are issued: of selective disclosure only what is derived does.
EMBEDDED = [name for name, face in FACES.items() if face.cryptosuite not in (None, "ecdsa-sd-2023")]


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


def _with_terms(base: str, **terms: Any) -> dict[str, Any]:
    sails = {"@protected": True, "sailName": "urn:example:sailName", "size": "urn:example:size"}
    achievement = {
        "@protected": True,
        "id": "@id",
        "type": "@type",
        "sailNumber": "urn:example:sailNumber",
        "sails": {"@id": "urn:example:sails", "@context": sails},
    }
    context = {
        "@protected": True,
        **terms,
        "ExampleAchievementCredential": "urn:example:ExampleAchievementCredential",
        "WindsailingAchievement": {"@id": "urn:example:WindsailingAchievement", "@context": achievement},
        "achievements": {"@id": "urn:example:achievements", "@type": "@id"},
    }
    subject = {
        "name": "Jane Doe",
        "achievements": [
            {
                "type": "WindsailingAchievement",
                "sailNumber": number,
                "sails": [{"size": 5.5, "sailName": "Osprey"}, {"size": 7.0, "sailName": "Eagle-FR"}],
            }
            for number in ("Earth101", "Mars101")
        ],
    }
    types = ["VerifiableCredential", "ExampleAchievementCredential"]
    return {
        "@context": [base, context],
        "type": types,
        "credentialSubject": subject,
        "issuer": "did:example:i",
    }


#: Shapes that the suites send: terms of their own in nested contexts, a context in a context, contexts of examples.
SHAPES: dict[str, dict[str, Any]] = {
    "achievements 2.0": _with_terms(V2),
    "achievements 1.1": _with_terms(V1, name="https://schema.org/name"),
    "context in a context": older(
        **{"@context": [V1, {"@context": {"name": "https://schema.org/name"}}]},
        credentialSubject={"id": "did:example:subject", "name": "Example"},
    ),
    "examples 1": older(
        **{"@context": [V1, "https://www.w3.org/2018/credentials/examples/v1"]},
        type=["VerifiableCredential", "UniversityDegreeCredential"],
        credentialSubject={"id": SUBJECT, "degree": {"degreeType": "BachelorDegree", "name": "Science"}},
    ),
    "examples 2": credential(**{"@context": [V2, EXAMPLES]}, type=["VerifiableCredential", "AnyDegree"]),
    "no id": credential(id=GONE, credentialSubject={"name": "Alice"}),
    "mapped types": credential(
        **{
            "@context": [V2, {"Refresh": "urn:x:Refresh", "Policy": "urn:x:Policy", "Status": "urn:x:Status"}]
        },
        refreshService={"id": "did:example:refresh/1", "type": "Refresh"},
        termsOfUse=[{"type": "Policy"}, {"type": "Policy"}],
        credentialStatus={"id": "did:example:status", "type": "Status"},
    ),
}
