"""The face is off unless it is switched on, and its keys and those of organisations never meet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.config import load
from guildmark.connect.vcapi import queries as faces
from guildmark.connect.vcapi.types import FACES
from guildmark.kernel.crypto import SealBroken
from guildmark.kernel.problems import NotFound
from guildmark.keys import actions, conformance, custody, queries
from guildmark.keys.models import ConformanceKey, SigningKey
from guildmark.protocol import verify
from guildmark.protocol.report import Outcome, Verdict
from guildmark.site import health
from tests.connect.conftest import Caller
from tests.connect.samples import EXAMPLES, V2, credential, presentation

ADDRESSES = [
    "credentials/derive", "eddsa-rdfc-2022/credentials/issue", "eddsa-rdfc-2022/presentations/prove", "credentials/verify",
    "presentations/verify", "credentials/status", "status/00000000-0000-0000-0000-000000000000",
    "status/00000000-0000-0000-0000-000000000000/publish", "resolver/did:key:z6Mk",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_there_unless_it_is_switched_on(address: str) -> None:
    client = Client()
    for answer in (
        client.get(f"/vc-api/{address}"),
        client.post(
            f"/vc-api/{address}", json.dumps({"credential": credential()}), content_type="application/json"
        ),
    ):
        assert answer.status_code == 404
    with pytest.raises(NotFound):
        conformance.signer("Ed25519")
    assert not ConformanceKey.objects.exists()


def test_the_doctor_says_that_it_is_on(db: None, switched_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def level() -> str:
        return next(health.conformance_face())[0]

    assert level() == "warn"
    monkeypatch.setenv("GUILDMARK_BASE_URL", "https://credentials.example")
    load.cache_clear()
    assert level() == "wrong"
    monkeypatch.delenv("GUILDMARK_VC_API")
    load.cache_clear()
    assert level() == "ok"


def test_whatever_the_face_signs_it_signs_with_a_key_of_its_own(face: Caller, org: Any) -> None:
    issuing = {actions.ensure_active_key(org.id).public_multibase}
    named = {name: queries.issuer_id("northlamp") for name in ("issuer", "holder")}
    used = set()
    for name, one in FACES.items():
        made = face.issued(name, credential(issuer=named["issuer"]))
        if one.cryptosuite:
            used.add(made["proof"]["verificationMethod"].partition("#")[2])
            report = verify.verify(
                json.dumps(made), loader=lambda url: queries.did_document(org.id), now=faces.now()
            )
            assert report.verdict is Verdict.UNKNOWN_ISSUER
            body = {"presentation": presentation(holder=named["holder"])}
            assert face.post(f"{name}/presentations/prove", body)[0] == 400
    assert used == set(ConformanceKey.objects.values_list("public_multibase", flat=True))
    assert not used & issuing


def test_no_document_of_an_issuer_lists_a_key_of_the_face(face: Caller, org: Any) -> None:
    for name in FACES:
        face.issued(name, credential())
    actions.ensure_active_key(org.id)
    own = list(ConformanceKey.objects.values_list("public_multibase", flat=True))
    assert len(own) == 3
    documents = json.dumps(
        [queries.did_document(org.id), queries.issuer_profile(org.id), queries.jwks(org.id)]
        + [Client().get(f"/o/northlamp/{name}").json() for name in ("did.json", "jwks.json")]
    )
    for multikey in own:
        assert multikey not in documents
        with pytest.raises(NotFound):
            queries.jwk(org.id, multikey)
        assert Client().get(f"/o/northlamp/keys/{multikey}.json").status_code == 404


def test_a_sealed_key_opens_for_its_own_purpose_only(face: Caller, org: Any) -> None:
    """Even a row that was moved by hand to the other table does not sign."""
    own = conformance.signer("Ed25519")
    actions.ensure_active_key(org.id)
    row = ConformanceKey.objects.get(kind="Ed25519")
    key = SigningKey.objects.for_org(org.id).get()
    with pytest.raises(SealBroken):
        custody.sign(row.id, bytes(row.sealed), b"message")
    with pytest.raises(SealBroken):
        custody.sign_conformance(key.id, bytes(key.sealed), "Ed25519", b"message")
    assert len(own.sign(b"message")) == 64


def test_a_key_of_the_face_is_made_once(face: Caller) -> None:
    assert {conformance.signer("P-384").did for _ in range(3)} == {conformance.signer("P-384").did}
    assert ConformanceKey.objects.count() == 1


def test_the_record_lists_addresses_that_answer_with_the_key_they_name(face: Caller) -> None:
    record = faces.implementation_record("https://testserver")
    assert {issuer["endpoint"].split("/")[4] for issuer in record["issuers"]} == set(FACES)
    for issuer in record["issuers"]:
        status, made = face.post(
            issuer["endpoint"].removeprefix("https://testserver/vc-api/"),
            {"credential": credential(issuer=issuer["id"])},
        )
        assert status == 201
        if "ecdsa-sd-2023" not in issuer["tags"]:
            assert face.verify_presentation(presentation(made))[0] == 200
    for list_name in ("verifiers", "vpVerifiers", "vcHolders", "didResolvers"):
        assert record[list_name][0]["endpoint"].startswith("https://testserver/vc-api/")
    tags = {tag for issuer in record["issuers"] for tag in issuer["tags"]}
    assert tags >= {
        "vc2.0",
        "vc-api",
        "eddsa-jcs-2022",
        "ecdsa-rdfc-2019",
        "BitstringStatusList",
        "Suspension",
    }
    assert "EnvelopingProof" in record["verifiers"][0]["tags"]
    assert "EnvelopingProof" not in record["vpVerifiers"][0]["tags"]


def test_the_record_offers_a_verifier_for_the_curves_of_the_issuers_and_for_no_other(face: Caller) -> None:
    record = faces.implementation_record("https://testserver")
    for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"):
        issuers = [entry for entry in record["issuers"] if suite in entry["tags"]]
        (verifier,) = [entry for entry in record["verifiers"] if suite in entry["tags"]]
        curves = [curve for entry in issuers for curve in entry["supportedEcdsaKeyTypes"]]
        assert verifier["supportedEcdsaKeyTypes"] == sorted(curves)


def test_whoever_asks_for_a_verifier_of_status_lists_has_the_status_looked_at(face: Caller) -> None:
    record = faces.implementation_record("https://testserver")
    [chosen] = [one for one in record["verifiers"] if "BitstringStatusList" in one["tags"]]
    assert all("options" not in one for one in record["verifiers"] if one is not chosen)
    path = chosen["endpoint"].removeprefix("https://testserver/vc-api/")
    made = face.issued("bitstring-revocation", credential())
    body = {"verifiableCredential": made, "options": chosen["options"]}
    assert face.post(path, body)[0] == 200
    assert face.post("credentials/status", {"credentialId": made["id"]})[0] == 200
    assert face.post(path, body)[0] == 400


def test_the_ordinary_verifier_does_not_know_the_examples_context(face: Caller) -> None:
    own = conformance.signer("Ed25519").did
    plain = face.issued("eddsa-rdfc-2022", credential(issuer=own))
    made = face.issued("eddsa-rdfc-2022", credential(issuer=own, **{"@context": [V2, EXAMPLES]}))
    outcomes = []
    for document in (plain, made):
        report = verify.verify(json.dumps(document), loader=verify.offline, now=faces.now())
        outcomes.append({check.name: check.outcome for check in report.checks}["proof"])
        assert face.verify(document) == 200
    assert outcomes == [Outcome.PASSED, Outcome.NOT_CHECKED]
