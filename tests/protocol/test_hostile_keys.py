"""Keys, signatures and tokens made to mislead: none of them is believed, under any policy."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildmark.protocol import did, keys, multibase
from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.policy import PROOF_ONLY
from guildmark.protocol.report import Outcome
from guildmark.protocol.verify import Verdict
from tests.protocol import samples
from tests.protocol.hostile import SIGNED, judged, refused
from tests.protocol.world import ISSUER_URL, World

# -- keys and signatures ----------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
#: Points of small order and encodings of y beyond the field, as lists of them are published.
SMALL = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    b"\1" + bytes(30) + b"\x80",
    (P).to_bytes(32, "little"),
    (P + 1).to_bytes(32, "little"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    (P + (1 << 255)).to_bytes(32, "little"),
    (P + 1 + (1 << 255)).to_bytes(32, "little"),
]


@pytest.mark.parametrize("point", SMALL, ids=bytes.hex)
def test_points_of_small_order_sign_nothing(point: bytes) -> None:
    """With such a key, or such an R, one signature fits many messages in careless implementations."""
    for message in (b"a", b"b", b"c", b"d"):
        for first in (*SMALL, samples.signer(message)[:32]):
            for scalar in (bytes(32), samples.signer(message)[32:]):
                with pytest.raises((BadSignature, Malformed)):
                    keys.ed25519(point).verify(first + scalar, message)
        with pytest.raises(BadSignature):
            keys.ed25519(samples.PUBLIC).verify(point + samples.signer(message)[32:], message)


@pytest.mark.parametrize("point", SMALL, ids=bytes.hex)
def test_an_issuer_whose_key_is_such_a_point_is_not_believed(point: bytes) -> None:
    multikey = multibase.encode(keys.ED25519_PUBLIC + point)
    document = build(samples.spec(issuer=samples.IssuerSpec(f"did:key:{multikey}", "N"), statuses=()))
    proof = {**SIGNED["proof"], "verificationMethod": f"did:key:{multikey}#{multikey}"}
    for signature in (bytes(64), point + bytes(32), b"\1" + bytes(63)):
        proof["proofValue"] = multibase.encode(signature)
        refused({**document, "proof": dict(proof)}, Verdict.TAMPERED, Verdict.UNKNOWN_ISSUER)


@pytest.mark.parametrize("multiple", range(1, 15))
def test_a_scalar_beyond_the_order_is_not_another_spelling(multiple: int) -> None:
    message = b"x"
    good = samples.signer(message)
    scalar = int.from_bytes(good[32:], "little") + multiple * ORDER
    with pytest.raises(BadSignature):
        keys.ed25519(samples.PUBLIC).verify(good[:32] + scalar.to_bytes(32, "little"), message)


N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
N384 = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
)


@pytest.mark.parametrize(
    ("curve", "kind", "order", "size"),
    [(ec.SECP256R1(), "P-256", N256, 32), (ec.SECP384R1(), "P-384", N384, 48)],
)
def test_ecdsa_takes_no_r_and_no_s_outside_of_the_order(curve: Any, kind: Any, order: int, size: int) -> None:
    private = ec.generate_private_key(curve)
    chosen = hashes.SHA256() if size == 32 else hashes.SHA384()
    r, s = decode_dss_signature(private.sign(b"x", ec.ECDSA(chosen)))
    public = keys.PublicKey(
        kind, private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )
    public.verify(r.to_bytes(size) + s.to_bytes(size), b"x")
    top = (1 << 8 * size) - 1
    for one, two in ((0, s), (r, 0), (0, 0), (order, s), (r, order), (top, s), (r, top), (r, s ^ 1), (1, 1)):
        with pytest.raises(BadSignature):
            public.verify(one.to_bytes(size) + two.to_bytes(size), b"x")
    for wrong in (r + order, s + order):
        if wrong <= top:
            with pytest.raises(BadSignature):
                public.verify(wrong.to_bytes(size) + s.to_bytes(size), b"x")


def test_a_key_with_a_private_member_is_not_used() -> None:
    """An issuer that publishes a secret has no key any more, whoever signed."""
    public = multibase.base64url_encode(samples.PUBLIC)
    entry = {
        "id": samples.METHOD,
        "type": "JsonWebKey",
        "controller": samples.ISSUER,
        "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": public},
    }
    world = World(**{ISSUER_URL: {"id": samples.ISSUER, "assertionMethod": [entry]}})
    assert judged(SIGNED, world=world).verdict is Verdict.VALID
    entry["publicKeyJwk"]["d"] = multibase.base64url_encode(bytes(samples.KEY))  # type: ignore[index]
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=world)


@pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", "capabilityInvocation", ""])
def test_a_key_for_something_else_makes_no_statements(purpose: str) -> None:
    document = samples.issuer_document()
    listed = document.pop("assertionMethod")
    document[purpose or "verificationMethods"] = listed
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=World(**{ISSUER_URL: document}))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": samples.ISSUER},
        {"id": samples.ISSUER, "assertionMethod": "x"},
        {"id": samples.ISSUER, "assertionMethod": [None, 5, [], {"id": 7}]},
        {"id": samples.ISSUER, "assertionMethod": [samples.METHOD]},
        {"id": samples.ISSUER, "assertionMethod": [{"id": samples.METHOD, "controller": samples.ISSUER}]},
        {
            "id": samples.ISSUER,
            "assertionMethod": [
                {
                    "id": samples.METHOD,
                    "controller": samples.ISSUER,
                    "type": "Multikey",
                    "publicKeyMultibase": "z" + "1" * 4_000,
                }
            ],
        },
        {
            "id": samples.ISSUER,
            "assertionMethod": [
                {
                    "id": samples.METHOD,
                    "controller": samples.ISSUER,
                    "type": "JsonWebKey",
                    "publicKeyJwk": "x",
                }
            ],
        },
    ],
)
def test_odd_key_documents_bind_no_key(document: dict[str, Any]) -> None:
    world = World(**{ISSUER_URL: document})
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, Verdict.CANNOT_TELL, world=world)


# -- tokens -----------------------------------------------------------------------------------------


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


PLAIN = build(samples.spec(statuses=()))
CLAIMS = {**PLAIN, "iss": samples.ISSUER, "jti": PLAIN["id"]}
KID = samples.METHOD


def token(header: dict[str, Any], claims: Any = None, signature: bytes | None = None) -> str:
    text = f"{part(header)}.{part(CLAIMS if claims is None else claims)}"
    made = samples.signer(text.encode()) if signature is None else signature
    return f"{text}.{part(made)}"


def test_the_token_itself_is_good() -> None:
    assert judged(token({"alg": "EdDSA", "kid": KID})).verdict is Verdict.VALID


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, ["none"]])
def test_tokens_without_signature_are_refused(algorithm: Any) -> None:
    for signature in (b"", b"\0", None):
        text = token({"alg": algorithm, "kid": KID}, signature=signature)
        refused(text, Verdict.CANNOT_TELL, Verdict.MALFORMED)
        refused(text.rsplit(".", 1)[0] + ".", Verdict.CANNOT_TELL, Verdict.MALFORMED)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "ES256", "RS256", "PS256"])
def test_a_public_key_is_no_secret_to_sign_with(algorithm: str) -> None:
    """Key confusion: the public key, which anybody has, as the secret of an HMAC."""
    text = f"{part({'alg': algorithm, 'kid': KID})}.{part(CLAIMS)}"
    method = samples.issuer_document()["verificationMethod"][0]["publicKeyMultibase"]
    for secret in (samples.PUBLIC, method.encode(), multibase.base64url_encode(samples.PUBLIC).encode()):
        for digest in (hashlib.sha256, hashlib.sha384, hashlib.sha512):
            made = hmac.new(secret, text.encode(), digest).digest()
            refused(f"{text}.{part(made)}", Verdict.CANNOT_TELL, Verdict.TAMPERED)


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"b64": True},
        {"crit": []},
        {"crit": ["exp"]},
        {"typ": "at+jwt"},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/x"},
        {"x5c": ["AAAA"]},
        {"zip": "DEF"},
        {"kid": ["x"]},
    ],
)
def test_headers_that_change_the_rules_are_refused(header: dict[str, Any]) -> None:
    refused(token({"alg": "EdDSA", "kid": KID, **header}), Verdict.CANNOT_TELL, Verdict.MALFORMED)


def test_an_unencoded_payload_is_refused() -> None:
    header, payload = part({"alg": "EdDSA", "kid": KID, "b64": False, "crit": ["b64"]}), json.dumps(CLAIMS)
    signature = part(samples.signer(f"{header}.{payload}".encode()))
    for text in (f"{header}.{payload}.{signature}", f"{header}..{signature}"):
        assert judged(text).verdict in {Verdict.CANNOT_TELL, Verdict.MALFORMED}


def test_claims_that_occur_twice_are_refused() -> None:
    double = json.dumps(CLAIMS)[:-1] + ',"iss":"https://evil.example"}'
    refused(token({"alg": "EdDSA", "kid": KID}, double.encode()), Verdict.MALFORMED)
    header = b'{"alg":"EdDSA","alg":"none","kid":"' + KID.encode() + b'"}'
    text = f"{part(header)}.{part(CLAIMS)}"
    refused(f"{text}.{part(samples.signer(text.encode()))}", Verdict.MALFORMED)


def jwk_of(key: Any, **more: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": multibase.base64url_encode(bytes(key.verify_key)), **more}


def strange(header: dict[str, Any]) -> str:
    text = f"{part(header)}.{part(CLAIMS)}"
    return f"{text}.{part(samples.OTHER_KEY.sign(text.encode()).signature)}"


def test_a_key_that_the_token_brings_along_is_not_the_issuers() -> None:
    """The proof alone may hold; whose key it is does not, and the report says so."""
    other = keys.did_key(bytes(samples.OTHER_KEY.verify_key))
    fragment = other.removeprefix("did:key:")
    for header in (
        {"alg": "EdDSA", "jwk": jwk_of(samples.OTHER_KEY)},
        {"alg": "EdDSA", "kid": f"{other}#{fragment}"},
        {"alg": "EdDSA", "kid": f"{samples.ISSUER}#{fragment}"},
        {"alg": "EdDSA", "kid": KID, "jwk": jwk_of(samples.OTHER_KEY)},
    ):
        assert judged(strange(header)).verdict in {Verdict.UNKNOWN_ISSUER, Verdict.TAMPERED}
        report = judged(strange(header), PROOF_ONLY)
        if report.verdict is Verdict.VALID:
            assert report.check("key_binding").outcome is Outcome.WARNING


def test_a_token_that_gives_its_secret_away_is_refused() -> None:
    secret = multibase.base64url_encode(bytes(samples.KEY))
    refused(token({"alg": "EdDSA", "jwk": jwk_of(samples.KEY, d=secret)}), Verdict.MALFORMED)


def test_a_key_of_another_controller_in_the_issuers_document_is_not_his() -> None:
    document = did.build_controller_document(samples.ISSUER, [samples.PUBLIC])
    document["verificationMethod"][0]["controller"] = "did:web:evil.example"
    world = World(**{ISSUER_URL: document})
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=world)
    refused(token({"alg": "EdDSA", "kid": KID}), Verdict.UNKNOWN_ISSUER, world=world)


def test_a_long_list_of_keys_is_read_once() -> None:
    """Looking each of them up in the whole list would take minutes."""
    names = [f"{samples.ISSUER}#{number}" for number in range(30_000)]
    document = {**samples.issuer_document(), "assertionMethod": [*names, samples.METHOD]}
    began = time.perf_counter()
    found = did.assertion_methods(document, samples.ISSUER)
    assert time.perf_counter() - began < 2
    assert [one.id for one in found] == [samples.METHOD]
