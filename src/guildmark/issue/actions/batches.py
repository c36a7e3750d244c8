"""Batches: made from a list or from awards that wait, checked before anything is signed, started, stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.issue import batch_queries, batching, policies
from guildmark.issue.models import Award, Batch, BatchRow, Chunk
from guildmark.issue.states import BATCH
from guildmark.issue.types import BatchView, CompletionRow
from guildmark.kernel import audit, bulk
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound
from guildmark.kernel.words import Count, said
from guildmark.people import queries as people
from guildmark.protocol.openbadges import lint

MAX_LINES = 100_000
_GROUP = 2_000

#: A line as it is stored: name, address, day, outcome, what was found.
_Checked = tuple[str, str, date | None, str, str]


@transaction.atomic
def upload_completions(
    *,
    by: Actor,
    org_id: UUID,
    version_id: UUID,
    rows: Iterable[CompletionRow],
    filename: str = "",
    key: str = "",
    valid_from: datetime | None = None,
) -> BatchView:
    """Read a list of completions and say of every line what would become of it. Nothing is issued yet.

    ``key`` tells one list from another (default: the hash of what it says); the same list again gives the batch
    that is there. Conflict for a standard of another class, Invalid for an empty or too long list.
    """
    by.require(org_id, *policies.ISSUERS)
    version = design.version(org_id, version_id)
    policies.ensure_issued_by_list(version)
    found = _of_key(org_id, key)
    if found is not None:
        return batch_queries.view(found)
    with transaction.atomic():
        batch = Batch.objects.create(
            org_id=org_id,
            kind="completion",
            version_id=version_id,
            title=f"{version.standard.title} {version.number}"[:200],
            filename=filename[:200],
            key=uuid7().hex,
            valid_from=valid_from.replace(microsecond=0) if valid_from else None,
            made_by=by.label[:200],
        )
        # The list is read once: what it says is known when its lines are stored.
        said = _store_lines(batch, version, rows)
        key = (key or said)[:80]
        found = _of_key(org_id, key)
        if found is not None:
            transaction.set_rollback(True)
    if found is not None:
        return batch_queries.view(found)
    # A cancelled list may be sent again.
    Batch.objects.for_org(org_id).filter(key=key).update(key=uuid7().hex)
    batch.key = key
    batch.save(update_fields=["key"])
    audit.record(
        org_id=org_id,
        by=by,
        action="issue.batch_uploaded",
        subject_type="batch",
        subject_id=batch.id,
        data={"version": str(version_id), "lines": batch.total, "ready": batch.ready},
    )
    return batch_queries.view(batch)


def _of_key(org_id: UUID, key: str) -> Batch | None:
    rows = Batch.objects.for_org(org_id).filter(key=key[:80]).exclude(state="cancelled")
    return rows.first() if key else None


def _store_lines(batch: Batch, version: VersionView, rows: Iterable[CompletionRow]) -> str:
    """Check and store the lines of a list, group by group; returns a hash of what the list says."""
    digest = hashlib.sha256(str(version.id).encode())
    seen = _Seen(batch)
    numbered = iter(enumerate(rows, start=1))
    counts = {"ready": 0, "known": 0, "refused": 0}
    while group := list(islice(numbered, _GROUP)):
        if group[-1][0] > MAX_LINES:
            raise Invalid(
                said("The list is too long; the limit is {n} lines.", n=Count(MAX_LINES)),
                field="rows",
                mend=said("Split the list."),
            )
        for _, row in group:
            digest.update("\x1f".join((row.name, row.email, row.date, "\x1e")).encode("utf-8", "replace"))
        checked = _check_group(version, group, seen)
        for _, _, _, outcome, _ in checked:
            counts[outcome] += 1
        bulk.insert(
            BatchRow,
            ("id", "org_id", "batch_id", "number", "name", "email", "completed_on", "outcome", "detail"),
            (
                (uuid7(), batch.org_id, batch.id, number, *line)
                for (number, _), line in zip(group, checked, strict=True)
            ),
        )
        seen.stored()
    batch.total = sum(counts.values())
    if not batch.total:
        raise Invalid(
            said("The list is empty."),
            field="rows",
            mend=said("Give at least one line with name, email and date."),
        )
    batch.ready, batch.known, batch.refused = counts["ready"], counts["known"], counts["refused"]
    batch.save(update_fields=["total", "ready", "known", "refused"])
    return digest.hexdigest()


class _Seen:
    """On which lines of a list addresses stood. Of lines that are stored only hashes stay in memory."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.fresh: dict[str, int] = {}
        self.before: dict[int, int] = {}

    def line_of(self, address: str) -> int | None:
        number = self.fresh.get(address)
        if number is not None:
            return number
        number = self.before.get(hash(address))
        if number is None:
            return None
        # Two addresses may have one hash: the stored line decides.
        rows = BatchRow.objects.for_org(self.batch.org_id).filter(batch=self.batch, number=number)
        return number if rows.filter(email=address).exists() else None

    def note(self, address: str, number: int) -> None:
        self.fresh[address] = number

    def stored(self) -> None:
        """The lines so far are in the database."""
        self.before.update({hash(address): number for address, number in self.fresh.items()})
        self.fresh.clear()


