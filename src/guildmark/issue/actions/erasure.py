"""Erasure of a person: what can be deleted is deleted; a hash says that something was there (DECISIONS 16)."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from guildmark.issue import events, policies, statuses
from guildmark.issue.models import Award, Credential, CredentialEvent, Rendering, Tombstone
from guildmark.kernel import audit, files, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now


@transaction.atomic
def erase_person(*, by: Actor, org_id: UUID, learner_id: UUID, reason: str) -> int:
    """Revoke and delete every credential of a learner, with salts, history and drawn files; returns how many.

    The status bits stay set and the hash of the bytes stays as a tombstone. Evidence and the learner's
    own record belong to the rooms below.
    """
    by.require(org_id, "owner")
    policies.clean_reason(reason)
    rows = list(Credential.objects.for_org(org_id).select_related("award").filter(learner_id=learner_id))
    keys: list[str] = []
    for row in rows:
        statuses.set_bit(row.award, "revocation", True)
        Tombstone.objects.create(
            org_id=org_id, public_id=row.public_id, body_sha256=row.body_sha256, erased_at=now()
        )
        drawn = Rendering.objects.for_org(org_id).filter(public_id=row.public_id)
        keys += drawn.values_list("storage_key", flat=True)
        drawn.delete()
        CredentialEvent.objects.for_org(org_id).filter(public_id=row.public_id).delete()
        audit.record(
            org_id=org_id,
            by=by,
            action="issue.credential_erased",
            subject_type="credential",
            subject_id=row.public_id,
            data={"sha256": row.body_sha256},
        )
    Credential.objects.for_org(org_id).filter(learner_id=learner_id).delete()
    Award.objects.for_org(org_id).filter(learner_id=learner_id).delete()
    outbox.emit(org_id, events.PERSON_ERASED, {"learner": str(learner_id)})
    for key in keys:
        transaction.on_commit(partial(files.delete, key))
    return len(rows)
