"""The history of a credential: entries are added, never changed."""

from __future__ import annotations

from guildmark.issue.models import Credential, CredentialEvent
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now


def record(row: Credential, kind: str, *, by: Actor, reason: str = "") -> None:
    CredentialEvent.objects.create(
        org_id=row.org_id,
        public_id=row.public_id,
        kind=kind,
        reason=reason,
        at=now(),
        by_kind=by.kind,
        by_id=by.id,
        by_label=by.label[:200],
    )
