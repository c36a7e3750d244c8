"""Merkle tree hashes (RFC 9162, section 2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry (32 bytes)."""
    return sha256(b"\0" + data).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root (32 bytes) over leaf hashes in their order; of no leaves, the hash of nothing."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    # Joining neighbours level by level, the odd one carried up, gives the tree of the definition.
    while len(level) > 1:
        joined = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            joined.append(level[-1])
        level = joined
    return level[0]
