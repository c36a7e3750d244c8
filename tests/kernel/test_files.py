"""Files that arrive in pieces."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest

from guildmark.kernel import files
from guildmark.kernel.problems import Conflict


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can, so that they meet between any two steps."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_a_piece_that_is_sent_twice_at_once_is_there_once(restless: None) -> None:
    """A client repeats a piece whose answer got lost, while the first one is still being written."""
    org_id, piece = uuid4(), b"x" * 1000
    for _ in range(300):
        key, start = files.begin_partial(org_id), threading.Barrier(6)

        def send(key: str = key, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                files.append_partial(key, 0, piece)
            except Conflict:
                return

        threads = [threading.Thread(target=send) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert files.partial_size(key) == len(piece)
        files.delete(key)
