"""Delivery. The row is locked only to read and to write down the outcome, never while a server is slow."""

from __future__ import annotations

import json
import logging
from uuid import UUID

from django.db import transaction

from guildmark.kernel.clock import now
from guildmark.kernel.crypto import unseal
from guildmark.kernel.tasks import Lease, Retry, task
from guildmark.notify import letters, post
from guildmark.notify.actions import MAX_ATTEMPTS, seal_context
from guildmark.notify.models import OutgoingMail
from guildmark.people import queries as people

log = logging.getLogger("guildmark.mail")


@task("notify.deliver")
def deliver(lease: Lease) -> None:
    """Hand one message to the mail server; a passing fault is tried again, a final one is shown."""
    row = OutgoingMail.objects.for_org(lease.org_id).get(id=UUID(lease.payload["mail"]))
    if row.state != "queued":
        return
    content = json.loads(unseal(bytes(row.body), context=seal_context(row.id)))
    letter = letters.Letter(row.subject, content["text"], content["html"])
    org = people.organisation(row.org_id)
    mail = letters.message(to=row.to, letter=letter, message_id=str(row.id), org=org)
    try:
        mail.send()
    except Exception as error:
        words, final = post.in_words(error), post.is_final(error) or lease.attempt >= MAX_ATTEMPTS
        _note(lease, row.id, state="failed" if final else "queued", error=words)
        log.warning("mail %s (%s): %s", row.id, row.kind, words)
        if not final:
            raise Retry(words) from None
        return
    _note(lease, row.id, state="sent", error="")


@transaction.atomic
def _note(lease: Lease, mail_id: UUID, *, state: str, error: str) -> None:
    lease.hold()
    row = OutgoingMail.objects.for_org(lease.org_id).select_for_update().defer("body").get(id=mail_id)
    row.state, row.last_error, row.attempts = state, error[:2000], row.attempts + 1
    if state == "sent":
        row.sent_at = now()
    row.save(update_fields=["state", "last_error", "attempts", "sent_at"])
