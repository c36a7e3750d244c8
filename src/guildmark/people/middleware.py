"""Puts ``request.member_of(slug)`` on requests: who the signed-in person is in an organisation."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guildmark.kernel.actor import Actor
from guildmark.kernel.web import person
from guildmark.people import queries
from guildmark.people.types import OrgView


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def member_of(org_slug: str) -> tuple[OrgView, Actor]:
            return queries.member_of(person(request), org_slug)

        request.member_of = member_of  # type: ignore[attr-defined]
        return self.get_response(request)
