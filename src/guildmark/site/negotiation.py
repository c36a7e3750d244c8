"""Which form of a thing a caller asks for (DECISIONS 4)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

CREDENTIAL_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")


def accepted(request: HttpRequest) -> dict[str, float]:
    """Media types of the Accept header with their quality; an unreadable quality counts as 1."""
    return read_accept(request.headers.get("Accept", ""))


def read_accept(text: str) -> dict[str, float]:
    """The same of the text of such a header."""
    found: dict[str, float] = {}
    for part in text.split(","):
        name, *parameters = part.strip().split(";")
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.strip().partition("=")
            if key == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 1.0
        if name.strip():
            found[name.strip().lower()] = quality
    return found


def wants_document(request: HttpRequest) -> bool:
    """True when any JSON type is listed; absent Accept, ``*/*`` and HTML alone mean the page."""
    return wants_document_of(accepted(request))


def wants_document_of(names: Mapping[str, float]) -> bool:
    """The same of media types with their quality."""
    return any(quality > 0 and (name.endswith(("/json", "+json")) or name == "application/vc")
               for name, quality in names.items())  # fmt: skip


def credential_type(request: HttpRequest) -> str:
    """``application/vc`` when it is asked for by name and the older name is not; else the default type."""
    return credential_type_of(accepted(request))


def credential_type_of(names: Mapping[str, float]) -> str:
    """The same of media types with their quality."""
    if names.get("application/vc", 0) > 0 and "application/vc+ld+json" not in names:
        return "application/vc"
    return "application/vc+ld+json"
