"""Addresses of Open Badges 2.0: hosted assertion, BadgeClass, issuer and pictures. No session, no cookie, any origin."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guildmark.issue import openbadges2, queries
from guildmark.protocol.openbadges.v2 import MEDIA_TYPE


def _wanted(request: HttpRequest) -> set[str]:
    parts = request.headers.get("Accept", "").split(",")
    return {part.split(";")[0].strip().lower() for part in parts}


def _send(request: HttpRequest, document: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON-LD; plain JSON when only that is asked for (Open Badges 2.0, section 5.1.1)."""
    wanted = _wanted(request)
    plain = "application/json" in wanted and MEDIA_TYPE not in wanted
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False),
        content_type="application/json" if plain else MEDIA_TYPE,
        status=status,
    )
    return _open(response)


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept"])
    return response


def _for_people(request: HttpRequest, page: str) -> HttpResponse | None:
    """A browser is led to the page; whoever lists any JSON type, or names no type, gets the document."""
    wanted = _wanted(request)
    if "text/html" not in wanted or any(kind.endswith(("/json", "+json")) for kind in wanted):
        return None
    return _open(HttpResponseRedirect(page))


@require_safe
def assertion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``/c/{id}/ob2``. A private credential has no hosted assertion: 404 in the same words as an unknown one."""
    view = queries.public_credential(public_id)
    document, status = openbadges2.assertion(view)
    return _for_people(request, view.path) or _send(request, document, status)


@require_safe
def baked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``/c/{id}/ob2.png``: the picture with the hosted assertion inside."""
    found = openbadges2.baked(queries.public_credential(public_id))
    response = _open(HttpResponse(found.content, content_type=found.media_type))
    response["Content-Disposition"] = f'inline; filename="{found.filename}"'
    return response


@require_safe
def badge_class(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    document = openbadges2.badge_class(slug, number)
    return _for_people(request, f"/s/{slug}/v/{number}") or _send(request, document)


@require_safe
def badge_picture(request: HttpRequest, slug: str, number: str, kind: str) -> HttpResponse:
    picture = openbadges2.badge_picture(slug, number, kind)
    return _open(HttpResponse(picture, content_type=openbadges2.PICTURES[kind]))


@require_safe
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    document = openbadges2.profile(slug)
    return _for_people(request, f"/o/{slug}") or _send(request, document)
