"""Rows of awards, credentials, their history and the status lists."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class Award(OrgModel):
    """The decision to give a credential. Everything that the document will say is fixed when the row is made.

    ``award_key`` tells awards of one learner for one version apart: the decision, a list, or a correction.
    """

    decision_id = models.UUIDField(null=True)
    version_id = models.UUIDField(db_index=True)
    achievement_id = models.UUIDField()
    learner_id = models.UUIDField(db_index=True)
    award_key = models.CharField(max_length=80)
    signal = models.CharField(max_length=13)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="approved", db_index=True)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=now)
    public_id = models.UUIDField(default=uuid4, unique=True)
    holder_name = models.CharField(max_length=200)
    holder_email = models.CharField(max_length=254)
    include_name = models.BooleanField(default=True)
    salt = models.CharField(max_length=40)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    completed_on = models.DateField(null=True)
    status_shard = models.PositiveIntegerField(null=True)
    status_index = models.PositiveIntegerField(null=True)
    key_id = models.UUIDField(null=True)
    supersedes = models.UUIDField(null=True)
    correction_reason = models.TextField(blank=True, default="")
    #: The part of a batch that signs it; None for one that is signed by itself.
    chunk_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "version_id", "learner_id", "award_key"], name="award_once_per_key"
            ),
            models.UniqueConstraint(
                fields=["decision_id"], condition=Q(supersedes=None), name="award_once_per_decision"
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=Q(supersedes__isnull=False) & ~Q(state="declined"),
                name="award_one_correction",
            ),
            models.UniqueConstraint(
                fields=["org_id", "status_shard", "status_index"], name="award_one_status_place"
            ),
        ]


class Credential(OrgModel):
    """A signed credential. Triggers refuse to change its bytes, their hash, its id and its award."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="credential")
    public_id = models.UUIDField(unique=True)
    code_number = models.BigIntegerField(db_index=True)
    learner_id = models.UUIDField(db_index=True)
    achievement_id = models.UUIDField()
    version_id = models.UUIDField(db_index=True)
    signal = models.CharField(max_length=13)
    title = models.CharField(max_length=200)
    holder_name = models.CharField(max_length=200)
    holder_email = models.CharField(max_length=254)
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="issued")
    reason = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    supersedes = models.UUIDField(null=True)
    superseded_by = models.UUIDField(null=True)
    supersession = models.BinaryField(null=True)
    visibility = models.CharField(max_length=8, default="public")
    shown_name = models.BooleanField(default=True)
    shown_evidence = models.JSONField(default=list)
    share_version = models.PositiveIntegerField(default=0)
    status_epoch = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "issued_at"], name="credential_recent"),
            # All that is needed to count what is valid and what ends soon, without a look at the rows.
            models.Index(
                fields=["org_id", "achievement_id", "state", "valid_until", "valid_from"],
                name="credential_currency",
            ),
        ]


class CredentialEvent(OrgModel):
    """One thing that happened to a credential. A trigger refuses updates; removed only with an erased person."""

    public_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=now)
    by_kind = models.CharField(max_length=8)
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200, blank=True, default="")


class StatusList(OrgModel):
    """One shard of one purpose. The lists of a shard share the index; ``epoch`` counts changes of the bits.

    ``signed_epoch`` names the state that ``body`` tells; the two differ while a change waits to be signed.
    """

    public_id = models.UUIDField(default=uuid4, unique=True)
    purpose = models.CharField(max_length=12)
    shard = models.PositiveIntegerField()
    bits = models.BinaryField()
    epoch = models.PositiveIntegerField(default=0)
    signed_epoch = models.IntegerField(default=-1)
    body = models.BinaryField(default=b"")
    etag = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "shard", "purpose"], name="status_list_once")
        ]


class Rendering(OrgModel):
    """A drawn form of a credential, kept because drawing is slow. It shows no status, so it stays true."""

    public_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8)
    storage_key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["public_id", "kind"], name="rendering_once")]


class Tombstone(OrgModel):
    """What stays of an erased credential: its id and the hash of its bytes (DECISIONS 16)."""

    public_id = models.UUIDField(unique=True)
    body_sha256 = models.CharField(max_length=64)
    erased_at = models.DateTimeField(default=now)


class Batch(OrgModel):
    """Many credentials issued together: a list of completions, or decided awards that wait.

    ``key`` makes sending the same list again harmless. ``runs`` counts how often it was started or resumed.
    """

    kind = models.CharField(max_length=10)
    version_id = models.UUIDField()
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, default="checked", db_index=True)
    error = models.TextField(blank=True, default="")
    total = models.PositiveIntegerField(default=0)
    ready = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    runs = models.PositiveIntegerField(default=0)
    valid_from = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "key"], name="batch_once")]


class BatchRow(OrgModel):
    """One line of a list, as it was read, with what was found about it."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    completed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8)
    detail = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_row_once")]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="batch_row_outcome")]


class Chunk(OrgModel):
    """A part of a batch that is planned, signed and stored as one; ``first`` and ``last`` are its lines.

    ``root`` is the Merkle root (RFC 9162, section 2.1.1) over the stored bytes, which the audit record names.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default="todo")
    planned = models.BooleanField(default=False)
    issued = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    root = models.CharField(max_length=64, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_once")]
        indexes = [models.Index(fields=["batch", "state"], name="chunk_progress")]
