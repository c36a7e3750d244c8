"""Revoking, suspending and reinstating: a bit, an event, an audit record and an outbox event together."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from guildmark.assess.evidence import actions as evidence
from guildmark.issue import events, history, policies, queries, statuses
from guildmark.issue.models import Credential
from guildmark.issue.states import CREDENTIAL
from guildmark.issue.types import CredentialView
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound

EVENTS = {"revoked": events.REVOKED, "suspended": events.SUSPENDED, "issued": events.REINSTATED}
WORDS = {"revoked": "revoked", "suspended": "suspended", "issued": "reinstated"}


def locked(org_id: UUID, public_id: UUID) -> Credential:
    """The row of a credential, locked for a change; NotFound for another organisation's."""
    rows = Credential.objects.for_org(org_id).select_for_update(of=("self",)).select_related("award")
    row: Credential | None = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    return row


def change_state(row: Credential, wanted: str, *, by: Actor, reason: str) -> None:
    """Move a locked credential to a state, with everything that belongs to it."""
    CREDENTIAL.check(row.state, wanted)
    row.state, row.reason, row.changed_at = wanted, reason, now()
    row.status_epoch += 1
    row.save(update_fields=["state", "reason", "changed_at", "status_epoch"])
    if wanted == "revoked":
        statuses.set_bit(row.award, "revocation", True)
    else:
        statuses.set_bit(row.award, "suspension", wanted == "suspended")
    history.record(row, WORDS[wanted], by=by, reason=reason)
    # The reason may name a person, and what is hashed into the chain cannot be erased: it stays out of it.
    audit.record(
        org_id=row.org_id,
        by=by,
        action=f"issue.credential_{WORDS[wanted]}",
        subject_type="credential",
        subject_id=row.public_id,
    )
    outbox.emit(
        row.org_id, EVENTS[wanted], {"credential": str(row.public_id), "learner": str(row.learner_id)}
    )


@transaction.atomic
def _change(by: Actor, org_id: UUID, public_id: UUID, wanted: str, reason: str) -> CredentialView:
    by.require(org_id, *policies.ISSUERS)
    words = policies.clean_reason(reason)
    row = locked(org_id, public_id)
    change_state(row, wanted, by=by, reason=words)
    if row.award.decision_id:
        evidence.set_standing(
            by=by, org_id=org_id, decision_id=row.award.decision_id, counts=wanted == "issued"
        )
    return queries.credential_view(row)


def revoke(*, by: Actor, org_id: UUID, public_id: UUID, reason: str) -> CredentialView:
    """Take a credential back for good. Its bytes stay; the public page and the status list say revoked."""
    return _change(by, org_id, public_id, "revoked", reason)


def suspend(*, by: Actor, org_id: UUID, public_id: UUID, reason: str) -> CredentialView:
    """Put a credential on hold while something is looked into; it can be reinstated."""
    return _change(by, org_id, public_id, "suspended", reason)


def reinstate(*, by: Actor, org_id: UUID, public_id: UUID, reason: str) -> CredentialView:
    """Lift a suspension."""
    return _change(by, org_id, public_id, "issued", reason)
