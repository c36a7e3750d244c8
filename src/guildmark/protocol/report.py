"""What verification reports: a verdict, separate checks, and the document that was read.

The verdict is the first that applies, in the order of DECISIONS 8; the checks stay separate
results, because verifiers disagree on purpose about what "valid" means (CONTRACTS 2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from guildmark.protocol.errors import NotValid
from guildmark.protocol.policy import OPEN_BADGES_STRICT, Effect, Policy


class Verdict(StrEnum):
    """What is said in one word."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    TAMPERED = "tampered"
    UNKNOWN_ISSUER = "unknown_issuer"
    CANNOT_TELL = "cannot_tell"
    MALFORMED = "malformed"


class Outcome(StrEnum):
    """What one check found."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    NOT_CHECKED = "not_checked"


#: The names of the checks, in the order in which they are reported (CONTRACTS 1).
CHECKS = (
    "syntax",
    "schema",
    "safe_mode",
    "proof",
    "key_binding",
    "status",
    "validity",
    "issuer_trust",
    "recipient",
    "endorsements",
)
#: Reported after those where a document holds credentials, as a comprehensive learner record does.
CREDENTIALS = "credentials"


class Served(dict[str, Any]):
    """A document that a loader gives together with the address that served it, after redirects."""

    def __init__(self, document: Mapping[str, Any], served_at: str) -> None:
        super().__init__(document)
        self.served_at = served_at


#: Asked for a URL without fragment; gives parsed JSON (or :class:`Served`) or raises NotAvailable.
DocumentLoader = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name (see CHECKS), its outcome and a sentence for people.

    ``reached`` is false when an earlier failure or the policy kept the check from being run.
    """

    name: str
    outcome: Outcome
    detail: str
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of the credential, if the policy lets it decide."""

    check: str
    verdict: Verdict


#: Which verdict wins (DECISIONS 8). An unreadable status has a place of its own, before the validity period.
_ORDER = (
    Verdict.MALFORMED,
    Verdict.CANNOT_TELL,
    Verdict.TAMPERED,
    Verdict.UNKNOWN_ISSUER,
    Verdict.REVOKED,
    Verdict.SUSPENDED,
    Verdict.SUPERSEDED,
    Verdict.NOT_YET_VALID,
    Verdict.EXPIRED,
)


def weigh(findings: Iterable[Finding], policy: Policy) -> Verdict:
    """The verdict that wins among the findings of the checks that decide under a policy."""
    deciding = [item for item in findings if policy.effect(item.check) is Effect.DECIDES]
    return min(deciding, key=_place).verdict if deciding else Verdict.VALID


def _place(finding: Finding) -> float:
    if finding == Finding("status", Verdict.CANNOT_TELL):
        return _ORDER.index(Verdict.SUPERSEDED) + 0.5
    return _ORDER.index(finding.verdict)


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. ``credential`` is the parsed document, or None if unreadable.

    ``superseded_by`` is the id of the corrected credential when the verdict is superseded. ``policy`` is the
    one that the verdict was given under; ``findings`` are what every check said, whether it decided or not.
    ``contained`` are the reports on the credentials inside, each with a verdict of its own.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    credential: dict[str, Any] | None
    at: datetime
    superseded_by: str | None = None
    policy: Policy = OPEN_BADGES_STRICT
    findings: tuple[Finding, ...] = ()
    contained: tuple[Report, ...] = ()

    def check(self, name: str) -> Check:
        """Return the check of that name; KeyError if there is none."""
        for item in self.checks:
            if item.name == name:
                return item
        raise KeyError(name)

    def ensure_valid(self, policy: Policy | None = None) -> None:
        """Raise NotValid unless the credential is valid under a policy (by default the one of the report).

        A wrong recipient or a broken endorsement does not change the verdict on the credential, but
        where it decides it is no reason to accept it either. A report never answers for a check that was not
        run: another policy may need another verification.
        """
        chosen = policy or self.policy
        for item in self.checks:
            if chosen.effect(item.name) is not Effect.DECIDES:
                continue
            if item.outcome is Outcome.FAILED or (chosen != self.policy and self._only_warned(item)):
                raise NotValid(item.detail, field=item.name)
        verdict = self.verdict if chosen == self.policy else weigh(self.findings, chosen)
        if verdict is not Verdict.VALID:
            raise NotValid(f"The verdict is {verdict.value}.")
        if chosen != self.policy:
            self._ensure_reached(chosen)

    def _only_warned(self, item: Check) -> bool:
        return item.outcome is Outcome.WARNING and self.policy.effect(item.name) is Effect.WARNS

    def _ensure_reached(self, chosen: Policy) -> None:
        for item in self.checks:
            if not item.reached and chosen.effect(item.name) is Effect.DECIDES:
                raise NotValid(
                    f"The report does not answer for the policy {chosen.name}.",
                    field=item.name,
                    mend="Verify again under that policy.",
                )

    def as_dict(self) -> dict[str, Any]:
        """Return the shape that ``guildmark verify --json`` prints (CONTRACTS 1); ``contained`` only where there is any."""
        shape = {
            "verdict": self.verdict.value,
            "checks": [
                {"name": item.name, "outcome": item.outcome.value, "detail": item.detail}
                for item in self.checks
            ],
            "credential": self.credential,
        }
        return shape | ({"contained": [one.as_dict() for one in self.contained]} if self.contained else {})


#: Exit codes of the command line (DECISIONS 8).
EXIT_CODES: dict[Verdict, int] = dict.fromkeys(Verdict, 1) | {
    Verdict.VALID: 0,
    Verdict.CANNOT_TELL: 2,
    Verdict.MALFORMED: 3,
}
