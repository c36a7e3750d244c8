"""The append-only log of published standards: one for the installation (DECISIONS 17, PRODUCT M6).

An entry is added in the transaction of the publication itself. Heads are signed from above, by the
organisations whose standards are in the log; this room only keeps what they signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from guildmark.kernel.clock import now
from guildmark.kernel.models import StandardsLog, StandardsLogEntry, StandardsLogHead
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.protocol import merkle, merkle_log
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.signed_note import Checkpoint
from guildmark.protocol.standards_log import Entry, read_entry
from guildmark.protocol.strict_json import load_object

#: Machines of one installation may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
UNKNOWN = said("The log has no such entry.")


class DatedBack(Conflict):
    """A publication that would be older than what the log holds already."""


@dataclass(frozen=True)
class LogEntry:
    """An entry at its place. ``leaf_hash`` is made anew from the stored bytes whenever the entry is read."""

    index: int
    org_id: UUID
    entry: Entry
    leaf_hash: bytes

    @property
    def path(self) -> str:
        return f"/log/entries/{self.index}"


@dataclass(frozen=True)
class SignedHead:
    """A head that an organisation signed. ``key_name`` and ``public_multibase`` say with which key."""

    org_id: UUID
    size: int
    root: bytes
    key_name: str
    public_multibase: str
    note: str
    signed_at: datetime


@dataclass(frozen=True)
class LogReport:
    """What a check of the whole log found: how many entries and signed heads, and the first fault in words."""

    entries: int
    heads: int
    fault: str


def origin() -> str:
    """The name of the log in its heads: its address without a scheme."""
    return absolute("/log").partition("://")[2]


def append(
    *, org_id: UUID, organisation: str, standard: str, version: str, core_hash: str, published_at: datetime
) -> LogEntry:
    """Add a publication that happens now; must run inside its transaction.

    DatedBack when its moment is not the present one, or lies before the newest entry: a publication cannot be
    dated back (IS6).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("standards_log.append must run inside the transaction of the publication")
    log = _locked()
    newest = StandardsLogEntry.objects.filter(index=log.size - 1).first()
    last = _read(newest).entry.entered_at if newest else published_at
    if abs(now() - published_at) > CLOCK_SKEW or published_at < last - CLOCK_SKEW:
        raise DatedBack(
            said(
                "A publication at {moment} UTC would be dated back: the newest entry of the log of standards is of "
                "{last} UTC.",
                moment=f"{published_at:%Y-%m-%d %H:%M}",
                last=f"{last:%Y-%m-%d %H:%M}",
            ),
            mend=said("Set the clock of this machine. A standard is published at the moment it is entered."),
        )
    return _add(log, org_id, Entry(organisation, standard, version, core_hash, published_at, published_at))


def enter_later(*, org_id: UUID, entry: Entry) -> LogEntry:
    """Add a publication that happened when nothing was logged; it says of itself that it was entered now."""
    return _add(_locked(), org_id, replace(entry, entered_at=now()))


def _locked() -> StandardsLog:
    StandardsLog.objects.get_or_create(id=1)
    return StandardsLog.objects.select_for_update().get(id=1)


def _add(log: StandardsLog, org_id: UUID, entry: Entry) -> LogEntry:
    row = StandardsLogEntry(
        index=log.size,
        org_id=org_id,
        standard=entry.standard,
        version=entry.version,
        leaf=entry.leaf().decode(),
    )
    row.save(force_insert=True)
    log.size += 1
    log.save(update_fields=["size"])
    return _read(row)


def _read(row: StandardsLogEntry) -> LogEntry:
    leaf = row.leaf.encode()
    return LogEntry(row.index, row.org_id, read_entry(load_object(leaf)), merkle.leaf_hash(leaf))


def size() -> int:
    """How many entries there are."""
    row = StandardsLog.objects.filter(id=1).first()
    return row.size if row else 0


def entry(index: int) -> LogEntry:
    row = StandardsLogEntry.objects.filter(index=index).first()
    if row is None:
        raise NotFound(UNKNOWN)
    return _read(row)


def entries(start: int, limit: int) -> list[LogEntry]:
    """At most ``limit`` entries from index ``start`` on, in their order."""
    return [
        _read(row) for row in StandardsLogEntry.objects.filter(index__gte=start).order_by("index")[:limit]
    ]


def entry_of(standard: str, version: str) -> LogEntry | None:
    """The entry of a version by its public address, or None when it is not in the log."""
    row = StandardsLogEntry.objects.filter(standard=standard, version=version).first()
    return _read(row) if row else None


