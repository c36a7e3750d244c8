"""The bytes of an explainer video as they are sent: in ranges, as nothing but a video."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from guildmark.design.explainers import StoredVideo
from guildmark.kernel import files, ranges

#: Opened by itself the answer is a page of the browser's: it may play this file and nothing else.
POLICY = "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'"


def serve(request: HttpRequest, found: StoredVideo, *, public: bool) -> HttpResponseBase:
    """The video with its proven type and its SHA-256 as ETag: 200, 206 for a range, 304 for who has it, 416.

    ``public`` lets caches between keep it for five minutes: an address of a version may get another video.
    """
    etag = f'"{found.video.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        source = files.open_file(found.storage_key)
        response = ranges.answer(request, source, found.video.size, etag)
        response["Content-Type"] = found.video.media_type
        response["Content-Disposition"] = "inline"
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=300" if public else "private, no-cache"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
