"""Answers that strangers ask for again and again, kept in front of Django.

``/c/{id}`` with its files and ``/status/{list}`` are the hot reads: a badge on a popular profile is opened by people
and by robots, without a session. What Django answered is kept under the address and everything that the answer
varies by, together with a *stamp* that is read from the database before each answer (:mod:`guildmark.issue.stamps`).
A change that any process makes alters the stamp, so it shows on the next request; what changes by time alone (an
expiry, an overdue review) ends the answer at that moment, because the view says until when it stands.

Requests with a cookie, a query, credentials of their own or another method than GET and HEAD go to Django untouched,
and so does everything private.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from guildmark.issue import queries as issue
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.middleware import REQUEST_ID
from guildmark.kernel.web import KEEP_UNTIL
from guildmark.site.negotiation import credential_type_of, read_accept, wants_document_of

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ADDRESS = re.compile(rf"/(?:c/({_ID})(?:\.(?:json|png|svg|pdf))?|status/({_ID}))")
#: Requests that carry any of these are answered for one caller only, or in part.
PERSONAL = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_RANGE")
VARIES_BY = frozenset({"accept", "accept-language", "cookie"})
LONGEST = timedelta(seconds=60)
MOST_ENTRIES = 2_048
MOST_BYTES = 32 << 20
LARGEST = 1 << 20
_HEADER = 400
#: Characters of the longest name of a host, with a port.
_HOST = 260


class Answer(NamedTuple):
    """A kept answer: good while the stamp is the same and its moment has not come."""

    stamp: Any
    until: datetime
    headers: Headers
    body: bytes
    etag: str


@lru_cache(maxsize=512)
def _form(accept: str) -> tuple[bool, str, bool]:
    """What an Accept header comes to on these addresses."""
    names = read_accept(accept)
    return wants_document_of(names), credential_type_of(names), "application/vc" in names


@lru_cache(maxsize=512)
def _language(accept_language: str) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept_language
    return get_language_from_request(request)


class Front:
    """The WSGI application with kept answers before it. One per process; safe for several threads."""

    def __init__(
        self, application: Application, *, entries: int = MOST_ENTRIES, size: int = MOST_BYTES
    ) -> None:
        self.application = application
        self.most_entries, self.most_bytes = entries, size
        self._kept: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
        self._bytes = 0
        self._swept = now()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = ADDRESS.fullmatch(environ["PATH_INFO"])
        if found is None or not _for_anybody(environ):
            return self.application(environ, start_response)
        try:
            stamp = _stamp(found)
        except DatabaseError:
            connection.close()
            stamp = None
        if stamp is None:
            return self.application(environ, start_response)
        key = _key(environ)
        answer = self._kept.get(key)
        if answer is None or answer.stamp != stamp or now() >= answer.until:
            fresh = self._ask(environ, stamp)
            if not isinstance(fresh, Answer):
                status, headers, body = fresh
                start_response(status, headers)
                return [body]
            self._keep(key, fresh)
            answer = fresh
        else:
            self._touch(key)
        return _send(answer, environ, start_response)

    def _ask(self, environ: Environ, stamp: Any) -> Answer | tuple[str, Headers, bytes]:
        """Django's own answer to a plain GET, or what else it said."""
        until: list[datetime] = []
        plain = {**environ, "REQUEST_METHOD": "GET", KEEP_UNTIL: until}
        plain.pop("HTTP_IF_NONE_MATCH", None)
        plain.pop("HTTP_IF_MODIFIED_SINCE", None)
        said: list[Any] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], Any]:
            said[:] = [status, headers]
            return lambda data: None

        parts = self.application(plain, note)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        status, headers = said
        if not status.startswith("200"):
            return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body
        names = {name.lower(): value for name, value in headers}
        end = min([now() + LONGEST, *until]) if until and _may_be_kept(names) else now()
        kept = [(name, value) for name, value in headers if name.lower() != "x-request-id"]
        return Answer(stamp, end, kept, body, names.get("etag", ""))

    def _keep(self, key: tuple[Any, ...], answer: Answer) -> None:
        if answer.until <= now() or len(answer.body) > LARGEST:
            return
        with self._lock:
            self._sweep()
            before = self._kept.pop(key, None)
            self._bytes += len(answer.body) - (len(before.body) if before else 0)
            self._kept[key] = answer
            while len(self._kept) > self.most_entries or self._bytes > self.most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)

    def _sweep(self) -> None:
        """Let go of what nobody gets any more, at most once in the longest life of an answer.

        So what was erased or made private does not stay in memory until others push it out.
        """
        moment = now()
        if abs(moment - self._swept) < LONGEST:
            return
        self._swept = moment
        for key in [key for key, answer in self._kept.items() if answer.until <= moment]:
            self._bytes -= len(self._kept.pop(key).body)

    def _touch(self, key: tuple[Any, ...]) -> None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)


def _for_anybody(environ: Environ) -> bool:
    """Whether the answer to a request is the same for everybody who asks like this."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ.get("QUERY_STRING")
        and not any(environ.get(name) for name in PERSONAL)
        # A body has to be taken in, which is done behind.
        and environ.get("CONTENT_LENGTH") in (None, "", "0")
        and "HTTP_TRANSFER_ENCODING" not in environ
        # What is kept under an address is bounded, and so is the address.
        and len(environ.get("HTTP_HOST", "")) <= _HOST
        and len(environ.get("HTTP_ACCEPT", "")) <= _HEADER
        and len(environ.get("HTTP_ACCEPT_LANGUAGE", "")) <= _HEADER
    )


def _stamp(found: re.Match[str]) -> Any:
    credential, status_list = found.groups()
    try:
        return issue.page_stamp(UUID(credential)) if credential else issue.list_stamp(UUID(status_list))
    finally:
        # SQLite connections stay with their thread; those of a pool go back.
        if connection.vendor != "sqlite" and not connection.in_atomic_block:
            close_old_connections()


def _key(environ: Environ) -> tuple[Any, ...]:
    return (
        environ["PATH_INFO"],
        environ.get("HTTP_HOST", ""),
        environ.get("wsgi.url_scheme", ""),
        # Whatever else stands there counts as no https (Django's ``HttpRequest.scheme``).
        environ.get("HTTP_X_FORWARDED_PROTO", "").split(",", 1)[0].strip() == "https",
        _form(environ.get("HTTP_ACCEPT", "")),
        _language(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
    )


def _may_be_kept(names: dict[str, str]) -> bool:
    cache = names.get("cache-control", "")
    vary = {part.strip().lower() for part in names.get("vary", "").split(",") if part.strip()}
    return (
        "set-cookie" not in names
        and "private" not in cache
        and "no-store" not in cache
        and vary <= VARIES_BY
        and "content-encoding" not in names
    )


def _send(answer: Answer, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    request_id = ("X-Request-Id", given if REQUEST_ID.match(given) else uuid7().hex)
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    if asked and answer.etag and matches(answer.etag, asked):
        headers = [(name, value) for name, value in answer.headers if not name.lower().startswith("content-")]
        headers += [item for item in answer.headers if item[0].lower() == "content-security-policy"]
        start_response("304 Not Modified", [*headers, request_id])
        return [b""]
    start_response("200 OK", [*answer.headers, request_id])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]


def matches(etag: str, asked: str) -> bool:
    """Whether If-None-Match names the tag, by the weak comparison (RFC 9110, sections 8.8.3.2 and 13.1.2)."""
    tags = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return asked.strip() == "*" or etag.removeprefix("W/") in tags
