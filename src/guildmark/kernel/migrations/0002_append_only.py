from django.db import migrations

from guildmark.kernel.audit import drop_triggers, install_triggers

TABLES = ("kernel_auditevent", "kernel_outboxevent")


def install(apps, schema_editor):
    for table in TABLES:
        install_triggers(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        drop_triggers(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
