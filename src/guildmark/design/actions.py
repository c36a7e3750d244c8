"""Every write of achievements and versions: policy, change, audit record and event in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.design import (
    dates,
    drafts,
    events,
    lowering,
    policies,
    publication,
    queries,
    standing,
    versions,
)
from guildmark.design.beginning import OUTLINE_LIMIT as OUTLINE_LIMIT
from guildmark.design.beginning import change_slug as change_slug
from guildmark.design.beginning import create_achievement as create_achievement
from guildmark.design.beginning import duplicate as duplicate
from guildmark.design.models import Achievement, AchievementVersion, PresentationRevision
from guildmark.design.refusals import dated_back_is_recorded
from guildmark.design.rules import set_rules as set_rules
from guildmark.design.states import VERSION
from guildmark.design.stored import (
    emit,
    ensure_revision,
    locked_draft,
    locked_version,
    record,
    require_designer,
    saved_by,
)
from guildmark.design.types import AchievementView, Forces, Standard, VersionView
from guildmark.kernel import audit, standards_log
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import add_months, now, stamp
from guildmark.kernel.problems import Conflict, FieldProblem, Invalid, NotFound
from guildmark.kernel.words import Count, numbered, said
from guildmark.people import queries as people

NOTE_LIMIT = 1000
COMPLETION_REASON = said(
    "A completion record says that somebody took part. It cannot carry can-do claims or their proof."
)


#: Why a version is not reviewed, by its state.
NOT_STANDING = {
    "draft": said("This version is draft."),
    "scheduled": said("This version is scheduled."),
    "superseded": said("This version is superseded."),
    "retired": said("This version is retired."),
}


@transaction.atomic
def save_draft(
    *, by: Actor, org_id: UUID, version_id: UUID, content: Mapping[str, Any], revision: int | None
) -> VersionView:
    """Put members of a standard into a draft, which may stay incomplete.

    ``content`` holds any top-level members of :class:`Standard`; the others stay. ``revision`` is the
    one that the
    writer started from (None: whatever is stored). Raises Conflict when somebody saved in between, Invalid
    with one problem per field for values that cannot be kept.
    """
    require_designer(by, org_id)
    row = locked_draft(org_id, version_id)
    ensure_revision(row, revision)
    before = Standard.model_validate(row.content)
    after = drafts.merged(row.content, content, first=row.based_on is None)
    _allowed(row, before, after)
    if after == before:
        return queries.version_view(row)
    row.content = after.model_dump(mode="json")
    row.revision += 1
    row.saved_at, row.saved_by = now(), saved_by(by)
    row.save(update_fields=["content", "revision", "saved_at", "saved_by"])
    if row.based_on is None:
        row.achievement.title, row.achievement.signal = after.title[:200], after.signal
        row.achievement.save(update_fields=["title", "signal"])
    record(by, row, "design.draft_saved", revision=row.revision)
    return queries.version_view(row)


def _allowed(row: AchievementVersion, before: Standard, after: Standard) -> None:
    refused = policies.completion_refusal(before, after)
    if refused:
        mend = said("Choose the class demonstrated skill and have the work judged.")
        raise Invalid(COMPLETION_REASON, field=refused, mend=mend)
    if row.based_on is not None and after.signal != before.signal:
        raise Invalid(
            said("The class of a published standard stays as it is: its holders were given that class."),
            field="signal",
            mend=said("Duplicate the standard and choose the class there."),
        )


@dated_back_is_recorded
@transaction.atomic
def publish(
    *,
    by: Actor,
    org_id: UUID,
    version_id: UUID,
    update_note: str = "",
    revision: int | None = None,
    at_least: Forces = "none",
    effective_at: datetime | None = None,
    transition_until: datetime | None = None,
) -> VersionView:
    """Freeze a draft as the next version, if the gate has nothing against it.

    Raises Invalid with one problem per blocking finding. A successor needs ``update_note``; its number
    follows from what changed, and ``at_least`` may raise it (``minor``, ``major``). Lower it may only be by an
    agreed request of :mod:`guildmark.design.lowering`. A major successor comes into force at ``effective_at``
    (now), and learners may go on under the version that they agreed to until ``transition_until``. Where
    only presentation changed, the standing version gets a presentation revision, the draft ends, and the
    standing version is returned. Conflict when nothing changed, or when ``revision`` is no longer stored.
    """
    require_designer(by, org_id)
    row = locked_draft(org_id, version_id)
    ensure_revision(row, revision)
    standard = Standard.model_validate(row.content)
    blocking = policies.blocking(standard, queries.rules(org_id))
    if blocking:
        raise Invalid(
            numbered(
                "{n} thing stands between this draft and its publication.",
                "{n} things stand between this draft and its publication.",
                n=len(blocking),
            ),
            errors=[FieldProblem(f.path, f.message, f.mend) for f in blocking],
        )
    base = _standing(row)
    note = drafts.tidy(update_note, "audience")
    if len(note) > NOTE_LIMIT:
        raise Invalid(
            said(
                "The note has {count} characters; the limit is {limit}.",
                count=Count(len(note)),
                limit=Count(NOTE_LIMIT),
            ),
            field="update_note",
            mend=said("Shorten it."),
        )
    if base is None:
        begins, _ = dates.chosen(org_id, "major", None, effective_at, transition_until)
        return _publish_core(by, row, standard, (1, 0), note or "First publication.", None, "major", begins)
    change = versions.compare(queries.version(org_id, base.id).standard, standard)
    forces = (
        versions.raised(change.forces, at_least) if change.forces not in {"none", "note"} else change.forces
    )
    if forces == "none":
        raise Conflict(
            said("Nothing differs from version {number}.", number=queries.number_text(base)),
            mend=said("Discard this draft."),
        )
    if not note:
        mend = said("Write one sentence for holders, learners and employers.")
        raise Invalid(said("Nothing says what changed."), field="update_note", mend=mend)
    if forces == "note":
        return _revise_presentation(by, row, base, note)
    if forces == "major" and at_least != "major":
        row.lowering = lowering.take(row, change)
        forces = "minor" if row.lowering else forces
    begins, until = dates.chosen(org_id, forces, base, effective_at, transition_until)
    row.transition_until = until
    last = (base.major or 0, base.minor or 0)
    return _publish_core(by, row, standard, versions.next_number(last, forces), note, base, forces, begins)


def _standing(row: AchievementVersion) -> AchievementVersion | None:
    """The version with the highest number, locked: the one to be followed."""
    rows = (
        AchievementVersion.objects.for_org(row.org_id)
        .filter(achievement_id=row.achievement_id)
        .exclude(state="draft")
    )
    return rows.select_for_update().select_related(None).order_by("-major", "-minor").first()


def _publish_core(
    by: Actor,
    row: AchievementVersion,
    standard: Standard,
    number: tuple[int, int],
    note: str,
    base: AchievementVersion | None,
    forces: Forces,
    begins: datetime,
) -> VersionView:
    moment = now()
    text = f"{number[0]}.{number[1]}"
    if base is not None and base.state == "published":
        VERSION.check(base.state, "superseded")
        base.state, base.superseded_by = "superseded", text
        base.save(update_fields=["state", "superseded_by"])
    row.major, row.minor = number
    row.state = "published"
    row.content = {**standard.model_dump(mode="json"), "schema_version": 2}
    row.core_hash = versions.core_hash(row.content)
    row.update_note = note
    row.published_at, row.published_by, row.effective_at = moment, saved_by(by), begins
    row.review_due = add_months(moment, standard.review_months) if standard.review_months else None
    row.save()
    publication.record(row, standard, moment)
    dates.end_earlier(row, begins)
    achievement = row.achievement
    achievement.title, achievement.signal = standard.title, standard.signal
    achievement.save(update_fields=["title", "signal"])
    supersedes = queries.number_text(base) if base else ""
    record(
        by,
        row,
        "design.version_published",
        hash=row.core_hash,
        note=note,
        forces=forces,
        supersedes=supersedes,
        effective_at=stamp(begins),
        transition_until=stamp(row.transition_until) if row.transition_until else "",
        **({"lowering": row.lowering} if row.lowering else {}),
    )
    standards_log.append(
        org_id=row.org_id,
        organisation=people.organisation(row.org_id).slug,
        standard=achievement.slug,
        version=text,
        core_hash=row.core_hash,
        published_at=moment,
    )
    emit(row, events.VERSION_PUBLISHED, core_hash=row.core_hash, supersedes=supersedes, forces=forces)
    return queries.version_view(row)


def _revise_presentation(
    by: Actor, row: AchievementVersion, base: AchievementVersion, note: str
) -> VersionView:
    content = versions.presentation(row.content)
    count = PresentationRevision.objects.for_org(row.org_id).filter(version_id=base.id).count()
    revision = PresentationRevision.objects.create(
        org_id=row.org_id,
        version_id=base.id,
        number=count + 1,
        content=content,
        hash=versions.hash_of(content),
        note=note,
        created_at=now(),
        created_by=saved_by(by),
    )
    row.delete()
    record(by, base, "design.presentation_revised", hash=revision.hash, note=note, revision=revision.number)
    emit(base, events.PRESENTATION_REVISED, revision=revision.number)
    return queries.version(base.org_id, base.id)


@transaction.atomic
def start_new_version(*, by: Actor, org_id: UUID, achievement_id: UUID) -> VersionView:
    """A draft that begins with the newest published version, or the draft that is open already."""
    require_designer(by, org_id)
    rows = queries.versions_of(org_id, achievement_id)
    if not rows:
        raise NotFound(queries.UNKNOWN)
    newest = rows[0]
    if not newest.is_published:
        return newest
    try:
        with transaction.atomic():
            row = AchievementVersion.objects.create(
                org_id=org_id,
                achievement_id=achievement_id,
                content=newest.standard.model_dump(mode="json"),
                based_on=newest.id,
                created_at=now(),
                created_by=saved_by(by),
                saved_at=now(),
                saved_by=saved_by(by),
            )
    except IntegrityError:  # somebody opened one at the same moment
        return queries.draft(org_id, newest.slug)
    record(by, row, "design.version_started", based_on=newest.number)
    return queries.version(org_id, row.id)


@transaction.atomic
def discard_draft(*, by: Actor, org_id: UUID, version_id: UUID) -> None:
    """End a draft. An achievement that was never published goes with its only draft."""
    require_designer(by, org_id)
    row = locked_draft(org_id, version_id)
    achievement = row.achievement
    record(by, row, "design.draft_discarded")
    row.delete()
    if not achievement.versions.exists():
        achievement.delete()


@transaction.atomic
def retire(*, by: Actor, org_id: UUID, version_id: UUID, note: str = "") -> VersionView:
    """End a version: nothing new is awarded by it; what was awarded stays what it was."""
    require_designer(by, org_id)
    row = locked_version(org_id, version_id)
    VERSION.check(row.state, "retired")
    if standing.state_at(row, now()) == standing.SCHEDULED:
        raise Conflict(
            said("Version {number} is announced and not in force yet.", number=queries.number_text(row)),
            mend=said(
                "Publish a further version that comes into force earlier; the announced one then never does."
            ),
        )
    row.state = "retired"
    row.save(update_fields=["state"])
    record(by, row, "design.version_retired", note=note.strip()[:NOTE_LIMIT])
    emit(row, events.VERSION_RETIRED)
    return queries.version(org_id, version_id)


@transaction.atomic
def archive(*, by: Actor, org_id: UUID, achievement_id: UUID, archived: bool = True) -> AchievementView:
    """Take an achievement off the working list, or put it back. Its public pages stay."""
    require_designer(by, org_id)
    row = Achievement.objects.for_org(org_id).select_for_update().filter(id=achievement_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    if archived and row.versions.filter(state="published").exists():
        raise Conflict(
            said("A version of this standard is published."),
            mend=said("Retire it first; until then learners may earn it."),
        )
    row.archived = archived
    row.save(update_fields=["archived"])
    audit.record(
        org_id=org_id,
        by=by,
        action="design.archived" if archived else "design.unarchived",
        subject_type="achievement",
        subject_id=row.id,
    )
    return queries.achievement(org_id, achievement_id)


@transaction.atomic
def mark_reviewed(*, by: Actor, org_id: UUID, version_id: UUID, note: str) -> VersionView:
    """Record that somebody looked at a standing version and found it still right; the review date
    moves on.
    """
    require_designer(by, org_id)
    row = locked_version(org_id, version_id)
    state = standing.state_at(row, now())
    if state != "published":
        raise Conflict(NOT_STANDING[state], mend=said("Only a version that is in force is reviewed."))
    text = drafts.tidy(note)
    if not text:
        mend = said("Say in a sentence what was checked, for the page shows it.")
        raise Invalid(said("The review has no note."), field="note", mend=mend)
    months = row.content.get("review_months")
    row.reviewed_at = now()
    row.review_due = add_months(row.reviewed_at, months) if months else None
    row.save(update_fields=["reviewed_at", "review_due"])
    record(by, row, "design.version_reviewed", note=text[:NOTE_LIMIT])
    emit(row, events.VERSION_REVIEWED)
    return queries.version(org_id, version_id)
