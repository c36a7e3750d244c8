"""Published versions that the log of standards does not hold: those of an archive from before the log was begun."""

from __future__ import annotations

from django.db import transaction

from guildmark.design.models import AchievementVersion
from guildmark.kernel import standards_log
from guildmark.people import queries as people
from guildmark.protocol.standards_log import Entry


@transaction.atomic
def enter_missing() -> int:
    """Enter them in the order of their publication, marked as entered later; returns how many there were."""
    rows = AchievementVersion.objects.across_orgs("one log holds the versions of every organisation")
    slugs = {org.id: org.slug for org in people.organisations()}
    entered = 0
    for row in rows.exclude(published_at=None).select_related("achievement").order_by("published_at", "id"):
        slug, number, published_at = row.achievement.slug, f"{row.major}.{row.minor}", row.published_at
        if published_at is None or standards_log.entry_of(slug, number) is not None:
            continue
        entry = Entry(slugs[row.org_id], slug, number, row.core_hash, published_at, published_at)
        standards_log.enter_later(org_id=row.org_id, entry=entry)
        entered += 1
    return entered
