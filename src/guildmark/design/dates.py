"""When a version comes into force, and how long learners may go on under the one before it (PRODUCT UP5, C9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from guildmark.design import queries
from guildmark.design.models import AchievementVersion
from guildmark.design.types import Forces
from guildmark.kernel.clock import add_months, now
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import padded_day, said, said_in

#: How far ahead a version may be announced, and how long a window may stay open after that.
AHEAD_MONTHS = 24
WINDOW_MONTHS = 36


def chosen(
    org_id: UUID,
    forces: Forces,
    base: AchievementVersion | None,
    effective_at: datetime | None,
    transition_until: datetime | None,
) -> tuple[datetime, datetime | None]:
    """Both moments of a version about to be published, checked; what was not given has its default.

    Only a major version that follows another one has them: at once and the days of the organisation's rules by default.
    """
    moment = now()
    if base is None or forces != "major":
        for name, given in (("effective_at", effective_at), ("transition_until", transition_until)):
            if given is not None and given > moment:
                raise Invalid(
                    said("Only a major version that follows another one comes into force later."),
                    field=name,
                    mend=said("Leave the date out."),
                )
        return moment, None
    begins = max(effective_at or moment, moment)
    if effective_at is not None and effective_at < moment - timedelta(days=1):
        raise Invalid(
            said("{day} has passed.", day=padded_day(effective_at)),
            field="effective_at",
            mend=said("Choose today or a later day; nobody can be judged by a bar that was not public."),
        )
    if begins > add_months(moment, AHEAD_MONTHS):
        raise Invalid(
            said("That is more than two years ahead."),
            field="effective_at",
            mend=said("Choose a nearer day."),
        )
    days = queries.rules(org_id).transition_days
    ends = transition_until or begins + timedelta(days=days)
    if ends < begins:
        raise Invalid(
            said("The window would end before the version comes into force."),
            field="transition_until",
            mend=said("Choose {day} or a later day.", day=padded_day(begins)),
        )
    # An organisation whose rules give more than that has decided so for all of its standards.
    if ends > max(add_months(begins, WINDOW_MONTHS), begins + timedelta(days=days)):
        raise Invalid(
            said("That window is longer than three years."),
            field="transition_until",
            mend=said_in("window", "Shorten it."),
        )
    return begins, ends


def end_earlier(row: AchievementVersion, effective_at: datetime) -> None:
    """Let every earlier version end when this one comes into force, unless it ends before that."""
    earlier = AchievementVersion.objects.for_org(row.org_id).filter(achievement_id=row.achievement_id)
    for one in earlier.exclude(state="draft").exclude(id=row.id):
        if one.superseded_at is None or one.superseded_at > effective_at:
            one.superseded_at = effective_at
            one.save(update_fields=["superseded_at"])
