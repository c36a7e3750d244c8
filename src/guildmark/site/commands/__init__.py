"""The commands of ``guildmark``: one module each, loaded only when it is asked for (see :mod:`guildmark.cli`)."""

from __future__ import annotations


def use_django() -> None:
    """Set Django up; for commands that need the database. Makes the secret key of the data directory if needed."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.settings")
    django.setup()
