"""The audit chain: one hash chain per organisation, appended inside the transaction it reports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import rfc8785
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.models import AuditEvent, AuditHead

INSTALLATION = UUID(int=0)
GENESIS = "0" * 64


@dataclass(frozen=True)
class ChainReport:
    """Result of re-computing a chain: how many records, whether it holds, and where it first breaks."""

    length: int
    intact: bool
    broken_at: int | None
    head: str


def record_hash(
    *,
    org_id: UUID,
    seq: int,
    at: datetime,
    actor_kind: str,
    actor_id: UUID | None,
    action: str,
    subject_type: str,
    subject_id: str,
    data: dict[str, Any],
    previous: str,
) -> str:
    """SHA-256 (hex) over the JCS form (RFC 8785) of the record with the hash of the one before it."""
    content = {
        "org": str(org_id),
        "seq": seq,
        "at": at.isoformat(),
        "actor": [actor_kind, str(actor_id) if actor_id else None],
        "action": action,
        "subject": [subject_type, subject_id],
        "data": data,
        "previous": previous,
    }
    return hashlib.sha256(rfc8785.dumps(cast(Any, content))).hexdigest()


def record(
    *,
    org_id: UUID | None,
    by: Actor,
    action: str,
    subject_type: str,
    subject_id: object,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one record; must run inside a transaction. ``data`` holds JSON values and no personal data."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must run inside the transaction that it reports")
    owner = org_id or INSTALLATION
    AuditHead.objects.get_or_create(org_id=owner)
    head = AuditHead.objects.select_for_update().get(org_id=owner)
    moment = now()
    values: dict[str, Any] = {
        "org_id": owner,
        "seq": head.seq + 1,
        "at": moment,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "action": action,
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "data": data or {},
        "previous": head.hash,
    }
    event = AuditEvent(hash=record_hash(**values), **values)
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def history(org_id: UUID, *, subject_type: str = "", subject_id: object = "") -> list[AuditEvent]:
    """Records of one organisation in order, of one kind of subject or one subject when given."""
    rows = AuditEvent.objects.filter(org_id=org_id)
    if subject_type:
        rows = rows.filter(subject_type=subject_type)
    if subject_id:
        rows = rows.filter(subject_id=str(subject_id))
    return list(rows.order_by("seq"))


def count(
    org_id: UUID, *, action: str, subject_type: str, subject_ids: Iterable[object], since: datetime
) -> int:
    """How many records of one action there are about these subjects from ``since`` on."""
    rows = AuditEvent.objects.filter(org_id=org_id, subject_type=subject_type, action=action, at__gte=since)
    return rows.filter(subject_id__in=[str(one) for one in subject_ids]).count()


def verify_chain(org_id: UUID) -> ChainReport:
    """Recompute the whole chain of one organisation from its first record to its head."""
    previous, seq = GENESIS, 0
    with transaction.atomic():
        head = AuditHead.objects.filter(org_id=org_id).first()
        for row in AuditEvent.objects.filter(org_id=org_id).order_by("seq").iterator(chunk_size=500):
            expected = record_hash(
                org_id=row.org_id,
                seq=row.seq,
                at=row.at,
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                action=row.action,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                data=row.data,
                previous=previous,
            )
            seq += 1
            if row.seq != seq or row.previous != previous or row.hash != expected:
                return ChainReport(seq, False, row.seq, previous)
            previous = row.hash
    intact = (head.hash, head.seq) == (previous, seq) if head else seq == 0
    return ChainReport(seq, intact, None if intact else seq, previous)


_POSTGRES = """
CREATE OR REPLACE FUNCTION guildmark_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END; $$ LANGUAGE plpgsql;
"""


def install_triggers(schema: BaseDatabaseWrapper, table: str) -> None:
    """Make a table append-only: update and delete raise in the database itself, on both engines."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(_POSTGRES)
            cursor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guildmark_append_only()"
            )
            return
        for verb in ("update", "delete"):
            cursor.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
            )


def drop_triggers(schema: BaseDatabaseWrapper, table: str) -> None:
    """Undo :func:`install_triggers` (reversal of a migration, and emptying a test database)."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            return
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
