"""Who calls an operation on standards, and the draft that it is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from guildmark.design import queries
from guildmark.design.types import VersionView
from guildmark.kernel.problems import Conflict


def caller(request: HttpRequest) -> dict[str, Any]:
    """The actor and the organisation of the key, as the actions take them."""
    return {"by": request.actor, "org_id": request.org_id}  # type: ignore[attr-defined]


def open_draft(request: HttpRequest, slug: str) -> VersionView:
    """The draft; Conflict where every version is published, which never changes."""
    org_id: UUID = request.org_id  # type: ignore[attr-defined]
    standard = queries.achievement_by_slug(org_id, slug)
    if standard.draft_id is None:
        number = standard.published_number or queries.versions_of(org_id, standard.id)[0].number
        raise Conflict(
            f"Version {number} is published and never changes; there is no draft.",
            mend="Open a draft of the next version first: POST to its draft address.",
        )
    return queries.draft(org_id, slug)
