"""Versions that were published before the log was begun enter it in the order of their publication.

Their entries carry the recorded moment of publication and, as the moment of entry, that of this migration: they
say of themselves that they were entered later. It stands in this room because work is judged by the log from now on.
"""

from django.db import migrations

from guildmark.kernel.clock import now
from guildmark.protocol.standards_log import Entry


def enter(apps, schema_editor):
    versions = apps.get_model("design", "AchievementVersion")._base_manager.filter(published_at__isnull=False)
    if not versions.exists():
        return
    names = dict(apps.get_model("people", "Organisation").objects.values_list("id", "slug"))
    log_row, _ = apps.get_model("kernel", "StandardsLog").objects.get_or_create(id=1)
    entries = apps.get_model("kernel", "StandardsLogEntry").objects
    moment = now()
    for row in versions.select_related("achievement").order_by("published_at", "id"):
        slug, number = row.achievement.slug, f"{row.major}.{row.minor}"
        if entries.filter(standard=slug, version=number).exists():
            continue
        entry = Entry(names[row.org_id], slug, number, row.core_hash, row.published_at, moment)
        entries.create(
            index=log_row.size,
            org_id=row.org_id,
            standard=slug,
            version=number,
            leaf=entry.leaf().decode(),
        )
        log_row.size += 1
    log_row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_counts"),
        ("design", "0003_rules"),
        ("kernel", "0005_standards_log"),
        ("people", "0001_initial"),
    ]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
