"""Decorators and helpers for pages. The room ``people`` puts ``member_of`` on the request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from guildmark.config import load
from guildmark.kernel.problems import FieldProblem, GuildmarkError
from guildmark.kernel.speaking import spoken

View = Callable[..., HttpResponseBase]
#: Where a cache before Django leaves a list for the moments until which an answer stands.
KEEP_UNTIL = "guildmark.keep_until"


def absolute(path: str) -> str:
    """The address of a path under the fixed base URL."""
    return load().base_url + path


def see_other(to: str, *args: Any, **kwargs: Any) -> HttpResponseRedirect:
    """303 after a POST: ``to`` is a path or the name of an address with its arguments."""
    url = to if to.startswith("/") else reverse(to, args=args, kwargs=kwargs)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def sign_in_first(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


def person(request: HttpRequest) -> UUID:
    """The account of a signed-in person."""
    return UUID(str(request.user.pk))


def signed_in(view: View) -> View:
    """The page needs a person who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    return guarded


def studio_page(*roles: str) -> Callable[[View], View]:
    """The page belongs to the working side of an organisation, whose slug is the first part of the address.

    Sets ``request.org`` and ``request.actor``. A person who is no member gets the same 404 as for an unknown
    organisation; a member without one of ``roles`` (none given: any role) gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, org_slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            org, actor = request.member_of(org_slug)  # type: ignore[attr-defined]
            actor.require(org.id, *roles)
            request.org, request.actor = org, actor  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def told(error: GuildmarkError | FieldProblem) -> str:
    """What is wrong and what to do; what was said for translation is in the language of the page."""
    return " ".join(spoken(part) for part in (error.detail, error.mend) if part)


def form_problem(form: Any, error: GuildmarkError) -> None:
    """Put a refused action's words onto the form, at the named field where the form has it.

    What was said for translation is in the language of the page.
    """
    for problem in error.all_errors() or [FieldProblem("", error.detail, error.mend)]:
        form.add_error(problem.field if problem.field in form.fields else None, told(problem))


def caller_of(request: HttpRequest) -> str:
    """The address of the visitor: the last hop that a proxy of ours wrote, or the socket's other end."""
    proxies = load().trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def keep_until(request: HttpRequest, *moments: datetime) -> None:
    """Tell a cache before Django that this answer is for anybody and stands until the first of these moments.

    What the answer shows may otherwise change only with the stamp that the cache compares.
    """
    noted = request.META.get(KEEP_UNTIL)
    if noted is not None:
        noted += moments
