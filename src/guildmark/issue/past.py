"""What a credential was on another day, from its history (PRODUCT UP10). "Current" is always relative to a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from guildmark.design import queries as design
from guildmark.issue import queries
from guildmark.issue.models import CredentialEvent
from guildmark.issue.types import CredentialView
from guildmark.kernel.clock import now

#: The events that move a credential from one state to another, and the word that each leads to.
STATES = {
    "issued": "valid",
    "reinstated": "valid",
    "suspended": "suspended",
    "revoked": "revoked",
    "superseded": "superseded",
}


@dataclass(frozen=True)
class Past:
    """How a credential stood at the end of ``day`` (UTC).

    ``verdict`` is a word of CONTRACTS 1, or ``not_issued``. ``since`` is when it came into that state; ``changes`` are
    the moments and words of what changed on that very day. ``in_force`` is the number of the version of the standard
    that was in force then, empty where none was. ``ahead`` says that the day lies in the future: then it is what holds
    if nothing happens until then.
    """

    day: date
    verdict: str
    since: datetime | None
    changes: tuple[tuple[datetime, str], ...]
    earned_on: str
    in_force: str
    ahead: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "verdict": self.verdict,
            "since": self.since.isoformat() if self.since else None,
            "changesOnThatDay": [{"at": at.isoformat(), "to": word} for at, word in self.changes],
            "earnedOn": self.earned_on,
            "inForce": self.in_force or None,
            "ahead": self.ahead,
        }


def on(view: CredentialView, day: date) -> Past:
    """The state at the end of ``day``: the last event until then, and the period of validity."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    end = start + timedelta(days=1) - timedelta(microseconds=1)
    rows = CredentialEvent.objects.for_org(view.org_id).filter(
        public_id=view.public_id, kind__in=list(STATES)
    )
    moves = [(row.at, STATES[row.kind]) for row in rows.order_by("at", "id")]
    edges = [(view.valid_from, "valid")]
    if view.valid_until:
        edges.append((view.valid_until, "expired"))
    word, since = _standing(view, moves, end)
    version = design.version(view.org_id, view.version_id)
    return Past(
        day=day,
        verdict=word,
        since=since,
        changes=_changes(view, moves, edges, start, end),
        earned_on=version.number,
        in_force=next(
            (
                one.number
                for one in design.public_versions(version.slug)
                if one.effective_at
                and one.effective_at <= end
                and (one.superseded_at is None or one.superseded_at > end)
            ),
            "",
        ),
        ahead=end > now(),
    )


def _standing(
    view: CredentialView, moves: list[tuple[datetime, str]], moment: datetime
) -> tuple[str, datetime | None]:
    """The word and since when, at a moment."""
    before = [move for move in moves if move[0] <= moment]
    if not before:
        return "not_issued", None
    at, word = before[-1]
    if word != "valid":
        return word, at
    ended = queries.end_of(view, moment)
    if ended == "expired":
        return ended, view.valid_until
    return (ended, None) if ended != "valid" else ("valid", max(at, view.valid_from))


def _changes(
    view: CredentialView,
    moves: list[tuple[datetime, str]],
    edges: list[tuple[datetime, str]],
    start: datetime,
    end: datetime,
) -> tuple[tuple[datetime, str], ...]:
    """What became another word on that day, moment by moment."""
    moments = sorted({at for at, _ in [*moves, *edges] if start <= at <= end})
    word, found = _standing(view, moves, start - timedelta(microseconds=1))[0], []
    for at in moments:
        # A period ends after its last moment.
        following = _standing(view, moves, at + timedelta(microseconds=1))[0]
        if following != word:
            found.append((at, following))
            word = following
    return tuple(found)
