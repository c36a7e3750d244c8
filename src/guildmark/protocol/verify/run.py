"""The state of one verification: what was asked, what was found, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guildmark.protocol import strict_json
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import Malformed, NotAvailable
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import CHECKS, Check, DocumentLoader, Outcome, Report, Verdict
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.trust import TrustFile

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


@dataclass(frozen=True, slots=True)
class VerifyLimits:
    """Bounds on what is read: the file, the JSON in it, the JSON of fetched documents, and the RDF."""

    file_bytes: int = 20_000_000
    json: JsonLimits = field(default_factory=JsonLimits)
    fetched: JsonLimits = field(default_factory=lambda: JsonLimits(bytes=16_000_000))
    rdfc: RdfcLimits = field(default_factory=RdfcLimits)


@dataclass(slots=True)
class Run:
    """One verification. Each step writes its checks, and the flags that decide the verdict.

    ``token`` is set when the credential came as a signed token; ``endorsed`` when the document is an
    endorsement inside another, whose own endorsements are not followed.
    """

    loader: DocumentLoader
    now: datetime
    at: datetime | None
    trust: TrustFile | None
    limits: VerifyLimits
    endorsed: bool = False
    checks: dict[str, Check] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    superseded_by: str | None = None
    token: jose.Token | None = None

    def note(self, name: str, outcome: Outcome, detail: str, flag: str | None = None) -> None:
        """Write down what a check found, and the flag that goes with it."""
        self.checks[name] = Check(name, outcome, detail)
        if flag:
            self.flags.add(flag)

    def passed(self, name: str, detail: str) -> None:
        self.note(name, Outcome.PASSED, detail)

    def failed(self, name: str, detail: str, flag: str | None = None) -> None:
        self.note(name, Outcome.FAILED, detail, flag)

    def inner(self) -> Run:
        """A run of its own for a document inside this one; it is not asked to be in the trust file."""
        return Run(self.loader, self.now, self.at, None, self.limits, endorsed=True)

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

    def report(self, document: dict[str, Any] | None) -> Report:
        """Every check in its order, those not reached among them, and the verdict that wins."""
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
