"""Leased tasks. Correctness rests on rows, leases and fencing tokens, not on a queue's memory.

A worker claims a due row for ``LEASE`` and gets a fencing token; if it dies, the lease runs out and another
worker takes the row with the next token. Whoever lost the lease cannot mark the row done, and a handler that
writes calls :meth:`Lease.hold` inside its transaction so that a late writer changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, close_old_connections, transaction
from django.db.models import Q

from guildmark.kernel import bulk
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import Task

log = logging.getLogger("guildmark.tasks")
LEASE = timedelta(seconds=60)
#: Who waits for a task: a person, a batch, nobody in particular. The first due task of the lowest rank goes first.
PERSON, BATCH, AFTER_BATCH = 0, 1, 2
#: The rank of the task that runs here: what it asks for waits no less long than it did.
_rank: ContextVar[int] = ContextVar("task_rank", default=PERSON)


class LeaseLost(Exception):
    """Another worker holds this task now; the present one must change nothing."""


class Retry(Exception):
    """Raised by a handler for a passing fault; the message is shown to the operator."""


@dataclass(frozen=True)
class Lease:
    """The right to work on one task until its lease ends."""

    task_id: UUID
    org_id: UUID
    name: str
    payload: dict[str, Any]
    fence: int
    attempt: int
    rank: int = PERSON

    def hold(self) -> None:
        """Lock the row and prove that the lease is still ours; call it first inside the handler's transaction."""
        held = Task.objects.select_for_update().filter(id=self.task_id, fence=self.fence, state="leased")
        if not held.exists():
            raise LeaseLost(self.name)

    def renew(self) -> None:
        """Give a long handler another lease from now on; LeaseLost when another worker holds the task."""
        mine = Task.objects.filter(id=self.task_id, fence=self.fence, state="leased")
        if not mine.update(lease_until=now() + LEASE):
            raise LeaseLost(self.name)


Handler = Callable[[Lease], None]
_handlers: dict[str, Handler] = {}
_sweeps: dict[str, tuple[timedelta, Callable[[], None]]] = {}
_last_sweep: dict[str, datetime] = {}


def task(name: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of task. The name is stored in rows: keep it stable."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def sweep(name: str, *, every: timedelta) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that looks for work left undone and enqueues it again."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _sweeps[name] = (every, function)
        return function

    return register


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    org_id: UUID,
    key: str,
    not_before: datetime | None = None,
    max_attempts: int = 8,
    rank: int = PERSON,
) -> None:
    """Store a task; ``key`` makes it unique for ever, so that enqueueing twice is harmless."""
    moment = now()
    if Task.objects.filter(key=key).exists():
        return
    try:
        with transaction.atomic():
            Task.objects.create(
                org_id=org_id,
                name=name,
                key=key,
                payload=payload,
                not_before=not_before or moment,
                created_at=moment,
                max_attempts=max_attempts,
                rank=max(rank, _rank.get()),
            )
    except IntegrityError:
        return


def enqueue_many(
    name: str, payloads: Sequence[tuple[str, dict[str, Any]]], *, org_id: UUID, max_attempts: int = 8
) -> None:
    """Store many tasks of one kind, each with its key, which must be new; inside a transaction.

    They come after what people and batches wait for.
    """
    moment = now()
    columns = ("id", "org_id", "name", "key", "payload", "state", "attempts", "max_attempts",
               "rank", "not_before", "fence", "last_error", "created_at")  # fmt: skip
    bulk.insert(
        Task,
        columns,
        (
            (uuid7(), org_id, name, key, payload, "todo", 0, max_attempts, AFTER_BATCH, moment, 0, "", moment)
            for key, payload in payloads
        ),
    )


def retry(task_id: UUID, *, org_id: UUID) -> bool:
    """Give a failed task a fresh set of attempts; False when it is not failed or not this organisation's."""
    changed = Task.objects.filter(id=task_id, org_id=org_id, state="failed").update(
        state="todo", attempts=0, not_before=now()
    )
    return bool(changed)


def claim(name: str = "") -> Lease | None:
    """Take the next due task (of one kind when named), or one whose lease has run out."""
    moment = now()
    kind = Q(name=name) if name else Q()
    with transaction.atomic():
        row = (
            Task.objects.select_for_update(skip_locked=True)
            .filter(kind)
            .filter(Q(state="todo", not_before__lte=moment) | Q(state="leased", lease_until__lt=moment))
            .order_by("rank", "not_before", "id")
            .first()
        )
        if row is None:
            return None
        row.state, row.fence, row.attempts = "leased", row.fence + 1, row.attempts + 1
        row.lease_until = moment + LEASE
        row.save(update_fields=["state", "fence", "attempts", "lease_until"])
    return Lease(row.id, row.org_id, row.name, row.payload, row.fence, row.attempts, row.rank)


def finish(lease: Lease, *, error: str = "", final: bool = False) -> None:
    """Close a lease: done, or another try later with growing distance, or failed for good."""
    mine = Task.objects.filter(id=lease.task_id, fence=lease.fence, state="leased")
    if not error:
        mine.update(state="done", done_at=now(), lease_until=None, last_error="")
        return
    row = mine.first()
    if row is None:
        return
    exhausted = final or row.attempts >= row.max_attempts
    mine.update(
        state="failed" if exhausted else "todo",
        not_before=now() + timedelta(seconds=min(3600, 5 * 2 ** min(row.attempts, 10))),
        lease_until=None,
        last_error=error[:2000],
    )


def run_one(name: str = "") -> bool:
    """Claim and run one task, of one kind when named; False when nothing is due."""
    lease = claim(name)
    if lease is None:
        return False
    handler = _handlers.get(lease.name)
    if handler is None:
        finish(lease, error=f"no handler for {lease.name} in this release")
        return True
    token = _rank.set(lease.rank)
    try:
        handler(lease)
    except LeaseLost:
        log.warning("lease lost: %s %s", lease.name, lease.task_id)
    except Exception as error:
        if not isinstance(error, Retry):
            log.exception("task %s %s failed", lease.name, lease.task_id)
        finish(lease, error=f"{type(error).__name__}: {error}")
    else:
        finish(lease)
    finally:
        _rank.reset(token)
    return True


def run_until_idle(limit: int = 10_000) -> int:
    """Run due tasks until none is left; returns how many ran."""
    ran = 0
    while ran < limit and run_one():
        ran += 1
    return ran


def run_sweeps(*, force: bool = False) -> None:
    """Run the sweeps that are due."""
    moment = now()
    for name, (every, function) in _sweeps.items():
        last = _last_sweep.get(name)
        # A clock set back must not silence the sweeper, hence the absolute distance.
        if force or last is None or abs(moment - last) >= every:
            _last_sweep[name] = moment
            try:
                function()
            except Exception:
                log.exception("sweep %s failed", name)


def work_forever(stop: Callable[[], bool], *, pause: float = 0.4) -> None:
    """The worker's loop: sweeps, then due tasks, then a short pause."""
    while not stop():
        close_old_connections()
        run_sweeps()
        if not run_one():
            time.sleep(pause)
