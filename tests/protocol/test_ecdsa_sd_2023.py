"""Selective disclosure against published bytes and those of a JavaScript implementation: sign, derive, judge."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guildmark.protocol.canonical import rdfc
from guildmark.protocol.canonical.selection import NamedDocument
from guildmark.protocol.errors import (
    BadSignature,
    Malformed,
    ProofError,
    TooLarge,
    UndefinedTerm,
)
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import ecdsa_sd_2023 as sd
from guildmark.protocol.proofs import sd_proof_value
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.verify import offline, verify
from tests.protocol import oxigraph, samples
from tests.protocol.selective import (
    BASE,
    CHOSEN,
    DERIVED,
    JAVASCRIPT,
    MAKER,
    MANDATORY,
    RAW,
    SUBJECT,
    VALUE,
    W3C,
    check,
    credential,
    key_of,
    leaves,
    raw_parts,
    sign,
    swap_first_signatures,
    unsecured,
    with_bytes,
    with_parts,
    with_value,
)

VECTORS = pytest.mark.parametrize("vector", [W3C, JAVASCRIPT], ids=["w3c", "javascript"])


def verdict_of(document: dict[str, Any]) -> Verdict:
    return verify(document, loader=offline, now=samples.DURING).verdict


# -- foreign bytes ---------------------------------------------------------------------------------


@VECTORS
def test_a_derived_proof_made_elsewhere_verifies(vector):
    check(vector["derived"], key_of(vector))


@VECTORS
def test_deriving_gives_the_published_bytes(vector):
    assert sd.derive(vector["base"], selective_pointers=vector["selective"]) == vector["derived"]


@VECTORS
def test_a_base_proof_made_elsewhere_is_written_as_it_was_read(vector):
    text = vector["base"]["proof"]["proofValue"]
    value = sd_proof_value.parse_base(text)
    assert value.hmac_key.hex().upper() == vector["hmac_key"].upper()
    assert list(value.mandatory_pointers) == vector["mandatory"]
    assert sd_proof_value.encode_base(value) == text


@VECTORS
def test_a_derived_proof_made_elsewhere_is_written_as_it_was_read(vector):
    text = vector["derived"]["proof"]["proofValue"]
    assert sd_proof_value.encode_derived(sd_proof_value.parse_derived(text)) == text


@pytest.mark.parametrize(
    ("vector", "document"),
    [(W3C, W3C["labelled_document"]), (JAVASCRIPT, unsecured(JAVASCRIPT["base"]))],
    ids=["w3c", "javascript"],
)
def test_blank_nodes_get_the_published_labels(vector, document):
    quads = NamedDocument(document).quads
    labels = sd.hmac_labels(quads, bytes.fromhex(vector["hmac_key"]))
    assert rdfc.lines(quads, labels) == vector["labelled_lines"]


def test_groups_indexes_and_hashes_are_those_that_the_w3c_published():
    named = NamedDocument(unsecured(W3C["base"]))
    labels = sd.hmac_labels(named.quads, bytes.fromhex(W3C["hmac_key"]))
    lines = rdfc.lines(named.quads, labels)
    groups = {
        "mandatory_indexes": W3C["mandatory"],
        "selective_indexes": W3C["selective"],
        "combined_indexes": W3C["mandatory"] + W3C["selective"],
    }
    for name, pointers in groups.items():
        part = set(rdfc.lines(named.part(pointers), labels))
        assert [index for index, line in enumerate(lines) if line in part] == W3C[name]
    mandatory = "".join(lines[index] for index in W3C["mandatory_indexes"])
    assert hashlib.sha256(mandatory.encode()).hexdigest() == W3C["mandatory_hash"]
    assert sd.proof_hash(W3C["base"], W3C["base"]["proof"]).hex() == W3C["proof_hash"]
    derived = sd_proof_value.parse_derived(W3C["derived"]["proof"]["proofValue"])
    assert list(derived.mandatory_indexes) == W3C["adjusted_mandatory_indexes"]


@VECTORS
def test_every_signature_of_a_base_proof_made_elsewhere_fits_our_statements(vector):
    document = unsecured(vector["base"])
    value = sd_proof_value.parse_base(vector["base"]["proof"]["proofValue"])
    named = NamedDocument(document)
    labels = sd.hmac_labels(named.quads, value.hmac_key)
    mandatory = named.part(vector["mandatory"])
    lines = rdfc.lines(named.quads - mandatory, labels)
    for line, signature in zip(lines, value.signatures, strict=True):
        value.key.verify(signature, line.encode())
    options = sd.proof_hash(document, vector["base"]["proof"])
    message = sd.signed_bytes(options, value.key, rdfc.lines(mandatory, labels))
    key_of(vector).verify(value.signature, message)


# -- signing ---------------------------------------------------------------------------------------


def test_what_is_signed_here_derives_and_verifies():
    check(DERIVED)
    assert list(BASE)[-1] == "proof"
    assert {name: BASE["proof"][name] for name in ("type", "cryptosuite", "created", "proofPurpose")} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "created": "2026-03-02T10:00:00Z",
        "proofPurpose": "assertionMethod",
    }
    assert BASE["proof"]["proofValue"].startswith("u2V0A")
    assert DERIVED["proof"]["proofValue"].startswith("u2V0B")


def test_the_key_of_single_statements_is_another_each_time():
    first, second = (sd_proof_value.parse_base(made["proof"]["proofValue"]) for made in (sign(), sign()))
    assert first.key != second.key
    assert first.key != MAKER.public
    assert first.hmac_key != second.hmac_key


def test_the_hmac_key_may_be_given():
    value = sd_proof_value.parse_base(sign(hmac_key=bytes(range(32)))["proof"]["proofValue"])
    assert value.hmac_key == bytes(range(32))
    with pytest.raises(Malformed, match="32 bytes"):
        sign(hmac_key=b"short")


@pytest.mark.parametrize("pointers", [["/gone"], ["/issuer/gone"], ["issuer"], [7], "/issuer", None, [None]])
def test_mandatory_pointers_must_lead_somewhere(pointers):
    with pytest.raises(Malformed):
        sign(mandatory_pointers=pointers)


def test_without_mandatory_pointers_everything_may_be_left_out():
    derived = sd.derive(sign(mandatory_pointers=[]), selective_pointers=["/validFrom"])
    assert set(derived) == {"@context", "id", "type", "validFrom", "proof"}
    check(derived)


def test_it_signs_nothing_twice_and_nothing_that_would_be_lost():
    with pytest.raises(ProofError, match="carries a proof"):
        sign(BASE)
    with pytest.raises(UndefinedTerm):
        sign({**credential(), "undefined term": "x"})


def test_further_members_of_the_proof_are_covered():
    derived = sd.derive(sign(options={"expires": "2027-01-01T00:00:00Z"}), selective_pointers=[])
    check(derived)
    derived["proof"]["expires"] = "2028-01-01T00:00:00Z"
    with pytest.raises(BadSignature):
        check(derived)


def test_a_signer_that_gives_something_else_is_refused():
    with pytest.raises(ProofError, match="64 bytes"):
        sign(signer=lambda message: b"x" * 63)


def test_it_does_not_sign_a_document_of_too_many_statements(monkeypatch):
    monkeypatch.setattr(sd_proof_value, "MAX_STATEMENTS", 50)
    with pytest.raises(TooLarge, match="50 statements"):
        sign()
    with pytest.raises(TooLarge, match="50 signatures"):
        sd.derive(BASE, selective_pointers=[])


def test_the_general_functions_sign_no_single_statements():
    with pytest.raises(ProofError, match="functions of its own"):
        MAKER.sign(credential(), "ecdsa-sd-2023")


def test_advice_names_what_a_holder_could_mislead_by_leaving_out():
    document = build(samples.spec())
    assert sd.advised_pointers(document) == [
        "/issuer", "/validFrom", "/validUntil", "/credentialStatus", "/credentialSchema",
    ]  # fmt: skip


# -- deriving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pointers", [["/gone"], [f"{SUBJECT}/result/9"], ["x"], [3], "/issuer", None])
def test_selective_pointers_must_lead_somewhere(pointers):
    with pytest.raises(Malformed):
        sd.derive(BASE, selective_pointers=pointers)


def test_something_must_be_shown():
    with pytest.raises(ProofError, match="Nothing is chosen"):
        sd.derive(sign(mandatory_pointers=[]), selective_pointers=[])


def test_only_a_base_proof_can_be_derived_from():
    with pytest.raises(Malformed, match="derived already"):
        sd.derive(DERIVED, selective_pointers=[])
    with pytest.raises(ProofError, match="no proofs"):
        sd.derive(credential(), selective_pointers=[])
    with pytest.raises(ProofError, match="no proofs"):
        sd.derive(MAKER.sign(credential(), "ecdsa-rdfc-2019"), selective_pointers=[])


def test_one_of_several_base_proofs_is_chosen_by_its_id():
    first, second = sign(proof_id="urn:proof:1"), sign(proof_id="urn:proof:2")
    both = {**first, "proof": [first["proof"], second["proof"]]}
    with pytest.raises(ProofError, match="2 proofs"):
        sd.derive(both, selective_pointers=[])
    derived = sd.derive(both, selective_pointers=[], proof_id="urn:proof:2")
    assert derived["proof"]["id"] == "urn:proof:2"
    check(derived)


def test_a_changed_document_is_noticed_when_deriving():
    changed = copy.deepcopy(BASE)
    changed["credentialSubject"]["result"][0]["value"] = "Better"
    with pytest.raises(BadSignature):
        sd.derive(changed, selective_pointers=[f"{SUBJECT}/result/0"])
    more = copy.deepcopy(BASE)
    more["credentialSubject"]["result"].append({"type": ["Result"], "value": "Another"})
    with pytest.raises(BadSignature, match="other statements"):
        sd.derive(more, selective_pointers=[f"{SUBJECT}/result/0"])


def test_an_ordered_list_is_shown_as_a_whole_or_not_at_all():
    place = f"{SUBJECT}/achievement/resultDescription/0/allowedValue"
    derived = sd.derive(BASE, selective_pointers=[place])
    shown = derived["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"]
    assert shown == ["Below the bar", "At the bar", "Above the bar"]
    check(derived)
    with pytest.raises(Malformed, match="states something"):
        sd.derive(BASE, selective_pointers=[f"{place}/1"])


def places(value: Any, path: str = "") -> Iterator[str]:
    """Every pointer of a document that can be disclosed by itself."""
    yield path
    if isinstance(value, dict):
        for name, child in value.items():
            yield from places(child, f"{path}/{name}")
    elif isinstance(value, list) and not path.endswith("/allowedValue"):
        for index, child in enumerate(value):
            yield from places(child, f"{path}/{index}")


PLACES = [place for place in places(unsecured(BASE)) if place]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PLACES), max_size=12))
@example(PLACES)
@example([""])
@example([])
def test_any_choice_derives_and_verifies_and_shows_nothing_else(pointers):
    derived = sd.derive(BASE, selective_pointers=pointers)
    check(derived)
    chosen = [*MANDATORY, *pointers]
    expected = sorted(
        str(value)
        for path, value in leaves(BASE)
        if any(path == one or path.startswith(f"{one}/") for one in chosen)
    )
    assert sorted(str(value) for _, value in leaves(derived)) == expected
    # The statements as another implementation counts them: those with a signature, and those that all must show.
    value = sd_proof_value.parse_derived(derived["proof"]["proofValue"])
    statements = oxigraph.canonical(unsecured(derived)).count("\n")
    assert len(value.signatures) + len(value.mandatory_indexes) == statements


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PLACES), max_size=4), st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)
)
def test_any_choice_of_what_is_mandatory_works(mandatory, selective):
    check(sd.derive(sign(mandatory_pointers=mandatory), selective_pointers=selective))


# -- the verifier for outsiders --------------------------------------------------------------------


def test_a_derived_credential_is_valid_for_outsiders():
    report = verify(DERIVED, loader=offline, now=samples.DURING)
    assert report.verdict is Verdict.VALID
    assert report.check("proof").outcome is Outcome.WARNING
    assert "credentialStatus cannot be told" in report.check("proof").detail


def test_what_decides_over_validity_is_missed_when_it_is_not_shown():
    base = sign(mandatory_pointers=[one for one in MANDATORY if one != "/validUntil"])
    detail = (
        verify(sd.derive(base, selective_pointers=CHOSEN), loader=offline, now=samples.DURING)
        .check("proof")
        .detail
    )
    assert "validUntil or credentialStatus" in detail


def test_a_status_that_must_be_shown_is_read():
    made = credential() | {"credentialStatus": build(samples.spec())["credentialStatus"]}
    derived = sd.derive(
        sign(made, mandatory_pointers=[*MANDATORY, "/credentialStatus"]), selective_pointers=CHOSEN
    )
    report = verify(derived, loader=offline, now=samples.DURING)
    assert report.check("proof").outcome is Outcome.PASSED
    assert report.verdict is Verdict.CANNOT_TELL
    assert "status" in report.check("status").detail


def test_a_base_proof_is_cannot_tell_and_says_what_to_do():
    report = verify(BASE, loader=offline, now=samples.DURING)
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.check("proof").outcome is Outcome.NOT_CHECKED
    assert "stays with the holder" in report.check("proof").detail


def test_a_changed_derived_credential_is_tampered():
    changed = copy.deepcopy(DERIVED)
    changed["credentialSubject"]["result"][0]["value"] = "Better"
    assert verdict_of(changed) is Verdict.TAMPERED
    parts = raw_parts(DERIVED)
    swap_first_signatures(parts)
    assert verdict_of(with_parts(DERIVED, parts)) is Verdict.TAMPERED


def test_a_broken_derived_proof_is_malformed():
    assert verdict_of(with_bytes(DERIVED, RAW[:-1])) is Verdict.MALFORMED
    assert verdict_of(with_value(DERIVED, VALUE[1:])) is Verdict.MALFORMED


def test_an_expired_derived_credential_is_expired():
    later = datetime(2029, 1, 1, tzinfo=UTC)
    assert verify(DERIVED, loader=offline, now=later).verdict is Verdict.EXPIRED
