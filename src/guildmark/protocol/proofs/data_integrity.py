"""Data Integrity proofs: EdDSA Cryptosuites 1.0 (sections 3.2 to 3.4) and ECDSA Cryptosuites 1.0 (3.2, 3.3).

``eddsa-rdfc-2022``, ``eddsa-jcs-2022``, ``ecdsa-rdfc-2019`` and ``ecdsa-jcs-2019`` are signed and verified,
the older ``Ed25519Signature2020`` only verified, and proofs derived by
:mod:`guildmark.protocol.proofs.ecdsa_sd_2023` too. Proof sets and chains: Data Integrity 1.0, section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from guildmark.protocol import multibase
from guildmark.protocol.canonical import jcs, jsonld
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import BadSignature, Malformed, ProofError, UnsupportedProof
from guildmark.protocol.keys import Kind, PublicKey
from guildmark.protocol.proofs import ecdsa_sd_2023
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.times import format_instant, parse_instant

PROOF_TYPE: Final = "DataIntegrityProof"
ED25519_2020: Final = "Ed25519Signature2020"

Signer = Callable[[bytes], bytes]
ExtraContexts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A way to make bytes of a document: its name, whether it reads JSON-LD, and the keys it goes with."""

    name: str
    rdf: bool
    kinds: frozenset[Kind]


_ED: Final[frozenset[Kind]] = frozenset({"Ed25519"})
_EC: Final[frozenset[Kind]] = frozenset({"P-256", "P-384"})
CRYPTOSUITES: Final = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", True, _ED),
        Cryptosuite("eddsa-jcs-2022", False, _ED),
        Cryptosuite("ecdsa-rdfc-2019", True, _EC),
        Cryptosuite("ecdsa-jcs-2019", False, _EC),
        Cryptosuite(ecdsa_sd_2023.NAME, True, frozenset({"P-256"})),
    )
}
_LEGACY: Final = Cryptosuite(ED25519_2020, True, _ED)


def suite_of(proof: Mapping[str, Any]) -> Cryptosuite:
    """The cryptosuite of a proof; UnsupportedProof for one that is not known here."""
    if proof.get("type") == ED25519_2020:
        return _LEGACY
    if proof.get("type") != PROOF_TYPE:
        raise UnsupportedProof(
            f"Proofs of type {str(proof.get('type'))[:60]!r} are not supported.", field="proof.type"
        )
    name = proof.get("cryptosuite")
    found = CRYPTOSUITES.get(name) if isinstance(name, str) else None
    if found is None:
        raise UnsupportedProof(
            f"The cryptosuite {str(name)[:60]!r} is not supported.", field="proof.cryptosuite"
        )
    return found


