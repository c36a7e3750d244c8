"""What the options of a proof mean for the verdict: expiry, purpose, dates, domain and challenge."""

import copy

import pytest

from guildmark.protocol.openbadges.build import build
from guildmark.protocol.policy import POLICIES, PROOF_ONLY
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.times import format_instant
from guildmark.protocol.verify import Outcome, Verdict, verify
from tests.protocol import samples
from tests.protocol.world import World, status_list


def signed(document=None, **options):
    """A document with further proof options, signed over by hand as another issuer might."""
    unsigned = build(samples.spec()) if document is None else document
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": format_instant(samples.CREATED),
        "verificationMethod": samples.METHOD,
        "proofPurpose": "assertionMethod",
        **options,
    }
    value = samples.signer(suite.hash_data(unsigned, proof))
    return {**unsigned, "proof": {**proof, "proofValue": suite.multibase.encode(value)}}


def report_of(document, **options):
    return verify(document, loader=options.pop("world", None) or World(), now=samples.DURING, **options)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_proof_that_has_expired_is_not_valid(policy):
    good = report_of(signed(expires="2026-07-01T00:00:00Z"), policy=policy)
    assert good.verdict is Verdict.VALID
    report = report_of(signed(expires="2026-05-01T00:00:00Z"), policy=policy)
    assert report.verdict is Verdict.EXPIRED
    assert report.check("proof").outcome is Outcome.FAILED
    assert "2026-05-01" in report.check("proof").detail


def test_a_changed_expiry_is_tampered():
    document = signed(expires="2026-05-01T00:00:00Z")
    document["proof"]["expires"] = "2027-05-01T00:00:00Z"
    assert report_of(document).verdict is Verdict.TAMPERED


def test_a_proof_that_is_not_made_for_statements_is_refused():
    document = signed(proofPurpose="authentication")
    for policy in POLICIES.values():
        assert report_of(document, policy=policy).verdict is Verdict.TAMPERED


def test_a_proof_from_the_future_is_a_warning():
    report = report_of(signed(created="2027-01-01T00:00:00Z"))
    assert report.verdict is Verdict.VALID
    assert report.check("proof").outcome is Outcome.WARNING
    assert "2027-01-01" in report.check("proof").detail


@pytest.mark.parametrize("option", [{"domain": "https://shop.example"}, {"challenge": "1f44d55f"}])
def test_domain_and_challenge_on_a_credential_are_covered_and_decide_nothing(option):
    document = signed(**option)
    assert report_of(document).verdict is Verdict.VALID
    name = next(iter(option))
    document["proof"][name] = "https://other.example"
    assert report_of(document).verdict is Verdict.TAMPERED
    del document["proof"][name]
    assert report_of(document, policy=PROOF_ONLY).verdict is Verdict.TAMPERED


def test_a_status_list_whose_proof_has_expired_does_not_count():
    made = signed(status_list(samples.LIST_REVOKED, "revocation"), expires="2026-05-01T00:00:00Z")
    report = report_of(signed(), world=World(**{samples.LIST_REVOKED: made}))
    assert report.verdict is Verdict.CANNOT_TELL
    assert "expired" in report.check("status").detail


@pytest.mark.parametrize("field", ["created", "expires"])
def test_a_date_that_is_none_is_malformed(field):
    document = copy.deepcopy(signed())
    document["proof"][field] = "tomorrow"
    assert report_of(document).verdict is Verdict.MALFORMED
