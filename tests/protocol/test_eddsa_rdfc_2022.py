"""The cryptosuite against the published vector and an independent check."""

import copy
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld as pyld

from guildmark.protocol import contexts, keys, multibase
from guildmark.protocol.errors import (
    BadSignature,
    ProofError,
    ProtocolError,
    UndefinedTerm,
    UnknownContext,
    UnsupportedProof,
)
from guildmark.protocol.proofs import data_integrity as suite

VECTOR = json.loads((Path(__file__).parent / "vectors" / "eddsa-rdfc-2022.json").read_text())
PUBLIC = keys.decode_multikey(VECTOR["publicKeyMultibase"])
EXTRA = VECTOR["contexts"]


def signed():
    return copy.deepcopy(VECTOR["signed"])


def unsigned():
    return {key: value for key, value in signed().items() if key != "proof"}


def vector_signer():
    seed = multibase.decode(VECTOR["privateKeyMultibase"])[2:]
    return Ed25519PrivateKey.from_private_bytes(seed).sign


def check_independently(document, public_key):
    """Verify with PyLD's canonicalizer and OpenSSL: no line of ours but the contexts."""

    def load(url, options):
        document = EXTRA.get(url) or json.loads(contexts.raw(url))
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
            "contentType": "application/ld+json",
        }

    def digest(part):
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        return hashlib.sha256(pyld.normalize(part, options).encode()).digest()

    proof = dict(document["proof"])
    value = multibase.decode(proof.pop("proofValue"))
    body = {key: part for key, part in document.items() if key != "proof"}
    message = digest({**proof, "@context": document["@context"]}) + digest(body)
    Ed25519PublicKey.from_public_bytes(public_key.raw).verify(value, message)


def test_it_makes_the_published_hash():
    proof = signed()["proof"]
    proof.pop("proofValue")
    assert suite.hash_data(unsigned(), proof, extra_contexts=EXTRA).hex() == VECTOR["combinedHash"]


def test_it_makes_the_published_signature():
    made = suite.sign(
        unsigned(),
        signer=vector_signer(),
        verification_method=VECTOR["signed"]["proof"]["verificationMethod"],
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        extra_contexts=EXTRA,
    )
    assert made == VECTOR["signed"]
    assert list(made["proof"]) == list(VECTOR["signed"]["proof"])


def test_it_accepts_the_published_credential():
    suite.verify(signed(), public_key=PUBLIC, extra_contexts=EXTRA)
    check_independently(signed(), PUBLIC)


def test_the_independent_check_refuses_too():
    document = signed()
    document["name"] = "Other"
    with pytest.raises(InvalidSignature):
        check_independently(document, PUBLIC)


@pytest.mark.parametrize("field", ["name", "description", "issuer", "validFrom", "id"])
def test_it_refuses_changed_content(field):
    document = signed()
    document[field] = "urn:uuid:00000000-0000-0000-0000-000000000000"
    with pytest.raises(BadSignature):
        suite.verify(document, public_key=PUBLIC, extra_contexts=EXTRA)


def test_it_covers_created():
    document = signed()
    document["proof"]["created"] = "2023-02-24T23:36:39Z"
    with pytest.raises(BadSignature):
        suite.verify(document, public_key=PUBLIC, extra_contexts=EXTRA)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("cryptosuite", "eddsa-rdfc-2099", UnsupportedProof),
        ("type", "Ed25519Signature1999", UnsupportedProof),
        ("proofPurpose", "authentication", ProofError),
        ("previousProof", "urn:x", BadSignature),
        ("proofValue", "u" + "A" * 86, ProtocolError),
        ("proofValue", "z111", BadSignature),
        ("created", "yesterday", ProtocolError),
        ("unheardOf", "x", BadSignature),
    ],
)
def test_it_refuses_other_proof_options(field, value, error):
    document = signed()
    document["proof"][field] = value
    with pytest.raises(error):
        suite.verify(document, public_key=PUBLIC, extra_contexts=EXTRA)


def test_it_refuses_an_undefined_term_where_no_vocabulary_catches_it():
    document = unsigned()
    document["@context"] = [contexts.CREDENTIALS_V2]
    document["type"] = ["VerifiableCredential"]
    with pytest.raises(UndefinedTerm, match="alumniOf"):
        suite.sign(
            document,
            signer=vector_signer(),
            verification_method="urn:x:1",
            created=datetime(2026, 1, 1, tzinfo=UTC),
        )


def test_it_never_fetches_a_context():
    with pytest.raises(UnknownContext, match="never fetched"):
        suite.verify(signed(), public_key=PUBLIC)


def test_it_does_not_sign_twice():
    with pytest.raises(ProofError, match="already"):
        suite.sign(
            signed(),
            signer=vector_signer(),
            verification_method="urn:x:1",
            created=datetime(2026, 1, 1, tzinfo=UTC),
        )


@pytest.mark.parametrize("number", range(3))
def test_the_direction_of_a_text_is_covered_as_others_cover_it(number):
    document = json.loads((Path(__file__).parent / "vectors" / "direction.json").read_text("utf-8"))[
        "credentials"
    ][number]
    key = keys.decode_multikey(document["issuer"].removeprefix("did:key:"))
    suite.verify(document, public_key=key)
    texts = document["name"] if isinstance(document["name"], list) else [document["name"]]
    turned = {"ltr": "rtl", "rtl": "ltr"}
    for text in texts:
        text.update({name: turned[way] for name, way in text.items() if name == "@direction"})
    with pytest.raises(BadSignature):
        suite.verify(document, public_key=key)
