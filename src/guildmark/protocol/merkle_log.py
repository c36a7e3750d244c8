"""Proofs about an append-only log: that an entry is in it, and that a later log begins with an earlier one.

The tree and its proofs are those of RFC 9162, section 2.1 (the same as RFC 6962): a leaf is hashed behind a
zero byte, two nodes behind a one byte, so that neither can be taken for the other. Verify functions raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.merkle import root_of

HASH_BYTES = 32
#: More than any log can hold whose size fits in 64 bits.
MAX_PATH = 64


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes side by side (32 bytes)."""
    return sha256(b"\1" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below ``size``, which is at least 2."""
    power: int = 1 << ((size - 1).bit_length() - 1)
    return power


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at ``index`` to the root over ``leaves`` (RFC 9162, 2.1.3.1).

    ``leaves`` are leaf hashes in their order. Malformed when the index lies outside.
    """
    if not 0 <= index < len(leaves):
        raise Malformed(f"There is no entry {index} among {len(leaves)}.", field="index")
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root_of(leaves[middle:high]))
            high = middle
        else:
            path.append(root_of(leaves[low:middle]))
            low = middle
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a path gives for a leaf hash (RFC 9162, 2.1.3.2); Malformed for an impossible path."""
    _sound(path)
    if not 0 <= index < size:
        raise Malformed(f"There is no entry {index} in a log of {size}.", field="index")
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Malformed("The path is longer than the way to the root.", field="path")
        if node & 1 or node == last:
            root = node_hash(step, root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, step)
        node, last = node >> 1, last >> 1
    if last:
        raise Malformed("The path is shorter than the way to the root.", field="path")
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise unless the leaf hash stands at ``index`` in the log of ``size`` entries with this root."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise BadSignature(
            "The path does not lead from this entry to the head of the log.",
            field="path",
            mend="The entry, the proof or the head was changed: ask for all three again.",
        )


def consistency_path(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """What shows that the log over ``leaves`` begins with its first ``first`` entries (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise Malformed(f"A log of {len(leaves)} entries has no beginning of {first}.", field="first")
    path: list[bytes] = []
    low, high, whole = 0, len(leaves), True
    while first < high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(root_of(leaves[middle:high]))
            high = middle
        else:
            path.append(root_of(leaves[low:middle]))
            low, whole = middle, False
    if not whole:
        path.append(root_of(leaves[low:high]))
    return path[::-1]


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> None:
    """Raise unless the log with ``second`` entries begins with the one with ``first`` (RFC 9162, 2.1.4.2)."""
    _sound(path)
    if not 0 < first <= second:
        raise Malformed(f"A log of {second} entries has no beginning of {first}.", field="first")
    if first == second:
        if path:
            raise Malformed("Two heads of one size need no path.", field="path")
        _same(first_root, second_root)
        return
    # A beginning that is a whole subtree is itself the first node of the way.
    steps = list(path) if first & (first - 1) else [first_root, *path]
    if not steps:
        raise Malformed("The path is empty.", field="path")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Malformed("The path is longer than the way to the root.", field="path")
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    if last:
        raise Malformed("The path is shorter than the way to the root.", field="path")
    _same(old, first_root)
    _same(new, second_root)


def _same(found: bytes, wanted: bytes) -> None:
    if found != wanted:
        raise BadSignature(
            "The later log does not begin with the earlier one.",
            field="path",
            mend="Keep both heads: together they show that entries were changed or taken out.",
        )


def _sound(path: Sequence[bytes]) -> None:
    if len(path) > MAX_PATH or any(len(step) != HASH_BYTES for step in path):
        raise Malformed(f"A path is at most {MAX_PATH} hashes of {HASH_BYTES} bytes.", field="path")
