"""Signing heads of the log of standards: at each publication, and whenever one was missed.

The log is one for the installation; each organisation signs the heads that cover its own standards, with a key
that serves nothing else.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from guildmark.design.events import VERSION_PUBLISHED
from guildmark.kernel import standards_log
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.outbox import Event, on
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.standards_log import SignedHead
from guildmark.kernel.tasks import sweep
from guildmark.keys import actions as key_actions
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.protocol import signed_note
from guildmark.protocol.keys import decode_multikey

log = logging.getLogger("guildmark.issue")


def sign_head(org_id: UUID) -> SignedHead:
    """The head of the log as it is now, signed by the organisation; Unavailable where nothing may be signed."""
    checkpoint = standards_log.checkpoint(standards_log.size())
    kept = standards_log.signed_head(org_id)
    if kept is not None and kept.size == checkpoint.size:
        return kept
    key = key_actions.ensure_active_key(org_id, key_actions.LOG)
    signer = keys.log_signer(org_id)
    name = keys.issuer_id(people.organisation(org_id).slug)
    moment = now()
    note = signed_note.sign(
        checkpoint.text(f"signed {stamp(moment)}"), name, decode_multikey(key.public_multibase), signer.sign
    )
    head = SignedHead(org_id, checkpoint.size, checkpoint.root, name, key.public_multibase, note, moment)
    standards_log.keep_head(head)
    return head


@on(VERSION_PUBLISHED, name="issue.log_head")
def published(event: Event) -> None:
    """Sign as soon as a version is published."""
    sign_head(event.org_id)


@sweep("issue.log_heads", every=timedelta(hours=1))
def sign_missing_heads() -> None:
    """Entries from before the log was begun, and publications whose head could not be signed then."""
    for org_id in standards_log.without_signed_head():
        try:
            sign_head(org_id)
        except GuildmarkError as error:
            log.warning("the head of the log of standards is not signed: %s", error)
