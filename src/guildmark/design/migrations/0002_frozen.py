from django.db import migrations

from guildmark.design import triggers
from guildmark.kernel.audit import drop_triggers, install_triggers

REVISIONS = "design_presentationrevision"


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.FIRST)
    install_triggers(schema_editor.connection, REVISIONS)


def remove(apps, schema_editor):
    triggers.drop(schema_editor.connection)
    drop_triggers(schema_editor.connection, REVISIONS)


class Migration(migrations.Migration):
    dependencies = [("design", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(install, remove)]
