"""Selective disclosure by ``ecdsa-sd-2023`` (ECDSA Cryptosuites 1.0, sections 3.5 and 3.6): sign, derive, verify.

The issuer signs each statement by itself, except those that must always be shown, which are signed together. The
holder derives a document with some of the statements and their signatures; only that is verified by others. Labels
of blank nodes are made by HMAC, so that they tell nothing about what was left out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildmark.protocol import multibase
from guildmark.protocol.canonical import jsonld, rdfc, selection
from guildmark.protocol.canonical.rdfc import Quad, RdfcLimits
from guildmark.protocol.canonical.selection import NamedDocument
from guildmark.protocol.errors import BadSignature, Malformed, ProofError, TooLarge, UnsupportedProof
from guildmark.protocol.keys import PublicKey
from guildmark.protocol.proofs import sd_proof_value
from guildmark.protocol.proofs.sd_proof_value import BaseValue, DerivedValue
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.times import format_instant

NAME: Final = "ecdsa-sd-2023"

#: What a holder could mislead by leaving out, where the document has it.
_TELLING: Final = (
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "termsOfUse",
    "refreshService",
)

_ExtraContexts = Mapping[str, Mapping[str, Any]]


def advised_pointers(document: Mapping[str, Any]) -> list[str]:
    """Return pointers to what should be mandatory: who issued it, until when, and where its status stands.

    Whoever may leave out the status or the end of validity can show a revoked or expired credential as valid.
    """
    return [f"/{name}" for name in _TELLING if name in document]


def untold(document: Mapping[str, Any]) -> list[str]:
    """Return what a derived document does not show of its validity: whether the issuer set it cannot be told."""
    return [name for name in ("validUntil", "credentialStatus") if name not in document]


def sign(
    document: Mapping[str, Any],
    *,
    signer: Callable[[bytes], bytes],
    verification_method: str,
    created: datetime,
    mandatory_pointers: Sequence[str],
    hmac_key: bytes | None = None,
    proof_purpose: str = "assertionMethod",
    proof_id: str | None = None,
    options: Mapping[str, Any] | None = None,
    extra_contexts: _ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return a copy of the document with a base proof as last member (3.6.1 to 3.6.5).

    ``signer`` takes bytes and returns a P-256 signature over their SHA-256 (64 bytes, r and s side by side).
    ``mandatory_pointers`` are JSON pointers to what every derived document shows; see :func:`advised_pointers`.
    Other software takes an array of one for its only value: point at such an array, not into it.
    ``hmac_key`` is 32 secret bytes, fresh by default. Single statements are signed by a key that lives only in this
    call. ``options`` are further members of the proof (``expires``, ``domain``). Raises Malformed for pointers that lead nowhere or a document that does not pass safe mode, TooLarge for
    more than 4,096 statements, ProofError if the document carries a proof already.
    """
    if "proof" in document:
        raise ProofError("The document carries a proof already.", field="proof")
    hmac_key = secrets.token_bytes(32) if hmac_key is None else hmac_key
    if len(hmac_key) != 32:
        raise Malformed("The HMAC key must be 32 bytes.", field="hmac_key")
    proof: dict[str, Any] = {"type": "DataIntegrityProof"}
    if proof_id is not None:
        proof["id"] = proof_id
    proof |= {
        "cryptosuite": NAME,
        "created": format_instant(created),
        "verificationMethod": verification_method,
        "proofPurpose": proof_purpose,
    }
    proof |= options or {}
    whole = NamedDocument(document, extra_contexts=extra_contexts)
    _bound_statements(whole.quads)
    labels = hmac_labels(whole.quads, hmac_key)
    mandatory = whole.part(mandatory_pointers)
    key, signatures = _sign_each(rdfc.lines(whole.quads - mandatory, labels))
    message = signed_bytes(
        proof_hash(document, proof, extra_contexts=extra_contexts), key, rdfc.lines(mandatory, labels)
    )
    signature = signer(message)
    if len(signature) != 64:
        raise ProofError("The signer did not return a signature of 64 bytes.")
    value = BaseValue(signature, key, hmac_key, signatures, tuple(mandatory_pointers))
    return {**document, "proof": {**proof, "proofValue": sd_proof_value.encode_base(value)}}


