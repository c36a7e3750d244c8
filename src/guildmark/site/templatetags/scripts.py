"""What scripts say to people, in the language of the page: ``js/words.js`` reads it."""

from __future__ import annotations

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from guildmark.kernel.words import marked

register = template.Library()

#: The very texts of the scripts; ``tests/site/test_translations.py`` compares them.
WORDS = (
    marked("Before this goes on"),
    marked("Cancel"),
    marked("Go on"),
    marked("Leave it as it is"),
    marked("Load what is stored"),
    marked("Moved"),
    marked("Not moved: {reason}"),
    marked("Not saved: the server cannot be reached. What you typed is still here."),
    marked("Not saved: {reason}"),
    marked("Not saved: {reason} Copy what you want to keep before you load what is stored."),
    marked("Not sent: the connection broke."),
    marked("Not sent: {size} is over the limit of {limit}."),
    marked("Not taken: {reason}"),
    marked("Saved {time}"),
    marked("Saving…"),
    marked("Send after all"),
    marked("Sent. Being checked…"),
    marked("Stop"),
    marked("Stopped. Nothing was kept."),
    marked("Stopped. What was sent is kept for two days."),
    marked("Taken"),
    marked("The connection broke."),
    marked("The file is larger than the limit."),
    marked("The server answered {status}."),
    marked("This is larger than the limit."),
    marked("Try again"),
    marked("Upload of {file}"),
    marked("You are no longer signed in, or this is not yours to change."),
    marked("{done} of {all}"),
    marked("{what}: place {place} of {all}"),
)


@register.simple_tag
def script_words() -> SafeString | str:
    """The words as a block of data; nothing where the page is English, as the scripts are."""
    if (get_language() or "en").startswith("en"):
        return ""
    return json_script({text: gettext(text) for text in WORDS}, "script-words")
