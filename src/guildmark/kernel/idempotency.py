"""Idempotency keys: the same key with the same request gives the same answer, and does the work once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.kernel.clock import now
from guildmark.kernel.models import IdempotencyRecord
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.tasks import sweep
from guildmark.kernel.words import said

KEPT = timedelta(days=7)
ABANDONED = timedelta(minutes=2)
# Refused before anything was looked at: a later try with the same key is a new one.
NOT_KEPT = frozenset({401, 403, 429})


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: Any


def request_hash(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def begin(*, org_id: UUID, caller: UUID, key: str, digest: str) -> Answer | None:
    """Claim a key. Returns the stored answer when there is one, None when the work is now ours to do.

    Invalid when the key was used for another request; Conflict while the first one is still under way.
    """
    if not 8 <= len(key) <= 128 or not key.isprintable():
        raise Invalid(
            said("Idempotency-Key must have 8 to 128 printable characters."),
            field="Idempotency-Key",
            mend=said("Send a fresh UUID."),
        )
    try:
        with transaction.atomic():
            IdempotencyRecord.objects.create(
                org_id=org_id, caller=caller, key=key, request_hash=digest, created_at=now()
            )
        return None
    except IntegrityError:
        row = IdempotencyRecord.objects.get(org_id=org_id, caller=caller, key=key)
    if row.request_hash != digest:
        raise Invalid(
            said("This Idempotency-Key was used for another request."),
            field="Idempotency-Key",
            mend=said("Send a fresh key."),
        )
    if row.status is not None:
        return Answer(row.status, row.body)
    taken_over = IdempotencyRecord.objects.filter(id=row.id, status=None, created_at__lt=now() - ABANDONED)
    if taken_over.update(created_at=now()):
        return None
    raise Conflict(
        said("The first request with this Idempotency-Key is still under way."),
        mend=said("Ask again in a moment."),
    )


def finish(*, org_id: UUID, caller: UUID, key: str, status: int, body: Any) -> None:
    """Keep the answer; a server error, a missing right and a spent rate are forgotten, to be tried again."""
    rows = IdempotencyRecord.objects.filter(org_id=org_id, caller=caller, key=key)
    if status >= 500 or status in NOT_KEPT:
        rows.delete()
    else:
        rows.update(status=status, body=body)


@sweep("kernel.idempotency", every=timedelta(hours=6))
def forget_old() -> None:
    """Drop keys older than a week, with the answers that were kept for them."""
    IdempotencyRecord.objects.filter(created_at__lt=now() - KEPT).delete()
