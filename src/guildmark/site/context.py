"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from guildmark.config import load


def common(request: HttpRequest) -> dict[str, Any]:
    """``org`` and ``actor`` of a studio page, whether this is a demo, and the fixed base URL."""
    config = load()
    return {
        "org": getattr(request, "org", None),
        "actor": getattr(request, "actor", None),
        "demo_mode": config.demo,
        "base_url": config.base_url,
    }
