"""The program of the process that reads foreign documents: ``python -m guildmark.verify.worker``.

It speaks in frames over its standard input and output: four bytes of length (big endian), then JSON. It says
``{"ready": true}`` when everything is loaded, so that a slow start is not taken for a slow document.
Then come the job and its bytes as they are. Whenever a document is needed, ``{"need": ADDRESS}`` goes out and
``{"missing": REASON}``, or ``{}`` and a frame of bytes, comes back. Last goes the report. The process opens
no file for writing, no socket and no database, and the system ends it when it uses more memory or processor
time than it may.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import IO, Any, cast

#: Bytes of address space. The libraries alone map a few hundred megabytes, most of it never touched.
MEMORY = 1_500_000_000
FRAME_LIMIT = 64_000_000


def write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int = FRAME_LIMIT) -> bytes:
    """The next frame; EOFError when the other side has gone, ValueError when the frame is larger than
    ``limit``.
    """
    head = stream.read(4)
    if len(head) < 4:
        raise EOFError("the other side has gone")
    size = int.from_bytes(head, "big")
    if size > limit:
        raise ValueError(f"a frame of {size} bytes")
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other side has gone")
    return data


def confine(seconds: float) -> None:
    """Bound memory, processor seconds, files and core dumps from now on; nothing is done where the system
    cannot.
    """
    try:
        import resource
    except ImportError:
        return
    cpu = int(time.process_time() + seconds) + 2
    for what, bound in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (value, value))


def loader_over(source: IO[bytes], sink: IO[bytes]) -> Any:
    """A document loader that asks the parent process."""
    from guildmark.protocol import strict_json
    from guildmark.protocol.errors import Malformed, NotAvailable

    def load(address: str) -> Mapping[str, Any]:
        write_frame(sink, json.dumps({"need": address}).encode())
        answer = json.loads(read_frame(source))
        if "missing" in answer:
            raise NotAvailable(str(answer["missing"]))
        try:
            return strict_json.load_object(read_frame(source))
        except Malformed as error:
            raise NotAvailable(f"What is served at {address[:200]} cannot be read: {error.reason}") from error

    return load


def main() -> int:
    # PyLD brings clients for the network; here there are none, and loading them would take a third of the start.
    sys.modules.update(dict.fromkeys(("requests", "aiohttp"), cast(ModuleType, None)))
    from guildmark.protocol.trust import TrustFile
    from guildmark.protocol.verify import verify

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    write_frame(sink, b'{"ready": true}')
    job = json.loads(read_frame(source))
    data = read_frame(source)
    confine(float(job["seconds"]))
    report = verify(
        data,
        loader=loader_over(source, sink),
        now=datetime.fromisoformat(job["now"]),
        at=datetime.fromisoformat(job["at"]) if job["at"] else None,
        trust=None if job["trust"] is None else TrustFile(job["trust"]),
        recipient_email=job["recipient"],
    )
    answer = {**report.as_dict(), "superseded_by": report.superseded_by}
    write_frame(sink, json.dumps({"report": answer}).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
