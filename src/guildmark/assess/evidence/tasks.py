"""Work nobody waits for: uploads that were never finished are removed."""

from __future__ import annotations

from datetime import timedelta

from guildmark.assess.evidence.models import Upload
from guildmark.kernel import files
from guildmark.kernel.clock import now
from guildmark.kernel.tasks import sweep

KEPT = timedelta(days=2)


@sweep("evidence.abandoned_uploads", every=timedelta(hours=1))
def remove_abandoned_uploads() -> None:
    """Delete the pieces of uploads that were not continued for two days."""
    rows = Upload.objects.across_orgs("the sweeper looks after every organisation")
    for row in rows.filter(touched_at__lt=now() - KEPT)[:500]:
        files.delete(row.storage_key)
        rows.filter(id=row.id).delete()
