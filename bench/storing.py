"""Storing, side by side with PyLD and Django's bulk_create on the same PostgreSQL. Run in a process of its own.

``stage ROUNDS``: sign and insert credentials. ``pipeline ROUNDS ROWS``: a list of completions from its lines to
stored credentials. ``awards ROUNDS ROWS``: approved awards to stored credentials. ``memory ROWS``: the most memory that a process takes that issues such a list.
"""

from __future__ import annotations

import copy
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

CHUNK = 500
MOMENT = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
WORKSHOP = "Workshop: e-mail automation in a day"


def server_seconds() -> float:
    """Processor time of the database's own process for this connection, where the system tells it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    import os

    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


class Clock:
    """Processor time of this process for one piece of work, and of the database beside it."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.server: list[float] = []

    def run(self, work: Callable[[], int]) -> None:
        import gc

        gc.collect()
        there, here = server_seconds(), time.process_time()
        pieces = work()
        self.ours.append((time.process_time() - here) / pieces)
        self.server.append((server_seconds() - there) / pieces)


def medians(slow: Clock, tuned: Clock, fast: Clock) -> dict[str, Any]:
    """The ratios to the plain way, and to the same with a PyLD that keeps its contexts (``ratio_tuned``)."""
    import statistics

    def ratio(one: Sequence[float], other: Sequence[float]) -> float:
        return statistics.median(a / b for a, b in zip(one, other, strict=True))

    both = [[a + b for a, b in zip(clock.ours, clock.server, strict=True)] for clock in (slow, fast)]
    return {
        "ratio": ratio(slow.ours, fast.ours),
        "ratio_with_database": ratio(both[0], both[1]),
        "ratio_tuned": ratio(tuned.ours, fast.ours),
        "spread": [
            min(a / b for a, b in zip(slow.ours, fast.ours, strict=True)),
            max(a / b for a, b in zip(slow.ours, fast.ours, strict=True)),
        ],
    }


# -- the stage ----------------------------------------------------------------------------------------


def awards(org_id: UUID, version: Any, number: int) -> list[Any]:
    """Award rows for credentials to hang on; made outside the clock."""
    from guildmark.issue.models import Award

    made = [
        Award(
            org_id=org_id, version_id=version.id, achievement_id=version.achievement_id, learner_id=uuid4(),
            award_key="completion", signal="completion", title=WORKSHOP, state="issued", holder_name="Ada Example",
            holder_email="ada@mail.example", salt="0" * 32, valid_from=MOMENT,
        )
        for _ in range(number)
    ]  # fmt: skip
    Award.objects.bulk_create(made, batch_size=CHUNK)
    return made


COLUMNS = (
    "id", "org_id", "award_id", "public_id", "code_number", "learner_id", "achievement_id", "version_id", "signal",
    "title", "holder_name", "holder_email", "body", "body_sha256", "state", "reason", "issued_at", "valid_from",
    "valid_until", "visibility", "shown_name", "shown_evidence", "share_version", "status_epoch",
)  # fmt: skip


def values_of(award: Any, body: bytes) -> tuple[Any, ...]:
    from guildmark.kernel.ids import uuid7

    return (
        uuid7(), award.org_id, award.id, award.public_id, award.public_id.int >> 68, award.learner_id,
        award.achievement_id, award.version_id, award.signal, award.title, award.holder_name, award.holder_email, body,
        sha256(body).hexdigest(), "issued", "", MOMENT, award.valid_from, award.valid_until, "public", True, [], 0, 0,
    )  # fmt: skip


def stage(rounds: int) -> dict[str, Any]:
    """The same credentials: signed by a template and copied in, or signed by PyLD and given to bulk_create."""
    from django.db import transaction

    from bench import pyld_peer, shapes, signing
    from guildmark.issue.models import Credential
    from guildmark.kernel import bulk
    from guildmark.protocol.proofs.batch import BatchSigner

    org_id, version = workshop()
    pool = shapes.pool("ob3-credential-107-quads.json", shapes.FIXTURE_PLACES, CHUNK)
    documents = pool.documents
    signer = BatchSigner(pool.template, signer=signing.sign_message, verification_method=signing.METHOD)
    naive, tuned, ours = Clock(), Clock(), Clock()
    few = 100

    def by_template(waiting: Sequence[Any]) -> int:
        for at in range(0, len(waiting), CHUNK):
            group = waiting[at : at + CHUNK]
            with transaction.atomic():
                bodies = [signer.sign(values, signing.CREATED) for values in pool.values[: len(group)]]
                bulk.insert(Credential, COLUMNS, (values_of(*pair) for pair in zip(group, bodies, strict=True)))
        return len(waiting)

    def by_hand(waiting: Sequence[Any], way: pyld_peer.Way) -> int:
        with transaction.atomic():
            rows = []
            for award, document in zip(waiting, documents, strict=False):
                body = pyld_peer.sign(document, signing.KEY, signing.METHOD, signing.CREATED_TEXT, way)
                rows.append(Credential(**dict(zip(COLUMNS, values_of(award, body), strict=True))))
            Credential.objects.bulk_create(rows, batch_size=CHUNK)
        return len(waiting)

    for number in range(rounds + 1):
        first, third = awards(org_id, version, few), awards(org_id, version, few)
        second = awards(org_id, version, 8 * CHUNK)
        naive.run(lambda rows=first: by_hand(rows, pyld_peer.PLAIN))  # type: ignore[misc]
        tuned.run(lambda rows=third: by_hand(rows, pyld_peer.TUNED))  # type: ignore[misc]
        ours.run(lambda rows=second: by_template(rows))  # type: ignore[misc]
        stored = Credential.objects.for_org(org_id).filter(award__in=[second[0], second[-1], first[0], first[-1]])
        for row in stored:
            pyld_peer.verify(bytes(row.body), signing.KEY.public_key())
        assert stored.count() == 4
        if not number:
            naive, tuned, ours = Clock(), Clock(), Clock()
    return medians(naive, tuned, ours)


