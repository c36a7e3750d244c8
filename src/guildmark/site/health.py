"""What can be wrong with an installation: each check looks at the real thing and gives one finding or more."""

from __future__ import annotations

import shutil
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from guildmark.config import load, read_installation
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import RootKeyMissing, ensure_root_key

TIGHT, FULL = 2_000_000_000, 200_000_000
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """``level`` is ok, warn or wrong; ``mend`` says what to do about the latter two."""

    level: str
    about: str
    words: str
    mend: str = ""


def examine() -> list[Finding]:
    """All checks; one that breaks is itself a finding, so that the others still speak."""
    findings: list[Finding] = []
    for about, check in CHECKS.items():
        try:
            findings += [Finding(level, about, words, mend) for level, words, mend in check()]
        except Exception as error:
            findings.append(Finding("wrong", about, f"{type(error).__name__}: {error}"))
    return findings


Lines = Iterator[tuple[str, str, str]]


def base_url() -> Lines:
    config = load()
    if not read_installation(config.data_dir):
        yield "warn", f"{config.base_url} is not fixed yet", "It is fixed at the first guildmark serve."
    if not config.may_sign:
        yield (
            "warn",
            f"{config.base_url} is a loopback address, so nothing is signed",
            "Use https, or --dev to try.",
        )
    try:
        with urllib.request.urlopen(f"{config.base_url}/healthz", timeout=5) as answer:  # noqa: S310
            answered = answer.status == 200
    except (urllib.error.URLError, OSError, ValueError) as error:
        yield (
            "warn",
            f"{config.base_url} does not answer ({error})",
            "Start guildmark serve, or look at the proxy.",
        )
        return
    yield (
        ("ok", f"{config.base_url} answers", "") if answered else ("warn", "something else answers there", "")
    )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def data_directory() -> Lines:
    config = load()
    probe = config.data_dir / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    yield "ok", f"{config.data_dir} can be written", ""
    if _mode(config.data_dir) & 0o007:
        yield (
            "warn",
            f"everybody on this machine may look into {config.data_dir}",
            f"chmod 700 {config.data_dir}",
        )
    for path in (config.root_key_file, config.data_dir / "secret.key"):
        if path.exists() and _mode(path) & 0o077:
            yield "wrong", f"{path} can be read by others", f"chmod 600 {path}"


def database() -> Lines:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield "wrong", f"{len(missing)} migrations are missing", "Run guildmark migrate."
    else:
        yield "ok", f"{connection.vendor} answers and is up to date", ""


def root_key() -> Lines:
    from guildmark.keys import queries as keys
    from guildmark.people import queries as people

    orgs = people.organisations()
    try:
        ensure_root_key()
    except RootKeyMissing as error:
        yield "wrong", str(error), ""
        return
    closed = [name for org in orgs for name in keys.keys_that_do_not_open(org.id)]
    if closed:
        mend = "Put the right file back as root.key, from a backup. Do not make a new one."
        yield "wrong", f"the root key does not open {len(closed)} signing keys", mend
    else:
        yield "ok", f"the root key opens the signing keys of {len(orgs)} organisations", ""


def audit_chains() -> Lines:
    from guildmark.kernel import audit
    from guildmark.people import queries as people

    for org in people.organisations():
        report = audit.verify_chain(org.id)
        if not report.intact:
            yield (
                "wrong",
                f"the audit chain of {org.slug} breaks at record {report.broken_at}",
                "Compare with a backup.",
            )
    yield "ok", "audit chains recomputed", ""


def log_of_standards() -> Lines:
    from guildmark.kernel import standards_log

    report = standards_log.verify()
    if report.fault:
        yield "wrong", f"the log of standards does not hold: {report.fault}", "Compare with a backup."
    else:
        yield "ok", f"{report.entries} entries and {report.heads} signed heads recomputed", ""


def mail() -> Lines:
    from django.core.mail import get_connection

    from guildmark.notify import queries as notify
    from guildmark.people import queries as people

    if not load().mail_url.startswith("smtp"):
        yield (
            "warn",
            "mail goes to the console, nobody gets it",
            "Set GUILDMARK_MAIL_URL=smtp://USER:PASSWORD@HOST:PORT.",
        )
    else:
        connection = get_connection(timeout=10)
        try:
            connection.open()
            connection.close()
        except Exception as error:
            yield "wrong", notify.words_of(error), "Look at GUILDMARK_MAIL_URL and at the mail server."
        else:
            yield "ok", "the mail server answers", ""
    for org in people.organisations():
        if failed := notify.failed_count(org.id):
            yield "warn", f"{failed} messages of {org.slug} failed", "See Mail in the studio."


def clock() -> Lines:
    from guildmark.kernel.models import AuditEvent

    newest = AuditEvent.objects.order_by("-at").first()
    if newest is not None and newest.at > now() + timedelta(minutes=1):
        yield (
            "wrong",
            f"the clock says {now():%Y-%m-%d %H:%M} UTC, before the newest record",
            "Set the clock; use NTP.",
        )
    else:
        yield "ok", f"{now():%Y-%m-%d %H:%M} UTC", ""


def disk() -> Lines:
    free = shutil.disk_usage(load().data_dir).free
    words = f"{free / 1e9:.1f} GB free"
    level = "wrong" if free < FULL else "warn" if free < TIGHT else "ok"
    yield level, words, "" if level == "ok" else "Make room before uploads and backups fail."


def worker() -> Lines:
    from guildmark.kernel.models import Task

    late = Task.objects.filter(state="todo", not_before__lt=now() - PATIENCE).count()
    failed = Task.objects.filter(state="failed").count()
    if late:
        yield (
            "wrong",
            f"{late} tasks have waited longer than two minutes",
            "Start guildmark worker, or guildmark serve.",
        )
    if failed:
        yield (
            "warn",
            f"{failed} tasks failed for good",
            "Look at the log, and at Mail and Credentials in the studio.",
        )
    if not late and not failed:
        yield "ok", "no task is late or failed", ""


def conformance_face() -> Lines:
    config = load()
    if not config.vc_api:
        yield "ok", "off", ""
        return
    yield (
        "warn" if config.is_loopback else "wrong",
        "on: whoever reaches it may have anything signed by its test keys",
        "Take GUILDMARK_VC_API away, except on a test machine.",
    )


CHECKS: dict[str, Callable[[], Lines]] = {
    "address": base_url,
    "data directory": data_directory,
    "database": database,
    "root key": root_key,
    "audit": audit_chains,
    "log of standards": log_of_standards,
    "mail": mail,
    "clock": clock,
    "disk": disk,
    "worker": worker,
    "conformance face": conformance_face,
}
