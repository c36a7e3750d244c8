"""Rules about names, addresses, slugs and roles."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from guildmark.kernel.actor import ROLES
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import Count, said
from guildmark.people.models import User
from guildmark.people.types import SCOPES

SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
RESERVED_SLUGS = frozenset({"admin", "api", "new", "o", "s", "c", "static", "verify", "well-known"})
NAME_LIMIT = 200
FIELDS = {"name": said("name"), "description": said("description")}
# Letters and signs by their class that draw nothing.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Nothing to see, or (U+FFFD) what a program puts where it could not read a letter.
UNREADABLE = frozenset("\ufeff\u200b\u2060\ufffd")
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean_name(value: str, *, field: str = "name", limit: int = NAME_LIMIT) -> str:
    """A name in NFC with single spaces; any script is welcome.

    Refuses control characters, zero-width spaces and direction overrides, which could make a signed name look
    like another one. Joiners stay: some scripts need them.
    """
    text = " ".join(unicodedata.normalize("NFC", value).split(" ")).strip()
    # What is printable throughout holds none of what is refused, but for the sign for unreadable letters.
    for character in "" if text.isprintable() and "\ufffd" not in text else text:
        if character in BIDI_CONTROLS:
            raise Invalid(
                said(
                    "The {field} holds a hidden direction mark ({code}).",
                    field=FIELDS.get(field, field),
                    code=f"U+{ord(character):04X}",
                ),
                field=field,
                mend=said("Type it again; right-to-left names need no such mark."),
            )
        if unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"} or character in UNREADABLE:
            raise Invalid(
                said(
                    "The {field} holds a character that cannot be printed ({code}).",
                    field=FIELDS.get(field, field),
                    code=f"U+{ord(character):04X}",
                ),
                field=field,
                mend=said("Type it again without pasting."),
            )
    text = " ".join(text.split())
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in BLANKS for c in text):
        raise Invalid(
            said("The {field} is empty.", field=FIELDS.get(field, field)),
            field=field,
            mend=said("Give a {field}.", field=FIELDS.get(field, field)),
        )
    if len(text) > limit:
        raise Invalid(
            said(
                "The {field} has {n} characters; the limit is {limit}.",
                field=FIELDS.get(field, field),
                n=Count(len(text)),
                limit=Count(limit),
            ),
            field=field,
            mend=said("Shorten it."),
        )
    return text


def clean_email(value: str, *, field: str = "email") -> str:
    """The address trimmed, in NFC and lower case (DECISIONS 5)."""
    address = unicodedata.normalize("NFC", value.strip()).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(
            said("{text} is not an e-mail address.", text=repr(address[:80])),
            field=field,
            mend=said("Use the form name@example.org."),
        ) from None
    if len(address) > 254:
        raise Invalid(
            said("The e-mail address is longer than 254 characters."),
            field=field,
            mend=said("Use another address."),
        )
    return address


def clean_slug(value: str) -> str:
    slug = value.strip().lower()
    if not SLUG.match(slug) or len(slug) > 60 or slug in RESERVED_SLUGS:
        raise Invalid(
            said("{text} cannot be part of an address.", text=repr(slug[:80])),
            field="slug",
            mend=said("Use up to 60 small letters, digits and single hyphens, such as northlamp-academy."),
        )
    return slug


def clean_roles(roles: object) -> list[str]:
    wanted = [str(role) for role in roles] if isinstance(roles, list | tuple | set | frozenset) else []
    unknown = sorted(set(wanted) - set(ROLES))
    if unknown or not wanted:
        raise Invalid(
            said("Unknown role {role}.", role=repr(unknown[0])) if unknown else said("No role is chosen."),
            field="roles",
            mend=said("Choose from {choices}.", choices=", ".join(ROLES)),
        )
    return [role for role in ROLES if role in wanted]


def clean_scopes(scopes: object) -> list[str]:
    wanted = [str(scope) for scope in scopes] if isinstance(scopes, list | tuple | set | frozenset) else []
    unknown = sorted(set(wanted) - set(SCOPES))
    if unknown or not wanted:
        raise Invalid(
            said("Unknown scope {scope}.", scope=repr(unknown[0]))
            if unknown
            else said("No scope is chosen."),
            field="scopes",
            mend=said("Choose from {choices}.", choices=", ".join(SCOPES)),
        )
    return [scope for scope in SCOPES if scope in wanted]


def clean_url(value: str, *, field: str = "url") -> str:
    """An http or https address, or nothing."""
    address = value.strip()
    if not address:
        return ""
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Invalid(
            said("{text} is not a web address.", text=repr(address[:80])),
            field=field,
            mend=said("Use the form https://example.org."),
        ) from None
    if len(address) > 400:
        raise Invalid(
            said("The web address is longer than 400 characters."),
            field=field,
            mend=said("Use a shorter one."),
        )
    return address


def clean_country(value: str) -> str:
    """Two letters (ISO 3166-1 alpha-2), or nothing."""
    code = value.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid(
            said("{text} is no country code.", text=repr(code[:20])),
            field="country",
            mend=said("Use two letters, such as NL."),
        )
    return code


def clean_text(value: str, *, field: str, limit: int) -> str:
    """Running text in NFC; line breaks are welcome, other control characters and direction overrides are not."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    for character in text:
        if character in BIDI_CONTROLS or (
            unicodedata.category(character) in {"Cc", "Cs", "Co"} and character not in "\n\t"
        ):
            raise Invalid(
                said(
                    "The {field} holds a hidden character ({code}).",
                    field=FIELDS.get(field, field),
                    code=f"U+{ord(character):04X}",
                ),
                field=field,
                mend=said("Type that place again without pasting."),
            )
    if len(text) > limit:
        raise Invalid(
            said(
                "The {field} has {n} characters; the limit is {limit}.",
                field=FIELDS.get(field, field),
                n=Count(len(text)),
                limit=Count(limit),
            ),
            field=field,
            mend=said("Shorten it."),
        )
    return text


def clean_password(password: str, *, email: str, name: str) -> str:
    """A password that the configured validators accept; it may not be the address or the name."""
    try:
        validate_password(password, user=User(email=email, name=name))
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password", mend="") from None
    return password
