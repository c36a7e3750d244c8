"""Reads of frameworks and skills that other rooms use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.text import slugify

from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.skills import exports
from guildmark.skills import search as searching
from guildmark.skills.folding import base_language
from guildmark.skills.models import Framework, FrameworkImport, Skill, Tie
from guildmark.skills.types import (
    ExportFile,
    FindingView,
    FrameworkView,
    ImportView,
    Match,
    SkillView,
    Surroundings,
    TieView,
)

MANY = 500
#: In a framework without any order, so many skills still count as one group.
FLAT = 100
GROUPS = frozenset({"group", "area"})


# -- frameworks --------------------------------------------------------------------------------------


def framework_view(row: Framework) -> FrameworkView:
    return FrameworkView(**{name: getattr(row, name) for name in FrameworkView.__dataclass_fields__})


def _frameworks(org_id: UUID) -> QuerySet[Framework]:
    # Generation 0 is one whose first import has not come to its end.
    return Framework.objects.for_org(org_id).filter(generation__gt=0)


def frameworks(org_id: UUID, *, state: str = "") -> list[FrameworkView]:
    """The frameworks by title, of one state when given."""
    rows = _frameworks(org_id)
    if state:
        rows = rows.filter(state=state)
    return [framework_view(row) for row in rows.order_by("title", "language", "id")]


def framework(org_id: UUID, framework_id: UUID) -> FrameworkView:
    """NotFound when this organisation has no such framework."""
    return framework_view(_framework(org_id, framework_id))


def _framework(org_id: UUID, framework_id: UUID) -> Framework:
    row = _frameworks(org_id).filter(id=framework_id).first()
    if row is None:
        raise NotFound(said("There is no such framework."))
    return row


# -- skills ------------------------------------------------------------------------------------------


def skill_view(row: Skill) -> SkillView:
    """The view of a skill; its framework must be loaded with it."""
    plain = {
        name: getattr(row, name)
        for name in ("id", "org_id", "framework_id", "uri", "code", "name", "description", "kind", "level",
                     "language", "requirement", "state", "changed_at", "withdrawn_at", "texts")
    }  # fmt: skip
    if row.framework.state == "withdrawn":
        plain["state"] = "withdrawn"
        plain["withdrawn_at"] = row.withdrawn_at or row.framework.withdrawn_at
    return SkillView(
        **plain,
        framework_title=row.framework.title,
        alternatives=tuple(row.alternatives),
        keywords=tuple(row.keywords),
    )


def _skills(org_id: UUID) -> QuerySet[Skill]:
    rows = Skill.objects.for_org(org_id).exclude(state="imported")
    return rows.filter(framework__generation__gt=0).select_related("framework")


def skill(org_id: UUID, uri: str, *, language: str = "") -> SkillView:
    """The skill with that id, withdrawn ones too. NotFound when no framework of this organisation has it.

    Where several frameworks have it, one in the given language comes first, then a current one, then the latest.
    """
    return skill_view(_skill(org_id, uri, language))


def _skill(org_id: UUID, uri: str, language: str = "") -> Skill:
    rows = list(_skills(org_id).filter(uri=uri))
    if not rows:
        raise NotFound(said("There is no such skill."), mend=said("Import the framework that has it."))
    return max(
        rows,
        key=lambda row: (
            bool(language) and base_language(row.language) == base_language(language),
            row.state == "current" and row.framework.state == "current",
            row.framework.imported_at,
        ),
    )


def skill_by_id(org_id: UUID, framework_id: UUID, skill_id: UUID) -> SkillView:
    row = _skills(org_id).filter(framework_id=framework_id, id=skill_id).first()
    if row is None:
        raise NotFound(said("There is no such skill."))
    return skill_view(row)


def skill_rows(org_id: UUID, framework_id: UUID, *, state: str = "current") -> QuerySet[Skill]:
    """The skills of a framework in the order of the file, for a Paginator."""
    rows = _skills(org_id).filter(framework_id=framework_id, state=state)
    return rows.order_by("position", "number")


def _tied(row: Skill, *, numbers: Sequence[int], kind: str, upward: bool) -> list[int]:
    """Numbers of what the given skills are tied to, in order: ``upward`` follows ties from source to target."""
    ties = Tie.objects.for_org(row.org_id).filter(
        framework_id=row.framework_id, generation=row.framework.generation, kind=kind, target__isnull=False
    )
    if upward:
        found = (
            ties.filter(source__in=numbers).order_by("position", "target").values_list("target", flat=True)
        )
    else:
        found = (
            ties.filter(target__in=numbers).order_by("position", "source").values_list("source", flat=True)
        )
    return list(dict.fromkeys(found))


def _by_numbers(row: Skill, numbers: Sequence[int], *, withdrawn: bool = False) -> list[SkillView]:
    rows = _skills(row.org_id).filter(framework_id=row.framework_id, number__in=numbers[: 4 * MANY])
    if not withdrawn:
        rows = rows.filter(state="current")
    return [skill_view(found) for found in rows.order_by("position", "number")[:MANY]]


def parents(org_id: UUID, uri: str, *, language: str = "") -> list[SkillView]:
    """What directly contains a skill; several where the framework has several."""
    return _parents(_skill(org_id, uri, language))


def _parents(row: Skill) -> list[SkillView]:
    return _by_numbers(row, _tied(row, numbers=[row.number], kind="broader", upward=True), withdrawn=True)


def children(org_id: UUID, uri: str, *, language: str = "") -> list[SkillView]:
    """What a skill or group directly contains, current ones only, in the order of the framework; at most 500."""
    return _children(_skill(org_id, uri, language))


def _children(row: Skill) -> list[SkillView]:
    return _by_numbers(row, _tied(row, numbers=[row.number], kind="broader", upward=False))


def siblings(org_id: UUID, uri: str, *, language: str = "", required_only: bool = False) -> list[SkillView]:
    """The other current skills below the same parents, of the same kind; at most 500.

    What stands at the top of an order has the others at the top beside it; what has no place in it has none. In
    a framework without any order all are beside each other, if they are at most 100. ``required_only`` leaves out
    those that the framework calls optional: what a credential for one skill does not show is every other one.
    """
    beside = _siblings(_skill(org_id, uri, language))
    return [one for one in beside if one.required] if required_only else beside


def _siblings(row: Skill) -> list[SkillView]:
    above = _tied(row, numbers=[row.number], kind="broader", upward=True)
    if above:
        numbers = _tied(row, numbers=above, kind="broader", upward=False)
        found = _by_numbers(row, [number for number in numbers if number != row.number])
    else:
        found, ordered = _top(row.framework)
        if row.id not in {one.id for one in found} or (not ordered and len(found) > FLAT):
            return []
    return [one for one in found if one.id != row.id and one.kind == row.kind]


def neighbours(org_id: UUID, uris: Sequence[str]) -> list[SkillView]:
    """The required skills beside those with these ids, in the frameworks that have them; none of these themselves.

    What a credential that is tied to these does not show (M16). A handful of queries for each framework.
    """
    of: dict[UUID, list[Skill]] = {}
    for row in _skills(org_id).filter(uri__in=list(uris)[:MANY], state="current"):
        of.setdefault(row.framework_id, []).append(row)
    found: dict[str, SkillView] = {}
    for rows in of.values():
        numbers = [row.number for row in rows]
        above = _tied(rows[0], numbers=numbers, kind="broader", upward=True)
        if above:
            below = _tied(rows[0], numbers=above, kind="broader", upward=False)
            beside = _by_numbers(rows[0], [number for number in below if number not in set(numbers)])
        else:
            beside = _siblings(rows[0])
        kinds = {row.kind for row in rows}
        for one in beside:
            if one.required and one.kind in kinds and one.uri not in uris:
                found.setdefault(one.uri, one)
    return list(found.values())


def around(org_id: UUID, framework_id: UUID, skill_id: UUID) -> Surroundings:
    """What contains a skill, what it contains, what stands beside it, and its other ties."""
    row = _skills(org_id).filter(framework_id=framework_id, id=skill_id).first()
    if row is None:
        raise NotFound(said("There is no such skill."))
    return Surroundings(_parents(row), _children(row), _siblings(row), _ties(row))


def top(org_id: UUID, framework_id: UUID) -> list[SkillView]:
    """The current skills and groups that nothing contains and that contain something; at most 500.

    Where there are groups among them, only these: skills that a framework has not placed are no top of it. In a
    framework without any order these are all of them.
    """
    return _top(_framework(org_id, framework_id))[0]


def _top(row: Framework) -> tuple[list[SkillView], bool]:
    """The top of a framework, and whether it has an order."""
    ties = Tie.objects.for_org(row.org_id).filter(
        framework=row, generation=row.generation, kind="broader", target__isnull=False
    )
    rows = _skills(row.org_id).filter(framework=row, state="current")
    ordered = ties.exists()
    if ordered:
        rows = rows.filter(number__in=ties.values("target")).exclude(number__in=ties.values("source"))
    found = [skill_view(one) for one in rows.order_by("position", "number")[:MANY]]
    groups = [one for one in found if one.kind in GROUPS]
    return groups if ordered and groups else found, ordered


def child_counts(org_id: UUID, framework_id: UUID, skills: Sequence[SkillView]) -> dict[UUID, int]:
    """How many skills each of these directly contains."""
    row = _framework(org_id, framework_id)
    numbers = dict(
        Skill.objects.for_org(org_id)
        .filter(framework=row, id__in=[one.id for one in skills])
        .values_list("number", "id")
    )
    counted = (
        Tie.objects.for_org(org_id)
        .filter(framework=row, generation=row.generation, kind="broader", target__in=numbers)
        .values_list("target")
        .annotate(count=Count("source", distinct=True))
    )
    return {numbers[number]: count for number, count in counted if number is not None}


def ties(org_id: UUID, uri: str, *, language: str = "") -> list[TieView]:
    """The relations of a skill other than to what contains it and what it contains; at most 100."""
    return _ties(_skill(org_id, uri, language))


def _ties(row: Skill) -> list[TieView]:
    rows = (
        Tie.objects.for_org(row.org_id)
        .filter(framework_id=row.framework_id, generation=row.framework.generation)
        .exclude(kind="broader")
    )
    out = list(rows.filter(source=row.number).order_by("position")[:100])
    back = list(rows.filter(target=row.number).order_by("position")[:100])
    numbers = {tie.target for tie in out if tie.target is not None} | {tie.source for tie in back}
    found = {
        one.number: skill_view(one)
        for one in _skills(row.org_id).filter(framework_id=row.framework_id, number__in=numbers)
    }
    made = [_tie(tie.kind, found.get(tie.target or -1), tie.target_uri, outgoing=True) for tie in out]
    made += [_tie(tie.kind, found.get(tie.source), "", outgoing=False) for tie in back]
    return made[:100]


def _tie(kind: str, other: SkillView | None, uri: str, *, outgoing: bool) -> TieView:
    return TieView(kind=kind, uri=other.uri if other else uri, skill=other, outgoing=outgoing)


# -- search ------------------------------------------------------------------------------------------


def search(
    org_id: UUID,
    text: str,
    language: str = "",
    limit: int = 10,
    *,
    framework_id: UUID | None = None,
    everything: bool = False,
) -> list[Match]:
    """The skills that fit a claim or a few words best, best first.

    ``language`` is that of the text (empty: that of the frameworks). Current frameworks are searched, or the one
    that is named, whatever its state. Groups, areas, levels and glossary entries only with ``everything``.
    """
    rows = _frameworks(org_id)
    rows = rows.filter(id=framework_id) if framework_id else rows.filter(state="current")
    found = searching.find(
        org_id,
        text,
        language=language,
        limit=max(1, min(limit, 80)),
        frameworks=list(rows),
        everything=everything,
    )
    return [
        Match(skill=skill_view(row), rank=rank, score=round(score, 4), words=words)
        for rank, (row, score, words) in enumerate(found, start=1)
    ]


# -- imports -----------------------------------------------------------------------------------------


def import_view(row: FrameworkImport) -> ImportView:
    plain: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("id", "org_id", "filename", "size", "sha256", "format", "state", "stage", "done", "total",
                     "counts", "found", "error", "made_by", "created_at", "done_at")
    }  # fmt: skip
    return ImportView(
        **plain,
        framework_ids=tuple(UUID(one) for one in row.frameworks),
        findings=tuple(FindingView(**finding) for finding in row.findings),
    )


def framework_import(org_id: UUID, import_id: UUID) -> ImportView:
    """NotFound when this organisation has no such import."""
    row = FrameworkImport.objects.for_org(org_id).filter(id=import_id).first()
    if row is None:
        raise NotFound(said("There is no such import."))
    return import_view(row)


def imports(org_id: UUID, limit: int = 20) -> list[ImportView]:
    """The latest imports, newest first, without their findings."""
    rows = FrameworkImport.objects.for_org(org_id).defer("findings").order_by("-created_at", "-id")[:limit]
    made = []
    for row in rows:
        row.findings = []
        made.append(import_view(row))
    return made


# -- exports -----------------------------------------------------------------------------------------


def export(org_id: UUID, framework_id: UUID, form: str) -> ExportFile:
    """The framework as ``case`` (CASE 1.1) or ``ctdl`` (CTDL-ASN). NotFound for another form."""
    if form not in exports.WRITERS:
        raise NotFound(
            said("There is no such export."),
            mend=said("There are: {names}.", names=", ".join(exports.WRITERS)),
        )
    row = _framework(org_id, framework_id)
    write, ending, media_type = exports.WRITERS[form]
    stem = slugify(f"{row.title} {row.version} {row.language}")[:60] or "framework"
    return ExportFile(f"{stem}.{ending}", media_type, write(exports.content(row)))
