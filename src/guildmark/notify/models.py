"""Rows of outgoing mail."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class OutgoingMail(OrgModel):
    """One message to one address. ``body`` is sealed: it carries links that open things."""

    kind = models.CharField(max_length=60)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=400)
    body = models.BinaryField()
    key = models.CharField(max_length=160, unique=True)
    bound = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="queued")
    attempts = models.PositiveIntegerField(default=0)
    rounds = models.PositiveIntegerField(default=1)
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    subject_type = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "-created_at"], name="mail_latest"),
            models.Index(fields=["org_id", "state"], name="mail_state"),
            models.Index(fields=["org_id", "subject_type", "subject_id"], name="mail_subject"),
        ]
