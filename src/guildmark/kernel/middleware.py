"""The edge: request ids, security headers, and the one place where errors become answers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from guildmark.config import load
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import (
    Forbidden,
    GuildmarkError,
    LengthRequired,
    NotAllowed,
    NotFound,
    TooLarge,
)
from guildmark.kernel.words import Count, said

log = logging.getLogger("guildmark.request")
GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)


class RequestIdMiddleware:
    """Give every request an id, or keep the one a proxy gave, and answer with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if REQUEST_ID.match(given) else uuid7().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class SecurityHeadersMiddleware:
    """Headers for every answer; a view may set a stricter policy of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


def wants_json(request: HttpRequest) -> bool:
    """True for the API and for callers that ask for JSON and not for a page."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def problem_response(request: HttpRequest, error: GuildmarkError) -> HttpResponse:
    """Render one error: RFC 9457 problem+json or a page with the same words."""
    request_id = getattr(request, "request_id", "")
    document = error.as_problem(instance=request.path, request_id=request_id)
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(document, status=error.status, content_type="application/problem+json")
    else:
        response = render(
            request, "errors/problem.html", {"problem": error, "request_id": request_id}, status=error.status
        )
    retry_after = getattr(error, "retry_after", None)
    if retry_after and error.status == 429:
        response["Retry-After"] = str(retry_after)
    if error.status == 401 and wants_json(request):
        response["WWW-Authenticate"] = "Bearer"
    return response


def refused_request(error: Exception) -> GuildmarkError:
    """What Django itself refuses to read, in our words."""
    if isinstance(error, MultiPartParserError):
        return GuildmarkError(
            said(
                "The form that was sent is broken off, or a file in it has a name of more than 1,000 characters."
            ),
            mend=said("Give the file a shorter name, then send it again."),
        )
    if isinstance(error, RequestDataTooBig):
        limit = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1048576
        return TooLarge(
            said("The request is larger than {n} MB.", n=limit),
            mend=said("Send less at once; files are sent as files."),
        )
    if isinstance(error, TooManyFieldsSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0
        return GuildmarkError(
            said("The request holds more than {n} fields.", n=Count(limit)), mend=said("Send fewer at once.")
        )
    if isinstance(error, TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES or 0
        return GuildmarkError(
            said("The request holds more than {n} files.", n=limit), mend=said("Send fewer at once.")
        )
    if isinstance(error, DisallowedHost):
        return GuildmarkError(
            said("The host that this request names is not served here."),
            mend=said("Ask {address} instead.", address=load().base_url),
        )
    return GuildmarkError(
        said("The request cannot be read."), mend=said("Check the address and what was sent.")
    )


def too_much(request: HttpRequest) -> GuildmarkError | None:
    """A body that is larger than anything taken here, or of unknown length, is refused before it is read."""
    given = request.META.get("CONTENT_LENGTH") or ""
    if not given and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return LengthRequired(
            said("The length of the body is not given."),
            mend=said("Send Content-Length, not a chunked body."),
        )
    limit = load().max_upload_bytes
    # A form around the largest file adds its boundaries and its other fields.
    if given.isdigit() and int(given) > limit + 1_000_000:
        return TooLarge(
            said("The request is larger than {n} MB.", n=limit // 1048576), mend=said("Send a smaller file.")
        )
    return None


class ProblemMiddleware:
    """Turn a raised GuildmarkError into its answer, wherever it was raised.

    An address with a NUL is refused before it reaches a query: PostgreSQL has no such character.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problem_response(request, GuildmarkError(said("The address holds a NUL character.")))
        refused = too_much(request)
        if refused is not None:
            return problem_response(request, refused)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = problem_response(
                request,
                NotAllowed(
                    said("{method} is not possible here.", method=request.method),
                    mend=said("Possible: {methods}.", methods=allowed),
                ),
            )
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, GuildmarkError):
            return problem_response(request, error)
        if isinstance(error, Http404):
            return problem_response(request, NotFound(said("There is nothing at this address.")))
        if isinstance(error, PermissionDenied):
            return problem_response(request, Forbidden(said("This is not yours to see.")))
        if isinstance(error, SuspiciousOperation):
            return problem_response(request, refused_request(error))
        return None
