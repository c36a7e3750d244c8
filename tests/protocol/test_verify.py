"""Each verdict, which one wins, and that no key is believed because somebody wrote it down."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest

from guildmark.protocol import did, keys
from guildmark.protocol.errors import NotValid
from guildmark.protocol.openbadges import bake
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import CHECKS, EXIT_CODES, Outcome, Verdict, VerifyLimits, offline, verify
from tests.protocol import samples
from tests.protocol.world import ISSUER_URL, World, credential, record, sign, status_list

SIGNED = credential()
PLACE = 94567


def report_of(document=None, *, world=None, **options):
    options.setdefault("now", samples.DURING)
    return verify(SIGNED if document is None else document, loader=world or World(), **options)


def verdict_of(document=None, **options):
    return report_of(document, **options).verdict


def test_a_good_credential_is_valid_and_every_check_has_a_name():
    report = report_of()
    assert report.verdict is Verdict.VALID
    assert [check.name for check in report.checks] == list(CHECKS)
    passed = {check.name for check in report.checks if check.outcome is Outcome.PASSED}
    assert passed == {"syntax", "schema", "safe_mode", "proof", "key_binding", "status", "validity"}
    assert report.check("issuer_trust").outcome is Outcome.NOT_CHECKED
    report.ensure_valid()


def test_it_reads_bytes_as_well():
    assert verdict_of(json.dumps(SIGNED, indent=3).encode()) is Verdict.VALID
    assert verdict_of(json.dumps(SIGNED, ensure_ascii=False)) is Verdict.VALID


def test_the_printed_shape_is_that_of_the_command_line():
    shape = report_of().as_dict()
    assert set(shape) == {"verdict", "checks", "credential"}
    assert set(shape["checks"][0]) == {"name", "outcome", "detail"}
    assert json.loads(json.dumps(shape))["verdict"] == "valid"


def test_exit_codes():
    assert EXIT_CODES[Verdict.VALID] == 0
    assert EXIT_CODES[Verdict.CANNOT_TELL] == 2
    assert EXIT_CODES[Verdict.MALFORMED] == 3
    assert {EXIT_CODES[item] for item in Verdict if item not in ("valid", "cannot_tell", "malformed")} == {1}


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        ({"revoked": [PLACE]}, Verdict.REVOKED),
        ({"suspended": [PLACE]}, Verdict.SUSPENDED),
        ({"revoked": [PLACE], "suspended": [PLACE]}, Verdict.REVOKED),
        ({"revoked": [PLACE + 1, PLACE - 1]}, Verdict.VALID),
    ],
)
def test_status(world, expected):
    assert verdict_of(world=World(**world)) is expected


def test_a_signed_record_makes_revoked_superseded():
    address = SIGNED["id"] + "/supersession"
    world = World(revoked=[PLACE], **{address: record(SIGNED["id"])})
    report = report_of(world=world)
    assert report.verdict is Verdict.SUPERSEDED
    assert report.superseded_by == "https://academy.example/c/0b0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d22"


def test_a_record_without_revocation_changes_nothing():
    world = World(**{SIGNED["id"] + "/supersession": record(SIGNED["id"])})
    assert verdict_of(world=world) is Verdict.VALID


@pytest.mark.parametrize("fault", ["changed", "unsigned", "other credential", "other issuer", "other key"])
def test_a_record_that_is_not_the_issuers_leaves_it_revoked(fault):
    address = SIGNED["id"] + "/supersession"
    made = record(SIGNED["id"])
    if fault == "changed":
        made["credentialSubject"]["endorsementComment"] = "Other"
    elif fault == "unsigned":
        del made["proof"]
    elif fault == "other credential":
        made = record("https://academy.example/c/other")
    elif fault == "other issuer":
        made = record(SIGNED["id"], issuer="did:web:evil.example")
    else:
        made = {key: value for key, value in made.items() if key != "proof"}
        made = sign(made, key=samples.OTHER_KEY)
    assert verdict_of(world=World(revoked=[PLACE], **{address: made})) is Verdict.REVOKED


def test_validity():
    start, end = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2028, 3, 1, 12, tzinfo=UTC)
    second = timedelta(seconds=1)
    world = World(
        **{
            url: sign(status_list(url, purpose, valid_from=start - second, valid_until=end + second))
            for url, purpose in ((samples.LIST_REVOKED, "revocation"), (samples.LIST_SUSPENDED, "suspension"))
        }
    )
    assert verdict_of(world=world, now=start) is Verdict.VALID
    assert verdict_of(world=world, now=start - second) is Verdict.NOT_YET_VALID
    assert verdict_of(world=world, now=end) is Verdict.VALID
    assert verdict_of(world=world, now=end + second) is Verdict.EXPIRED


def test_another_date_shifts_validity_only():
    report = report_of(world=World(revoked=[PLACE]), at=datetime(2029, 1, 1, tzinfo=UTC))
    assert report.verdict is Verdict.EXPIRED
    assert report.check("status").outcome is Outcome.NOT_CHECKED
    assert "another date" in report.check("status").detail


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("missing", "cannot be had"),
        ("expired", "expired"),
        ("early", "not valid yet"),
        ("tampered", "proof"),
        ("unsigned", "proof"),
        ("type", "no Bitstring"),
        ("purpose", "not about"),
        ("issuer", "somebody else"),
        ("other list", "another one"),
    ],
)
def test_an_unreadable_list_never_means_not_revoked(fault, word):
    url = samples.LIST_REVOKED
    made = status_list(url, "revocation")
    if fault == "expired":
        made["validUntil"] = "2026-05-01T00:00:00Z"
    elif fault == "early":
        made["validFrom"] = "2026-07-01T00:00:00Z"
    elif fault == "type":
        made["type"] = ["VerifiableCredential"]
    elif fault == "purpose":
        made["credentialSubject"]["statusPurpose"] = "message"
    elif fault == "issuer":
        made["issuer"] = "did:web:other.example"
    elif fault == "other list":
        made["id"] = "https://academy.example/status/r2"
    if fault != "unsigned":
        made = sign(made)
    if fault == "tampered":
        made["credentialSubject"]["encodedList"] = status_list(url, "revocation", [1])["credentialSubject"][
            "encodedList"
        ]
    world = World(**{url: made})
    if fault == "missing":
        del world.documents[url]
    report = report_of(world=world)
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.check("status").outcome is Outcome.NOT_CHECKED
    assert word in report.check("status").detail


def test_revoked_wins_over_an_unreadable_other_list():
    world = World(revoked=[PLACE])
    del world.documents[samples.LIST_SUSPENDED]
    assert verdict_of(world=world) is Verdict.REVOKED


def changed(path, value):
    document = copy.deepcopy(SIGNED)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["name"], "Another"),
        (["validUntil"], "2099-01-01T00:00:00Z"),
        (["credentialSubject", "achievement", "name"], "Another"),
        (["credentialSubject", "identifier", 1, "identityHash"], "Somebody else"),
        (["credentialSubject", "result", 0, "value"], "Best"),
        (["proof", "created"], "2026-03-02T10:00:01Z"),
        (["issuer", "name"], "Another academy"),
        (["proof", "proofPurpose"], "authentication"),
        (["proof", "proofValue"], "z" + "1" * 64),
        (["proof", "proofValue"], "not multibase"),
    ],
)
def test_changed_content_is_tampered(path, value):
    assert verdict_of(changed(path, value)) is Verdict.TAMPERED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["honour"], "undefined"),
        (["credentialSubject", "achievement", "shine"], "undefined"),
        (["credentialSubject", "achievement", "tag"], []),
        (["description"], None),
        (["name"], ["Build a tested e-mail sequence"]),
        (["type"], ["VerifiableCredential", "AchievementCredential", "Undefined"]),
        (["@context", 2], "https://www.w3.org/ns/credentials/v2"),
        (["https://schema.org/name"], "x"),
        (["@index"], "x"),
        (["proof", "created"], "yesterday"),
        (["validFrom"], "yesterday"),
        (["credentialSubject"], {}),
    ],
)
def test_broken_shape_is_malformed(path, value):
    assert verdict_of(changed(path, value)) is Verdict.MALFORMED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["proof", "cryptosuite"], "eddsa-rdfc-2099"),
        (["proof", "type"], "OtherProof"),
        (["proof"], []),
        (["@context", 1], "https://example.org/context"),
    ],
)
def test_what_cannot_be_checked_is_cannot_tell(path, value):
    document = changed(path, value)
    if document["proof"] == []:
        del document["proof"]
    assert verdict_of(document) is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["issuer", "id"], "did:web:other.example"),
        (
            ["proof", "verificationMethod"],
            f"{samples.ISSUER}#{keys.encode_multikey(bytes(samples.OTHER_KEY.verify_key))}",
        ),
        (["proof", "verificationMethod"], "did:web:other.example#key"),
        (["proof", "verificationMethod"], keys.did_key(bytes(samples.OTHER_KEY.verify_key))),
    ],
)
def test_another_issuer_or_key_is_unknown(path, value):
    assert verdict_of(changed(path, value)) is Verdict.UNKNOWN_ISSUER


def test_a_key_in_the_fragment_proves_nothing():
    foreign = keys.encode_multikey(bytes(samples.OTHER_KEY.verify_key))
    forged = sign(build(samples.spec()), key=samples.OTHER_KEY, method=f"{samples.ISSUER}#{foreign}")
    assert verdict_of(forged) is Verdict.UNKNOWN_ISSUER


def test_a_key_that_is_listed_but_may_not_assert_is_unknown():
    world = World(**{ISSUER_URL: samples.issuer_document(active=())})
    assert verdict_of(world=world) is Verdict.UNKNOWN_ISSUER


@pytest.mark.parametrize("field", ["id", "controller"])
def test_a_controller_document_must_be_about_the_issuer(field):
    document = samples.issuer_document()
    target = document if field == "id" else document["verificationMethod"][0]
    target[field] = "did:web:other.example"
    assert verdict_of(world=World(**{ISSUER_URL: document})) is Verdict.UNKNOWN_ISSUER


def test_an_issuer_that_does_not_answer_is_cannot_tell():
    report = verify(SIGNED, loader=offline, now=samples.DURING)
    assert report.verdict is Verdict.CANNOT_TELL
    with pytest.raises(NotValid):
        report.ensure_valid()


def test_the_trust_file_answers_instead_of_the_network():
    documents = dict(World().documents)
    documents[samples.ISSUER] = documents.pop(ISSUER_URL)
    report = verify(SIGNED, loader=offline, now=samples.DURING, trust=TrustFile(documents))
    assert report.verdict is Verdict.VALID
    assert report.check("issuer_trust").outcome is Outcome.PASSED


def test_an_issuer_that_the_trust_file_leaves_out_is_unknown():
    trust = TrustFile({"did:web:other.example": {}})
    assert verdict_of(trust=trust) is Verdict.UNKNOWN_ISSUER


def test_an_https_issuer_and_a_did_key_issuer_verify_too():
    for controller, documents in (
        ("https://academy.example/o/northlamp", None),
        (keys.did_key(samples.PUBLIC), {}),
    ):
        changes = {"issuer": samples.spec().issuer.__class__(controller, "Northlamp"), "statuses": ()}
        method = f"{controller}#{keys.encode_multikey(samples.PUBLIC)}"
        made = sign(build(samples.spec(**changes)), method=method)
        world = World()
        if documents is None:
            world.documents[controller] = did.build_controller_document(controller, [samples.PUBLIC])
        assert verdict_of(made, world=world) is Verdict.VALID


def test_the_recipient_is_matched_when_asked_for():
    good = report_of(recipient_email=" ADA@example.org")
    assert good.check("recipient").outcome is Outcome.PASSED
    bad = report_of(recipient_email="bob@example.org")
    assert bad.check("recipient").outcome is Outcome.FAILED
    assert bad.verdict is Verdict.VALID
    with pytest.raises(NotValid):
        bad.ensure_valid()


def test_terms_renamed_by_a_context_of_ones_own_are_not_believed():
    """The classic trick: the signature holds, and the expiry date is gone for whoever reads JSON."""
    document = copy.deepcopy(SIGNED)
    alias = {
        "expiry": {
            "@id": "https://www.w3.org/2018/credentials#validUntil",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        }
    }
    document["@context"].append(alias)
    document["expiry"] = document.pop("validUntil")
    assert verdict_of(document, now=datetime(2030, 1, 1, tzinfo=UTC)) is Verdict.CANNOT_TELL


def test_a_second_node_with_the_same_id_is_not_believed():
    document = copy.deepcopy(SIGNED)
    document["relatedResource"][0]["id"] = document["id"]
    assert verdict_of(document) is Verdict.MALFORMED


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"{",
        b"[]",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":123456789012345678901234567890}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'"\\ud800"',
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR",
        b"%PDF-1.7 nothing",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
    ],
)
def test_hostile_bytes_are_malformed(source):
    assert verdict_of(source) is Verdict.MALFORMED


def test_a_poison_graph_is_refused():
    document = copy.deepcopy(SIGNED)
    document["evidence"] = [{"type": ["Evidence"], "name": "same"} for _ in range(400)]
    report = report_of(document)
    assert report.verdict is Verdict.MALFORMED


def test_limits_are_the_callers():
    small = VerifyLimits(file_bytes=100)
    assert verdict_of(json.dumps(SIGNED).encode(), limits=small) is Verdict.MALFORMED


def test_a_baked_image_is_verified_from_its_bytes():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'
    baked = bake.bake_svg(svg, json.dumps(SIGNED, ensure_ascii=False).encode())
    assert verdict_of(baked) is Verdict.VALID


def test_an_endorsement_inside_is_checked_by_itself():
    unsigned = build(samples.spec())
    endorsement = record(unsigned["id"])
    unsigned["endorsement"] = [endorsement]
    good = sign(unsigned)
    assert report_of(good).check("endorsements").outcome is Outcome.PASSED
    bad = copy.deepcopy(endorsement)
    bad["name"] = "Other"
    unsigned["endorsement"] = [bad]
    report = report_of(sign(unsigned))
    assert report.check("endorsements").outcome is Outcome.FAILED
    assert report.verdict is Verdict.VALID
