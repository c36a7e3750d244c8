"""``guildmark migrate``: bring the database up to date."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace) -> int:
    from guildmark.site.commands import _django

    _django.setup()
    _django.migrate()
    print("The database is up to date.")
    return 0
