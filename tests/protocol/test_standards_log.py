"""The proof file of a published standard: what it proves, and every change that breaks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.protocol import merkle, merkle_log
from guildmark.protocol import standards_log as log
from guildmark.protocol.errors import BadDigest, BadSignature, Malformed, ProtocolError

DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def entries(count: int) -> list[log.Entry]:
    return [
        log.Entry("northlamp", f"standard-{number}", "1.0", f"sha256:{number:064x}", DAY, DAY)
        for number in range(count)
    ]


def proof_file(count: int = 7, index: int = 4) -> dict[str, Any]:
    leaves = [merkle.leaf_hash(entry.leaf()) for entry in entries(count)]
    return {
        "index": index,
        "size": count,
        "rootHash": merkle.root_of(leaves).hex(),
        "entry": entries(count)[index].document(),
        "leafHash": leaves[index].hex(),
        "path": [step.hex() for step in merkle_log.inclusion_path(leaves, index)],
        "signedHead": None,
    }


def checked(document: dict[str, Any], **members: Any) -> log.Inclusion:
    proof = log.read_inclusion(json.dumps(document).encode())
    log.check_inclusion(proof, **members)
    return proof


def test_an_honest_file_proves_its_entry() -> None:
    proof = checked(proof_file())
    assert (proof.entry.standard, proof.entry.published_at, proof.entry.entered_later) == (
        "standard-4",
        DAY,
        False,
    )
    assert log.fingerprint(proof.entry) == proof_file()["leafHash"]


@pytest.mark.parametrize("member", ["publishedAt", "enteredAt"])
def test_another_date_breaks_the_proof(member: str) -> None:
    document = proof_file()
    document["entry"][member] = "2025-03-01T09:30:00Z"
    with pytest.raises(BadDigest, match="hash that the proof names"):
        checked(document)
    # Who also mends the hash of the entry fails at the head.
    document["leafHash"] = log.fingerprint(log.read_entry(document["entry"]))
    with pytest.raises(BadSignature):
        checked(document)


@given(
    st.sampled_from(["index", "rootHash", "leafHash", "path", "version", "coreHash"]),
    st.integers(0, 63),
)
def test_any_other_change_breaks_it_too(member: str, at: int) -> None:
    document = proof_file()
    if member == "index":
        document[member] += 1 + at
    elif member == "path":
        document["path"][at % 3] = "00" * 32
    elif member in document:
        text = document[member]
        document[member] = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]
    else:
        document["entry"][member] += "1"
    with pytest.raises(ProtocolError):
        checked(document)


def test_a_head_that_was_kept_must_be_that_of_the_proof() -> None:
    document = proof_file()
    kept = log.Head(document["size"], bytes.fromhex(document["rootHash"]))
    checked(document, head=kept)
    with pytest.raises(BadSignature, match="another root"):
        checked(document, head=log.Head(kept.size, b"\0" * 32))
    # A path fits more than one size: only the head says how long the log is.
    with pytest.raises(BadSignature, match="another root"):
        checked({**document, "size": 8}, head=kept)


def test_consistency_is_checked_between_two_heads() -> None:
    leaves = [merkle.leaf_hash(entry.leaf()) for entry in entries(9)]
    old, new = (log.Head(size, merkle.root_of(leaves[:size])) for size in (4, 9))
    path = [step.hex() for step in merkle_log.consistency_path(leaves, 4)]
    log.check_consistency(json.dumps({"first": 4, "second": 9, "path": path}).encode(), old=old, new=new)
    with pytest.raises(Malformed, match="other sizes"):
        log.check_consistency(json.dumps({"first": 3, "second": 9, "path": path}).encode(), old=old, new=new)
    forged = log.Head(9, b"\1" * 32)
    with pytest.raises(BadSignature):
        log.check_consistency(
            json.dumps({"first": 4, "second": 9, "path": path}).encode(), old=old, new=forged
        )


@pytest.mark.parametrize(
    "change",
    [
        {"entry": None},
        {"entry": {"type": "StandardPublished"}},
        {"index": True},
        {"size": "7"},
        {"path": "none"},
        {"path": ["zz"]},
        {"rootHash": 3},
        {"signedHead": 3},
    ],
    ids=str,
)
def test_a_file_of_another_form_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        checked({**proof_file(), **change})


def test_a_head_is_read_from_json_and_from_a_note() -> None:
    kept = b'{"log": "x", "size": 3, "rootHash": "' + b"ab" * 32 + b'"}'
    assert log.read_head(kept) == log.Head(3, b"\xab" * 32)
    for wrong in (b"\xff\xfe", b"words", b'{"size": -1, "rootHash": ""}'):
        with pytest.raises(Malformed):
            log.read_head(wrong)
