"""Reads around a promotion: what is proposed for a stack, a blueprint as it stands, and what holders have shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from guildmark.design import queries
from guildmark.design.models import AchievementVersion, Blueprint, Promotion
from guildmark.design.stacks import history, weighing
from guildmark.design.stacks.assembling import Assembled, Ids, Member, assemble
from guildmark.design.stacks.history import Outcomes
from guildmark.design.stacks.recognition import Recognition, recognise
from guildmark.design.stacks.types import Ties
from guildmark.design.stacks.weighing import Domain, Factors
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.kernel.words import said

FEWEST, MOST = 2, 12


@dataclass(frozen=True)
class Proposal:
    """What a promotion would make. ``outcomes`` are decisions on each member's version, ``earlier`` on its older ones."""

    members: tuple[Member, ...]
    assembled: Assembled
    factors: Factors
    domains: tuple[Domain, ...]
    outcomes: tuple[Outcomes, ...]
    earlier: tuple[Outcomes, ...]

    @property
    def standard(self) -> Standard:
        """The draft as it would be; its title is still to be given."""
        return Standard.model_validate({"signal": "certified", **self.assembled.content})

    @property
    def points(self) -> float:
        return round(sum(one.points for one in self.domains), 2)


def member_of(view: VersionView) -> Member:
    return Member(view.achievement_id, view.id, view.slug, view.number, view.core_hash, view.standard)


def eligible(org_id: UUID) -> list[VersionView]:
    """Versions in force by which work is judged: what a stack can be made of, by title."""
    return [view for view in queries.published_achievements(org_id) if view.standard.signal != "completion"]


def propose(org_id: UUID, version_ids: Sequence[UUID], factors: Factors) -> Proposal:
    """The draft and blueprint that these versions come to, in the given order.

    NotFound for versions of others, Conflict for one that is not in force, Invalid for fewer than two, too many, the
    same standard twice, a completion record, or more than one language.
    """
    members = _members(org_id, version_ids)
    assembled = assemble(members)
    statements = {row["id"]: row["statement"] for row in assembled.content["competencies"]}
    domains = weighing.proposed(members, assembled.ids, factors.checked(), statements)
    outcomes, earlier = _outcomes(org_id, members)
    return Proposal(tuple(members), assembled, factors, tuple(domains), outcomes, earlier)


