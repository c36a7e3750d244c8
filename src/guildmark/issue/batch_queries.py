"""Reads of batches: progress is counted from chunks, never kept beside them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from guildmark.issue.models import Batch, BatchRow, Chunk
from guildmark.issue.types import BatchLine, BatchView
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said


def view(row: Batch) -> BatchView:
    """A batch with its progress."""
    counted = (
        Chunk.objects.for_org(row.org_id)
        .filter(batch=row)
        .aggregate(
            chunks=Count("id"),
            done=Count("id", filter=Q(state="done")),
            issued=Sum("issued"),
            failed=Sum("failed"),
        )
    )
    faults = Chunk.objects.for_org(row.org_id).filter(batch=row, state="todo").exclude(error="")
    fault = faults.order_by("number").values_list("error", flat=True).first()
    return BatchView(
        id=row.id,
        org_id=row.org_id,
        kind=row.kind,
        version_id=row.version_id,
        title=row.title,
        filename=row.filename,
        state=row.state,
        total=row.total,
        ready=row.ready,
        known=row.known,
        refused=row.refused,
        chunks=counted["chunks"],
        chunks_done=counted["done"],
        issued=counted["issued"] or 0,
        failed=counted["failed"] or 0,
        fault=fault or "",
        made_by=row.made_by,
        created_at=row.created_at,
        started_at=row.started_at,
        done_at=row.done_at,
    )


def batch(org_id: UUID, batch_id: UUID) -> BatchView:
    """NotFound when this organisation has no such batch."""
    row = Batch.objects.for_org(org_id).filter(id=batch_id).first()
    if row is None:
        raise NotFound(said("There is no such batch."))
    return view(row)


def batches(org_id: UUID, limit: int = 50) -> list[BatchView]:
    """The latest batches, newest first."""
    return [view(row) for row in Batch.objects.for_org(org_id).order_by("-created_at", "-id")[:limit]]


def lines(org_id: UUID, batch_id: UUID, outcome: str = "") -> QuerySet[BatchRow]:
    """The lines of a list with what was found, in their order; of one outcome when given."""
    rows = BatchRow.objects.for_org(org_id).filter(batch_id=batch_id).order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


def refused_lines(org_id: UUID, batch_id: UUID) -> Iterator[BatchLine]:
    """The lines from which nothing will be issued, with the reasons."""
    rows = lines(org_id, batch_id).exclude(outcome="ready")
    return map(line_view, rows.iterator(chunk_size=500))


def line_view(row: BatchRow) -> BatchLine:
    return BatchLine(row.number, row.name, row.email, row.completed_on, row.outcome, row.detail)
