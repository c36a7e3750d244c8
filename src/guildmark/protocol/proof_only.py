"""Do the proofs of a document hold? Nothing else is asked: whose key it is, status and dates are for others to judge.

Data Integrity 1.0, sections 4.4 and 4.5. All proofs of a set must hold, and every proof that another builds on
must be there. Conformance suites ask exactly this; a badge that somebody relies on is judged by the verifier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guildmark.protocol import keys
from guildmark.protocol.errors import KeyNotBound, Malformed, ProofError, UnsupportedProof
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.times import parse_instant

#: Gives the public key of a verification method that may be used for a purpose; KeyNotBound otherwise.
KeyOf = Callable[[str, str], keys.PublicKey]
_MAX_PROOFS: Final = 16


@dataclass(frozen=True, slots=True)
class Expected:
    """What the proofs must say: their purpose, and the domain and challenge that were given out, if any."""

    purpose: str = "assertionMethod"
    domain: str | None = None
    challenge: str | None = None


def did_key_of(method: str, purpose: str) -> keys.PublicKey:
    """The key of a did:key (a KeyOf): the fragment must repeat the key, which serves every purpose of signing."""
    controller, _, fragment = method.partition("#")
    multikey = controller.removeprefix("did:key:")
    if not controller.startswith("did:key:"):
        raise UnsupportedProof(f"{controller[:120]!r} cannot be looked up.", field="proof.verificationMethod")
    if fragment != multikey:
        raise KeyNotBound(f"{method[:120]!r} names no key of its DID.", field="proof.verificationMethod")
    if purpose not in ("assertionMethod", "authentication"):
        raise KeyNotBound(f"The key is not there for {purpose[:60]!r}.", field="proof.proofPurpose")
    return keys.decode_multikey(multikey)


def proofs_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs of a document; Malformed if one of them is no object, or there are too many."""
    if "proof" not in document:
        return []
    given = document["proof"]
    found = given if isinstance(given, list) else [given]
    if not found or len(found) > _MAX_PROOFS or not all(isinstance(one, Mapping) for one in found):
        raise Malformed(f"A proof is an object, or a list of 1 to {_MAX_PROOFS} objects.", field="proof")
    return found


def check_proofs(
    document: Mapping[str, Any],
    *,
    key_of: KeyOf,
    now: datetime,
    expected: Expected | None = None,
    extra_contexts: data_integrity.ExtraContexts | None = None,
) -> list[Mapping[str, Any]]:
    """Return the proofs of a document if all of them hold at ``now`` (aware); raise otherwise.

    Raises ProofError and its kinds, Malformed, UndefinedTerm or UnknownContext.
    """
    expected = expected or Expected()
    found = proofs_of(document)
    if not found:
        raise ProofError("The document carries no proof.", field="proof", mend="Secure it first.")
    for proof in found:
        check_one(proof, now=now, expected=expected)
        key = key_of(proof["verificationMethod"], expected.purpose)
        data_integrity.verify(
            document,
            public_key=key,
            proof=proof,
            proof_purpose=expected.purpose,
            extra_contexts=extra_contexts,
        )
    return found


def check_one(proof: Mapping[str, Any], *, now: datetime, expected: Expected) -> None:
    """Check what a proof says of itself: purpose, dates, domain and challenge."""
    data_integrity.check_options(proof, expected.purpose)
    if "expires" in proof and parse_instant(proof["expires"], field="proof.expires") < now:
        raise ProofError("The proof has expired.", field="proof.expires")
    domains = proof.get("domain", [])
    domains = domains if isinstance(domains, list) else [domains]
    if not all(isinstance(one, str) for one in domains):
        raise Malformed("The domain of a proof is a text or a list of texts.", field="proof.domain")
    if expected.domain is not None and expected.domain not in domains:
        raise ProofError("The proof is made for another domain.", field="proof.domain")
    if not isinstance(proof.get("challenge", ""), str):
        raise Malformed("The challenge of a proof is a text.", field="proof.challenge")
    if expected.challenge is not None and proof.get("challenge") != expected.challenge:
        raise ProofError("The proof answers another challenge.", field="proof.challenge")
