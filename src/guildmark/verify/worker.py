"""The program of the processes that read foreign documents: ``python -m guildmark.verify.worker SOCKET``.

The first of them loads the libraries, says so, and forks a child for every pair of pipes that comes over its
socket; it reads no document itself. A child speaks in frames over its pipes: four bytes of length (big endian),
then JSON. First come the job and its bytes as they are. Whenever a document is needed, ``{"need": ADDRESS}`` goes out and
``{"missing": REASON, "withdrawn": true or false}``, or ``{"served_at": ADDRESS}`` and a frame of bytes, comes back. Last goes the report. A child opens
no file for writing, no socket and no database, and the system ends it when it uses more memory or processor
time than it may.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

if TYPE_CHECKING:
    from guildmark.protocol.report import Report

#: Bytes of address space. The libraries alone map a few hundred megabytes, most of it never touched.
MEMORY = 1_500_000_000
WARM_CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
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
    from guildmark.protocol.errors import Gone, Malformed, NotAvailable
    from guildmark.protocol.report import Served

    def load(address: str) -> Mapping[str, Any]:
        write_frame(sink, json.dumps({"need": address}).encode())
        answer = json.loads(read_frame(source))
        if answer.get("withdrawn"):
            raise Gone(str(answer["missing"]) or "The address says that it was withdrawn.")
        if "missing" in answer:
            raise NotAvailable(str(answer["missing"]))
        try:
            return Served(strict_json.load_object(read_frame(source)), answer["served_at"])
        except Malformed as error:
            raise NotAvailable(f"What is served at {address[:200]} cannot be read: {error.reason}") from error

    return load


def told(report: Report) -> dict[str, Any]:
    """A report as JSON, with the reports on what it contains."""
    return {
        **report.as_dict(),
        "superseded_by": report.superseded_by,
        "findings": [[item.check, item.verdict.value] for item in report.findings],
        "reached": [item.name for item in report.checks if item.reached],
        "contained": [told(one) for one in report.contained],
    }


def judge(source: IO[bytes], sink: IO[bytes]) -> None:
    """Take one job, and give its report."""
    from guildmark.protocol.policy import POLICIES
    from guildmark.protocol.trust import TrustFile
    from guildmark.protocol.verify import verify

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
        policy=POLICIES[job["policy"]],
    )
    write_frame(sink, json.dumps({"report": told(report)}).encode())


def be_child(job: int, answer: int) -> NoReturn:
    """The life of a child: one report, or one word about what went wrong."""
    code = 0
    with os.fdopen(job, "rb") as source, os.fdopen(answer, "wb") as sink:
        try:
            judge(source, sink)
        except BaseException as error:
            code = 1
            with contextlib.suppress(OSError, MemoryError, ValueError):
                write_frame(sink, json.dumps({"failed": f"{type(error).__name__}: {error}"[:500]}).encode())
    os._exit(code)


def warm_up() -> None:
    """Judge a credential made on the spot: contexts, schemas and patterns are then read before a child is forked."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from guildmark.protocol import keys
    from guildmark.protocol.proofs import data_integrity
    from guildmark.protocol.verify import offline, verify

    key = Ed25519PrivateKey.generate()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    multikey = keys.encode_multikey(key.public_key().public_bytes_raw())
    issuer = f"did:key:{multikey}"
    achievement = {
        "id": "urn:example:achievement",
        "type": ["Achievement"],
        "name": "Warm",
        "description": "Warm.",
        "criteria": {"narrative": "Warm."},
    }
    document = {
        "@context": WARM_CONTEXTS,
        "id": "urn:example:credential",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Warm",
        "issuer": {"id": issuer, "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"type": ["AchievementSubject"], "achievement": achievement},
    }
    method = f"{issuer}#{multikey}"
    signed = data_integrity.sign(document, signer=key.sign, verification_method=method, created=moment)
    verify(json.dumps(signed).encode(), loader=offline, now=moment)


def main() -> int:
    """Fork a child per pair of pipes (``F``) and reap those that are done with (``R`` and a number)."""
    # PyLD brings clients for the network; here there are none, and loading them would take a third of the start.
    sys.modules.update(dict.fromkeys(("requests", "aiohttp"), cast(ModuleType, None)))
    import guildmark.protocol.trust  # noqa: F401

    warm_up()
    orders = socket.socket(fileno=int(sys.argv[1]))
    orders.sendall(bytes(4))
    gc.freeze()
    while True:
        message, pipes, _, _ = socket.recv_fds(orders, 5, 2)
        if len(message) < 5:
            return 0
        if message[:1] == b"R":
            _, status = os.waitpid(int.from_bytes(message[1:], "big"), 0)
            orders.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
            continue
        pid = os.fork()
        if pid == 0:
            orders.close()
            be_child(*pipes)
        for pipe in pipes:
            os.close(pipe)
        orders.sendall(pid.to_bytes(4, "big"))


if __name__ == "__main__":
    raise SystemExit(main())
