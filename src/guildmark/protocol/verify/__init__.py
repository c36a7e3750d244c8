"""Verification for outsiders: one document in, one report out (DECISIONS 8 to 12, CONTRACTS 3.3).

No I/O happens here. Whatever has to be fetched (controller documents, status lists, supersession
records) is asked of a ``loader`` that the caller passes in, and a trust file answers before it.
Time limits are the caller's business too: run it in a process that can be killed.

``kinds`` says which steps a document takes; each step is a module that writes its checks into a ``run``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.policy import OPEN_BADGES_STRICT, Policy
from guildmark.protocol.proofs.merkle_proof_2019 import AnchorLookup
from guildmark.protocol.report import (
    CHECKS,
    EXIT_CODES,
    Check,
    DocumentLoader,
    Outcome,
    Report,
    Verdict,
)
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify.kinds import judge
from guildmark.protocol.verify.run import Run, VerifyLimits

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
    policy: Policy = OPEN_BADGES_STRICT,
    anchors: AnchorLookup | None = None,
) -> Report:
    """Verify a credential given as JSON, as parsed JSON, as a token, or baked into a PNG, SVG or PDF.

    ``now`` is the time of the check, aware. ``at`` asks about another date: it shifts the validity
    period only, and the status is then "not checked". ``loader`` gives parsed JSON for a URL
    without fragment or raises NotAvailable. ``policy`` says which checks decide. ``anchors``
    looks up the transactions of Blockcerts; without it their anchors are not checked. Never raises for what the document holds: every
    outcome is in the report.
    """
    run = Run(loader, now, at, trust, limits or VerifyLimits(), policy, anchors)
    return judge(run, source, recipient_email)
