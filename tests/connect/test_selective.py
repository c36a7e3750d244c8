"""Selective disclosure at the face: base proofs for holders, derived proofs for verifiers (ECDSA Cryptosuites 1.0, 3.6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connect.conftest import Caller
from tests.connect.samples import SHAPES, credential, older

NAME = "ecdsa-sd-2023-p256"


def derived(face: Caller, base: dict[str, Any], *pointers: str) -> tuple[int, Any]:
    body = {"verifiableCredential": base, "options": {"selectivePointers": list(pointers)}}
    return face.post("credentials/derive", body)


@pytest.mark.parametrize("document", [credential(), older()], ids=["2.0", "1.1"])
def test_a_derived_proof_verifies_and_a_base_proof_does_not(face: Caller, document: dict[str, Any]) -> None:
    needed = ["/issuer", "/issuanceDate"] if "issuanceDate" in document else ["/issuer"]
    base = face.issued(NAME, document, mandatoryPointers=needed)
    assert base["proof"]["cryptosuite"] == "ecdsa-sd-2023"
    assert base["proof"]["proofValue"].startswith("u")
    assert face.verify(base) == 400
    status, shown = derived(face, base, "/credentialSubject/id")
    assert status == 201
    assert face.verify(shown) == 200
    assert shown["issuer"] == document["issuer"]
    assert face.verify({**shown, "issuer": "did:example:mallory"}) == 400


@pytest.mark.parametrize("document", [credential(), older()], ids=["2.0", "1.1"])
def test_without_pointers_what_every_verifier_needs_is_mandatory(
    face: Caller, document: dict[str, Any]
) -> None:
    base = face.issued(NAME, document)
    status, shown = derived(face, base, "/credentialSubject/id")
    assert status == 201
    assert face.verify(shown) == 200
    assert set(document) & {"issuer", "issuanceDate"} <= set(shown)


def test_the_derived_vector_of_the_w3c_holds(face: Caller) -> None:
    path = Path(__file__).parents[1] / "protocol" / "vectors" / "ecdsa-sd-2023.json"
    vector = json.loads(path.read_text("utf-8"))["w3c"]
    assert face.verify(vector["derived"]) == 200
    assert face.verify(vector["base"]) == 400


def test_what_was_not_chosen_is_not_shown(face: Caller) -> None:
    base = face.issued(NAME, credential(name="A name"), mandatoryPointers=["/issuer"])
    status, shown = derived(face, base, "/credentialSubject/name")
    assert (status, shown["credentialSubject"]["name"]) == (201, "Alice")
    assert "name" not in shown
    assert face.verify(shown) == 200
    assert face.verify({**shown, "name": "A name"}) == 400
    assert derived(face, shown, "/issuer")[0] == 400


def test_lists_and_numbers_are_shown_one_by_one(face: Caller) -> None:
    document = SHAPES["achievements 2.0"]
    base = face.issued(
        NAME, document, mandatoryPointers=["/issuer", "/credentialSubject/achievements/0/sailNumber"]
    )
    status, shown = derived(face, base, "/credentialSubject/achievements/1/sails/0/size")
    assert status == 201
    assert face.verify(shown) == 200
    assert [one.get("sailNumber") for one in shown["credentialSubject"]["achievements"]] == ["Earth101", None]


@pytest.mark.parametrize("pointers", ["text", [4], {}, ["/non/existent/path"], ["noslash"]])
def test_pointers_that_lead_nowhere_are_refused(face: Caller, pointers: Any) -> None:
    assert face.issue(NAME, credential(), mandatoryPointers=pointers)[0] == 400
    base = face.issued(NAME, credential(), mandatoryPointers=["/issuer"])
    body = {"verifiableCredential": base, "options": {"selectivePointers": pointers}}
    assert face.post("credentials/derive", body)[0] == 400


def test_only_a_base_proof_can_be_derived_from(face: Caller) -> None:
    for document in (credential(), face.issued("eddsa-rdfc-2022", credential()), {}):
        assert derived(face, document, "/issuer")[0] == 400
    assert face.post("credentials/derive", {})[0] == 400
