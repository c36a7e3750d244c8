"""Every cryptosuite against vectors that the W3C published, and what the vectors do not cover."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildmark.protocol import keys, multibase
from guildmark.protocol.canonical import rdfc
from guildmark.protocol.errors import BadSignature, Malformed, ProofError, UndefinedTerm, UnsupportedProof
from guildmark.protocol.proofs import data_integrity as suite

FILE = json.loads((Path(__file__).parent / "vectors" / "cryptosuites.json").read_text("utf-8"))
EXTRA = FILE["contexts"]
VECTORS = FILE["vectors"]
CHAIN = FILE["chain"]
CREATED = datetime(2026, 3, 2, tzinfo=UTC)


def document(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(FILE["document"]), **changes}


def signed(name: str) -> tuple[dict[str, Any], keys.PublicKey]:
    vector = VECTORS[name]
    made = document(**vector.get("changes", {}), proof=copy.deepcopy(vector["proof"]))
    return made, keys.decode_multikey(vector["key"])


class Maker:
    """A key pair of any kind: OpenSSL signs, and the public key is read from its own bytes."""

    def __init__(self, kind: keys.Kind) -> None:
        self.kind = kind
        if kind == "Ed25519":
            self.private: Any = Ed25519PrivateKey.generate()
            self.raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            self.private = ec.generate_private_key(ec.SECP256R1() if kind == "P-256" else ec.SECP384R1())
            self.raw = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public = keys.PublicKey(kind, self.raw)

    def __call__(self, message: bytes) -> bytes:
        if self.kind == "Ed25519":
            return bytes(self.private.sign(message))
        size = 32 if self.kind == "P-256" else 48
        chosen = hashes.SHA256() if self.kind == "P-256" else hashes.SHA384()
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(chosen)))
        return r.to_bytes(size) + s.to_bytes(size)

    def sign(self, given: dict[str, Any], cryptosuite: str, **options: Any) -> dict[str, Any]:
        return suite.sign(
            given,
            signer=self,
            verification_method=f"did:key:{self.public.multikey}#{self.public.multikey}",
            created=CREATED,
            cryptosuite=cryptosuite,
            kind=self.kind,
            extra_contexts=EXTRA,
            **options,
        )


PAIRS: list[tuple[str, keys.Kind]] = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
]


@pytest.mark.parametrize("name", VECTORS)
def test_the_published_credential_is_accepted(name: str) -> None:
    given, key = signed(name)
    suite.verify(given, public_key=key, extra_contexts=EXTRA)


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("field", ["name", "issuer", "validFrom", "id"])
def test_changed_content_is_refused(name: str, field: str) -> None:
    given, key = signed(name)
    given[field] = "urn:uuid:00000000-0000-0000-0000-000000000000"
    with pytest.raises(BadSignature):
        suite.verify(given, public_key=key, extra_contexts=EXTRA)


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize(
    ("member", "value"),
    [("created", "2023-02-24T23:36:39Z"), ("expires", "2030-01-01T00:00:00Z"), ("domain", "a.example")],
)
def test_changed_options_are_refused(name: str, member: str, value: str) -> None:
    given, key = signed(name)
    given["proof"][member] = value
    with pytest.raises(BadSignature):
        suite.verify(given, public_key=key, extra_contexts=EXTRA)


@pytest.mark.parametrize("name", VECTORS)
def test_another_key_is_refused(name: str) -> None:
    given, key = signed(name)
    with pytest.raises(BadSignature):
        suite.verify(given, public_key=Maker(key.kind).public, extra_contexts=EXTRA)


@pytest.mark.parametrize(("cryptosuite", "kind"), PAIRS)
def test_what_we_sign_we_accept_and_a_change_we_do_not(cryptosuite: str, kind: keys.Kind) -> None:
    maker = Maker(kind)
    made = maker.sign(document(), cryptosuite)
    assert made["proof"]["cryptosuite"] == cryptosuite
    suite.verify(made, public_key=maker.public, extra_contexts=EXTRA)
    made["credentialSubject"]["alumniOf"] += "!"
    with pytest.raises(BadSignature):
        suite.verify(made, public_key=maker.public, extra_contexts=EXTRA)


@pytest.mark.parametrize(("cryptosuite", "kind"), PAIRS)
def test_a_suite_goes_with_its_kinds_of_key_only(cryptosuite: str, kind: keys.Kind) -> None:
    other = Maker("P-256" if kind == "Ed25519" else "Ed25519")
    with pytest.raises(BadSignature, match="is not made with"):
        other.sign(document(), cryptosuite)
    made = Maker(kind).sign(document(), cryptosuite)
    with pytest.raises(BadSignature):
        suite.verify(made, public_key=other.public, extra_contexts=EXTRA)


@pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_an_undefined_term_is_neither_signed_nor_accepted(cryptosuite: str) -> None:
    contexts = ["https://www.w3.org/ns/credentials/v2"]
    plain = {
        "@context": contexts,
        "type": ["VerifiableCredential"],
        "issuer": "did:example:a",
        "credentialSubject": {"id": "did:example:b"},
    }
    maker = Maker("Ed25519")
    with pytest.raises(UndefinedTerm):
        maker.sign({**plain, "rank": "1"}, cryptosuite)
    made = maker.sign(plain, cryptosuite)
    with pytest.raises(UndefinedTerm):
        suite.verify({**made, "rank": "1"}, public_key=maker.public)


def test_a_jcs_proof_covers_its_contexts() -> None:
    maker = Maker("Ed25519")
    made = maker.sign(document(), "eddsa-jcs-2022")
    added = {**made, "@context": [*made["@context"], "https://w3id.org/security/data-integrity/v2"]}
    suite.verify(added, public_key=maker.public, extra_contexts=EXTRA)
    swapped = {**made, "@context": made["@context"][::-1]}
    with pytest.raises(BadSignature, match="contexts"):
        suite.verify(swapped, public_key=maker.public, extra_contexts=EXTRA)


def test_blank_nodes_are_labelled_by_sha_384_for_p_384() -> None:
    # The order of these labels, by the hash, is that of w3c/vc-di-ecdsa, ecdsa-rdfc-2019-p384/employ.
    quads = [
        ("_:b", "<https://schema.org/identifier>", '"83627465"', ""),
        ("_:a", "<https://schema.org/givenName>", '"JOHN"', ""),
    ]
    texts = {name: rdfc.canonicalize(quads, hash_name=name) for name in ("sha256", "sha384")}
    for name, text in texts.items():
        first = min(
            ('_:a <https://schema.org/identifier> "83627465" .\n', "identifier"),
            ('_:a <https://schema.org/givenName> "JOHN" .\n', "givenName"),
            key=lambda pair: hashlib.new(name, pair[0].encode()).hexdigest(),
        )[1]
        assert f"_:c14n0 <https://schema.org/{first}>" in text


def test_the_published_chain_holds_link_by_link() -> None:
    given = document(proof=copy.deepcopy(CHAIN["proofs"]))
    named = [keys.decode_multikey(key) for key in CHAIN["keys"]]
    for proof in given["proof"]:
        # The last method of the published file names the third key and was made with the fourth or third.
        fitting = [key for key in named if _fits(given, proof, key)]
        assert len(fitting) == 1, proof


def _fits(given: dict[str, Any], proof: dict[str, Any], key: keys.PublicKey) -> bool:
    try:
        suite.verify(given, public_key=key, proof=proof, extra_contexts=EXTRA)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize("change", ["removed", "altered"])
def test_a_chain_breaks_with_a_link(change: str) -> None:
    given = document(proof=copy.deepcopy(CHAIN["proofs"]))
    key = keys.decode_multikey(CHAIN["keys"][2])
    third = given["proof"][2]
    suite.verify(given, public_key=key, proof=third, extra_contexts=EXTRA)
    if change == "removed":
        del given["proof"][0]
    else:
        given["proof"][0]["created"] = "2023-02-24T23:36:39Z"
    with pytest.raises(BadSignature):
        suite.verify(given, public_key=key, proof=third, extra_contexts=EXTRA)


def test_a_proof_is_added_beside_or_upon_another() -> None:
    first, second, third = (Maker("Ed25519") for _ in range(3))
    one = first.sign(document(), "eddsa-rdfc-2022", proof_id="urn:uuid:1")
    with pytest.raises(ProofError):
        second.sign(one, "eddsa-rdfc-2022")
    two = second.sign(one, "eddsa-jcs-2022", previous=[])
    assert "previousProof" not in two["proof"][1]
    three = third.sign(two, "eddsa-rdfc-2022", previous="urn:uuid:1")
    for maker, proof in zip((first, second, third), three["proof"], strict=True):
        suite.verify(three, public_key=maker.public, proof=proof, extra_contexts=EXTRA)
    with pytest.raises(BadSignature, match="not there"):
        third.sign(two, "eddsa-rdfc-2022", previous="urn:uuid:9")


@pytest.mark.parametrize("kind", ["Ed25519", "P-256", "P-384"])
def test_a_key_is_the_same_as_multikey_and_as_jwk(kind: keys.Kind) -> None:
    maker = Maker(kind)
    assert keys.decode_multikey(maker.public.multikey) == maker.public
    jwk: dict[str, str] = {"kty": "OKP", "crv": "Ed25519", "x": multibase.base64url_encode(maker.raw)}
    if kind != "Ed25519":
        size, numbers = len(maker.raw) - 1, maker.private.public_key().public_numbers()
        jwk = {
            "kty": "EC",
            "crv": kind,
            "x": multibase.base64url_encode(numbers.x.to_bytes(size)),
            "y": multibase.base64url_encode(numbers.y.to_bytes(size)),
        }
    assert keys.from_jwk(jwk) == maker.public
    with pytest.raises(Malformed, match="private"):
        keys.from_jwk({**jwk, "d": "AA"})
    with pytest.raises(Malformed):
        keys.from_jwk({**jwk, "x": "AA"})
    with pytest.raises(UnsupportedProof):
        keys.from_jwk({**jwk, "crv": "secp256k1"})


def test_a_point_beside_the_curve_is_refused() -> None:
    maker = Maker("P-256")
    numbers = maker.private.public_key().public_numbers()
    y = (numbers.y + 1).to_bytes(32)
    jwk = {"kty": "EC", "crv": "P-256", "x": multibase.base64url_encode(numbers.x.to_bytes(32))}
    with pytest.raises(Malformed):
        keys.from_jwk({**jwk, "y": multibase.base64url_encode(y)})
    with pytest.raises(Malformed):
        keys.PublicKey("P-256", b"\x02" + b"\xff" * 32)


@pytest.mark.parametrize("kind", ["P-256", "P-384"])
def test_empty_and_short_ecdsa_signatures_are_refused(kind: keys.Kind) -> None:
    maker = Maker(kind)
    good = maker(b"x")
    maker.public.verify(good, b"x")
    half = len(good) // 2
    for bad in (b"", bytes(len(good)), good[:half] + bytes(half), bytes(half) + good[half:], good + b"\0"):
        with pytest.raises(BadSignature):
            maker.public.verify(bad, b"x")
