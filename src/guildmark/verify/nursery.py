"""Processes for one check each, forked from one that has loaded the libraries already.

Loading them takes longer than judging a credential. The nursery (``worker.py``) is started with the first check
and ends when its socket closes, that is with the process that uses it. It holds nothing of any check: a child
gets its two pipes over the socket and ends with its report. POSIX only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

_PACKAGES = str(Path(__file__).resolve().parents[2])
#: Seconds in which the libraries must be loaded; no document has been read by then.
START_SECONDS = 120.0
#: What may be told to the processes: where things are, and how memory is taken from the system.
_PASSED_ON = ("PATH", "PYTHONMALLOC", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX")


class Child:
    """A process that waits for a job on ``to_child`` and answers on ``from_child``."""

    def __init__(self, nursery: Nursery, pid: int, to_child: IO[bytes], from_child: IO[bytes]) -> None:
        self._nursery, self._pid, self._guard = nursery, pid, threading.Lock()
        self.to_child, self.from_child = to_child, from_child
        self.returncode: int | None = None

    def kill(self) -> None:
        # Until it is reaped, its number cannot become that of another process.
        with self._guard:
            if self.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)

    def end(self) -> int:
        """Kill it if it still runs; its exit code, negative for a signal."""
        for pipe in (self.to_child, self.from_child):
            with contextlib.suppress(OSError):
                pipe.close()
        self.kill()
        with self._guard:
            if self.returncode is None:
                self.returncode = self._nursery.reap(self._pid)
        return self.returncode


class Nursery:
    """The parent of the checking processes. OSError when it cannot be had."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-X", "utf8", "-m", "guildmark.verify.worker", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={
                    "PYTHONPATH": _PACKAGES,
                    "LANG": "C.UTF-8",
                    **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                },
                cwd="/",
            )
        self._socket = ours
        ours.settimeout(START_SECONDS)
        self._take()

    def _take(self) -> int:
        data = b""
        while len(data) < 4:
            piece = self._socket.recv(4 - len(data))
            if not piece:
                raise OSError("the process that checks has ended")
            data += piece
        return int.from_bytes(data, "big", signed=True)

    def child(self) -> Child:
        job_read, job_write = os.pipe()
        answer_read, answer_write = os.pipe()
        try:
            with self._guard:
                socket.send_fds(self._socket, [b"F\0\0\0\0"], [job_read, answer_write])
                pid = self._take()
        except OSError:
            os.close(job_write)
            os.close(answer_read)
            raise
        finally:
            os.close(job_read)
            os.close(answer_write)
        return Child(self, pid, os.fdopen(job_write, "wb"), os.fdopen(answer_read, "rb"))

    def reap(self, pid: int) -> int:
        try:
            with self._guard:
                self._socket.sendall(b"R" + pid.to_bytes(4, "big"))
                return self._take()
        except OSError:
            return -signal.SIGKILL

    def close(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()


_current: Nursery | None = None
_owner = 0
_starting = threading.Lock()


def child() -> Child:
    """A fresh process; the nursery is started when there is none, or when it has ended."""
    global _current, _owner
    with _starting:
        if _current is not None and _owner == os.getpid():
            try:
                return _current.child()
            except OSError:
                _current.close()
        # After a fork the socket belongs to the other process.
        _current, _owner = Nursery(), os.getpid()
        return _current.child()
