"""One archive of an installation: database, files, keys, and a manifest with the hash of each.

The database is copied first and the files after it: a file is written before the row that names it and never
changes, so every row of the copy finds its file. SQLite is copied as it is (backup API); PostgreSQL is written
as rows, so that neither pg_dump nor the same engine is needed to bring it back.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from guildmark import __version__
from guildmark.config import Config
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.problems import Conflict, Invalid

MANIFEST = "manifest.json"
SQLITE, ROWS = "database.sqlite3", "database.jsonl"
NAMES = re.compile(
    r"^(?:manifest\.json|database\.(?:sqlite3|jsonl)|root\.key|secret\.key|installation\.json"
    r"|files/[0-9a-f-]{36}/[0-9a-z_-]{1,40}/[0-9A-Za-z._-]{1,120})$"
)
# Sign-ins are not carried over, and these tables are made by migrations.
LEFT_OUT = {"sessions.session", "contenttypes.contenttype", "auth.permission"}
BATCH = 200


@dataclass
class Manifest:
    """What an archive holds: hash and size per member, rows per table, and the head of each audit chain."""

    made_at: str
    base_url: str
    database: str
    version: str = __version__
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    audit: dict[str, str] = field(default_factory=dict)

    def dump(self) -> bytes:
        return json.dumps(self.__dict__, indent=1, sort_keys=True).encode()


# -- writing


def write(target: Path, config: Config) -> Manifest:
    """Write the archive of a running or stopped installation to ``target`` (0600), which must not exist."""
    if target.exists():
        raise Conflict(f"{target} exists already.", mend="Name another file; a backup never overwrites one.")
    if not target.parent.is_dir():
        raise Invalid(f"The directory {target.parent} does not exist.", mend="Make it first.")
    partial = target.with_name(target.name + ".part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as tar:
                manifest = _fill(tar, config, Path(scratch))
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return manifest


def _fill(tar: tarfile.TarFile, config: Config, scratch: Path) -> Manifest:
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    manifest = Manifest(stamp(now()), config.base_url, "sqlite" if sqlite else connection.vendor)
    copy = scratch / (SQLITE if sqlite else ROWS)
    (copy_sqlite if sqlite else copy_rows)(copy, manifest)
    _add(tar, copy.name, copy, manifest)
    for name, path in (
        ("root.key", config.root_key_file),
        ("secret.key", config.data_dir / "secret.key"),
        ("installation.json", config.data_dir / "installation.json"),
    ):
        if path.exists():
            _add(tar, name, path, manifest)
    for path in sorted(config.files_dir.rglob("*")):
        if path.is_file() and path.suffix != ".part":
            _add(tar, f"files/{path.relative_to(config.files_dir).as_posix()}", path, manifest)
    body = manifest.dump()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(body), 0o600
    tar.addfile(info, io.BytesIO(body))
    return manifest


class _Hashing:
    """A reader that hashes what passes through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.source.read(size)
        self.digest.update(piece)
        return piece


def _add(tar: tarfile.TarFile, name: str, path: Path, manifest: Manifest) -> None:
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
        reader = _Hashing(source)
        tar.addfile(info, reader)
    manifest.members[name] = {"sha256": reader.digest.hexdigest(), "size": info.size}


def copy_sqlite(target: Path, manifest: Manifest) -> None:
    """A consistent copy by SQLite's own backup, while others go on writing; counts are taken from the copy."""
    from django.db import connection

    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Conflict("The database is damaged.", mend="Run guildmark doctor, and keep earlier backups.")
        tables = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        for (name,) in tables.fetchall():
            manifest.counts[name] = copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        heads = copy.execute("SELECT org_id, hash FROM kernel_audithead").fetchall()
        manifest.audit = {str(org): head for org, head in heads}
    finally:
        copy.close()
        source.close()


def carried_models() -> list[Any]:
    from django.apps import apps

    return [m for m in apps.get_models() if m._meta.label_lower not in LEFT_OUT and m._meta.managed]


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds of a moment, which the audit chain has hashed; Django's own cuts them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def copy_rows(target: Path, manifest: Manifest) -> None:
    """Every row as one line of JSON, read in one snapshot."""
    from django.core import serializers
    from django.db import connection, transaction

    from guildmark.kernel.models import AuditHead

    with transaction.atomic(), target.open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in carried_models():
            rows = model._base_manager.order_by("pk")
            manifest.counts[model._meta.db_table] = rows.count()
            serializers.serialize("jsonl", rows.iterator(chunk_size=BATCH), stream=out, cls=_Exact)
        manifest.audit = {str(head.org_id): head.hash for head in AuditHead.objects.all()}


# -- reading


def extract(source: Path, data_dir: Path) -> Manifest:
    """Unpack into an empty or missing directory; nothing is left there unless every hash fits."""
    if data_dir.exists() and any(data_dir.iterdir()):
        raise Conflict(f"{data_dir} is not empty.", mend="Name an empty or new directory with --data.")
    if not source.is_file():
        raise Invalid(f"There is no file {source}.", mend="Name the archive that guildmark backup wrote.")
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{data_dir.name}-", dir=data_dir.parent))
    try:
        manifest = _unpack(source, scratch)
        if data_dir.exists():
            data_dir.rmdir()
        scratch.rename(data_dir)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return manifest


