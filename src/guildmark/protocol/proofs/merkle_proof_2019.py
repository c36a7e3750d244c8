"""MerkleProof2019, by which Blockcerts are anchored: https://w3c-ccg.github.io/lds-merkle-proof-2019/ .

The proof value holds the hash of the document, a path to the root of a tree, and where the root was written
down: a transaction of a public chain. Nothing is signed here; whether the transaction holds the root, and who
sent it, is asked of the caller. The form ``DataIntegrityProof`` with ``merkle-proof-2019`` is the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import cbor2

from guildmark.protocol import multibase
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import BadSignature, Malformed, ProofError
from guildmark.protocol.strict_json import JsonLimits

TYPE: Final = "MerkleProof2019"
CRYPTOSUITE: Final = "merkle-proof-2019"
#: Numbers of the compact form and what they stand for (section on the CBOR encoding).
_ROOT, _TARGET, _ANCHORS, _PATH = range(4)
_CHAINS: Final[dict[int, tuple[str, dict[int, str]]]] = {
    0: ("btc", {1: "mainnet", 2: "regtest", 3: "testnet"}),
    1: ("eth", {1: "mainnet", 3: "ropsten", 4: "rinkeby", 5: "goerli", 11155111: "sepolia"}),
}
MOCKNET: Final = "mocknet"
_MOCKNET_NUMBER: Final = -1
_MAX_PATH: Final = 64
_MAX_ANCHORS: Final = 4
_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a root was written down: the transaction of a network of a chain. A mocknet has neither."""

    chain: str
    network: str = ""
    transaction: str = ""

    @property
    def uri(self) -> str:
        """``blink:btc:mainnet:...``"""
        return ":".join(part for part in ("blink", self.chain, self.network, self.transaction) if part)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decoded proof value. ``path`` gives for each step the hash beside, and whether it stands to the left."""

    merkle_root: bytes
    target_hash: bytes
    path: tuple[tuple[bool, bytes], ...]
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class AnchorFact:
    """What a chain says of a transaction: the root in it (32 bytes), the address that sent it, and when (aware)."""

    root: bytes
    sender: str
    time: datetime


#: Asked for a transaction; NotAvailable when the chain does not answer or does not have it.
AnchorLookup = Callable[[Anchor], AnchorFact]


def is_merkle(proof: Mapping[str, Any]) -> bool:
    """Whether a proof is of this kind, in either of its spellings."""
    return proof.get("type") == TYPE or (
        proof.get("type") == "DataIntegrityProof" and proof.get("cryptosuite") == CRYPTOSUITE
    )


def decode(proof_value: Any) -> Receipt:
    """Read a proof value: base58 of CBOR. Malformed for anything that does not follow the compact form."""
    if not isinstance(proof_value, str):
        raise Malformed("The proof has no proofValue.", field="proof.proofValue")
    try:
        parts = _pairs(_cbor(multibase.decode(proof_value, allowed="z")))
        steps = parts[_PATH]
        anchors = parts[_ANCHORS]
        if not isinstance(steps, list) or len(steps) > _MAX_PATH:
            raise ValueError("path")
        if not isinstance(anchors, list) or not 1 <= len(anchors) <= _MAX_ANCHORS:
            raise ValueError("anchors")
        return Receipt(
            _hash(parts[_ROOT]), _hash(parts[_TARGET]), tuple(map(_step, steps)), tuple(map(_anchor, anchors))
        )
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Malformed("The proofValue is no Merkle proof.", field="proof.proofValue") from error


def _cbor(data: Any) -> Any:
    if not isinstance(data, bytes):
        raise ValueError("no bytes")
    try:
        return cbor2.loads(data)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError("no CBOR") from error


def _pairs(value: Any) -> dict[int, Any]:
    """A list of numbered parts, or a map of them, as writers differ; each part once."""
    items = list(value.items()) if isinstance(value, dict) else [(number, part) for number, part in value]
    found = dict(items)
    if len(found) != len(items) or not all(type(number) is int for number in found):
        raise ValueError("parts")
    return found


def _text(data: Any) -> str:
    """A text, which the compact form encodes once more by itself."""
    value = _cbor(data)
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _hash(data: Any) -> bytes:
    text = _text(data)
    if not _HEX.match(text):
        raise ValueError("no hash")
    return bytes.fromhex(text)


def _step(item: Any) -> tuple[bool, bytes]:
    side, data = item
    if type(side) is not int or side not in (0, 1):
        raise ValueError("side")
    return side == 0, _hash(data)


def _anchor(item: Any) -> Anchor:
    parts = _pairs(item)
    if parts[0] == _MOCKNET_NUMBER:
        return Anchor(MOCKNET)
    chain, networks = _CHAINS[parts[0]]
    transaction = _text(parts[2])
    if not transaction.isascii() or not transaction.isalnum() or len(transaction) > 100:
        raise ValueError("transaction")
    return Anchor(chain, networks[parts[1]], transaction)


def local_hash(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> bytes:
    """SHA-256 of the canonical document, without its proof but with those that stand before it in a list."""
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    proofs = document.get("proof")
    if isinstance(proofs, list) and proofs[: proofs.index(proof)]:
        unsecured["proof"] = proofs[: proofs.index(proof)]
    text = jsonld.canonicalize(unsecured, json_limits=json_limits, rdfc_limits=rdfc_limits)
    return hashlib.sha256(text.encode()).digest()


def verify(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> Receipt:
    """Return the receipt if the document is the one in the tree; raise otherwise.

    Says nothing about who wrote the root down, nor whether anybody did. Raises BadSignature, ProofError,
    Malformed, UndefinedTerm or UnknownContext.
    """
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofError("The proof is not made for assertionMethod.", field="proof.proofPurpose")
    receipt = decode(proof.get("proofValue"))
    if local_hash(document, proof, json_limits=json_limits, rdfc_limits=rdfc_limits) != receipt.target_hash:
        raise BadSignature("The content was changed since it was anchored.", field="proof.proofValue")
    reached = receipt.target_hash
    for left, beside in receipt.path:
        # The hashes are joined as bytes, although the compact form writes them as text.
        reached = hashlib.sha256(beside + reached if left else reached + beside).digest()
    if reached != receipt.merkle_root:
        raise BadSignature("The path does not lead to the root.", field="proof.proofValue")
    return receipt
