import django.db.models.deletion
import guildmark.kernel.clock
import guildmark.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("design", "0009_explainer_videos"),
    ]

    operations = [
        migrations.CreateModel(
            name="Blueprint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("factors", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("created_by", models.UUIDField(null=True)),
                ("saved_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("saved_by", models.UUIDField(null=True)),
                (
                    "achievement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blueprint",
                        to="design.achievement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Promotion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("members", models.JSONField()),
                ("created_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("created_by", models.UUIDField(null=True)),
                (
                    "achievement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promotion",
                        to="design.achievement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildmark.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org_id", models.UUIDField(db_index=True, editable=False)),
                ("role", models.CharField(max_length=14)),
                ("announced", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=guildmark.kernel.clock.now)),
                ("created_by", models.UUIDField(null=True)),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layers",
                        to="design.achievement",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bases",
                        to="design.achievement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("child", "base"), name="layer_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("child", models.F("base")), _negated=True),
                        name="layer_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["specialization", "refresher", "tool-update", "part"])
                        ),
                        name="layer_role_known",
                    ),
                ],
            },
        ),
    ]
