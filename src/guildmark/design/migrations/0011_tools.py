import django.db.models.deletion
from django.db import migrations, models

import guildmark.kernel.clock
import guildmark.kernel.ids
from guildmark.design import triggers
from guildmark.kernel import audit

ANSWERS = "design_toolanswer"


def lock(apps, schema_editor):
    triggers.install_releases(schema_editor.connection)
    audit.install_triggers(schema_editor.connection, ANSWERS)


def unlock(apps, schema_editor):
    audit.drop_triggers(schema_editor.connection, ANSWERS)
    triggers.drop_releases(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("design", "0010_layers")]

    operations = [
        migrations.CreateModel(
            name="ToolRelease",
            fields=[
                ("id", models.UUIDField(default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=160)),
                ("version", models.CharField(max_length=40)),
                ("released_on", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("created_by", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("org_id", "key", "version"),
                        name="tool_release_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ToolAnswer",
            fields=[
                ("id", models.UUIDField(default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("number", models.CharField(max_length=20)),
                ("note", models.TextField()),
                ("created_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("created_by", models.UUIDField(null=True)),
                (
                    "achievement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tool_answers",
                        to="design.achievement",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="design.toolrelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "achievement"), name="tool_answer_once")
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
