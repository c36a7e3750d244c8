"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guildmark.config import load

# (group, [(label, name of the address, roles that may use it; empty: any member)])
STUDIO_NAV: list[tuple[Any, list[tuple[Any, str, tuple[str, ...]]]]] = [
    (
        "",
        [
            (_("Overview"), "studio_home", ()),
            (_("Standards"), "standards", ()),
            (_("Frameworks"), "frameworks", ()),
            (_("Assessing"), "assessing", ("assessor", "registrar")),
            (_("Learners"), "learners", ("registrar", "assessor", "designer", "auditor")),
            (_("Credentials"), "credentials", ()),
            (pgettext_lazy("board", "Upkeep"), "upkeep", ()),
        ],
    ),
    (
        _("Administration"),
        [
            (_("People"), "people", ("owner",)),
            (_("Keys"), "keys", ("owner",)),
            (_("API keys"), "api_keys", ("owner",)),
            (_("Mail"), "mail", ("owner", "registrar")),
            (_("Audit"), "audit", ("owner", "auditor")),
            (_("Settings"), "settings", ("owner",)),
        ],
    ),
]
LEARNER_NAV = [(_("My work"), "learn"), (_("My credentials"), "shelf")]


def common(request: HttpRequest) -> dict[str, Any]:
    """``org``, ``actor``, the two navigations, whether this is a demo, and the fixed base URL."""
    config = load()
    org, actor = getattr(request, "org", None), getattr(request, "actor", None)
    values: dict[str, Any] = {
        "actor": actor,
        "demo_mode": config.demo,
        "base_url": config.base_url,
        "may_sign": config.may_sign,
        "nav_learner": learner_nav(request),
    }
    if org is not None:
        values |= {"org": org, "nav": studio_nav(request)}
    return values


def address(name: str, *args: object) -> str:
    """The address of that name, or nothing where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def studio_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the working side; what the actor may not use is left out."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    groups = []
    for label, entries in STUDIO_NAV:
        items = [
            {"label": word, "url": url, "active": is_active(request.path, url)}
            for word, name, roles in entries
            if (url := address(name, org.slug)) and (not roles or actor.has(*roles))
        ]
        groups.append({"label": label or org.name, "items": items})
    return groups


def is_active(path: str, url: str) -> bool:
    """An entry is active on its own page and on those below it; the overview only on its own."""
    below = url.rstrip("/") + "/"
    return path.rstrip("/") == url.rstrip("/") or (below.count("/") > 3 and path.startswith(below))


def learner_nav(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        {"label": word, "url": url, "active": request.path.startswith(url)}
        for word, name in LEARNER_NAV
        if (url := address(name))
    ]
