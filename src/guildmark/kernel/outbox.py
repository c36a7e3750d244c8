"""The outbox: what happened is written in its own transaction, and each listener gets a task of its own.

Rooms above listen to events of rooms below; nothing is ever imported upwards. Delivery is at-least-once with a
stable id (the event's), so listeners must be idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from guildmark.kernel import bulk, tasks
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import OutboxEvent


@dataclass(frozen=True)
class Event:
    """What a listener receives."""

    id: UUID
    org_id: UUID
    kind: str
    payload: dict[str, Any]


Listener = Callable[[Event], None]
_listeners: dict[str, list[str]] = {}


def on(kind: str, *, name: str) -> Callable[[Listener], Listener]:
    """Register a listener, ``name`` being stable over releases because it is stored in task rows."""

    def register(listener: Listener) -> Listener:
        names = _listeners.setdefault(kind, [])
        if name not in names:
            names.append(name)

        def run(lease: tasks.Lease) -> None:
            row = OutboxEvent.objects.get(id=lease.payload["event"])
            listener(Event(id=row.id, org_id=row.org_id, kind=row.kind, payload=row.payload))

        tasks.task(name)(run)
        return listener

    return register


def emit(org_id: UUID, kind: str, payload: dict[str, Any]) -> OutboxEvent:
    """Write an event and one task per listener; must run inside the transaction of the change itself."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.emit must run inside the transaction of the change")
    event = OutboxEvent(org_id=org_id, kind=kind, payload=payload, created_at=now())
    event.save(force_insert=True)
    for name in _listeners.get(kind, ()):
        tasks.enqueue(name, {"event": str(event.id)}, org_id=org_id, key=f"{name}:{event.id}")
    return event


def emit_many(org_id: UUID, kind: str, payloads: Sequence[dict[str, Any]]) -> None:
    """Write many events of one kind as :func:`emit` writes one."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.emit_many must run inside the transaction of the change")
    moment = now()
    events = [(uuid7(), org_id, kind, payload, moment) for payload in payloads]
    bulk.insert(OutboxEvent, ("id", "org_id", "kind", "payload", "created_at"), events)
    for name in _listeners.get(kind, ()):
        tasks.enqueue_many(
            name, [(f"{name}:{event[0]}", {"event": str(event[0])}) for event in events], org_id=org_id
        )
