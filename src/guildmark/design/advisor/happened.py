"""What has really happened since advice was kept, beside each of the four answers, from records (DF1).

Decisions and holders are told by the rooms above, which know them and this one does not: the site registers who can
count. Without it nothing is known to be decided. Every number stands with its n; a rate only from 20 works on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.engine import Advice
from guildmark.design.advisor.saying import formula, joined
from guildmark.design.models import Achievement, AchievementVersion, Layer
from guildmark.kernel import audit
from guildmark.kernel.clock import now
from guildmark.kernel.rates import Rate
from guildmark.kernel.words import day, numbered, said
from guildmark.people import queries as people

#: So many of those who decided are named; the others are counted.
NAMED = 3


@dataclass(frozen=True)
class Judged:
    """Works decided against whole versions, by the person who decided, how many passed, and who holds it now."""

    works: Mapping[UUID, int] = field(default_factory=dict)
    passed: int = 0
    holders: int = 0

    @property
    def decided(self) -> int:
        return sum(self.works.values())


Counter = Callable[[UUID, Collection[UUID], datetime], Judged]
_counters: list[Counter] = []


def register(counter: Counter) -> Counter:
    """Let ``counter(org_id, version_ids, since)`` answer from now on; the last one registered does."""
    _counters[:] = [counter]
    return counter


@dataclass(frozen=True)
class Answered:
    """One of the four questions: the answer, what was written beside it, and what happened since, in sentences."""

    question: str
    answer: str
    own_words: str
    since: tuple[str, ...]


@dataclass(frozen=True)
class _Versions:
    """The versions of the standards that the advice is about, in figures."""

    published: int
    last: datetime | None
    due: datetime | None
    reviews: int


def since(
    org_id: UUID, answers: Answers, advice: Advice, kept_at: datetime, achievement_ids: Collection[UUID]
) -> tuple[Answered, ...]:
    """The four answers, each with what the records say of these standards since ``kept_at``."""
    told = _told(org_id, answers, kept_at, achievement_ids) if achievement_ids else {}
    nothing = (said("No standard was begun from it yet."),)
    rows = {row.path: row for row in advice.contributions}
    return tuple(
        Answered(
            question=rows[f"questions.{name}"].question,
            answer=rows[f"questions.{name}"].answer,
            own_words=getattr(answers.questions, f"{name}_text"),
            since=told.get(name, nothing),
        )
        for name in ("outcome", "evidence", "change", "place")
    )


def _told(
    org_id: UUID, answers: Answers, kept_at: datetime, achievement_ids: Collection[UUID]
) -> dict[str, tuple[str, ...]]:
    of_these = AchievementVersion.objects.for_org(org_id).filter(achievement_id__in=achievement_ids)
    rows = list(
        of_these.exclude(state="draft").values("id", "achievement_id", "state", "published_at", "review_due")
    )
    judged = _counters[0](org_id, [row["id"] for row in rows], kept_at) if _counters and rows else Judged()
    signals = (
        Achievement.objects.for_org(org_id).filter(id__in=achievement_ids).values_list("signal", flat=True)
    )
    records_only = set(signals) == {"completion"}
    return {
        "outcome": _outcome(org_id, answers, judged),
        "evidence": (said("A completion record judges nothing."),) if records_only else (_evidence(judged),),
        "change": _change(_versions(org_id, rows, kept_at, achievement_ids)),
        "place": _place(org_id, achievement_ids, judged),
    }


def _outcome(org_id: UUID, answers: Answers, judged: Judged) -> tuple[str, ...]:
    who = answers.decision.who.strip().rstrip(".") or said("Those who decide")
    unknown = said("{who}: what they decided by it is not recorded here.", who=who)
    if not judged.decided:
        return (said("No work was decided yet (n = 0)."), unknown)
    ranked = sorted(judged.works.items(), key=lambda one: (-one[1], str(one[0])))
    names = [
        formula("{who} ({works})", who=people.member_label(org_id, p), works=n) for p, n in ranked[:NAMED]
    ]
    if more := len(ranked) - NAMED:
        names += [numbered("{n} more person", "{n} more people", n=more)] if more > 0 else []
    by = joined(names, ", ")
    return (numbered("{n} work was decided, by {by}.", "{n} works were decided, by {by}.", n=judged.decided, by=by), unknown)  # fmt: skip


def _evidence(judged: Judged) -> str:
    rate = Rate(judged.passed, judged.decided)
    if not rate.measurable:
        return numbered(
            "{passed} of {n} decided work passed; the rate is not yet measurable (n = {n}).",
            "{passed} of {n} decided works passed; the rate is not yet measurable (n = {n}).",
            n=rate.cases,
            passed=rate.successes,
        )
    return said(
        "{passed} of {n} decided works passed: {percent}% (95 % interval {low}% to {high}%, n = {n}).",
        passed=rate.successes,
        n=rate.cases,
        percent=rate.percent,
        low=rate.low,
        high=rate.high,
    )


def _versions(
    org_id: UUID, rows: list[dict[str, Any]], kept_at: datetime, ids: Collection[UUID]
) -> _Versions:
    days = [row["published_at"] for row in rows if row["published_at"] >= kept_at]
    due = [row["review_due"] for row in rows if row["state"] == "published" and row["review_due"]]
    reviews = audit.count(
        org_id, action="design.version_reviewed", subject_type="achievement", subject_ids=ids, since=kept_at
    )
    return _Versions(len(days), max(days, default=None), min(due, default=None), reviews)


def _change(found: _Versions) -> tuple[str, ...]:
    if found.last is None:
        told = [said("No version was published since.")]
    else:
        told = [
            numbered(
                "{n} version was published, on {last}.",
                "{n} versions were published, the last on {last}.",
                n=found.published,
                last=day(found.last),
            )
        ]
    told.append(numbered("{n} review was done.", "{n} reviews were done.", n=found.reviews))
    if found.due is not None:
        overdue = found.due <= now()
        frame = said("A review was due on {day} and is overdue.", day=day(found.due))
        told.append(frame if overdue else said("The next review is due on {day}.", day=day(found.due)))
    return tuple(told)


def _place(org_id: UUID, achievement_ids: Collection[UUID], judged: Judged) -> tuple[str, ...]:
    ties = Layer.objects.for_org(org_id)
    own = {
        row["role"]: row["n"]
        for row in ties.filter(base_id__in=achievement_ids).values("role").annotate(n=Count("id"))
    }
    parts, layers = own.pop("part", 0), sum(own.values())
    rests = ties.filter(child_id__in=achievement_ids).count()
    told = [numbered("{n} person holds it now.", "{n} people hold it now.", n=judged.holders)]
    if layers:
        told.append(numbered("{n} layer rests on it.", "{n} layers rest on it.", n=layers))
    if parts:
        told.append(numbered("{n} part is tied to it.", "{n} parts are tied to it.", n=parts))
    if rests:
        told.append(
            numbered("It is tied to {n} other standard.", "It is tied to {n} other standards.", n=rests)
        )
    if not (layers or parts or rests):
        told.append(said("No layer and no part is tied to it (n = 0)."))
    return tuple(told)
