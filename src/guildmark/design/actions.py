"""Every write of achievements and versions: policy, change, audit record and event in one transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.design import (
    dates,
    drafts,
    events,
    limits,
    lowering,
    policies,
    publication,
    queries,
    standing,
    versions,
)
from guildmark.design.advisor import outline
from guildmark.design.models import Achievement, AchievementVersion, PresentationRevision
from guildmark.design.refusals import dated_back_is_recorded
from guildmark.design.rules import set_rules as set_rules
from guildmark.design.states import VERSION
from guildmark.design.types import AchievementView, Forces, Signal, Standard, VersionView
from guildmark.kernel import audit, outbox, standards_log
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import add_months, now, stamp
from guildmark.kernel.problems import Conflict, FieldProblem, Invalid, NotFound
from guildmark.kernel.words import Count, numbered, said
from guildmark.people import queries as people

OUTLINE_LIMIT = 20_000
NOTE_LIMIT = 1000
# Would hide behind an address of the editor or of the API.
RESERVED = {"new", "import", "advise", "class-requests"}
SIGNALS = ("completion", "demonstrated", "certified")
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


def _designer(by: Actor, org_id: UUID) -> None:
    by.require(org_id, "designer")


def _version(org_id: UUID, version_id: UUID) -> AchievementVersion:
    """The row, locked for this transaction."""
    rows = (
        AchievementVersion.objects.for_org(org_id)
        .select_related("achievement")
        .select_for_update(of=("self",))
    )
    row = rows.filter(id=version_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    return row


def _draft(org_id: UUID, version_id: UUID) -> AchievementVersion:
    row = _version(org_id, version_id)
    if row.state != "draft":
        raise Conflict(
            said("Version {number} is published and never changes.", number=queries.number_text(row)),
            mend=said("Start a new version; holders keep the one they earned."),
        )
    return row


def _at_revision(row: AchievementVersion, revision: int | None) -> None:
    """Refuse a save that was based on an older state of the draft, and say who saved in between."""
    if revision is None or revision == row.revision:
        return
    who = people.member_label(row.org_id, row.saved_by) if row.saved_by else said("an API key or Guildmark")
    raise Conflict(
        said(
            "This draft was saved by {who} at {time} UTC, after you opened it "
            "(you had revision {yours}, it is now {current}).",
            who=who,
            time=f"{row.saved_at:%H:%M}",
            yours=str(revision),
            current=str(row.revision),
        ),
        field="revision",
        mend=said(
            "What you typed is still here. Compare it with the stored draft in a second "
            "window; saving again replaces that."
        ),
    )


def _saved_by(by: Actor) -> UUID | None:
    return by.id if by.kind == "user" else None


def _audit(by: Actor, row: AchievementVersion, action: str, **data: Any) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=action,
        subject_type="achievement",
        subject_id=row.achievement_id,
        data={"version": str(row.id), "number": queries.number_text(row), **data},
    )


def _emit(row: AchievementVersion, kind: str, **data: Any) -> None:
    payload = {
        "achievement": str(row.achievement_id),
        "version": str(row.id),
        "number": queries.number_text(row),
    }
    outbox.emit(row.org_id, kind, {**payload, **data})


def slug_of(title: str) -> str:
    """An address part from a title; titles without Latin letters give ``standard``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: limits.SLUG].rstrip("-") or "standard"


def _free_slug(title: str) -> str:
    wanted = slug_of(title)
    taken = (
        set(
            Achievement.objects.across_orgs("addresses are shared by the installation")
            .filter(slug__startswith=wanted)
            .values_list("slug", flat=True)
        )
        | RESERVED
    )
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _create(by: Actor, org_id: UUID, standard: Standard, outline: str = "") -> AchievementVersion:
    achievement = Achievement.objects.create(
        org_id=org_id,
        slug=_free_slug(standard.title),
        title=standard.title,
        signal=standard.signal,
        outline=outline,
        created_at=now(),
        created_by=_saved_by(by),
    )
    row = AchievementVersion.objects.create(
        org_id=org_id,
        achievement=achievement,
        content=standard.model_dump(mode="json"),
        created_at=now(),
        created_by=_saved_by(by),
        saved_at=now(),
        saved_by=_saved_by(by),
    )
    _audit(by, row, "design.achievement_created", signal=standard.signal)
    return row


