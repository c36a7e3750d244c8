"""Calling a major edit of words clarifying: one person asks with a public reason, another one agrees (PRODUCT M1).

Only words can be called so. A number, a flag, a part that comes or goes is a change of the bar, whoever agrees. The
agreement holds for the content with one hash: whoever edits the draft afterwards has to ask again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import drafts, events, queries, versions
from guildmark.design.models import AchievementVersion, ClassRequest
from guildmark.design.types import Change, FieldChange, VersionView
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.kernel.words import Count, numbered, said, said_in
from guildmark.people import queries as people

REASON_AT_LEAST = 20
REASON_LIMIT = 1000
OPEN = ("waiting", "agreed")
STATE_WORDS: dict[str, str] = {
    "waiting": said_in("request", "waiting"),
    "agreed": said_in("request", "agreed"),
    "declined": said_in("request", "declined"),
    "void": said_in("request", "void"),
    "used": said_in("request", "used"),
}


@dataclass(frozen=True)
class RequestView:
    """A wish to call edits at ``paths`` clarifying. ``state`` is void as soon as the draft says something else."""

    id: UUID
    org_id: UUID
    version_id: UUID
    slug: str
    title: str
    state: str
    reason: str
    paths: tuple[str, ...]
    asked_by: UUID
    asked_at: datetime
    answered_by: UUID | None
    answered_at: datetime | None
    answer: str

    @property
    def state_word(self) -> str:
        return STATE_WORDS[self.state]


def request_view(row: ClassRequest) -> RequestView:
    void = row.state in OPEN and row.content_hash != versions.hash_of(row.version.content)
    return RequestView(
        row.id,
        row.org_id,
        row.version_id,
        row.version.achievement.slug,
        row.version.content["title"],
        "void" if void else row.state,
        row.reason,
        tuple(row.paths),
        row.asked_by,
        row.asked_at,
        row.answered_by,
        row.answered_at,
        row.answer,
    )


def of_draft(org_id: UUID, version_id: UUID) -> RequestView | None:
    """The latest request about a draft, whatever became of it."""
    rows = ClassRequest.objects.for_org(org_id).select_related("version__achievement")
    row = rows.filter(version_id=version_id).order_by("-asked_at", "-id").first()
    return request_view(row) if row else None


def waiting(org_id: UUID) -> list[RequestView]:
    """What waits for a second person, the oldest first."""
    rows = ClassRequest.objects.for_org(org_id).select_related("version__achievement")
    views = [request_view(row) for row in rows.filter(state="waiting").order_by("asked_at", "id")]
    return [view for view in views if view.state == "waiting"]


def one(org_id: UUID, request_id: UUID) -> RequestView:
    rows = ClassRequest.objects.for_org(org_id).select_related("version__achievement")
    row = rows.filter(id=request_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    return request_view(row)


def figures(value: Any) -> list[str]:
    return sorted(re.findall(r"\d+", str(value)))


def can_be_signed(change: FieldChange) -> bool:
    """True for an edit of words that leaves every figure: the only kind that two people may call clarifying."""
    return versions.is_wording(change) and figures(change.before) == figures(change.after)


def major_changes(change: Change) -> list[FieldChange]:
    return [row for row in change.changes if versions.FORCES[row.field_class] == "major"]


def second_people(view: VersionView, asker: UUID | None) -> list[Any]:
    """The members who could agree: designers who neither asked nor wrote the draft."""
    wrote = {asker, *writers(view.org_id, view.id)}
    return [m for m in people.members_with_role(view.org_id, "designer") if m.user_id not in wrote]


def writers(org_id: UUID, version_id: UUID) -> set[UUID]:
    """Who began a draft and who saved it last; where that was an API key, whoever made a key that saved it."""
    row = AchievementVersion.objects.for_org(org_id).filter(id=version_id).first()
    if row is None:
        return set()
    wrote = {row.created_by, row.saved_by}
    if None in wrote:
        chain = audit.history(org_id, subject_type="achievement", subject_id=row.achievement_id)
        keys = {e.actor_id for e in chain if e.actor_kind == "key" and e.data.get("version") == str(row.id)}
        wrote |= {people.api_key_maker(org_id, key) for key in keys if key}
    return {person for person in wrote if person is not None}


def refusal(view: VersionView, change: Change, asker: UUID | None) -> Conflict | None:
    """Why nobody can ask for a lower class of this draft, with the way out; None when somebody can."""
    if view.is_published or view.based_on is None or change.forces != "major":
        return Conflict(
            said("Nothing here has a class that could be lowered."), mend=said("Publish the draft as it is.")
        )
    hard = next((row for row in major_changes(change) if not can_be_signed(row)), None)
    if hard is not None:
        return Conflict(
            said("{path} is no edit of words: it changes the bar, whoever agrees.", path=hard.path),
            mend=said("Publish a new major version, or take that change back."),
        )
    if not second_people(view, asker):
        return Conflict(
            said(
                "Nobody else here may agree: a second member with the role designer is needed, who did not write this "
                "draft."
            ),
            mend=said("Publish it as a new major version; holders keep theirs. Or invite a second designer."),
        )
    return None


def _locked(org_id: UUID, version_id: UUID) -> AchievementVersion:
    rows = (
        AchievementVersion.objects.for_org(org_id)
        .select_related("achievement")
        .select_for_update(of=("self",))
    )
    row = rows.filter(id=version_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    return row


def _person(by: Actor, org_id: UUID) -> UUID:
    """The designer who answers for what words mean: the user, or whoever made the API key."""
    by.require(org_id, "designer")
    person = people.person_behind(by, org_id, "designer")
    if person is None:
        raise Forbidden(
            said("Only a person can answer for what words mean, and nobody here stands for this caller."),
            mend=said("Use a key that a designer of this organisation made, or sign in and do it there."),
        )
    return person


def _tell(by: Actor, person: UUID, row: ClassRequest, word: str, **data: Any) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=f"design.lowering_{word}",
        subject_type="achievement",
        subject_id=row.version.achievement_id,
        data={
            "request": str(row.id),
            "version": str(row.version_id),
            "content": row.content_hash,
            **({"person": str(person)} if by.kind == "key" else {}),
            **data,
        },
    )
    kind = events.LOWERING_ASKED if word == "asked" else events.LOWERING_ANSWERED
    outbox.emit(row.org_id, kind, {"request": str(row.id), "version": str(row.version_id)})


@transaction.atomic
def ask(*, by: Actor, org_id: UUID, version_id: UUID, reason: str) -> RequestView:
    """Ask a second person to call the edits of a draft clarifying. The reason will be public.

    Conflict when something other than words changed, or when there is no second person; it says the way out.
    """
    person = _person(by, org_id)
    row = _locked(org_id, version_id)
    view = queries.version(org_id, version_id)
    _, change = queries.change_of_draft(org_id, version_id)
    refused = refusal(view, change, person)
    if refused is not None:
        raise refused
    text = drafts.tidy(reason, "audience")
    if not REASON_AT_LEAST <= len(text) <= REASON_LIMIT:
        raise Invalid(
            numbered("The reason has {n} character.", "The reason has {n} characters.", n=Count(len(text))),
            field="reason",
            mend=said(
                "Say in {least} to {most} characters why the bar is the same; it is public.",
                least=REASON_AT_LEAST,
                most=Count(REASON_LIMIT),
            ),
        )
    digest = versions.hash_of(row.content)
    earlier = ClassRequest.objects.for_org(org_id).filter(version_id=version_id, state__in=OPEN)
    if earlier.filter(content_hash=digest).exists():
        raise Conflict(
            said("Somebody has asked for exactly this already."), mend=said("Wait for the answer.")
        )
    earlier.update(state="void")
    made = ClassRequest.objects.create(
        org_id=org_id,
        version=row,
        reason=text,
        paths=[one.path for one in major_changes(change)],
        content_hash=digest,
        asked_by=person,
        asked_at=now(),
    )
    _tell(by, person, made, "asked", reason=text, paths=made.paths)
    return request_view(made)


@transaction.atomic
def answer(*, by: Actor, org_id: UUID, request_id: UUID, agree: bool, note: str = "") -> RequestView:
    """Agree or decline, by somebody who neither asked nor wrote the draft; Conflict when it was edited meanwhile."""
    person = _person(by, org_id)
    rows = ClassRequest.objects.for_org(org_id).select_for_update()
    row = rows.filter(id=request_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    row.version = _locked(org_id, row.version_id)
    state = request_view(row).state
    if state != "waiting":
        words = (
            said("The draft was edited after this was asked.")
            if state == "void"
            else said("This request is {state}.", state=STATE_WORDS[state])
        )
        raise Conflict(words, mend=said("Ask again for what the draft says now."))
    if person in {row.asked_by, *writers(org_id, row.version_id)}:
        raise Forbidden(
            said("You asked for this or wrote the draft; somebody else has to agree."),
            mend=said("Let another member with the role designer read both texts."),
        )
    row.state = "agreed" if agree else "declined"
    row.answered_by, row.answered_at, row.answer = person, now(), drafts.tidy(note, "audience")[:REASON_LIMIT]
    row.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    _tell(by, person, row, row.state, note=row.answer)
    return request_view(row)


def take(row: AchievementVersion, change: Change) -> dict[str, Any] | None:
    """The record for a publication whose words were agreed to be clarifying, and the end of the request; else None.

    Called by the publication, which holds the lock on ``row``.
    """
    asked = ClassRequest.objects.for_org(row.org_id).filter(version_id=row.id, state="agreed").first()
    if asked is None or asked.content_hash != versions.hash_of(row.content):
        return None
    if (
        asked.answered_by is None
        or asked.answered_at is None
        or not all(map(can_be_signed, major_changes(change)))
    ):
        return None
    asked.state = "used"
    asked.save(update_fields=["state"])
    return {
        "from": change.forces,
        "to": "minor",
        "reason": asked.reason,
        "paths": asked.paths,
        "asked_by": str(asked.asked_by),
        "asked_at": stamp(asked.asked_at),
        "agreed_by": str(asked.answered_by),
        "agreed_at": stamp(asked.answered_at),
        "content": asked.content_hash,
    }
