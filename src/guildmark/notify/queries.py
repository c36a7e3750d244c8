"""Reads of outgoing mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.notify import post
from guildmark.notify.models import OutgoingMail
from guildmark.notify.types import MailView


def mail_view(row: OutgoingMail) -> MailView:
    return MailView(
        id=row.id,
        org_id=row.org_id,
        kind=row.kind,
        to=row.to,
        subject=row.subject,
        state=row.state,
        attempts=row.attempts,
        last_error=row.last_error,
        created_at=row.created_at,
        sent_at=row.sent_at,
        bound=row.bound,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
    )


class MailRows(Sequence[MailView]):
    """The messages of one organisation, newest first, read page by page (for a Paginator)."""

    def __init__(self, org_id: UUID, *, state: str = "") -> None:
        self._rows: QuerySet[OutgoingMail] = OutgoingMail.objects.for_org(org_id).defer("body")
        if state:
            self._rows = self._rows.filter(state=state)

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, piece: Any) -> Any:
        rows = self._rows.order_by("-created_at", "-id")[piece]
        return [mail_view(row) for row in rows] if isinstance(piece, slice) else mail_view(rows)


def mails(org_id: UUID, *, state: str = "", limit: int = 100) -> list[MailView]:
    """The latest messages, of one state when given."""
    return list(MailRows(org_id, state=state)[:limit])


def mails_about(org_id: UUID, subject_type: str, subject_id: object) -> list[MailView]:
    """What was sent about one thing, such as a credential; newest first."""
    rows = OutgoingMail.objects.for_org(org_id).filter(subject_type=subject_type, subject_id=str(subject_id))
    return [mail_view(row) for row in rows.defer("body").order_by("-created_at", "-id")]


def mail(org_id: UUID, mail_id: UUID) -> MailView:
    row = OutgoingMail.objects.for_org(org_id).defer("body").filter(id=mail_id).first()
    if row is None:
        raise NotFound(said("There is no such message."))
    return mail_view(row)


def by_key(org_id: UUID, key: str) -> MailView | None:
    """The message that one cause has made, if it has."""
    row = OutgoingMail.objects.for_org(org_id).defer("body").filter(key=key).first()
    return mail_view(row) if row else None


def failed_count(org_id: UUID) -> int:
    """How many messages did not reach their server and wait for a person."""
    return OutgoingMail.objects.for_org(org_id).filter(state="failed").count()


def words_of(error: Exception) -> str:
    """What went wrong between us and the mail server, in one sentence."""
    return post.in_words(error)
