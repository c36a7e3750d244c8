"""Reads of achievements and versions. Public reads find by slug; all others need the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from guildmark.design import claims, policies, standing, versions
from guildmark.design.models import (
    Achievement,
    AchievementVersion,
    ExplainerVideo,
    OrgRules,
    PresentationRevision,
    PublicationRecord,
)
from guildmark.design.types import (
    AchievementView,
    Change,
    Finding,
    HistoryEntry,
    Lowering,
    OutlineLine,
    PublicationFacts,
    Rules,
    Signal,
    Standard,
    VersionView,
    Video,
    Window,
)
from guildmark.kernel import audit
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.problems import NotFound
from guildmark.kernel.speaking import all_spoken
from guildmark.kernel.words import said
from guildmark.people import queries as people

PUBLIC_STATES = ("published", "superseded", "retired")
UNKNOWN = said("There is nothing at this address, or it belongs to another organisation.")


def number_text(row: AchievementVersion) -> str:
    return "draft" if row.major is None else f"{row.major}.{row.minor}"


def version_view(row: AchievementVersion, newest: PresentationRevision | None = None) -> VersionView:
    """The view of a row read with its achievement; ``newest`` is its last presentation revision."""
    content = {**row.content, **(newest.content if newest else {})}
    return VersionView(
        id=row.id,
        org_id=row.org_id,
        achievement_id=row.achievement_id,
        slug=row.achievement.slug,
        number=number_text(row),
        state=standing.state_at(row, now()),
        standard=Standard.model_validate(content),
        core_hash=row.core_hash,
        revision=row.revision,
        update_note=row.update_note,
        created_at=row.created_at,
        published_at=row.published_at,
        review_due=row.review_due,
        superseded_by=row.superseded_by,
        based_on=row.based_on,
        published_by=row.published_by,
        reviewed_at=row.reviewed_at,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        presentation=newest.number if newest else 0,
        core=versions.core(row.content),
        effective_at=row.effective_at,
        superseded_at=row.superseded_at,
        transition_until=row.transition_until,
        lowering=Lowering.from_record(row.lowering) if row.lowering else None,
    )


def _views(rows: Iterable[AchievementVersion]) -> list[VersionView]:
    rows = list(rows)
    newest: dict[UUID, PresentationRevision] = {}
    if rows:
        found = PresentationRevision.objects.across_orgs("revisions of versions already read in scope")
        for revision in found.filter(version_id__in=[row.id for row in rows]).order_by("number"):
            newest[revision.version_id] = revision
    return [version_view(row, newest.get(row.id)) for row in rows]


def _one(rows: Iterable[AchievementVersion]) -> VersionView:
    views = _views(rows)
    if not views:
        raise NotFound(UNKNOWN)
    return views[0]


def achievement_view(row: Achievement, rows: list[AchievementVersion]) -> AchievementView:
    draft = next((v for v in rows if v.state == "draft"), None)
    moment = now()
    published = next((v for v in rows if standing.is_in_force(v, moment)), None)
    return AchievementView(
        id=row.id,
        org_id=row.org_id,
        slug=row.slug,
        title=row.title,
        signal=cast(Signal, row.signal),
        draft_id=draft.id if draft else None,
        published_id=published.id if published else None,
        published_number=number_text(published) if published else "",
        versions=sum(v.major is not None for v in rows),
        created_at=row.created_at,
        archived=row.archived,
    )


def _achievement_views(rows: Iterable[Achievement]) -> list[AchievementView]:
    rows = list(rows)
    grouped: dict[UUID, list[AchievementVersion]] = {}
    found = AchievementVersion.objects.across_orgs("versions of achievements already read in scope")
    for row in found.filter(achievement_id__in=[a.id for a in rows]).defer("content"):
        grouped.setdefault(row.achievement_id, []).append(row)
    return [achievement_view(row, grouped.get(row.id, [])) for row in rows]


def achievements(org_id: UUID, *, archived: bool = False) -> list[AchievementView]:
    """The standards of an organisation, newest first; archived ones only when asked for."""
    rows = Achievement.objects.for_org(org_id)
    if not archived:
        rows = rows.filter(archived=False)
    return _achievement_views(rows.order_by("-created_at", "-id"))


def achievement(org_id: UUID, achievement_id: UUID) -> AchievementView:
    views = _achievement_views(Achievement.objects.for_org(org_id).filter(id=achievement_id))
    if not views:
        raise NotFound(UNKNOWN)
    return views[0]


def achievement_views(rows: Iterable[Achievement]) -> dict[UUID, AchievementView]:
    """The views of rows that were read in scope, by id, in one query whatever their number."""
    return {view.id: view for view in _achievement_views(rows)}


def core_views(org_id: UUID, ids: Iterable[UUID]) -> dict[UUID, VersionView]:
    """Versions of the organisation by id with what binds in them, without later presentation; in one query."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    return {row.id: version_view(row) for row in rows.filter(id__in=list(ids))}


