"""Reads for whoever has to defend a version: who began it, and who was asked to call its edits clarifying."""

from __future__ import annotations

from uuid import UUID

from guildmark.design import lowering
from guildmark.design.lowering import RequestView
from guildmark.design.models import AchievementVersion, ClassRequest


def begun_by(org_id: UUID, version_id: UUID) -> UUID | None:
    """Who opened the draft that became a version; None when no person did."""
    rows = AchievementVersion.objects.for_org(org_id).filter(id=version_id)
    return rows.values_list("created_by", flat=True).first()


def requests_of(org_id: UUID, version_id: UUID) -> list[RequestView]:
    """Every request to call edits of this version clarifying that somebody answered, the oldest first."""
    rows = ClassRequest.objects.for_org(org_id).select_related("version__achievement")
    answered = rows.filter(version_id=version_id).exclude(answered_by=None)
    return [lowering.request_view(row) for row in answered.order_by("asked_at", "id")]