# -- the pipeline -------------------------------------------------------------------------------------


def workshop() -> tuple[UUID, Any]:
    """The demo's organisation and its standard of completion records."""
    from guildmark.design import queries as design
    from guildmark.people import queries as people

    org = people.organisation_by_slug("northlamp")
    return org.id, next(v for v in design.published_achievements(org.id) if v.standard.title == WORKSHOP)


def lines(number: int) -> Iterator[str]:
    salt = uuid4().hex[:10]
    yield "name,email,date"
    for index in range(number):
        yield f"Learner {index} Öztürk,learner{index}.{salt}@mail.example,2026-01-31"


def issue_list(org_id: UUID, version: Any, text: Iterable[str]) -> UUID:
    """The product's own way, as ``guildmark issue-batch`` goes it."""
    from guildmark.issue import actions, queries
    from guildmark.kernel.actor import SYSTEM

    batch = actions.upload_completions(
        by=SYSTEM, org_id=org_id, version_id=version.id, rows=queries.iter_completion_list(text)
    )
    return run_batch(org_id, batch.id)


def run_batch(org_id: UUID, batch_id: UUID) -> UUID:
    """Start a batch and do its work here."""
    from guildmark.issue import actions, queries
    from guildmark.kernel import tasks
    from guildmark.kernel.actor import SYSTEM

    actions.start_batch(by=SYSTEM, org_id=org_id, batch_id=batch_id)
    while queries.batch(org_id, batch_id).state == "running":
        if not tasks.run_one(name="issue.batch_chunk"):
            raise RuntimeError("the batch waits for a task that is not there")
    return batch_id


def pipeline(rounds: int, rows: int) -> dict[str, Any]:
    from bench import pyld_peer
    from guildmark.issue.models import Award, Chunk, Credential
    from guildmark.keys import queries as keys

    org_id, version = workshop()
    naive, tuned, ours = Clock(), Clock(), Clock()
    for number in range(rounds + 1):
        text = list(lines(rows))
        made: list[UUID] = []

        def work(text: list[str] = text, made: list[UUID] = made) -> int:
            made.append(issue_list(org_id, version, text))
            return rows

        ours.run(work)
        chunks = Chunk.objects.for_org(org_id).filter(batch_id=made[0]).values_list("id", flat=True)
        stored = Credential.objects.for_org(org_id).filter(
            award__in=Award.objects.for_org(org_id).filter(chunk_id__in=list(chunks))
        )
        assert stored.count() == rows, "not every line became a credential"
        public = keys.signer(org_id)
        for row in stored.order_by("?")[:50]:
            check_stored(bytes(row.body), public)
        sample = json.loads(bytes(stored[0].body))
        for clock, way in ((naive, pyld_peer.PLAIN), (tuned, pyld_peer.TUNED)):
            few = list(islice(lines(201), 1, 201))
            clock.run(partial(naive_list, org_id, version, sample, few, way))
        if not number:
            naive, tuned, ours = Clock(), Clock(), Clock()
    return medians(naive, tuned, ours) | {"rows": rows}


def waiting(org_id: UUID, version: Any, number: int) -> list[Any]:
    """Awards that were approved and wait to be signed, with their places in the status lists; made outside the clock."""
    from django.db import transaction

    from guildmark.issue import statuses
    from guildmark.issue.models import Award

    with transaction.atomic():
        made = [
            Award(
                org_id=org_id, version_id=version.id, achievement_id=version.achievement_id, learner_id=uuid4(),
                award_key="completion", signal="completion", title=WORKSHOP, state="approved",
                holder_name=f"Learner {at} Öztürk", holder_email=f"learner{at}@mail.example", salt=uuid4().hex,
                valid_from=MOMENT, completed_on=MOMENT.date(), status_shard=shard, status_index=index,
            )
            for at, (shard, index) in enumerate(statuses.give_places(org_id, number))
        ]  # fmt: skip
        Award.objects.bulk_create(made, batch_size=CHUNK)
    return made


