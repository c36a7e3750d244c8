import django.db.models.deletion
from django.db import migrations, models

import guildmark.kernel.clock
import guildmark.kernel.ids
from guildmark.design import triggers


def unlock(apps, schema_editor):
    triggers.drop(schema_editor.connection)


def lock_as_before(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.FIRST)


def lock(apps, schema_editor):
    triggers.install(schema_editor.connection)


def date(apps, schema_editor):
    """What is published already came into force when it was published, and ended when the next one was."""
    versions = apps.get_model("design", "AchievementVersion")
    following = {}
    for row in versions._base_manager.exclude(state="draft").order_by("-major", "-minor").only(
        "id", "achievement_id", "published_at"
    ):
        after = following.get(row.achievement_id)
        versions._base_manager.filter(id=row.id).update(effective_at=row.published_at, superseded_at=after)
        following[row.achievement_id] = row.published_at


class Migration(migrations.Migration):
    dependencies = [("design", "0005_advice")]

    operations = [
        migrations.RunPython(unlock, lock_as_before),
        migrations.AddField("achievementversion", "effective_at", models.DateTimeField(null=True)),
        migrations.AddField("achievementversion", "superseded_at", models.DateTimeField(null=True)),
        migrations.AddField("achievementversion", "transition_until", models.DateTimeField(null=True)),
        migrations.AddField("achievementversion", "lowering", models.JSONField(null=True)),
        migrations.AddField("orgrules", "transition_days", models.PositiveIntegerField(default=60)),
        migrations.CreateModel(
            name="ClassRequest",
            fields=[
                ("id", models.UUIDField(default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reason", models.TextField()),
                ("paths", models.JSONField(default=list)),
                ("content_hash", models.CharField(max_length=71)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("answered_by", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="class_requests",
                        to="design.achievementversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "agreed"])),
                        fields=("version",),
                        name="class_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_by", None), models.Q(("answered_by", models.F("asked_by")), _negated=True), _connector="OR"),
                        name="class_request_two_people",
                    ),
                ],
            },
        ),
        migrations.RunPython(date, migrations.RunPython.noop),
        migrations.RunPython(lock, unlock),
    ]
