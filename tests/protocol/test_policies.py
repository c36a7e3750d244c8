"""The same document under each policy: the checks stay, what decides changes."""

import copy

import pytest

from guildmark.protocol import did, keys
from guildmark.protocol.errors import NotValid
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.v3 import IssuerSpec
from guildmark.protocol.policy import OPEN_BADGES_STRICT, POLICIES, PROOF_ONLY, WALLET_LENIENT
from guildmark.protocol.report import CHECKS
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import Outcome, Verdict, verify
from tests.protocol import samples
from tests.protocol.world import ISSUER_URL, World, credential, record, sign

SIGNED = credential()
OTHER = keys.did_key(bytes(samples.OTHER_KEY.verify_key))
OTHER_METHOD = f"{OTHER}#{OTHER.removeprefix('did:key:')}"
HTTPS = "https://academy.example/o/northlamp"


def report_of(document=SIGNED, policy=OPEN_BADGES_STRICT, world=None, **options):
    options.setdefault("now", samples.DURING)
    return verify(document, loader=world or World(), policy=policy, **options)


def by_a_stranger(issuer=HTTPS, method=OTHER_METHOD):
    """A credential that names an https issuer and is signed by somebody else's key."""
    unsigned = build(samples.spec(issuer=IssuerSpec(issuer, "Northlamp"), statuses=()))
    return sign(unsigned, key=samples.OTHER_KEY, method=method)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_good_credential_is_valid_and_every_check_is_named(policy):
    report = report_of(policy=policy)
    assert report.verdict is Verdict.VALID
    assert [item.name for item in report.checks] == list(CHECKS)
    report.ensure_valid()
    for name in policy.not_run:
        assert report.check(name).outcome is Outcome.NOT_CHECKED
        assert not report.check(name).reached


def test_an_unrelated_key_is_a_warning_when_only_the_proof_is_asked():
    report = report_of(by_a_stranger(), PROOF_ONLY)
    assert report.verdict is Verdict.VALID
    assert report.check("proof").outcome is Outcome.PASSED
    assert report.check("key_binding").outcome is Outcome.WARNING
    assert "not to the issuer" in report.check("key_binding").detail
    report.ensure_valid()
    with pytest.raises(NotValid):
        report.ensure_valid(OPEN_BADGES_STRICT)


@pytest.mark.parametrize("policy", [OPEN_BADGES_STRICT, WALLET_LENIENT])
def test_an_unrelated_key_is_never_the_issuers(policy):
    report = report_of(by_a_stranger(), policy)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert report.check("key_binding").outcome is Outcome.FAILED


def stranger_cases():
    multikey = OTHER.removeprefix("did:key:")
    own = did.build_controller_document(HTTPS, [samples.PUBLIC])
    listed = did.build_controller_document(HTTPS, [samples.PUBLIC, bytes(samples.OTHER_KEY.verify_key)])
    unasserted = {**listed, "assertionMethod": own["assertionMethod"]}
    other_controller = copy.deepcopy(listed)
    other_controller["verificationMethod"][1]["controller"] = "https://other.example/o/x"
    return {
        "in the fragment only": own,
        "listed, but not for making statements": unasserted,
        "listed with another controller": other_controller,
        "listed by a document about somebody else": {**listed, "id": "https://other.example/o/x"},
    }, f"{HTTPS}#{multikey}"


@pytest.mark.parametrize("case", stranger_cases()[0])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_key_that_merely_claims_to_be_the_issuers_is_never_valid(case, policy):
    documents, method = stranger_cases()
    world = World(**{HTTPS: documents[case]})
    report = report_of(by_a_stranger(method=method), policy, world)
    assert report.verdict is not Verdict.VALID
    assert report.check("key_binding").outcome in (Outcome.FAILED, Outcome.WARNING)
    if policy is not PROOF_ONLY:
        assert report.verdict is Verdict.UNKNOWN_ISSUER


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_policy_accepts_changed_content_or_undefined_terms(policy):
    assert report_of({**SIGNED, "name": "Another"}, policy).verdict is Verdict.TAMPERED
    assert report_of({**SIGNED, "rank": "1"}, policy).verdict is Verdict.MALFORMED
    stranger = by_a_stranger()
    stranger["name"] = "Another"
    assert report_of(stranger, policy).verdict is not Verdict.VALID


