"""The acts of the audit log in words. The log itself holds their names."""

from __future__ import annotations

from django.utils.translation import gettext

from guildmark.kernel.words import marked

#: What the names of the acts come to, and the kinds of actors that have no name.
WORDS = (
    marked("API key created"),
    marked("API key revoked"),
    marked("Achievement created"),
    marked("Address changed"),
    marked("Archived"),
    marked("Assessment completed"),
    marked("Award approved"),
    marked("Award declined"),
    marked("Award failed"),
    marked("Award refused"),
    marked("Award retried"),
    marked("Awards approved"),
    marked("Bar acknowledged"),
    marked("Batch cancelled"),
    marked("Batch collected"),
    marked("Batch paused"),
    marked("Batch started"),
    marked("Batch uploaded"),
    marked("Blueprint saved"),
    marked("Chunk issued"),
    marked("Claimed"),
    marked("Compromised"),
    marked("Credential erased"),
    marked("Credential issued"),
    marked("Credential reinstated"),
    marked("Credential revoked"),
    marked("Credential superseded"),
    marked("Credential suspended"),
    marked("Decided"),
    marked("Disclosure changed"),
    marked("Draft discarded"),
    marked("Draft saved"),
    marked("Enrolled"),
    marked("Framework imported"),
    marked("Framework restored"),
    marked("Framework withdrawn"),
    marked("Import asked"),
    marked("Import failed"),
    marked("Invitation revoked"),
    marked("Invited"),
    marked("Item added"),
    marked("Item removed"),
    marked("Joined"),
    marked("Key made"),
    marked("Layer announced"),
    marked("Layer tied"),
    marked("Layer untied"),
    marked("Learner added"),
    marked("Learner changed"),
    marked("Learners added"),
    marked("Link closed"),
    marked("Link opened"),
    marked("Link sent"),
    marked("List imported"),
    marked("Member active"),
    marked("Member suspended"),
    marked("Organisation changed"),
    marked("Organisation created"),
    marked("Person erased"),
    marked("Presentation revised"),
    marked("Returned"),
    marked("Roles changed"),
    marked("Rotated"),
    marked("Sent again"),
    marked("Share link made"),
    marked("Stack promoted"),
    marked("Submission started"),
    marked("Submitted"),
    marked("Taken for rating"),
    marked("Tool answered"),
    marked("Tool release withdrawn"),
    marked("Tool released"),
    marked("Translation saved"),
    marked("Unarchived"),
    marked("Version published"),
    marked("Version retired"),
    marked("Version reviewed"),
    marked("Version started"),
    marked("Withdrawn"),
    marked("key"),
    marked("learner"),
    marked("system"),
    marked("user"),
)


def act_in_words(action: str) -> str:
    """The name of an act as words: ``evidence.item_added`` gives "Item added", in the language of the page."""
    words = action.split(".", 1)[-1].replace("_", " ").replace(".", " ").capitalize()
    return gettext(words.replace("Api ", "API "))


def kind_in_words(kind: str) -> str:
    """What an actor without a name is."""
    return gettext(kind)
