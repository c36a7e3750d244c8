"""What nobody reads of a request is taken in before the answer goes out."""

from __future__ import annotations

from io import BytesIO

import pytest

from guildmark.kernel.drain import Drain, drain


class Slow(BytesIO):
    """A body that never ends."""

    def read(self, size: int | None = -1) -> bytes:
        return b"x" * (size or 1)


def answer(environ, start_response):
    environ["wsgi.input"].read(3)
    return [b"refused"]


@pytest.mark.parametrize("length", [0, 5, 700_000])
def test_the_rest_of_a_body_is_read_before_the_answer(length):
    body = BytesIO(b"x" * length)
    given = Drain(answer)({"wsgi.input": body, "CONTENT_LENGTH": str(length)}, lambda *_: None)
    assert list(given) == [b"refused"]
    assert body.read() == b""


def test_a_request_without_a_body_is_not_waited_for():
    assert list(Drain(lambda *_: [b"page"])({"wsgi.input": None}, lambda *_: None)) == [b"page"]


def test_what_is_taken_in_has_bounds_of_size_and_time():
    assert drain(Slow(), max_bytes=1_000_000) < 1_300_000
    assert drain(Slow(), seconds=0) == 0
