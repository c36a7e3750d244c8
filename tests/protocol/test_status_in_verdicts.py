"""What a status list says, and every way in which it can fail to say it."""

import json
from pathlib import Path

import pytest

from guildmark.protocol import errors
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.v3 import StatusSpec
from guildmark.protocol.status import bitstring
from guildmark.protocol.verify import Outcome, Verdict, verify
from guildmark.protocol.verify.run import Run, VerifyLimits
from guildmark.protocol.verify.status import METHODS
from tests.protocol import samples
from tests.protocol.world import World, sign, status_list

URL = f"{samples.BASE}/status/m1"
MESSAGES = ("pending", "accepted", "rejected", "undefined")
FOREIGN = json.loads((Path(__file__).parent / "vectors" / "bitstring.json").read_text("utf-8"))["lists"]


def held(*statuses):
    return sign(build(samples.spec(statuses=statuses)))


def served(purpose, values, size=1, **changes):
    bits = bitstring.Bitstring(size=size)
    for index, value in values.items():
        bits.set(index, value)
    return sign(status_list(URL, purpose, bits=bits) | changes)


def report_of(document, listed):
    return verify(document, loader=World(**{URL: listed}), now=samples.DURING)


@pytest.mark.parametrize(
    ("value", "outcome", "word"),
    [(0, Outcome.PASSED, "Neither"), (1, Outcome.WARNING, "accepted"), (2, Outcome.WARNING, "rejected")],
)
def test_a_message_is_shown_and_decides_nothing(value, outcome, word):
    document = held(StatusSpec(URL, 9, "message", 2, MESSAGES))
    report = report_of(document, served("message", {9: value}, size=2))
    assert report.verdict is Verdict.VALID
    assert report.check("status").outcome is outcome
    assert word in report.check("status").detail


def test_a_refresh_is_a_warning():
    report = report_of(held(StatusSpec(URL, 9, "refresh")), served("refresh", {9: 1}))
    assert report.verdict is Verdict.VALID
    assert "newer version" in report.check("status").detail


@pytest.mark.parametrize(
    ("purpose", "verdict"), [("revocation", Verdict.REVOKED), ("suspension", Verdict.SUSPENDED)]
)
def test_any_value_but_zero_revokes_or_suspends_and_its_message_is_the_reason(purpose, verdict):
    document = held(StatusSpec(URL, 9, purpose, 2, ("good", "lost", "cheated", "other")))
    report = report_of(document, served(purpose, {9: 2}, size=2))
    assert report.verdict is verdict
    assert "cheated" in report.check("status").detail
    assert report_of(document, served(purpose, {8: 3, 10: 3}, size=2)).verdict is Verdict.VALID


def test_several_purposes_in_one_list_and_several_entries_are_all_read():
    statuses = (StatusSpec(URL, 9, "suspension"), StatusSpec(URL, 12, "message"))
    both = served("suspension", {12: 1}) | {}
    both["credentialSubject"]["statusPurpose"] = ["suspension", "message"]
    both = sign({key: value for key, value in both.items() if key != "proof"})
    report = report_of(held(*statuses), both)
    assert report.verdict is Verdict.VALID
    assert report.check("status").outcome is Outcome.WARNING
    bits = bitstring.from_indices([9, 12])
    both = {key: value for key, value in both.items() if key != "proof"}
    both["credentialSubject"]["encodedList"] = bits.encode()
    assert report_of(held(*statuses), sign(both)).verdict is Verdict.SUSPENDED


@pytest.mark.parametrize("name", FOREIGN)
def test_a_list_that_another_implementation_encoded_revokes(name):
    vector = FOREIGN[name]
    size = vector["size"]
    texts = tuple(f"meaning {number}" for number in range(1 << size)) if size > 1 else ()
    listed = status_list(URL, "revocation")
    listed["credentialSubject"]["encodedList"] = vector["encodedList"]
    for index in (0, 1, 131_071):
        document = held(StatusSpec(URL, index, "revocation", size, texts))
        expected = Verdict.REVOKED if str(index) in vector["values"] else Verdict.VALID
        assert report_of(document, sign(listed)).verdict is expected


def test_the_proof_of_a_list_may_stand_in_an_array_of_one():
    listed = served("revocation", {9: 1})
    document = held(StatusSpec(URL, 9, "revocation"))
    assert report_of(document, {**listed, "proof": [listed["proof"]]}).verdict is Verdict.REVOKED
    for proofs in ([], [listed["proof"]] * 2, [None], ["x"]):
        assert report_of(document, {**listed, "proof": proofs}).verdict is Verdict.CANNOT_TELL


def short_list():
    listed = status_list(URL, "revocation")
    listed["credentialSubject"]["encodedList"] = bitstring.Bitstring(bytes(16_000)).encode()
    return sign(listed)


def tampered_list():
    listed = served("revocation", {9: 1})
    listed["credentialSubject"]["encodedList"] = bitstring.Bitstring().encode()
    return listed


FAULTS = {
    "expired": (served("revocation", {}, validUntil="2026-05-01T00:00:00Z"), errors.StatusListExpired),
    "not yet valid": (
        served("revocation", {}, validFrom="2026-07-01T00:00:00Z"),
        errors.StatusListNotYetValid,
    ),
    "tampered": (tampered_list(), errors.StatusListTampered),
    "wrong type": (served("revocation", {}, type=["VerifiableCredential"]), errors.StatusListWrongType),
    "too short": (short_list(), errors.StatusListTooShort),
    "wrong purpose": (served("suspension", {}), errors.StatusListWrongPurpose),
    "dates that are none": (
        {**served("revocation", {}), "validFrom": "soon"},
        errors.StatusListWrongType,
    ),
    "subject missing": ({"type": ["BitstringStatusListCredential"]}, errors.StatusListWrongType),
}


def problem_of(document, world):
    """The error of the method itself."""
    run = Run(world, samples.DURING, None, None, VerifyLimits())
    with pytest.raises(errors.StatusError) as caught:
        METHODS["BitstringStatusListEntry"](run, document, document["credentialStatus"][0])
    return caught.value


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_list_has_its_own_error_and_the_reason_is_shown(fault):
    listed, error = FAULTS[fault]
    document = held(StatusSpec(URL, 9, "revocation"))
    problem = problem_of(document, World(**{URL: listed}))
    assert type(problem) is error
    report = report_of(document, listed)
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.check("status").outcome is Outcome.NOT_CHECKED
    assert report.check("status").detail == problem.reason


def test_a_place_beyond_the_end_and_a_list_that_is_not_there():
    beyond = held(StatusSpec(URL, 131_072, "revocation"))
    assert type(problem_of(beyond, World(**{URL: served("revocation", {})}))) is errors.StatusIndexOutOfRange
    assert report_of(beyond, served("revocation", {})).verdict is Verdict.CANNOT_TELL
    missing = held(StatusSpec(URL, 9, "revocation"))
    assert type(problem_of(missing, World())) is errors.StatusListUnavailable
    assert verify(missing, loader=World(), now=samples.DURING).verdict is Verdict.CANNOT_TELL


def test_a_status_of_an_unknown_type_cannot_be_told():
    unsigned = build(samples.spec(statuses=()))
    unsigned["credentialStatus"] = [{"id": "urn:x:1", "type": "1EdTechCredentialRefresh"}]
    report = verify(sign(unsigned), loader=World(), now=samples.DURING)
    assert report.verdict is Verdict.CANNOT_TELL
    assert "type" in report.check("status").detail
