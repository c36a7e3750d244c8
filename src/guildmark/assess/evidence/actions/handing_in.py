"""Handing in: an attempt is begun, filled with evidence, and given out of hand once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.db import transaction

from guildmark.assess.evidence import bars, bridging, events, policies, queries, views
from guildmark.assess.evidence.models import Enrolment, EvidenceItem, Submission
from guildmark.assess.evidence.states import OPEN_SUBMISSIONS, SUBMISSION
from guildmark.assess.evidence.types import EvidenceItemView, SubmissionView
from guildmark.config import load
from guildmark.design.types import EvidenceRequirement, Standard, VersionView
from guildmark.kernel import audit, files, http, media, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.files import StoredFile
from guildmark.kernel.problems import Conflict, FieldProblem, Invalid, NotFound, TooLarge
from guildmark.kernel.states import state_word
from guildmark.kernel.words import Count, numbered, said

MAX_SNAPSHOT_BYTES = 20_000_000
SNAPSHOT_SECONDS = 20.0


def draft_of(by: Actor, org_id: UUID, submission_id: UUID, *, lock: bool = False) -> Submission:
    """The draft that ``by`` may change; Conflict once it was handed in."""
    rows = Submission.objects.for_org(org_id).select_related("enrolment").filter(id=submission_id)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        raise NotFound(policies.MISSING)
    policies.ensure_learner_side(by, org_id, row.enrolment.learner_id)
    if row.state != "draft":
        raise Conflict(
            said("This work has been handed in and cannot be changed."),
            mend=said("Wait for its decision or its return."),
        )
    return row


def asked_of(row: Submission) -> VersionView:
    """The version that a submission is judged by, with what is asked of its learner."""
    return queries.asked(views.enrolment_view(row.enrolment), bars.version(row.org_id, row.version_id))


def standard_of(row: Submission) -> Standard:
    return asked_of(row).standard


@transaction.atomic
def start_submission(*, by: Actor, org_id: UUID, enrolment_id: UUID) -> SubmissionView:
    """Begin an attempt against the acknowledged bar. A further attempt carries the earlier evidence on.

    Beginning again while a draft is open gives that draft. Conflict without an acknowledged bar, after the window of
    that bar, while work is being judged, after a pass, and when no attempt is left.
    """
    enrolment = Enrolment.objects.for_org(org_id).select_for_update().filter(id=enrolment_id).first()
    if enrolment is None:
        raise NotFound(policies.MISSING)
    policies.ensure_learner_side(by, org_id, enrolment.learner_id)
    if enrolment.version_id is None or enrolment.acknowledged_at is None:
        raise Conflict(said("The bar has not been read and agreed to."), mend=said("Read the bar first."))
    if enrolment.state != "acknowledged":
        raise Conflict(
            said("This enrolment is {state}.", state=state_word(enrolment.state)),
            mend=said("It takes no further work."),
        )
    earlier = list(Submission.objects.for_org(org_id).filter(enrolment=enrolment).order_by("attempt"))
    last = earlier[-1] if earlier else None
    if last is not None and last.state == "draft":
        return views.submission_view(last)
    if last is not None and last.state in OPEN_SUBMISSIONS:
        raise Conflict(said("Work is being judged."), mend=said("Wait for its decision or its return."))
    version = bars.version(org_id, enrolment.version_id)
    bars.ensure_counts(version)
    plan = queries.bridge_plan(views.enrolment_view(enrolment), version)
    if plan is not None:
        bridging.ensure_possible(plan)
    if not version.standard.evidence:
        raise Conflict(
            said("This standard asks for no evidence."),
            mend=said("The organisation records it; nothing has to be handed in."),
        )
    allowed = policies.attempts_allowed(version.standard)
    if len(earlier) >= allowed:
        raise Conflict(
            numbered("The only attempt is used.", "All {n} attempts are used.", n=allowed),
            mend=said("Ask the organisation about another way."),
        )
    row = Submission.objects.create(
        org_id=org_id,
        enrolment=enrolment,
        version_id=version.id,
        core_hash=enrolment.core_hash,
        acknowledged_at=enrolment.acknowledged_at,
        attempt=len(earlier) + 1,
        created_at=now(),
    )
    if last is not None and last.version_id == version.id:
        _carry_on(last, row)
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.submission_started",
        subject_type="submission",
        subject_id=row.id,
        data={"attempt": row.attempt, "version": str(version.id)},
    )
    return views.submission_view(row)


def _carry_on(last: Submission, row: Submission) -> None:
    for item in last.items.order_by("received_at", "id"):
        values = {
            field.attname: getattr(item, field.attname)
            for field in EvidenceItem._meta.concrete_fields
            if field.attname not in {"id", "submission_id"}
        }
        EvidenceItem.objects.create(submission=row, **values)


def move_draft(row: Submission, version: VersionView) -> int:
    """Let an open draft go on under another version: its pieces stay where that version still asks for them.

    Returns how many were taken out.
    """
    row.version_id, row.core_hash = version.id, version.core_hash
    row.acknowledged_at = now()
    row.save(update_fields=["version_id", "core_hash", "acknowledged_at"])
    asked = queries.asked(views.enrolment_view(row.enrolment), version).standard.evidence
    kinds = {piece.id: policies.KINDS[piece.kind] for piece in asked}
    items = list(EvidenceItem.objects.for_org(row.org_id).filter(submission=row))
    unasked = [item for item in items if item.kind not in kinds.get(item.requirement_id, ())]
    for item in unasked:
        _delete_item(item)
    return len(unasked)


def ensure_room(row: Submission, requirement: EvidenceRequirement) -> None:
    held = (
        EvidenceItem.objects.for_org(row.org_id).filter(submission=row, requirement_id=requirement.id).count()
    )
    if held >= requirement.max_items:
        raise Conflict(
            numbered(
                "“{title}” takes {n} piece at most, and holds {held}.",
                "“{title}” takes {n} pieces at most, and holds {held}.",
                n=requirement.max_items,
                title=requirement.title,
                held=held,
            ),
            field=requirement.kind,
            mend=said("Remove one first."),
        )


def file_limit(requirement: EvidenceRequirement) -> int:
    """Bytes that one file may have: what the standard says, within what the installation allows."""
    return min(requirement.max_mb * 1024 * 1024, load().max_upload_bytes)


def too_large(filename: str, limit: int) -> TooLarge:
    return TooLarge(
        said(
            "{file} is larger than {n} MB, the limit of this piece of evidence.",
            file=media.safe_name(filename),
            n=Count(limit // 1048576),
        ),
        field="file",
        mend=said("Make it smaller: a lower resolution, a shorter cut, or only the part that matters."),
    )


def record_item(
    by: Actor,
    submission_id: UUID,
    org_id: UUID,
    requirement: EvidenceRequirement,
    stored: StoredFile,
    **values: object,
) -> EvidenceItemView:
    """Tie a stored file to a draft, checking once more under lock; the file is removed when that is refused."""
    try:
        with transaction.atomic():
            row = draft_of(by, org_id, submission_id, lock=True)
            if requirement.kind == "text":
                _replace_text(row, requirement)
            ensure_room(row, requirement)
            item = EvidenceItem.objects.create(
                org_id=org_id,
                submission=row,
                requirement_id=requirement.id,
                title=requirement.title[:300],
                size=stored.size,
                sha256=stored.sha256,
                storage_key=stored.key,
                received_at=now(),
                **values,
            )
            audit.record(
                org_id=org_id,
                by=by,
                action="evidence.item_added",
                subject_type="submission",
                subject_id=submission_id,
                data={"item": str(item.id), "kind": item.kind, "size": item.size},
            )
    except BaseException:
        files.delete(stored.key)
        raise
    return views.item_view(item)


def _replace_text(row: Submission, requirement: EvidenceRequirement) -> None:
    """A written piece is one text: handing it in again replaces it."""
    for old in EvidenceItem.objects.for_org(row.org_id).filter(submission=row, requirement_id=requirement.id):
        _delete_item(old)


def add_file(
    *,
    by: Actor,
    org_id: UUID,
    submission_id: UUID,
    requirement_id: str,
    filename: str,
    pieces: Iterable[bytes],
) -> EvidenceItemView:
    """Store a file as evidence. Its type is proven from its bytes; bombs, wrong types and sizes are refused."""
    row = draft_of(by, org_id, submission_id)
    requirement = policies.requirement_of(standard_of(row), requirement_id, "file")
    ensure_room(row, requirement)
    limit = file_limit(requirement)
    try:
        stored = files.save(org_id, pieces, max_bytes=limit)
    except TooLarge:
        raise too_large(filename, limit) from None
    return take_stored_file(by, org_id, submission_id, requirement, filename, stored)


def take_stored_file(
    by: Actor,
    org_id: UUID,
    submission_id: UUID,
    requirement: EvidenceRequirement,
    filename: str,
    stored: StoredFile,
) -> EvidenceItemView:
    """Prove what a stored file is and tie it to the draft; a refused file is removed."""
    try:
        proven = media.inspect(files.path_of(stored.key), filename, accept=requirement.accept)
    except BaseException:
        files.delete(stored.key)
        raise
    return record_item(
        by,
        submission_id,
        org_id,
        requirement,
        stored,
        kind="file",
        filename=media.safe_name(filename),
        media_type=proven.media_type,
        group=proven.group,
    )


def add_url(
    *, by: Actor, org_id: UUID, submission_id: UUID, requirement_id: str, url: str
) -> EvidenceItemView:
    """Fetch an address and keep what it answered: the bytes, their SHA-256 and the moment, not only the link."""
    row = draft_of(by, org_id, submission_id)
    requirement = policies.requirement_of(standard_of(row), requirement_id, "url")
    ensure_room(row, requirement)
    address = policies.clean_text(url, field="url", limit=2_000, required=True)
    if any(character.isspace() for character in address):
        raise Invalid(
            said("The address holds a space."),
            field="url",
            mend=said("Copy it again, from the start to its end."),
        )
    limit = min(file_limit(requirement), MAX_SNAPSHOT_BYTES)
    try:
        answer = http.fetch(address, max_bytes=limit, seconds=SNAPSHOT_SECONDS)
    except http.FetchError as error:
        raise _unfetched(error.reason) from None
    if answer.status != 200:
        raise _unfetched(
            said("The address answered with {status} instead of its content.", status=str(answer.status))
        )
    if not answer.body:
        raise _unfetched(said("The address answered with nothing."))
    stored = files.save(org_id, [answer.body], max_bytes=limit)
    fetched = now()
    return record_item(
        by,
        submission_id,
        org_id,
        requirement,
        stored,
        kind="url",
        filename=_snapshot_name(answer.url, answer.media_type),
        media_type=answer.media_type[:120] or "application/octet-stream",
        group="",
        source_url=address,
        snapshot={"url": answer.url, "status": answer.status, "fetched_at": stamp(fetched)},
    )


def _unfetched(reason: str) -> Invalid:
    return Invalid(
        said("No copy of this address could be kept. {reason}", reason=reason),
        field="url",
        mend=said("Make the page public and try again, or hand in a file instead."),
    )


def _snapshot_name(url: str, media_type: str) -> str:
    name = PurePosixPath(unquote(urlsplit(url).path)).name or urlsplit(url).hostname or "page"
    if "html" in media_type and not name.endswith((".html", ".htm")):
        name += ".html"
    return media.safe_name(name)


def add_text(
    *, by: Actor, org_id: UUID, submission_id: UUID, requirement_id: str, text: str
) -> EvidenceItemView:
    """Keep a written piece; giving it again replaces the earlier text of the same requirement."""
    row = draft_of(by, org_id, submission_id)
    requirement = policies.requirement_of(standard_of(row), requirement_id, "text")
    clean = policies.clean_text(text, field="text", limit=policies.MAX_TEXT, required=True)
    words = len(clean.split())
    if words < requirement.min_words:
        raise Invalid(
            numbered(
                "The text has {n} word; at least {least} are asked for.",
                "The text has {n} words; at least {least} are asked for.",
                n=words,
                least=requirement.min_words,
            ),
            field="text",
            mend=said("Write {n} more.", n=requirement.min_words - words),
        )
    stored = files.save(org_id, [clean.encode()])
    return record_item(
        by,
        submission_id,
        org_id,
        requirement,
        stored,
        kind="text",
        filename=media.safe_name(f"{requirement.title[:80] or 'text'}.txt"),
        media_type="text/plain",
        group="text",
        text=clean,
    )


@transaction.atomic
def remove_item(*, by: Actor, org_id: UUID, item_id: UUID) -> None:
    """Take a piece out of a draft; its bytes go with it unless an earlier attempt holds them too."""
    item = EvidenceItem.objects.for_org(org_id).filter(id=item_id).first()
    if item is None:
        raise NotFound(said("There is no such piece of evidence."))
    draft_of(by, org_id, item.submission_id, lock=True)
    _delete_item(item)
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.item_removed",
        subject_type="submission",
        subject_id=item.submission_id,
        data={"item": str(item_id)},
    )


def _delete_item(item: EvidenceItem) -> None:
    key = item.storage_key
    EvidenceItem.objects.for_org(item.org_id).filter(id=item.id).delete()
    if not EvidenceItem.objects.for_org(item.org_id).filter(storage_key=key).exists():
        transaction.on_commit(lambda: files.delete(key))


def missing_evidence(standard: Standard, held: Iterable[str]) -> list[EvidenceRequirement]:
    """The required pieces that are not there yet, in the standard's order."""
    present = set(held)
    return [
        requirement
        for requirement in standard.evidence
        if requirement.required and requirement.id not in present
    ]


@transaction.atomic
def submit(*, by: Actor, org_id: UUID, submission_id: UUID, authorship_accepted: bool) -> SubmissionView:
    """Hand the work in: everything required is there, the statement is accepted, the bar was public before."""
    row = draft_of(by, org_id, submission_id, lock=True)
    version = bars.version(org_id, row.version_id)
    policies.ensure_public_bar(version)
    bars.ensure_counts(version)
    plan = queries.bridge_plan(views.enrolment_view(row.enrolment), version)
    if plan is not None:
        bridging.ensure_possible(plan)
    asked = plan.asked if plan else version
    held = (
        EvidenceItem.objects.for_org(org_id).filter(submission=row).values_list("requirement_id", flat=True)
    )
    problems = [
        FieldProblem(r.id, said("“{title}” is missing.", title=r.title), said("Add it."))
        for r in missing_evidence(asked.standard, held)
    ]
    if not authorship_accepted:
        problems.append(
            FieldProblem(
                "authorship_accepted",
                said("The statement about your own work is not ticked."),
                said("Read and tick it."),
            )
        )
    if problems:
        raise Invalid(
            said("The work is not complete yet."),
            errors=problems,
            mend=said("Mend what is listed, then hand it in."),
        )
    SUBMISSION.check(row.state, "submitted")
    row.state, row.submitted_at, row.submitted_by = "submitted", now(), by.kind
    row.due_at = row.submitted_at + timedelta(days=version.standard.conditions.turnaround_days)
    row.authorship_statement = str(policies.authorship_statement(version.standard))
    row.save(update_fields=["state", "submitted_at", "submitted_by", "due_at", "authorship_statement"])
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.submitted",
        subject_type="submission",
        subject_id=row.id,
        data={"attempt": row.attempt, "version": str(row.version_id), "core_hash": row.core_hash},
    )
    ids = {"submission_id": str(row.id), "learner_id": str(row.enrolment.learner_id)}
    outbox.emit(org_id, events.SUBMITTED, ids)
    return views.submission_view(row)