def _unpack(source: Path, scratch: Path) -> Manifest:
    found: dict[str, dict[str, Any]] = {}
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            for member in tar:
                found[member.name] = _take(tar, member, scratch, taken=found)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Invalid(
            f"{source} cannot be read to its end: {error}", mend="Use another copy of it."
        ) from error
    return _compare(scratch, found)


def _take(
    tar: tarfile.TarFile, member: tarfile.TarInfo, scratch: Path, *, taken: dict[str, Any]
) -> dict[str, Any]:
    """Write one member. Its name must be one that a backup writes, which leaves no way out of the directory."""
    if not member.isreg() or not NAMES.match(member.name) or member.name in taken:
        raise Invalid(
            f"The archive holds {member.name!r}, which no backup writes.", mend="Use an archive of guildmark."
        )
    if member.size > shutil.disk_usage(scratch).free:
        raise Invalid(f"There is no room on the disk for {member.name}.", mend="Make room, then try again.")
    path = scratch / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    reader = tar.extractfile(member)
    assert reader is not None
    digest = hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while piece := reader.read(1 << 20):
            digest.update(piece)
            out.write(piece)
    return {"sha256": digest.hexdigest(), "size": member.size}


def _compare(scratch: Path, found: dict[str, dict[str, Any]]) -> Manifest:
    if MANIFEST not in found:
        raise Invalid("The archive has no manifest, so it was cut off or is something else.")
    found.pop(MANIFEST)
    try:
        manifest = Manifest(**json.loads((scratch / MANIFEST).read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise Invalid("The manifest of the archive cannot be read.", mend="Use another copy.") from error
    (scratch / MANIFEST).unlink()
    for name in sorted(set(found) | set(manifest.members)):
        if found.get(name) != manifest.members.get(name):
            raise Invalid(
                f"{name} is not what was backed up: its hash or size differs.", mend="Use another copy."
            )
    return manifest


def load_rows(source: Path) -> None:
    """Fill an empty, migrated database from :func:`copy_rows`, in one transaction, whatever the engine."""
    from django.core import serializers
    from django.core.management.color import no_style
    from django.db import connection, transaction

    models = carried_models()
    with transaction.atomic(), source.open(encoding="utf-8") as lines:
        if any(model._base_manager.exists() for model in models):
            raise Conflict("The database is not empty.", mend="Give an empty one in GUILDMARK_DATABASE_URL.")
        with connection.constraint_checks_disabled():
            for model, batch in _batches(serializers.deserialize("jsonl", lines)):
                model._base_manager.bulk_create(batch)
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


def _batches(objects: Iterator[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Rows of one model at a time, in handfuls."""
    batch: list[Any] = []
    for item in objects:
        if batch and (len(batch) >= BATCH or type(batch[0]) is not type(item.object)):
            yield type(batch[0]), batch
            batch = []
        batch.append(item.object)
    if batch:
        yield type(batch[0]), batch


# -- checking what was brought back


def checks(manifest: Manifest) -> list[tuple[bool, str]]:
    """The drill after a restore: rows, audit chains and keys, each as (holds, words). Needs Django."""
    return [_count_check(manifest), *_chain_checks(manifest), _log_check(), _key_check()]


def _count_check(manifest: Manifest) -> tuple[bool, str]:
    from django.db import connection

    tables = set(connection.introspection.table_names())
    wrong = []
    with connection.cursor() as cursor:
        for table, expected in manifest.counts.items():
            if table not in tables:
                wrong.append(f"{table} is missing")
                continue
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            (present,) = cursor.fetchone()
            if present != expected:
                wrong.append(f"{table} has {present} rows instead of {expected}")
    total = sum(manifest.counts.values())
    return not wrong, "; ".join(wrong) or f"{total:,} rows in {len(manifest.counts)} tables, as backed up"


def _chain_checks(manifest: Manifest) -> list[tuple[bool, str]]:
    from uuid import UUID

    from guildmark.kernel import audit

    results = []
    for org, head in sorted(manifest.audit.items()):
        report = audit.verify_chain(UUID(org))
        holds = report.intact and report.head == head
        words = f"audit chain of {org}: {report.length} records, "
        results.append((holds, words + ("intact" if holds else "broken or not the one backed up")))
    return results


def _log_check() -> tuple[bool, str]:
    from django.db import connection

    from guildmark.kernel import standards_log
    from guildmark.kernel.models import StandardsLog

    if StandardsLog._meta.db_table not in connection.introspection.table_names():
        return True, "log of standards: begun with this release"
    report = standards_log.verify()
    words = f"log of standards: {report.entries} entries, {report.heads} signed heads, "
    return not report.fault, words + (report.fault or "intact")


def _key_check() -> tuple[bool, str]:
    from guildmark.keys import queries as keys
    from guildmark.people import queries as people

    closed = [name for org in people.organisations() for name in keys.keys_that_do_not_open(org.id)]
    if closed:
        return False, f"the root key does not open {len(closed)} signing keys: {', '.join(closed[:3])}"
    return True, "the root key opens every signing key"
