"""What a programme needs so that it is not neglected: one line per standard in force (PRODUCT UP1, M15).

Composed from the rooms below in a fixed number of queries; credentials and works are counted, never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from guildmark.assess.evidence import bridge_queries
from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import WaitingCounts
from guildmark.design import queries as design
from guildmark.design import tool_queries, translating
from guildmark.design.advisor import queries as advisor
from guildmark.design.languages import OWN_NAMES
from guildmark.design.tools import ToolChange
from guildmark.design.types import VersionView
from guildmark.issue import queries as issue
from guildmark.issue.types import Currency
from guildmark.kernel.clock import now

#: What ends or falls due within this time is due soon.
SOON = timedelta(days=30)
FAR = datetime.max.replace(tzinfo=UTC)
LATE, DUE, GOOD = "upkeep_late", "upkeep_soon", "upkeep_good"
ORDER = (LATE, DUE, GOOD)


@dataclass(frozen=True)
class Behind:
    """A language, by its own name, that was begun and lacks ``texts`` texts of the version in force."""

    code: str
    language: str
    texts: int


@dataclass(frozen=True)
class Line:
    """A standard in force with everything that waits for somebody. ``window_until`` is set while an older bar counts."""

    at: datetime
    version: VersionView
    tools: tuple[ToolChange, ...]
    credentials: Currency
    work: WaitingCounts
    window_until: datetime | None
    languages: tuple[Behind, ...]
    bridge_since: datetime | None
    hours: float | None
    advice_id: UUID | None

    @property
    def review_late(self) -> bool:
        return design.review_overdue(self.version, self.at)

    @property
    def review_days(self) -> int | None:
        """Whole days until the review is due, or since it was; None when none is planned."""
        due = self.version.review_due
        return abs((due.date() - self.at.date()).days) if due else None

    @property
    def looked_at(self) -> datetime | None:
        """When somebody last looked at it: the last review, else the publication."""
        return self.version.reviewed_at or self.version.published_at

    def _late(self) -> list[datetime]:
        """Since when what is late has been late."""
        found = [_begins(change.since) for change in self.tools]
        if self.review_late and self.version.review_due is not None:
            found.append(self.version.review_due)
        if self.work.overdue:
            found.append(self.at)
        return found

    def _soon(self) -> list[datetime]:
        found = [
            moment
            for moment in (self.version.review_due, self.window_until)
            if moment is not None and moment <= self.at + SOON
        ]
        if self.work.waiting or self.credentials.in_30 or self.languages:
            found.append(FAR)
        return found

    @cached_property
    def state(self) -> str:
        if self._late():
            return LATE
        return DUE if self._soon() else GOOD

    @property
    def urgency(self) -> tuple[int, datetime, datetime, str]:
        """What is late comes first, the longest late before the others; then what is due soonest."""
        first = min(self._late() or self._soon() or [FAR])
        return (
            ORDER.index(self.state),
            first,
            self.version.review_due or FAR,
            self.version.standard.title.casefold(),
        )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def lines(org_id: UUID) -> list[Line]:
    """The standards in force, the most urgent first."""
    moment = now()
    versions = design.published_achievements(org_id)
    tools = tool_queries.open_changes(org_id)
    credentials = issue.currency(org_id)
    work = evidence.waiting_counts(org_id)
    windows = design.open_windows(org_id, moment)
    languages = translating.behind(org_id, versions)
    bridges = bridge_queries.open_bridges(org_id)
    hours = advisor.upkeep_hours(org_id)
    found = []
    for version in versions:
        one = version.achievement_id
        advice_id, yearly = hours.get(one, (None, None))
        behind = tuple(
            Behind(code, OWN_NAMES.get(code, code), texts)
            for code, texts in sorted(languages.get(one, {}).items())
        )
        found.append(
            Line(
                at=moment,
                version=version,
                tools=tools.get(one, ()),
                credentials=credentials.get(one, Currency()),
                work=work.get(one, WaitingCounts()),
                window_until=windows.get(one),
                languages=behind,
                bridge_since=bridges.get(one),
                hours=yearly,
                advice_id=advice_id,
            )
        )
    return sorted(found, key=lambda line: line.urgency)
