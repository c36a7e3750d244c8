"""The sentences of a report's checks, known by their form, so that a page can say them in its language.

The checks are made below, where no word of a page is known; their details are English. What is not in this list stays
English on the page, as every detail does at the command line.
"""

from __future__ import annotations

import re
from datetime import date

from guildmark.kernel.words import marked, said

FRAMES: tuple[str, ...] = (
    marked("The file is readable JSON."),
    marked("The file is a signed token (VC-JWT)."),
    marked("This is a signed token (VC-JWT)."),
    marked("The image names the address {address}, which serves readable JSON."),
    marked("Checked against our model of Open Badges 2.0."),
    marked("Checked against our model of the {model}."),
    marked("Every part of the document is covered by the signature."),
    marked("Every part of the document is covered by the anchored hash."),
    marked("The signature covers every byte of the assertion."),
    marked("The document defines terms of its own, which could hide what was signed."),
    marked("The {name} signature fits the content."),
    marked("The signature does not fit the content."),
    marked("The credential carries no proof that can be checked."),
    marked("The proof expired on {day}."),
    marked("The address of the assertion serves the same content."),
    marked("The address of the assertion serves another one."),
    marked("The issuer lists the key for making statements."),
    marked("The issuer does not list the key {key} for making statements."),
    marked("The issuer's profile lists the key."),
    marked("The issuer's profile covers the address of the assertion."),
    marked("The issuer's keys cannot be had: {reason}"),
    marked("Neither revoked nor suspended."),
    marked("The issuer's revocation list does not name it."),
    marked("The issuer still serves the assertion."),
    marked("The issuer revoked it."),
    marked("The issuer revoked it: {reason}"),
    marked("The issuer suspended it."),
    marked("The issuer suspended it: {reason}"),
    marked("Replaced by {address}."),
    marked("The credential names no status list."),
    marked("The issuer names no revocation list."),
    marked("The status at another date is not known."),
    marked("The status of what cannot be trusted says nothing."),
    marked("The status list cannot be had: {reason}"),
    marked("Within its validity period on {day}."),
    marked("Not valid before {day}."),
    marked("Valid until {day} only."),
    marked("The trust file lists {issuer}."),
    marked("The trust file does not list {issuer}."),
    marked("Issuer trust: not checked, no trust file was given."),
    marked("The credential was given to this address."),
    marked("The credential was given to another address."),
    marked("The credential names no e-mail address."),
    marked("The badge was given to this address."),
    marked("The badge was given to another address."),
    marked("The badge names no e-mail address."),
    marked("No recipient was asked for."),
    marked("The credential carries no endorsements."),
    marked("The assertion carries no endorsements."),
    marked("All {n} endorsements are valid."),
    marked("All {n} credentials are valid."),
    marked("Not every endorsement is valid: {which}."),
    marked("An earlier check failed."),
    marked("The policy does not ask for it."),
)

_PLACE = re.compile(r"\\\{(\w+)\\\}")
_FORMS = [(frame, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(frame)), re.DOTALL)) for frame in FRAMES]


def said_of(detail: str) -> str:
    """The detail as a sentence with its places, if its form is known; else as it is."""
    for frame, form in _FORMS:
        if found := form.fullmatch(detail):
            return said(frame, **{name: _value(text) for name, text in found.groupdict().items()})
    return detail


def _value(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