@transaction.atomic
def create_achievement(
    *, by: Actor, org_id: UUID, title: str, signal: Signal = "demonstrated", from_existing: str = ""
) -> VersionView:
    """A new achievement with its first draft.

    ``from_existing`` is the outline of a course, one line per lesson: lines that read as something a person does
    become proposed competencies, each with the lessons that serve it, and the whole outline stays beside the editor.
    Not for completion records.
    """
    _designer(by, org_id)
    if signal not in SIGNALS:
        raise Invalid(
            said("This class is not known."),
            field="signal",
            mend=said("Choose from {names}.", names=", ".join(SIGNALS)),
        )
    if len(from_existing) > OUTLINE_LIMIT:
        raise Invalid(
            said(
                "The outline has {count} characters; the limit is {limit}.",
                count=Count(len(from_existing)),
                limit=Count(OUTLINE_LIMIT),
            ),
            field="from_existing",
            mend=said("Paste the titles of the lessons only."),
        )
    standard = drafts.merged({"signal": signal}, {"title": title})
    if not standard.title:
        raise Invalid(
            said("The title is empty."),
            field="title",
            mend=said("Give it a short name; you can change it later."),
        )
    if len(standard.title) > 120:
        raise Invalid(
            said(
                "The title has {count} characters; the limit is {limit}.",
                count=str(len(standard.title)),
                limit="120",
            ),
            field="title",
            mend=said("Shorten it."),
        )
    course = drafts.tidy(from_existing, "audience")
    if signal != "completion" and course:
        standard = drafts.merged(standard.model_dump(mode="json"), _proposed(course))
    return queries.version_view(_create(by, org_id, standard, course))


def _proposed(course: str) -> dict[str, Any]:
    try:
        return outline.read(course.encode()).members()
    except Invalid as error:
        raise Invalid(error.detail, field="from_existing", mend=error.mend) from None


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
    _designer(by, org_id)
    row = _draft(org_id, version_id)
    _at_revision(row, revision)
    before = Standard.model_validate(row.content)
    after = drafts.merged(row.content, content)
    _allowed(row, before, after)
    if after == before:
        return queries.version_view(row)
    row.content = after.model_dump(mode="json")
    row.revision += 1
    row.saved_at, row.saved_by = now(), _saved_by(by)
    row.save(update_fields=["content", "revision", "saved_at", "saved_by"])
    if row.based_on is None:
        row.achievement.title, row.achievement.signal = after.title[:200], after.signal
        row.achievement.save(update_fields=["title", "signal"])
    _audit(by, row, "design.draft_saved", revision=row.revision)
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


