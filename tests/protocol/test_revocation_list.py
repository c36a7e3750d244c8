"""1EdTech revocation lists and refresh services."""

import json
from datetime import UTC, datetime

import pytest

from guildmark.protocol.errors import Malformed, StatusError
from guildmark.protocol.openbadges import refresh
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.report import Outcome, Served
from guildmark.protocol.status import revocation_list
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import offline, verify
from tests.protocol import samples
from tests.protocol.world import ISSUER_URL, World, sign

LIST = f"{samples.BASE}/revocations"
SERVICE = f"{samples.BASE}/refresh/1"
ENTRY = {"id": LIST, "type": "1EdTechRevocationList"}


def credential(**members):
    document = build(samples.spec(statuses=()))
    return sign({**document, **members})


def judged(document, world, **asked):
    return verify(json.dumps(document), loader=world, now=samples.DURING, **asked)


def served(*entries, **members):
    return {"id": LIST, "issuer": samples.ISSUER, "revokedCredentials": list(entries)} | members


ID = samples.spec().id


# -- lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (served(), "valid"),
        (served({"id": "https://academy.example/c/other"}), "valid"),
        (served({"id": ID}), "revoked"),
        (served({"id": ID, "revoked": True, "revocationReason": "A mistake."}), "revoked"),
        (served({"id": ID, "revoked": False}), "valid"),
        # As some issuers write it: the singular, and the issuer as an object.
        ({"id": LIST, "issuer": {"id": samples.ISSUER}, "revokedCredential": [{"id": ID}]}, "revoked"),
        ({"revokedCredentials": {"id": ID}}, "revoked"),
        (served({"id": ID}, issuer="https://else.example/"), "cannot_tell"),
        (served("a text"), "cannot_tell"),
        (served({"revoked": True}), "cannot_tell"),
        ({"id": LIST}, "cannot_tell"),
        ("a text", "cannot_tell"),
        (None, "cannot_tell"),
    ],
)
def test_the_list_decides_and_must_be_read(answer, word):
    world = World() if answer is None else World(**{LIST: answer})
    report = judged(credential(credentialStatus=ENTRY), world)
    assert report.verdict.value == word
    if word == "cannot_tell":
        assert report.check("status").outcome is Outcome.NOT_CHECKED


def test_a_status_without_address_cannot_be_read():
    for entry in ({}, {"id": 7}, {"id": "urn:uuid:1"}):
        with pytest.raises(StatusError):
            revocation_list.list_url(entry)


def test_a_credential_without_id_cannot_be_looked_up():
    with pytest.raises(StatusError, match="without id"):
        revocation_list.is_revoked(served(), credential_id=None, issuer=samples.ISSUER)


def test_either_of_two_status_methods_can_revoke():
    document = build(samples.spec())
    document["credentialStatus"].append(ENTRY)
    signed = sign(document)
    assert judged(signed, World(**{LIST: served()})).verdict.value == "valid"
    assert judged(signed, World(**{LIST: served({"id": ID})})).verdict.value == "revoked"
    assert judged(signed, World(revoked=[94567], **{LIST: served()})).verdict.value == "revoked"


def test_an_unsigned_list_that_anybody_on_the_way_can_change_decides_nothing():
    for place, answer in (
        ("http://academy.example/revocations", served()),
        (LIST, Served(served(), "http://academy.example/revocations")),
    ):
        report = judged(credential(credentialStatus={**ENTRY, "id": place}), World(**{place: answer}))
        assert report.verdict.value == "cannot_tell"
        assert report.check("status").outcome is Outcome.NOT_CHECKED
    loopback = "http://localhost:8000/revocations"
    of_this_machine = credential(credentialStatus={**ENTRY, "id": loopback})
    assert judged(of_this_machine, World(**{loopback: served()})).verdict.value == "valid"


# -- refresh -----------------------------------------------------------------------------------


REFRESH = {"id": SERVICE, "type": "1EdTechCredentialRefresh"}


