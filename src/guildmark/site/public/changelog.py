"""The changelog of a standard: every published version with its dates, its note and the record of a lowered class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildmark.design import comparing
from guildmark.design import queries as design


@dataclass(frozen=True)
class ChangelogRow:
    """One version in the changelog: ``before`` is the number it followed, ``low`` the record of a lowered class."""

    slug: str
    number: str
    state: str
    update_note: str
    published_at: datetime | None
    effective_at: datetime | None
    transition_until: datetime | None
    before: str
    low: dict[str, Any] | None


def changelog(slug: str) -> list[ChangelogRow]:
    """Every published version, newest first; none for a standard that has only a draft."""
    found = design.public_versions(slug)
    numbers = [*[view.number for view in found][1:], ""][: len(found)]
    return [
        ChangelogRow(
            v.slug,
            v.number,
            v.state,
            v.update_note,
            v.published_at,
            v.effective_at,
            v.transition_until,
            before,
            comparing.in_words(low) if (low := design.lowering_record(v)) else None,
        )
        for v, before in zip(found, numbers, strict=True)
    ]
