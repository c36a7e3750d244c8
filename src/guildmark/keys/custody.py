"""The only place where a private key is in the clear, and only while it signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign
from nacl.signing import SigningKey as NaclKey

from guildmark.kernel.crypto import seal, unseal


def _context(key_id: UUID) -> str:
    return f"key:{key_id}"


def generate(key_id: UUID) -> tuple[bytes, bytes]:
    """A new Ed25519 key: its raw public key (32 bytes) and its sealed private key."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return public, seal(private.private_bytes_raw(), context=_context(key_id))


def sign(key_id: UUID, sealed: bytes, message: bytes) -> bytes:
    """The Ed25519 signature (64 bytes, RFC 8032); SealBroken when the root key is another one."""
    return NaclKey(unseal(sealed, context=_context(key_id))).sign(message).signature


@contextmanager
def opened(key_id: UUID, sealed: bytes) -> Iterator[Callable[[bytes], bytes]]:
    """Sign many messages with a key that is opened once; it is in the clear until the block ends."""
    secret = NaclKey(unseal(sealed, context=_context(key_id)))._signing_key
    yield lambda message: crypto_sign(message, secret)[:64]
