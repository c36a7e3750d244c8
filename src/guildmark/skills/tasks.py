"""The import as a leased task."""

from __future__ import annotations

from uuid import UUID

from guildmark.kernel import tasks
from guildmark.skills import importing


@tasks.task(importing.TASK)
def import_framework(lease: tasks.Lease) -> None:
    importing.run(lease.org_id, UUID(lease.payload["import"]), lease=lease)
