"""Signing keys of an organisation."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.tenancy import OrgModel


class SigningKey(OrgModel):
    """A key of an organisation. ``sealed`` opens only with the root key and this row's id as context.

    ``purpose`` is ``credential`` (Ed25519: credentials and status lists), ``token`` (P-256: the same content as a
    token, which fewer programs take with Ed25519) or ``log`` (Ed25519: heads of the log of standards).
    """

    public_multibase = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    purpose = models.CharField(max_length=20, default="credential")
    state = models.CharField(max_length=12, default="active")
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)
    compromised_at = models.DateTimeField(null=True)
    compromise_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "purpose"], condition=models.Q(state="active"), name="key_one_active"
            )
        ]


class ConformanceKey(models.Model):
    """A key with which the conformance faces sign what test suites ask for, one of each kind.

    It belongs to no organisation, so no document of an issuer can list it; ``sealed`` opens for this purpose only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, unique=True)
    public_multibase = models.CharField(max_length=120, unique=True)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=now)
