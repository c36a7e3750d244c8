"""Every write of advice: kept, ticked, and taken into a draft standard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import actions as design
from guildmark.design import limits, promise
from guildmark.design import queries as design_queries
from guildmark.design.advisor import answers as asked
from guildmark.design.advisor import engine, outline, queries
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.queries import AdviceView
from guildmark.design.models import Advice as AdviceRow
from guildmark.design.stacks import relations
from guildmark.design.types import Signal, VersionView
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.kernel.words import Count, said

OUTLINE_LIMIT = design.OUTLINE_LIMIT


def _person(by: Actor) -> UUID | None:
    return by.id if by.kind == "user" else None


def _row(org_id: UUID, advice_id: UUID) -> AdviceRow:
    rows = AdviceRow.objects.for_org(org_id).select_for_update(of=("self",))
    row = rows.filter(id=advice_id).first()
    if row is None:
        raise NotFound(design_queries.UNKNOWN)
    return row


def _audit(by: Actor, row: AdviceRow, action: str, **data: Any) -> None:
    audit.record(org_id=row.org_id, by=by, action=action, subject_type="advice", subject_id=row.id, data=data)


@transaction.atomic
def keep(
    *,
    by: Actor,
    org_id: UUID,
    answers: Answers,
    course: str = "",
    follows: UUID | None = None,
    achievement_id: UUID | None = None,
) -> AdviceView:
    """Store answers with the advice that they give, dated (DF1).

    ``achievement_id`` is the standard that was asked about, if it exists already. ``course`` is the outline as Markdown. ``follows`` is earlier advice that this takes the place of beside a
    standard; ticks of tasks that the new plan still has go along. Raises Invalid when a deciding answer is missing.
    """
    by.require(org_id, "designer")
    asked.ensure_complete(answers)
    if len(course) > OUTLINE_LIMIT:
        raise Invalid(said("The outline has {n} characters; the limit is {limit}.",
                           n=Count(len(course)), limit=Count(OUTLINE_LIMIT)),
                      field="outline", mend=said("Keep the titles of the lessons only."))  # fmt: skip
    before = _row(org_id, follows) if follows else None
    if achievement_id:
        achievement_id = design_queries.achievement(org_id, achievement_id).id
    elif before:
        achievement_id = before.achievement_id
    advice = engine.advise(answers, today=now().date())
    keys = {task.key for task in advice.plan.tasks} if advice.plan else set()
    row = AdviceRow.objects.create(
        org_id=org_id,
        achievement_id=achievement_id,
        title=answers.title,
        answers=answers.model_dump(mode="json"),
        result=advice.model_dump(mode="json"),
        verdict=advice.verdict,
        score=advice.score,
        engine=advice.engine,
        outline=course,
        follows=before.id if before else None,
        started=before.started if before else [],
        done={key: value for key, value in before.done.items() if key in keys} if before else {},
        created_at=now(),
        created_by=_person(by),
    )
    _audit(by, row, "design.advice_kept", verdict=advice.verdict, score=advice.score)
    return queries.advice(org_id, row.id)


@transaction.atomic
def tick(*, by: Actor, org_id: UUID, advice_id: UUID, task: str, done: bool) -> AdviceView:
    """Mark a task of the plan as done, or as not done after all; twice is harmless."""
    by.require(org_id, "designer")
    row = _row(org_id, advice_id)
    plan = queries.view(row).result.plan
    if plan is None or task not in {one.key for one in plan.tasks}:
        raise Invalid(said("The plan has no such task."), field="task", mend=said("Load the page again."))
    if done == (task in row.done):
        return queries.advice(org_id, advice_id)
    if done:
        row.done[task] = {"at": stamp(now()), "by": str(by.id) if by.id else ""}
    else:
        del row.done[task]
    row.save(update_fields=["done"])
    _audit(by, row, "design.advice_task_ticked" if done else "design.advice_task_unticked", task=task)
    return queries.advice(org_id, advice_id)


@transaction.atomic
def start_standard(
    *, by: Actor, org_id: UUID, advice_id: UUID, piece: int = 0, speak: Callable[[str], str] = str
) -> VersionView:
    """Begin a draft from advice: decision, class, lessons, proposed competencies, change, review, hours and price.

    ``piece`` is the place of a part of a hybrid; it begins without lessons when it is not the first. ``speak`` says its
    title where that is ours: in English, or in the language of the page that shows it. Conflict when this piece was
    begun already, or when the piece is the package that comes later.
    """
    row = _row(org_id, advice_id)
    found = queries.view(row)
    role, title, signal = _piece(found, piece)
    if piece in {one.piece for one in found.started}:
        raise Conflict(
            said("A standard was begun from this already."), mend=said("Open it from the list of standards.")
        )
    course = found.outline if piece == 0 else ""
    title = speak(title)[:120]
    made = design.create_achievement(by=by, org_id=org_id, title=title, signal=signal, from_existing=course)
    content = _content(found, course, signal)
    version = design.save_draft(
        by=by, org_id=org_id, version_id=made.id, content=content, revision=made.revision
    )
    begun = {"piece": piece, "role": role, "achievement": str(version.achievement_id)}
    row.started = [*(one for one in row.started if one["piece"] != piece), begun]
    if row.achievement_id is None:
        row.achievement_id = version.achievement_id
    row.save(update_fields=["started", "achievement"])
    _audit(by, row, "design.advice_taken", slug=version.slug, role=role)
    relations.tie_begun(by=by, org_id=org_id, started=row.started)
    return version


def _piece(found: AdviceView, piece: int) -> tuple[str, str, Signal]:
    pieces, signal = found.result.pieces, found.result.signal
    if signal is None:
        raise Conflict(said("There is no verdict to begin from."), mend=said("Answer the four questions."))
    if not pieces and piece == 0:
        return "", found.answers.title or found.title, signal
    if not 0 <= piece < len(pieces):
        raise Invalid(said("The advice has no such part."), field="piece", mend=said("Load the page again."))
    if pieces[piece].role == "package":
        raise Conflict(
            said("The package comes later."), mend=said("Begin with the stack that it is made of.")
        )
    return pieces[piece].role, pieces[piece].title, pieces[piece].signal


def _content(found: AdviceView, course: str, signal: Signal) -> dict[str, Any]:
    """Members of a standard from the answers. A completion record takes lessons without any competency (PO3)."""
    given = found.answers
    content: dict[str, Any] = {
        "decision": given.decision.model_dump(),
        "volatility": found.result.volatility,
        "review_months": found.result.review_months,
        "study_hours": _within("study_hours", given.offer.study_hours),
        "assessment_hours": _within("assessment_hours", given.offer.assessment_hours),
    }
    if given.offer.price:
        content["cost"] = {
            "amount": f"{given.offer.price:.2f}".removesuffix(".00")[:12],
            "currency": given.offer.currency.upper(),
        }
    if signal != "completion":
        content["conditions"] = {"judges": given.offer.judges}
        content["validity_months"] = promise.validity_of(found.result.volatility)
    if course:
        members = outline.read(course.encode()).members()
        if signal == "completion":
            members = {"lessons": [{**lesson, "competencies": ()} for lesson in members["lessons"]]}
        content |= members
    return content


def _within(name: str, hours: float | None) -> float | None:
    """Hours that a standard can hold; none where nothing was said or it is more than any course has."""
    return hours if hours and hours <= limits.NUMBERS[name][1] else None
