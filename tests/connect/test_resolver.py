"""The resolver of the face: an envelope for every answer, an error status with the code for every bad address."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connect.conftest import Caller

DID = "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
MULTIKEY = DID.removeprefix("did:key:")
AGREEMENT = f"{DID}#z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ"


def test_a_did_gives_its_document_in_an_envelope(face: Caller) -> None:
    status, envelope = face.resolve(DID)
    assert status == 200
    assert set(envelope) == {"@context", "didDocument", "didDocumentMetadata", "didResolutionMetadata"}
    assert envelope["didDocument"]["id"] == DID
    answer = face.client.get(f"/vc-api/resolver/{DID}", secure=True)
    assert answer["Content-Type"] == 'application/ld+json;profile="https://w3id.org/did-resolution"'


def test_a_did_url_gives_its_key(face: Caller) -> None:
    for address in (f"{DID}#{MULTIKEY}", AGREEMENT):
        status, envelope = face.resolve(address)
        assert (status, envelope["didDocument"]["controller"]) == (200, DID)
        assert "didDereferencingMetadata" in envelope


@pytest.mark.parametrize(
    ("address", "query", "code"),
    [
        (DID.replace("did:", "notDid:"), {}, "invalidDid"),
        (f"did:experimental:{MULTIKEY}", {}, "methodNotSupported"),
        (f"did:key:-4:{MULTIKEY}", {}, "invalidDid"),
        (f"did:key:{MULTIKEY[1:]}", {}, "invalidDid"),
        ("did:key:@", {}, "invalidDid"),
        ("did:key:zTjsVPtY", {}, "invalidPublicKeyLength"),
        (DID, {"publicKeyFormat": "unknown"}, "unsupportedPublicKeyType"),
    ],
)
def test_a_bad_did_has_an_error_status_and_the_whole_envelope(
    face: Caller, address: str, query: dict[str, str], code: str
) -> None:
    status, envelope = face.resolve(address, **query)
    assert (status, envelope["didDocument"]) == (400, {})
    assert envelope["didResolutionMetadata"]["error"] == code
    assert envelope["@context"]
    assert envelope["didDocumentMetadata"] == {}


@pytest.mark.parametrize(
    ("address", "query", "code", "expected"),
    [
        (f"{DID}/^bar^/?query=`#{MULTIKEY}", {}, "invalidDidUrl", 400),
        (f"{DID}#{MULTIKEY}", {"publicKeyFormat": "Ed25519VerificationKey2018"}, "invalidPublicKeyType", 400),
        (AGREEMENT, {"publicKeyFormat": "Ed25519VerificationKey2018"}, "invalidPublicKeyType", 400),
        (f"{DID}#elsewhere", {}, "notFound", 404),
    ],
)
def test_a_bad_did_url_has_an_error_status_and_the_whole_envelope(
    face: Caller, address: str, query: dict[str, str], code: str, expected: int
) -> None:
    status, envelope = face.resolve(address, **query, enableExperimentalPublicKeyTypes="false")
    assert (status, envelope["didDocument"]) == (expected, {})
    assert envelope["didDereferencingMetadata"]["error"] == code


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    address=st.text(min_size=1, max_size=60)
    | st.from_regex(r"did:key:(1:)?z[1-9A-HJ-NP-Za-km-z]{1,80}(#\w{0,9})?", fullmatch=True),
    key_format=st.sampled_from(["Multikey", "JsonWebKey2020", "Ed25519VerificationKey2020", "x", ""]),
)
def test_whatever_is_asked_the_resolver_never_breaks(face: Caller, address: str, key_format: str) -> None:
    path = "/vc-api/resolver/" + quote(address, safe="", errors="replace")
    answer = face.client.get(path, {"publicKeyFormat": key_format}, secure=True)
    assert answer.status_code in (200, 400, 404)
