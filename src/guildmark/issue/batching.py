"""The work of a batch, one chunk at a time: planned, signed and stored, each step exactly once.

A chunk is planned in one transaction (ids, dates and places are fixed then), built and signed outside any, and
stored in another that proves the lease first. A worker that is killed loses at most what it had not stored; the
next one finds the plan and signs the same again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import DecisionView
from guildmark.design import queries as design
from guildmark.issue import document, events, policies, shapes, signing, statuses
from guildmark.issue.models import Award, Batch, BatchRow, Chunk, Credential, CredentialEvent
from guildmark.issue.states import BATCH
from guildmark.kernel import audit, bulk, outbox, tasks
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.keys import actions as keys_actions
from guildmark.keys import queries as keys
from guildmark.keys.types import Signer
from guildmark.people import actions as people
from guildmark.people.types import LearnerView
from guildmark.protocol import merkle
from guildmark.protocol.errors import LintError, ProtocolError
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs.batch import BatchSigner

CHUNK = "issue.batch_chunk"
CHUNK_SIZE = 500
#: A shape pays from this many awards in one chunk on.
_WORTH_A_SHAPE = 4


def request_chunks(batch: Batch) -> None:
    """Store a task for every chunk that is still to be done; once for each start or resumption."""
    todo = Chunk.objects.for_org(batch.org_id).filter(batch=batch, state="todo").order_by("number")
    for chunk in todo.only("id").iterator():
        tasks.enqueue(
            CHUNK,
            {"chunk": str(chunk.id)},
            org_id=batch.org_id,
            key=f"{CHUNK}:{chunk.id}:{batch.runs}",
            rank=tasks.BATCH,
        )


def run_chunk(lease: tasks.Lease) -> None:
    """Do what is left of one chunk; nothing when its batch does not run."""
    chunk = Chunk.objects.for_org(lease.org_id).select_related("batch").get(id=lease.payload["chunk"])
    if chunk.state != "todo" or chunk.batch.state != "running":
        return
    try:
        if not chunk.planned:
            _plan(lease, chunk)
        awards = Award.objects.for_org(chunk.org_id).filter(chunk_id=chunk.id, state="approved")
        made = sign_many(chunk.org_id, list(awards.order_by("id")))
        store(lease, chunk.id, made)
    except tasks.LeaseLost:
        raise
    except Exception as error:
        Chunk.objects.for_org(chunk.org_id).filter(id=chunk.id, state="todo").update(error=str(error)[:2000])
        raise


# -- planning ----------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """What planning needs of a line of a list."""

    id: UUID
    name: str
    email: str
    completed_on: date | None


@transaction.atomic
def _plan(lease: tasks.Lease, chunk: Chunk) -> None:
    """Fix everything that the documents of a list's chunk will say."""
    lease.hold()
    if Chunk.objects.for_org(chunk.org_id).select_for_update().get(id=chunk.id).planned:
        return
    batch = chunk.batch
    lines = BatchRow.objects.for_org(chunk.org_id).filter(
        batch=batch, outcome="ready", number__gte=chunk.first, number__lte=chunk.last
    )
    plain = lines.order_by("number").values_list("id", "name", "email", "completed_on")
    rows = [_Line(*row) for row in plain]
    learners = people.ensure_learners(
        by=SYSTEM, org_id=chunk.org_id, people={row.email: row.name for row in rows}
    )
    known = set(
        Award.objects.for_org(chunk.org_id)
        .filter(
            version_id=batch.version_id,
            award_key="completion",
            learner_id__anyof={learner.id for learner in learners.values()},
        )
        .values_list("learner_id", flat=True)
    )
    late = [row.id for row in rows if learners[row.email].id in known]
    if late:
        lines.filter(id__anyof=late).update(outcome="known", detail="This learner has the record already.")
    _insert_awards(chunk, [row for row in rows if learners[row.email].id not in known], learners)
    Chunk.objects.for_org(chunk.org_id).filter(id=chunk.id).update(planned=True)


