"""The model of VCDM 2.0 and 1.1: what JSON-LD cannot say about a credential of any kind."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from guildmark.protocol import contexts, multibase, vcdm
from guildmark.protocol.errors import BadDigest, Malformed, UnknownContext
from tests.connect.samples import GONE

V1, V2 = contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2


#: The SHA-256 that VCDM 2.0 publishes for its context (appendix B.1).
PUBLISHED = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
SRI = "sha256-" + base64.b64encode(PUBLISHED).decode()
MULTIBASE = multibase.encode(b"\x12\x20" + PUBLISHED, "u")


def credential(**changes: Any) -> dict[str, Any]:
    base = {
        "@context": [V2],
        "id": "urn:uuid:8c1f0c9e-6d6b-4f3f-9c1b-0a2f7f0f9a11",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject"},
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not GONE}


def older(**changes: Any) -> dict[str, Any]:
    return credential(**{"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z", **changes})


def resources(url: str) -> bytes | None:
    try:
        return contexts.raw(url)
    except UnknownContext:
        return None


def related(**changes: Any) -> dict[str, Any]:
    base = {"id": V2, "digestSRI": SRI}
    return {name: value for name, value in {**base, **changes}.items() if value is not GONE}


SOUND: list[dict[str, Any]] = [
    {},
    {"id": GONE},
    {"@context": [V2, {"own": "https://example.org/own"}]},
    {"type": "VerifiableCredential"},
    {"type": ["https://example.org/Badge", "VerifiableCredential"]},
    {"issuer": {"id": "did:example:issuer", "name": "Northlamp"}},
    {
        "issuer": {
            "id": "https://example.org/i",
            "name": {"@value": "N", "@language": "en", "@direction": "ltr"},
        }
    },
    {
        "name": "A name",
        "description": [{"@value": "a", "@language": "en"}, {"@value": "b", "@language": "fr"}],
    },
    {"credentialSubject": [{"id": "did:example:a"}, {"name": "no id is needed"}]},
    {"validFrom": "2026-01-01T00:00:00.123Z", "validUntil": "2026-01-01T01:00:00.123+00:00"},
    {"validFrom": "2026-01-01T00:00:00-05:00", "validUntil": "9876-01-01T00:00:00Z"},
    {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
    {"credentialStatus": {"type": "BitstringStatusListEntry"}},
    {"credentialStatus": [{"id": "urn:x:1", "type": ["A"]}, {"type": "B"}]},
    {"credentialSchema": {"id": "https://example.org/s.json", "type": "JsonSchema"}},
    {"refreshService": {"type": "Manual"}, "termsOfUse": [{"type": "T"}], "evidence": [{"type": ["E"]}]},
    {"relatedResource": related()},
    {"relatedResource": [related(digestMultibase=MULTIBASE), related(id="https://example.org/unseen")]},
    {
        "relatedResource": [
            related(digestSRI=GONE, digestMultibase=MULTIBASE, mediaType="application/ld+json")
        ]
    },
    {"relatedResource": [related(digestSRI=f"sha256-{'A' * 43}= {SRI}")]},
]

UNSOUND: list[dict[str, Any]] = [
    {"@context": GONE}, {"@context": []}, {"@context": V2}, {"@context": 4}, {"@context": None},
    {"@context": [{}, V2]}, {"@context": [V2, 4]}, {"@context": [[]]}, {"@context": ["https://example.org/c", V2]},
    {"type": GONE}, {"type": []}, {"type": "Badge"}, {"type": ["Badge"]}, {"type": 4}, {"type": [None]},
    {"type": ["VerifiableCredential", 4]}, {"type": {}},
    {"id": None}, {"id": ["urn:a:1", "urn:a:2"]}, {"id": "not-a-url"}, {"id": "a b:c"}, {"id": 7}, {"id": "did:"},
    {"issuer": GONE}, {"issuer": None}, {"issuer": "northlamp"}, {"issuer": []}, {"issuer": True}, {"issuer": 10},
    {"issuer": {}}, {"issuer": {"id": None}}, {"issuer": {"id": "northlamp"}}, {"issuer": {"name": "no id"}},
    {"issuer": {"id": "did:example:i", "name": {"@value": "N", "@type": "x"}}},
    {"issuer": {"id": "did:example:i", "description": {"@language": "en"}}},
    {"name": 4}, {"name": {"@value": 4}}, {"name": {"@value": "a", "other": "b"}}, {"description": ["a", None]},
    {"name": {"@value": "a", "@direction": "up"}},
    {"credentialSubject": GONE}, {"credentialSubject": {}}, {"credentialSubject": []}, {"credentialSubject": "did:a:b"},
    {"credentialSubject": [{"id": "did:example:a"}, {}]}, {"credentialSubject": {"id": ["did:a:b", "did:a:c"]}},
    {"credentialSubject": {"id": "not a url"}}, {"credentialSubject": None}, {"credentialSubject": 10},
    {"validFrom": "yesterday"}, {"validFrom": "2026-01-01T00:00:00"}, {"validFrom": None}, {"validUntil": 2026},
    {"validUntil": "2026-13-01T00:00:00Z"},
    {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2025-01-01T00:00:00Z"},
    {"validFrom": "2026-01-01T00:00:00-05:00", "validUntil": "2026-01-01T01:00:00Z"},
    {"credentialStatus": {"id": "urn:x:1"}}, {"credentialStatus": "urn:x:1"}, {"credentialStatus": {"type": 4}},
    {"credentialStatus": {"id": "x", "type": "A"}}, {"credentialStatus": {"id": ["urn:x:1"], "type": "A"}},
    {"credentialSchema": {"id": "urn:x:1"}}, {"credentialSchema": {"type": "JsonSchema"}},
    {"credentialSchema": {"id": 4, "type": "JsonSchema"}},
    {"refreshService": {"id": "urn:x:1"}}, {"refreshService": {"id": "x", "type": "A"}},
    {"termsOfUse": {"id": "urn:x:1"}}, {"evidence": {"id": "urn:x:1"}}, {"evidence": "urn:x:1"},
    {"renderMethod": {"id": "urn:x:1"}}, {"confidenceMethod": {"id": "urn:x:1"}},
    {"relatedResource": []}, {"relatedResource": ["https://example.org/a"]}, {"relatedResource": related(id=GONE)},
    {"relatedResource": related(id="a b")}, {"relatedResource": [related(), related()]},
    {"relatedResource": related(digestSRI=GONE)}, {"relatedResource": related(digestSRI="md5-AAAA")},
    {"relatedResource": related(digestSRI="sha256-AAAA")}, {"relatedResource": related(digestSRI=" ")},
    {"relatedResource": related(digestMultibase="zQm")}, {"relatedResource": related(digestMultibase=4)},
]  # fmt: skip


@pytest.mark.parametrize("changes", SOUND, ids=str)
def test_a_sound_credential_passes(changes: dict[str, Any]) -> None:
    assert vcdm.check_credential(credential(**changes), resources) == "2.0"


@pytest.mark.parametrize("changes", UNSOUND, ids=str)
def test_an_unsound_credential_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        vcdm.check_credential(credential(**changes), resources)


@pytest.mark.parametrize(
    "wrong",
    [
        {"digestSRI": "sha256-" + base64.b64encode(hashlib.sha256(b"other").digest()).decode()},
        {"digestMultibase": multibase.encode(b"\x12\x20" + hashlib.sha256(b"other").digest())},
        {"digestMultibase": multibase.encode(hashlib.sha256(b"other").digest(), "u")},
        {"digestSRI": "sha384-" + base64.b64encode(hashlib.sha384(b"other").digest()).decode() + " " + SRI},
    ],
)
def test_a_digest_that_does_not_fit_the_bytes_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadDigest):
        vcdm.check_credential(credential(relatedResource=related(**wrong)), resources)


@pytest.mark.parametrize(
    "text",
    [
        # As it stands in w3c/vc-data-model-2.0-test-suite, tests/fixtures.js, since May 2026.
        "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ",
        multibase.encode(hashlib.sha384(contexts.raw(V2)).digest(), "u"),
        multibase.encode(hashlib.sha512(contexts.raw(V2)).digest()),
    ],
)
def test_a_digest_without_the_prefix_of_a_multihash_is_taken_if_it_fits(text: str) -> None:
    found = related(digestSRI=GONE, digestMultibase=text)
    assert vcdm.check_credential(credential(relatedResource=found), resources) == "2.0"


def test_the_digest_of_a_draft_of_the_context_is_refused_with_and_without_prefix() -> None:
    draft = multibase.decode("uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k")
    for data in (draft, b"\x12\x20" + draft):
        found = related(digestSRI=GONE, digestMultibase=multibase.encode(data, "u"))
        with pytest.raises(BadDigest):
            vcdm.check_credential(credential(relatedResource=found), resources)


def test_the_older_version_has_other_dates_and_needs_more() -> None:
    assert vcdm.check_credential(older(expirationDate="2027-01-01T00:00:00Z")) == "1.1"
    for changes in (
        {"issuanceDate": GONE},
        {"issuanceDate": "2026"},
        {"expirationDate": "2025-01-01T00:00:00Z"},
        {"credentialStatus": {"type": "A"}},
        {"refreshService": {"type": "A"}},
    ):
        with pytest.raises(Malformed):
            vcdm.check_credential(older(**changes))
