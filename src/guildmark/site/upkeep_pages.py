"""The maintenance board of an organisation, and its dates as a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from guildmark.config import load
from guildmark.design.advisor.exports import escaped, folded
from guildmark.kernel.clock import now
from guildmark.kernel.web import absolute, studio_page
from guildmark.site import upkeep as board
from guildmark.site.context import address


@require_safe
@studio_page()
def upkeep(request: HttpRequest) -> HttpResponse:
    """One line per standard in force, the most urgent first; every entry leads to where it is mended."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    rows = board.lines(org.id)
    known = [row.hours for row in rows if row.hours is not None]
    context = {
        "rows": rows,
        "late": sum(row.state == board.LATE for row in rows),
        "soon": sum(row.state == board.DUE for row in rows),
        "hours": sum(known) if known else None,
        "hours_known": len(known),
        "may_write": actor.has("designer"),
        "may_judge": actor.has("assessor", "registrar"),
        "may_see_learners": actor.has("registrar", "assessor", "designer", "auditor"),
    }
    return render(request, "site/upkeep.html", context)


@require_safe
@studio_page()
def upkeep_dates(request: HttpRequest) -> HttpResponse:
    """The coming reviews, and the last days for work under an older version, one all-day entry each."""
    org = request.org  # type: ignore[attr-defined]
    moment = now()
    host = urlsplit(load().base_url).netloc
    home = absolute(address("upkeep", org.slug))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guildmark//Upkeep//EN", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(pgettext('board', 'Upkeep') + ' · ' + org.name)}"]  # fmt: skip
    for row in board.lines(org.id):
        title, number = row.version.standard.title, row.version.number
        due = row.version.review_due
        if due is not None and due >= moment:
            words = _("Review: %(title)s %(number)s") % {"title": title, "number": number}
            lines += _event(f"review-{row.version.achievement_id}@{host}", due.date(), words, home, moment)
        if row.window_until is not None:
            words = _("Last day for work under an older version: %(title)s") % {"title": title}
            last = row.window_until.date()
            lines += _event(f"window-{row.version.achievement_id}@{host}", last, words, home, moment)
    lines.append("END:VCALENDAR")
    text = "".join(f"{folded(line)}\r\n" for line in lines)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{org.slug}-upkeep.ics"'
    return response


def _event(uid: str, day: date, words: str, url: str, stamped: datetime) -> list[str]:
    """One entry. The same date exported again replaces it by its UID; DTEND is exclusive (RFC 5545, 3.6.1)."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(words)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
