"""Writes of outgoing mail: a message is stored in the transaction of its cause and delivered by a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildmark.kernel import audit, tasks
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import seal
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.words import said
from guildmark.notify import letters, post, queries
from guildmark.notify.models import OutgoingMail
from guildmark.notify.states import MAIL
from guildmark.notify.types import MailTest, MailView
from guildmark.people import queries as people

MAX_ATTEMPTS = 8
TEST_SECONDS = 10


def seal_context(mail_id: UUID) -> str:
    return f"mail:{mail_id}"


def _enqueue(row: OutgoingMail) -> None:
    tasks.enqueue(
        "notify.deliver",
        {"mail": str(row.id)},
        org_id=row.org_id,
        key=f"notify.deliver:{row.id}:{row.rounds}",
        max_attempts=MAX_ATTEMPTS,
    )


@transaction.atomic
def send(
    *,
    org_id: UUID,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    key: str,
    bound: bool = False,
    subject_type: str = "",
    subject_id: object = "",
) -> MailView:
    """Write down a message and queue its delivery; the same ``key`` gives the message that is there already.

    ``kind`` is ``room.name`` and names the templates (:func:`letters.compose`). ``bound`` marks a message
    whose link belongs to this address only.
    """
    existing = OutgoingMail.objects.for_org(org_id).filter(key=key).first()
    if existing is not None:
        return queries.mail_view(existing)
    letter = letters.compose(kind, people.organisation(org_id), context)
    mail_id = uuid7()
    body = json.dumps({"text": letter.text, "html": letter.html}).encode()
    try:
        with transaction.atomic():
            row = OutgoingMail.objects.create(
                id=mail_id,
                org_id=org_id,
                kind=kind,
                to=letters.clean_address(to),
                subject=letter.subject,
                body=seal(body, context=seal_context(mail_id)),
                key=key,
                bound=bound,
                created_at=now(),
                subject_type=subject_type,
                subject_id=str(subject_id),
            )
    except IntegrityError:
        return queries.mail_view(OutgoingMail.objects.for_org(org_id).get(key=key))
    _enqueue(row)
    return queries.mail_view(row)


@transaction.atomic
def resend(*, by: Actor, org_id: UUID, mail_id: UUID, to: str = "") -> MailView:
    """Send a message again; to another address when ``to`` is given, unless it is bound to its own."""
    by.require(org_id, "registrar")
    row = OutgoingMail.objects.for_org(org_id).select_for_update().filter(id=mail_id).first()
    if row is None:
        raise NotFound(said("There is no such message."))
    address = letters.clean_address(to) if to.strip() else row.to
    if address != row.to and row.bound:
        raise Conflict(
            said("The link in this message belongs to {address}.", address=row.to),
            field="to",
            mend=said(
                "Correct the address where the message came from; a message with a new link then goes out."
            ),
        )
    if row.state == "queued":
        raise Conflict(said("This message waits for delivery already."), mend=said("Look again in a minute."))
    MAIL.check(row.state, "queued")
    row.state, row.attempts, row.last_error, row.to = "queued", 0, "", address
    row.rounds += 1
    row.save(update_fields=["state", "attempts", "last_error", "to", "rounds"])
    _enqueue(row)
    audit.record(org_id=org_id, by=by, action="notify.sent_again", subject_type="mail", subject_id=row.id)
    return queries.mail_view(row)


@transaction.atomic
def forget_address(*, org_id: UUID, email: str) -> int:
    """Delete every message to an erased person's address; returns how many."""
    return OutgoingMail.objects.for_org(org_id).filter(to=email).delete()[0]


def send_test(*, to: str) -> MailTest:
    """Send a test message now and say what the server said. Nothing is stored."""
    letter = letters.Letter(
        _("A test message from Guildmark"),
        _("This is a test message. If you can read it, mail from this installation arrives.") + "\n",
        "<p>This is a test message. If you can read it, mail from this installation arrives.</p>",
    )
    mail = letters.message(to=to, letter=letter, message_id=str(uuid7()))
    mail.connection = get_connection(timeout=TEST_SECONDS) if _over_smtp() else get_connection()
    try:
        mail.send()
    except Exception as error:
        return MailTest(False, post.in_words(error))
    if not _over_smtp():
        return MailTest(True, _("Mail is written to the console of the server: no mail server is set."))
    return MailTest(True, _("The mail server took the message for %(to)s.") % {"to": to.strip()})


def _over_smtp() -> bool:
    from django.conf import settings

    return bool(settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"))
