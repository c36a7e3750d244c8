"""Every change to frameworks: importing, withdrawing, restoring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PurePath
from uuid import UUID

from django.db import transaction

from guildmark.kernel import audit, files, outbox, tasks
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.media import safe_name
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.skills import events, importing, policies, queries
from guildmark.skills.formats.common import Options
from guildmark.skills.formats.source import MAX_FILE
from guildmark.skills.importing import Watch
from guildmark.skills.models import Framework, FrameworkImport
from guildmark.skills.states import FRAMEWORK
from guildmark.skills.types import FrameworkView, ImportView


def import_framework(
    *,
    by: Actor,
    org_id: UUID,
    filename: str,
    pieces: Iterable[bytes],
    options: Options | None = None,
    withdraw_many: bool = False,
    into: UUID | None = None,
    queue: bool = True,
) -> ImportView:
    """Store an upload and have it imported by a task; the same file that still waits gives the import that is there.

    ``into`` names a framework of ours that the file is a new edition of (for tables that have no id of their own).
    ``withdraw_many`` allows that most of a framework is withdrawn. With ``queue=False`` nothing is enqueued: call
    :func:`run_import`. Raises Invalid for unusable options, TooLarge for too large a file.
    """
    by.require(org_id, *policies.WRITERS)
    options = policies.ensure_usable(options or Options())
    if into is not None:
        options = _edition_of(org_id, into, options)
    stored = files.save(org_id, pieces, max_bytes=MAX_FILE)
    try:
        return _enter(by, org_id, PurePath(filename).name, stored, options, withdraw_many, queue)
    except BaseException:
        files.delete(stored.key)
        raise


def _edition_of(org_id: UUID, framework_id: UUID, options: Options) -> Options:
    present = queries.framework(org_id, framework_id)
    said = asdict(options)
    for name in ("uri", "title", "language"):
        said[name] = said[name] or getattr(present, name)
    return Options(**{**said, "uri": present.uri, "language": present.language})


@transaction.atomic
def _enter(
    by: Actor,
    org_id: UUID,
    filename: str,
    stored: files.StoredFile,
    options: Options,
    withdraw_many: bool,
    queue: bool,
) -> ImportView:
    said = {**asdict(options), "columns": dict(options.columns), "withdraw_many": withdraw_many}
    waiting = FrameworkImport.objects.for_org(org_id).filter(
        sha256=stored.sha256, state__in=("queued", "running")
    )
    # One that is not queued is run by whoever asked for it, so it is never shared.
    for row in waiting if queue else ():
        if row.options == said:
            files.delete(stored.key)
            return queries.import_view(row)
    row = FrameworkImport.objects.create(
        org_id=org_id,
        filename=safe_name(filename)[:200],
        file_key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
        options=said,
        made_by=by.label[:200],
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="skills.import_asked",
        subject_type="framework_import",
        subject_id=row.id,
        data={"sha256": stored.sha256, "bytes": stored.size},
    )
    if queue:
        tasks.enqueue(
            importing.TASK,
            {"import": str(row.id)},
            org_id=org_id,
            key=f"{importing.TASK}:{row.id}",
            max_attempts=importing.MAX_TRIES,
        )
    return queries.import_view(row)


def run_import(*, by: Actor, org_id: UUID, import_id: UUID, watch: Watch | None = None) -> ImportView:
    """Do an import that was not queued, here and now; ``watch`` hears how far it is."""
    by.require(org_id, *policies.WRITERS)
    importing.run(org_id, import_id, watch=watch)
    return queries.framework_import(org_id, import_id)


@transaction.atomic
def withdraw_framework(*, by: Actor, org_id: UUID, framework_id: UUID) -> FrameworkView:
    """Take a framework out of use: its skills are no longer offered, but stay resolvable. :func:`restore_framework`
    undoes it.
    """
    by.require(org_id, *policies.WRITERS)
    row = _locked(org_id, framework_id)
    FRAMEWORK.check(row.state, "withdrawn")
    row.state, row.withdrawn_at = "withdrawn", now()
    row.save(update_fields=["state", "withdrawn_at"])
    return _changed(by, row, "skills.framework_withdrawn", events.WITHDRAWN)


@transaction.atomic
def restore_framework(*, by: Actor, org_id: UUID, framework_id: UUID) -> FrameworkView:
    """Offer a withdrawn framework again."""
    by.require(org_id, *policies.WRITERS)
    row = _locked(org_id, framework_id)
    wanted = "current" if row.skills + row.others else "imported"
    FRAMEWORK.check(row.state, wanted)
    row.state, row.withdrawn_at = wanted, None
    row.save(update_fields=["state", "withdrawn_at"])
    return _changed(by, row, "skills.framework_restored", events.RESTORED)


def _locked(org_id: UUID, framework_id: UUID) -> Framework:
    row = (
        Framework.objects.for_org(org_id)
        .select_for_update()
        .filter(id=framework_id, generation__gt=0)
        .first()
    )
    if row is None:
        raise NotFound(said("There is no such framework."))
    return row


def _changed(by: Actor, row: Framework, action: str, event: str) -> FrameworkView:
    audit.record(org_id=row.org_id, by=by, action=action, subject_type="framework", subject_id=row.id)
    outbox.emit(row.org_id, event, {"framework_id": str(row.id)})
    return queries.framework_view(row)
