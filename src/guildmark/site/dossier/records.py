"""What the rooms below know of a version, read once: the number of queries does not grow with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.readiness import Prediction
from guildmark.assess.evidence.types import DecidedCounts, FirstAttempts, JudgedTwice
from guildmark.design import defence, impostor, versions
from guildmark.design import queries as design
from guildmark.design.advisor import queries as advisor
from guildmark.design.advisor.queries import AdviceView
from guildmark.design.lowering import RequestView
from guildmark.design.types import HistoryEntry, PublicationFacts, VersionView
from guildmark.issue import queries as issue
from guildmark.kernel import standards_log
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.standards_log import LogEntry
from guildmark.kernel.words import said
from guildmark.people import queries as people
from guildmark.people.types import OrgView


@dataclass(frozen=True)
class Records:
    """Everything that a dossier is made of. ``versions`` are all published ones, newest number first.

    ``labels`` says how each member is called, ``log`` has the entries of the log of standards by version number, ``kept`` what
    was kept on the day of publication.
    """

    at: datetime
    org: OrgView
    version: VersionView
    versions: tuple[VersionView, ...]
    intact: bool
    labels: dict[UUID, str]
    begun_by: UUID | None
    requests: tuple[RequestView, ...]
    history: tuple[HistoryEntry, ...]
    advice: AdviceView | None
    meter: impostor.Report | None
    decided: DecidedCounts
    first: FirstAttempts
    twice: JudgedTwice
    readiness: Prediction
    holders: int
    log: dict[str, LogEntry]
    kept: PublicationFacts | None

    def label(self, person: UUID | None) -> str:
        """What a person is called in the studio."""
        if person is None:
            return said("no person: an API key or the command line")
        return self.labels.get(person, people.FORMER)

    def publisher(self, version: VersionView) -> str:
        """Who published a version, as its history has it."""
        rows = (one.by for one in self.history if (one.number, one.action) == (version.number, "published"))
        return next(rows, self.label(version.published_by))


def gather(org: OrgView, slug: str, number: str) -> Records:
    """The records of a published version of the organisation; NotFound for anything else."""
    org_id = org.id
    achievement = design.achievement_by_slug(org_id, slug)
    every = [view for view in design.versions_of(org_id, achievement.id) if view.is_published]
    version = next((view for view in every if view.number == number), None)
    if version is None:
        raise NotFound(
            said("There is no such published version of this standard."),
            mend=said("A dossier defends what is published; name one of its versions."),
        )
    judged = version.standard.signal != "completion"
    labels = people.member_labels(org_id)
    return Records(
        at=now(),
        org=org,
        version=version,
        versions=tuple(every),
        intact=versions.hash_of(version.core) == version.core_hash,
        labels=labels,
        begun_by=defence.begun_by(org_id, version.id),
        requests=tuple(defence.requests_of(org_id, version.id)),
        history=tuple(design.history(org_id, achievement.id, labels)),
        advice=advisor.of_achievement(org_id, achievement.id),
        meter=impostor.report(version.standard, design.rules(org_id), suggest=False) if judged else None,
        decided=evidence.decided_counts(org_id, version.id),
        first=evidence.first_attempt_counts(org_id, version.id),
        twice=evidence.judged_twice_counts(org_id, version.id),
        readiness=evidence.readiness_and_passing(org_id, [achievement.id])[achievement.id],
        holders=issue.holders(org_id, [version.id]),
        log=standards_log.entries_of(slug),
        kept=design.publication_record(version),
    )
