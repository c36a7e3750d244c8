"""Filters of the public pages."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

register = template.Library()

CHECK_TITLES = {
    "syntax": _("It can be read"),
    "schema": _("It has the form of an Open Badge"),
    "safe_mode": _("Every word in it is defined"),
    "proof": _("The signature fits the content"),
    "key_binding": _("The key belongs to the issuer"),
    "status": _("Neither revoked nor suspended"),
    "validity": _("Within its dates"),
    "issuer_trust": _("The issuer is known"),
    "recipient": _("It belongs to this person"),
    "endorsements": _("What others say of it"),
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
    """``2026-05-21`` as ``21 May 2026`` in the language of the page; every other text as it is."""
    try:
        return date_format(date.fromisoformat(value), "DATE_FORMAT") if len(value) == 10 else value
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
    return str(CHECK_TITLES.get(check.name, check.name))
