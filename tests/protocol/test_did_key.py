"""did:key: documents of another implementation, and the error that the specification has for each bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guildmark.protocol import contexts, did, did_key, keys, multibase
from guildmark.protocol.did_key import DidError, Options

FILE = json.loads((Path(__file__).parent / "vectors" / "did-key.json").read_text("utf-8"))
DID = "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
MULTIKEY = DID.removeprefix("did:key:")
AGREEMENT = f"{DID}#z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ"


@pytest.mark.parametrize("vector", FILE["documents"], ids=lambda vector: str(vector["document"]["id"])[:14])
def test_documents_are_those_of_another_implementation(vector: dict[str, Any]) -> None:
    expected = vector["document"]
    options = Options(vector["format"], encryption_key="keyAgreement" in expected)
    assert did_key.resolve(expected["id"], options) == expected


@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", "Ed25519"])
def test_a_key_as_jwk_is_the_same_key(kind: str) -> None:
    for vector in FILE["documents"]:
        controller = vector["document"]["id"]
        key = keys.decode_multikey(controller.removeprefix("did:key:"))
        if key.kind == kind:
            document = did_key.resolve(controller, Options("JsonWebKey2020"))
            method = document["verificationMethod"][0]["id"]
            assert did.find_assertion_method(document, method, controller).key == key
            return
    pytest.fail("no key of this kind among the vectors")


def test_a_key_for_encryption_is_derived_where_it_is_asked_for() -> None:
    agreement = did_key.resolve(DID, Options("Multikey"))["keyAgreement"][0]
    assert (agreement["id"], agreement["type"]) == (AGREEMENT, "Multikey")
    assert (
        did_key.resolve(DID, Options("JsonWebKey2020"))["keyAgreement"][0]["publicKeyJwk"]["crv"] == "X25519"
    )
    assert "keyAgreement" not in did_key.resolve(DID, Options(encryption_key=False))
    alone = did_key.resolve("did:key:" + AGREEMENT.partition("#")[2])
    assert set(alone) == {"@context", "id", "verificationMethod", "keyAgreement"}


@pytest.mark.parametrize("address", [f"{DID}#{MULTIKEY}", AGREEMENT])
def test_an_address_in_the_document_gives_its_key(address: str) -> None:
    found = did_key.dereference(address)
    assert (found["id"], found["controller"]) == (address, DID)
    assert found["@context"] == contexts.MULTIKEY_V1


@pytest.mark.parametrize(
    ("address", "options", "code"),
    [
        (DID.replace("did:", "notDid:"), {}, "invalidDid"),
        (MULTIKEY, {}, "invalidDid"),
        ("did:experimental:" + MULTIKEY, {}, "methodNotSupported"),
        (f"did:key:-4:{MULTIKEY}", {}, "invalidDid"),
        (f"did:key:0:{MULTIKEY}", {}, "invalidDid"),
        (f"did:key:one:{MULTIKEY}", {}, "invalidDid"),
        (f"did:key:1:{MULTIKEY}:2", {}, "invalidDid"),
        ("did:key:" + MULTIKEY[1:], {}, "invalidDid"),
        ("did:key:@", {}, "invalidDid"),
        ("did:key:z0OIl", {}, "invalidDid"),
        ("did:key:", {}, "invalidDid"),
        ("", {}, "invalidDid"),
        ("did:key:zTjsVPtY", {}, "invalidPublicKeyLength"),
        ("did:key:" + multibase.encode(b"\x80\x24" + b"\x02" * 32), {}, "invalidPublicKeyLength"),
        ("did:key:" + multibase.encode(b"\x80\x24\x02" + b"\xff" * 32), {}, "invalidPublicKey"),
        ("did:key:" + multibase.encode(b"\xe7\x01" + b"\x02" * 33), {}, "unsupportedPublicKeyType"),
        ("did:key:" + multibase.encode(b"\x00\x01" + b"\x02" * 33), {}, "unsupportedPublicKeyType"),
        (DID, {"key_format": "unknown"}, "unsupportedPublicKeyType"),
        (DID, {"key_format": "Ed25519VerificationKey2018"}, "invalidPublicKeyType"),
        (DID, {"key_format": "X25519KeyAgreementKey2020"}, "invalidPublicKeyType"),
    ],
)
def test_a_bad_did_has_its_error(address: str, options: dict[str, Any], code: str) -> None:
    with pytest.raises(DidError) as caught:
        did_key.dereference(address, Options(**options))
    assert (caught.value.code, caught.value.dereferencing) == (code, False)


@pytest.mark.parametrize(
    ("address", "options", "code"),
    [
        (f"{DID}/^bar^/?query=`#{MULTIKEY}", {}, "invalidDidUrl"),
        (f"{DID}#a#b", {}, "invalidDidUrl"),
        (f"@/{DID}", {}, "invalidDidUrl"),
        (f"{DID}#{MULTIKEY}", {"key_format": "Ed25519VerificationKey2018"}, "invalidPublicKeyType"),
        (AGREEMENT, {"key_format": "Ed25519VerificationKey2018"}, "invalidPublicKeyType"),
        (f"{DID}#other", {}, "notFound"),
        (f"did:key:zTjsVPtY#{MULTIKEY}", {}, "invalidPublicKeyLength"),
    ],
)
def test_a_bad_did_url_has_its_error(address: str, options: dict[str, Any], code: str) -> None:
    with pytest.raises(DidError) as caught:
        did_key.dereference(address, Options(**options))
    assert (caught.value.code, caught.value.dereferencing) == (code, True)
