"""Correction: a new credential takes the place of the old one; nothing is overwritten (IS7, DECISIONS 10)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from guildmark.design import queries as design
from guildmark.issue import history, policies, queries
from guildmark.issue.actions.lifecycle import locked
from guildmark.issue.actions.planning import plan
from guildmark.issue.models import Award
from guildmark.issue.states import CREDENTIAL
from guildmark.issue.types import AwardView
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.words import said
from guildmark.people import actions as people_actions
from guildmark.people import queries as people


@transaction.atomic
def correct(
    *,
    by: Actor,
    org_id: UUID,
    public_id: UUID,
    reason: str,
    name: str | None = None,
    email: str | None = None,
    include_name: bool | None = None,
    completed_on: date | None = None,
) -> AwardView:
    """Plan the corrected credential. The old one is revoked, with a record, when the new one is stored.

    Corrects the learner's record too. Results and evidence come from the decision and stay.
    Conflict when the credential is revoked or a correction is under way.
    """
    by.require(org_id, *policies.ISSUERS)
    words = policies.clean_reason(reason)
    old = locked(org_id, public_id)
    CREDENTIAL.check(old.state, "revoked")
    under_way = Award.objects.for_org(org_id).filter(supersedes=public_id).exclude(state="declined")
    if under_way.exists():
        raise Conflict(
            said("A correction of this credential is under way."), mend=said("Wait until it is signed.")
        )
    before = old.award
    present = people.learner(org_id, old.learner_id)
    learner = people_actions.change_learner(
        by=by,
        org_id=org_id,
        learner_id=present.id,
        name=present.name if name is None else name,
        email=present.email if email is None else email,
    )
    named = before.include_name if include_name is None else include_name
    day = completed_on or before.completed_on
    told = (before.holder_name, before.holder_email, before.include_name, before.completed_on)
    if told == (learner.name, learner.email, named, day):
        raise Invalid(
            said("Nothing is changed."),
            field="name",
            mend=said("Change what is wrong, or leave the credential."),
        )
    award = plan(
        by=by,
        version=design.version(org_id, old.version_id),
        learner=learner,
        award_key=f"correction:{public_id}",
        decision_id=before.decision_id,
        valid_from=old.valid_from,
        valid_until=old.valid_until,
        completed_on=day,
        include_name=named,
        supersedes=public_id,
        correction_reason=words,
    )
    history.record(old, "correction_begun", by=by, reason=words)
    return queries.award_view(award)
