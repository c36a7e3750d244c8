"""What other floors see of verification. Imports no Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildmark.protocol.policy import OPEN_BADGES_STRICT, POLICIES, Policy
from guildmark.protocol.report import CHECKS, EXIT_CODES, Check, Finding, Outcome, Report, Verdict

#: Asked for an address or DID; gives the bytes that this installation serves there, or None if it serves
#: nothing.
OwnDocuments = Callable[[str], bytes | None]

#: Bytes of the largest file that is looked at.
MAX_BYTES = 12_000_000

#: Seconds that one check may take, its fetches included.
SECONDS = 20.0


@dataclass(frozen=True)
class VerifyJob:
    """One check: the bytes and what is to be known about them.

    ``at`` shifts the validity period only (DECISIONS 11). ``trust`` holds the documents of a trust file by
    address or
    DID; with one, an issuer that it does not name is unknown. ``own`` answers for addresses of this
    installation, which
    are never opened by socket (DECISIONS 13); without it they are fetched like any other. ``recipient`` is
    an e-mail
    address. ``seconds`` bounds the whole check, its fetches included. ``policy`` says which checks decide.
    """

    data: bytes
    offline: bool = False
    at: datetime | None = None
    trust: Mapping[str, Any] | None = None
    own: OwnDocuments | None = None
    recipient: str | None = None
    seconds: float = SECONDS
    allow_private: bool = False
    policy: Policy = OPEN_BADGES_STRICT


__all__ = [
    "CHECKS",
    "EXIT_CODES",
    "MAX_BYTES",
    "OPEN_BADGES_STRICT",
    "POLICIES",
    "SECONDS",
    "Check",
    "Finding",
    "Outcome",
    "OwnDocuments",
    "Policy",
    "Report",
    "Verdict",
    "VerifyJob",
]