def issue_awards(org_id: UUID) -> UUID:
    """The product's own way for all that waits, as ``guildmark issue-batch --waiting`` goes it."""
    from guildmark.issue import actions
    from guildmark.kernel.actor import SYSTEM

    batch = actions.collect_awards(by=SYSTEM, org_id=org_id)
    return run_batch(org_id, batch.id)


def of_awards(rounds: int, rows: int) -> dict[str, Any]:
    """From approved awards to stored credentials with lint, history, audit and outbox; the peer signs and stores."""
    from bench import pyld_peer
    from guildmark.issue.models import Credential
    from guildmark.keys import queries as keys

    org_id, version = workshop()
    naive, tuned, ours = Clock(), Clock(), Clock()
    for number in range(rounds + 1):
        made = waiting(org_id, version, rows)

        def work() -> int:
            issue_awards(org_id)
            return rows

        ours.run(work)
        stored = Credential.objects.for_org(org_id).filter(award__in=[made[0], made[-1], made[rows // 2]])
        assert stored.count() == 3, "not every award became a credential"
        for row in stored:
            check_stored(bytes(row.body), keys.signer(org_id))
        sample = json.loads(bytes(stored[0].body))
        for clock, way in ((naive, pyld_peer.PLAIN), (tuned, pyld_peer.TUNED)):
            clock.run(partial(naive_awards, sample, awards(org_id, version, 200), way))
        if not number:
            naive, tuned, ours = Clock(), Clock(), Clock()
    return medians(naive, tuned, ours) | {"rows": rows}


def naive_awards(sample: dict[str, Any], given: Sequence[Any], way: Any) -> int:
    """The plain way for awards that are there: a document for each, signed by PyLD, and one bulk_create."""
    from django.db import transaction

    from guildmark.issue.models import Credential

    rows = [
        Credential(**dict(zip(COLUMNS, values_of(award, by_pyld(sample, award, way)), strict=True)))
        for award in given
    ]
    with transaction.atomic():
        Credential.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def by_pyld(sample: dict[str, Any], award: Any, way: Any) -> bytes:
    """The document of an award in the form of a sample, signed by PyLD."""
    from bench import pyld_peer, signing

    document = copy.deepcopy({key: value for key, value in sample.items() if key != "proof"})
    document["id"] = f"http://localhost:8000/c/{award.public_id}"
    first, second = document["credentialSubject"]["identifier"]
    first["identityHash"] = "sha256$" + sha256((award.holder_email + award.salt).encode()).hexdigest()
    first["salt"], second["identityHash"] = award.salt, award.holder_name
    return pyld_peer.sign(document, signing.KEY, signing.METHOD, signing.CREATED_TEXT, way)


def check_stored(body: bytes, signer: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from bench import pyld_peer
    from guildmark.protocol.keys import decode_multikey

    raw = decode_multikey(signer.verification_method.rsplit("#", 1)[1]).raw
    pyld_peer.verify(body, Ed25519PublicKey.from_public_bytes(raw))


def naive_list(
    org_id: UUID, version: Any, sample: dict[str, Any], rows: Sequence[str], way: Any
) -> int:
    """The plain way: a document for each line, signed by PyLD, then two bulk_creates. Checks and history left out."""
    from django.db import transaction

    from guildmark.issue.models import Award, Credential

    made = []
    for row in rows:
        name, email, _ = row.split(",")
        award = Award(
            org_id=org_id, version_id=version.id, achievement_id=version.achievement_id, learner_id=uuid4(),
            award_key="completion", signal="completion", title=WORKSHOP, state="issued", holder_name=name,
            holder_email=email, salt=uuid4().hex, valid_from=MOMENT,
        )  # fmt: skip
        body = by_pyld(sample, award, way)
        made.append((award, Credential(**dict(zip(COLUMNS, values_of(award, body), strict=True)))))
    with transaction.atomic():
        Award.objects.bulk_create([award for award, _ in made], batch_size=CHUNK)
        Credential.objects.bulk_create([credential for _, credential in made], batch_size=CHUNK)
    return len(made)


def memory(rows: int) -> dict[str, Any]:
    """The most memory this process ever took, in bytes, when it issued a list of so many lines."""
    org_id, version = workshop()
    issue_list(org_id, version, lines(rows))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"rows": rows, "peak": peak if sys.platform == "darwin" else peak * 1024}


def main() -> None:
    from guildmark.site.commands import _django

    # As the product's own commands begin.
    _django.setup()
    command, *numbers = sys.argv[1:]
    part: Callable[..., dict[str, Any]] = {"stage": stage, "pipeline": pipeline, "awards": of_awards, "memory": memory}[command]
    print(json.dumps(part(*map(int, numbers))))


if __name__ == "__main__":
    main()
