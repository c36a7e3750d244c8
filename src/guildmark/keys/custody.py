"""The only place where a private key is in the clear, and only while it signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_sign
from nacl.signing import SigningKey as NaclKey

from guildmark.kernel.crypto import seal, unseal
from guildmark.protocol.errors import Malformed
from guildmark.protocol.keys import SIGNATURE_BYTES, Kind
from guildmark.protocol.multibase import base64url_decode

_CURVES: dict[Kind, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    "P-256": (ec.SECP256R1(), hashes.SHA256()),
    "P-384": (ec.SECP384R1(), hashes.SHA384()),
    "P-521": (ec.SECP521R1(), hashes.SHA512()),
}


def _context(key_id: UUID) -> str:
    return f"key:{key_id}"


def _conformance_context(key_id: UUID) -> str:
    """Another purpose, another seal: a key of an organisation does not open here, nor the other way round."""
    return f"conformance-key:{key_id}"


def generate(key_id: UUID, kind: Kind = "Ed25519") -> tuple[bytes, bytes]:
    """A new key: its raw public key (32 bytes, or a compressed point) and its sealed private key."""
    public, secret = _new(kind)
    return public, seal(secret, context=_context(key_id))


def sign(key_id: UUID, sealed: bytes, message: bytes, kind: Kind = "Ed25519") -> bytes:
    """The signature (Ed25519: RFC 8032; ECDSA: r and s side by side); SealBroken when the root key is another one."""
    return _sign(kind, unseal(sealed, context=_context(key_id)), message)


@contextmanager
def opened(key_id: UUID, sealed: bytes) -> Iterator[Callable[[bytes], bytes]]:
    """Sign many messages with a key that is opened once; it is in the clear until the block ends."""
    secret = NaclKey(unseal(sealed, context=_context(key_id)))._signing_key
    yield lambda message: crypto_sign(message, secret)[:64]


def generate_conformance(key_id: UUID, kind: Kind) -> tuple[bytes, bytes]:
    """A new key for the conformance faces: its raw public key (a compressed point, or 32 bytes) and the sealed one."""
    public, secret = _new(kind)
    return public, seal(secret, context=_conformance_context(key_id))


def sign_conformance(key_id: UUID, sealed: bytes, kind: Kind, message: bytes) -> bytes:
    """Sign with a key of the conformance faces; SealBroken for every other key."""
    return _sign(kind, unseal(sealed, context=_conformance_context(key_id)), message)


def signer_of_jwk(jwk: Mapping[str, Any]) -> tuple[Kind, Callable[[bytes], bytes]]:
    """The kind of a private JWK that the caller brought, and a function that signs with it.

    Malformed if it cannot sign. No key of this installation is touched.
    """
    kind = "Ed25519" if jwk.get("kty") == "OKP" else jwk.get("crv")
    secret = base64url_decode(jwk["d"]) if isinstance(jwk.get("d"), str) else b""
    length = SIGNATURE_BYTES[kind] // 2 if kind in SIGNATURE_BYTES else 0
    if kind not in ("Ed25519", *_CURVES) or len(secret) != length:
        raise Malformed("The secret key is no JWK of Ed25519, P-256, P-384 or P-521.", field="secretKeyJwk")
    _sign(kind, secret, b"")
    return kind, lambda message: _sign(kind, secret, message)


def _new(kind: Kind) -> tuple[bytes, bytes]:
    """A new key: its raw public and its raw private half."""
    if kind == "Ed25519":
        key = Ed25519PrivateKey.generate()
        return key.public_key().public_bytes_raw(), key.private_bytes_raw()
    private = ec.generate_private_key(_CURVES[kind][0])
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return public, private.private_numbers().private_value.to_bytes(SIGNATURE_BYTES[kind] // 2)


def _sign(kind: Kind, secret: bytes, message: bytes) -> bytes:
    """The signature as Data Integrity and JOSE have it: ECDSA with r and s side by side."""
    if kind == "Ed25519":
        return NaclKey(secret).sign(message).signature
    curve, algorithm = _CURVES[kind]
    try:
        private = ec.derive_private_key(int.from_bytes(secret), curve)
    except ValueError as error:
        raise Malformed("The secret key is not on its curve.", field="secretKeyJwk") from error
    half = SIGNATURE_BYTES[kind] // 2
    return b"".join(
        part.to_bytes(half) for part in decode_dss_signature(private.sign(message, ec.ECDSA(algorithm)))
    )