def _insert_awards(chunk: Chunk, rows: Sequence[_Line], learners: Mapping[str, LearnerView]) -> None:
    batch, moment = chunk.batch, now().replace(microsecond=0)
    version = design.version(chunk.org_id, batch.version_id)
    start = batch.valid_from or moment
    months = version.standard.validity_months
    end = policies.add_months(start, months) if months else None
    key_id = keys_actions.ensure_active_key(chunk.org_id).id
    places = statuses.give_places(chunk.org_id, len(rows))
    columns = (
        "id", "org_id", "version_id", "achievement_id", "learner_id", "award_key", "signal", "title", "state",
        "error", "created_at", "public_id", "holder_name", "holder_email", "include_name", "salt", "valid_from",
        "valid_until", "completed_on", "status_shard", "status_index", "key_id", "correction_reason", "chunk_id",
    )  # fmt: skip
    bulk.insert(
        Award,
        columns,
        (
            (
                uuid7(), chunk.org_id, version.id, version.achievement_id, learner.id, "completion",
                version.standard.signal, version.standard.title, "approved", "", moment, uuid4(), learner.name,
                learner.email, True, secrets.token_hex(16), start, end, row.completed_on, shard, index, key_id,
                "", chunk.id,
            )
            for row, (shard, index) in zip(rows, places, strict=True)
            for learner in [learners[row.email]]
        ),
    )  # fmt: skip
    audit.record(
        org_id=chunk.org_id,
        by=SYSTEM,
        action="issue.awards_approved",
        subject_type="batch",
        subject_id=batch.id,
        data={"chunk": chunk.number, "count": len(rows), "version": str(version.id)},
    )


# -- signing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A signed award that is not stored yet."""

    award: Award
    body: bytes
    sha256: str


@dataclass
class Outcome:
    """What signing came to: the signed ones, and the others with what was wrong."""

    key_id: UUID
    made: list[Made] = field(default_factory=list)
    refused: list[tuple[Award, str]] = field(default_factory=list)


def sign_many(org_id: UUID, awards: Sequence[Award]) -> Outcome:
    """Build, lint and sign awards, those of one shape by one template. Reads only, and writes nothing."""
    decided = [award.decision_id for award in awards if award.decision_id]
    decisions = evidence.decisions_by_id(org_id, decided)
    pairs = [(award, decisions[award.decision_id] if award.decision_id else None) for award in awards]
    groups: dict[tuple[object, ...], list[tuple[Award, DecisionView | None]]] = {}
    for award, decision in pairs:
        groups.setdefault(shapes.key_of(award, decision), []).append((award, decision))
    with keys.opened_signer(org_id) as signer:
        outcome = Outcome(signer.key_id)
        frames: dict[UUID, document.Frame] = {}
        for group in groups.values():
            version_id = group[0][0].version_id
            if version_id not in frames:
                frames[version_id] = document.Frame.of(org_id, version_id)
            _sign_group(frames[version_id], group, signer, outcome)
    return outcome


def _sign_group(
    frame: document.Frame,
    group: Sequence[tuple[Award, DecisionView | None]],
    signer: Signer,
    outcome: Outcome,
) -> None:
    award, decision = group[0]
    urls = statuses.list_urls(award.org_id, award.status_shard)
    shape = shapes.shape_of(frame, award, decision, urls) if len(group) >= _WORTH_A_SHAPE else None
    by_shape = None
    if shape is not None:
        by_shape = BatchSigner(
            shape.template, signer=signer.sign, verification_method=signer.verification_method
        )
    for award, decision in group:
        try:
            if shape is None or by_shape is None:
                unsigned = build(frame.spec(award, decision, statuses.entries(award, urls)))
                body = signing.sign_document(unsigned, award, signer)
            else:
                _ensure_clean(award)
                body = by_shape.sign(shape.values(award, decision, urls), document.created(award))
        except ProtocolError as error:
            outcome.refused.append((award, error.diagnostics()))
        else:
            outcome.made.append(Made(award, body, hashlib.sha256(body).hexdigest()))


def _ensure_clean(award: Award) -> None:
    for finding in shapes.findings(award):
        raise LintError(finding.message, field=finding.path, mend=finding.mend)


# -- storing -----------------------------------------------------------------------------------------


