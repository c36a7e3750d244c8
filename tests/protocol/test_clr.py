"""Comprehensive Learner Records: 1EdTech's sample first, then records of ours and what must not pass."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildmark.protocol import clr, did, keys
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import schemas
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import IssuerSpec, RecipientSpec
from guildmark.protocol.policy import PROOF_ONLY
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Outcome
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import verify
from tests.protocol import samples
from tests.protocol.world import ISSUER_URL, World, credential, sign

VECTOR = json.loads((Path(__file__).parent / "vectors" / "clr-simple.json").read_text("utf-8"))["credential"]
SECOND = f"{samples.BASE}/c/second"
RECORD = f"{samples.BASE}/records/1"


def controllers(document):
    """Documents that list the keys by which a sample was signed."""
    found = {}
    for one in [document, *clr.credentials_in(document)]:
        issuer, key = one["proof"][0]["verificationMethod"].split("#")
        found[issuer] = did.build_controller_document(issuer, [keys.decode_multikey(key).raw])
    return found


def spec(**changes):
    values = {
        "id": RECORD,
        "name": "What Ada showed",
        "issuer": IssuerSpec(samples.ISSUER, "Northlamp Academy", f"{samples.BASE}/o/northlamp"),
        "recipient": RecipientSpec(hash_email(samples.EMAIL, "other-salt"), "other-salt"),
        "credentials": [credential(), credential(id=SECOND)],
        "valid_from": datetime(2026, 4, 1, tzinfo=UTC),
    }
    return clr.ClrSpec(**(values | changes))


def record(**changes):
    return sign(clr.build_clr(spec(**changes)))


def judged(document, world=None, **asked):
    source = document if isinstance(document, str) else json.dumps(document)
    return verify(source, loader=world or World(), now=samples.DURING, **asked)


def verdicts(report):
    return [one.verdict.value for one in report.contained]


def test_the_sample_of_1edtech_is_valid_and_so_is_what_it_holds():
    report = judged(VECTOR, World(**controllers(VECTOR)))
    assert report.verdict.value == "valid"
    assert verdicts(report) == ["valid"]
    assert report.check("credentials").outcome is Outcome.PASSED
    assert report.as_dict()["contained"][0]["verdict"] == "valid"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "Another transcript"),
        (("credentialSubject", "achievement", 0, "name"), "Achievement 3"),
        (("credentialSubject", "association", 0, "associationType"), "isChildOf"),
        (("credentialSubject", "verifiableCredential", 0, "name"), "Leadership Badge"),
    ],
)
def test_a_change_anywhere_in_the_sample_is_tampering(path, value):
    changed = copy.deepcopy(VECTOR)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    report = judged(changed, World(**controllers(VECTOR)))
    assert report.verdict.value == "tampered"
    assert verdicts(report) == (["tampered"] if "verifiableCredential" in path else ["valid"])


def test_a_record_of_ours_is_of_the_model_and_valid():
    document = clr.build_clr(
        spec(
            associations=[clr.Association("precedes", samples.spec().id, SECOND)],
            achievements=[samples.achievement(id="urn:uuid:1")],
            partial=True,
            description="Two pieces of work.",
            valid_until=datetime(2027, 4, 1, tzinfo=UTC),
        )
    )
    assert schemas.model_of(document) == "ClrCredential"
    assert schemas.violations(document) == []
    report = judged(sign(document), recipient_email=samples.EMAIL)
    assert report.verdict.value == "valid"
    assert verdicts(report) == ["valid", "valid"]
    assert report.check("recipient").outcome is Outcome.PASSED
    assert [one.check("recipient").outcome for one in report.contained] == [Outcome.PASSED] * 2


def test_what_is_inside_is_judged_by_itself():
    ended = credential(id=SECOND, valid_until=datetime(2026, 4, 1, tzinfo=UTC))
    report = judged(record(credentials=[credential(), ended]))
    assert report.verdict.value == "valid"
    assert verdicts(report) == ["valid", "expired"]
    check = report.check("credentials")
    assert check.outcome is Outcome.FAILED
    assert check.detail == "1 of 2 credentials are not valid: expired."
    revoked = judged(record(credentials=[credential()]), World(revoked=[94567]))
    assert (revoked.verdict.value, verdicts(revoked)) == ("valid", ["revoked"])


def test_a_credential_that_was_changed_before_it_was_put_in_is_found():
    forged = credential() | {"name": "Another name"}
    report = judged(record(credentials=[forged]))
    assert verdicts(report) == ["tampered"]
    assert report.check("credentials").outcome is Outcome.FAILED


def test_a_trust_file_is_asked_for_each_issuer():
    stranger = "did:web:else.example"
    method = f"{stranger}#{keys.encode_multikey(bytes(samples.OTHER_KEY.verify_key))}"
    other = sign(
        build(samples.spec(id=SECOND, issuer=IssuerSpec(stranger, "Else", None), statuses=())),
        key=samples.OTHER_KEY,
        method=method,
    )
    document = record(credentials=[credential(), other])
    url = "https://else.example/.well-known/did.json"
    world = World(**{url: did.build_controller_document(stranger, [bytes(samples.OTHER_KEY.verify_key)])})
    assert verdicts(judged(document, world)) == ["valid", "valid"]
    trust = TrustFile({ISSUER_URL: world.documents[ISSUER_URL]})
    assert verdicts(judged(document, world, trust=trust)) == ["valid", "unknown_issuer"]


def test_each_address_is_asked_once_for_all_that_is_inside():
    world = World()
    judged(record(credentials=[credential(id=f"{SECOND}{number}") for number in range(5)]), world)
    assert world.asked.count(samples.LIST_REVOKED) == 1
    # Once for the record itself, once for everything in it.
    assert world.asked.count(ISSUER_URL) == 2


def test_a_list_that_cannot_be_had_is_missing_for_all_that_is_inside():
    world = World()
    del world.documents[samples.LIST_REVOKED]
    assert verdicts(judged(record(), world)) == ["cannot_tell", "cannot_tell"]


def test_a_token_inside_is_judged_like_a_file():
    token = jose.sign(
        build(samples.spec(id=SECOND)), signer=samples.signer, algorithm="EdDSA", kid=samples.METHOD
    )
    document = clr.build_clr(spec())
    document["credentialSubject"]["verifiableCredential"].append(token)
    outer = jose.sign(document, signer=samples.signer, algorithm="EdDSA", kid=samples.METHOD)
    assert verdicts(judged(outer)) == ["valid"] * 3


def test_a_record_inside_a_record_is_not_followed():
    inner = record()
    report = judged(record(id=f"{RECORD}/outer", credentials=[inner]))
    assert verdicts(report) == ["valid"]
    assert report.contained[0].contained == ()
    assert report.contained[0].check("credentials").outcome is Outcome.NOT_CHECKED


def test_too_many_are_not_checked():
    document = clr.build_clr(spec())
    document["credentialSubject"]["verifiableCredential"] = [
        {"type": ["VerifiableCredential"], "id": f"urn:x:{number}"} for number in range(101)
    ]
    report = judged(sign(document))
    assert report.contained == ()
    assert report.check("credentials").outcome is Outcome.WARNING


def test_a_policy_that_asks_for_the_proof_alone_does_not_look_inside():
    report = judged(record(), policy=PROOF_ONLY)
    assert report.verdict.value == "valid"
    assert report.contained == ()
    with pytest.raises(KeyError):
        report.check("credentials")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verifiableCredential", None),
        ("verifiableCredential", []),
        ("verifiableCredential", [7]),
        ("type", ["AchievementSubject"]),
        (
            "association",
            [{"type": "Association", "associationType": "likes", "sourceId": "a:b", "targetId": "a:c"}],
        ),
        ("association", [{"type": "Association", "associationType": "precedes", "sourceId": "a:b"}]),
        ("achievement", [{"id": "urn:x"}]),
    ],
)
def test_what_departs_from_the_model_is_malformed(field, value):
    document = copy.deepcopy(VECTOR)
    document["credentialSubject"][field] = value
    if value is None:
        del document["credentialSubject"][field]
    report = judged(document, World(**controllers(VECTOR)))
    assert report.verdict.value == "malformed"
    assert report.check("schema").outcome is Outcome.FAILED


@pytest.mark.parametrize("field", ["id", "name", "validFrom", "issuer"])
def test_a_record_without_what_it_needs_is_malformed(field):
    document = copy.deepcopy(VECTOR)
    del document[field]
    assert judged(document, World(**controllers(VECTOR))).verdict.value == "malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"credentials": []},
        {"credentials": [build(samples.spec())]},
        {"credentials": [credential(), credential()]},
        {"id": samples.spec().id},
        {"valid_until": datetime(2026, 4, 1, tzinfo=UTC)},
        {"associations": [clr.Association("precedes", samples.spec().id, "urn:nowhere")]},
    ],
)
def test_a_record_that_cannot_be_true_is_not_built(changes):
    with pytest.raises(Malformed):
        clr.build_clr(spec(**changes))
