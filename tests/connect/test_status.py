"""The status lists of the face: Bitstring Status List 1.0, sections 2 and 3, as its suite looks at them."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest

from guildmark.connect.vcapi.models import StatusEntry
from guildmark.protocol import multibase
from tests.connect.conftest import Caller
from tests.connect.samples import credential


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_the_issuer_adds_a_status_whose_list_anybody_may_read(face: Caller, purpose: str) -> None:
    made = face.issued(f"bitstring-{purpose}", credential())
    entry = made["credentialStatus"]
    assert (entry["type"], entry["statusPurpose"]) == ("BitstringStatusListEntry", purpose)
    assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]
    assert entry["id"] != entry["statusListCredential"]
    assert entry["statusListCredential"].startswith("https://")
    status, document = face.get(urlsplit(entry["statusListCredential"]).path)
    assert status == 200
    assert document["id"] == entry["statusListCredential"]
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    subject = document["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", purpose)
    assert subject["encodedList"].startswith("u")
    assert len(gzip.decompress(multibase.decode(subject["encodedList"]))) == 16 * 1024
    assert face.verify(document) == 200


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_a_raised_bit_is_published_and_found(face: Caller, purpose: str) -> None:
    made = face.issued(f"bitstring-{purpose}", credential())
    other = face.issued(f"bitstring-{purpose}", credential(id="urn:uuid:other"))
    both = ["proof", "credentialStatus"]
    assert face.verify(made, checks=both) == 200
    path = urlsplit(made["credentialStatus"]["statusListCredential"]).path
    before = face.get(path)[1]["credentialSubject"]["encodedList"]
    wanted = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
    body = {"credentialId": made["id"], "credentialStatus": wanted}
    assert face.post("credentials/status", body)[0] == 200
    assert face.post(f"{path.removeprefix('/vc-api/')}/publish", {})[0] == 204
    after = face.get(path)[1]
    assert face.verify(after) == 200
    bits = gzip.decompress(multibase.decode(after["credentialSubject"]["encodedList"]))
    index = int(made["credentialStatus"]["statusListIndex"])
    # Index 0 is the most significant bit of the first byte.
    assert [at for at, byte in enumerate(bits) if byte] == [index // 8]
    assert bits[index // 8] == 0x80 >> index % 8
    assert face.verify(made, checks=both) == 400
    assert face.verify(made) == 200
    assert face.verify(other, checks=both) == 200
    assert face.post("credentials/status", {**body, "status": False})[0] == 200
    assert face.get(path)[1]["credentialSubject"]["encodedList"] == before


def test_a_credential_without_an_id_is_named_by_its_place(face: Caller) -> None:
    document = credential()
    del document["id"]
    made = face.issued("bitstring-revocation", document)
    entry = made["credentialStatus"]
    assert face.post("credentials/status", {"credentialStatus": entry})[0] == 200
    assert StatusEntry.objects.get().raised
    for body, status in (
        ({}, 400),
        ({"credentialId": "urn:uuid:unknown"}, 404),
        ({"credentialStatus": {**entry, "statusListIndex": "-1"}}, 404),
        ({"credentialStatus": {**entry, "statusListCredential": "https://example.org/list"}}, 404),
        ({"credentialStatus": "text"}, 400),
        ({"credentialStatus": entry, "status": "yes"}, 400),
    ):
        assert face.post("credentials/status", body)[0] == status


def test_a_list_of_others_is_never_taken_for_good(face: Caller) -> None:
    foreign = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "4",
        "statusListCredential": "https://example.org/list",
    }
    made = face.issued("eddsa-rdfc-2022", credential(credentialStatus=foreign))
    assert face.verify(made) == 200
    assert face.verify(made, checks=["proof", "credentialStatus"]) == 400
    kept = face.issued("bitstring-revocation", credential(credentialStatus=foreign))
    assert kept["credentialStatus"][0] == foreign
    assert len(kept["credentialStatus"]) == 2


def test_an_unknown_list_is_not_there(face: Caller) -> None:
    assert face.get("/vc-api/status/00000000-0000-0000-0000-000000000000")[0] == 404


def test_a_character_that_no_database_holds_names_no_credential(face: Caller) -> None:
    made = face.issued("bitstring-revocation", credential())
    entry = {**made["credentialStatus"], "statusPurpose": "revo\0cation"}
    for body in (
        {"credentialId": "urn:x\0"},
        {"credentialId": "x" * 10_000},
        {"credentialId": made["id"], "credentialStatus": entry},
    ):
        assert face.post("credentials/status", body)[0] == 404
    face.issue("bitstring-revocation", credential(id="urn:x:\0"))
    unsigned = {name: value for name, value in made.items() if name != "proof"} | {"credentialStatus": entry}
    again = face.issued("eddsa-rdfc-2022", unsigned)
    assert face.verify(again, checks=["proof", "credentialStatus"]) == 400
