"""Words and shapes of relations between standards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guildmark.design.types import Signal
from guildmark.kernel.words import said

Role = Literal["specialization", "refresher", "tool-update", "part"]


@dataclass(frozen=True)
class RoleOf:
    """A role in words: its name, and what the layer does for its base."""

    label: str
    about: str


ROLES: dict[str, RoleOf] = {
    "specialization": RoleOf(
        said("Specialization"), said("Goes deeper into one part of what the base shows.")
    ),
    "refresher": RoleOf(said("Refresher"), said("Shows that what the base showed still holds.")),
    "tool-update": RoleOf(said("Tool update"), said("Shows the same skill on a newer version of the tool.")),
    "part": RoleOf(said("Part of the stack"), said("One of the standards that the base packages.")),
}


@dataclass(frozen=True)
class Side:
    """One standard as a relation shows it. ``number`` and ``version_id`` are the version in force (empty, None: there is
    none); ``public`` once any was published.
    """

    achievement_id: UUID
    slug: str
    title: str
    signal: Signal
    number: str
    public: bool
    version_id: UUID | None = None
    archived: bool = False


@dataclass(frozen=True)
class Relation:
    """``child`` rests on ``base``, or is a part of it. ``announced``: the base may be named before it is published.

    ``record`` says from which versions the base was put together; empty for one that was not promoted from a stack.
    """

    id: UUID
    role: str
    announced: bool
    child: Side
    base: Side
    created_at: datetime
    created_by: UUID | None = None
    record: tuple[dict[str, Any], ...] = field(default=(), compare=False, repr=False)

    @property
    def label(self) -> str:
        return ROLES[self.role].label

    @property
    def about(self) -> str:
        return ROLES[self.role].about

    @property
    def names_base(self) -> bool:
        """Whether a public page may say what the base is called."""
        return self.base.public or self.announced


@dataclass(frozen=True)
class Ties:
    """The relations of one standard: what it rests on or belongs to, what rests on it, what it is made of."""

    bases: tuple[Relation, ...] = ()
    layers: tuple[Relation, ...] = ()
    parts: tuple[Relation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bases or self.layers or self.parts)


@dataclass(frozen=True)
class Node:
    """A place on the map: what rests on it stands above, what it is made of below.

    ``again``: it was drawn before, and its own layers and parts stand there.
    """

    side: Side
    role: str = ""
    above: tuple[Node, ...] = field(default=())
    below: tuple[Node, ...] = field(default=())
    again: bool = False

    @property
    def label(self) -> str:
        return ROLES[self.role].label if self.role else ""
