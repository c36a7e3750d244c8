"""The stored rows behind every write of a standard: locked, at the revision that the writer saw, and recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guildmark.design import queries
from guildmark.design.models import AchievementVersion
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.words import said
from guildmark.people import queries as people


def require_designer(by: Actor, org_id: UUID) -> None:
    by.require(org_id, "designer")


def locked_version(org_id: UUID, version_id: UUID) -> AchievementVersion:
    """The row, locked for this transaction."""
    rows = (
        AchievementVersion.objects.for_org(org_id)
        .select_related("achievement")
        .select_for_update(of=("self",))
    )
    row = rows.filter(id=version_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    return row


def locked_draft(org_id: UUID, version_id: UUID) -> AchievementVersion:
    row = locked_version(org_id, version_id)
    if row.state != "draft":
        raise Conflict(
            said("Version {number} is published and never changes.", number=queries.number_text(row)),
            mend=said("Start a new version; holders keep the one they earned."),
        )
    return row


def ensure_revision(row: AchievementVersion, revision: int | None) -> None:
    """Refuse a save that was based on an older state of the draft, and say who saved in between."""
    if revision is None or revision == row.revision:
        return
    who = people.member_label(row.org_id, row.saved_by) if row.saved_by else said("an API key or Guildmark")
    raise Conflict(
        said(
            "This draft was saved by {who} at {time} UTC, after you opened it "
            "(you had revision {yours}, it is now {current}).",
            who=who,
            time=f"{row.saved_at:%H:%M}",
            yours=str(revision),
            current=str(row.revision),
        ),
        field="revision",
        mend=said(
            "What you typed is still here. Compare it with the stored draft in a second "
            "window; saving again replaces that."
        ),
    )


def saved_by(by: Actor) -> UUID | None:
    return by.id if by.kind == "user" else None


def record(by: Actor, row: AchievementVersion, action: str, **data: Any) -> None:
    audit.record(
        org_id=row.org_id,
        by=by,
        action=action,
        subject_type="achievement",
        subject_id=row.achievement_id,
        data={"version": str(row.id), "number": queries.number_text(row), **data},
    )


def emit(row: AchievementVersion, kind: str, **data: Any) -> None:
    payload = {
        "achievement": str(row.achievement_id),
        "version": str(row.id),
        "number": queries.number_text(row),
    }
    outbox.emit(row.org_id, kind, {**payload, **data})
