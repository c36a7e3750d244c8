"""The state of one verification: what was asked, what was found, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guildmark.protocol import strict_json
from guildmark.protocol.canonical.rdfc import RdfcLimits
from guildmark.protocol.errors import Malformed, NotAvailable
from guildmark.protocol.policy import OPEN_BADGES_STRICT, Effect, Policy
from guildmark.protocol.proofs import jose
from guildmark.protocol.proofs.merkle_proof_2019 import AnchorLookup
from guildmark.protocol.report import (
    CHECKS,
    CREDENTIALS,
    Check,
    DocumentLoader,
    Finding,
    Outcome,
    Report,
    Verdict,
    weigh,
)
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.trust import TrustFile


@dataclass(frozen=True, slots=True)
class VerifyLimits:
    """Bounds on what is read: the file, the JSON in it, the JSON of fetched documents, and the RDF."""

    file_bytes: int = 20_000_000
    json: JsonLimits = field(default_factory=JsonLimits)
    fetched: JsonLimits = field(default_factory=lambda: JsonLimits(bytes=16_000_000))
    rdfc: RdfcLimits = field(default_factory=RdfcLimits)


@dataclass(slots=True)
class Run:
    """One verification. Each step writes its checks, and the findings that decide the verdict.

    ``token`` is set when the credential came as a signed token; ``endorsed`` when the document is an
    endorsement inside another, whose own endorsements are not followed; ``held`` when it is a credential
    inside a learner record. ``contained`` are the reports on the credentials inside this one.
    """

    loader: DocumentLoader
    now: datetime
    at: datetime | None
    trust: TrustFile | None
    limits: VerifyLimits
    policy: Policy = OPEN_BADGES_STRICT
    anchors: AnchorLookup | None = None
    endorsed: bool = False
    checks: dict[str, Check] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    superseded_by: str | None = None
    token: jose.Token | None = None
    held: bool = False
    contained: tuple[Report, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether the policy has a check run at all."""
        return self.policy.effect(name) is not Effect.NOT_RUN

    def note(
        self,
        name: str,
        outcome: Outcome,
        detail: str,
        verdict: Verdict | None = None,
        *,
        reached: bool = True,
    ) -> None:
        """Write down what a check found, and the verdict that it speaks for.

        Where the policy says so a failure is a warning. What failed or warned does not pass afterwards,
        as when the second of two proofs holds.
        """
        if verdict is not None:
            self.findings.append(Finding(name, verdict))
        if outcome is Outcome.FAILED and self.policy.effect(name) is Effect.WARNS:
            outcome = Outcome.WARNING
        known = self.checks.get(name)
        if outcome is Outcome.PASSED and known and known.outcome in (Outcome.FAILED, Outcome.WARNING):
            return
        self.checks[name] = Check(name, outcome, detail, reached)

    def passed(self, name: str, detail: str) -> None:
        self.note(name, Outcome.PASSED, detail)

    def failed(self, name: str, detail: str, verdict: Verdict | None = None) -> None:
        self.note(name, Outcome.FAILED, detail, verdict)

    @property
    def distrusted(self) -> bool:
        """Whether what the document says cannot be taken as the issuer's word."""
        return weigh(self.findings, self.policy) in (
            Verdict.MALFORMED,
            Verdict.CANNOT_TELL,
            Verdict.TAMPERED,
            Verdict.UNKNOWN_ISSUER,
        )

    def inner(self) -> Run:
        """A run of its own for a document inside this one; its issuer need not be in the trust file."""
        return Run(
            self.loader, self.now, self.at, self.trust, self.limits, self.policy, self.anchors, endorsed=True
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

    def report(self, document: dict[str, Any] | None) -> Report:
        """Every check in its order, those not reached among them, and the verdict that wins."""
        for name in CHECKS:
            why = "An earlier check failed." if self.wants(name) else "The policy does not ask for it."
            self.checks.setdefault(name, Check(name, Outcome.NOT_CHECKED, why, reached=False))
        verdict = weigh(self.findings, self.policy)
        names = (*CHECKS, CREDENTIALS) if CREDENTIALS in self.checks else CHECKS
        return Report(
            verdict,
            tuple(self.checks[name] for name in names),
            document,
            self.at or self.now,
            self.superseded_by if verdict is Verdict.SUPERSEDED else None,
            self.policy,
            tuple(self.findings),
            self.contained,
        )