def old(**members):
    """A credential that has ended, with a refresh service."""
    document = build(samples.spec(valid_until=datetime(2026, 4, 1, tzinfo=UTC), statuses=()))
    return sign({**document, "refreshService": REFRESH, **members})


def test_the_newer_form_is_judged_in_the_place_of_the_original():
    report = judged(old(), World(**{SERVICE: credential()}))
    assert report.verdict.value == "valid"
    assert report.credential["validUntil"] == "2028-03-01T12:00:00Z"
    assert "newer form" in report.check("syntax").detail


def test_the_newer_form_and_its_keys_may_come_from_a_trust_file():
    world = World()
    trust = TrustFile({SERVICE: credential(), ISSUER_URL: world.documents[ISSUER_URL]})
    assert judged(old(), offline, trust=trust).verdict.value == "valid"


def test_the_status_of_the_newer_form_counts():
    world = World(**{SERVICE: credential(credentialStatus=ENTRY), LIST: served({"id": ID})})
    assert judged(old(), world).verdict.value == "revoked"


def test_a_service_is_asked_once():
    world = World(**{SERVICE: credential(refreshService={**REFRESH, "id": f"{SERVICE}/again"})})
    assert judged(old(), world).verdict.value == "valid"
    assert world.asked.count(SERVICE) == 1
    assert f"{SERVICE}/again" not in world.asked


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"id": ID},
        credential() | {"name": "Changed"},
        sign(build(samples.spec(statuses=())), key=samples.OTHER_KEY),
        sign(build(samples.spec(id=f"{samples.BASE}/c/other", statuses=()))),
        {**credential(), "issuer": {"id": "did:web:else.example", "type": ["Profile"]}},
        {**build(samples.spec(statuses=()))},
    ],
    ids=["missing", "no credential", "tampered", "another key", "another id", "another issuer", "no proof"],
)
def test_whatever_goes_wrong_leaves_the_original(answer):
    world = World() if answer is None else World(**{SERVICE: answer})
    report = judged(old(), world)
    assert report.verdict.value == "expired"
    assert "nothing newer" in report.check("syntax").detail


def test_a_service_cannot_bring_back_the_form_of_before_a_revocation():
    def signed_at(document, created):
        return suite.sign(
            document, signer=samples.signer, verification_method=samples.METHOD, created=created
        )

    later = datetime(2026, 3, 20, tzinfo=UTC)
    revoked = build(samples.spec(statuses=())) | {"refreshService": REFRESH, "credentialStatus": ENTRY}
    before = build(samples.spec(statuses=()))
    world = World(**{SERVICE: signed_at(before, samples.CREATED), LIST: served({"id": ID})})
    report = judged(signed_at(revoked, later), world)
    assert report.verdict.value == "revoked"
    assert "an older form" in report.check("syntax").detail
    world.documents[SERVICE] = signed_at(before, later)
    assert judged(signed_at(revoked, samples.CREATED), world).verdict.value == "valid"


def test_nothing_is_refreshed_before_the_proof_holds():
    world = World(**{SERVICE: credential()})
    assert judged(old() | {"name": "Changed"}, world).verdict.value == "tampered"
    assert SERVICE not in world.asked


def test_a_question_about_another_date_is_not_refreshed():
    world = World(**{SERVICE: credential()})
    report = judged(old(), world, at=datetime(2026, 3, 15, tzinfo=UTC))
    assert report.verdict.value == "valid"
    assert SERVICE not in world.asked


def test_a_service_of_another_kind_is_not_asked():
    for service in ({"id": SERVICE, "type": "Other"}, {"id": "urn:x", "type": refresh.TYPE}, "text"):
        assert refresh.service_url({"refreshService": service}) is None
    assert refresh.service_url({"refreshService": [{**REFRESH, "type": [refresh.TYPE]}]}) == SERVICE


def test_two_forms_of_one_credential_have_one_id():
    refresh.ensure_same({"id": "https://a/%41", "issuer": "i"}, {"id": " https://a/A", "issuer": {"id": "i"}})
    with pytest.raises(Malformed):
        refresh.ensure_same({"issuer": "i"}, {"issuer": "i"})
