"""Public keys as text: Multikey, JWK and did:key. No private key is ever seen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from guildmark.protocol import multibase
from guildmark.protocol.errors import BadSignature, Malformed, UnsupportedProof

Kind = Literal["Ed25519", "P-256", "P-384", "P-521", "RSA"]

#: Multicodec of an Ed25519 public key (0xed) as a varint.
ED25519_PUBLIC: Final = b"\xed\x01"
#: Multicodec prefixes of the kinds of public key, as varints (multicodec table: 0xed, 0x1200 to 0x1202).
_CODECS: Final[dict[Kind, bytes]] = {
    "Ed25519": ED25519_PUBLIC,
    "P-256": b"\x80\x24",
    "P-384": b"\x81\x24",
    "P-521": b"\x82\x24",
}
#: Bytes of the raw key: an Ed25519 point, or a compressed point of the curve.
_RAW_BYTES: Final[dict[Kind, int]] = {"Ed25519": 32, "P-256": 33, "P-384": 49, "P-521": 67}
#: Bytes of a signature; of ECDSA, r and s side by side.
SIGNATURE_BYTES: Final[dict[Kind, int]] = {"Ed25519": 64, "P-256": 64, "P-384": 96, "P-521": 132}
_CURVES: Final[dict[Kind, tuple[ec.EllipticCurve, hashes.HashAlgorithm]]] = {
    "P-256": (ec.SECP256R1(), hashes.SHA256()),
    "P-384": (ec.SECP384R1(), hashes.SHA384()),
    "P-521": (ec.SECP521R1(), hashes.SHA512()),
}
_DID_KEY: Final = "did:key:"
#: Members of a JWK that hold secrets (RFC 7518, sections 6.2.2, 6.3.2 and 6.4; RFC 8037, section 2).
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key.

    ``raw`` is 32 bytes for Ed25519, the compressed point (33, 49 or 67 bytes) for P-256, P-384 and P-521,
    and the SubjectPublicKeyInfo in DER for RSA.
    """

    kind: Kind
    raw: bytes

    def __post_init__(self) -> None:
        if self.kind == "RSA":
            self._rsa_key()
            return
        if len(self.raw) != _RAW_BYTES[self.kind]:
            raise Malformed(
                f"A key of kind {self.kind} has {_RAW_BYTES[self.kind]} bytes, not {len(self.raw)}.",
                field="publicKeyMultibase",
            )
        if self.kind != "Ed25519":
            self._curve_key()

    @property
    def multikey(self) -> str:
        """``z6Mk...``, ``zDn...``, ``z82...`` or ``z2J9...`` (Controlled Identifiers 1.0, section 2.2.2); none for RSA."""
        if self.kind not in _CODECS:
            raise UnsupportedProof(f"A key of kind {self.kind} is not written as Multikey.")
        return multibase.encode(_CODECS[self.kind] + self.raw)

    def _rsa_key(self) -> rsa.RSAPublicKey:
        try:
            key = load_der_public_key(self.raw)
        except ValueError as error:
            raise Malformed("The key is no RSA key.", field="publicKeyJwk") from error
        if not isinstance(key, rsa.RSAPublicKey) or not 2048 <= key.key_size <= 8192:
            raise Malformed("An RSA key has 2048 to 8192 bits.", field="publicKeyJwk")
        return key

    def _curve_key(self) -> ec.EllipticCurvePublicKey:
        curve, _ = _CURVES[self.kind]
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(curve, self.raw)
        except ValueError as error:
            raise Malformed(f"The key is no point of {self.kind}.", field="publicKeyMultibase") from error

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise BadSignature unless the signature fits the message.

        Ed25519: 64 bytes, by libsodium's rule (canonical S, no small-order points). ECDSA: r and s side by
        side (64, 96 or 132 bytes), over SHA-256, SHA-384 or SHA-512. RSA: PKCS #1 v1.5 over SHA-256.
        """
        length = SIGNATURE_BYTES.get(self.kind)
        if length is not None and len(signature) != length:
            raise BadSignature(
                f"A signature of kind {self.kind} has {length} bytes.", field="proof.proofValue"
            )
        try:
            if self.kind == "Ed25519":
                crypto_sign_open(signature + message, self.raw)
                return
            if self.kind == "RSA":
                self._rsa_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
                return
            half = len(signature) // 2
            pair = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
            self._curve_key().verify(pair, message, ec.ECDSA(_CURVES[self.kind][1]))
        except (BadSignatureError, InvalidSignature, ValueError) as error:
            raise BadSignature(
                "The signature does not fit: the content, the proof or the key was changed.",
                field="proof.proofValue",
            ) from error


def ed25519(raw: bytes) -> PublicKey:
    """The Ed25519 key of 32 raw bytes."""
    return PublicKey("Ed25519", raw)


def encode_multikey(public_key: bytes) -> str:
    """Return ``z6Mk...`` of a raw Ed25519 public key (32 bytes)."""
    return ed25519(public_key).multikey


def decode_multikey(text: str) -> PublicKey:
    """Return the key of a Multikey; UnsupportedProof for kinds other than Ed25519, P-256, P-384 and P-521."""
    data = multibase.decode(text, allowed="z")
    for kind, prefix in _CODECS.items():
        if data.startswith(prefix):
            return PublicKey(kind, data[len(prefix) :])
    raise UnsupportedProof("The key is of a kind that is not supported.", field="publicKeyMultibase")


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Return the key of a public JWK (RFC 7517, RFC 8037); Malformed if it holds a private member."""
    secret = sorted(_PRIVATE & set(jwk))
    if secret:
        raise Malformed(f"The public key holds the private member {secret[0]!r}.", field="publicKeyJwk")
    kind = (jwk.get("kty"), jwk.get("crv"))
    if kind == ("OKP", "Ed25519"):
        return PublicKey("Ed25519", _coordinate(jwk, "x"))
    if jwk.get("kty") == "RSA":
        numbers = rsa.RSAPublicNumbers(*(int.from_bytes(_coordinate(jwk, name)) for name in ("e", "n")))
        try:
            public = numbers.public_key()
        except ValueError as error:
            raise Malformed("The key is no RSA key.", field="publicKeyJwk") from error
        return PublicKey("RSA", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    for curve in _CURVES:
        if kind == ("EC", curve):
            x, y = _coordinate(jwk, "x"), _coordinate(jwk, "y")
            size = _RAW_BYTES[curve] - 1
            if len(x) != size or len(y) != size:
                raise Malformed(f"The coordinates of a {curve} key have {size} bytes.", field="publicKeyJwk")
            key = PublicKey(curve, bytes([2 + (y[-1] & 1)]) + x)
            if key._curve_key().public_numbers().y != int.from_bytes(y):
                raise Malformed(f"The key is no point of {curve}.", field="publicKeyJwk")
            return key
    raise UnsupportedProof(f"Keys of kind {kind} are not supported.", field="publicKeyJwk")


def to_jwk(key: PublicKey) -> dict[str, str]:
    """Return a public key of a curve as JWK (RFC 7518, section 6.2; RFC 8037); UnsupportedProof for RSA."""
    if key.kind == "RSA":
        raise UnsupportedProof("RSA keys are not written as JWK here.", field="publicKeyJwk")
    if key.kind == "Ed25519":
        return {"kty": "OKP", "crv": "Ed25519", "x": multibase.base64url_encode(key.raw)}
    size, numbers = _RAW_BYTES[key.kind] - 1, key._curve_key().public_numbers()
    x, y = (multibase.base64url_encode(part.to_bytes(size)) for part in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": key.kind, "x": x, "y": y}


def _coordinate(jwk: Mapping[str, Any], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise Malformed(f"The key has no {name}.", field=f"publicKeyJwk.{name}")
    return multibase.base64url_decode(text)


def did_key(public_key: bytes) -> str:
    """Return the did:key of a raw Ed25519 public key."""
    return _DID_KEY + encode_multikey(public_key)


def did_key_document(did: str) -> dict[str, object]:
    """Return the controller document that a did:key stands for (it is its own document)."""
    if not did.startswith(_DID_KEY):
        raise Malformed(f"{did[:80]!r} is not a did:key.")
    multikey = did.removeprefix(_DID_KEY)
    decode_multikey(multikey)
    method = f"{did}#{multikey}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey}
        ],
        "assertionMethod": [method],
        "authentication": [method],
    }
