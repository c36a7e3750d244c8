"""Workers that die by SIGKILL in the middle of a batch: every award is issued exactly once (both databases)."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import orjson
import pytest
from django.db import connection

from guildmark.issue import actions, batch_queries
from guildmark.issue.models import Award, Chunk, Credential
from guildmark.issue.types import CompletionRow
from guildmark.kernel import audit, clock
from guildmark.kernel.models import OutboxEvent, Task
from guildmark.keys import queries as keys
from guildmark.protocol import merkle
from guildmark.protocol.keys import decode_multikey
from guildmark.protocol.proofs import data_integrity
from tests.design.builders import completion_content, published
from tests.people.builders import Org

#: ``./run bench kills`` asks for many more.
ROWS = int(os.environ.get("GUILDMARK_TEST_KILL_ROWS", "5000"))
KILLS = max(10, ROWS // 2_500)
PATIENCE = 300.0


def database_url() -> str:
    """The address of the database that this test uses, for a process beside it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["GUILDMARK_DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker as an operator runs it. It is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "guildmark", "worker"],
        env={**os.environ, "GUILDMARK_DATABASE_URL": database_url()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(what: str, condition: object, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, f"the worker ended by itself before {what}"
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.005)


def let_leases_run_out() -> None:
    """What the passing of a minute does: nobody holds what the dead worker held."""
    Task.objects.filter(state="leased").update(lease_until=clock.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_every_award_is_issued_once_however_often_workers_are_killed() -> None:
    org = Org("northlamp")
    version = published(org, **completion_content())
    batch = actions.upload_completions(
        by=org.owner,
        org_id=org.id,
        version_id=version.id,
        rows=[
            CompletionRow(f"Learner {number}", f"learner{number}@mail.example", "2026-01-31")
            for number in range(ROWS)
        ],
        filename="list.csv",
    )
    actions.start_batch(by=org.owner, org_id=org.id, batch_id=batch.id)
    # The mails and awards that follow are not what is measured here.
    Task.objects.exclude(name="issue.batch_chunk").filter(state="todo").update(state="done")
    draw, killed_while_it_ran = random.Random(20_260_131), 0
    for _ in range(KILLS):
        with worker() as process:
            running = Task.objects.filter(name="issue.batch_chunk", state="leased")
            done = batch_queries.batch(org.id, batch.id)
            if done.state != "running":
                break
            until("a chunk was taken", running.exists, process)
            time.sleep(draw.uniform(0.0, 0.12))
            process.send_signal(signal.SIGKILL)
            process.wait()
        killed_while_it_ran += running.exists()
        let_leases_run_out()
    # A kill between two chunks proves little: most must have hit one in hand.
    assert killed_while_it_ran >= 4
    with worker() as process:
        until("the batch was done", lambda: batch_queries.batch(org.id, batch.id).state == "done", process)
    check(org.id, batch.id)


def check(org_id: UUID, batch_id: UUID) -> None:
    done = batch_queries.batch(org_id, batch_id)
    assert (done.issued, done.failed) == (ROWS, 0)
    awards = list(
        Award.objects.for_org(org_id).values_list("learner_id", "status_shard", "status_index", "state")
    )
    assert len(awards) == ROWS == len({learner for learner, *_ in awards})
    assert len({(shard, index) for _, shard, index, _ in awards}) == ROWS
    assert {state for *_, state in awards} == {"issued"}
    rows = list(
        Credential.objects.for_org(org_id).values_list("award_id", "public_id", "body", "body_sha256")
    )
    assert len(rows) == ROWS == len({award for award, *_ in rows}) == len({public for _, public, *_ in rows})
    (key,) = [
        decode_multikey(one.public_multibase)
        for one in keys.signing_keys(org_id)
        if one.purpose == "credential"
    ]
    bodies = {}
    for award, _, body, digest in rows:
        assert hashlib.sha256(bytes(body)).hexdigest() == digest
        data_integrity.verify(orjson.loads(bytes(body)), public_key=key)
        bodies[award] = bytes(body)
    told = OutboxEvent.objects.filter(org_id=org_id, kind="issue.credential_issued")
    assert sorted(event.payload["credential"] for event in told) == sorted(
        str(public) for _, public, *_ in rows
    )
    for chunk in Chunk.objects.for_org(org_id).filter(batch_id=batch_id):
        ids = (
            Award.objects.for_org(org_id)
            .filter(chunk_id=chunk.id)
            .order_by("id")
            .values_list("id", flat=True)
        )
        assert chunk.root == merkle.root_of([merkle.leaf_hash(bodies[one]) for one in ids]).hex()
    issued = [event for event in audit.history(org_id) if event.action == "issue.chunk_issued"]
    assert sum(event.data["issued"] for event in issued) == ROWS
    assert audit.verify_chain(org_id).intact
