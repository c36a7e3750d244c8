"""Signing in with one click, and a file to try the verifier on; in demo mode only."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guildmark.config import load
from guildmark.issue import queries as issue
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import see_other
from guildmark.people import queries as people
from guildmark.site.demo.people import PERSONAS
from guildmark.site.demo.seed import SLUG, marker


def _demo_only() -> None:
    if not load().demo:
        raise NotFound("There is nothing at this address.")


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Become one of the personas."""
    _demo_only()
    persona = next((p for p in PERSONAS if p.key == key), None)
    user = get_user_model().objects.filter(email=persona.email).first() if persona else None
    if persona is None or user is None:
        raise NotFound("There is no such person in the demo.")
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return (
        see_other("studio_home", people.organisation_by_slug(SLUG).slug)
        if persona.roles
        else see_other("/home")
    )


def tampered(request: HttpRequest) -> HttpResponse:
    """A real credential of the demo with one level raised after it was signed."""
    _demo_only()
    cases: dict[str, str] = json.loads(marker().read_text("utf-8"))["cases"]
    document: dict[str, Any] = json.loads(issue.credential(UUID(cases["noor"])).body)
    document["credentialSubject"]["achievement"]["name"] += ", with distinction"
    response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/vc+ld+json")
    response["Content-Disposition"] = 'attachment; filename="tampered.json"'
    return response
