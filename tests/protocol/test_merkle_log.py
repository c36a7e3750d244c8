"""Proofs of an append-only log, against what others published and against the definition itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from guildmark.protocol import merkle, merkle_log
from guildmark.protocol.errors import BadSignature, Malformed, ProtocolError
from tests.protocol.test_merkle import ENTRIES, ROOTS

FOREIGN = json.loads((Path(__file__).parent / "vectors" / "merkle-log.json").read_text("utf-8"))
LEAVES = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
NUMBERS = [merkle.leaf_hash(str(number).encode()) for number in range(64)]
# Published with the eight entries of Certificate Transparency (transparency-dev/merkle, testdata).
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def root(size: int, leaves: list[bytes] = NUMBERS) -> bytes:
    return merkle.root_of(leaves[:size])


@pytest.mark.parametrize("case", INCLUSION, ids=str)
def test_inclusion_paths_are_the_published_ones(case: tuple[int, int]) -> None:
    index, size = case
    path = merkle_log.inclusion_path(LEAVES[:size], index)
    assert [step.hex() for step in path] == INCLUSION[case]
    merkle_log.verify_inclusion(LEAVES[index], index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize("case", CONSISTENCY, ids=str)
def test_consistency_paths_are_the_published_ones(case: tuple[int, int]) -> None:
    first, second = case
    path = merkle_log.consistency_path(LEAVES[:second], first)
    assert [step.hex() for step in path] == CONSISTENCY[case]
    merkle_log.verify_consistency(
        first, second, bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second]), path
    )


@pytest.mark.parametrize("tree", FOREIGN["trees"], ids=lambda tree: str(tree["size"]))
def test_every_inclusion_path_up_to_64_is_that_of_another_implementation(tree: dict[str, object]) -> None:
    size = int(str(tree["size"]))
    assert root(size).hex() == tree["root"]
    all_paths = hashlib.sha256()
    for index in range(size):
        path = merkle_log.inclusion_path(NUMBERS[:size], index)
        all_paths.update(b"".join(path))
        merkle_log.verify_inclusion(NUMBERS[index], index, size, path, root(size))
    assert all_paths.hexdigest() == tree["paths"]


def defined(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162, section 2.1.4.1, written down as it stands there."""
    size = len(leaves)
    if first == size:
        return [] if whole else [merkle.root_of(leaves)]
    split = 1
    while split * 2 < size:
        split *= 2
    if first <= split:
        return [*defined(first, leaves[:split], whole), merkle.root_of(leaves[split:])]
    return [*defined(first - split, leaves[split:], False), merkle.root_of(leaves[:split])]


@pytest.mark.parametrize("second", range(1, 65))
def test_every_consistency_path_up_to_64_is_that_of_the_definition_and_verifies(second: int) -> None:
    for first in range(1, second + 1):
        path = merkle_log.consistency_path(NUMBERS[:second], first)
        assert path == defined(first, NUMBERS[:second])
        merkle_log.verify_consistency(first, second, root(first), root(second), path)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_a_path_proves_no_other_entry_no_other_place_and_no_other_log(size: int) -> None:
    for index in range(size):
        path = merkle_log.inclusion_path(NUMBERS[:size], index)
        wrong = [
            (NUMBERS[(index + 1) % 64], index, size, path, root(size)),
            (NUMBERS[index], (index + 1) % size if size > 1 else 1, size, path, root(size)),
            (NUMBERS[index], index, size, path, root(size + 1)),
            (NUMBERS[index], index, size, [*path, b"\0" * 32], root(size)),
            (NUMBERS[index], index, size, [b"\0" * 31], root(size)),
        ]
        wrong += [
            (
                NUMBERS[index],
                index,
                size,
                [*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :]],
                root(size),
            )
            for at in range(len(path))
        ]
        wrong += [(NUMBERS[index], index, size, path[:-1], root(size))] if path else []
        for case in wrong:
            with pytest.raises(ProtocolError):
                merkle_log.verify_inclusion(*case)


@pytest.mark.parametrize("second", [2, 3, 7, 8, 13])
def test_a_log_whose_beginning_was_changed_is_not_consistent(second: int) -> None:
    changed = [merkle.leaf_hash(b"another"), *NUMBERS[1:second]]
    for first in range(1, second):
        honest = merkle_log.consistency_path(NUMBERS[:second], first)
        forged = merkle_log.consistency_path(changed, first)
        with pytest.raises(BadSignature):
            merkle_log.verify_consistency(first, second, root(first), merkle.root_of(changed), forged)
        with pytest.raises(ProtocolError):
            merkle_log.verify_consistency(first, second, root(first), root(second), honest[:-1])
        with pytest.raises(ProtocolError):
            merkle_log.verify_consistency(first, second, root(first), root(second), [*honest, b"\1" * 32])


def test_what_cannot_be_asked_is_refused() -> None:
    for ask in (
        lambda: merkle_log.inclusion_path(NUMBERS[:4], 4),
        lambda: merkle_log.inclusion_path([], 0),
        lambda: merkle_log.consistency_path(NUMBERS[:4], 0),
        lambda: merkle_log.consistency_path(NUMBERS[:4], 5),
        lambda: merkle_log.verify_consistency(3, 3, root(3), root(3), [root(3)]),
        lambda: merkle_log.verify_consistency(0, 3, root(0), root(3), []),
        lambda: merkle_log.verify_consistency(3, 5, root(3), root(5), []),
        lambda: merkle_log.verify_inclusion(NUMBERS[0], -1, 3, [], root(3)),
        lambda: merkle_log.verify_inclusion(NUMBERS[0], 0, 1 << 70, [root(2)] * 65, root(3)),
    ):
        with pytest.raises(Malformed):
            ask()
