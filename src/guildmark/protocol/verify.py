"""Verification for outsiders: one document in, one report out (DECISIONS 8 to 12, CONTRACTS 3.3).

No I/O happens here. Whatever has to be fetched (controller documents, status lists, supersession
records) is asked of a ``loader`` that the caller passes in, and a trust file answers before it.
Time limits are the caller's business too: run it in a process that can be killed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guildmark.protocol import did, keys, strict_json
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import (
    BadSignature,
    KeyNotBound,
    Malformed,
    NotAvailable,
    ProofError,
    ProtocolError,
    StatusError,
    StatusListTampered,
    StatusListWrongType,
    UndefinedTerm,
    UnknownContext,
    UnsupportedProof,
)
from guildmark.protocol.openbadges import bake, identity, schemas, supersession
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import (
    CHECKS,
    EXIT_CODES,
    Check,
    DocumentLoader,
    Outcome,
    Report,
    Verdict,
)
from guildmark.protocol.status import bitstring
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.times import parse_instant
from guildmark.protocol.trust import TrustFile

__all__ = [
    "CHECKS",
    "EXIT_CODES",
    "Check",
    "DocumentLoader",
    "Outcome",
    "Report",
    "Verdict",
    "VerifyLimits",
    "offline",
    "verify",
]

#: Which verdict wins (DECISIONS 8). Two of the places are "cannot tell" for different reasons.
_ORDER = (
    (Verdict.MALFORMED, "malformed"),
    (Verdict.CANNOT_TELL, "no_proof_check"),
    (Verdict.TAMPERED, "tampered"),
    (Verdict.UNKNOWN_ISSUER, "unknown_issuer"),
    (Verdict.REVOKED, "revoked"),
    (Verdict.SUSPENDED, "suspended"),
    (Verdict.SUPERSEDED, "superseded"),
    (Verdict.CANNOT_TELL, "no_status"),
    (Verdict.NOT_YET_VALID, "not_yet_valid"),
    (Verdict.EXPIRED, "expired"),
)
_MAX_PROOFS = 4
_MAX_STATUS_ENTRIES = 8
_MAX_ENDORSEMENTS = 8


@dataclass(frozen=True, slots=True)
class VerifyLimits:
    """Bounds on what is read: the file, the JSON in it, the JSON of fetched documents, and the RDF."""

    file_bytes: int = 20_000_000
    json: JsonLimits = field(default_factory=JsonLimits)
    fetched: JsonLimits = field(default_factory=lambda: JsonLimits(bytes=16_000_000))
    rdfc: RdfcLimits = field(default_factory=RdfcLimits)


def offline(url: str) -> Mapping[str, Any]:
    """A loader that has nothing: for verification with a trust file alone."""
    raise NotAvailable(f"{url} was not fetched: verification is offline.")


def verify(
    source: bytes | str | Mapping[str, Any],
    *,
    loader: DocumentLoader,
    now: datetime,
    at: datetime | None = None,
    trust: TrustFile | None = None,
    limits: VerifyLimits | None = None,
    recipient_email: str | None = None,
) -> Report:
    """Verify a credential given as JSON, as parsed JSON, as a token, or baked into a PNG, SVG or PDF.

    ``now`` is the time of the check, aware. ``at`` asks about another date: it shifts the validity
    period only, and the status is then "not checked". ``loader`` gives parsed JSON for a URL
    without fragment or raises NotAvailable. Never raises for what the document holds: every
    outcome is in the report.
    """
    run = _Run(loader, now, at, trust, limits or VerifyLimits())
    return run.report(source, recipient_email)


class _Run:
    """The state of one verification. Each step writes its checks and the flags that decide."""

    def __init__(
        self,
        loader: DocumentLoader,
        now: datetime,
        at: datetime | None,
        trust: TrustFile | None,
        limits: VerifyLimits,
        *,
        endorsed: bool = False,
    ) -> None:
        self.loader, self.now, self.at, self.trust, self.limits = loader, now, at, trust, limits
        self.endorsed = endorsed
        self.checks: dict[str, Check] = {}
        self.flags: set[str] = set()
        self.superseded_by: str | None = None
        self.token: jose.Token | None = None

    # -- bookkeeping ---------------------------------------------------------------------------

    def note(self, name: str, outcome: Outcome, detail: str, flag: str | None = None) -> None:
        self.checks[name] = Check(name, outcome, detail)
        if flag:
            self.flags.add(flag)

    def passed(self, name: str, detail: str) -> None:
        self.note(name, Outcome.PASSED, detail)

    def failed(self, name: str, detail: str, flag: str | None = None) -> None:
        self.note(name, Outcome.FAILED, detail, flag)

    def report(self, source: bytes | str | Mapping[str, Any], recipient_email: str | None) -> Report:
        document = self.read(source)
        if document is not None and self.conforms(document):
            self.check_issuer(document)
            self.check_proofs(document)
            self.check_status(document)
            self.check_validity(document)
            self.check_recipient(document, recipient_email)
            self.check_endorsements(document)
        for name in CHECKS:
            self.checks.setdefault(name, Check(name, Outcome.NOT_CHECKED, "An earlier check failed."))
        verdict = next((verdict for verdict, flag in _ORDER if flag in self.flags), Verdict.VALID)
        return Report(
            verdict,
            tuple(self.checks[name] for name in CHECKS),
            document,
            self.at or self.now,
            self.superseded_by if verdict is Verdict.SUPERSEDED else None,
        )

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Ask the trust file, then the loader; NotAvailable if neither has the document."""
        document = self.trust.get(url) if self.trust else None
        if document is None:
            document = self.loader(url)
        if not isinstance(document, Mapping):
            raise NotAvailable(f"{url} is not a JSON object.")
        try:
            strict_json.check_values(document, self.limits.fetched)
        except Malformed as error:
            raise NotAvailable(f"{url} cannot be read: {error.reason}") from error
        return document

    # -- syntax, model -------------------------------------------------------------------------

    def read(self, source: bytes | str | Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            if isinstance(source, Mapping):
                strict_json.check_values(source, self.limits.json)
                document = dict(source)
            else:
                data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
                text = bake.extract(data, max_bytes=self.limits.file_bytes)
                if bake.is_jws(text):
                    self.token = jose.parse(text, self.limits.json)
                    document = jose.credential_of(self.token)
                else:
                    document = strict_json.load_object(text, self.limits.json)
        except UnsupportedProof as error:
            self.passed("syntax", "This is a signed token (VC-JWT).")
            self.note("proof", Outcome.NOT_CHECKED, error.reason, "no_proof_check")
            return None
        except ProtocolError as error:
            self.failed("syntax", error.reason, "malformed")
            return None
        what = "a signed token (VC-JWT)" if self.token else "readable JSON"
        self.passed("syntax", f"The file is {what}.")
        return document

    def conforms(self, document: dict[str, Any]) -> bool:
        found = schemas.violations(document)
        if found:
            first = found[0]
            self.failed("schema", f"{first.path or 'The document'}: {first.message}", "malformed")
            return False
        model = schemas.model_of(document)
        self.passed("schema", f"Checked against our model of the {model}.")
        try:
            _refuse_disguise(document)
        except UnknownContext as error:
            self.failed("safe_mode", error.reason, "no_proof_check")
            return False
        except Malformed as error:
            self.failed("safe_mode", error.reason, "malformed")
            return False
        return True

    # -- issuer, key, proof --------------------------------------------------------------------

    def check_issuer(self, document: Mapping[str, Any]) -> None:
        issuer = issuer_of(document)
        if self.trust is None:
            self.note(
                "issuer_trust", Outcome.NOT_CHECKED, "Issuer trust: not checked, no trust file was given."
            )
        elif self.trust.lists_issuer(issuer):
            self.passed("issuer_trust", f"The trust file lists {issuer}.")
        else:
            self.failed("issuer_trust", f"The trust file does not list {issuer}.", "unknown_issuer")

    def controller_document(self, controller: str) -> Mapping[str, Any]:
        known = self.trust.get(controller) if self.trust else None
        if known is not None:
            return known
        url = did.document_url(controller)
        return keys.did_key_document(controller) if url is None else self.fetch(url)

    def check_proofs(self, document: Mapping[str, Any]) -> None:
        if self.token is not None:
            if self.check_token(document, self.token) is Outcome.NOT_CHECKED:
                self.flags.add("no_proof_check")
            return
        proofs = document.get("proof", [])
        proofs = proofs if isinstance(proofs, list) else [proofs]
        if not proofs or len(proofs) > _MAX_PROOFS:
            self.failed("proof", "The credential carries no proof that can be checked.", "no_proof_check")
            return
        outcomes = [self.check_proof(document, proof) for proof in proofs]
        # Of a set one proof that holds is enough; a link of a chain is worth what it builds on.
        pairs = list(zip(proofs, outcomes, strict=True))
        unchecked = {str(proof.get("id")) for proof, outcome in pairs if outcome is Outcome.NOT_CHECKED}
        if not any(
            outcome is Outcome.FAILED or (outcome is Outcome.PASSED and not unchecked & _builds_on(proof))
            for proof, outcome in pairs
        ):
            self.flags.add("no_proof_check")

    def check_proof(self, document: Mapping[str, Any], proof: Mapping[str, Any]) -> Outcome:
        """Check one proof and whose key made it. Not checked: whether it holds cannot be told."""

        def check() -> str:
            suite.check_options(proof)
            key = self.bound_key(issuer_of(document), proof["verificationMethod"])
            suite.verify(
                document,
                public_key=key,
                proof=proof,
                json_limits=self.limits.json,
                rdfc_limits=self.limits.rdfc,
            )
            return suite.suite_of(proof).name

        return self.attempt(check)

    def check_token(self, document: Mapping[str, Any], token: jose.Token) -> Outcome:
        """Check the signature of a token, whose key made it, and that JSON-LD drops nothing of its content."""

        def check() -> str:
            jose.check_signature(token, self.token_key(issuer_of(document), token))
            unsecured = {key: value for key, value in document.items() if key != "proof"}
            jsonld.canonicalize(unsecured, json_limits=self.limits.json, rdfc_limits=self.limits.rdfc)
            return token.algorithm

        return self.attempt(check)

    def attempt(self, check: Callable[[], str]) -> Outcome:
        """Run one check of a signature and write down what came of it; it returns the name of its kind."""
        try:
            name = check()
        except (UndefinedTerm, UnknownContext) as error:
            flag = "malformed" if isinstance(error, UndefinedTerm) else "no_proof_check"
            self.failed("safe_mode", error.reason, flag)
        except UnsupportedProof as error:
            if "proof" not in self.checks:
                self.note("proof", Outcome.NOT_CHECKED, error.reason)
            return Outcome.NOT_CHECKED
        except KeyNotBound as error:
            self.failed("key_binding", error.reason, "unknown_issuer")
        except NotAvailable as error:
            self.note("key_binding", Outcome.NOT_CHECKED, f"The issuer's keys cannot be had: {error.reason}")
            return Outcome.NOT_CHECKED
        except (BadSignature, ProofError) as error:
            self.failed("proof", error.reason, "tampered")
        except Malformed as error:
            self.failed("syntax", error.reason, "malformed")
        else:
            self.passed("safe_mode", "Every part of the document is covered by the signature.")
            self.passed("proof", f"The {name} signature fits the content.")
            self.passed("key_binding", "The issuer lists the key for making statements.")
            return Outcome.PASSED
        return Outcome.FAILED

    def token_key(self, issuer: str, token: jose.Token) -> keys.PublicKey:
        """The key that a token names, if the issuer lists it; KeyNotBound otherwise.

        A key that the token carries (``jwk``), or that an address serves (``kid``), proves nothing by itself.
        """
        kid, jwk = token.header.get("kid"), token.header.get("jwk")
        if isinstance(kid, str) and (kid.startswith("did:") or kid.split("#", 1)[0] == issuer):
            return self.bound_key(issuer, kid)
        if jwk is None:
            if not isinstance(kid, str):
                raise UnsupportedProof("The token names no key.", field="kid")
            if did.document_url(kid) is None:
                raise UnsupportedProof(f"{kid[:120]!r} cannot be looked up.", field="kid")
            jwk = self.fetch(kid)
        key = keys.from_jwk(jwk)
        listed = did.assertion_methods(self.controller_document(issuer), issuer)
        if all(method.key != key for method in listed):
            raise KeyNotBound("The issuer does not list the key of the token for making statements.")
        return key

    def bound_key(self, issuer: str, method: str) -> keys.PublicKey:
        """Return the key of a verification method that the issuer lists; KeyNotBound otherwise.

        A key that stands in the fragment of the address proves nothing by itself: anybody can put
        his own key behind somebody else's address.
        """
        controller = method.split("#", 1)[0]
        if controller != issuer:
            raise KeyNotBound(f"The key belongs to {controller[:120]}, not to the issuer {issuer[:120]}.")
        if controller.startswith("did:key:") and "#" not in method:
            method = f"{method}#{method.removeprefix('did:key:')}"
        try:
            document = self.controller_document(controller)
            found = did.find_assertion_method(document, method, controller)
        except Malformed as error:
            raise KeyNotBound(f"The issuer's key document is not usable: {error.reason}") from error
        self.passed("key_binding", "The issuer lists the key for making statements.")
        return found.key

    # -- status --------------------------------------------------------------------------------

    def check_status(self, document: Mapping[str, Any]) -> None:
        entries = document.get("credentialStatus", [])
        entries = entries if isinstance(entries, list) else [entries]
        if not entries:
            self.note("status", Outcome.NOT_CHECKED, "The credential names no status list.")
        elif self.at is not None and self.at != self.now:
            self.note("status", Outcome.NOT_CHECKED, "The status at another date is not known.")
        elif self.flags & {"no_proof_check", "tampered", "unknown_issuer", "malformed"}:
            self.note("status", Outcome.NOT_CHECKED, "The status of what cannot be trusted says nothing.")
        else:
            self.read_status(document, entries)

    def read_status(self, document: Mapping[str, Any], entries: list[Any]) -> None:
        problem: StatusError | None = None
        raised: list[str] = []
        if len(entries) > _MAX_STATUS_ENTRIES:
            problem = StatusError("The credential names too many status lists.")
        for raw in entries[:_MAX_STATUS_ENTRIES]:
            try:
                entry = bitstring.parse_entry(raw)
                if self.status_bit(issuer_of(document), entry):
                    raised.append(entry.purpose)
            except StatusError as error:
                problem = problem or error
        if "revocation" in raised:
            self.superseded_by = self.find_supersession(document)
            flag = "superseded" if self.superseded_by else "revoked"
            detail = f"Replaced by {self.superseded_by}." if self.superseded_by else "The issuer revoked it."
            self.failed("status", detail, flag)
        if "suspension" in raised:
            self.flags.add("suspended")
            if "revocation" not in raised:
                self.failed("status", "The issuer suspended it.")
        if "status" in self.checks:
            return
        if problem is not None:
            self.note("status", Outcome.NOT_CHECKED, problem.reason, "no_status")
        elif raised:
            self.note("status", Outcome.WARNING, f"The issuer set: {', '.join(sorted(set(raised)))}.")
        else:
            self.passed("status", "Neither revoked nor suspended.")

    def status_bit(self, issuer: str, entry: bitstring.StatusEntry) -> bool:
        """Read one bit from a list whose own proof, issuer and dates were checked."""
        try:
            document = self.fetch(entry.list_url)
        except NotAvailable as error:
            raise StatusError(f"The status list cannot be had: {error.reason}") from error
        bitstring.check_list(document, now=self.now)
        self.check_companion(document, issuer)
        return bitstring.read_entry(document, entry, now=self.now)

    def check_companion(self, document: Mapping[str, Any], issuer: str) -> None:
        """Check the proof of a document that the same issuer must have signed; StatusError otherwise."""
        proof = document.get("proof")
        try:
            if issuer_of(document) != issuer:
                raise StatusListWrongType("The status list is issued by somebody else than the credential.")
            if not isinstance(proof, Mapping):
                raise StatusListTampered("The status list carries no single proof.")
            suite.check_options(proof)
            _refuse_disguise(document)
            key = self.bound_key(issuer, proof["verificationMethod"])
            suite.verify(
                document, public_key=key, json_limits=self.limits.fetched, rdfc_limits=self.limits.rdfc
            )
        except NotAvailable as error:
            raise StatusError(error.reason) from error
        except StatusError:
            raise
        except ProtocolError as error:
            raise StatusListTampered(f"The proof of the status list fails: {error.reason}") from error

    def find_supersession(self, document: Mapping[str, Any]) -> str | None:
        """Return the id of the credential that took this one's place, if a signed record says so."""
        credential_id = document.get("id")
        if not isinstance(credential_id, str):
            return None
        try:
            record_document = self.fetch(supersession.record_url(credential_id))
            if schemas.violations(record_document, model="EndorsementCredential"):
                return None
            self.check_companion(record_document, issuer_of(document))
            record = supersession.read_record(record_document)
        except ProtocolError:
            return None
        return record.new_id if record.old_id == credential_id and record.since <= self.now else None

    # -- validity, recipient, endorsements -----------------------------------------------------

    def check_validity(self, document: Mapping[str, Any]) -> None:
        at = self.at or self.now
        try:
            start = _instant(document, "validFrom", "issuanceDate")
            end = _instant(document, "validUntil", "expirationDate")
        except Malformed as error:
            self.failed("validity", error.reason, "malformed")
            return
        if start is not None and at < start:
            self.failed("validity", f"Not valid before {start.isoformat()}.", "not_yet_valid")
        elif end is not None and at > end:
            self.failed("validity", f"Valid until {end.isoformat()} only.", "expired")
        else:
            self.passed("validity", f"Within its validity period on {at.date().isoformat()}.")

    def check_recipient(self, document: Mapping[str, Any], email: str | None) -> None:
        if email is None:
            self.note("recipient", Outcome.NOT_CHECKED, "No recipient was asked for.")
            return
        match = identity.email_matches(document, email)
        if match:
            self.passed("recipient", "The credential was given to this address.")
        else:
            what = "names no e-mail address" if match is None else "was given to another address"
            self.failed("recipient", f"The credential {what}.")

    def check_endorsements(self, document: Mapping[str, Any]) -> None:
        found = list(_endorsements(document))
        if not found or self.endorsed:
            self.note("endorsements", Outcome.NOT_CHECKED, "The credential carries no endorsements.")
            return
        if len(found) > _MAX_ENDORSEMENTS:
            self.note("endorsements", Outcome.WARNING, "Too many endorsements to check.")
            return
        verdicts = []
        for endorsement in found:
            run = _Run(self.loader, self.now, self.at, None, self.limits, endorsed=True)
            verdicts.append(run.report(endorsement, None).verdict)
        bad = sorted({verdict.value for verdict in verdicts if verdict is not Verdict.VALID})
        if bad:
            self.failed("endorsements", f"Not every endorsement is valid: {', '.join(bad)}.")
        else:
            self.passed("endorsements", f"All {len(verdicts)} endorsements are valid.")


def _builds_on(proof: Mapping[str, Any]) -> set[str]:
    """The ids of the proofs that a proof which holds builds on."""
    return set(suite.previous_of(proof))


def issuer_of(document: Mapping[str, Any]) -> str:
    """Return the id of the issuer, or an empty text."""
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else ""


def _instant(document: Mapping[str, Any], *fields: str) -> datetime | None:
    for name in fields:
        if name in document:
            return parse_instant(document[name], field=name)
    return None


def _walk(value: Any) -> Iterator[Mapping[str, Any]]:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _endorsements(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for node in _walk(document):
        entries = node.get("endorsement", [])
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, Mapping):
                yield entry


def _refuse_disguise(document: Mapping[str, Any]) -> None:
    """Refuse what keeps the signature and changes what a reader of the JSON sees.

    A signature covers statements, not keys. Whoever holds a credential could write a key as its
    full address, rename it by a context of his own, or move it to a second node with the same id:
    the proof would hold, and the expiry or the status would be gone for everyone who reads JSON.
    """
    own_id = document.get("id")
    for node in _walk(document):
        local = node.get("@context", [])
        if any(not isinstance(item, str) for item in (local if isinstance(local, list) else [local])):
            raise UnknownContext(
                "The document defines terms of its own, which could hide what was signed.", field="@context"
            )
        for key in node:
            if ":" in key or (key.startswith("@") and key not in ("@context", "@value", "@language")):
                raise Malformed(f"The key {key[:80]!r} is not a plain term.", field=key[:80])
        if node is not document and own_id is not None and own_id in (node.get("id"), node.get("@id")):
            raise Malformed("Two parts of the document claim to be the credential.", field="id")
