"""Awards: from a decision, tried again, declined."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import DecisionView
from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.issue import policies, queries, signing
from guildmark.issue.actions.planning import plan
from guildmark.issue.models import Award
from guildmark.issue.types import AwardView
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.states import state_word
from guildmark.kernel.words import said
from guildmark.people import queries as people


def _existing(org_id: UUID, decision_id: UUID) -> Award | None:
    return Award.objects.for_org(org_id).filter(decision_id=decision_id, supersedes=None).first()


def award_for_decision(
    *, by: Actor, org_id: UUID, decision_id: UUID, valid_from: datetime | None = None
) -> AwardView:
    """Plan the credential of a passed decision; asking again gives the same award.

    Conflict when the design gate refuses (IS6); the refusal is kept as a declined award and in the audit.
    """
    by.require(org_id, *policies.ISSUERS)
    found = _existing(org_id, decision_id)
    if found is None:
        decision = evidence.decision(org_id, decision_id)
        version = design.version(org_id, decision.version_id)
        try:
            policies.gate(version, decision)
        except Conflict as refusal:
            _keep_refusal(by, decision, version, str(refusal))
            raise
        learner = people.learner(org_id, decision.learner_id)
        key = f"decision:{decision_id}"
        try:
            with transaction.atomic():
                found = plan(
                    by=by,
                    version=version,
                    learner=learner,
                    award_key=key,
                    decision_id=decision_id,
                    valid_from=valid_from,
                    valid_until=policies.end_of_carried(version, decision, valid_from or now()),
                )
        except IntegrityError:
            found = _existing(org_id, decision_id)
            if found is None:
                raise
    if found.state == "declined":
        raise Conflict(found.error or "This award was declined.")
    return queries.award_view(found)


def _keep_refusal(by: Actor, decision: DecisionView, version: VersionView, words: str) -> None:
    """A decision that did not pass is no award at all; any other refusal stays visible."""
    if decision.outcome != "passed":
        return
    learner = people.learner(decision.org_id, decision.learner_id)
    try:
        with transaction.atomic():
            award = Award.objects.create(
                org_id=decision.org_id,
                decision_id=decision.id,
                version_id=version.id,
                achievement_id=version.achievement_id,
                learner_id=learner.id,
                award_key=f"decision:{decision.id}",
                signal=version.standard.signal,
                title=version.standard.title,
                state="declined",
                error=words,
                created_at=now(),
                public_id=uuid4(),
                holder_name=learner.name,
                holder_email=learner.email,
                salt=secrets.token_hex(16),
                valid_from=now(),
            )
            audit.record(
                org_id=decision.org_id,
                by=by,
                action="issue.award_refused",
                subject_type="award",
                subject_id=award.id,
                data={"decision": str(decision.id), "version": str(version.id)},
            )
    except IntegrityError:
        return


def _open_award(org_id: UUID, award_id: UUID) -> Award:
    award = Award.objects.for_org(org_id).select_for_update().filter(id=award_id).first()
    if award is None:
        raise NotFound(said("There is no such award."))
    if award.state != "approved":
        raise Conflict(said("This award is {state} already.", state=state_word(award.state)))
    return award


@transaction.atomic
def retry_award(*, by: Actor, org_id: UUID, award_id: UUID) -> AwardView:
    """Sign an award again that failed. Name and address are read anew: they may be what was mended."""
    by.require(org_id, *policies.ISSUERS)
    award = _open_award(org_id, award_id)
    learner = people.learner(org_id, award.learner_id)
    award.error, award.holder_name, award.holder_email = "", learner.name, learner.email
    award.chunk_id = None
    award.save(update_fields=["error", "holder_name", "holder_email", "chunk_id"])
    audit.record(
        org_id=org_id, by=by, action="issue.award_retried", subject_type="award", subject_id=award_id
    )
    signing.request_signature(award, attempt=now().isoformat())
    return queries.award_view(award)


@transaction.atomic
def decline_award(*, by: Actor, org_id: UUID, award_id: UUID, reason: str) -> AwardView:
    """Give no credential for an award that waits."""
    by.require(org_id, *policies.ISSUERS)
    award = _open_award(org_id, award_id)
    signing.decline(award, policies.clean_reason(reason), by=by)
    return queries.award_view(award)
