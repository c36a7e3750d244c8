"""What this installation serves at one of its own addresses, without opening a socket (DECISIONS 13).

The request goes through the whole site in this process, so a verifier gets exactly the bytes that a
stranger would get,
and a private credential stays private.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils import translation

from guildmark.config import load
from guildmark.verify.sources import ACCEPT, DOCUMENT_BYTES, Withdrawn, reason_in


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def own_document(url: str) -> bytes | None:
    """The bytes served to a stranger who asks for JSON at one of our addresses; None unless the answer is
    200. Withdrawn for 410.
    """
    parts, base = urlsplit(url), urlsplit(load().base_url)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": base.hostname or "localhost",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "HTTP_HOST": base.netloc,
        "HTTP_ACCEPT": ACCEPT,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": BytesIO(),
    }
    with translation.override(translation.get_language()):
        response = _handler().get_response(WSGIRequest(environ))
        if response.status_code == 410 and isinstance(response, HttpResponse):
            raise Withdrawn(reason_in(response.content))
        if response.status_code != 200 or "html" in response.headers.get("Content-Type", ""):
            return None
        if isinstance(response, HttpResponse):
            return bytes(response.content)
        body = bytearray()
        for piece in response.streaming_content:  # type: ignore[attr-defined]
            body += piece
            if len(body) > DOCUMENT_BYTES:
                return None
        return bytes(body)
