"""Reads of stored advice. Everything needs the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError

from guildmark.design import queries as design
from guildmark.design.advisor import answers as asked
from guildmark.design.advisor import engine, workload
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.engine import Advice, Risk
from guildmark.design.advisor.happened import Answered, since
from guildmark.design.advisor.recheck import recheck
from guildmark.design.advisor.saying import retold
from guildmark.design.advisor.standing_risk import of_standard
from guildmark.design.advisor.verdicts import VERDICT_WORDS
from guildmark.design.models import Achievement
from guildmark.design.models import Advice as AdviceRow
from guildmark.design.types import Standard
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.people import queries as people


@dataclass(frozen=True)
class AdviceLine:
    """Stored advice in a list."""

    id: UUID
    title: str
    verdict: str
    words: str
    score: int
    created_at: datetime


@dataclass(frozen=True)
class Begun:
    """A standard that was begun from a piece of advice (piece 0 where there are no parts) and still exists."""

    piece: int
    role: str
    slug: str
    title: str
    achievement_id: UUID


@dataclass(frozen=True)
class AdviceView:
    """Stored advice: the answers, what was said at the time, and what came of it.

    ``achievement_id`` is empty until a standard is begun from it. ``done`` has the moment and the person by task.
    """

    id: UUID
    org_id: UUID
    answers: Answers
    result: Advice
    outline: str
    achievement_id: UUID | None
    started: tuple[Begun, ...]
    done: dict[str, dict[str, Any]]
    created_at: datetime
    by: str

    @property
    def title(self) -> str:
        return self.answers.title or VERDICT_WORDS[self.result.verdict]


def _said(row: AdviceRow, answers: Answers) -> Advice:
    """What was said at the time; where an engine of another shape said it, the same answers judged by today's.

    The stored words are English. Advice follows from its answers alone, so it is given again to know of each text
    what it was made of: a page says it in its own language.
    """
    again = engine.advise(answers, today=row.created_at.date())
    try:
        stored = Advice.model_validate(row.result)
    except ValidationError:
        return again
    told: Advice = retold(stored, again)
    return told


def view(row: AdviceRow) -> AdviceView:
    answers = asked.read(row.answers)
    return AdviceView(
        id=row.id,
        org_id=row.org_id,
        answers=answers,
        result=_said(row, answers),
        outline=row.outline,
        achievement_id=row.achievement_id,
        started=_begun(row),
        done=dict(row.done),
        created_at=row.created_at,
        by=people.member_label(row.org_id, row.created_by) if row.created_by else said("an API key"),
    )


def _begun(row: AdviceRow) -> tuple[Begun, ...]:
    ids = [one["achievement"] for one in row.started]
    found = {str(a.id): a for a in Achievement.objects.for_org(row.org_id).filter(id__in=ids)} if ids else {}
    return tuple(
        Begun(one["piece"], one["role"], there.slug, there.title, there.id)
        for one in row.started
        if (there := found.get(one["achievement"]))
    )


def advice(org_id: UUID, advice_id: UUID) -> AdviceView:
    """Stored advice of the organisation; NotFound for everybody else's."""
    row = AdviceRow.objects.for_org(org_id).filter(id=advice_id).first()
    if row is None:
        raise NotFound(design.UNKNOWN)
    return view(row)


def recent(org_id: UUID, limit: int = 10) -> list[AdviceLine]:
    """The newest stored advice of the organisation."""
    rows = (
        AdviceRow.objects.for_org(org_id).order_by("-created_at", "-id").defer("answers", "result", "outline")
    )
    return [
        AdviceLine(
            row.id,
            row.title,
            row.verdict,
            VERDICT_WORDS.get(row.verdict, row.verdict),
            row.score,
            row.created_at,
        )
        for row in rows[:limit]
    ]


def of_achievement(org_id: UUID, achievement_id: UUID) -> AdviceView | None:
    """The newest advice about an achievement; None when nobody asked."""
    rows = AdviceRow.objects.for_org(org_id).filter(achievement_id=achievement_id)
    row = rows.order_by("-created_at", "-id").first()
    return view(row) if row else None


def upkeep_hours(org_id: UUID) -> dict[UUID, tuple[UUID, float]]:
    """By the id of a standard: the newest advice about it that reached a verdict, and the hours a year it counts for upkeep."""
    rows = AdviceRow.objects.for_org(org_id).exclude(achievement=None).exclude(verdict="open")
    found = {}
    for row in rows.order_by("created_at", "id").defer("result", "outline"):
        if row.achievement_id is not None:
            figure = workload.upkeep(asked.read(row.answers), cast(workload.Model, row.verdict))
            found[row.achievement_id] = (row.id, figure.value)
    return found


def begun_from(org_id: UUID, achievement_id: UUID) -> AdviceView | None:
    """The newest advice about an achievement, or of which it was begun as a part; None for any other."""
    if found := of_achievement(org_id, achievement_id):
        return found
    rows = AdviceRow.objects.for_org(org_id).exclude(achievement=None).order_by("-created_at", "-id")
    for identity, pieces in rows.values_list("id", "started"):
        if str(achievement_id) in {one["achievement"] for one in pieces}:
            return advice(org_id, identity)
    return None


def beside(org_id: UUID, achievement_id: UUID, standard: Standard) -> dict[str, Any]:
    """What pages show beside a standard: the newest advice about it, and that advice against it as it stands."""
    found = of_achievement(org_id, achievement_id)
    return {"advice": found, "check": recheck(found.answers, standard)} if found else {}


def risk(org_id: UUID, standard: Standard, found: AdviceView | None) -> Risk:
    """The main risk of a standard as it stands, by the numbers of the advice about it where there is some."""
    return of_standard(standard, design.rules(org_id), found.answers if found else None)


def answered(found: AdviceView, achievement_id: UUID | None = None) -> tuple[Answered, ...]:
    """The four answers with what happened since, in all standards that were begun from it or in the one named."""
    ids = {one.achievement_id for one in found.started}
    if found.achievement_id:
        ids.add(found.achievement_id)
    only = [achievement_id] if achievement_id else sorted(ids, key=str)
    return since(found.org_id, found.answers, found.result, found.created_at, only)


def standing(org_id: UUID, achievement_id: UUID) -> Standard | None:
    """The standard of an achievement as it stands now: its draft, else its newest version."""
    versions = design.versions_of(org_id, achievement_id)
    return versions[0].standard if versions else None
