"""Checking one credential. Nothing is written anywhere; Django is not needed.

The document is judged in a process of its own (see ``nursery.py``) that is killed when its time is over, so that no
input can hold up the process that asked.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from guildmark.kernel import clock
from guildmark.kernel.problems import Unavailable
from guildmark.kernel.words import said
from guildmark.verify import nursery, sources
from guildmark.verify.types import (
    CHECKS,
    MAX_BYTES,
    OPEN_BADGES_STRICT,
    SECONDS,
    Check,
    Finding,
    Outcome,
    OwnDocuments,
    Policy,
    Report,
    Verdict,
    VerifyJob,
)
from guildmark.verify.worker import read_frame, write_frame

log = logging.getLogger("guildmark.verify")
#: Checks that run side by side in one process; more wait their turn.
_places = threading.BoundedSemaphore(4)


def plain_report(verdict: Verdict, check: str, detail: str, at: datetime | None = None) -> Report:
    """A report about a document that could not be judged: one check failed, the others were not reached."""
    checks = tuple(
        Check(name, Outcome.FAILED, detail)
        if name == check
        else Check(name, Outcome.NOT_CHECKED, "Not reached.", reached=False)
        for name in CHECKS
    )
    return Report(verdict, checks, None, at or clock.now())


def check(job: VerifyJob) -> Report:
    """Judge one document. Whatever it holds, this returns within ``job.seconds`` and a little."""
    if len(job.data) > MAX_BYTES:
        return plain_report(
            Verdict.MALFORMED,
            "syntax",
            f"The file has {len(job.data):,} bytes; a credential has at most {MAX_BYTES:,}.",
            job.at,
        )
    if not _places.acquire(timeout=job.seconds):
        raise Unavailable(
            said("Too many credentials are being checked at this moment."),
            mend=said("Try again in a minute."),
        )
    try:
        return _run(job)
    finally:
        _places.release()


def _run(job: VerifyJob) -> Report:
    process = nursery.child()
    clock_of = Stopwatch(process)
    try:
        with clock_of.running(job.seconds):
            return _converse(process.to_child, process.from_child, job)
    except (EOFError, OSError, ValueError) as error:
        return _explain_end(process.end(), job, clock_of.over, error)
    finally:
        process.end()


class Stopwatch:
    """Kills a process when the time of a step is over; ``over`` then says so."""

    def __init__(self, process: nursery.Child) -> None:
        self.process = process
        self.over = False

    def _stop(self) -> None:
        self.over = True
        self.process.kill()

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _converse(to_child: IO[bytes], from_child: IO[bytes], job: VerifyJob) -> Report:
    """Hand the job over, answer what the child asks for, and take its report."""
    now = clock.now()
    order = {
        "seconds": job.seconds,
        "now": now.isoformat(),
        "at": job.at.isoformat() if job.at else None,
        "trust": None if job.trust is None else dict(job.trust),
        "recipient": job.recipient,
        "policy": job.policy.name,
    }
    write_frame(to_child, json.dumps(order, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    write_frame(to_child, job.data)
    documents = sources.Documents(job.own, job.offline, job.allow_private, time.monotonic() + job.seconds)
    while True:
        message = json.loads(read_frame(from_child))
        if "report" in message:
            return _read_report(message["report"], job.at or now, job.policy)
        if "failed" in message:
            raise ValueError(message["failed"])
        try:
            document = documents.get(str(message["need"]))
        except sources.Missing as missing:
            answer = {"missing": str(missing), "withdrawn": isinstance(missing, sources.Withdrawn)}
            write_frame(to_child, json.dumps(answer).encode())
        else:
            write_frame(to_child, json.dumps({"served_at": documents.served_at}).encode())
            write_frame(to_child, document)


def _read_report(data: Mapping[str, Any], at: datetime, policy: Policy) -> Report:
    checks = tuple(
        Check(item["name"], Outcome(item["outcome"]), item["detail"], item["name"] in data["reached"])
        for item in data["checks"]
    )
    findings = tuple(Finding(check, Verdict(verdict)) for check, verdict in data["findings"])
    contained = tuple(_read_report(one, at, policy) for one in data["contained"])
    superseded_by = data.get("superseded_by")
    verdict = Verdict(data["verdict"])
    return Report(verdict, checks, data["credential"], at, superseded_by, policy, findings, contained)


def _explain_end(returncode: int, job: VerifyJob, timed_out: bool, error: Exception) -> Report:
    """The child ended without a report: say why, as far as it can be known."""
    if timed_out or returncode == -signal.SIGXCPU:
        detail = f"Checking it took longer than {job.seconds:g} seconds, so it was stopped."
    else:
        log.warning("check ended with %s: %s", returncode, error)
        detail = "Checking it needed more memory than a credential may take, so it was stopped."
    return plain_report(Verdict.CANNOT_TELL, "syntax", detail, job.at)


def verify_bytes(
    data: bytes,
    *,
    offline: bool = False,
    at: datetime | None = None,
    trust: Mapping[str, Any] | None = None,
    own: OwnDocuments | None = None,
    recipient: str | None = None,
    seconds: float = SECONDS,
    allow_private: bool = False,
    policy: Policy = OPEN_BADGES_STRICT,
) -> Report:
    """Check a file: JSON, or a PNG, SVG or PDF with a credential inside. See :class:`VerifyJob` for the
    parameters.
    """
    return check(
        VerifyJob(
            data,
            offline=offline,
            at=at,
            trust=trust,
            own=own,
            recipient=recipient,
            seconds=seconds,
            allow_private=allow_private,
            policy=policy,
        )
    )


def verify_url(
    url: str,
    *,
    at: datetime | None = None,
    trust: Mapping[str, Any] | None = None,
    own: OwnDocuments | None = None,
    recipient: str | None = None,
    seconds: float = SECONDS,
    allow_private: bool = False,
    policy: Policy = OPEN_BADGES_STRICT,
) -> Report:
    """Check the credential at an address. SourceUnavailable if nothing that could be checked is served
    there.
    """
    data = sources.read_url(url, own=own, allow_private=allow_private)
    return verify_bytes(
        data,
        at=at,
        trust=trust,
        own=own,
        recipient=recipient,
        seconds=seconds,
        allow_private=allow_private,
        policy=policy,
    )
