"""Every write of this room. Each is policy, change, audit record and outbox event in one transaction."""

from guildmark.issue.actions.awards import award_for_decision, decline_award, retry_award
from guildmark.issue.actions.batches import (
    cancel_batch,
    collect_awards,
    pause_batch,
    start_batch,
    upload_completions,
)
from guildmark.issue.actions.completion import issue_completion_records
from guildmark.issue.actions.correction import correct
from guildmark.issue.actions.disclosure import mark_claimed, new_share_link, set_disclosure
from guildmark.issue.actions.erasure import erase_person
from guildmark.issue.actions.lifecycle import reinstate, revoke, suspend

__all__ = [
    "award_for_decision",
    "cancel_batch",
    "collect_awards",
    "correct",
    "decline_award",
    "erase_person",
    "issue_completion_records",
    "mark_claimed",
    "new_share_link",
    "pause_batch",
    "reinstate",
    "retry_award",
    "revoke",
    "set_disclosure",
    "start_batch",
    "suspend",
    "upload_completions",
]
