"""Signing keys of an organisation."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class SigningKey(OrgModel):
    """An Ed25519 key. ``sealed`` opens only with the root key and this row's id as context."""

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
