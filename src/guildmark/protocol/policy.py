"""Policies: which checks decide a verdict, which only warn, and which are not run (CONTRACTS 2.5).

Verifiers disagree on purpose about what "valid" means. Each face chooses its policy; the checks stay
separate in the report whatever it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Effect(StrEnum):
    """What the failure of a check does."""

    DECIDES = "decides"
    WARNS = "warns"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Policy:
    """Names of checks whose failure ``warns``, and of those ``not_run``; every other check decides.

    ``accepts_mocknet`` takes a Blockcert that was anchored nowhere, for tests of issuers.
    """

    name: str
    warns: frozenset[str] = frozenset()
    not_run: frozenset[str] = frozenset()
    accepts_mocknet: bool = False

    def effect(self, check: str) -> Effect:
        """What the failure of a check does under this policy. Credentials inside go by the rule of endorsements."""
        check = "endorsements" if check == "credentials" else check
        if check in self.not_run:
            return Effect.NOT_RUN
        return Effect.WARNS if check in self.warns else Effect.DECIDES


#: Whether the bytes are what the holder of the named key signed; whose key it is only warns. What suites of
#: conformance ask, and nothing that a person should rely on alone.
PROOF_ONLY: Final = Policy(
    "proof-only",
    warns=frozenset({"key_binding"}),
    not_run=frozenset({"schema", "status", "validity", "issuer_trust", "recipient", "endorsements"}),
)
#: Every check decides (Open Badges 3.0, section 8.2), and the issuer must list the key.
OPEN_BADGES_STRICT: Final = Policy("open-badges-strict")
#: What wallets do that keep what their holder has: departures from the model, an issuer that no registry
#: lists and an endorsement that fails are shown and decide nothing.
WALLET_LENIENT: Final = Policy(
    "wallet-lenient", warns=frozenset({"schema", "issuer_trust", "recipient", "endorsements"})
)
#: The strict policy for the Blockcerts that an issuer makes to try things out. They prove nothing.
MOCKNET_TESTING: Final = Policy("mocknet-testing", accepts_mocknet=True)
#: The policies by name.
POLICIES: Final = {
    policy.name: policy for policy in (OPEN_BADGES_STRICT, WALLET_LENIENT, PROOF_ONLY, MOCKNET_TESTING)
}
