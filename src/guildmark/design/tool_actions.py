"""Writes of the tool watch: a release is recorded or withdrawn, and a standard is found still the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.design import drafts, tool_queries, tools, wording
from guildmark.design.models import ToolAnswer, ToolRelease
from guildmark.design.tools import Release
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.kernel.words import day, said

VERSION_LIMIT = 40
NOTE_LIMIT = 1000
URL_LIMIT = 500
REASON_AT_LEAST = 10
#: How far ahead a release may be announced, and the earliest day that makes sense.
AHEAD = timedelta(days=2 * 365)
EARLIEST = date(1990, 1, 1)


def _audit(by: Actor, row: ToolRelease, action: str, **data: Any) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=action,
        subject_type="tool_release",
        subject_id=row.id,
        data={"tool": row.name, "version": row.version, **data},
    )


def _person(by: Actor) -> UUID | None:
    return by.id if by.kind == "user" else None


def _text(value: str, field: str, limit: int) -> str:
    text: str = drafts.tidy(value)
    if len(text) > limit:
        raise Invalid(
            said("The text has {n} characters; the limit is {limit}.", n=len(text), limit=limit),
            field=field,
            mend=said("Shorten it."),
        )
    if wording.forbidden_characters(text, lines=False):
        raise Invalid(
            said("The text holds a hidden character."),
            field=field,
            mend=said("Type that place again without pasting."),
        )
    return text


def _reason(value: str, field: str) -> str:
    text = _text(value, field, NOTE_LIMIT)
    if len(text) < REASON_AT_LEAST:
        raise Invalid(
            said("The reason is too short."),
            field=field,
            mend=said("Write a sentence that a stranger understands; it is shown publicly."),
        )
    return text


def _address(value: str) -> str:
    text = _text(value, "url", URL_LIMIT)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and bool(parts.hostname) and " " not in text and not parts.username
    except ValueError:
        fits = False
    if not fits:
        raise Invalid(
            said("This is no address that can be linked."),
            field="url",
            mend=said("Give an https:// address, such as that of the release notes, or leave it empty."),
        )
    return text


def _known_name(org_id: UUID, value: str) -> str:
    """The name as standards write it. A name that none of them has would mark nothing and look as if it did."""
    names = tool_queries.tool_names(org_id)
    found = next((name for name in names if tools.key(name) == tools.key(value)), None)
    if found is not None:
        return found
    if not names:
        raise Invalid(
            said("No published standard names a tool with its version."),
            field="name",
            mend=said("Name tool and version in a standard and publish it first."),
        )
    raise Invalid(
        said("No published standard names this tool with a version."),
        field="name",
        mend=said("Choose one of: {names}.", names=", ".join(names)),
    )


@transaction.atomic
def record_release(
    *, by: Actor, org_id: UUID, name: str, version: str, released_on: date, note: str = "", url: str = ""
) -> Release:
    """Record that a version of a tool is out, or will be on a day. Standards that name another one are marked from then on.

    ``name`` is that of a tool in a published standard, in any case; ``url`` an https address. Invalid names the field;
    Conflict when the version is recorded already.
    """
    by.require(org_id, "designer")
    known = _known_name(org_id, name)
    number = _text(version, "version", VERSION_LIMIT)
    if not number:
        raise Invalid(
            said("The version is empty."),
            field="version",
            mend=said("Write it as its maker does, such as 5.0."),
        )
    if not EARLIEST <= released_on <= (now() + AHEAD).date():
        raise Invalid(
            said("A release on {day} cannot be recorded.", day=day(released_on)),
            field="released_on",
            mend=said("Give the day on which it came out or is announced for, at most two years ahead."),
        )
    said_of_it, link = _text(note, "note", NOTE_LIMIT), _address(url)
    for one in tool_queries.releases(org_id):
        if one.stands(now()) and one.key == tools.key(known) and tools.same_version(one.version, number):
            raise _twice(one.name, one.version)
    try:
        with transaction.atomic():
            row = ToolRelease.objects.create(
                org_id=org_id,
                name=known,
                key=tools.key(known),
                version=number,
                released_on=released_on,
                note=said_of_it,
                url=link,
                created_at=now(),
                created_by=_person(by),
            )
    except IntegrityError:  # somebody recorded it at the same moment
        raise _twice(known, number) from None
    _audit(by, row, "design.tool_released", released_on=released_on.isoformat(), url=link)
    return tool_queries.release_view(row)


def _twice(name: str, version: str) -> Conflict:
    return Conflict(
        said("{tool} {version} is recorded already.", tool=name, version=version),
        field="version",
        mend=said("Withdraw that record first if it is wrong."),
    )


def _locked(org_id: UUID, release_id: UUID) -> ToolRelease:
    row: ToolRelease | None = (
        ToolRelease.objects.for_org(org_id).select_for_update().filter(id=release_id).first()
    )
    if row is None:
        raise NotFound(tool_queries.NO_RELEASE)
    if row.withdrawn_at is not None:
        raise Conflict(
            said("This record was withdrawn."), mend=said("Record the release anew if it is out after all.")
        )
    return row


@transaction.atomic
def withdraw_release(*, by: Actor, org_id: UUID, release_id: UUID, reason: str) -> Release:
    """Take a record back that was made by mistake; it stays to be seen, with the reason, and marks nothing any more."""
    by.require(org_id, "designer")
    row = _locked(org_id, release_id)
    row.withdrawn_reason = _reason(reason, "reason")
    row.withdrawn_at, row.withdrawn_by = now(), _person(by)
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _audit(by, row, "design.tool_release_withdrawn", reason=row.withdrawn_reason)
    return tool_queries.release_view(row)


@transaction.atomic
def answer_same(*, by: Actor, org_id: UUID, release_id: UUID, achievement_id: UUID, note: str) -> None:
    """Say publicly that a standard is still right though a newer version of its tool is out, and why.

    It answers this release and earlier ones of the tool, for the standard in all versions. The other answer is a version
    that names something newer. NotFound for a standard that the release does not concern; Conflict when it is answered.
    """
    by.require(org_id, "designer")
    row = _locked(org_id, release_id)
    found = tool_queries.concerned(tool_queries.release_view(row), now())
    standard = next((one for one in found if one.achievement_id == achievement_id), None)
    if standard is None:
        raise NotFound(tool_queries.NO_RELEASE)
    answered = Conflict(said("This was answered already."), mend=said("Load the page again."))
    if not standard.may_answer:
        raise answered
    text = _reason(note, "note")
    try:
        with transaction.atomic():
            ToolAnswer.objects.create(
                org_id=org_id,
                release=row,
                achievement_id=achievement_id,
                number=standard.number,
                note=text,
                created_at=now(),
                created_by=_person(by),
            )
    except IntegrityError:  # somebody answered at the same moment
        raise answered from None
    audit.record(
        org_id=org_id,
        by=by,
        action="design.tool_answered",
        subject_type="achievement",
        subject_id=achievement_id,
        data={
            "number": standard.number,
            "release": str(row.id),
            "tool": row.name,
            "version": row.version,
            "note": text,
        },
    )
