"""What verification reports: a verdict, separate checks, and the document that was read.

The verdict is the first that applies, in the order of DECISIONS 8; the checks stay separate
results, because verifiers disagree on purpose about what "valid" means (CONTRACTS 2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from guildmark.protocol.errors import NotValid


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

#: Asked for a URL without fragment; gives parsed JSON or raises NotAvailable.
DocumentLoader = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name (see CHECKS), its outcome and a sentence for people."""

    name: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. ``credential`` is the parsed document, or None if unreadable.

    ``superseded_by`` is the id of the corrected credential when the verdict is superseded.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    credential: dict[str, Any] | None
    at: datetime
    superseded_by: str | None = None

    def check(self, name: str) -> Check:
        """Return the check of that name; KeyError if there is none."""
        for item in self.checks:
            if item.name == name:
                return item
        raise KeyError(name)

    def ensure_valid(self) -> None:
        """Raise NotValid unless the verdict is valid and no check failed.

        A wrong recipient or a broken endorsement does not change the verdict on the credential, but
        it is no reason to accept it either.
        """
        failed = [item for item in self.checks if item.outcome is Outcome.FAILED]
        if self.verdict is not Verdict.VALID or failed:
            reason = failed[0].detail if failed else f"The verdict is {self.verdict.value}."
            raise NotValid(reason, field=failed[0].name if failed else None)

    def as_dict(self) -> dict[str, Any]:
        """Return the shape that ``guildmark verify --json`` prints (CONTRACTS 1)."""
        return {
            "verdict": self.verdict.value,
            "checks": [
                {"name": item.name, "outcome": item.outcome.value, "detail": item.detail}
                for item in self.checks
            ],
            "credential": self.credential,
        }


#: Exit codes of the command line (DECISIONS 8).
EXIT_CODES: dict[Verdict, int] = dict.fromkeys(Verdict, 1) | {
    Verdict.VALID: 0,
    Verdict.CANNOT_TELL: 2,
    Verdict.MALFORMED: 3,
}