def test_the_proof_alone_asks_for_no_status_and_no_dates():
    late = samples.DURING.replace(year=2030)
    report = report_of(policy=PROOF_ONLY, world=World(revoked=[94567]), now=late)
    assert report.verdict is Verdict.VALID
    report.ensure_valid()
    for policy in (OPEN_BADGES_STRICT, WALLET_LENIENT):
        with pytest.raises(NotValid, match="does not answer"):
            report.ensure_valid(policy)


def outside_the_model():
    unsigned = build(samples.spec())
    del unsigned["credentialSubject"]["achievement"]["description"]
    return sign(unsigned)


def test_a_wallet_shows_what_departs_from_the_model():
    document = outside_the_model()
    strict, lenient = report_of(document), report_of(document, WALLET_LENIENT)
    assert strict.verdict is Verdict.MALFORMED
    assert lenient.verdict is Verdict.VALID
    assert lenient.check("schema").outcome is Outcome.WARNING
    assert "description" in lenient.check("schema").detail
    lenient.ensure_valid()
    with pytest.raises(NotValid):
        lenient.ensure_valid(OPEN_BADGES_STRICT)


def test_a_wallet_shows_an_issuer_that_nobody_lists():
    trust = TrustFile({"did:web:other.example": {}})
    assert report_of(trust=trust).verdict is Verdict.UNKNOWN_ISSUER
    report = report_of(policy=WALLET_LENIENT, trust=trust)
    assert report.verdict is Verdict.VALID
    assert report.check("issuer_trust").outcome is Outcome.WARNING


def test_a_wallet_does_not_overlook_revocation_or_dates():
    assert report_of(policy=WALLET_LENIENT, world=World(revoked=[94567])).verdict is Verdict.REVOKED
    late = samples.DURING.replace(year=2030)
    world = World()
    del world.documents[samples.LIST_REVOKED]
    assert report_of(policy=WALLET_LENIENT, world=world).verdict is Verdict.CANNOT_TELL
    assert report_of(policy=WALLET_LENIENT, now=late).verdict is not Verdict.VALID


def test_another_policy_reads_the_same_report():
    report = report_of(recipient_email="bob@example.org")
    with pytest.raises(NotValid, match="another address"):
        report.ensure_valid()
    report.ensure_valid(WALLET_LENIENT)
    revoked = report_of(world=World(revoked=[94567]))
    with pytest.raises(NotValid, match="revoked"):
        revoked.ensure_valid(WALLET_LENIENT)
    revoked.ensure_valid(PROOF_ONLY)
    unreadable = World()
    del unreadable.documents[samples.LIST_REVOKED]
    with pytest.raises(NotValid):
        report_of(world=unreadable).ensure_valid(WALLET_LENIENT)


def test_a_report_that_stopped_early_does_not_answer_for_the_proof():
    """The model failed, so the proof was never looked at, whatever policy is asked afterwards."""
    report = report_of(outside_the_model())
    with pytest.raises(NotValid, match="does not answer"):
        report.ensure_valid(PROOF_ONLY)


def test_endorsements_of_a_stranger_fail_where_the_key_binding_decides():
    unsigned = build(samples.spec())
    endorsement = {
        key: value for key, value in record("https://academy.example/c/old").items() if key != "proof"
    }
    unsigned["endorsement"] = [sign(endorsement, key=samples.OTHER_KEY, method=OTHER_METHOD)]
    report = report_of(sign(unsigned))
    assert report.check("endorsements").outcome is Outcome.FAILED
    lenient = report_of(sign(unsigned), WALLET_LENIENT)
    assert lenient.check("endorsements").outcome is Outcome.WARNING
    lenient.ensure_valid()


def test_the_keys_of_an_issuer_that_does_not_answer_are_not_needed_for_the_proof_alone():
    world = World()
    del world.documents[ISSUER_URL]
    assert report_of(policy=PROOF_ONLY, world=world).verdict is Verdict.CANNOT_TELL
    assert report_of(by_a_stranger(), PROOF_ONLY, world).verdict is Verdict.VALID