def _check_group(
    version: VersionView, group: Sequence[tuple[int, CompletionRow]], seen: _Seen
) -> list[_Checked]:
    """What would become of some lines; ``seen`` knows the lines on which addresses stood before."""
    first = [_check_line(row, number, seen) for number, row in group]
    addresses = [line[1] for line in first if line[3] == "ready"]
    learners = people.learners_by_email(version.org_id, addresses)
    done = set(
        Award.objects.for_org(version.org_id)
        .filter(
            version_id=version.id,
            award_key="completion",
            learner_id__anyof={learner.id for learner in learners.values()},
        )
        .values_list("learner_id", flat=True)
    )
    made: list[_Checked] = []
    for name, address, day, outcome, detail in first:
        learner = learners.get(address) if outcome == "ready" else None
        if learner is None:
            made.append((name, address, day, outcome, detail))
        elif learner.id in done:
            made.append((learner.name, address, day, "known", "This learner has the record already."))
        else:
            same = learner.name == name
            note = "" if same else f"This learner is on record as {learner.name}; that name is used."
            made.append((learner.name, address, day, "ready", note))
    return made


def _check_line(row: CompletionRow, number: int, seen: _Seen) -> _Checked:
    try:
        day = policies.completion_day(row.date)
        address, name = people.cleaned(row.email, row.name)
        for finding in lint.check_text(name, "name", is_name=True):
            raise Invalid(finding.message, field="name", mend=finding.mend)
        if (first := seen.line_of(address)) is not None:
            raise Invalid(said("The address stands on line {line} already.", line=str(first)), field="email")
    except GuildmarkError as error:
        return (_shown(row.name, 200), _shown(row.email, 254), None, "refused", str(error))
    seen.note(address, number)
    return (name, address, day, "ready", "")


def _shown(text: str, limit: int) -> str:
    """A text that may be anything, fit to be stored and shown."""
    return "".join(char for char in text[:limit] if char.isprintable())


@transaction.atomic
def collect_awards(*, by: Actor, org_id: UUID) -> BatchView:
    """A batch of all decided awards that wait to be signed. Conflict when none waits."""
    by.require(org_id, *policies.ISSUERS)
    waiting = Award.objects.for_org(org_id).filter(state="approved", chunk_id=None, supersedes=None)
    ids = list(waiting.order_by("version_id", "id").values_list("id", "version_id"))
    if not ids:
        raise Conflict(said("No award waits to be signed."))
    titles = {version for _, version in ids}
    batch = Batch.objects.create(
        org_id=org_id,
        kind="awards",
        version_id=ids[0][1],
        title=design.version(org_id, ids[0][1]).standard.title[:200]
        if len(titles) == 1
        else f"Awards of {len(titles)} standards",
        key=uuid7().hex,
        total=len(ids),
        ready=len(ids),
        made_by=by.label[:200],
    )
    for number, group in enumerate(_groups([one for one, _ in ids], batching.CHUNK_SIZE)):
        first = number * batching.CHUNK_SIZE + 1
        chunk = Chunk.objects.create(
            org_id=org_id, batch=batch, number=number, first=first, last=first + len(group) - 1, planned=True
        )
        waiting.filter(id__in=group).update(chunk_id=chunk.id, error="")
    audit.record(
        org_id=org_id,
        by=by,
        action="issue.batch_collected",
        subject_type="batch",
        subject_id=batch.id,
        data={"awards": len(ids)},
    )
    return batch_queries.view(batch)


