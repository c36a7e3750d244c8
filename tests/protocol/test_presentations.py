"""Presentations: those of another implementation, our own, and every way to show what is not one's own."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from guildmark.protocol import contexts, envelopes, keys, presentations, vcdm
from guildmark.protocol.errors import (
    BadSignature,
    KeyNotBound,
    Malformed,
    ProofError,
    ProtocolError,
    UnsupportedProof,
)
from guildmark.protocol.proof_only import Expected, check_proofs, did_key_of
from guildmark.protocol.proofs import data_integrity, vc_jose

FILE = json.loads((Path(__file__).parent / "vectors" / "presentations.json").read_text("utf-8"))
VECTORS = {f"{one['kind']}, {one['version']}": one["presentation"] for one in FILE["presentations"]}
ASKED = {"challenge": FILE["challenge"], "domain": FILE["domain"]}
NOW = datetime(2026, 12, 1, tzinfo=UTC)
V2 = contexts.CREDENTIALS_V2


class Person:
    """Somebody with an Ed25519 did:key."""

    def __init__(self, seed: int) -> None:
        self.key = SigningKey(bytes([seed]) * 32)
        multikey = keys.encode_multikey(bytes(self.key.verify_key))
        self.did = f"did:key:{multikey}"
        self.method = f"{self.did}#{multikey}"

    def signer(self, message: bytes) -> bytes:
        return self.key.sign(message).signature

    def issued(self, **changes: Any) -> dict[str, Any]:
        return data_integrity.sign(
            self.said(**changes), signer=self.signer, verification_method=self.method, created=NOW
        )

    def said(self, **changes: Any) -> dict[str, Any]:
        base = {"@context": [V2], "type": ["VerifiableCredential"], "issuer": self.did}
        return {**base, "credentialSubject": {"id": HOLDER.did if self is ISSUER else self.did}, **changes}

    def token(self, document: dict[str, Any], what: vc_jose.What, **claims: Any) -> str:
        return vc_jose.issue(document, what, signer=self.signer, algorithm="EdDSA", kid=self.method)

    def shows(self, *credentials: dict[str, Any], **options: Any) -> dict[str, Any]:
        changes = options.pop("changes", {})
        return presentations.sign(
            unsigned(*credentials, **changes),
            signer=self.signer,
            verification_method=self.method,
            created=NOW,
            **options,
        )


ISSUER, HOLDER, THIEF = Person(1), Person(2), Person(3)


def unsigned(*credentials: dict[str, Any], **changes: Any) -> dict[str, Any]:
    document = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    }
    return {**document, **changes}


def verify(document: dict[str, Any], **asked: Any) -> presentations.Presented:
    return presentations.verify(document, key_of=did_key_of, now=NOW, **asked)


@pytest.mark.parametrize("name", VECTORS)
def test_presentations_of_another_implementation_hold(name: str) -> None:
    found = verify(VECTORS[name], **ASKED)
    assert found.signed
    assert len(found.credentials) == 2
    assert found.holder == found.credentials[0]["credentialSubject"]["id"]


@pytest.mark.parametrize("name", VECTORS)
def test_a_presentation_answers_one_question_only(name: str) -> None:
    for asked in ({"challenge": "another"}, {"domain": "other.example"}, {**ASKED, "challenge": ""}):
        with pytest.raises(ProofError):
            verify(VECTORS[name], **asked)


@pytest.mark.parametrize("name", VECTORS)
def test_a_change_anywhere_breaks_it(name: str) -> None:
    def of_credential(d: dict[str, Any]) -> dict[str, Any]:
        return d["verifiableCredential"][0]  # type: ignore[no-any-return]

    changes: list[Any] = [
        lambda d: d.update(id="urn:uuid:20000000-0000-4000-8000-000000000000"),
        lambda d: d["verifiableCredential"].pop(),
        lambda d: of_credential(d).update(id="urn:uuid:20000000-0000-4000-8000-000000000000"),
        lambda d: of_credential(d)["proof"].update(created="2026-01-01T00:00:00Z"),
        lambda d: d["proof"].update(challenge="another"),
        lambda d: d["proof"].update(proofPurpose="assertionMethod"),
        lambda d: d.update(holder=ISSUER.did),
        lambda d: d.update(verifiableCredential="https://example.org/credential"),
        lambda d: d["verifiableCredential"].append("https://example.org/credential"),
    ]
    for change in changes:
        document = copy.deepcopy(VECTORS[name])
        change(document)
        with pytest.raises(ProtocolError):
            verify(document)


def test_what_we_sign_holds_and_says_who_shows_it() -> None:
    for holder in (HOLDER.did, {"id": HOLDER.did}):
        document = HOLDER.shows(ISSUER.issued(), changes={"holder": holder}, **ASKED)
        assert document["proof"]["proofPurpose"] == "authentication"
        found = verify(document, **ASKED)
        assert (found.signed, found.holder, len(found.credentials)) == (True, HOLDER.did, 1)
    several = HOLDER.shows(ISSUER.issued(), domain=["a.example", "b.example"])
    assert verify(several, domain="b.example").signed


def test_an_unsigned_presentation_is_said_to_be_unsigned() -> None:
    document = unsigned(ISSUER.issued())
    assert not verify(document).signed
    for asked in ({"challenge": "c"}, {"domain": "d"}):
        with pytest.raises(ProofError):
            verify(document, **asked)
    with pytest.raises(ProofError):
        verify(unsigned(ISSUER.said()))


def test_a_signed_presentation_may_be_empty_and_an_unsigned_one_may_not() -> None:
    document = HOLDER.shows(**ASKED)
    assert verify({**document, "verifiableCredential": []}, **ASKED).credentials == ()
    with pytest.raises(ProofError):
        verify(unsigned())


def test_nobody_shows_in_the_name_of_another() -> None:
    with pytest.raises(KeyNotBound):
        THIEF.shows(ISSUER.issued(), changes={"holder": HOLDER.did})
    forged = data_integrity.sign(
        unsigned(ISSUER.issued(), holder=HOLDER.did),
        signer=THIEF.signer,
        verification_method=THIEF.method,
        created=NOW,
        proof_purpose="authentication",
    )
    with pytest.raises(KeyNotBound):
        verify(forged)
    claimed = THIEF.issued(issuer=ISSUER.did)
    with pytest.raises(KeyNotBound):
        verify(HOLDER.shows(claimed))


def test_only_a_named_holder_may_show_what_he_says_himself() -> None:
    assert verify(HOLDER.shows(HOLDER.said(), changes={"holder": HOLDER.did})).signed
    with pytest.raises(ProofError):
        verify(HOLDER.shows(HOLDER.said()))
    with pytest.raises(ProofError):
        verify(HOLDER.shows(ISSUER.said(), changes={"holder": HOLDER.did}))
    with pytest.raises(ProofError):
        verify(unsigned(HOLDER.said(), holder=HOLDER.did))


def test_enveloped_credentials_are_opened_and_checked() -> None:
    token = ISSUER.token(ISSUER.said(), "credential")
    found = verify(HOLDER.shows(envelopes.wrap(token), ISSUER.issued(), changes={"holder": HOLDER.did}))
    assert [one["issuer"] for one in found.credentials] == [ISSUER.did, ISSUER.did]
    other = THIEF.token(ISSUER.said(), "credential")
    with pytest.raises(KeyNotBound):
        verify(HOLDER.shows(envelopes.wrap(other)))
    with pytest.raises(BadSignature):
        verify(HOLDER.shows(envelopes.wrap(token[:-86] + other[-86:])))


def test_an_enveloped_presentation_is_opened_and_checked() -> None:
    inner = envelopes.wrap(ISSUER.token(ISSUER.said(), "credential"))
    token = HOLDER.token(unsigned(inner, holder=HOLDER.did), "presentation")
    envelope = envelopes.wrap(token, vcdm.ENVELOPED_PRESENTATION)
    found = verify(envelope)
    assert found.signed
    assert found.holder == HOLDER.did
    assert len(found.credentials) == 1
    for asked in ({"challenge": "c"}, {"domain": "d"}):
        with pytest.raises(ProofError):
            verify(envelope, **asked)
    for changes in (
        {"@context": []},
        {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
        {"type": ["VerifiablePresentation"]},
        {"id": token},
        {"id": f"data:application/jwt,{token}"},
        {"id": f"data:application/vc+jwt,{token}"},
        {"id": None},
    ):
        with pytest.raises(ProtocolError):
            verify({**envelope, **changes})
    with pytest.raises(UnsupportedProof):
        verify({**envelope, "id": "data:application/vp+cose;base64,0oRY"})
    stolen = envelopes.wrap(THIEF.token(unsigned(inner, holder=HOLDER.did), "presentation"), envelope["type"])
    with pytest.raises(KeyNotBound):
        verify(stolen)


def test_what_we_envelop_answers_one_question_only() -> None:
    inner = envelopes.wrap(ISSUER.token(ISSUER.said(), "credential"))

    def envelop(document: dict[str, Any], **asked: str) -> dict[str, Any]:
        return presentations.envelop(
            document,
            signer=HOLDER.signer,
            verification_method=HOLDER.method,
            algorithm="EdDSA",
            **asked,
        )

    made = envelop(unsigned(inner, holder=HOLDER.did), **ASKED)
    assert verify(made, **ASKED).holder == HOLDER.did
    for asked in ({"challenge": "another"}, {"domain": "other.example"}):
        with pytest.raises(ProofError):
            verify(made, **asked)
    with pytest.raises(KeyNotBound):
        envelop(unsigned(inner, holder=ISSUER.did))
    with pytest.raises(Malformed):
        envelop(unsigned(ISSUER.issued(), holder=HOLDER.did))


@pytest.mark.parametrize(
    "changes",
    [
        {"type": None},
        {"type": []},
        {"type": "Other"},
        {"type": ["VerifiableCredential"]},
        {"@context": [contexts.OPEN_BADGES]},
        {"id": "not a url"},
        {"holder": {"name": "no id"}},
        {"holder": {"id": "no-url"}},
        {"holder": 4},
        {"termsOfUse": {"id": "urn:x:1"}},
        {"verifiableCredential": [4]},
        {"verifiableCredential": [{"type": ["Other"]}]},
    ],
    ids=str,
)
def test_a_presentation_of_unsound_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        verify(unsigned(**changes))


# -- proofs alone ----------------------------------------------------------------------------------


def check(document: dict[str, Any], **expected: Any) -> None:
    check_proofs(document, key_of=did_key_of, now=NOW, expected=Expected(**expected))


def chained(previous: Any) -> dict[str, Any]:
    first = data_integrity.sign(
        ISSUER.said(),
        signer=ISSUER.signer,
        verification_method=ISSUER.method,
        created=NOW,
        proof_id="urn:uuid:first",
    )
    return data_integrity.sign(
        first, signer=HOLDER.signer, verification_method=HOLDER.method, created=NOW, previous=previous
    )


def test_all_proofs_of_a_set_and_of_a_chain_must_hold() -> None:
    for previous in ("urn:uuid:first", ["urn:uuid:first"], []):
        document = chained(previous)
        assert len(document["proof"]) == 2
        check(document)
        for number in (0, 1):
            broken = copy.deepcopy(document)
            broken["proof"][number]["proofValue"] = document["proof"][1 - number]["proofValue"]
            with pytest.raises(ProofError):
                check(broken)
        if previous:
            lost = copy.deepcopy(document)
            lost["proof"][0]["id"] = "urn:uuid:renamed"
            with pytest.raises(ProofError):
                check(lost)


@pytest.mark.parametrize(
    "proof",
    [
        {"expires": "2026-11-30T00:00:00Z"},
        {"expires": "never"},
        {"domain": 4},
        {"challenge": 4},
        {"created": "2026-11-30T00:00:00"},
        {"verificationMethod": HOLDER.method},
        {"verificationMethod": ISSUER.did},
        {"verificationMethod": f"{ISSUER.did}#{HOLDER.did}"},
        {"verificationMethod": "did:web:example.org#key"},
        {"verificationMethod": "did:key:invalidVm"},
        {"verificationMethod": None},
        {"proofPurpose": "authentication"},
        {"proofPurpose": None},
        {"type": "UnknownProofType"},
        {"cryptosuite": "UnknownCryptosuite"},
        {"proofValue": None},
        {"proofValue": "not multibase"},
    ],
    ids=str,
)
def test_a_proof_that_says_something_else_does_not_hold(proof: dict[str, Any]) -> None:
    document = ISSUER.issued()
    check(document)
    document["proof"].update(proof)
    with pytest.raises(ProtocolError):
        check(document)


@pytest.mark.parametrize("proof", [None, "text", [], 10, True, ["text"], [{}] * 17])
def test_what_is_no_proof_is_refused(proof: Any) -> None:
    with pytest.raises(ProtocolError):
        check({**ISSUER.said(), "proof": proof})
    with pytest.raises(ProofError):
        check(ISSUER.said())


def test_the_purpose_is_chosen_by_who_asks() -> None:
    with pytest.raises(ProofError):
        check(ISSUER.issued(), purpose="authentication")
    with pytest.raises(ProofError):
        check(ISSUER.issued(), domain="example.org")
    with pytest.raises(ProofError):
        check(ISSUER.issued(), challenge="a")
