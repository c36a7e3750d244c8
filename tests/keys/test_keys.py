"""Keys: custody, rotation, the documents for the world, and the right to sign."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from guildmark import config
from guildmark.kernel import audit, tasks
from guildmark.kernel.actor import Actor
from guildmark.kernel.crypto import SealBroken
from guildmark.kernel.problems import Forbidden, Invalid, NotFound, Unavailable
from guildmark.keys import actions, custody, queries
from guildmark.keys.models import SigningKey
from tests.people.builders import PASSWORD, Org

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def raw_key(multibase: str) -> bytes:
    """Base58 by hand: the 32 bytes behind ``z6Mk...``."""
    number = 0
    for char in multibase[1:]:
        number = number * 58 + ALPHABET.index(char)
    data = number.to_bytes(34, "big")
    assert data[:2] == b"\xed\x01"
    return data[2:]


def test_a_new_organisation_gets_a_key(org: Org) -> None:
    tasks.run_until_idle()
    (key,) = queries.signing_keys(org.id)
    assert key.state == "active"
    assert key.verification_method == f"did:web:localhost%3A8000:o:northlamp#{key.public_multibase}"


def test_ensuring_a_key_twice_makes_one(org: Org) -> None:
    first, second = actions.ensure_active_key(org.id), actions.ensure_active_key(org.id)
    assert first == second
    assert len(queries.signing_keys(org.id)) == 1


def test_a_signature_fits_the_published_key(org: Org) -> None:
    key = actions.ensure_active_key(org.id)
    signature = queries.signer(org.id).sign(b"message")
    Ed25519PublicKey.from_public_bytes(raw_key(key.public_multibase)).verify(signature, b"message")


def test_the_private_key_is_not_stored_in_the_clear_and_opens_only_in_its_row(org: Org) -> None:
    actions.ensure_active_key(org.id)
    row = SigningKey.objects.for_org(org.id).get()
    assert len(bytes(row.sealed)) > 100
    with pytest.raises(SealBroken):
        custody.sign(uuid4(), bytes(row.sealed), b"message")


def test_rotation_keeps_the_old_key_in_the_documents(org: Org) -> None:
    old = actions.ensure_active_key(org.id)
    new = actions.rotate(by=org.owner, org_id=org.id)
    newest = actions.rotate(by=org.owner, org_id=org.id)
    document = queries.did_document(org.id)
    expected = [key.verification_method for key in (old, new, newest)]
    assert [method["id"] for method in document["verificationMethod"]] == expected
    assert document["assertionMethod"] == expected
    assert [key.state for key in queries.signing_keys(org.id)] == ["active", "retiring", "retired"]
    assert queries.signer(org.id).key_id == newest.id
    assert queries.signer(org.id, old.id).key_id == newest.id


def test_a_compromised_key_leaves_every_document_and_another_signs(org: Org) -> None:
    key = actions.ensure_active_key(org.id)
    actions.mark_compromised(by=org.owner, org_id=org.id, key_id=key.id, reason="A laptop was stolen.")
    published = json.dumps(
        [queries.did_document(org.id), queries.jwks(org.id), queries.issuer_profile(org.id)]
    )
    assert key.public_multibase not in published
    assert queries.signer(org.id).key_id != key.id
    assert [event.action for event in audit.history(org.id, subject_type="key", subject_id=key.id)] == [
        "keys.key_made",
        "keys.compromised",
    ]


def test_a_compromise_needs_a_reason(org: Org) -> None:
    key = actions.ensure_active_key(org.id)
    with pytest.raises(Invalid):
        actions.mark_compromised(by=org.owner, org_id=org.id, key_id=key.id, reason="  ")


def test_only_an_owner_in_person_rotates(org: Org) -> None:
    actions.ensure_active_key(org.id)
    with pytest.raises(Forbidden):
        actions.rotate(by=org.member("registrar"), org_id=org.id)
    key_actor = Actor("key", uuid4(), org.id, frozenset({"owner"}))
    with pytest.raises(Forbidden):
        actions.rotate(by=key_actor, org_id=org.id)


def test_it_refuses_to_sign_on_a_loopback_base_without_dev(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.ensure_active_key(org.id)
    closed = replace(config.load(), dev=False)
    monkeypatch.setattr(queries, "load", lambda: closed)
    with pytest.raises(Unavailable, match="GUILDMARK_BASE_URL"):
        queries.signer(org.id)


def test_the_public_documents_are_plain_json_for_anybody(org: Org, client: Client) -> None:
    key = actions.ensure_active_key(org.id)
    answer = client.get("/o/northlamp/did.json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["id"] == "did:web:localhost%3A8000:o:northlamp"
    (jwk,) = client.get("/o/northlamp/jwks.json").json()["keys"]
    assert base64.urlsafe_b64decode(jwk["x"] + "=") == raw_key(key.public_multibase)
    assert client.get(jwk["kid"].removeprefix("http://localhost:8000")).json() == jwk
    assert "Set-Cookie" not in answer


def test_the_profile_is_a_controller_document_in_safe_mode(org: Org) -> None:
    from guildmark.protocol.canonical import jsonld

    actions.ensure_active_key(org.id)
    profile = queries.issuer_profile(org.id)
    assert profile["id"] == profile["url"] == "http://localhost:8000/o/northlamp"
    assert profile["alsoKnownAs"] == ["did:web:localhost%3A8000:o:northlamp"]
    assert "assertionMethod" in jsonld.canonicalize(profile)


def test_the_pages_rotate_and_report(org: Org, client: Client) -> None:
    key = actions.ensure_active_key(org.id)
    client.login(email="owner@northlamp.example", password=PASSWORD)
    assert key.public_multibase in client.get("/studio/northlamp/keys").content.decode()
    assert client.get("/studio/northlamp/keys/rotate").status_code == 200
    assert client.post("/studio/northlamp/keys/rotate").status_code == 303
    path = f"/studio/northlamp/keys/{key.id}/compromised"
    assert "Fill this in." in client.post(path, {"reason": " "}).content.decode()
    assert client.post(path, {"reason": "Lost."}).status_code == 303
    assert {view.state for view in queries.signing_keys(org.id)} == {"active", "compromised"}


def test_another_organisation_sees_and_changes_nothing(org: Org, other_org: Org, client: Client) -> None:
    key = actions.ensure_active_key(org.id)
    actions.ensure_active_key(other_org.id)
    with pytest.raises(NotFound):
        actions.rotate(by=other_org.owner, org_id=org.id)
    with pytest.raises(NotFound):
        actions.mark_compromised(by=other_org.owner, org_id=other_org.id, key_id=key.id, reason="Mine now.")
    with pytest.raises(NotFound):
        queries.jwk(other_org.id, key.public_multibase)
    client.login(email="owner@southlamp.example", password=PASSWORD)
    assert client.get("/studio/northlamp/keys").status_code == 404
    assert client.post(f"/studio/southlamp/keys/{key.id}/compromised", {"reason": "x"}).status_code == 404
