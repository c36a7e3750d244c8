"""The advisor over the API: the same answers, the same advice. Operations are put on the router of standards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guildmark.design.advisor import actions, engine, queries
from guildmark.design.advisor import answers as asked
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.engine import Advice
from guildmark.design.advisor.queries import AdviceView
from guildmark.kernel.clock import now


class AdviceOut(Schema):
    """Advice; ``id`` and ``kept_at`` are empty unless it was kept."""

    id: UUID | None
    kept_at: datetime | None
    advice: Advice


class KeptOut(Schema):
    """Kept advice in a list."""

    id: UUID
    title: str
    verdict: str
    score: int
    kept_at: datetime


class KeptAdviceOut(Schema):
    """Kept advice with its answers; ``standards`` are the addresses of what was begun from it."""

    id: UUID
    kept_at: datetime
    answers: Answers
    advice: Advice
    done: list[str] = Field(description="Keys of the tasks that are ticked")
    standards: list[str]


def give_advice(request: HttpRequest, payload: Answers, keep: bool = False) -> AdviceOut:
    """Every open question is named in the problem document. With ``keep`` the advice is stored and dated."""
    asked.ensure_complete(payload)
    if keep:
        view = actions.keep(by=request.actor, org_id=request.org_id, answers=payload)  # type: ignore[attr-defined]
        return AdviceOut(id=view.id, kept_at=view.created_at, advice=view.result)
    return AdviceOut(id=None, kept_at=None, advice=engine.advise(payload, today=now().date()))


def list_advice(request: HttpRequest) -> list[KeptOut]:
    rows = queries.recent(request.org_id, 100)  # type: ignore[attr-defined]
    return [
        KeptOut(id=r.id, title=r.title, verdict=r.verdict, score=r.score, kept_at=r.created_at) for r in rows
    ]


def get_advice(request: HttpRequest, advice_id: UUID) -> KeptAdviceOut:
    return _kept(queries.advice(request.org_id, advice_id))  # type: ignore[attr-defined]


def _kept(view: AdviceView) -> KeptAdviceOut:
    return KeptAdviceOut(
        id=view.id,
        kept_at=view.created_at,
        answers=view.answers,
        advice=view.result,
        done=sorted(view.done),
        standards=[begun.slug for begun in view.started],
    )


def add_to(router: Router) -> None:
    """Put the operations onto a router, before any whose path begins with a parameter."""
    router.post("/advise", response=AdviceOut, summary="What to award: a verdict from answers")(give_advice)
    router.get("/advise", response=list[KeptOut], summary="The newest kept advice")(list_advice)
    router.get("/advise/{advice_id}", response=KeptAdviceOut, summary="Kept advice with its answers")(
        get_advice
    )