@transaction.atomic
def store(lease: tasks.Lease | None, chunk_id: UUID, outcome: Outcome) -> None:
    """Store what was signed, if the lease still holds, the batch runs and the awards still wait."""
    if lease is not None:
        lease.hold()
    rows = Chunk.objects.across_orgs("the chunk whose awards were just signed").select_for_update()
    chunk = rows.get(id=chunk_id)
    batch = Batch.objects.for_org(chunk.org_id).select_for_update().get(id=chunk.batch_id)
    if chunk.state != "todo" or batch.state not in ("running", "paused"):
        return
    waiting = (
        Award.objects.for_org(chunk.org_id).select_for_update().filter(chunk_id=chunk.id, state="approved")
    )
    ids = set(waiting.values_list("id", flat=True))
    made = [one for one in outcome.made if one.award.id in ids]
    _insert_credentials(chunk.org_id, made)
    refused = [(award, words) for award, words in outcome.refused if award.id in ids]
    signed = waiting if len(made) == len(ids) else waiting.filter(id__anyof=[one.award.id for one in made])
    signed.update(state="issued", error="", key_id=outcome.key_id)
    for award, words in refused:
        # It waits with its reason where single awards wait, and is no longer a part of the batch.
        waiting.filter(id=award.id).update(error=words[:2000], chunk_id=None)
        outbox.emit(chunk.org_id, events.AWARD_FAILED, {"award": str(award.id)})
    root = merkle.root_of([merkle.leaf_hash(one.body) for one in made]).hex()
    chunk.state, chunk.root, chunk.done_at, chunk.error = "done", root, now(), ""
    chunk.issued, chunk.failed = len(made), len(refused)
    chunk.save(update_fields=["state", "root", "done_at", "error", "issued", "failed"])
    audit.record(
        org_id=chunk.org_id,
        by=SYSTEM,
        action="issue.chunk_issued",
        subject_type="batch",
        subject_id=chunk.batch_id,
        data={
            "chunk": chunk.number,
            "issued": len(made),
            "failed": len(refused),
            "root": root,
            "key": str(outcome.key_id),
        },
    )
    _finish(batch)


def _insert_credentials(org_id: UUID, made: Iterable[Made]) -> None:
    moment = now()
    rows = [(one.award, one.body, one.sha256) for one in made]
    bulk.insert(
        Credential,
        (
            "id", "org_id", "award_id", "public_id", "code_number", "learner_id", "achievement_id", "version_id",
            "signal", "title", "holder_name", "holder_email", "body", "body_sha256", "state", "reason", "issued_at",
            "valid_from", "valid_until", "visibility", "shown_name", "shown_evidence", "share_version",
            "status_epoch",
        ),
        (
            (
                uuid7(), org_id, award.id, award.public_id, award.public_id.int >> 68, award.learner_id,
                award.achievement_id, award.version_id, award.signal, award.title, award.holder_name,
                award.holder_email, body, sha256, "issued", "", moment, award.valid_from, award.valid_until,
                "public", True, [], 0, 0,
            )
            for award, body, sha256 in rows
        ),
    )  # fmt: skip
    bulk.insert(
        CredentialEvent,
        ("id", "org_id", "public_id", "kind", "reason", "at", "by_kind", "by_id", "by_label"),
        (
            (
                uuid7(),
                org_id,
                award.public_id,
                "issued",
                "",
                moment,
                SYSTEM.kind,
                SYSTEM.id,
                SYSTEM.label[:200],
            )
            for award, _, _ in rows
        ),
    )
    outbox.emit_many(
        org_id,
        events.ISSUED,
        [
            {
                "credential": str(award.public_id),
                "award": str(award.id),
                "learner": str(award.learner_id),
                "supersedes": "",
            }
            for award, _, _ in rows
        ],
    )


def _finish(batch: Batch) -> None:
    """Close a batch whose last chunk is done."""
    if Chunk.objects.for_org(batch.org_id).filter(batch=batch, state="todo").exists():
        return
    BATCH.check(batch.state, "done")
    batch.state, batch.done_at = "done", now()
    batch.save(update_fields=["state", "done_at"])
