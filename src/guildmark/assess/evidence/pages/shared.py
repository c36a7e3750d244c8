"""What several pages show in the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from guildmark.assess.evidence import bars
from guildmark.assess.evidence.bridging import BridgePlan
from guildmark.assess.evidence.pages.serving import inline_type, preview_text
from guildmark.assess.evidence.types import ItemDetail
from guildmark.design.types import Standard, VersionView, Window
from guildmark.kernel.clock import now

KIND_WORDS = {
    "image": "IMG",
    "video": "VID",
    "audio": "AUD",
    "document": "DOC",
    "spreadsheet": "TAB",
    "text": "TXT",
    "archive": "ZIP",
}


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also when that is nothing at all; None on any other request."""
    return request.POST if request.method == "POST" else None


def size_words(size: int) -> str:
    """``3.1 MB``: decimal units, one digit."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"


def item_row(detail: ItemDetail, url: Callable[[UUID], str], *, previews: bool = False) -> dict[str, Any]:
    """One piece of evidence for a template; ``url`` makes the address of its bytes."""
    item = detail.item
    kind = KIND_WORDS.get(detail.group, "URL" if item.kind == "url" else "FILE")
    shown = inline_type(detail)
    return {
        "id": item.id,
        "kind": "PDF" if item.media_type == "application/pdf" else kind,
        "title": item.title,
        "filename": item.filename,
        "meta": f"{item.filename} · {size_words(item.size)}",
        "digest": f"sha-256 {item.sha256[:8]}…{item.sha256[-8:]}",
        "sha256": item.sha256,
        "source_url": item.source_url,
        "received_at": item.received_at,
        "fetched_at": detail.fetched_at,
        "url": url(item.id),
        "view": shown.split("/")[0] if detail.group in {"image", "video", "audio"} else "",
        "opens": bool(shown),
        "requirement_id": item.requirement_id,
        "text": preview_text(detail) if previews else "",
    }


def rubric_rows(standard: Standard) -> list[dict[str, Any]]:
    """The rubric as a table: per criterion its levels, marked where they pass."""
    return [
        {
            "criterion": criterion,
            "cells": [
                {
                    "text": criterion.descriptors[number - 1] if number <= len(criterion.descriptors) else "",
                    "passes": number >= standard.pass_level,
                }
                for number, _ in enumerate(standard.scale, start=1)
            ],
        }
        for criterion in standard.criteria
    ]


def bridge_facts(plan: BridgePlan | None) -> dict[str, Any]:
    """What ``evidence/parts/bridge.html`` shows; nothing for who is judged by the whole standard."""
    if plan is None:
        return {"bridge": None, "carried": []}
    names = {criterion.id: criterion for criterion in plan.target.standard.criteria}
    rows = [{"criterion": names[result.criterion_id], "result": result} for result in plan.carried]
    return {"bridge": plan, "carried": rows}


def window_facts(version: VersionView, *, open_work: bool = True) -> dict[str, Any]:
    """What ``evidence/parts/window.html`` shows: how long the version that was agreed to still counts.

    ``open_work`` is false where nothing is to be handed in any more, so that no window matters.
    """
    window = bars.window(version) if open_work else Window()
    return {
        "window": window,
        "window_ended": window.ended(now()),
        "window_begins_later": window.effective_at is not None and window.effective_at > now(),
        "agreed_number": version.number,
        "slug": version.slug,
    }


def bar_path(version: VersionView) -> str:
    """The public address of a version of the standard (CONTRACTS 1)."""
    return f"/s/{version.slug}/v/{version.number}"
