"""Files over HTTP in ranges (RFC 9110, section 14), so that a video can be wound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

RANGE = re.compile(r"^bytes=(\d{0,19})-(\d{0,19})$")
PIECE = 1 << 18


def answer(request: HttpRequest, source: BinaryIO, size: int, etag: str = "") -> HttpResponseBase:
    """The whole file (200), the one range that is asked for (206), or 416 for a range that it does not have.

    ``size`` is in bytes. A range under ``If-Range`` is given only for the same ``etag`` (with its quotes); several ranges
    at once get the whole file. The answer closes ``source``.
    """
    match = RANGE.match(request.headers.get("Range", ""))
    same = request.headers.get("If-Range", etag) == etag
    if match is None or match.groups() == ("", "") or not same:
        return FileResponse(source)
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        source.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_pieces(source, start, end - start + 1), status=206)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _pieces(source: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    with source:
        source.seek(start)
        while length > 0 and (piece := source.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