def achievement_by_slug(org_id: UUID, slug: str) -> AchievementView:
    views = _achievement_views(Achievement.objects.for_org(org_id).filter(slug=slug))
    if not views:
        raise NotFound(UNKNOWN)
    return views[0]


def public_achievement(slug: str) -> AchievementView:
    """An achievement by its public address; NotFound until a version is published."""
    rows = Achievement.objects.across_orgs("a public address names no organisation").filter(slug=slug)
    views = [view for view in _achievement_views(rows) if view.versions]
    if not views:
        raise NotFound(said("There is no such standard."))
    return views[0]


def version(org_id: UUID, version_id: UUID) -> VersionView:
    """A version of the organisation in any state; NotFound for everybody else's."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    return _one(rows.filter(id=version_id))


def versions_by_id(org_id: UUID, ids: Iterable[UUID]) -> dict[UUID, VersionView]:
    """Versions of the organisation by id, in two queries whatever their number; unknown ids are left out."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    return {view.id: view for view in _views(rows.filter(id__in=list(ids)))}


def draft(org_id: UUID, slug: str) -> VersionView:
    """The draft of an achievement; NotFound when there is none."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    return _one(rows.filter(achievement__slug=slug, state="draft"))


def window(view: VersionView) -> Window:
    """Until when somebody who agreed to this version is judged by it, and the version that asks for the change."""
    number = view.number.partition(".")[0]
    later = AchievementVersion.objects.for_org(view.org_id).filter(
        achievement_id=view.achievement_id, major__gt=int(number) if number.isdigit() else 10**6
    )
    row = later.exclude(transition_until=None).order_by("transition_until", "major").first()
    if row is None or row.transition_until is None or row.effective_at is None:
        return Window()
    return Window(row.transition_until, number_text(row), row.effective_at)


def open_windows(org_id: UUID, at: datetime) -> dict[UUID, datetime]:
    """By the id of a standard, until when somebody may still hand in under an older version of it."""
    rows = AchievementVersion.objects.for_org(org_id).filter(effective_at__lte=at, transition_until__gt=at)
    found: dict[UUID, datetime] = {}
    for achievement_id, until in rows.values_list("achievement_id", "transition_until"):
        found[achievement_id] = max(until, found.get(achievement_id, until))
    return found


def versions_of(org_id: UUID, achievement_id: UUID) -> list[VersionView]:
    """All versions of an achievement: the draft first, then the published ones, newest number first."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    views = _views(rows.filter(achievement_id=achievement_id).order_by("-major", "-minor"))
    return sorted(views, key=lambda view: view.is_published)


def published_by_id(org_id: UUID, version_id: UUID) -> VersionView:
    """A version that was published at some time (it may be superseded or retired now); NotFound for a
    draft.
    """
    view = version(org_id, version_id)
    if not view.is_published:
        raise NotFound(said("This version is not published."), mend=said("Publish it first."))
    return view


def published_achievements(org_id: UUID) -> list[VersionView]:
    """The versions that are in force now, by title: what an organisation awards."""
    rows = AchievementVersion.objects.for_org(org_id).select_related("achievement")
    views = _views(rows.filter(standing.in_force(now()), achievement__archived=False))
    return sorted(views, key=lambda view: view.standard.title.casefold())


