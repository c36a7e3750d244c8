"""Sealing of secrets at rest, tokens for links, and keyed hashes.

Envelope encryption: every blob has a data key of its own, wrapped by the installation's root key; both layers
are AES-256-GCM with the context as associated data, so a blob moved to another row does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildmark.config import ConfigError, load, secret_file

VERSION = b"\x01"


class SealBroken(Exception):
    """A sealed secret does not open: the root key is another one, or the row was changed."""


class RootKeyMissing(ConfigError):
    """The file of the root key is gone; a new one would open nothing of what was sealed."""


@lru_cache(maxsize=1)
def _root_key() -> bytes:
    """The root key, made at the first use and never again: a mark in the data directory remembers that it was."""
    config = load()
    mark = config.data_dir / "root.key.made"
    if mark.exists() and not config.root_key_file.exists():
        raise RootKeyMissing(
            f"The root key is not at {config.root_key_file}. Put it back from a backup: it opens every signing "
            "key, and a new one opens none."
        )
    key = bytes.fromhex(secret_file(config.root_key_file))
    mark.touch(mode=0o600)
    return key


def ensure_root_key() -> None:
    """Read the root key, or make it on an installation that never had one; RootKeyMissing when it is gone."""
    _root_key()


def seal(plain: bytes, *, context: str) -> bytes:
    """Encrypt ``plain``; only :func:`unseal` with the same context and root key opens it."""
    data_key, nonce, wrap_nonce = os.urandom(32), os.urandom(12), os.urandom(12)
    aad = context.encode()
    wrapped = AESGCM(_root_key()).encrypt(wrap_nonce, data_key, aad)
    return VERSION + wrap_nonce + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, aad)


def unseal(blob: bytes, *, context: str) -> bytes:
    """Open a sealed blob; SealBroken when the root key or the context does not fit."""
    if blob[:1] != VERSION or len(blob) < 1 + 12 + 48 + 12 + 16:
        raise SealBroken("unknown form of a sealed secret")
    wrap_nonce, wrapped, nonce, body = blob[1:13], blob[13:61], blob[61:73], blob[73:]
    aad = context.encode()
    try:
        data_key = AESGCM(_root_key()).decrypt(wrap_nonce, wrapped, aad)
        return AESGCM(data_key).decrypt(nonce, body, aad)
    except InvalidTag:
        raise SealBroken(
            "A sealed secret does not open. The root key file is not the one with which it was sealed."
        ) from None


def new_token() -> str:
    """An unguessable token for a link (256 bits, URL-safe). Store only :func:`token_hash` of it."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a token. Tokens carry 256 bits, so an unsalted hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA-256 (hex) of a value that may be guessable, such as an address, under the root key."""
    return hmac.new(_root_key(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
