"""What happens to a credential afterwards, checked by other means than our own reader."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

from guildmark.design import queries as design
from guildmark.issue import actions, queries, statuses
from guildmark.issue.models import Award, Credential, CredentialEvent, Tombstone
from guildmark.kernel import clock, tasks
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.keys import actions as key_actions
from guildmark.keys import queries as keys
from guildmark.protocol import contexts
from tests.issue.builders import corrected, holder, issued, recorded
from tests.people.builders import Org

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text: str) -> bytes:
    number = 0
    for char in text:
        number = number * 58 + ALPHABET.index(char)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def shipped(url: str, _: Any) -> dict[str, Any]:
    document = json.loads(contexts.raw(url))
    media_type = "application/ld+json"
    return {"contextUrl": None, "documentUrl": url, "document": document, "contentType": media_type}


def canonical_hash(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": shipped}
    return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()


def verify_elsewhere(body: bytes, controller: dict[str, Any]) -> None:
    """eddsa-rdfc-2022 with PyLD and cryptography alone; raises InvalidSignature or KeyError."""
    document = json.loads(body)
    proof = document.pop("proof")
    value = base58(proof.pop("proofValue")[1:])
    allowed = set(controller["assertionMethod"])
    methods = {m["id"]: m for m in controller["verificationMethod"] if m["id"] in allowed}
    method = methods[proof["verificationMethod"]]
    public = Ed25519PublicKey.from_public_bytes(base58(method["publicKeyMultibase"][1:])[2:])
    message = canonical_hash({"@context": document["@context"], **proof}) + canonical_hash(document)
    public.verify(value.rjust(64, b"\0"), message)


def bit(body: bytes, purpose: str) -> bool:
    """The bit of a credential, read from the published list by hand; the most significant bit comes first."""
    entries = json.loads(body)["credentialStatus"]
    entry = next(one for one in entries if one["statusPurpose"] == purpose)
    public_id = entry["statusListCredential"].rsplit("/", 1)[-1]
    document = json.loads(bytes(statuses.current(public_id).body))
    assert document["credentialSubject"]["statusPurpose"] == purpose
    encoded = document["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(bits) == 16384
    index = int(entry["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def test_another_implementation_accepts_the_proof_and_refuses_a_changed_name(org: Org) -> None:
    view = issued(org)
    controller = keys.did_document(org.id)
    verify_elsewhere(view.body, controller)
    with pytest.raises(InvalidSignature):
        verify_elsewhere(view.body.replace(b"Ada Moreno", b"Eve Moreno"), controller)


def test_old_credentials_verify_after_rotation_and_not_after_compromise(org: Org) -> None:
    view = issued(org)
    old = next(key for key in keys.signing_keys(org.id) if key.purpose == "credential")
    key_actions.rotate(by=org.owner, org_id=org.id)
    verify_elsewhere(view.body, keys.did_document(org.id))
    key_actions.mark_compromised(by=org.owner, org_id=org.id, key_id=old.id, reason="Stolen.")
    with pytest.raises(KeyError):
        verify_elsewhere(view.body, keys.did_document(org.id))


def list_signers(org: Org) -> dict[str, str]:
    documents = queries.trust_documents(org.id)
    return {url: documents[url]["proof"]["verificationMethod"] for url in documents if "/status/" in url}


def test_a_status_list_is_signed_by_a_living_key_after_rotation(org: Org) -> None:
    issued(org)
    old = list_signers(org)
    key_actions.rotate(by=org.owner, org_id=org.id)
    tasks.run_until_idle()
    new = list_signers(org)
    assert set(old) == set(new)
    assert len(new) == 2
    assert not set(old.values()) & set(new.values())


def test_the_states_follow_each_other_and_set_their_bits(org: Org) -> None:
    view = issued(org)
    known = {"by": org.owner, "org_id": org.id, "public_id": view.public_id}
    assert (bit(view.body, "revocation"), bit(view.body, "suspension")) == (False, False)
    actions.suspend(**known, reason="A client has asked.")
    assert (bit(view.body, "revocation"), bit(view.body, "suspension")) == (False, True)
    now = queries.status_now(queries.credential(view.public_id))
    assert (now.verdict, now.reason) == ("suspended", "A client has asked.")
    actions.reinstate(**known, reason="The work is theirs.")
    assert (bit(view.body, "revocation"), bit(view.body, "suspension")) == (False, False)
    assert queries.status_now(queries.credential(view.public_id)).verdict == "valid"
    actions.revoke(**known, reason="The log was copied.")
    assert (bit(view.body, "revocation"), bit(view.body, "suspension")) == (True, False)
    assert queries.status_now(queries.credential(view.public_id)).verdict == "revoked"
    kinds = [event.kind for event in queries.events_of(org.id, view.public_id)]
    assert kinds == ["revoked", "reinstated", "suspended", "issued"]
    for action in (actions.reinstate, actions.suspend, actions.revoke):
        with pytest.raises(Conflict):
            action(**known, reason="Again.")


def test_a_bit_of_one_holder_touches_no_other(org: Org) -> None:
    first = issued(org)
    version = design.version(org.id, first.version_id)
    second = issued(org, version=version, learner=org.learner("Bo Lind", email="bo@learner.example"))
    actions.revoke(by=org.owner, org_id=org.id, public_id=first.public_id, reason="Withdrawn.")
    assert bit(first.body, "revocation")
    assert not bit(second.body, "revocation")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "bell\x07", "late\u202edekover"])
def test_a_change_needs_a_reason_that_can_be_read(org: Org, reason: str) -> None:
    view = issued(org)
    with pytest.raises(Invalid):
        actions.revoke(by=org.owner, org_id=org.id, public_id=view.public_id, reason=reason)
    assert queries.credential(view.public_id).state == "issued"


def test_a_list_is_signed_again_before_it_runs_out(org: Org) -> None:
    view = issued(org)
    url = json.loads(view.body)["credentialStatus"][0]["statusListCredential"]
    public_id = url.rsplit("/", 1)[-1]
    first = json.loads(bytes(statuses.current(public_id).body))
    assert json.loads(bytes(statuses.current(public_id).body)) == first
    with clock.at(clock.now() + timedelta(days=6)):
        later = json.loads(bytes(statuses.current(public_id).body))
    assert later["validUntil"] > first["validUntil"]
    assert first["credentialSubject"]["ttl"] == 300_000


def test_a_correction_takes_the_place_of_the_old_one(org: Org) -> None:
    old = issued(org)
    new = corrected(org, old, name="Ada Moreno Ruiz", email="ada.ruiz@learner.example")
    assert "Ada Moreno Ruiz" in new.body.decode()
    assert new.supersedes == old.public_id
    assert (new.valid_from, new.valid_until) == (old.valid_from, old.valid_until)
    stored = queries.credential(old.public_id)
    assert stored.body == old.body
    now = queries.status_now(stored)
    assert (now.verdict, now.replacement) == ("superseded", new.public_id)
    assert now.reason == "The name was misspelt."
    assert bit(old.body, "revocation")
    assert not bit(new.body, "revocation")
    record = queries.supersession_record(old.public_id)
    verify_elsewhere(record, keys.did_document(org.id))
    told = json.loads(record)
    assert told["id"] == f"http://localhost:8000/c/{old.public_id}/supersession"
    digest = base64.b64encode(hashlib.sha256(new.body).digest()).decode()
    assert told["relatedResource"][0]["digestSRI"] == f"sha256-{digest}"
    assert told["id"] in queries.trust_documents(org.id)
    results = [json.loads(body)["credentialSubject"]["result"] for body in (old.body, new.body)]
    assert results[0] == results[1]


def test_a_correction_can_be_corrected_and_a_revoked_one_cannot(org: Org) -> None:
    first = issued(org)
    second = corrected(org, first)
    third = corrected(org, second, name="Ada Ruiz")
    assert queries.status_now(queries.credential(second.public_id)).replacement == third.public_id
    with pytest.raises(Conflict):
        actions.correct(by=org.owner, org_id=org.id, public_id=first.public_id, reason="Again.", name="Eve")


def test_two_corrections_at_once_are_refused(org: Org) -> None:
    view = issued(org)
    known = {"by": org.owner, "org_id": org.id, "public_id": view.public_id, "reason": "Misspelt."}
    actions.correct(**known, name="Ada Ruiz")
    with pytest.raises(Conflict, match="under way"):
        actions.correct(**known, name="Ada Moreno-Ruiz")


def test_a_correction_that_lost_its_credential_is_declined(org: Org) -> None:
    view = issued(org)
    known = {"by": org.owner, "org_id": org.id, "public_id": view.public_id}
    award = actions.correct(**known, reason="Misspelt.", name="Ada Ruiz")
    actions.revoke(**known, reason="Withdrawn.")
    tasks.run_until_idle()
    assert queries.award(org.id, award.id).state == "declined"
    assert queries.status_now(queries.credential(view.public_id)).verdict == "revoked"
    assert len(queries.credentials(org.id).rows) == 1


@pytest.mark.parametrize("name", ["Ada\x00", "Ada \u202ezzz", "x" * 10_000, ""])
def test_a_hostile_name_is_refused_in_a_correction(org: Org, name: str) -> None:
    view = issued(org)
    with pytest.raises(Invalid):
        actions.correct(by=org.owner, org_id=org.id, public_id=view.public_id, reason="x", name=name)
    assert Award.objects.for_org(org.id).count() == 1


def test_nothing_to_correct_is_refused(org: Org) -> None:
    view = issued(org)
    with pytest.raises(Invalid, match="Nothing is changed"):
        actions.correct(
            by=org.owner, org_id=org.id, public_id=view.public_id, reason="x", name=view.holder_name
        )


def test_time_alone_gives_not_yet_valid_and_expired(org: Org) -> None:
    view = issued(org)
    assert view.valid_until is not None
    assert queries.status_now(view, view.valid_from - timedelta(seconds=1)).verdict == "not_yet_valid"
    assert queries.status_now(view, view.valid_until + timedelta(seconds=1)).verdict == "expired"
    late = queries.status_now(view, view.valid_from + timedelta(days=300))
    assert (late.verdict, late.warnings) == ("valid", ("review_overdue",))


def test_the_holder_decides_what_is_shown(org: Org) -> None:
    view = issued(org)
    items = [part["id"].rsplit("/", 1)[-1] for part in json.loads(view.body)["evidence"]]
    known = {"org_id": org.id, "public_id": view.public_id}
    with pytest.raises(NotFound):
        actions.set_disclosure(by=org.owner, **known, visibility="private")
    with pytest.raises(Invalid):
        actions.set_disclosure(by=holder(view), **known, shown_evidence=[str(uuid4())])
    changed = actions.set_disclosure(by=holder(view), **known, visibility="private", shown_evidence=items[:1])
    assert changed.shown_evidence == frozenset(items[:1])
    for token in ("", "wrong", "w" * 43, "\u0663"):
        with pytest.raises(NotFound) as refusal:
            queries.public_credential(view.public_id, token)
        with pytest.raises(NotFound) as unknown:
            queries.public_credential(uuid4(), token)
        assert str(refusal.value) == str(unknown.value)
    link = actions.new_share_link(by=holder(view), **known)
    assert queries.share_path(org.id, view.public_id) == link
    token = link.split("?t=")[1]
    assert queries.public_credential(view.public_id, token).public_id == view.public_id
    actions.new_share_link(by=holder(view), **known)
    with pytest.raises(NotFound):
        queries.public_credential(view.public_id, token)


def test_a_typed_code_finds_a_public_credential_and_one_wrong_character_does_not(org: Org) -> None:
    view = issued(org)
    found = queries.find_by_code(view.human_code.lower())
    assert found is not None
    assert found.public_id == view.public_id
    wrong = ("1" if view.human_code[4] != "1" else "2").join([view.human_code[:4], view.human_code[5:]])
    assert queries.find_by_code(wrong) is None
    actions.set_disclosure(by=holder(view), org_id=org.id, public_id=view.public_id, visibility="private")
    assert queries.find_by_code(view.human_code) is None


def test_the_list_finds_by_word_state_and_page(org: Org) -> None:
    view = issued(org)
    recorded(org, "Bo Lind", "bo@learner.example")
    assert [row.public_id for row in queries.credentials(org.id, query="moreno").rows] == [view.public_id]
    assert queries.credentials(org.id, query=view.human_code).total == 1
    actions.revoke(by=org.owner, org_id=org.id, public_id=view.public_id, reason="Withdrawn.")
    assert queries.credentials(org.id, state="revoked").total == 1
    assert queries.credentials(org.id, state="valid").total == 1
    assert queries.credentials(org.id, state="expired").total == 0
    page = queries.credentials(org.id, offset=1, limit=1)
    assert (len(page.rows), page.total) == (1, 2)


def test_an_erased_person_leaves_a_hash_and_a_set_bit(org: Org) -> None:
    view = issued(org)
    index = Award.objects.for_org(org.id).get().status_index
    erased = actions.erase_person(
        by=org.owner, org_id=org.id, learner_id=view.learner_id, reason="They asked."
    )
    assert erased == 1
    assert not Credential.objects.for_org(org.id).exists()
    assert not Award.objects.for_org(org.id).exists()
    assert not CredentialEvent.objects.for_org(org.id).exists()
    assert Tombstone.objects.for_org(org.id).get().body_sha256 == view.body_sha256
    with pytest.raises(NotFound):
        queries.credential(view.public_id)
    assert bit(view.body, "revocation")
    assert index is not None


def test_another_organisation_sees_and_changes_nothing(org: Org, other_org: Org) -> None:
    view = issued(org)
    known = {"by": other_org.owner, "public_id": view.public_id, "reason": "Mine now."}
    for org_id in (org.id, other_org.id):
        for action in (actions.revoke, actions.suspend, actions.reinstate):
            with pytest.raises(NotFound):
                action(org_id=org_id, **known)
        with pytest.raises(NotFound):
            actions.correct(org_id=org_id, name="Eve", **known)
    with pytest.raises(NotFound):
        queries.org_credential(other_org.id, view.public_id)
    with pytest.raises(NotFound):
        queries.award(other_org.id, view.award_id)
    assert queries.credentials(other_org.id).total == 0
    erasure = {"by": other_org.owner, "org_id": other_org.id, "learner_id": view.learner_id}
    assert actions.erase_person(**erasure, reason="x") == 0
    assert queries.credential(view.public_id).state == "issued"


def test_an_assessor_may_not_revoke(org: Org) -> None:
    view = issued(org)
    with pytest.raises(Forbidden):
        actions.revoke(by=org.member("assessor"), org_id=org.id, public_id=view.public_id, reason="No.")


def test_one_document_of_the_trust_file_is_found_alone(org: Org, other_org: Org) -> None:
    old = issued(org)
    actions.correct(by=org.owner, org_id=org.id, public_id=old.public_id, name="Ada King", reason="Her name.")
    tasks.run_until_idle()
    documents = queries.trust_documents(org.id)
    assert {kind for kind in ("/status/", "/supersession", "did:web:") if any(kind in url for url in documents)} == {
        "/status/", "/supersession", "did:web:"
    }  # fmt: skip
    issuer = queries.issuer_documents(org.id)
    for url, document in documents.items():
        assert (issuer.get(url) or queries.trust_document(org.id, url)) == document
    for url in (url for url in documents if "/status/" in url or "/supersession" in url):
        assert queries.trust_document(other_org.id, url) is None
    assert queries.trust_document(org.id, "https://elsewhere.example/status/1") is None
