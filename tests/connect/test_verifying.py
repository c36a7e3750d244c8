"""Verifying at the face: what the suites for VC-API verifiers, EdDSA, ECDSA and VCDM 2.0 ask."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from guildmark.connect.vcapi.types import FACES
from guildmark.keys import conformance
from tests.connect.conftest import Caller
from tests.connect.samples import EMBEDDED, GONE, SUBJECT, V2, changed, credential, older, presentation

VECTORS = Path(__file__).parents[1] / "protocol" / "vectors"
PRESENTATIONS = json.loads((VECTORS / "presentations.json").read_text("utf-8"))

#: The vector of the suite for VC-API verifiers (w3c-ccg/vc-api-verifier-test-suite, mock-data/valid-vc-di.json).
ED25519_2020: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/2018/credentials/v1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
    ],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "did:key:z6MkhTNL7i2etLerDK8Acz5t528giE5KA4p75T6ka1E1D74r"},
    "id": "urn:uuid:797f719c-e4ac-4e9e-8da8-bc60a9c8ba91",
    "issuanceDate": "2022-03-31T19:21:25Z",
    "expirationDate": "2022-05-31T19:21:25Z",
    "issuer": "did:key:z6MkiVQTYk3L2XKY6yg6MyeN2QLE5QkKcXByUeY1dkdiLx4j",
    "proof": {
        "type": "Ed25519Signature2020",
        "created": "2022-03-31T19:21:26Z",
        "verificationMethod": "did:key:z6MkiVQTYk3L2XKY6yg6MyeN2QLE5QkKcXByUeY1dkdiLx4j#z6MkiVQTYk3L2XKY6yg6MyeN2QLE5QkKcXByUeY1dkdiLx4j",
        "proofPurpose": "assertionMethod",
        "proofValue": "z4ngCxM3oqs6Fxq4NcgzXT8XugTK92EeHxkux8CjdZwSbFqMZVDQqBJcXb3MUcfbDWzsCoDA3pYAYJDqYbCtMvXxz",
    },
}

WRONG: list[dict[str, Any]] = [
    *({"@context": value} for value in (GONE, "string", {}, None, 10, True, [[]], [{}], [None], [10], [True])),
    *({"type": value} for value in (GONE, "string", {}, None, 10, True, [[]], [{}], [None], [10], [True])),
    *({"issuer": value} for value in (GONE, [], None, 10, True)),
    *({"credentialSubject": value} for value in (GONE, "string", None, 10, True, [])),
    *({"proof": value} for value in (GONE, "string", None, 10, True, [])),
]  # fmt: skip


def test_an_old_vector_of_others_holds_although_it_has_expired(face: Caller) -> None:
    assert face.verify(ED25519_2020) == 200


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_what_is_not_sound_does_not_verify(face: Caller, changes: dict[str, Any]) -> None:
    assert face.verify(changed(ED25519_2020, changes)) == 400
    assert face.verify(changed(face.issued("eddsa-rdfc-2022", credential()), changes)) == 400


@pytest.mark.parametrize("member", ["type", "created", "verificationMethod", "proofValue", "proofPurpose"])
def test_no_part_of_the_proof_may_be_missing(face: Caller, member: str) -> None:
    document = copy.deepcopy(ED25519_2020)
    del document["proof"][member]
    assert face.verify(document) == 400


def test_what_was_published_as_a_vector_holds(face: Caller) -> None:
    """The issuer of these is an https address and the key an unrelated did:key: only the proof is asked about."""
    file = json.loads((VECTORS / "cryptosuites.json").read_text("utf-8"))
    shipped = {V2, "https://www.w3.org/ns/credentials/examples/v2"}
    seen = 0
    for vector in file["vectors"].values():
        document = {**file["document"], **vector.get("changes", {}), "proof": vector["proof"]}
        if (
            set(map(str, document["@context"])) <= shipped
            and "did:key:" in vector["proof"]["verificationMethod"]
        ):
            assert face.verify(document) == 200, vector["proof"]["cryptosuite"]
            seen += 1
    assert seen >= 4


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_proof_holds_for_what_it_was_made_for_only(face: Caller, name: str) -> None:
    made = face.issued(name, credential())
    assert face.verify(made) == 200
    assert face.verify(made, domain=None, challenge=None) == 200
    for options in (
        {"expectedProofPurpose": "authentication"},
        {"domain": "domain.example"},
        {"domain": "domain.example", "challenge": "1235abcd6789"},
        {"domain": 4},
        {"checks": "proof"},
    ):
        assert face.verify(made, **options) == 400
    for proof in (
        {"type": "UnknownProofType"},
        {"cryptosuite": "UnknownCryptosuite"},
        {"verificationMethod": "did:key:invalidVm"},
        {"proofPurpose": "invalidPurpose"},
        {"proofValue": made["proof"]["proofValue"][1:]},
        {"proofValue": "u" + made["proof"]["proofValue"][1:]},
        {"proofValue": None},
        {"created": "invalidDate"},
        {"expires": "invalidDate"},
        {"expires": "2020-01-01T00:00:00Z"},
        {"previousProof": "urn:uuid:missing"},
    ):
        assert face.verify({**made, "proof": {**made["proof"], **proof}}) == 400
    subject = made["credentialSubject"]
    assert (
        face.verify({**made, "credentialSubject": {**subject, "undefinedTerm": "IfDroppedWillVerify"}}) == 400
    )
    assert face.verify({**made, "type": [*made["type"], "UndefinedType"]}) == 400
    assert face.verify({**made, "credentialSubject": {**subject, "name": "Mallory"}}) == 400
    assert face.verify({"type": ["NonconformingDocument"]}) == 400


def test_a_refusal_says_where_and_why(face: Caller) -> None:
    status, problem = face.post("credentials/verify", {"verifiableCredential": credential()})
    assert (status, problem["status"], problem["verified"]) == (400, 400, False)
    assert problem["field"] == "proof"
    assert problem["errors"][0]["type"].endswith("#PROOF_VERIFICATION_ERROR")
    status, problem = face.post("credentials/verify", {"verifiableCredential": credential(type=GONE)})
    assert problem["errors"][0]["type"].endswith("#MALFORMED_VALUE_ERROR")


@pytest.mark.parametrize(
    "vector", PRESENTATIONS["presentations"], ids=lambda v: f"{v['kind']}, {v['version']}"
)
def test_presentations_of_others_hold(face: Caller, vector: dict[str, Any]) -> None:
    asked = {"challenge": PRESENTATIONS["challenge"], "domain": PRESENTATIONS["domain"]}
    shown = vector["presentation"]
    for options in ({}, {"checks": []}, asked):
        status, body = face.verify_presentation(shown, **options)
        assert (status, body["signed"]) == (200, True)
    assert face.verify_presentation(shown, **{**asked, "challenge": "another"})[0] == 400
    assert face.verify_presentation(shown, **{**asked, "domain": "other.example"})[0] == 400
    for value in shown["verifiableCredential"]:
        assert face.verify(value) == 200
    assert (
        face.verify_presentation({**shown, "proof": {**shown["proof"], "proofValue": "z5nmMBw2u9TG"}})[0]
        == 400
    )


@pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019-p384"])
def test_the_face_shows_what_it_holds(face: Caller, name: str) -> None:
    own = conformance.signer(FACES[name].kind).did
    held = [
        face.issued(name, credential(issuer=own)),
        face.issued("jwt", credential(issuer=conformance.signer("P-256").did)),
    ]
    document = presentation(*held, holder={"id": own})
    body = {"presentation": document, "options": {"challenge": "c", "domain": "d.example"}}
    status, shown = face.post(f"{name}/presentations/prove", body)
    assert status == 201, shown
    status, report = face.verify_presentation(shown, challenge="c", domain="d.example")
    assert (status, report["holder"]) == (200, own)
    assert face.verify_presentation(shown, challenge="other")[0] == 400
    body["presentation"] = presentation(holder=SUBJECT)
    assert face.post(f"{name}/presentations/prove", body)[0] == 400
    assert face.post("jwt/presentations/prove", body)[0] == 400
    assert face.post("ecdsa-sd-2023-p256/presentations/prove", body)[0] == 400


def test_an_unsigned_presentation_passes_only_where_nothing_was_asked(face: Caller) -> None:
    own = conformance.signer("Ed25519").did
    document = presentation(face.issued("eddsa-rdfc-2022", credential(issuer=own)))
    status, report = face.verify_presentation(document)
    assert (status, report["signed"], len(report["warnings"])) == (200, False, 1)
    assert face.verify_presentation(document, challenge="c")[0] == 400
    foreign = presentation(face.issued("eddsa-rdfc-2022", credential()))
    assert face.verify_presentation(foreign)[0] == 400


def test_presentations_of_unsound_form_do_not_verify(face: Caller) -> None:
    for changes in (
        {"type": GONE},
        {"type": ["SomethingElse"]},
        {"holder": {"id": "z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"}},
        {"verifiableCredential": "https://example.org/1"},
        {"verifiableCredential": [4]},
        {"@context": []},
    ):
        assert face.verify_presentation(presentation(older(), **changes))[0] == 400
    assert face.verify_presentation({"type": ["NonconformingDocument"]})[0] == 400


def test_an_enveloped_credential_holds_in_a_sound_envelope_only(face: Caller) -> None:
    made = face.issued("jwt", credential())
    assert face.verify(made) == 200
    for wrong in (
        {"@context": []},
        {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
        {"id": made["id"].partition(",")[2]},
        {"type": GONE},
        {"type": "VerifiableCredential"},
    ):
        assert face.verify(changed(made, wrong)) == 400


def test_enveloped_presentations_are_made_and_opened(face: Caller) -> None:
    own = conformance.signer("P-256").did
    document = presentation(face.issued("jwt", credential(issuer=own)), holder=own)
    asked = {"challenge": "c", "domain": "d.example"}
    status, shown = face.post("jwt/presentations/prove", {"presentation": document, "options": asked})
    assert (status, shown["type"]) == (201, "EnvelopedVerifiablePresentation")
    assert face.verify_presentation(shown, **asked)[0] == 200
    assert face.verify_presentation(shown, challenge="other")[0] == 400
    for wrong in (
        {"@context": []},
        {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
        {"id": shown["id"].partition(",")[2]},
        {"type": ["VerifiablePresentation"]},
    ):
        assert face.verify_presentation({**shown, **wrong})[0] == 400
