"""Takes in what is left of a request's body before the answer goes out.

A server that closes a connection while the client still sends makes the client see a broken connection in
place of the answer, and breaks the next request on a connection that is kept. So what nobody has read, such as
an upload refused by its size, is read here piece by piece and thrown away, within limits of size and time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

PIECE = 256 * 1024
MAX_BYTES = 2 << 30
MAX_SECONDS = 60.0
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Drain:
    """A WSGI application around another one."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.application(environ, start_response)
        if environ.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in environ:
            drain(environ["wsgi.input"])
        return answer


def drain(source: Any, *, max_bytes: int = MAX_BYTES, seconds: float = MAX_SECONDS) -> int:
    """Read to the end and drop it, up to ``max_bytes`` and for ``seconds``; returns how many bytes there were."""
    taken, end = 0, time.monotonic() + seconds
    while taken < max_bytes and time.monotonic() < end:
        piece = source.read(PIECE)
        if not piece:
            break
        taken += len(piece)
    return taken