def entries_of(standard: str) -> dict[str, LogEntry]:
    """Every entry of one standard by its public address, by version number."""
    return {row.version: _read(row) for row in StandardsLogEntry.objects.filter(standard=standard)}


def leaves(count: int) -> Sequence[bytes]:
    """The leaf hashes of the log when it had ``count`` entries; NotFound when it never had."""
    rows = StandardsLogEntry.objects.filter(index__lt=count).order_by("index").values_list("leaf", flat=True)
    hashes = [merkle.leaf_hash(leaf.encode()) for leaf in rows.iterator()]
    if len(hashes) != count:
        raise NotFound(
            said("The log has never had {n} entries.", n=str(count)),
            mend=said("Ask /log/head how many there are."),
        )
    return hashes


def root(count: int) -> bytes:
    """The root when the log had ``count`` entries (RFC 9162, section 2.1.1)."""
    return merkle.root_of(leaves(count))


def inclusion(index: int, count: int) -> list[bytes]:
    """The path from an entry to the root of the log with ``count`` entries."""
    if not 0 <= index < count:
        raise NotFound(UNKNOWN)
    return merkle_log.inclusion_path(leaves(count), index)


def consistency(first: int, second: int) -> list[bytes]:
    """What shows that the log with ``second`` entries begins with its first ``first`` entries."""
    if not 0 < first <= second:
        raise NotFound(said("The first size is at least 1 and at most the second."))
    return merkle_log.consistency_path(leaves(second), first)


def checkpoint(count: int) -> Checkpoint:
    return Checkpoint(origin(), count, root(count))


# signed heads


def signed_head(org_id: UUID, covering: int = 0) -> SignedHead | None:
    """The newest head that an organisation signed, if the entry ``covering`` is below it."""
    rows = StandardsLogHead.objects.filter(org_id=org_id, size__gt=covering)
    row = rows.order_by("-size").first()
    return _signed(row) if row else None


def newest_signed_head() -> SignedHead | None:
    row = StandardsLogHead.objects.order_by("-size", "-signed_at").first()
    return _signed(row) if row else None


def _signed(row: StandardsLogHead) -> SignedHead:
    return SignedHead(
        row.org_id,
        row.size,
        bytes.fromhex(row.root),
        row.key_name,
        row.public_multibase,
        row.note,
        row.signed_at,
    )


def without_signed_head() -> list[UUID]:
    """The organisations whose newest entry is below no head that they signed."""
    newest: dict[UUID, int] = {}
    for org_id, index in StandardsLogEntry.objects.order_by("index").values_list("org_id", "index"):
        newest[org_id] = index
    covered: dict[UUID, int] = {}
    for org_id, count in StandardsLogHead.objects.order_by("size").values_list("org_id", "size"):
        covered[org_id] = count
    return [org_id for org_id, index in newest.items() if covered.get(org_id, 0) <= index]


def keep_head(head: SignedHead) -> None:
    """Keep a signed head, once for each organisation and size."""
    try:
        with transaction.atomic():
            StandardsLogHead.objects.create(
                org_id=head.org_id,
                size=head.size,
                root=head.root.hex(),
                key_name=head.key_name,
                public_multibase=head.public_multibase,
                note=head.note,
                signed_at=head.signed_at,
            )
    except IntegrityError:
        return  # another worker has signed the same head


def verify() -> LogReport:
    """Recompute the whole log: its order, its entries, and every head that was ever signed."""
    with transaction.atomic():
        count = size()
        hashes: list[bytes] = []
        heads = list(StandardsLogHead.objects.order_by("size"))
        for row in StandardsLogEntry.objects.order_by("index").iterator(chunk_size=500):
            try:
                found = _read(row)
            except ProtocolError as error:
                return LogReport(len(hashes), len(heads), f"entry {row.index} cannot be read: {error}")
            if row.index != len(hashes):
                return LogReport(len(hashes), len(heads), f"entry {len(hashes)} is missing")
            hashes.append(found.leaf_hash)
    if len(hashes) != count:
        return LogReport(len(hashes), len(heads), f"there are {len(hashes)} entries, not {count}")
    for head in heads:
        if head.size > count or merkle.root_of(hashes[: head.size]).hex() != head.root:
            return LogReport(count, len(heads), f"the head signed at {head.size} entries is another one")
    return LogReport(count, len(heads), "")
