"""Completion records from a list of names: the only class that a list can issue (IS6, DECISIONS 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.issue import policies
from guildmark.issue.actions.planning import plan
from guildmark.issue.models import Award
from guildmark.issue.types import CompletionReport, CompletionResult, CompletionRow
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import GuildmarkError, Invalid
from guildmark.kernel.words import Count, said
from guildmark.people import actions as people

MAX_ROWS = 1000


def issue_completion_records(
    *,
    by: Actor,
    org_id: UUID,
    version_id: UUID,
    rows: Sequence[CompletionRow],
    dry_run: bool = False,
    valid_from: datetime | None = None,
) -> CompletionReport:
    """Record a completion for every line that can be used; the others come back with their reasons.

    A learner has one record per version, however often the list is sent. Nothing is written by a dry run.
    Conflict for a standard of any other class: a list of names cannot issue it.
    """
    by.require(org_id, *policies.ISSUERS)
    version = design.version(org_id, version_id)
    policies.ensure_issued_by_list(version)
    if not rows:
        raise Invalid(
            said("The list is empty."),
            field="rows",
            mend=said("Give at least one line with name, email and date."),
        )
    if len(rows) > MAX_ROWS:
        raise Invalid(
            said("The list has {n} lines; the limit is {most}.", n=Count(len(rows)), most=Count(MAX_ROWS)),
            field="rows",
            mend=said("Split the list."),
        )
    with transaction.atomic():
        results = tuple(_one(by, version, line, row, valid_from) for line, row in enumerate(rows, start=1))
        if dry_run:
            transaction.set_rollback(True)
    return CompletionReport(dry_run, results)


def _one(
    by: Actor, version: VersionView, line: int, row: CompletionRow, valid_from: datetime | None
) -> CompletionResult:
    try:
        with transaction.atomic():
            day = policies.completion_day(row.date)
            learner = people.ensure_learner(by=by, org_id=version.org_id, email=row.email, name=row.name)
            known = Award.objects.for_org(version.org_id).filter(
                version_id=version.id, learner_id=learner.id, award_key="completion"
            )
            found = known.first()
            if found is not None:
                return CompletionResult(
                    line,
                    learner.name,
                    learner.email,
                    "known",
                    "This learner has the record already.",
                    found.id,
                )
            award = plan(
                by=by,
                version=version,
                learner=learner,
                award_key="completion",
                completed_on=day,
                valid_from=valid_from,
            )
    except GuildmarkError as error:
        return CompletionResult(line, row.name[:200], row.email[:254], "refused", str(error))
    same = " ".join(row.name.split()) == learner.name
    note = "" if same else f"This learner is on record as {learner.name}; that name is used."
    return CompletionResult(line, learner.name, learner.email, "new", note, award.id)
