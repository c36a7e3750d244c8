"""Explainer videos that are stored here: taken into a draft, taken out, found again by their SHA-256 (PRODUCT TV1).

A standard names its video by the digest of the bytes. The bytes lie once among the files of the organisation and stay
as long as a version or a presentation revision names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KT

from guildmark.design import actions, captions, limits, queries
from guildmark.design.models import AchievementVersion, ExplainerVideo, PresentationRevision
from guildmark.design.types import Explainer, VersionView, Video
from guildmark.kernel import audit, files, media, video
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.files import StoredFile
from guildmark.kernel.problems import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from guildmark.kernel.words import Count, said

#: What browsers play without a plug-in.
PLAYED = {"video/mp4": "MP4", "video/webm": "WebM"}
#: Of a file with captions; its text is limited by the publish gate as well.
MAX_CAPTIONS_BYTES = 200_000
#: How long a video stays that no version names any more: an undo or a file brought in again may name it.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class StoredVideo:
    """A video of an organisation and where its bytes lie."""

    video: Video
    storage_key: str


def stored_video(version: VersionView) -> StoredVideo | None:
    """The video of a version, if it names one whose bytes are stored here."""
    named = version.standard.explainer.video if version.standard.explainer else None
    if named is None:
        return None
    row = ExplainerVideo.objects.for_org(version.org_id).filter(sha256=named.sha256).first()
    if row is None or not files.path_of(row.storage_key).exists():
        return None
    found = Video(sha256=row.sha256, media_type=row.media_type, size=row.size, seconds=row.seconds)
    return StoredVideo(found, row.storage_key)


def put_video(
    *, by: Actor, org_id: UUID, version_id: UUID, filename: str, pieces: Iterable[bytes]
) -> VersionView:
    """Store a video and name it in a draft; the typed minutes become those of the file, where it says them.

    Raises, each with the field ``file``: UnsupportedMedia for anything but MP4 and WebM, Invalid for a file that is not
    what its name says or that breaks off, TooLarge above the limit of the installation. Nothing is kept then.
    """
    _draft(by, org_id, version_id)
    try:
        stored = files.save(org_id, pieces)
    except TooLarge as error:
        raise TooLarge(error.detail, field="file", mend=error.mend) from None
    try:
        taken = _proven(stored, filename)
        with transaction.atomic():
            kept = _kept(by, org_id, taken, stored)
            made = _with(by, org_id, version_id, video=taken, **_minutes(taken))
            _audit(by, made, "design.explainer_stored", taken)
    except BaseException:
        files.delete(stored.key)
        raise
    if kept != stored.key:  # the same bytes lie here already
        files.delete(stored.key)
    return made


@transaction.atomic
def remove_video(*, by: Actor, org_id: UUID, version_id: UUID) -> VersionView:
    """Take the video out of a draft. Published versions that name it keep it; without any it is deleted within days."""
    draft = _draft(by, org_id, version_id)
    named = draft.standard.explainer.video if draft.standard.explainer else None
    if named is None:
        raise NotFound(said("This draft has no video."))
    made = _with(by, org_id, version_id, video=None)
    _audit(by, made, "design.explainer_removed", named)
    return made


def put_words(
    *, by: Actor, org_id: UUID, version_id: UUID, captions_text: str, transcript: str, revision: int
) -> VersionView:
    """Keep captions (WebVTT) and transcript in a draft. Raises Invalid, naming the field, for captions that are none."""
    _draft(by, org_id, version_id)
    _ensure_captions(captions_text)
    words = {"captions": captions_text, "transcript": transcript}
    return _with(by, org_id, version_id, revision=revision, **words)


def read_captions(data: bytes) -> str:
    """The text of a file with captions; Invalid (field ``captions_file``) for one that is no WebVTT."""
    mend = said("Save them as WebVTT (.vtt), in UTF-8.")
    if len(data) > MAX_CAPTIONS_BYTES:
        message = said("The captions have more than {n} bytes.", n=Count(MAX_CAPTIONS_BYTES))
        raise Invalid(
            message, field="captions_file", mend=said("Captions are text: choose the file with them.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(said("The captions are no UTF-8 text."), field="captions_file", mend=mend) from None
    _ensure_captions(text, "captions_file")
    return text


def _ensure_captions(text: str, field: str = "captions") -> None:
    if not text.strip():
        return
    if not captions.is_webvtt(text.strip()):
        mend = said("Begin with the line WEBVTT; each cue has times such as 00:00.000 --> 00:04.000.")
        raise Invalid(said("The captions are no WebVTT."), field=field, mend=mend)
    if tag := captions.strange_tag(text):
        raise Invalid(
            said("The captions hold the tag {tag}, which is none of captions.", tag=tag),
            field=field,
            mend=said("Take it out: captions are words with times."),
        )
    limit = limits.TEXTS["explainer.captions"]
    if len(text) > limit:
        raise Invalid(
            said(
                "The captions have {n} characters; the limit is {limit}.",
                n=Count(len(text)),
                limit=Count(limit),
            ),
            field=field,
            mend=said("Shorten the video: an explainer takes a few minutes."),
        )


def _draft(by: Actor, org_id: UUID, version_id: UUID) -> VersionView:
    by.require(org_id, "designer")
    found = queries.version(org_id, version_id)
    if found.is_published:
        raise Conflict(
            said("Version {number} is published and never changes.", number=found.number),
            mend=said("Start a new version; holders keep the one they earned."),
        )
    return found


def _with(
    by: Actor, org_id: UUID, version_id: UUID, *, revision: int | None = None, **members: Any
) -> VersionView:
    """Save members of the explainer beside those that the draft has now."""
    now_stored = queries.version(org_id, version_id)
    content = (now_stored.standard.explainer or Explainer()).model_dump(mode="json")
    for name, value in members.items():
        content[name] = value.model_dump(mode="json") if isinstance(value, Video) else value
    return actions.save_draft(
        by=by,
        org_id=org_id,
        version_id=version_id,
        content={"explainer": content if any(content.values()) else None},
        revision=now_stored.revision if revision is None else revision,
    )


def _minutes(taken: Video) -> dict[str, Any]:
    return {"minutes": max(0.1, round(taken.seconds / 60, 1))} if taken.seconds else {}


def _proven(stored: StoredFile, filename: str) -> Video:
    path = files.path_of(stored.key)
    found = media.inspect(path, filename, accept=("video",))
    if found.media_type not in PLAYED:
        raise UnsupportedMedia(
            said("{file} is a video that browsers do not play everywhere.", file=media.safe_name(filename)),
            field="file",
            mend=said("Save it as MP4 (H.264) or WebM."),
        )
    seconds = video.seconds(path, found.media_type)
    return Video.model_validate(
        {"sha256": stored.sha256, "media_type": found.media_type, "size": stored.size, "seconds": seconds}
    )


def _kept(by: Actor, org_id: UUID, taken: Video, stored: StoredFile) -> str:
    """The key under which the bytes lie: the new one, or that of the same bytes from before."""
    row, fresh = ExplainerVideo.objects.for_org(org_id).select_for_update().get_or_create(
        org_id=org_id,
        sha256=taken.sha256,
        defaults={
            **taken.model_dump(exclude={"sha256"}),
            "storage_key": stored.key,
            "stored_at": now(),
            "stored_by": by.id if by.kind == "user" else None,
        },
    )  # fmt: skip
    if not fresh:
        if not files.path_of(row.storage_key).exists():
            row.storage_key = stored.key
        row.stored_at = now()
        row.save(update_fields=["storage_key", "stored_at"])
    return str(row.storage_key)


def _audit(by: Actor, version: VersionView, action: str, about: Video) -> None:
    audit.record(
        org_id=version.org_id,
        by=by,
        action=action,
        subject_type="achievement",
        subject_id=version.achievement_id,
        data={"version": str(version.id), "sha256": about.sha256, "size": about.size},
    )


def forget_unnamed() -> int:
    """Delete videos that were stored more than a day ago and that no version and no revision names; how many."""
    rows = ExplainerVideo.objects.across_orgs("the sweeper looks after every organisation")
    old = rows.filter(stored_at__lt=now() - KEPT)
    forgotten = 0
    for org_id in old.order_by().values_list("org_id", flat=True).distinct():
        for row in old.filter(org_id=org_id).exclude(sha256__in=_named(org_id)):
            with transaction.atomic():
                # Uploaded again meanwhile: then it is young, and stays.
                if not old.filter(id=row.id).delete()[0]:
                    continue
                transaction.on_commit(partial(files.delete, row.storage_key))
            forgotten += 1
    return forgotten


def _named(org_id: UUID) -> set[str]:
    """The digests that any version or presentation revision of the organisation names."""
    found: set[str] = set()
    for model in (AchievementVersion, PresentationRevision):
        rows = model.objects.for_org(org_id).annotate(named=KT("content__explainer__video__sha256"))
        found |= {digest for digest in rows.values_list("named", flat=True) if digest}
    return found
