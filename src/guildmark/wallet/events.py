"""What the wallet does when credentials are issued or change. Listeners may run twice and act once."""

from __future__ import annotations

from uuid import UUID

from guildmark.issue import events
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.outbox import Event, on
from guildmark.wallet import actions


@on(events.ISSUED, name="wallet.issued")
def send_link(event: Event) -> None:
    actions.send_claim_link(
        by=SYSTEM,
        org_id=event.org_id,
        public_id=UUID(event.payload["credential"]),
        key=event.payload["credential"],
        corrected=bool(event.payload.get("supersedes")),
    )


@on(events.SUPERSEDED, name="wallet.superseded")
def end_links(event: Event) -> None:
    actions.revoke_links(org_id=event.org_id, public_id=UUID(event.payload["credential"]))


@on(events.REVOKED, name="wallet.revoked")
def tell_revoked(event: Event) -> None:
    _tell(event, "revoked")


@on(events.SUSPENDED, name="wallet.suspended")
def tell_suspended(event: Event) -> None:
    _tell(event, "suspended")


@on(events.REINSTATED, name="wallet.reinstated")
def tell_reinstated(event: Event) -> None:
    _tell(event, "reinstated")


def _tell(event: Event, change: str) -> None:
    public_id = UUID(event.payload["credential"])
    actions.tell_change(org_id=event.org_id, public_id=public_id, change=change, key=str(event.id))


@on(events.PERSON_ERASED, name="wallet.erased")
def forget(event: Event) -> None:
    actions.forget_learner(org_id=event.org_id, learner_id=UUID(event.payload["learner"]))
