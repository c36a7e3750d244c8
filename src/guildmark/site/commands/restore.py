"""``guildmark restore FILE --data DIR``: bring an archive back and prove that it works."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the archive that guildmark backup wrote")


def run(args: argparse.Namespace) -> int:
    from guildmark.config import ConfigError, default_data_dir, load
    from guildmark.site import archive

    data_dir = default_data_dir()
    manifest = archive.extract(args.file, data_dir)
    load.cache_clear()
    sqlite_wanted = os.environ.get("GUILDMARK_DATABASE_URL", "sqlite:").startswith("sqlite:")
    copy = data_dir / archive.SQLITE
    if copy.exists():
        if not sqlite_wanted:
            raise ConfigError(
                "GUILDMARK_DATABASE_URL: this archive holds an SQLite database; restore it without this setting"
            )
        copy.rename(data_dir / "guildmark.sqlite3")
    if os.environ.get("GUILDMARK_ROOT_KEY_FILE"):
        print(
            "GUILDMARK_ROOT_KEY_FILE is set: that file is used, not the restored root.key.", file=sys.stderr
        )
    from guildmark.site.commands import _django

    _django.setup()
    rows = data_dir / archive.ROWS
    if rows.exists():
        _django.migrate()
        archive.load_rows(rows)
        rows.unlink()
        from guildmark.design.log_entries import enter_missing

        enter_missing()
    results = archive.checks(manifest)
    _django.migrate()
    for holds, words in results:
        print(("ok    " if holds else "WRONG ") + words)
    if not all(holds for holds, _words in results):
        print(f"The copy in {data_dir} is not what was backed up. Do not serve it.", file=sys.stderr)
        return 1
    print(f"Restored {manifest.base_url} as of {manifest.made_at} into {data_dir}.")
    print(
        "Stop the old installation before you serve this one: two that sign as one issuer contradict each other."
    )
    return 0
