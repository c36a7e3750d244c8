"""What the front page of the demo shows, read from the register at the moment of asking."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from guildmark.issue import queries as issue
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import marked
from guildmark.people import queries as people
from guildmark.site.demo.people import PASSWORD, PERSONAS
from guildmark.site.demo.seed import SLUG, marker

NOTES = {
    "noor": marked(
        "Two of three pieces of work are shown; the judge had also taught her, and the page says so."
    ),
    "imani": marked("Judged by two people, decided by a third."),
    "kofi": marked("Returned once, handed in again, passed."),
    "farid": marked("A name written from right to left."),
    "hana": marked("A name in Japanese script."),
    "oskar": marked("Earned on an older version of the standard."),
    "vera": marked("The issuer is late with the review of this standard, and the page says so."),
    "amelie": marked("Its eighteen months are over."),
    "hugo": marked("Signed already, counts from a later day."),
    "carmen": marked("Withdrawn for good, with the reason."),
    "elif": marked("Set aside while a question is answered."),
    "daniel": marked("A correction took its place; both are kept."),
    "daniel_corrected": marked("The correction, linked from the one before."),
}


def tour() -> dict[str, Any]:
    """Title, credentials with their present states, and the people to sign in as."""
    cases = json.loads(marker().read_text("utf-8"))["cases"] if marker().exists() else {}
    rows = []
    wanted = {key: UUID(cases[key]) for key in NOTES if key in cases}
    org = people.organisation_by_slug(SLUG) if wanted else None
    found = issue.shown_now(org.id, wanted.values()) if org else {}
    for key, public_id in wanted.items():
        if public_id not in found:
            continue
        view, status = found[public_id]
        state = "review_overdue" if "review_overdue" in status.warnings else status.verdict
        rows.append(
            {"state": state, "holder": view.holder_name, "url": view.path, "note": gettext(NOTES[key])}
        )
    personas = [
        {
            "key": p.key,
            "name": p.name,
            "role": spoken(p.role_words),
            "email": p.email,
            "password": PASSWORD,
            "steps": [spoken(step) for step in p.steps],
        }
        for p in PERSONAS
    ]
    return {
        "title": gettext("Northlamp Academy, two years in"),
        "lead": gettext(
            "An invented academy with real signatures: standards in several versions, work that passed and work that did not, credentials in every state. Nothing here leaves this machine."
        ),
        "credentials": rows,
        "personas": personas,
    }
