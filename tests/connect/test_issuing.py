"""Issuing at the face: what the suites for VC-API issuers, EdDSA, ECDSA and VCDM 2.0 ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.connect.vcapi.types import FACES
from guildmark.protocol import keys, multibase
from guildmark.protocol.proofs import jose
from tests.connect.conftest import Caller
from tests.connect.samples import (
    DATA_INTEGRITY,
    EMBEDDED,
    EXAMPLES,
    GONE,
    SHAPES,
    V1,
    V2,
    credential,
    older,
    presentation,
)

BOTH = [name for name in EMBEDDED if "1.1" in FACES[name].versions]
HEADERS = {"Ed25519": "z6Mk", "P-256": "zDna", "P-384": "z82L"}


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_face_secures_by_its_own_suite_and_key(face: Caller, name: str) -> None:
    made = face.issued(name, credential())
    proof, kind = made["proof"], FACES[name].kind
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", FACES[name].cryptosuite)
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"].removeprefix("did:key:").startswith(HEADERS[kind])
    assert len(multibase.decode(proof["proofValue"], allowed="z")) == keys.SIGNATURE_BYTES[kind]
    assert face.verify(made) == 200


@pytest.mark.parametrize("name", BOTH)
def test_credentials_of_the_older_version_get_the_context_that_defines_the_proof(
    face: Caller, name: str
) -> None:
    made = face.issued(name, older())
    assert made["@context"] == [V1, DATA_INTEGRITY]
    assert face.verify(made) == 200
    named = face.issued(name, older(**{"@context": [V1, DATA_INTEGRITY]}, issuanceDate=GONE))
    assert named["@context"] == [V1, DATA_INTEGRITY]
    assert named["issuanceDate"]


@pytest.mark.parametrize("name", [name for name, face in FACES.items() if face.cryptosuite])
def test_no_face_makes_another_proof_than_the_options_ask_for(face: Caller, name: str) -> None:
    own = {"type": "DataIntegrityProof", "cryptosuite": FACES[name].cryptosuite}
    assert face.issued(name, credential(), **own)["proof"]["cryptosuite"] == own["cryptosuite"]
    for option, other in (("type", "Ed25519Signature2020"), ("cryptosuite", "bbs-2023"), ("cryptosuite", [])):
        status, answer = face.issue(name, credential(), **{**own, option: other})
        assert (status, answer["field"]) == (400, f"options.{option}")


def test_a_base_proof_is_no_link_of_a_chain(face: Caller) -> None:
    status, answer = face.issue("ecdsa-sd-2023-p256", credential(), previousProof="urn:uuid:first")
    assert (status, answer["field"]) == (400, "options.previousProof")


def test_the_token_face_answers_with_an_envelope(face: Caller) -> None:
    made = face.issued("jwt", credential())
    assert made["@context"] == [V2]
    assert made["type"] == "EnvelopedVerifiableCredential"
    prefix, _, token = made["id"].partition(",")
    assert prefix == "data:application/vc+jwt"
    assert jose.parse(token).header["alg"] == "ES256"
    assert face.verify(made) == face.verify(token) == 200
    for wrong in (
        {"@context": []},
        {"@context": EXAMPLES},
        {"type": "VerifiableCredential"},
        {"type": None},
        {"id": token},
        {"id": f"{prefix},{token[:-4]}AAAA"},
        {"id": f"data:application/vc+sd-jwt,{token}"},
    ):
        assert face.verify({**made, **wrong}) == 400
    assert face.issue("jwt", older())[0] == 400


NOT_ISSUED: list[dict[str, Any]] = [
    {"@context": GONE}, {"@context": 4}, {"@context": False}, {"@context": None}, {"@context": []},
    {"@context": [EXAMPLES, V2]}, {"@context": [V2, "https://unknown.example/context"]},
    {"@context": [V2, {"VerifiableCredential": "https://example.org/other"}]},
    {"@context": [V2, {"name": "https://example.org/other"}]},
    {"type": GONE}, {"type": 4}, {"type": []}, {"type": [None]}, {"type": ["UnmappedType", "VerifiableCredential"]},
    {"issuer": GONE}, {"issuer": None}, {"issuer": True}, {"issuer": 4}, {"issuer": []},
    {"credentialSubject": GONE}, {"credentialSubject": None}, {"credentialSubject": True},
    {"credentialSubject": 4}, {"credentialSubject": []}, {"credentialSubject": "did:example:1234"},
    {"credentialSubject": {"id": "did:example:s", "undefinedTerm": "would be dropped"}},
    {"id": "not-a-url"}, {"validFrom": "today"}, {"credentialStatus": {"id": "urn:x:1"}},
    {"credentialSchema": {"type": "JsonSchema"}}, {"proof": "text"}, {"proof": {"created": "2026-01-01T00:00:00Z"}},
    {"relatedResource": {"id": V2, "digestSRI": "sha256-" + "A" * 43 + "="}},
]  # fmt: skip


@pytest.mark.parametrize("changes", NOT_ISSUED, ids=str)
@pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "ecdsa-jcs-2019-p384", "jwt"])
def test_what_is_not_sound_is_answered_with_400(face: Caller, name: str, changes: dict[str, Any]) -> None:
    status, problem = face.issue(name, credential(**changes))
    assert status == 400
    assert problem["detail"]
    assert problem["errors"][0]["type"]


@pytest.mark.parametrize(
    "body",
    [{}, {"verifiableCredential": {}}, {"credential": []}, {"credential": 4}, [], "{", "", b"\xff", "4"],
)
def test_a_body_of_another_form_is_answered_with_400(face: Caller, body: Any) -> None:
    assert face.post("eddsa-rdfc-2022/credentials/issue", body)[0] == 400
    assert face.post("credentials/verify", body)[0] == 400
    assert face.post("presentations/verify", body)[0] == 400
    assert face.post("credentials/status", body)[0] == 400


@pytest.mark.parametrize("option", [4, {}, [4], {"a": 1}, "urn:uuid:not-there", ["urn:uuid:not-there"]])
def test_a_proof_that_builds_on_none_is_not_made(face: Caller, option: Any) -> None:
    made = face.issued("eddsa-rdfc-2022", credential())
    assert face.issue("ecdsa-rdfc-2019-p256", made, previousProof=option)[0] == 400


@pytest.mark.parametrize("second", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019-p384"])
def test_proofs_make_a_set_or_a_chain(face: Caller, second: str) -> None:
    made = face.issued("eddsa-rdfc-2022", credential())
    first = made["proof"]["id"]
    for previous in (first, [first], None):
        both = face.issued(second, made, **({"previousProof": previous} if previous else {}))
        assert [proof["cryptosuite"] for proof in both["proof"]] == [
            "eddsa-rdfc-2022",
            FACES[second].cryptosuite,
        ]
        assert both["proof"][1].get("previousProof") == previous
        assert face.verify(both) == 200
        alone = json.loads(json.dumps(both))
        alone["proof"] = [alone["proof"][1]]
        assert face.verify(alone) == (400 if previous else 200)


@pytest.mark.parametrize("shape", SHAPES)
def test_documents_of_the_suites_are_secured_and_hold(face: Caller, shape: str) -> None:
    document = SHAPES[shape]
    for name in (*BOTH, *(["jwt"] if document["@context"][0] == V2 else [])):
        made = face.issued(name, document)
        assert face.verify(made) == 200, name


def test_words_may_have_a_language_and_a_direction(face: Caller) -> None:
    name = [
        {"@value": "شهادة", "@language": "ar", "@direction": "rtl"},
        {"@value": "Award", "@language": "en"},
    ]
    made = face.issued("eddsa-rdfc-2022", credential(name=name, issuer={"id": "did:example:i", "name": name}))
    assert face.verify(made) == 200
    made["name"][0]["@direction"] = "ltr"
    assert face.verify(made) == 400


def test_an_unknown_face_is_not_there(face: Caller) -> None:
    assert face.issue("rsa-2030", credential())[0] == 404


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.sampled_from(["", "x", "did:a:b", V2, "urn:x:1", "@id"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "proof", "@context", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
MEMBERS = (
    "@context id type issuer credentialSubject proof credentialStatus name holder relatedResource evidence "
    "verifiableCredential validFrom credentialSchema termsOfUse"
)
members = st.sampled_from(MEMBERS.split())


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.dictionaries(members, anything, min_size=1, max_size=2), options=anything)
def test_whatever_is_sent_the_face_never_breaks(face: Caller, changes: dict[str, Any], options: Any) -> None:
    body: dict[str, Any] = {"options": options}
    for name in ("eddsa-jcs-2022", "jwt"):
        status, _ = face.post(f"{name}/credentials/issue", {**body, "credential": credential(**changes)})
        assert status in (201, 400)
    made = {
        **credential(),
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"},
        **changes,
    }
    assert face.post("credentials/verify", {**body, "verifiableCredential": made})[0] == 400
    status, _ = face.post("presentations/verify", {**body, "verifiablePresentation": made})
    assert status == 400
    assert face.post("credentials/derive", {**body, "verifiableCredential": made})[0] == 400
    for name in ("eddsa-rdfc-2022", "jwt"):
        shown = {**presentation(), **changes}
        status, _ = face.post(f"{name}/presentations/prove", {**body, "presentation": shown})
        assert status in (201, 400)
    status, _ = face.post("credentials/status", {"credentialStatus": options, **changes})
    assert status in (400, 404)


def test_a_base_proof_that_was_damaged_never_breaks_the_holder(face: Caller) -> None:
    base = face.issued("ecdsa-sd-2023-p256", credential())
    value = base["proof"]["proofValue"]
    options = {"selectivePointers": ["/credentialSubject/name"]}
    for broken in (value[1:], value[:1] + value[4:], value[:-7], "u", "z", 4):
        damaged = {**base, "proof": {**base["proof"], "proofValue": broken}}
        status, _ = face.post("credentials/derive", {"verifiableCredential": damaged, "options": options})
        assert status == 400
