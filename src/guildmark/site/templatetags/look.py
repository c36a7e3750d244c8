"""Words and shapes of states, and the icons: what ``components/state.html`` and ``components/icon.html`` draw from."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guildmark.kernel.speaking import spoken
from guildmark.people.types import ROLE_NAMES

register = template.Library()


class Look(NamedTuple):
    """How one state is shown: its word, its tone (good, warn, bad, info, none) and its shape."""

    word: str | Promise
    tone: str
    shape: str


# Drawn on a grid of 16 x 16, stroked with the colour of the text. Every state has an outline of its own.
RING = '<circle cx="8" cy="8" r="6.2"/>'
DASHED_RING = '<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.4 2.4"/>'
OCTAGON = '<path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z"/>'
TRIANGLE = '<path d="M8 1.8 14.6 13.8H1.4z"/>'
SQUARE = '<path d="M2.2 2.2h11.6v11.6H2.2z"/>'
PAGE = '<path d="M3.2 1.7h6.3l3.3 3.3v9.3H3.2z"/>'
DIAMOND = '<path d="M8 1.2 14.8 8 8 14.8 1.2 8z"/>'
HEXAGON = '<path d="M8 1.5 13.7 4.75v6.5L8 14.5 2.3 11.25v-6.5z"/>'
ENVELOPE = '<path d="M1.8 3.5h12.4v9H1.8zM2 4l6 5 6-5"/>'
CROSS = '<path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"/>'
TICK = '<path d="m5 8.3 2.1 2.1L11.2 6"/>'
MARKED_QUESTION = '<path d="M6.3 6.4a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.7-.9 1.3M8 11.4v.01"/>'

SHAPES: dict[str, str] = {
    # credentials
    "valid": RING + TICK,
    "expired": '<path d="M4 1.8h8M4 14.2h8M5 1.8v2.4L8 8l3-3.8V1.8M5 14.2v-2.4L8 8l3 3.8v2.4"/>',
    "not_yet_valid": DASHED_RING + '<path d="M8 4.8V8l2.2 1.5"/>',
    "revoked": OCTAGON + CROSS,
    "suspended": RING + '<path d="M6.4 5.6v4.8M9.6 5.6v4.8"/>',
    "superseded": '<path d="M2 5.2h8v9H2zM5.5 5V1.8H14v9h-3.7"/>',
    "tampered": SQUARE + '<path d="M9 2.2 6.6 6.5l3 2.2L7 13.8"/>',
    "unknown_issuer": '<circle cx="6.5" cy="5" r="2.8"/><path d="M1.5 14c.4-3 2.4-4.6 5-4.6M11.5 8.5a1.6 1.6 0 1 1 2 2c-.5.2-.7.5-.7 1M12.8 13.8v.01"/>',
    "cannot_tell": DIAMOND + MARKED_QUESTION,
    "malformed": '<path d="M5.5 2C3.8 2 4.4 4.5 3.8 6c-.3.9-1 1.5-1.8 2 .8.5 1.5 1.1 1.8 2 .6 1.5 0 4 1.7 4M10.5 2c1.7 0 1.1 2.5 1.7 4 .3.9 1 1.5 1.8 2-.8.5-1.5 1.1-1.8 2-.6 1.5 0 4-1.7 4M6.8 6.8l2.4 2.4m0-2.4L6.8 9.2"/>',
    "review_overdue": TRIANGLE + '<path d="M8 6.2v3.6M8 11.8v.01"/>',
    "tool_changed": '<path d="M10.2 2.2a3.6 3.6 0 0 0-4.4 4.6L2 10.6a1.9 1.9 0 0 0 2.7 2.7l3.8-3.8a3.6 3.6 0 0 0 4.6-4.4L10.9 7.3 8.7 6.9 8.1 4.5z"/>',
    # standards and drafts
    "draft": '<path d="m2 14 .8-3.3 8-8a1.6 1.6 0 0 1 2.4 2.4l-8 8z"/>',
    "in_review": '<path d="M1.3 8S3.8 3.5 8 3.5 14.7 8 14.7 8 12.2 12.5 8 12.5 1.3 8 1.3 8z"/><circle cx="8" cy="8" r="1.8"/>',
    "published": PAGE + '<path d="m5.7 9 1.7 1.7 3-3.2"/>',
    "retired": '<path d="M1.8 2.8h12.4v3H1.8zM3 5.8h10v7.7H3zM6.3 8.5h3.4"/>',
    # work and what happens with it
    "enrolled": RING + '<path d="M8 5v6M5 8h6"/>',
    "sent": ENVELOPE,
    "inbox": '<path d="M8 1.8v6.6M5.3 5.9 8 8.6l2.7-2.7M2 9.5v4.3h12V9.5"/>',
    "returned": '<path d="M6 3 2.5 6.5 6 10M2.5 6.5h7a3.5 3.5 0 0 1 0 7H6"/>',
    "rating": '<path d="M2 13.5h2.5V9H2zM6.75 13.5h2.5v-7h-2.5zM11.5 13.5H14v-11h-2.5z"/>',
    "apart": '<path d="M2.5 6h11M2.5 10h11M10.5 2.5l-5 11"/>',
    "decided": '<path d="M2.5 6h11M2.5 10h11"/>',
    "passed": HEXAGON + TICK,
    "not_passed": HEXAGON + CROSS,
    "appealed": '<path d="M2 2.5h12v8.5H7.5L4 14v-3H2z"/>',
    "withdrawn": RING + '<path d="M5 8h6"/>',
    # records of work
    "proposed": DASHED_RING + '<circle cx="8" cy="8" r="1.2"/>',
    "issued": HEXAGON + '<circle cx="8" cy="8" r="2"/>',
    "waiting": RING + '<path d="M5 8v.01M8 8v.01M11 8v.01"/>',
    "running": '<path d="M13.8 6.5A6.2 6.2 0 1 0 14 9.5M14 2.5v4h-4"/>',
    "failed": TRIANGLE + '<path d="m6.3 8 3.4 3.4m0-3.4-3.4 3.4"/>',
    "bounced": ENVELOPE + '<path d="m6 14.8 4-4"/>',
    "staged": DASHED_RING,
    "active": RING + '<circle cx="8" cy="8" r="3" fill="currentColor"/>',
    "retiring": RING + '<path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor"/>',
    "closed": SQUARE + '<path d="M5 8h6"/>',
    "private": '<path d="M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2"/>',
    "public": RING + '<path d="M1.8 8h12.4M8 1.8c-3.6 3.7-3.6 8.7 0 12.4 3.6-3.7 3.6-8.7 0-12.4"/>',
    "dot": '<circle cx="8" cy="8" r="3"/>',
    # signs of the interface
    "play": RING + '<path d="M6.4 5.2v5.6L11 8z"/>',
    "check": '<path d="m2.8 8.5 3.5 3.5 7-8"/>',
    "cross": '<path d="m3.5 3.5 9 9m0-9-9 9"/>',
    "unchecked": '<path d="M4 8h8" stroke-dasharray="2 2"/>',
    "stop": OCTAGON + '<path d="M8 4.8v4M8 11.2v.01"/>',
    "warning": TRIANGLE + '<path d="M8 6.2v3.6M8 11.8v.01"/>',
    "hint": '<path d="M5.8 11a4.3 4.3 0 1 1 4.4 0v1.3H5.8zM6.3 14.5h3.4"/>',
    "info": RING + '<path d="M8 7.3v4M8 4.7v.01"/>',
    "up": '<path d="M8 13V3M3.5 7.5 8 3l4.5 4.5"/>',
    "down": '<path d="M8 3v10M3.5 8.5 8 13l4.5-4.5"/>',
    "menu": '<path d="M2 4h12M2 8h12M2 12h12"/>',
    "plus": '<path d="M8 2.5v11M2.5 8h11"/>',
    "copy": '<path d="M5.5 5.5h8.3v8.3H5.5zM10.5 5.5V2.2H2.2v8.3h3.3"/>',
    "download": '<path d="M8 2v8.5M4.5 7 8 10.5 11.5 7M2 13.8h12"/>',
    "grip": '<path d="M6 3v.01M10 3v.01M6 8v.01M10 8v.01M6 13v.01M10 13v.01" stroke-width="2.4"/>',
    "key": '<circle cx="5" cy="8" r="3.2"/><path d="M8.2 8H14.5v3M11.8 8v2"/>',
}

LOOKS: dict[str, Look] = {
    "valid": Look(_("Valid"), "good", "valid"),
    "expired": Look(_("Expired"), "warn", "expired"),
    "not_yet_valid": Look(_("Not yet valid"), "warn", "not_yet_valid"),
    "revoked": Look(_("Revoked"), "bad", "revoked"),
    "suspended": Look(_("Suspended"), "bad", "suspended"),
    "superseded": Look(_("Superseded"), "warn", "superseded"),
    "tampered": Look(_("Changed after signing"), "bad", "tampered"),
    "unknown_issuer": Look(_("Issuer not proven"), "bad", "unknown_issuer"),
    "cannot_tell": Look(_("Cannot tell"), "none", "cannot_tell"),
    "malformed": Look(_("Cannot be read"), "none", "malformed"),
    "review_overdue": Look(_("Review overdue"), "warn", "review_overdue"),
    "tool_changed": Look(_("A tool has changed"), "warn", "tool_changed"),
    "upkeep_late": Look(_("Overdue"), "bad", "stop"),
    "upkeep_soon": Look(_("Due soon"), "warn", "warning"),
    "upkeep_good": Look(_("In order"), "good", "check"),
    "draft": Look(_("Draft"), "none", "draft"),
    "in_review": Look(_("In review"), "info", "in_review"),
    "published": Look(_("Published"), "good", "published"),
    "scheduled": Look(_("Announced"), "info", "waiting"),
    "retired": Look(_("Retired"), "none", "retired"),
    "enrolled": Look(_("Enrolled"), "info", "enrolled"),
    "submitted": Look(_("Handed in"), "info", "inbox"),
    "returned": Look(_("Returned with feedback"), "warn", "returned"),
    "screened": Look(_("Checked for completeness"), "info", "check"),
    "in_rating": Look(_("Being judged"), "info", "rating"),
    "rated": Look(_("Judged"), "info", "rating"),
    "discrepant": Look(_("Judges differ"), "warn", "apart"),
    "adjudicated": Look(_("Settled by a third judge"), "info", "decided"),
    "decided": Look(_("Decided"), "info", "decided"),
    "passed": Look(_("Passed"), "good", "passed"),
    "not_passed": Look(_("Not passed"), "bad", "not_passed"),
    "appealed": Look(_("Appealed"), "warn", "appealed"),
    "withdrawn": Look(_("Withdrawn"), "none", "withdrawn"),
    "proposed": Look(_("Proposed"), "info", "proposed"),
    "approved": Look(_("Approved"), "good", "check"),
    "issued": Look(_("Issued"), "good", "issued"),
    "declined": Look(_("Declined"), "bad", "cross"),
    "waiting": Look(_("Waiting"), "none", "waiting"),
    "pending": Look(_("Waiting"), "none", "waiting"),
    "running": Look(_("Running"), "info", "running"),
    "paused": Look(_("Paused"), "warn", "suspended"),
    "done": Look(_("Done"), "good", "check"),
    "failed": Look(_("Failed"), "bad", "failed"),
    "cancelled": Look(_("Cancelled"), "none", "withdrawn"),
    "sent": Look(_("Sent"), "good", "sent"),
    "bounced": Look(_("Did not arrive"), "bad", "bounced"),
    "staged": Look(_("Prepared"), "none", "staged"),
    "active": Look(_("Active"), "good", "active"),
    "open": Look(pgettext_lazy("state", "Open"), "good", "active"),
    "accepted": Look(_("Accepted"), "good", "check"),
    "retiring": Look(_("Verifies only"), "warn", "retiring"),
    "compromised": Look(_("Compromised"), "bad", "failed"),
    "invited": Look(_("Invited"), "info", "sent"),
    "closing": Look(_("Closing"), "warn", "retiring"),
    "closed": Look(_("Closed"), "none", "closed"),
    "private": Look(_("Private"), "none", "private"),
    "public": Look(_("Public"), "info", "public"),
}


@register.filter
def look(state: object) -> Look:
    """How a state is shown; a word that is not known here is shown as it is, with a neutral dot."""
    name = str(state or "")
    return LOOKS.get(name) or Look(name.replace("_", " ").capitalize(), "none", "dot")


register.filter("spoken", spoken)


@register.filter
def role_name(role: str) -> str:
    """A role as people read it."""
    return gettext(ROLE_NAMES.get(role, role))


@register.simple_tag
def icon(name: str, size: int | str = 16) -> SafeString:
    """An icon of the given size in px, hidden from screen readers: the word stands beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="{}" height="{}" aria-hidden="true" focusable="false">{}</svg>',
        size,
        size,
        shape(name),
    )


@register.filter
def shape(name: object) -> SafeString:
    """The drawing of a shape without its frame, for use inside another drawing."""
    return mark_safe(SHAPES.get(str(name), SHAPES["dot"]))


@register.filter
def up_to(maximum: object) -> range:
    """1, 2, ... maximum: the steps of a scale. Anything that is no small number gives no steps."""
    try:
        return range(1, min(int(str(maximum)), 12) + 1)
    except ValueError:
        return range(0)
