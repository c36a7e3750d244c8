"""The signature over the document (check "proof"), of whichever kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from guildmark.protocol.canonical import jsonld
from guildmark.protocol.errors import (
    BadSignature,
    KeyNotBound,
    Malformed,
    NotAvailable,
    ProofError,
    ProtocolError,
    StatusError,
    StatusListExpired,
    StatusListTampered,
    StatusListUnavailable,
    StatusListWrongType,
    UndefinedTerm,
    UnknownContext,
    UnsupportedProof,
)
from guildmark.protocol.policy import Effect
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.proofs import ecdsa_sd_2023, jose
from guildmark.protocol.proofs import merkle_proof_2019 as merkle
from guildmark.protocol.report import Finding, Outcome, Verdict
from guildmark.protocol.times import parse_instant
from guildmark.protocol.verify.anchoring import check_anchored
from guildmark.protocol.verify.binding import bound_key, proof_key, token_key
from guildmark.protocol.verify.conformance import refuse_disguise
from guildmark.protocol.verify.reading import issuer_of, walk
from guildmark.protocol.verify.run import Run

_MAX_PROOFS = 4
#: How far the clock of a signer may be ahead.
_CLOCK_SKEW = timedelta(minutes=5)
_NO_TOKENS = (
    "The document holds endorsementJwt, a term that our copy of the Open Badges context does not have."
)
_UNCHECKED = Finding("proof", Verdict.CANNOT_TELL)


def check_proofs(run: Run, document: Mapping[str, Any]) -> None:
    """Check the token, or every embedded proof; one that holds is enough."""
    if run.token is not None:
        if _check_token(run, document, run.token) is Outcome.NOT_CHECKED:
            run.findings.append(_UNCHECKED)
        return
    proofs = document.get("proof", [])
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if not proofs or len(proofs) > _MAX_PROOFS or not all(isinstance(one, Mapping) for one in proofs):
        run.failed("proof", "The credential carries no proof that can be checked.", Verdict.CANNOT_TELL)
        return
    outcomes = [_check_proof(run, document, proof) for proof in proofs]
    # Of a set one proof that holds is enough; a link of a chain is worth what it builds on.
    pairs = list(zip(proofs, outcomes, strict=True))
    unchecked = {str(proof.get("id")) for proof, outcome in pairs if outcome is Outcome.NOT_CHECKED}
    if not any(
        outcome is Outcome.FAILED
        or (outcome is Outcome.PASSED and not unchecked.intersection(suite.previous_of(proof)))
        for proof, outcome in pairs
    ):
        run.findings.append(_UNCHECKED)


def _check_proof(run: Run, document: Mapping[str, Any], proof: Mapping[str, Any]) -> Outcome:
    """Check one proof and whose key made it. Not checked: whether it holds cannot be told."""

    def check() -> str:
        if merkle.is_merkle(proof):
            return check_anchored(run, document, proof)
        suite.check_options(proof)
        key = proof_key(run, issuer_of(document), proof["verificationMethod"])
        try:
            suite.verify(
                document,
                public_key=key,
                proof=proof,
                json_limits=run.limits.json,
                rdfc_limits=run.limits.rdfc,
            )
        except UndefinedTerm as error:
            if any("endorsementJwt" in node for node in walk(document)):
                raise UnsupportedProof(_NO_TOKENS, field="endorsementJwt") from error
            raise
        return suite.suite_of(proof).name

    outcome = _attempt(run, check)
    if outcome is not Outcome.PASSED:
        return outcome
    if proof.get("cryptosuite") == ecdsa_sd_2023.NAME and (untold := ecdsa_sd_2023.untold(document)):
        detail = (
            "The signature fits what is shown, which the holder chose. Whether the issuer set "
            f"{' or '.join(untold)} cannot be told."
        )
        run.note("proof", Outcome.WARNING, detail)
    return _check_dates(run, proof)


def _check_dates(run: Run, proof: Mapping[str, Any]) -> Outcome:
    """Whether a proof that holds has not expired (Data Integrity 1.0, section 4.4), and was made by now."""
    if (ended := expiry_passed(run, proof)) is not None:
        run.failed("proof", f"The proof expired on {ended.isoformat()}.", Verdict.EXPIRED)
        return Outcome.FAILED
    # Blockcerts write it without a zone, and nothing covers it.
    if "created" in proof and not merkle.is_merkle(proof):
        created = parse_instant(proof["created"], field="proof.created")
        if created > run.now + _CLOCK_SKEW:
            detail = (
                f"The signature fits, but says it was made on {created.isoformat()}, which is still to come."
            )
            run.note("proof", Outcome.WARNING, detail)
    return Outcome.PASSED


def expiry_passed(run: Run, proof: Mapping[str, Any]) -> datetime | None:
    """The end of a proof that has ended; None otherwise."""
    if "expires" not in proof:
        return None
    ends = parse_instant(proof["expires"], field="proof.expires")
    return ends if ends < (run.at or run.now) else None


def _check_token(run: Run, document: Mapping[str, Any], token: jose.Token) -> Outcome:
    """Check the signature of a token, whose key made it, and that JSON-LD drops nothing of its content."""

    def check() -> str:
        jose.check_signature(token, token_key(run, issuer_of(document), token))
        statements = jose.statements_of(document)
        jsonld.canonicalize(statements, json_limits=run.limits.json, rdfc_limits=run.limits.rdfc)
        return token.algorithm

    return _attempt(run, check)


def _attempt(run: Run, check: Callable[[], str]) -> Outcome:
    """Run one check of a signature and write down what came of it; it returns the name of its kind."""
    try:
        name = check()
    except (UndefinedTerm, UnknownContext) as error:
        undefined = isinstance(error, UndefinedTerm)
        run.failed("safe_mode", error.reason, Verdict.MALFORMED if undefined else Verdict.CANNOT_TELL)
    except UnsupportedProof as error:
        if "proof" not in run.checks:
            run.note("proof", Outcome.NOT_CHECKED, error.reason)
        return Outcome.NOT_CHECKED
    except KeyNotBound as error:
        run.failed("key_binding", error.reason, Verdict.UNKNOWN_ISSUER)
        if run.policy.effect("key_binding") is not Effect.DECIDES:
            # Whoever's key it is: one that its controller does not list for this checks nothing.
            run.failed("proof", error.reason, Verdict.UNKNOWN_ISSUER)
    except NotAvailable as error:
        run.note("key_binding", Outcome.NOT_CHECKED, f"The issuer's keys cannot be had: {error.reason}")
        return Outcome.NOT_CHECKED
    except (BadSignature, ProofError) as error:
        run.failed("proof", error.reason, Verdict.TAMPERED)
    except Malformed as error:
        run.failed("syntax", error.reason, Verdict.MALFORMED)
    else:
        run.passed("safe_mode", "Every part of the document is covered by the signature.")
        run.passed("proof", f"The {name} signature fits the content.")
        return Outcome.PASSED
    return Outcome.FAILED


def check_companion(run: Run, document: Mapping[str, Any], issuer: str) -> None:
    """Check the proof of a document that the same issuer must have signed; StatusError otherwise."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    try:
        if issuer_of(document) != issuer:
            raise StatusListWrongType("The status list is issued by somebody else than the credential.")
        if not isinstance(proof, Mapping):
            raise StatusListTampered("The status list carries no single proof.")
        suite.check_options(proof)
        refuse_disguise(document)
        key = bound_key(run, issuer, proof["verificationMethod"])
        suite.verify(
            document,
            public_key=key,
            proof=proof,
            json_limits=run.limits.fetched,
            rdfc_limits=run.limits.rdfc,
        )
        if (ended := expiry_passed(run, proof)) is not None:
            raise StatusListExpired(f"The proof of the status list expired on {ended.isoformat()}.")
    except NotAvailable as error:
        raise StatusListUnavailable(error.reason) from error
    except StatusError:
        raise
    except ProtocolError as error:
        raise StatusListTampered(f"The proof of the status list fails: {error.reason}") from error