def derive(
    document: Mapping[str, Any],
    *,
    selective_pointers: Sequence[str],
    proof_id: str | None = None,
    extra_contexts: _ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return what the holder of a base proof shows: the mandatory and the chosen parts, with a derived proof (3.6.6).

    ``proof_id`` chooses one of several base proofs. Other proofs of the document are left out: they would not fit.
    Raises Malformed for pointers that lead nowhere and for a broken or derived proof, BadSignature if the chosen
    statements are not those that were signed, ProofError if there is no base proof or nothing is chosen.
    """
    proof = _base_proof(document, proof_id)
    base = sd_proof_value.parse_base(proof.get("proofValue"))
    pointers = [*base.mandatory_pointers, *selection.check_pointers(selective_pointers)]
    if not pointers:
        raise ProofError("Nothing is chosen, and nothing must be shown.", field="selective_pointers")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    whole = NamedDocument(unsecured, extra_contexts=extra_contexts)
    _bound_statements(whole.quads)
    mandatory, shown = whole.part(base.mandatory_pointers), whole.part(pointers)
    labels = hmac_labels(whole.quads, base.hmac_key)
    signatures = _signatures_of(base, rdfc.lines(whole.quads - mandatory, labels))
    chosen = rdfc.lines(shown - mandatory, labels)
    for line in chosen:
        base.key.verify(signatures[line], line.encode())
    must = set(rdfc.lines(mandatory, labels))
    value = DerivedValue(
        base.signature,
        base.key,
        tuple(signatures[line] for line in chosen),
        {canonical: labels[label] for label, canonical in rdfc.canonical_labels(shown).items()},
        tuple(index for index, line in enumerate(rdfc.lines(shown, labels)) if line in must),
    )
    options = {name: said for name, said in proof.items() if name not in ("@context", "proofValue")}
    part = selection.select(unsecured, pointers)
    return {**part, "proof": {**options, "proofValue": sd_proof_value.encode_derived(value)}}


def verify(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    public_key: PublicKey,
    extra_contexts: _ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> None:
    """Return if a derived proof fits the document (given without its proof) and the issuer's key (3.5.9, 3.6.7).

    Raises BaseProof for a base proof, Malformed for a broken one, BadSignature if anything was changed, added or
    left out that must be shown, and whatever :func:`guildmark.protocol.canonical.jsonld.to_quads` raises.
    """
    value = sd_proof_value.parse_derived(proof.get("proofValue"))
    if "previousProof" in proof:
        raise UnsupportedProof(
            f"A proof of {NAME} that builds on others is not supported.", field="proof.previousProof"
        )
    if public_key.kind != "P-256":
        raise BadSignature(
            f"{NAME} is not made with a key of kind {public_key.kind}.", field="proof.cryptosuite"
        )
    rdfc_limits = rdfc_limits or RdfcLimits()
    quads = jsonld.to_quads(
        document, extra_contexts=extra_contexts, limits=json_limits, max_quads=rdfc_limits.quads
    )
    lines = _labelled(quads, value, rdfc_limits)
    must = set(value.mandatory_indexes)
    if must and max(must) >= len(lines):
        raise BadSignature(
            "The proof covers more statements than the document makes.", field="proof.proofValue"
        )
    others = [line for index, line in enumerate(lines) if index not in must]
    if len(others) != len(value.signatures):
        raise BadSignature(
            "The proof has other statements signed than the document makes.", field="proof.proofValue"
        )
    options = proof_hash(
        document, proof, extra_contexts=extra_contexts, json_limits=json_limits, rdfc_limits=rdfc_limits
    )
    # The issuer's signature first: only what it covers is worth the work of the others.
    mandatory = [line for index, line in enumerate(lines) if index in must]
    public_key.verify(value.signature, signed_bytes(options, value.key, mandatory))
    for line, signature in zip(others, value.signatures, strict=True):
        value.key.verify(signature, line.encode())


def proof_hash(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    extra_contexts: _ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> bytes:
    """Return the SHA-256 of the proof's options, read by the document's contexts (3.6.3)."""
    options = {name: said for name, said in proof.items() if name not in ("@context", "proofValue")}
    text = jsonld.canonicalize(
        {"@context": document.get("@context"), **options},
        extra_contexts=extra_contexts,
        json_limits=json_limits,
        rdfc_limits=rdfc_limits,
    )
    return hashlib.sha256(text.encode()).digest()


def signed_bytes(options: bytes, key: PublicKey, mandatory: Iterable[str]) -> bytes:
    """Return what the issuer signs (3.5.1): hash of the options, the other key, hash of the mandatory statements."""
    return options + sd_proof_value.key_bytes(key) + hashlib.sha256("".join(mandatory).encode()).digest()


def hmac_labels(quads: Iterable[Quad], hmac_key: bytes) -> dict[str, str]:
    """Return for each blank node the label that tells nothing: HMAC-SHA-256 of its canonical one (3.4.4)."""
    return {
        label: "_:"
        + multibase.encode(hmac.digest(hmac_key, canonical.removeprefix("_:").encode(), "sha256"), "u")
        for label, canonical in rdfc.canonical_labels(quads).items()
    }


def _bound_statements(quads: set[Quad]) -> None:
    if len(quads) > sd_proof_value.MAX_STATEMENTS:
        raise TooLarge(
            f"The document makes more than {sd_proof_value.MAX_STATEMENTS} statements to sign one by one."
        )


def _sign_each(lines: Iterable[str]) -> tuple[PublicKey, tuple[bytes, ...]]:
    """Sign each statement by a key whose private half ends with this call (3.6.5)."""
    private = ec.generate_private_key(ec.SECP256R1())
    made = []
    for line in lines:
        r, s = decode_dss_signature(private.sign(line.encode(), ec.ECDSA(hashes.SHA256())))
        made.append(r.to_bytes(32) + s.to_bytes(32))
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return PublicKey("P-256", point), tuple(made)


def _base_proof(document: Mapping[str, Any], proof_id: str | None) -> Mapping[str, Any]:
    found = document.get("proof", [])
    proofs = [
        one
        for one in (found if isinstance(found, list) else [found])
        if isinstance(one, Mapping)
        and one.get("cryptosuite") == NAME
        and one.get("type") == "DataIntegrityProof"
        and proof_id in (None, one.get("id"))
    ]
    if len(proofs) != 1:
        raise ProofError(
            f"The document has {len(proofs) or 'no'} proofs of {NAME} to derive from.",
            field="proof",
            mend="Name one by its id." if proofs else f"Ask the issuer for a credential with {NAME}.",
        )
    if "previousProof" in proofs[0]:
        raise UnsupportedProof("Deriving from a proof that builds on others is not supported.", field="proof")
    return proofs[0]


def _signatures_of(base: BaseValue, lines: Sequence[str]) -> dict[str, bytes]:
    if len(lines) != len(base.signatures):
        raise BadSignature(
            "The base proof has other statements signed than the document makes.", field="proof.proofValue"
        )
    return dict(zip(lines, base.signatures, strict=True))


def _labelled(quads: set[Quad], value: DerivedValue, limits: RdfcLimits) -> list[str]:
    """The statements under the labels that their nodes had when they were signed (3.4.3)."""
    canonical = rdfc.canonical_labels(quads, limits=limits)
    if set(canonical.values()) != set(value.labels):
        raise BadSignature("The proof is about other nodes than the document has.", field="proof.proofValue")
    return rdfc.lines(quads, {label: value.labels[name] for label, name in canonical.items()})
