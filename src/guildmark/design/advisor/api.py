"""The advisor over the API: the same answers, the same advice. Operations are put on the router of standards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from guildmark.design.advisor import actions, engine, library, outline, queries
from guildmark.design.advisor import answers as asked
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.engine import Advice
from guildmark.design.advisor.outline import Outline
from guildmark.design.advisor.queries import AdviceView
from guildmark.design.types import Signal
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


class OutlineIn(Schema):
    """An outline as Markdown or CSV; the name of the file tells a table from a list."""

    text: str = Field(max_length=2_000_000)
    filename: str = Field("", max_length=255)


class NoteOut(Schema):
    """A figure that somebody else published: where and when it was read, and who added it. It enters no computation."""

    id: UUID
    figure: str
    about: str
    source: str
    source_url: str
    read_on: date
    caution: str
    added_at: datetime
    added_by: str
    retired_at: datetime | None
    retired_by: str
    retired_why: str


class BegunOut(Schema):
    """The draft that was begun: its address part, its class, and the revision to save with."""

    slug: str
    signal: Signal
    revision: int


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


def list_notes(request: HttpRequest, retired: bool = False) -> list[NoteOut]:
    found = library.notes(request.org_id, retired=retired)  # type: ignore[attr-defined]
    return [NoteOut(**vars(one)) for one in found]


def read_outline(request: HttpRequest, payload: OutlineIn) -> Outline:
    """Reads it and proposes; nothing is stored. A cartridge is read in the studio."""
    return outline.read(payload.text.encode(), payload.filename)


def start_standard(request: HttpRequest, advice_id: UUID, piece: int = 0) -> Status:
    keys = {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]
    version = actions.start_standard(**keys, advice_id=advice_id, piece=piece)
    return Status(201, BegunOut(slug=version.slug, signal=version.standard.signal, revision=version.revision))


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
    router.post("/advise/outline", response=Outline, summary="What a course outline proposes, and its gaps")(
        read_outline
    )
    router.get(
        "/advise/notes",
        response=list[NoteOut],
        summary="Figures of others with their sources, or those retired",
    )(list_notes)
    router.get("/advise/{advice_id}", response=KeptAdviceOut, summary="Kept advice with its answers")(
        get_advice
    )
    router.post(
        "/advise/{advice_id}/standard",
        response={201: BegunOut},
        summary="Begin a standard from kept advice; `piece` is a part of a hybrid",
    )(start_standard)
