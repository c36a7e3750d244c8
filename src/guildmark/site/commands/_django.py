"""Setting Django up for a command, and bringing the database up to date."""

from __future__ import annotations

import gc
import os


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.settings")
    import django

    django.setup()
    # What was loaded stays for good: collections of the garbage need not walk through it, nor come by so often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def migrate() -> None:
    """Apply what is missing; quiet when nothing is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