def older_majors(org_id: UUID) -> dict[UUID, list[UUID]]:
    """Per achievement the ids of its published versions whose bar is older than that of the version in force."""
    rows = AchievementVersion.objects.for_org(org_id).exclude(major=None)
    moment, newest, found = now(), dict[UUID, int](), list(rows.defer("content"))
    for row in found:
        if standing.is_in_force(row, moment) and row.major is not None:
            newest[row.achievement_id] = row.major
    older: dict[UUID, list[UUID]] = {}
    for row in found:
        if row.major is not None and row.major < newest.get(row.achievement_id, 0):
            older.setdefault(row.achievement_id, []).append(row.id)
    return older


def public_versions(slug: str) -> list[VersionView]:
    """Every version of a slug that was ever published, newest number first; empty for an unknown slug."""
    rows = AchievementVersion.objects.across_orgs("a public address names no organisation")
    rows = rows.select_related("achievement").filter(achievement__slug=slug, state__in=PUBLIC_STATES)
    return _views(rows.order_by("-major", "-minor"))


def published_version(slug: str, number: str) -> VersionView:
    """One published version by its public address; NotFound for a draft, an unknown slug or number."""
    major, dot, minor = number.partition(".")
    if not (
        dot
        and major.isascii()
        and major.isdigit()
        and minor.isascii()
        and minor.isdigit()
        and len(number) < 12
    ):
        raise NotFound(said("There is no such version of this standard."))
    rows = AchievementVersion.objects.across_orgs("a public address names no organisation")
    rows = rows.select_related("achievement").filter(achievement__slug=slug, state__in=PUBLIC_STATES)
    return _one(rows.filter(major=int(major), minor=int(minor)))


def latest_published(slug: str) -> VersionView:
    """The version that is in force, else the highest number that was ever published; its state says which."""
    rows = AchievementVersion.objects.across_orgs("a public address names no organisation")
    rows = rows.select_related("achievement").filter(achievement__slug=slug, state__in=PUBLIC_STATES)
    present = rows.filter(standing.in_force(now())).first()
    return _one([present] if present else rows.order_by("-major", "-minor")[:1])


def rules(org_id: UUID) -> Rules:
    """What the organisation asks of its own standards; the defaults when it has not said."""
    row = OrgRules.objects.for_org(org_id).first()
    known = videos(org_id)
    if row is None:
        return Rules(videos=known)
    return Rules(row.impostor_once, row.impostor_with_retakes, tuple(row.jargon), row.transition_days, known)


def videos(org_id: UUID) -> frozenset[Video]:
    """The explainer videos that the organisation has stored here."""
    rows = ExplainerVideo.objects.for_org(org_id).values("sha256", "media_type", "size", "seconds")
    return frozenset(Video(**row) for row in rows)


def findings(org_id: UUID, version_id: UUID) -> list[Finding]:
    """What the publish gate says about a version, in the language that is active."""
    found = policies.findings(version(org_id, version_id).standard, rules(org_id))
    return [all_spoken(finding) for finding in found]


def change_of_draft(org_id: UUID, version_id: UUID) -> tuple[VersionView | None, Change]:
    """What a draft changes against the version that it is based on, and what that forces."""
    view = version(org_id, version_id)
    if view.based_on is None:
        return None, Change("major")
    base = version(org_id, view.based_on)
    return base, versions.compare(base.standard, view.standard)


def changes_between(old: VersionView, new: VersionView) -> Change:
    """Every difference between two versions of one achievement, with its class."""
    return versions.compare(old.standard, new.standard)


def outline(org_id: UUID, achievement_id: UUID) -> list[OutlineLine]:
    """The course outline from which an achievement was begun, line by line (PO2)."""
    row = Achievement.objects.for_org(org_id).filter(id=achievement_id).first()
    if row is None:
        raise NotFound(UNKNOWN)
    return read_outline(row.outline)


def read_outline(text: str) -> list[OutlineLine]:
    lines = [line.strip().lstrip("-*•0123456789.) \t").strip() for line in text.splitlines()]
    return [OutlineLine(line, claims.reads_as_can_do(line)) for line in lines if line]


def review_overdue(view: VersionView, at: datetime) -> bool:
    """True when a standing version should have been looked at again before ``at``."""
    return view.state == "published" and view.review_due is not None and view.review_due <= at


