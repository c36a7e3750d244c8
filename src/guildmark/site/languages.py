"""Which language the pages speak: what the browser asks for, or what its reader chose here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import see_other
from guildmark.kernel.words import said

YEAR = 365 * 24 * 3600


@require_safe
def choose(request: HttpRequest, language: str) -> HttpResponse:
    """Remember a language in a cookie of this browser and go back to the page. Nothing else is changed."""
    if language not in dict(settings.LANGUAGES):
        raise NotFound(said("The pages do not speak this language."))
    wanted = request.GET.get("next", "/")
    inside = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = see_other(wanted if inside else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    return response
