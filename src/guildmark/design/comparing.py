"""Two versions side by side, as the studio and the public page show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from guildmark.design import diffs, queries, versions
from guildmark.design.bridge import bridge
from guildmark.design.types import LOWERED_WORDS, VersionView
from guildmark.kernel.words import day


def context(old: VersionView, new: VersionView) -> dict[str, Any]:
    """What the templates ``design/_changes.html``, ``_bridge.html`` and ``_lowering.html`` need."""
    change = versions.compare(old.standard, new.standard)
    found = diffs.rows(change, old.standard, new.standard)
    return {
        "old": old,
        "new": new,
        "change": change,
        "summary": diffs.SUMMARY[change.forces],
        "rows": found,
        "counts": diffs.counts(found),
        "bridge": bridge(old.standard, new.standard),
        "low": lowering(old, new),
        "public_url": public_path(old, new) if old.is_published and new.is_published else "",
    }


def lowering(old: VersionView, new: VersionView) -> dict[str, Any] | None:
    """The public record of a lowered version, with the places of its changes in words."""
    record = queries.lowering_record(new)
    if record is None:
        return None
    places = [diffs.where(path, old.standard, new.standard) for path in record["changes"]]
    return {**in_words(record), "places": places}


def in_words(record: dict[str, Any]) -> dict[str, Any]:
    """The record of a lowered version with words and days that a page can say in its language."""
    words = {name: LOWERED_WORDS.get(record[name], record[name]) for name in ("from", "to")}
    days = {name: day(datetime.fromisoformat(record[f"{name}At"]).date()) for name in ("asked", "agreed")}
    return record | words | {f"{name}On": moment for name, moment in days.items()}


def public_path(old: VersionView, new: VersionView) -> str:
    """The public comparison is composed by the site; an installation without it has none."""
    try:
        return reverse("standard_compare", args=[new.slug, old.number, new.number])
    except NoReverseMatch:
        return ""


def document(old: VersionView, new: VersionView) -> dict[str, Any]:
    """The same comparison for programs: the form of ``guildmark diff --json`` with the two versions named."""
    change = versions.compare(old.standard, new.standard)
    return {
        "slug": new.slug,
        "from": _named(old),
        "to": _named(new),
        **change.as_json(),
        "bridge": bridge(old.standard, new.standard).as_json(),
    }


def _named(view: VersionView) -> dict[str, Any]:
    told = queries.standard_document(view)
    members = (
        "version",
        "state",
        "coreHash",
        "publishedAt",
        "effectiveAt",
        "transitionUntil",
        "updateNote",
        "lowering",
    )
    return {name: told[name] for name in members}
