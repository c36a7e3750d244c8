"""The cryptosuite ``eddsa-rdfc-2022`` of Data Integrity EdDSA Cryptosuites 1.0, section 3.2."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from guildmark.protocol import keys, multibase
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import BadSignature, Malformed, ProofError, UnsupportedProof
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.times import format_instant, parse_instant

CRYPTOSUITE = "eddsa-rdfc-2022"
PROOF_TYPE = "DataIntegrityProof"

Signer = Callable[[bytes], bytes]
ExtraContexts = Mapping[str, Mapping[str, Any]]


def hash_data(
    document: Mapping[str, Any],
    proof_options: Mapping[str, Any],
    *,
    extra_contexts: ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> bytes:
    """Return the 64 bytes that are signed: hash of the proof options, then hash of the document.

    ``document`` is without ``proof``, ``proof_options`` without ``proofValue``. The options take the
    document's contexts, or ``created`` would vanish from what is signed (section 3.2.5).
    """
    options = {key: value for key, value in proof_options.items() if key != "@context"}
    options = {"@context": document.get("@context"), **options}
    hashes = []
    for part in (options, document):
        text = jsonld.canonicalize(
            part, extra_contexts=extra_contexts, json_limits=json_limits, rdfc_limits=rdfc_limits
        )
        hashes.append(hashlib.sha256(text.encode()).digest())
    return b"".join(hashes)


def sign(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    proof_purpose: str = "assertionMethod",
    extra_contexts: ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return a copy of the document with its proof as last member.

    ``signer`` takes 64 bytes and returns the Ed25519 signature (64 bytes). ``created`` is an aware
    datetime. The same input always gives the same output. Raises Malformed if the document does
    not pass safe mode, ProofError if it carries a proof already.
    """
    if "proof" in document:
        raise ProofError("The document carries a proof already.", field="proof")
    proof: dict[str, Any] = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": format_instant(created),
        "verificationMethod": verification_method,
        "proofPurpose": proof_purpose,
    }
    signature = signer(hash_data(document, proof, extra_contexts=extra_contexts))
    if len(signature) != 64:
        raise ProofError("The signer did not return an Ed25519 signature of 64 bytes.")
    return {**document, "proof": {**proof, "proofValue": multibase.encode(signature)}}


def check_options(proof: Mapping[str, Any], proof_purpose: str = "assertionMethod") -> None:
    """Raise UnsupportedProof or Malformed unless the proof is one that :func:`verify` can check."""
    if proof.get("type") != PROOF_TYPE:
        raise UnsupportedProof(
            f"Proofs of type {str(proof.get('type'))[:60]!r} are not supported.", field="proof.type"
        )
    if proof.get("cryptosuite") != CRYPTOSUITE:
        raise UnsupportedProof(
            f"The cryptosuite {str(proof.get('cryptosuite'))[:60]!r} is not supported.",
            field="proof.cryptosuite",
        )
    if "previousProof" in proof:
        raise UnsupportedProof("Proof chains are not supported.", field="proof.previousProof")
    if proof.get("proofPurpose") != proof_purpose:
        raise ProofError(f"The proof is not made for {proof_purpose}.", field="proof.proofPurpose")
    for name in ("verificationMethod", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise Malformed(f"The proof has no {name}.", field=f"proof.{name}")
    for name in ("created", "expires"):
        if name in proof:
            parse_instant(proof[name], field=f"proof.{name}")


def verify(
    document: Mapping[str, Any],
    *,
    public_key: bytes,
    proof: Mapping[str, Any] | None = None,
    proof_purpose: str = "assertionMethod",
    extra_contexts: ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> None:
    """Return if the proof fits the document and the raw Ed25519 public key; raise otherwise.

    ``proof`` chooses one of several (default: the only one). Says nothing about whose key it is:
    that is the business of :mod:`guildmark.protocol.verify`. Raises BadSignature, UnsupportedProof,
    Malformed, UndefinedTerm or UnknownContext.
    """
    chosen = document.get("proof") if proof is None else proof
    if not isinstance(chosen, Mapping):
        raise ProofError("The document has no single proof.", field="proof")
    check_options(chosen, proof_purpose)
    try:
        signature = multibase.decode(chosen["proofValue"], allowed="z")
    except Malformed as error:
        raise BadSignature(
            f"The proofValue is no signature: {error.reason}", field="proof.proofValue"
        ) from error
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in chosen.items() if key != "proofValue"}
    message = hash_data(
        unsecured, options, extra_contexts=extra_contexts, json_limits=json_limits, rdfc_limits=rdfc_limits
    )
    keys.verify_ed25519(public_key, signature, message)