def _groups(items: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]


@transaction.atomic
def start_batch(*, by: Actor, org_id: UUID, batch_id: UUID) -> BatchView:
    """Begin to sign, or go on after a pause or after a fault."""
    batch = _locked(by, org_id, batch_id)
    if batch.state != "running":
        BATCH.check(batch.state, "running")
    if not batch.ready:
        raise Conflict(
            said("No line of this list can be used."), mend=said("Mend the list and send it again.")
        )
    if batch.kind == "completion" and not Chunk.objects.for_org(org_id).filter(batch=batch).exists():
        _cut(batch)
    batch.state, batch.runs = "running", batch.runs + 1
    batch.started_at = batch.started_at or now()
    batch.save(update_fields=["state", "runs", "started_at"])
    Chunk.objects.for_org(org_id).filter(batch=batch, state="todo").update(error="")
    batching.request_chunks(batch)
    _record(by, batch, "issue.batch_started")
    return batch_queries.view(batch)


def _cut(batch: Batch) -> None:
    """Chunks of so many lines that can be used, whatever stands between them."""
    ready = BatchRow.objects.for_org(batch.org_id).filter(batch=batch, outcome="ready").order_by("number")
    numbers = list(ready.values_list("number", flat=True))
    Chunk.objects.bulk_create(
        Chunk(
            org_id=batch.org_id,
            batch=batch,
            number=at // batching.CHUNK_SIZE,
            first=numbers[at],
            last=numbers[min(at + batching.CHUNK_SIZE, len(numbers)) - 1],
        )
        for at in range(0, len(numbers), batching.CHUNK_SIZE)
    )


@transaction.atomic
def pause_batch(*, by: Actor, org_id: UUID, batch_id: UUID) -> BatchView:
    """Stop after the chunks that are in hand."""
    batch = _locked(by, org_id, batch_id)
    BATCH.check(batch.state, "paused")
    batch.state = "paused"
    batch.save(update_fields=["state"])
    _record(by, batch, "issue.batch_paused")
    return batch_queries.view(batch)


@transaction.atomic
def cancel_batch(*, by: Actor, org_id: UUID, batch_id: UUID) -> BatchView:
    """Issue nothing more. What was issued stays; decided awards go back to those that wait."""
    batch = _locked(by, org_id, batch_id)
    BATCH.check(batch.state, "cancelled")
    batch.state, batch.done_at = "cancelled", now()
    batch.save(update_fields=["state", "done_at"])
    todo = Chunk.objects.for_org(org_id).filter(batch=batch, state="todo")
    waiting = Award.objects.for_org(org_id).filter(state="approved", chunk_id__in=todo.values("id"))
    if batch.kind == "completion":
        # Free to be issued by another list: the key of the award is what makes it unique.
        for award in waiting.only("id", "award_key").iterator():
            waiting.filter(id=award.id).update(
                state="declined", error="The batch was cancelled.", award_key=f"cancelled:{award.id}"
            )
    else:
        waiting.update(chunk_id=None)
    todo.update(state="dropped")
    _record(by, batch, "issue.batch_cancelled")
    return batch_queries.view(batch)


def _locked(by: Actor, org_id: UUID, batch_id: UUID) -> Batch:
    by.require(org_id, *policies.ISSUERS)
    batch = Batch.objects.for_org(org_id).select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise NotFound(said("There is no such batch."))
    return batch


def _record(by: Actor, batch: Batch, action: str) -> None:
    audit.record(org_id=batch.org_id, by=by, action=action, subject_type="batch", subject_id=batch.id)
