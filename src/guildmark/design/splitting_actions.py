"""Divisions that touch more than one draft, made of the actions that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import actions, queries, splitting
from guildmark.design.types import VersionView
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.speaking import speaking, spoken
from guildmark.kernel.words import said


@transaction.atomic
def divide_standard(
    *, by: Actor, org_id: UUID, version_id: UUID, groups: Sequence[splitting.Group], revision: int | None
) -> tuple[VersionView, list[VersionView]]:
    """A draft keeps the first group; every other one becomes the first draft of an achievement of its own."""
    before = queries.version(org_id, version_id)
    contents = splitting.divide(before.standard.model_dump(mode="json"), groups)
    kept = actions.save_draft(
        by=by, org_id=org_id, version_id=version_id, content=_members(contents[0]), revision=revision
    )
    made = []
    for content in contents[1:]:
        title = content["title"] or _untitled(before.standard.language)
        new = actions.create_achievement(by=by, org_id=org_id, title=title, signal=before.standard.signal)
        members = {**_members(content), "title": title}
        made.append(
            actions.save_draft(
                by=by, org_id=org_id, version_id=new.id, content=members, revision=new.revision
            )
        )
    return kept, made


def _untitled(language: str) -> str:
    with speaking(language):
        return spoken(said("New standard"))


def _members(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in {"schema_version", "signal"}}


@transaction.atomic
def undo(
    *,
    by: Actor,
    org_id: UUID,
    version_id: UUID,
    content: Mapping[str, Any],
    revision: int,
    made: Mapping[UUID, int],
) -> VersionView:
    """Put the former content back. Drafts that the division made (``made``: id to revision) go if nobody wrote in them."""
    saved = actions.save_draft(
        by=by, org_id=org_id, version_id=version_id, content=_members(content), revision=revision
    )
    for identity, number in made.items():
        try:
            draft = queries.version(org_id, identity)
        except GuildmarkError:
            continue
        if not draft.is_published and draft.revision == number:
            actions.discard_draft(by=by, org_id=org_id, version_id=identity)
    return saved
