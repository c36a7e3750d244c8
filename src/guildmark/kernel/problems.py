"""One tree of errors. Actions raise them; the edge renders them once, as problem+json (RFC 9457) or a page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from guildmark.kernel.words import said, strung


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field: its name, the reason, and what to do about it."""

    field: str
    detail: str
    mend: str = ""


@dataclass(eq=False)
class GuildmarkError(Exception):
    """Base of every error a person may see.

    ``detail`` says what is wrong, ``mend`` what to do, ``field`` where; ``errors`` lists several fields at once.
    """

    detail: str
    mend: str = ""
    field: str = ""
    errors: list[FieldProblem] = dataclasses.field(default_factory=list)
    status = 400
    code = "bad-request"
    #: Of the class and no field, or every error would have the one of this class.
    title: ClassVar[str] = said("This request cannot be used")

    def __str__(self) -> str:
        return " ".join(part for part in (self.detail, self.mend) if part)

    def in_words(self) -> str:
        """What is wrong and what to do, as one text that a page can say in its language."""
        return strung(" ", [part for part in (self.detail, self.mend) if part])

    def all_errors(self) -> list[FieldProblem]:
        if self.errors:
            return self.errors
        return [FieldProblem(self.field, self.detail, self.mend)] if self.field else []

    def as_problem(self, *, instance: str = "", request_id: str = "") -> dict[str, Any]:
        """The problem document: type, title, status, detail, and our members mend, errors, requestId."""
        document: dict[str, Any] = {
            "type": f"urn:guildmark:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.mend:
            document["mend"] = self.mend
        if instance:
            document["instance"] = instance
        if request_id:
            document["requestId"] = request_id
        errors = self.all_errors()
        if errors:
            document["errors"] = [{"field": e.field, "detail": e.detail, "mend": e.mend} for e in errors]
        return document


class Invalid(GuildmarkError):
    status, code, title = 422, "invalid", said("Some of what was given cannot be used")


class Unauthenticated(GuildmarkError):
    status, code, title = 401, "unauthenticated", said("Sign in first")


class Forbidden(GuildmarkError):
    status, code, title = 403, "forbidden", said("This is not yours to do")


class NotFound(GuildmarkError):
    status, code, title = 404, "not-found", said("Nothing is here")


class NotAllowed(GuildmarkError):
    status, code, title = 405, "method-not-allowed", said("This cannot be done at this address")


class Conflict(GuildmarkError):
    status, code, title = 409, "conflict", said("This no longer fits what is stored")


class Gone(GuildmarkError):
    status, code, title = 410, "gone", said("This has ended")


class LengthRequired(GuildmarkError):
    status, code, title = 411, "length-required", said("The length of the request is missing")


class TooLarge(GuildmarkError):
    status, code, title = 413, "too-large", said("This is too large")


class UnsupportedMedia(GuildmarkError):
    status, code, title = 415, "unsupported-media", said("This kind of file cannot be used")


class RateLimited(GuildmarkError):
    status, code, title = 429, "rate-limited", said("Too many tries")
    retry_after: int = 60


class Unavailable(GuildmarkError):
    status, code, title = 503, "unavailable", said("Not possible at the moment")


class Fault(GuildmarkError):
    status, code, title = 500, "fault", said("A fault on our side")

    def __init__(self) -> None:
        super().__init__(
            said("Something failed on our side."),
            mend=said("Try again; if it stays, give us the request id."),
        )
