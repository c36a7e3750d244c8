"""Blockcerts: documents in a Merkle tree whose root somebody wrote into a public chain.

What a transaction holds is asked of the caller's look-up; without one the anchor is not checked, and what
cannot be checked is never valid. The issuer's profile says which addresses of the chain are his, and where
his revocation list is (Blockcerts 3, sections on issuer and revocation).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guildmark.protocol import did
from guildmark.protocol.errors import (
    BadSignature,
    KeyNotBound,
    Malformed,
    NotAvailable,
    ProtocolError,
    StatusError,
    StatusListUnavailable,
    StatusListWrongType,
    UnsupportedProof,
)
from guildmark.protocol.places import can_be_changed_on_the_way
from guildmark.protocol.proofs import merkle_proof_2019 as merkle
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.times import parse_instant
from guildmark.protocol.verify.binding import controller_document
from guildmark.protocol.verify.reading import issuer_of
from guildmark.protocol.verify.run import Run

_ADDRESS = "ecdsa-koblitz-pubkey:"
_UNCHECKED = "The content fits its Merkle proof. Anchor: not checked"


def is_blockcert(document: Mapping[str, Any]) -> bool:
    """Whether a document says that it is a Blockcert of version 3."""
    types = document.get("type")
    return "BlockcertsCredential" in (types if isinstance(types, list) else [types])


def check_anchored(run: Run, document: Mapping[str, Any], proof: Mapping[str, Any]) -> str:
    """Check content, path, anchor and whose anchor it is; raises as the check of a signature does."""
    receipt = merkle.verify(document, proof, json_limits=run.limits.json, rdfc_limits=run.limits.rdfc)
    run.passed("safe_mode", "Every part of the document is covered by the anchored hash.")
    if "expires" in proof:
        parse_instant(proof["expires"], field="proof.expires")
    anchor = receipt.anchors[0]
    if anchor.chain == merkle.MOCKNET:
        if not run.policy.accepts_mocknet:
            raise UnsupportedProof(f"{_UNCHECKED}, it is a mocknet, which is for tests and proves nothing.")
        _listed_method(run, document, proof)
    else:
        fact = _looked_up(run, anchor)
        if fact.root != receipt.merkle_root:
            raise BadSignature(f"The transaction {anchor.uri} holds another root.")
        profile = _listed_method(run, document, proof)
        if not _sent_by_issuer(profile, fact):
            raise KeyNotBound(
                f"The issuer's profile does not list {fact.sender[:80]}, which sent the anchor."
            )
    run.passed("key_binding", "The issuer's profile lists the key and the address of the anchor.")
    return merkle.TYPE


def _looked_up(run: Run, anchor: merkle.Anchor) -> merkle.AnchorFact:
    if run.anchors is None:
        raise UnsupportedProof(f"{_UNCHECKED}, nobody was there to look up {anchor.uri}.")
    try:
        return run.anchors(anchor)
    except NotAvailable as error:
        raise UnsupportedProof(f"{_UNCHECKED}: {error.reason}") from error


def _listed_method(run: Run, document: Mapping[str, Any], proof: Mapping[str, Any]) -> Mapping[str, Any]:
    """The issuer's profile, if it lists the method of the proof; KeyNotBound otherwise."""
    issuer, method = issuer_of(document), proof.get("verificationMethod")
    profile = controller_document(run, issuer)
    if not isinstance(method, str) or not did.lists_assertion_method(profile, method, issuer):
        raise KeyNotBound(f"The issuer does not list the key {str(method)[:120]} for making statements.")
    return profile


def _sent_by_issuer(profile: Mapping[str, Any], fact: merkle.AnchorFact) -> bool:
    """Whether the sender of a transaction was one of the issuer's addresses at that time."""
    listed = profile.get("publicKey", [])
    for entry in listed if isinstance(listed, list) else [listed]:
        name = entry.get("id") if isinstance(entry, Mapping) else None
        if not isinstance(name, str) or not _same_address(name.removeprefix(_ADDRESS), fact.sender):
            continue
        try:
            begun = parse_instant(entry.get("created"))
            ends = [parse_instant(entry[key]) for key in ("expires", "revoked") if key in entry]
        except Malformed:
            continue
        if begun <= fact.time and all(fact.time < end for end in ends):
            return True
    return False


def _same_address(one: str, other: str) -> bool:
    # Ethereum writes the same address in several cases; Bitcoin does not.
    return one.lower() == other.lower() if one.startswith("0x") else one == other


def check_revocation_list(run: Run, document: Mapping[str, Any]) -> None:
    """Read the revocation list that the issuer's profile names, for a Blockcert that names no status of its own."""
    try:
        reason = _revocation(run, document)
    except StatusError as error:
        run.note("status", Outcome.NOT_CHECKED, error.reason, Verdict.CANNOT_TELL)
        return
    if reason is None:
        run.passed("status", "The issuer's revocation list does not name it.")
    else:
        run.failed("status", f"The issuer revoked it: {reason[:300]}", Verdict.REVOKED)


def _revocation(run: Run, document: Mapping[str, Any]) -> str | None:
    """The reason of a revocation; None if the list does not name the credential."""
    try:
        url = controller_document(run, issuer_of(document)).get("revocationList")
        if not isinstance(url, str):
            raise StatusError("The issuer's profile names no revocation list.", field="revocationList")
        served = run.fetch(url)
    except NotAvailable as error:
        raise StatusListUnavailable(f"The revocation list cannot be had: {error.reason}") from error
    except StatusError:
        raise
    except ProtocolError as error:
        raise StatusError(error.reason) from error
    if can_be_changed_on_the_way(url, served):
        raise StatusError(
            "The revocation list is not signed and came over http: anybody may have changed it."
        )
    revoked = served.get("revokedAssertions")
    if served.get("type") != "RevocationList" or not isinstance(revoked, list):
        raise StatusListWrongType("What was served is no revocation list.", field="revokedAssertions")
    if served.get("issuer", issuer_of(document)) != issuer_of(document):
        raise StatusListWrongType("The revocation list is of another issuer.", field="issuer")
    for entry in revoked:
        node: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {"id": entry}
        if node.get("id") == document.get("id"):
            return str(node.get("revocationReason") or "no reason is given")
    return None
