"""What public pages say of relations: the base that a layer sits on, the layers of a base, what holders of a part have
shown of the whole, and the map of an issuer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guildmark.design.stacks import proposing
from guildmark.design.stacks import queries as stacks
from guildmark.design.stacks.drawing import forest


def context(org_id: UUID, achievement_id: UUID, version_id: UUID) -> dict[str, Any]:
    """``ties`` of a standard and ``statements`` of a version, as far as strangers may read them; one query where there
    are none.
    """
    ties = stacks.public_ties(org_id, achievement_id)
    return {
        "ties": ties,
        "statements": proposing.public_statements(org_id, version_id, ties) if ties else [],
        "planned": proposing.planned(version_id, ties),
    }


def map_context(org_id: UUID) -> dict[str, Any]:
    """``map``: the published standards of an issuer that belong together."""
    return {"map": forest(stacks.public_relations(org_id))}
