"""From words to a message: templates in, a MIME message out. No database here."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template, render_to_string

from guildmark.config import load
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said
from guildmark.people.types import OrgView

SUBJECT_LIMIT = 400


@dataclass(frozen=True)
class Letter:
    """A rendered message: one line of subject, and its body as text and as HTML."""

    subject: str
    text: str
    html: str


def clean_line(value: str, *, field: str) -> str:
    """One header line. A line break or control character would let the value write headers of its own."""
    text = value.strip()
    for character in text:
        if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
            raise Invalid(
                said(
                    "The {field} of a message holds a line break or control character ({code}).",
                    field=field,
                    code=f"U+{ord(character):04X}",
                ),
                field=field,
                mend=said("Type it again on one line."),
            )
    return text


def clean_address(value: str) -> str:
    """A bare address in lower case, fit for a header."""
    address = unicodedata.normalize("NFC", clean_line(value, field="to")).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(
            said("{address} is not an e-mail address.", address=repr(address[:80])),
            field="to",
            mend=said("Use the form name@example.org."),
        ) from None
    return address


def _plain(template: str, context: Mapping[str, Any]) -> str:
    """Render a text template without HTML escapes: ``O'Neill`` must not become ``O&#x27;Neill``."""
    return cast(str, get_template(template).template.render(Context(dict(context), autoescape=False))).strip()  # type: ignore[attr-defined]


def compose(kind: str, org: OrgView, context: Mapping[str, Any]) -> Letter:
    """Render ``room.name`` from ``room/mail/name.subject.txt`` and ``room/mail/name.txt`` in the frame.

    ``action_url``, ``action_label`` and ``why`` in the context become the button and the closing line.
    """
    room, _, name = kind.partition(".")
    values = {**context, "org": org}
    subject = clean_line(_plain(f"{room}/mail/{name}.subject.txt", values), field="subject")
    if len(subject) > SUBJECT_LIMIT:
        subject = subject[: SUBJECT_LIMIT - 1].rstrip() + "…"
    frame = {**values, "subject": subject, "text": _plain(f"{room}/mail/{name}.txt", values)}
    return Letter(subject, _plain("base/mail.txt", frame) + "\n", render_to_string("base/mail.html", frame))


def message(
    *, to: str, letter: Letter, message_id: str, org: OrgView | None = None
) -> EmailMultiAlternatives:
    """The MIME message. Its Message-ID is the same on every try, so that a doubled one can be told."""
    name, address = parseaddr(load().mail_from)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((clean_line(org.name, field="name") if org else name, address)),
        to=[clean_address(to)],
        reply_to=[org.email] if org and org.email else None,
        headers={"Message-ID": f"<{message_id}@{load().host}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail
