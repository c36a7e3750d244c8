"""Files in pieces: a video of 500 MB arrives in requests of at most 5 MB and can go on after a break."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.db import transaction

from guildmark.assess.evidence import policies, views
from guildmark.assess.evidence.actions.handing_in import (
    draft_of,
    ensure_room,
    file_limit,
    standard_of,
    take_stored_file,
    too_large,
)
from guildmark.assess.evidence.models import Upload
from guildmark.assess.evidence.types import EvidenceItemView, UploadView
from guildmark.kernel import files, media
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from guildmark.kernel.words import Count, said

MAX_PIECE_BYTES = 5 * 1024 * 1024
MAX_OPEN_UPLOADS = 10


def begin_upload(
    *, by: Actor, org_id: UUID, submission_id: UUID, requirement_id: str, filename: str, size: int
) -> UploadView:
    """Announce a file with its size in bytes; refused at once when it is too large or of a type not asked for."""
    row = draft_of(by, org_id, submission_id)
    requirement = policies.requirement_of(standard_of(row), requirement_id, "file")
    ensure_room(row, requirement)
    if size <= 0:
        raise Invalid(said("The file is empty."), field="file", mend=said("Choose the file again."))
    limit = file_limit(requirement)
    if size > limit:
        raise too_large(filename, limit)
    name = media.safe_name(filename)
    if PurePath(name).suffix.lower() not in media.BY_SUFFIX:
        raise UnsupportedMedia(
            said("{file}: files of this kind cannot be used.", file=name),
            field="file",
            mend=said("Save it in a common format."),
        )
    with transaction.atomic():
        if Upload.objects.for_org(org_id).filter(submission=row).count() >= MAX_OPEN_UPLOADS:
            raise Conflict(
                said("Ten uploads are open already."),
                field="file",
                mend=said("Finish or cancel one of them."),
            )
        upload = Upload.objects.create(
            org_id=org_id,
            submission=row,
            requirement_id=requirement.id,
            filename=name,
            size=size,
            storage_key=files.begin_partial(org_id),
            touched_at=now(),
        )
    return views.upload_view(upload)


def _upload(by: Actor, org_id: UUID, upload_id: UUID) -> Upload:
    rows = Upload.objects.for_org(org_id).select_related("submission__enrolment")
    row = rows.filter(id=upload_id).first()
    if row is None:
        raise NotFound(said("This upload has ended or was never begun."), mend=said("Choose the file again."))
    policies.ensure_learner_side(by, org_id, row.submission.enrolment.learner_id)
    return row


def append_upload(*, by: Actor, org_id: UUID, upload_id: UUID, offset: int, piece: bytes) -> UploadView:
    """Add the bytes from ``offset`` on; Conflict with another offset names the byte to go on from."""
    if len(piece) > MAX_PIECE_BYTES:
        raise TooLarge(said("A piece is larger than 5 MB."), field="piece", mend=said("Send smaller pieces."))
    row = _upload(by, org_id, upload_id)
    if offset == files.partial_size(row.storage_key) and offset + len(piece) > row.size:
        raise Invalid(
            said("More bytes came than the {n} announced.", n=Count(row.size)),
            field="piece",
            mend=said("Begin the upload again."),
        )
    files.append_partial(row.storage_key, offset, piece, max_bytes=row.size)
    Upload.objects.for_org(org_id).filter(id=row.id).update(touched_at=now())
    return views.upload_view(row)


def finish_upload(*, by: Actor, org_id: UUID, upload_id: UUID) -> EvidenceItemView:
    """Close an upload that is complete, prove what the file is, and add it to the work."""
    row = _upload(by, org_id, upload_id)
    arrived = files.partial_size(row.storage_key)
    if arrived != row.size:
        raise Conflict(
            said("{n} of {all} bytes have arrived.", n=Count(arrived), all=Count(row.size)),
            mend=said("Go on from byte {byte}.", byte=str(arrived)),
        )
    draft = draft_of(by, org_id, row.submission_id)
    requirement = policies.requirement_of(standard_of(draft), row.requirement_id, "file")
    # Only one of two requests that finish at once finds the row; the other gets the 404 of an ended upload.
    if not Upload.objects.for_org(org_id).filter(id=row.id).delete()[0]:
        raise NotFound(said("This upload has ended."), mend=said("Look at the list of what you handed in."))
    stored = files.finish_partial(row.storage_key)
    return take_stored_file(by, org_id, row.submission_id, requirement, row.filename, stored)


def cancel_upload(*, by: Actor, org_id: UUID, upload_id: UUID) -> None:
    """Stop an upload and remove what has arrived."""
    row = _upload(by, org_id, upload_id)
    Upload.objects.for_org(org_id).filter(id=row.id).delete()
    files.delete(row.storage_key)
