"""Filters of the public pages."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import template
from django.utils.dateformat import format as written
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

CHECK_TITLES = {
    "syntax": "It can be read",
    "schema": "It has the form of an Open Badge",
    "safe_mode": "Every word in it is defined",
    "proof": "The signature fits the content",
    "key_binding": "The key belongs to the issuer",
    "status": "Neither revoked nor suspended",
    "validity": "Within its dates",
    "issuer_trust": "The issuer is known",
    "recipient": "It belongs to this person",
    "endorsements": "What others say of it",
}


@register.filter
def ld_json(data: dict[str, Any]) -> SafeString:
    """A schema.org data block; ``<`` is escaped so that no text can close the element."""
    text = (
        json.dumps(data, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def day(value: str) -> str:
    """``2026-05-21`` as ``21 May 2026``; every other text as it is."""
    try:
        return written(date.fromisoformat(value), "j F Y") if len(value) == 10 else value
    except ValueError:
        return value


@register.filter
def level_rank(levels: Any, achieved: Any) -> int:
    """The place of the achieved level in its rubric row, counted from 1; 0 without one."""
    return next(
        (i for i, level in enumerate(levels, 1) if achieved is not None and level.id == achieved.id), 0
    )


@register.filter
def check_ok(check: Any) -> bool | None:
    """True, False, or None for what was not checked."""
    return {"passed": True, "failed": False, "warning": False}.get(check.outcome.value)


@register.filter
def check_title(check: Any) -> str:
    return CHECK_TITLES.get(check.name, check.name)