def verify_hash(org_id: UUID, version_id: UUID) -> bool:
    """Whether the stored content still gives the hash of its publication, for the core and every
    revision (UP3).
    """
    row = AchievementVersion.objects.for_org(org_id).filter(id=version_id).exclude(state="draft").first()
    if row is None:
        raise NotFound(said("This version is not published."))
    revisions = PresentationRevision.objects.for_org(org_id).filter(version_id=version_id)
    return versions.core_hash(row.content) == row.core_hash and all(
        versions.hash_of(revision.content) == revision.hash for revision in revisions
    )


def standard_document(view: VersionView) -> dict[str, Any]:
    """The public JSON of a version: its core, over whose JCS form the hash goes, and its presentation
    beside it.
    """
    content = view.standard.model_dump(mode="json")
    return {
        "slug": view.slug,
        "version": view.number,
        "state": view.state,
        "coreHash": view.core_hash,
        "publishedAt": stamp(view.published_at) if view.published_at else None,
        "reviewDue": stamp(view.review_due) if view.review_due else None,
        "supersededBy": view.superseded_by or None,
        "effectiveAt": stamp(view.effective_at) if view.effective_at else None,
        "transitionUntil": stamp(view.transition_until) if view.transition_until else None,
        "updateNote": view.update_note or None,
        "lowering": lowering_record(view),
        **_recorded(view),
        "core": view.core,
        "presentation": versions.presentation(content),
        "presentationRevision": view.presentation,
    }


def publication_record(view: VersionView) -> PublicationFacts | None:
    """What was so when a version was published; None for drafts and for publications from before it was kept."""
    row = PublicationRecord.objects.for_org(view.org_id).filter(version_id=view.id).first()
    return PublicationFacts(tuple(row.wording), tuple(row.beside), row.made_at, row.advice) if row else None


def recorded_advice(org_id: UUID, version_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What was kept of the advice by version, in one query; versions that were published without any are left out."""
    rows = PublicationRecord.objects.for_org(org_id).filter(version_id__in=list(version_ids))
    return {version: kept for version, kept in rows.values_list("version_id", "advice") if kept}


def _recorded(view: VersionView) -> dict[str, Any]:
    kept = publication_record(view)
    return {
        "wording": [*kept.wording] if kept else None,
        "beside": [*kept.beside] if kept else None,
        "advice": _public_advice(kept.advice) if kept and kept.advice else None,
    }


def _public_advice(kept: dict[str, Any]) -> dict[str, Any]:
    """What strangers may read of it: the verdicts in words, and which things differed; no answer and no figure."""
    return {
        "verdict": kept["words"],
        "verdictAtPublication": kept["words_now"],
        "holds": kept["holds"],
        "differs": [one["name"] for one in kept["differs"]],
    }


def lowering_record(view: VersionView) -> dict[str, Any] | None:
    """The public record of two people calling an edit of words clarifying, with their names; None for most versions."""
    low = view.lowering
    if low is None:
        return None
    return {
        "from": low.found,
        "to": low.to,
        "changes": [*low.paths],
        "reason": low.reason,
        "askedBy": people.member_label(view.org_id, low.asked_by),
        "askedAt": stamp(low.asked_at),
        "agreedBy": people.member_label(view.org_id, low.agreed_by),
        "agreedAt": stamp(low.agreed_at),
    }


ACTIONS = {
    "design.version_published": "published",
    "design.presentation_revised": "presentation revised",
    "design.version_reviewed": "reviewed",
    "design.version_retired": "retired",
    "design.tool_answered": "found still right after a new version of its tool",
}


def history(org_id: UUID, achievement_id: UUID, labels: dict[UUID, str] | None = None) -> list[HistoryEntry]:
    """What happened to an achievement since its first publication, newest first, from the audit chain.

    ``labels`` are the names of the members where they were read already.
    """
    entries = []
    labels = people.member_labels(org_id) if labels is None else labels
    for event in audit.history(org_id, subject_type="achievement", subject_id=achievement_id):
        if event.action not in ACTIONS:
            continue
        by: str = "Guildmark"
        if event.actor_kind == "key":
            by = said("an API key")
        elif event.actor_id is not None:
            by = labels.get(event.actor_id, people.FORMER)
        data = event.data
        entries.append(
            HistoryEntry(
                event.at,
                ACTIONS[event.action],
                data.get("number", ""),
                data.get("note", ""),
                by,
                data.get("hash", ""),
            )
        )
    return entries[::-1]