@transaction.atomic
def change_slug(*, by: Actor, org_id: UUID, achievement_id: UUID, slug: str) -> AchievementView:
    """Choose the public address part; frozen with the first publication, for it is inside signed
    credentials.
    """
    _designer(by, org_id)
    row = Achievement.objects.for_org(org_id).select_for_update().filter(id=achievement_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    wanted = slug.strip().lower()
    shaped = re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", wanted) and len(wanted) <= limits.SLUG
    if not shaped or wanted in RESERVED:
        mend = said("Use up to 60 small letters, digits and single hyphens, such as welcome-sequence.")
        raise Invalid(
            said("{text} cannot be part of an address.", text=repr(wanted[:80])), field="slug", mend=mend
        )
    if wanted == row.slug:
        return queries.achievement(org_id, achievement_id)
    if row.versions.exclude(state="draft").exists():
        raise Conflict(
            said("The address is frozen: a version is published under it."),
            field="slug",
            mend=said("Duplicate the standard for another address."),
        )
    if (
        Achievement.objects.across_orgs("addresses are shared by the installation")
        .filter(slug=wanted)
        .exists()
    ):
        raise Conflict(
            said("The address {address} is taken.", address=wanted),
            field="slug",
            mend=said("Choose another one."),
        )
    row.slug = wanted
    row.save(update_fields=["slug"])
    audit.record(
        org_id=org_id,
        by=by,
        action="design.address_changed",
        subject_type="achievement",
        subject_id=row.id,
        data={"slug": wanted},
    )
    return queries.achievement(org_id, achievement_id)


@transaction.atomic
def duplicate(*, by: Actor, org_id: UUID, achievement_id: UUID) -> VersionView:
    """A new achievement whose draft begins with the draft, else the newest version, of another one."""
    _designer(by, org_id)
    rows = queries.versions_of(org_id, achievement_id)
    if not rows:
        raise NotFound(queries.UNKNOWN)
    standard = rows[0].standard
    copy = standard.model_copy(update={"title": f"Copy of {standard.title}"[:120]})
    return queries.version_view(_create(by, org_id, copy))


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
    _designer(by, org_id)
    row = _draft(org_id, version_id)
    _at_revision(row, revision)
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
    row.published_at, row.published_by, row.effective_at = moment, _saved_by(by), begins
    row.review_due = add_months(moment, standard.review_months) if standard.review_months else None
    row.save()
    publication.record(row, standard, moment)
    dates.end_earlier(row, begins)
    achievement = row.achievement
    achievement.title, achievement.signal = standard.title, standard.signal
    achievement.save(update_fields=["title", "signal"])
    supersedes = queries.number_text(base) if base else ""
    _audit(
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
    _emit(row, events.VERSION_PUBLISHED, core_hash=row.core_hash, supersedes=supersedes, forces=forces)
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
        created_by=_saved_by(by),
    )
    row.delete()
    _audit(by, base, "design.presentation_revised", hash=revision.hash, note=note, revision=revision.number)
    _emit(base, events.PRESENTATION_REVISED, revision=revision.number)
    return queries.version(base.org_id, base.id)


@transaction.atomic
def start_new_version(*, by: Actor, org_id: UUID, achievement_id: UUID) -> VersionView:
    """A draft that begins with the newest published version, or the draft that is open already."""
    _designer(by, org_id)
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
                created_by=_saved_by(by),
                saved_at=now(),
                saved_by=_saved_by(by),
            )
    except IntegrityError:  # somebody opened one at the same moment
        return queries.draft(org_id, newest.slug)
    _audit(by, row, "design.version_started", based_on=newest.number)
    return queries.version(org_id, row.id)


@transaction.atomic
def discard_draft(*, by: Actor, org_id: UUID, version_id: UUID) -> None:
    """End a draft. An achievement that was never published goes with its only draft."""
    _designer(by, org_id)
    row = _draft(org_id, version_id)
    achievement = row.achievement
    _audit(by, row, "design.draft_discarded")
    row.delete()
    if not achievement.versions.exists():
        achievement.delete()


@transaction.atomic
def retire(*, by: Actor, org_id: UUID, version_id: UUID, note: str = "") -> VersionView:
    """End a version: nothing new is awarded by it; what was awarded stays what it was."""
    _designer(by, org_id)
    row = _version(org_id, version_id)
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
    _audit(by, row, "design.version_retired", note=note.strip()[:NOTE_LIMIT])
    _emit(row, events.VERSION_RETIRED)
    return queries.version(org_id, version_id)


@transaction.atomic
def archive(*, by: Actor, org_id: UUID, achievement_id: UUID, archived: bool = True) -> AchievementView:
    """Take an achievement off the working list, or put it back. Its public pages stay."""
    _designer(by, org_id)
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
    _designer(by, org_id)
    row = _version(org_id, version_id)
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
    _audit(by, row, "design.version_reviewed", note=text[:NOTE_LIMIT])
    _emit(row, events.VERSION_REVIEWED)
    return queries.version(org_id, version_id)
