"""``/c/{id}/on?day=2026-05-14``: whether a credential was valid on another day (PRODUCT UP10)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from guildmark.issue import past
from guildmark.issue import queries as issue
from guildmark.issue.types import CredentialView
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import said
from guildmark.people import queries as people
from guildmark.protocol.report import Verdict
from guildmark.site.negotiation import wants_document
from guildmark.site.public.credential import read_facts
from guildmark.verify.words import WORDS

FIRST = date(1990, 1, 1)
LAST = date(2199, 12, 31)
SENTENCES = {
    "not_issued": said("On that day the credential did not exist."),
    "valid": said("On that day it counted, and the issuer stood by it."),
    "expired": said("On that day its period had ended."),
    "not_yet_valid": said("On that day its period had not begun."),
    "suspended": said("On that day the issuer had put it on hold."),
    "revoked": said("On that day the issuer had taken it back."),
    "superseded": said("On that day a corrected credential had taken its place."),
}


def on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The answer as a page, or as JSON when that is listed in Accept; without a day the question."""
    token = request.GET.get("t", "")
    view = issue.public_credential(public_id, token)
    typed = request.GET.get("day", "").strip()
    problem: Invalid | None = None
    found: past.Past | None = None
    if typed:
        try:
            found = past.on(view, day_of(typed))
        except Invalid as error:
            problem = error
    response: HttpResponse
    if wants_document(request):
        if found is None:
            raise problem or Invalid(
                said("No day is given."), field="day", mend=said("Write the day like 2026-05-14.")
            )
        response = JsonResponse({"credential": issue.credential_url(view.public_id), **found.as_json()})
        response["Access-Control-Allow-Origin"] = "*"
    else:
        status = 422 if problem else 200
        response = render(
            request, "site/past.html", context(view, found, problem, typed, token), status=status
        )
    response["Cache-Control"] = "no-cache" if view.visibility == "public" else "private, no-store"
    # One page for each day of a credential is nothing to be found by a search.
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept"])
    return response


def day_of(typed: str) -> date:
    """A day that somebody typed (ISO 8601); Invalid names what is wrong."""
    try:
        day = date.fromisoformat(typed[:40])
    except ValueError:
        raise Invalid(
            said("{text} is not a date.", text=repr(typed[:40])),
            field="day",
            mend=said("Write the day like 2026-05-14."),
        ) from None
    if not FIRST <= day <= LAST:
        raise Invalid(
            said("There was no credential of this kind in {year}.", year=str(day.year)),
            field="day",
            mend=said("Choose a day between {first} and {last}.", first=str(FIRST.year), last=str(LAST.year)),
        )
    return day


def words(verdict: str) -> tuple[str, str]:
    """Two words and a sentence for a state, in the language of the page."""
    title = said("Not issued yet") if verdict == "not_issued" else WORDS[Verdict(verdict)].title
    return spoken(title), spoken(SENTENCES[verdict])


def context(
    view: CredentialView, found: past.Past | None, problem: Invalid | None, typed: str, token: str
) -> dict[str, Any]:
    facts = read_facts(view, token)
    return {
        "credential": view,
        "org": people.organisation(view.org_id),
        "page": facts,
        "past": found,
        "words": words(found.verdict) if found else None,
        "tone": _tone(found.verdict) if found else "",
        "changes": [(at, words(word)[0]) for at, word in found.changes] if found else [],
        "problem": problem,
        "typed": typed,
        "today": now().date(),
        "token": token,
        "suffix": f"?t={token}" if token else "",
    }


def _tone(verdict: str) -> str:
    return "info" if verdict == "not_issued" else WORDS[Verdict(verdict)].tone
