"""What public pages say of relations: the base that a layer sits on, the layers of a base, and the map of an issuer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guildmark.design.stacks import queries as stacks
from guildmark.design.stacks.drawing import forest


def context(org_id: UUID, achievement_id: UUID) -> dict[str, Any]:
    """``ties`` of a standard, as far as strangers may read them; one query where there are none."""
    return {"ties": stacks.public_ties(org_id, achievement_id)}


def map_context(org_id: UUID) -> dict[str, Any]:
    """``map``: the published standards of an issuer that belong together."""
    return {"map": forest(stacks.public_relations(org_id))}
