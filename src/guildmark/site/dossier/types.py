"""The shape of a dossier. Sentences of ours are ``Said`` and can be spoken; what an author typed stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from guildmark.kernel.words import numbered, said

State = Literal["shown", "empty", "not_asked"]


@dataclass(frozen=True)
class Gap:
    """Something of which there is no record: ``missing`` says what, ``do`` what to do so that there is one."""

    missing: str
    do: str


@dataclass(frozen=True)
class Section:
    """One mandatory section. ``state`` is empty where nothing is recorded for it; then its only gap says what to do.

    ``not_asked`` are the sections that a completion record has no use for: they count neither way. ``content`` has
    JSON values, moments and sentences.
    """

    key: str
    title: str
    about: str
    content: dict[str, Any] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    state: State = "shown"

    @property
    def template(self) -> str:
        return f"site/dossier/_{self.key}.html"


@dataclass(frozen=True)
class Dossier:
    """A version with its sections. It is complete when no section that is asked for is empty."""

    slug: str
    number: str
    title: str
    claim: str
    organisation: str
    language: str
    state: str
    core_hash: str
    intact: bool
    published_at: datetime | None
    made_at: datetime
    url: str
    sections: tuple[Section, ...]

    @property
    def asked(self) -> tuple[Section, ...]:
        return tuple(one for one in self.sections if one.state != "not_asked")

    @property
    def empty(self) -> tuple[Section, ...]:
        return tuple(one for one in self.sections if one.state == "empty")

    @property
    def complete(self) -> bool:
        return not self.empty

    @property
    def summary(self) -> str:
        """How many sections have nothing to show, as a sentence."""
        if self.complete:
            return said(
                "Each of the {total} mandatory sections has something to show.", total=len(self.asked)
            )
        return numbered(
            "{n} of {total} sections has nothing to show.",
            "{n} of {total} sections have nothing to show.",
            n=len(self.empty),
            total=len(self.asked),
        )