def hash_data(
    document: Mapping[str, Any],
    proof_options: Mapping[str, Any],
    *,
    kind: Kind = "Ed25519",
    extra_contexts: ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> bytes:
    """Return the bytes that are signed: hash of the proof options, then hash of the document.

    64 bytes, or 96 with a key of P-384, which hashes by SHA-384 throughout. ``document`` is without the proof
    (but with those that it builds on), ``proof_options`` without ``proofValue``. For an RDF suite the options
    take the document's contexts, or ``created`` would vanish from what is signed (section 3.2.5).
    """
    suite = suite_of(proof_options)
    if suite.name == ecdsa_sd_2023.NAME:
        raise ProofError(
            f"{suite.name} signs single statements, by functions of its own.", field="cryptosuite"
        )
    if kind not in suite.kinds:
        raise BadSignature(f"{suite.name} is not made with a key of kind {kind}.", field="proof.cryptosuite")
    digest = hashlib.sha384 if kind == "P-384" else hashlib.sha256
    if not suite.rdf:
        return digest(jcs.canonicalize(proof_options)).digest() + digest(jcs.canonicalize(document)).digest()
    options = {"@context": None, **proof_options}
    options["@context"] = document.get("@context")

    def hashed(part: Mapping[str, Any]) -> bytes:
        text = jsonld.canonical_bytes(
            part,
            extra_contexts=extra_contexts,
            json_limits=json_limits,
            rdfc_limits=rdfc_limits,
            hash_name="sha384" if kind == "P-384" else "sha256",
        )
        return digest(text).digest()

    key = _key_of(options) if extra_contexts is None and kind != "P-384" else None
    first = _options_hashes.get(key) if key is not None else None
    if first is None:
        first = hashed(options)
        if key is not None:
            if len(_options_hashes) >= _MOST_OPTIONS:
                _options_hashes.clear()
            _options_hashes[key] = first
    return first + hashed(document)


#: Hashes of proof options: those of credentials that were signed together are alike.
_options_hashes: dict[bytes, bytes] = {}
_MOST_OPTIONS: Final = 256


def _key_of(options: Mapping[str, Any]) -> bytes | None:
    """Proof options as exact text; None for those that are no plain JSON, or larger than such options are."""
    try:
        key = orjson.dumps(options)
    except (TypeError, ValueError):
        return None
    return key if len(key) <= 2_000 else None


def sign(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str = "eddsa-rdfc-2022",
    kind: Kind = "Ed25519",
    proof_purpose: str = "assertionMethod",
    proof_id: str | None = None,
    previous: str | Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    extra_contexts: ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return a copy of the document with its proof as last member.

    ``signer`` takes the bytes of :func:`hash_data` and returns the signature (64 bytes; 96 for P-384, r and s
    side by side). ``created`` is an aware datetime. A second proof is added to a document that carries one
    only when ``previous`` names those that it builds on, or is an empty list for a proof beside the others.
    ``options`` are further members of the proof: ``domain``, ``challenge``, ``expires``, ``nonce``.
    With Ed25519 the same input always gives the same output. Raises Malformed if the document does not pass
    safe mode, ProofError if it carries a proof already.
    """
    existing = _proofs(document)
    if existing and previous is None:
        raise ProofError("The document carries a proof already.", field="proof")
    unsecured = dict(document)
    unsecured.pop("proof", None)
    proof: dict[str, Any] = {"type": PROOF_TYPE}
    if proof_id is not None:
        proof["id"] = proof_id
    proof |= {
        "cryptosuite": cryptosuite,
        "created": format_instant(created),
        "verificationMethod": verification_method,
        "proofPurpose": proof_purpose,
    }
    proof |= options or {}
    if previous:
        proof["previousProof"] = previous if isinstance(previous, str) else list(previous)
    if not suite_of(proof).rdf and "@context" in document:
        proof["@context"] = document["@context"]
        # What JSON-LD would drop may not be signed by a suite that does not look.
        jsonld.canonicalize(unsecured, extra_contexts=extra_contexts)
    secured = _with_previous(unsecured, proof, existing)
    signature = signer(hash_data(secured, proof, kind=kind, extra_contexts=extra_contexts))
    wanted = 96 if kind == "P-384" else 64
    if len(signature) != wanted:
        raise ProofError(f"The signer did not return a signature of {wanted} bytes.")
    proof["proofValue"] = multibase.encode(signature)
    return {**unsecured, "proof": [*existing, proof] if existing else proof}


def check_options(proof: Mapping[str, Any], proof_purpose: str = "assertionMethod") -> None:
    """Raise UnsupportedProof or Malformed unless the proof is one that :func:`verify` can check."""
    suite_of(proof)
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
    public_key: PublicKey,
    proof: Mapping[str, Any] | None = None,
    proof_purpose: str = "assertionMethod",
    extra_contexts: ExtraContexts | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
) -> None:
    """Return if the proof fits the document and the public key; raise otherwise.

    ``proof`` chooses one of several (default: the only one). A proof that builds on others
    (``previousProof``) covers them; that they hold themselves is for the caller to check. Says nothing about
    whose key it is: that is the business of :mod:`guildmark.protocol.verify`. Raises BadSignature,
    UnsupportedProof, Malformed, UndefinedTerm or UnknownContext.
    """
    chosen = document.get("proof") if proof is None else proof
    if not isinstance(chosen, Mapping):
        raise ProofError("The document has no single proof.", field="proof")
    check_options(chosen, proof_purpose)
    suite = suite_of(chosen)
    unsecured = dict(document)
    unsecured.pop("proof", None)
    if suite.name == ecdsa_sd_2023.NAME:
        ecdsa_sd_2023.verify(
            unsecured,
            chosen,
            public_key=public_key,
            extra_contexts=extra_contexts,
            json_limits=json_limits,
            rdfc_limits=rdfc_limits,
        )
        return
    try:
        signature = multibase.decode(chosen["proofValue"], allowed="z")
    except Malformed as error:
        raise BadSignature(
            f"The proofValue is no signature: {error.reason}", field="proof.proofValue"
        ) from error
    options = dict(chosen)
    del options["proofValue"]
    if not suite.rdf:
        # Safe mode holds for every document, whatever the suite looks at (Open Badges 3.0, section 8.1).
        jsonld.canonicalize(
            unsecured, extra_contexts=extra_contexts, json_limits=json_limits, rdfc_limits=rdfc_limits
        )
        unsecured = _with_signed_contexts(unsecured, options)
    message = hash_data(
        _with_previous(unsecured, chosen, _proofs(document)),
        options,
        kind=public_key.kind,
        extra_contexts=extra_contexts,
        json_limits=json_limits,
        rdfc_limits=rdfc_limits,
    )
    public_key.verify(signature, message)


def previous_of(proof: Mapping[str, Any]) -> list[str]:
    """The ids of the proofs that a proof builds on; Malformed if they are no texts."""
    if "previousProof" not in proof:
        return []
    named = proof["previousProof"]
    named = named if isinstance(named, list) else [named]
    if not all(isinstance(one, str) for one in named):
        raise Malformed("previousProof must name proofs by their ids.", field="proof.previousProof")
    return named


def _proofs(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = document.get("proof", [])
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, Mapping)]


def _with_previous(
    unsecured: Mapping[str, Any], proof: Mapping[str, Any], all_proofs: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The document with the proofs that this one builds on (Data Integrity 1.0, section 4.3)."""
    named = previous_of(proof)
    if not named:
        return unsecured
    matching = [one for one in all_proofs if one.get("id") in named]
    if len({one.get("id") for one in matching}) != len(set(named)):
        raise BadSignature("The proof builds on another that is not there.", field="proof.previousProof")
    return {**unsecured, "proof": matching}


def _with_signed_contexts(unsecured: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """A JCS proof that names contexts covers those, which must open the document's list (section 3.3.2)."""
    if "@context" not in options:
        return unsecured
    signed, present = _as_list(options["@context"]), _as_list(unsecured.get("@context"))
    if present[: len(signed)] != signed:
        raise BadSignature("The document begins with other contexts than the proof covers.", field="@context")
    return {**unsecured, "@context": options["@context"]}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
