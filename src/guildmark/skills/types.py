"""What other rooms see of frameworks and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FrameworkView:
    """A framework in one language. ``state`` is imported, current or withdrawn.

    ``skills`` counts its current skills, ``others`` its current groups, areas, levels and glossary entries.
    """

    id: UUID
    org_id: UUID
    uri: str
    language: str
    format: str
    title: str
    publisher: str
    version: str
    description: str
    licence: str
    licence_url: str
    attribution: str
    url: str
    state: str
    source_name: str
    source_sha256: str
    content_sha256: str
    skills: int
    others: int
    withdrawn_skills: int
    imported_at: datetime
    imported_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class SkillView:
    """A skill. ``requirement`` is essential or optional where the framework says so.

    ``name``, ``uri``, ``code`` and ``framework_title`` are what an alignment carries.
    """

    id: UUID
    org_id: UUID
    framework_id: UUID
    framework_title: str
    uri: str
    code: str
    name: str
    description: str
    alternatives: tuple[str, ...]
    keywords: tuple[str, ...]
    kind: str
    level: str
    language: str
    requirement: str
    state: str
    changed_at: datetime
    withdrawn_at: datetime | None
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """What belongs to its group counts as required unless the framework calls it optional."""
        return self.requirement != "optional"


@dataclass(frozen=True)
class Match:
    """A skill that a search found: its place, its score (0 to 1 within one search) and the words that led to it."""

    skill: SkillView
    rank: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class TieView:
    """A relation of a skill other than to what contains it. ``skill`` is empty where it leads elsewhere."""

    kind: str
    uri: str
    skill: SkillView | None
    outgoing: bool


@dataclass(frozen=True)
class Surroundings:
    """What stands around a skill in its framework."""

    parents: list[SkillView]
    children: list[SkillView]
    siblings: list[SkillView]
    ties: list[TieView]


@dataclass(frozen=True)
class FindingView:
    """What an import noticed. ``severity`` is error (the row was left out), warning or note."""

    severity: str
    row: str
    field: str
    message: str
    mend: str


@dataclass(frozen=True)
class ImportView:
    """One upload. ``state`` is queued, running, done or failed; ``done`` of ``total`` counts within ``stage``.

    ``counts`` has added, changed, unchanged, withdrawn and restored; ``found`` counts findings by severity, of
    which ``findings`` are the ones that were written down.
    """

    id: UUID
    org_id: UUID
    filename: str
    size: int
    sha256: str
    format: str
    state: str
    stage: str
    done: int
    total: int
    counts: Mapping[str, int]
    framework_ids: tuple[UUID, ...]
    findings: tuple[FindingView, ...]
    found: Mapping[str, int]
    error: str
    made_by: str
    created_at: datetime
    done_at: datetime | None

    @property
    def moves(self) -> bool:
        return self.state in {"queued", "running"}


@dataclass(frozen=True)
class ExportFile:
    """A framework as a file for others: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes
