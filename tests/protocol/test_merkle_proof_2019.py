"""Merkle proofs of Blockcerts: the compact form, the path, and bytes that are made to mislead."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cbor2
import pytest

from guildmark.protocol import multibase
from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.proofs import merkle_proof_2019 as merkle

CASES = json.loads((Path(__file__).parent / "corpus" / "blockcerts.json").read_text("utf-8"))["cases"]
SEPOLIA = next(case["document"] for case in CASES if case["name"] == "Sepolia, looked up")
TESTNET = next(case["document"] for case in CASES if case["name"].startswith("testnet"))


def test_a_proof_of_another_implementation_is_read() -> None:
    receipt = merkle.decode(TESTNET["proof"]["proofValue"])
    transaction = "140ee9382a5c84433b9c89a5d9fea26c47415838b5841deb0c36a8a4b9121f2e"
    assert [anchor.uri for anchor in receipt.anchors] == [f"blink:btc:testnet:{transaction}"]
    beside = bytes.fromhex("78e670a04db3cf419fff5fb1b11a420a34e5eeae14cc68476dcb84883b5cdb64")
    assert receipt.path == ((True, beside),)
    assert hashlib.sha256(beside + receipt.target_hash).digest() == receipt.merkle_root


def packed(**changes: Any) -> str:
    document = {key: value for key, value in SEPOLIA.items() if key != "proof"}
    target = merkle.local_hash(document, {}).hex()
    parts = {"path": [], "root": target, "target": target, "anchors": [[[0, -1]]], **changes}
    items = [
        [3, [[side, cbor2.dumps(beside)] for side, beside in parts["path"]]],
        [0, cbor2.dumps(parts["root"])],
        [1, cbor2.dumps(parts["target"])],
        [2, parts["anchors"]],
    ]
    return multibase.encode(cbor2.dumps(items))


def proved(**changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    proof = {"type": "MerkleProof2019", "proofPurpose": "assertionMethod", "proofValue": packed(**changes)}
    return {**SEPOLIA, "proof": proof}, proof


def test_a_path_leads_to_the_root_on_both_sides() -> None:
    target = merkle.decode(packed()).target_hash
    one, two = b"\1" * 32, b"\2" * 32
    root = hashlib.sha256(hashlib.sha256(one + target).digest() + two).hexdigest()
    path = [(0, one.hex()), (1, two.hex())]
    merkle.verify(*proved(path=path, root=root))
    for wrong in (path[::-1], path[:1], [(1, one.hex()), (0, two.hex())], []):
        with pytest.raises(BadSignature, match="path"):
            merkle.verify(*proved(path=wrong, root=root))


def test_another_document_is_not_the_one_in_the_tree() -> None:
    document, proof = proved()
    merkle.verify(document, proof)
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    with pytest.raises(BadSignature, match="changed"):
        merkle.verify(document, proof)


@pytest.mark.parametrize(
    "changes",
    [
        {"root": "00"},
        {"root": "ZZ" * 32},
        {"root": 5},
        {"target": ["00" * 32]},
        {"path": [(2, "00" * 32)]},
        {"path": [(True, "00" * 32)]},
        {"path": [(0, "00")]},
        {"path": [(0, "00" * 32)] * 65},
        {"anchors": []},
        {"anchors": [[[0, -1]]] * 5},
        {"anchors": [[[0, 7], [1, 1], [2, cbor2.dumps("aa")]]]},
        {"anchors": [[[0, 0], [1, 9], [2, cbor2.dumps("aa")]]]},
        {"anchors": [[[0, 0], [1, 1], [2, cbor2.dumps("a:b")]]]},
        {"anchors": [[[0, 0], [1, 1]]]},
        {"anchors": [[[0, 0], [0, 1], [1, 1], [2, cbor2.dumps("aa")]]]},
        {"anchors": "blink:btc"},
        {"anchors": [[]]},
    ],
)
def test_a_proof_value_that_does_not_follow_the_form_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        merkle.decode(packed(**changes))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x81" * 1_900,
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xbb\x00\x00\x00\xff\xff\xff\xff\xff",
        bytes.fromhex("d81c81d81d00"),
        bytes.fromhex("c11b7fffffffffffffff"),
        cbor2.dumps({"0": 1}),
        cbor2.dumps([[0, b"a"]] * 4),
        cbor2.dumps(5),
    ],
    ids=range(11),
)
def test_hostile_bytes_end_at_once_with_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        merkle.decode(multibase.encode(data))
