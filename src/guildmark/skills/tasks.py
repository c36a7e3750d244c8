"""The import as a leased task."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from guildmark.kernel import tasks
from guildmark.skills import importing


@tasks.task(importing.TASK)
def import_framework(lease: tasks.Lease) -> None:
    importing.run(lease.org_id, UUID(lease.payload["import"]), lease=lease)


@tasks.sweep("skills.dead_imports", every=timedelta(hours=1))
def dead_imports() -> None:
    importing.give_up_dead()