def _members(org_id: UUID, version_ids: Sequence[UUID]) -> list[Member]:
    wanted = list(dict.fromkeys(version_ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise Invalid(
            said("A stack has {fewest} to {most} standards.", fewest=FEWEST, most=MOST),
            field="members",
            mend=said("Choose at least two."),
        )
    found = queries.versions_by_id(org_id, wanted)
    if len(found) < len(wanted):
        raise NotFound(queries.UNKNOWN)
    views = [found[one] for one in wanted]
    for view in views:
        if view.state != "published":
            raise Conflict(
                said("“{title}” {number} is not in force.", title=view.standard.title, number=view.number),
                field="members",
                mend=said("Load the page again and choose the version that is."),
            )
    if any(view.standard.signal == "completion" for view in views):
        raise Invalid(
            said("A completion record has no criteria that could be put together."),
            field="members",
            mend=said("Choose standards by which work is judged."),
        )
    if len({view.standard.language for view in views}) > 1:
        raise Invalid(
            said("The members are written in different languages."),
            field="members",
            mend=said("Choose standards of one language; translations stand beside a standard."),
        )
    return [member_of(view) for view in views]


def _outcomes(org_id: UUID, members: Sequence[Member]) -> tuple[tuple[Outcomes, ...], tuple[Outcomes, ...]]:
    """Decisions on the version of each member, and on all older ones of its standard."""
    rows = AchievementVersion.objects.for_org(org_id).exclude(published_at=None)
    of: dict[UUID, list[UUID]] = {member.achievement_id: [] for member in members}
    for version, achievement in rows.filter(achievement_id__in=of).values_list("id", "achievement_id"):
        of[achievement].append(version)
    known = history.of_versions(org_id, [one for versions in of.values() for one in versions])
    present = tuple(known[member.version_id] for member in members)
    older = tuple(
        _summed(known[one] for one in of[member.achievement_id] if one != member.version_id)
        for member in members
    )
    return present, older


def _summed(outcomes: Iterable[Outcomes]) -> Outcomes:
    found = list(outcomes)
    return Outcomes(sum(one.decided for one in found), sum(one.passed for one in found))


# --- a blueprint


@dataclass(frozen=True)
class BlueprintView:
    """The blueprint of a promoted stack, one row for each competency that its draft has now.

    ``gone`` are rows whose competency is no longer in the draft: their weight waits to be given to others. It is
    ``editable`` until a version is published, and again when it no longer sums to 100 for the competencies there are.
    """

    slug: str
    title: str
    factors: Factors
    rows: tuple[Domain, ...]
    gone: tuple[Domain, ...]
    revision: int
    editable: bool
    saved_at: datetime
    saved_by: UUID | None

    @property
    def total(self) -> int:
        return sum(one.weight for one in self.rows)

    @property
    def points(self) -> float:
        return round(sum(one.points for one in (*self.rows, *self.gone)), 2)


def blueprint(org_id: UUID, achievement_id: UUID) -> BlueprintView:
    """The blueprint of a standard; NotFound where none was made."""
    row = Blueprint.objects.for_org(org_id).filter(achievement_id=achievement_id).first()
    versions = queries.versions_of(org_id, achievement_id)
    if row is None or not versions:
        raise NotFound(said("This standard was not made from a stack, so it has no blueprint."))
    stored = [Domain.from_json(one) for one in row.rows]
    known = {one.competency: one for one in stored}
    present = versions[0].standard.competencies
    rows = tuple(known.get(one.id) or Domain(one.statement, one.id, 0, 0.0, ()) for one in present)
    ids = {one.id for one in present}
    unfit = sum(one.weight for one in rows) != weighing.TOTAL
    return BlueprintView(
        versions[0].slug,
        versions[0].standard.title,
        Factors(**row.factors),
        rows,
        tuple(one for one in stored if one.competency not in ids),
        row.revision,
        unfit or not any(one.is_published for one in versions),
        row.saved_at,
        row.saved_by,
    )


# --- what holders have shown


@dataclass(frozen=True)
class Statement:
    """What holders of one version (``member``) have shown of a standard that was made from its stack (``whole``)."""

    member: VersionView
    whole: VersionView
    found: Recognition
    decided: int = 0
    passed: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "holdersOf": {"slug": self.member.slug, "version": self.member.number},
            "standard": {"slug": self.whole.slug, "version": self.whole.number},
            **self.found.as_json(),
        }


@dataclass(frozen=True)
class Planned:
    """What holders of a member version had shown when a whole was begun that is announced and not published yet.

    It is the record of that day, which holds nothing but published texts; what became of the draft since is not told.
    """

    slug: str
    title: str
    number: str
    whole: str
    day: datetime
    shown: int
    total: int
    own: tuple[str, ...]
    open: tuple[str, ...]

    @classmethod
    def from_record(cls, record: dict[str, Any], whole: str) -> Planned:
        return cls(
            record["slug"],
            record["title"],
            record["number"],
            whole,
            datetime.fromisoformat(record["at"]),
            len(record["shown"]),
            record["total"],
            tuple(record["own"]),
            tuple(record["open"]),
        )


def planned(version_id: UUID, ties: Ties) -> list[Planned]:
    """For the public pages of a member version, whose holders these words are about; no query."""
    return [
        Planned.from_record(own, tie.base.title)
        for tie in ties.bases
        if tie.role == "part" and tie.announced and not tie.base.public
        for own in tie.record
        if own["version"] == str(version_id)
    ]


def promoted_at(org_id: UUID, achievement_id: UUID) -> tuple[datetime, UUID | None] | None:
    """When a standard was made from a stack, and by whom; None when it was not."""
    row = Promotion.objects.for_org(org_id).filter(achievement_id=achievement_id).first()
    return (row.created_at, row.created_by) if row else None


def of_whole(whole: VersionView) -> list[Statement]:
    """What holders of each recorded member version have shown of this version, in the order of the promotion."""
    row = Promotion.objects.for_org(whole.org_id).filter(achievement_id=whole.achievement_id).first()
    record = row.members if row else []
    views = queries.core_views(whole.org_id, [UUID(one["version"]) for one in record])
    return [
        _statement(views[UUID(one["version"])], whole, one) for one in record if UUID(one["version"]) in views
    ]


def public_statements(org_id: UUID, version_id: UUID, ties: Ties) -> list[Statement]:
    """Of a published version: what holders of its members have shown of it, and its holders of what it is a part of.

    ``ties`` are those of its standard that strangers may read: what was untied says nothing any more, and a whole says
    nothing before it is published. Ids stay the same from version to version, so the record of a promotion serves
    every version of a member. One query, and none where nothing was promoted.
    """
    pairs: list[tuple[UUID, UUID, dict[str, Any]]] = []  # member version, version of the whole, record
    for tie in (*ties.parts, *(one for one in ties.bases if one.role == "part")):
        own = next((one for one in tie.record if one["achievement"] == str(tie.child.achievement_id)), None)
        if own and tie in ties.parts:
            pairs.append((UUID(own["version"]), version_id, own))
        elif own and tie.base.version_id:
            pairs.append((version_id, tie.base.version_id, own))
    if not pairs:
        return []
    views = queries.core_views(org_id, {one for member, whole, _ in pairs for one in (member, whole)})
    return [
        _statement(views[member], views[whole], own)
        for member, whole, own in pairs
        if member in views and whole in views
    ]


def _statement(member: VersionView, whole: VersionView, record: dict[str, Any]) -> Statement:
    ids: Ids = record["ids"]
    found = recognise(member.standard, ids, whole.standard)
    return Statement(member, whole, found, record.get("decided", 0), record.get("passed", 0))
