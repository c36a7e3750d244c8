"""``guildmark demo``: make the demo academy once, then serve it."""

from __future__ import annotations

import argparse
import os
import shutil
import time

from guildmark.config import default_data_dir
from guildmark.site.commands.serve import THREADS

STARTED = "demo.started"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--no-serve", action="store_true", help="make the demo and stop")
    parser.set_defaults(base_url=None, dev=True, threads=THREADS)


def run(args: argparse.Namespace) -> int:
    data_dir = default_data_dir()
    os.environ["GUILDMARK_DEMO"] = "1"
    os.environ.setdefault("GUILDMARK_MAIL_URL", f"file:{data_dir / 'outbox'}")
    clear_unfinished(data_dir)
    from guildmark.site.commands import serve

    serve.prepare(args)
    from guildmark.config import load
    from guildmark.site.demo import seed
    from guildmark.site.demo.people import PASSWORD, PERSONAS

    if not seed.marker().exists():
        (data_dir / STARTED).touch()
        began = time.monotonic()
        print("Making the demo academy (once):", flush=True)
        seed.make(lambda stage: print(f"  {stage} ...", flush=True))
        print(f"  done in {time.monotonic() - began:.0f} s", flush=True)
    if args.no_serve:
        return 0
    lines = [
        f"The demo academy is open: {load().base_url}",
        "Sign in with one click on the front page, or by e-mail:",
    ]
    lines += [f"  {p.role_words:<26} {p.email:<26} {PASSWORD}" for p in PERSONAS]
    lines.append("Mail is written to files in " + str(data_dir / "outbox"))
    return serve.supervise(args, lines)


def clear_unfinished(data_dir: os.PathLike[str]) -> None:
    """A demo whose making was interrupted is begun anew; anything that is not a demo is left alone."""
    from pathlib import Path

    home = Path(data_dir)
    if not (home / STARTED).exists() or (home / "demo.json").exists():
        return
    for name in ("guildmark.sqlite3", "guildmark.sqlite3-wal", "guildmark.sqlite3-shm"):
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "files", ignore_errors=True)
    (home / STARTED).unlink()
