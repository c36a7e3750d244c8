"""``guildmark backup FILE``: everything, keys included, in one archive."""

from __future__ import annotations

import argparse
from pathlib import Path

WARNING = """The archive holds the root key, which opens every signing key: whoever has it can sign in your name.
Keep it as you keep the key itself, encrypted and away from the server. Without the root key the signing
keys are lost for good: what is signed stays checkable, but nothing can be signed, revoked or suspended
under this issuer any more. Try a restore into an empty directory now and then."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the archive to write, such as guildmark.tar.gz")


def run(args: argparse.Namespace) -> int:
    from guildmark.config import ConfigError, default_data_dir, load

    if not (default_data_dir() / "secret.key").exists():
        raise ConfigError(f"--data: there is no installation in {default_data_dir()}")
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.site import archive

    config = load()
    manifest = archive.write(args.file.resolve(), config)
    size = args.file.stat().st_size
    print(
        f"Wrote {args.file} ({size:,} bytes): {sum(manifest.counts.values()):,} rows, {len(manifest.members)} files."
    )
    if "root.key" not in manifest.members:
        print("There is no root key yet: nothing was sealed so far.")
    print(WARNING)
    return 0
