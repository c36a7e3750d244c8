"""What other rooms see of signing keys. A private key is never among it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

KeyState = Literal["active", "retiring", "retired", "compromised"]


@dataclass(frozen=True)
class KeyView:
    """A signing key. ``public_multibase`` is the Multikey (``z6Mk...``), ``verification_method`` its id."""

    id: UUID
    org_id: UUID
    public_multibase: str
    verification_method: str
    purpose: str
    state: KeyState
    created_at: datetime
    retired_at: datetime | None
    compromised_at: datetime | None


@dataclass(frozen=True)
class TokenSigner:
    """The right to sign tokens (JOSE): ``kid`` is the address that serves the key, ``sign`` as in ``Signer``."""

    algorithm: str
    kid: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Signer:
    """The right to sign with one key: ``sign`` takes bytes and returns the Ed25519 signature (64 bytes)."""

    key_id: UUID
    verification_method: str
    sign: Callable[[bytes], bytes]
