"""Addresses for operators: alive, ready, counted."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from guildmark.kernel.http import is_public
from guildmark.kernel.models import OutboxEvent, Task
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is up to date; 503 names what is not."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    return JsonResponse({"ready": not missing, "missing_migrations": missing}, status=503 if missing else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; only for callers from a private network or this machine."""
    if is_public(request.META.get("REMOTE_ADDR", "127.0.0.1") or "127.0.0.1"):
        raise NotFound(said("There is nothing at this address."))
    registry = CollectorRegistry()
    tasks = Gauge("guildmark_tasks", "Tasks by state", ["state"], registry=registry)
    for state in ("todo", "leased", "failed"):
        tasks.labels(state).set(Task.objects.filter(state=state).count())
    Gauge("guildmark_events_total", "Events in the outbox", registry=registry).set(
        OutboxEvent.objects.count()
    )
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
