"""Rows of the wallet."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class ClaimLink(OrgModel):
    """A mailed link that opens one credential for its holder; only the hash of its token is kept."""

    public_id = models.UUIDField()
    learner_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["public_id"], name="claim_credential"),
            models.Index(fields=["email"], name="claim_email"),
        ]
