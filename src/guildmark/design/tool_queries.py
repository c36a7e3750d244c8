"""Reads of the tool watch: recorded releases, the standards that they concern, and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from guildmark.design import queries, standing, tools
from guildmark.design.models import AchievementVersion, ToolAnswer, ToolRelease
from guildmark.design.tools import Record, Release, ToolChange
from guildmark.design.types import Context, VersionView
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.people import queries as people

NO_RELEASE = queries.UNKNOWN


@dataclass(frozen=True)
class Edition:
    """A published version as far as the watch goes: its dates and the tools that it names."""

    id: UUID
    achievement_id: UUID
    slug: str
    title: str
    number: str
    state: str
    effective_at: datetime | None
    superseded_at: datetime | None
    context: tuple[Context, ...]


@dataclass(frozen=True)
class Concerned:
    """A standard that a release concerns: the version in force, and where things stand.

    ``may_answer`` is True while nobody has said anything about it.
    """

    achievement_id: UUID
    slug: str
    title: str
    number: str
    record: Record

    @property
    def may_answer(self) -> bool:
        return self.record.outcome in {"open", "coming"}


def release_view(row: ToolRelease) -> Release:
    return Release(
        id=row.id,
        org_id=row.org_id,
        name=row.name,
        version=row.version,
        released_on=row.released_on,
        note=row.note,
        url=row.url,
        created_at=row.created_at,
        created_by=row.created_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_reason=row.withdrawn_reason,
    )


def releases(org_id: UUID) -> list[Release]:
    """Everything that was recorded, the latest day first, withdrawn ones too."""
    rows = ToolRelease.objects.for_org(org_id).order_by("-released_on", "-created_at")
    return [release_view(row) for row in rows]


def release(org_id: UUID, release_id: UUID) -> Release:
    row = ToolRelease.objects.for_org(org_id).filter(id=release_id).first()
    if row is None:
        raise NotFound(NO_RELEASE)
    return release_view(row)


def _of_tools(org_id: UUID, keys: Collection[str]) -> list[Release]:
    if not keys:
        return []
    return [release_view(row) for row in ToolRelease.objects.for_org(org_id).filter(key__in=keys)]


def editions(org_id: UUID, achievement_ids: Collection[UUID] | None = None) -> list[Edition]:
    """The published versions of standards that are not put away, lowest number first, read without their texts."""
    rows = (
        AchievementVersion.objects.for_org(org_id).exclude(state="draft").filter(achievement__archived=False)
    )
    if achievement_ids is not None:
        rows = rows.filter(achievement_id__in=achievement_ids)
    fields = ("id", "achievement_id", "achievement__slug", "achievement__title", "major", "minor", "state",
              "effective_at", "superseded_at", "content__context")  # fmt: skip
    return [
        Edition(one, standard, slug, title, f"{major}.{minor}", state, begins, ends, _context(given))
        for one, standard, slug, title, major, minor, state, begins, ends, given in rows.order_by(
            "achievement_id", "major", "minor"
        ).values_list(*fields)
    ]


def _context(given: Any) -> tuple[Context, ...]:
    return tuple(Context.model_validate(part) for part in given or ())


def tool_names(org_id: UUID) -> list[str]:
    """The tools that published standards name with a version, as they are written, by name."""
    found: dict[str, str] = {}
    for edition in editions(org_id):
        for mark, (name, _) in tools.named(edition.context).items():
            found.setdefault(mark, name)
    return [found[mark] for mark in sorted(found)]


def _answered(
    org_id: UUID, releases: Iterable[Release], achievements: Collection[UUID]
) -> dict[UUID, list[ToolAnswer]]:
    rows = ToolAnswer.objects.for_org(org_id).filter(
        release_id__in=[one.id for one in releases], achievement_id__in=achievements
    )
    found: dict[UUID, list[ToolAnswer]] = {}
    for row in rows.order_by("created_at"):
        found.setdefault(row.achievement_id, []).append(row)
    return found


def unanswered(
    org_id: UUID, views: Collection[VersionView], at: datetime
) -> dict[UUID, tuple[ToolChange, ...]]:
    """By the id of a version, the tools of which a newer version is out at ``at`` without an answer.

    Versions without any are left out, and so are those of standards that nobody awards by any more: their public page
    says retired. One query when no release concerns them, three at most, whatever their number.
    """
    keys = {mark for view in views for mark in tools.named(view.standard.context)}
    return _unanswered(org_id, views, _of_tools(org_id, keys), at)


def _unanswered(
    org_id: UUID, views: Collection[VersionView], known: list[Release], at: datetime
) -> dict[UUID, tuple[ToolChange, ...]]:
    concerned = {view.id for view in views if known and tools.news(view.standard.context, known, at)}
    if not concerned:
        return {}
    achievements = {view.achievement_id for view in views if view.id in concerned}
    present = {view.achievement_id: view.standard.context for view in views if standing.is_in_force(view, at)}
    if not achievements <= present.keys():
        present |= _in_force(org_id, achievements - present.keys(), at)
    answers = _answered(org_id, known, achievements)
    found = {}
    for view in views:
        if view.id not in concerned or view.achievement_id not in present:
            continue
        given = {row.release_id: row.created_at for row in answers.get(view.achievement_id, ())}
        changes = tools.unanswered(view.standard.context, present[view.achievement_id], known, given, at)
        if changes:
            found[view.id] = changes
    return found


def _in_force(org_id: UUID, achievements: Collection[UUID], at: datetime) -> dict[UUID, tuple[Context, ...]]:
    rows = AchievementVersion.objects.for_org(org_id).filter(
        standing.in_force(at), achievement_id__in=achievements
    )
    return {one: _context(given) for one, given in rows.values_list("achievement_id", "content__context")}


def of_version(view: VersionView, at: datetime) -> tuple[tuple[ToolChange, ...], list[datetime]]:
    """What one version is marked with at a moment, and the coming days on which more releases of its tools are out."""
    known = _of_tools(view.org_id, tools.named(view.standard.context))
    changes = _unanswered(view.org_id, [view], known, at).get(view.id, ())
    return changes, [one.begins for one in known if one.stands(at) and one.begins >= at]


# what was said to a release


def concerned(release: Release, at: datetime) -> list[Concerned]:
    """The standards that a release concerns, those without an answer first."""
    known = _of_tools(release.org_id, [release.key])
    grouped: dict[UUID, list[Edition]] = {}
    for edition in editions(release.org_id):
        grouped.setdefault(edition.achievement_id, []).append(edition)
    answers = _answered(release.org_id, known, grouped.keys())
    labels: dict[UUID | None, str] = {}
    found = []
    for achievement_id, all_of_it in grouped.items():
        present = next((one for one in all_of_it if standing.is_in_force(one, at)), None)
        hit = [one for one in all_of_it if _is_news(release, one, known)]
        if not hit or present is None:
            continue
        record = _record(release, hit[-1], all_of_it, known, answers.get(achievement_id, []), at, labels)
        found.append(Concerned(achievement_id, present.slug, present.title, present.number, record))
    return sorted(found, key=lambda one: (not one.may_answer, one.title.casefold()))


def beside(view: VersionView, at: datetime) -> tuple[tuple[ToolChange, ...], list[Record]]:
    """What a version is marked with, and every release that concerns it, coming ones too, the latest first, with what was
    said to it.
    """
    known = _of_tools(view.org_id, tools.named(view.standard.context))
    if not known:
        return (), []
    changes = _unanswered(view.org_id, [view], known, at).get(view.id, ())
    return changes, _records(view, known, at)


def _records(view: VersionView, known: list[Release], at: datetime) -> list[Record]:
    all_of_it = editions(view.org_id, [view.achievement_id])
    own = next((one for one in all_of_it if one.id == view.id), None)
    if own is None:
        return []
    answers = _answered(view.org_id, known, [view.achievement_id]).get(view.achievement_id, [])
    labels: dict[UUID | None, str] = {}
    hit = [one for one in known if _is_news(one, own, known)]
    hit.sort(key=lambda one: (one.released_on, one.created_at), reverse=True)
    return [_record(one, own, all_of_it, known, answers, at, labels) for one in hit]


def _is_news(release: Release, edition: Edition, known: list[Release]) -> bool:
    versions = tools.named(edition.context).get(release.key)
    return versions is not None and tools.is_news(release, versions[1], known)


def _record(
    release: Release,
    own: Edition,
    all_of_it: list[Edition],
    known: list[Release],
    answers: list[ToolAnswer],
    at: datetime,
    labels: dict[UUID | None, str],
) -> Record:
    named = ", ".join(tools.named(own.context)[release.key][1])
    if not release.stands(at):
        return Record(release, named, "withdrawn", release.withdrawn_reason, at=release.withdrawn_at)
    given = [row for row in answers if row.created_at <= at]
    mine = next((row for row in given if row.release_id == release.id), None)
    if mine is not None:
        by = _label(release.org_id, mine.created_by, labels)
        return Record(release, named, "same", mine.note, by, mine.created_at, mine.number)
    after = all_of_it[all_of_it.index(own) + 1 :]
    later = next((one for one in after if _answers(one, release, known, at)), None)
    if later is not None:
        return Record(release, named, "version", at=later.effective_at, number=later.number)
    if not release.is_out(at):
        return Record(release, named, "coming")
    by_id = {one.id: one for one in known}
    days = [by_id[row.release_id].released_on for row in given if by_id[row.release_id].is_out(at)]
    return Record(release, named, "later" if days and max(days) >= release.released_on else "open")


def _answers(edition: Edition, release: Release, known: list[Release], at: datetime) -> bool:
    begun = edition.effective_at is not None and edition.effective_at <= at
    return begun and not _is_news(release, edition, known)


def _label(org_id: UUID, person: UUID | None, labels: dict[UUID | None, str]) -> str:
    if person not in labels:
        labels[person] = people.member_label(org_id, person) if person else said("an API key")
    return labels[person]


def open_changes(org_id: UUID) -> dict[UUID, tuple[ToolChange, ...]]:
    """By the id of a standard, what waits for an answer now; standards without any are left out."""
    moment = now()
    known = [release_view(row) for row in ToolRelease.objects.for_org(org_id).filter(withdrawn_at=None)]
    if not known:
        return {}
    present = [one for one in editions(org_id) if standing.is_in_force(one, moment)]
    answers = _answered(org_id, known, [one.achievement_id for one in present])
    found = {}
    for one in present:
        given = {row.release_id: row.created_at for row in answers.get(one.achievement_id, ())}
        changes = tools.unanswered(one.context, one.context, known, given, moment)
        if changes:
            found[one.achievement_id] = changes
    return found
