"""Rows of the ground: audit chain, outbox, tasks, rate limits, idempotency keys."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.ids import uuid7


class AuditHead(models.Model):
    """The end of one organisation's audit chain; locked while a record is added."""

    org_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class AuditEvent(models.Model):
    """One record of a hash chain. Database triggers refuse update and delete on both engines."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "seq"], name="audit_one_seq")]
        indexes = [models.Index(fields=["org_id", "subject_type", "subject_id"], name="audit_subject")]


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()


class Task(models.Model):
    """A leased piece of work. ``fence`` counts the leases: a worker that lost its lease cannot finish.

    ``rank`` says who waits for it: 0 a person, 1 a batch, 2 nobody in particular (the mails that follow a batch).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=64)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="todo")
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=8)
    rank = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "rank", "not_before"], name="task_due_by_rank")]


class RateBucket(models.Model):
    """How often one caller used one door in one window. The caller is stored as a keyed hash.

    ``ends`` is the end of the window in Unix seconds; from then on the row says nothing and is swept.
    """

    key = models.CharField(max_length=120, primary_key=True)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)
    ends = models.BigIntegerField(default=0, db_default=0, db_index=True)


class IdempotencyRecord(models.Model):
    """The answer once given to an ``Idempotency-Key``; the same key gives the same answer again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    caller = models.UUIDField()
    key = models.CharField(max_length=128)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "caller", "key"], name="idempotency_once")]


class StandardsLog(models.Model):
    """The end of the installation's log of standards: one row, locked while an entry is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)


class StandardsLogEntry(models.Model):
    """One publication of a version. Database triggers refuse update and delete on both engines.

    ``leaf`` holds the bytes that are hashed, and only they count; the other columns are there to look it up.
    """

    index = models.BigIntegerField(primary_key=True)
    org_id = models.UUIDField(db_index=True)
    standard = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    leaf = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "version"], name="standards_log_once")]


class StandardsLogHead(models.Model):
    """A head of the log as an organisation signed it. Append-only; ``note`` is the signed note."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    key_name = models.CharField(max_length=300)
    public_multibase = models.CharField(max_length=64)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "size"], name="standards_log_head_once")]
