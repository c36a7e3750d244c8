"""An organisation's own notes of figures that others published: added with their source, retired, never edited (DF17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from guildmark.design import drafts, policies, queries, wording
from guildmark.design.models import EvidenceNote
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, FieldProblem, Invalid, NotFound
from guildmark.kernel.words import said
from guildmark.people import queries as people

#: Characters of each text; the columns of the table have the same.
LIMITS = {"figure": 120, "about": 300, "source": 300, "source_url": 500, "caution": 600}
WHY_LIMIT = 300
MOST_NOTES = 200
MISSING = {
    "figure": (said("No figure is given."), said("Write it as the source does, with its unit.")),
    "about": (said("Nothing says what the figure is about."), said("Say what was counted, and of whom.")),
    "source": (
        said("No source is named."),
        said("Name who published it, under which title, and in which year."),
    ),
    "read_on": (said("The day on which it was read is missing."), said("Give the day.")),
}


@dataclass(frozen=True)
class NoteView:
    """A note with the names of who added and who retired it; ``retired_at`` is empty while it is shown."""

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


def notes(org_id: UUID, *, retired: bool = False) -> list[NoteView]:
    """The notes that are shown, newest first; or those that were retired."""
    rows = EvidenceNote.objects.for_org(org_id).filter(retired_at__isnull=not retired)
    return _views(org_id, rows.order_by("-added_at", "-id"))


def _views(org_id: UUID, rows: Iterable[EvidenceNote]) -> list[NoteView]:
    names = {member.user_id: member.label for member in people.members(org_id)}

    def name(user_id: UUID | None) -> str:
        return names.get(user_id) or people.member_label(org_id, user_id) if user_id else ""

    plain = ("id", "figure", "about", "source", "source_url", "read_on", "caution", "added_at")
    return [
        NoteView(
            **{member: getattr(row, member) for member in plain},
            added_by=name(row.added_by),
            retired_at=row.retired_at,
            retired_by=name(row.retired_by),
            retired_why=row.retired_why,
        )
        for row in rows
    ]


@transaction.atomic
def add_note(
    *,
    by: Actor,
    org_id: UUID,
    figure: str,
    about: str,
    source: str,
    read_on: date | None,
    source_url: str = "",
    caution: str = "",
) -> NoteView:
    """Keep a figure with its source, the day on which it was read, and who adds it.

    Only a signed-in member can add one, for the note names a person. Raises Invalid with one problem per field.
    """
    by.require(org_id, "designer")
    if by.kind != "user":
        raise Invalid(said("A note names the person who adds it."), mend=said("Sign in and add it there."))
    given = {"figure": figure, "about": about, "source": source, "source_url": source_url, "caution": caution}
    texts = {name: str(drafts.tidy(text)) for name, text in given.items()}
    problems = [*_text_problems(texts), *_day_problems(read_on)]
    if problems or read_on is None:
        raise Invalid(said("This note cannot be kept."), errors=problems)
    if EvidenceNote.objects.for_org(org_id).filter(retired_at=None).count() >= MOST_NOTES:
        raise Conflict(
            said("There are {n} notes already.", n=MOST_NOTES),
            mend=said("Retire one that is no longer used."),
        )
    row = EvidenceNote.objects.create(org_id=org_id, **texts, read_on=read_on, added_at=now(), added_by=by.id)
    _audit(by, row, "design.note_added")
    return _views(org_id, [row])[0]


@transaction.atomic
def retire_note(*, by: Actor, org_id: UUID, note_id: UUID, why: str = "") -> NoteView:
    """Take a note off the pages of advice; it stays in the library with who retired it, when and why."""
    by.require(org_id, "designer")
    rows = EvidenceNote.objects.for_org(org_id).select_for_update()
    row = rows.filter(id=note_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    if row.retired_at is not None:
        raise Conflict(said("This note is retired already."))
    reason = str(drafts.tidy(why))
    if len(reason) > WHY_LIMIT or wording.forbidden_characters(reason, lines=False):
        raise Invalid(
            said("The reason cannot be kept: it is too long, or holds a hidden character."),
            field="why",
            mend=said("Write one plain sentence."),
        )
    row.retired_at, row.retired_by = now(), by.id if by.kind == "user" else None
    row.retired_why = reason
    row.save(update_fields=["retired_at", "retired_by", "retired_why"])
    _audit(by, row, "design.note_retired")
    return _views(org_id, [row])[0]


def _audit(by: Actor, row: EvidenceNote, action: str) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=action,
        subject_type="evidence_note",
        subject_id=row.id,
        data={"figure": row.figure},
    )


def _text_problems(texts: dict[str, str]) -> list[FieldProblem]:
    problems = []
    for name, text in texts.items():
        if not text and name in MISSING:
            problems.append(FieldProblem(name, *MISSING[name]))
        elif len(text) > LIMITS[name]:
            detail = said(
                "The text has {n} characters; the limit is {limit}.", n=len(text), limit=LIMITS[name]
            )
            problems.append(FieldProblem(name, detail, said("Shorten it.")))
        elif wording.forbidden_characters(text, lines=False):
            problems.append(
                FieldProblem(
                    name,
                    said("The text holds a hidden character."),
                    said("Type that place again without pasting."),
                )
            )
    address = texts["source_url"]
    if address and not (policies.is_web_address(address) and urlsplit(address).scheme == "https"):
        problems.append(
            FieldProblem(
                "source_url",
                said("This is no https address."),
                said("Use an address that begins with https://, or leave it empty."),
            )
        )
    return problems


def _day_problems(read_on: date | None) -> list[FieldProblem]:
    if read_on is None:
        return [FieldProblem("read_on", *MISSING["read_on"])]
    if not date(1900, 1, 1) <= read_on <= now().date():
        detail = said("A note cannot have been read on that day.")
        return [FieldProblem("read_on", detail, said("Give a day up to today."))]
    return []
