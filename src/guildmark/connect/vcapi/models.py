"""The status lists of the face. They belong to no organisation and are about nothing but test credentials."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7


class StatusList(models.Model):
    """One list for each purpose; made when the first credential asks for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField(default=now)


class StatusEntry(models.Model):
    """A place in a list, taken at random; ``raised`` is its bit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    status_list = models.ForeignKey(StatusList, on_delete=models.CASCADE, related_name="entries")
    index = models.PositiveIntegerField()
    credential_id = models.CharField(max_length=300, blank=True, db_index=True)
    raised = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["status_list", "index"], name="vcapi_one_index")]
