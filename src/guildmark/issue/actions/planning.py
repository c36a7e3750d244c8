"""Planning an award: whatever the document will say is fixed here, in one transaction."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from uuid import UUID, uuid4

from guildmark.design.types import VersionView
from guildmark.issue import policies, signing, statuses
from guildmark.issue.models import Award
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.keys import actions as keys
from guildmark.people.types import LearnerView


def plan(
    *,
    by: Actor,
    version: VersionView,
    learner: LearnerView,
    award_key: str,
    decision_id: UUID | None = None,
    valid_from: datetime | None = None,
    completed_on: date | None = None,
    include_name: bool = True,
    supersedes: UUID | None = None,
    correction_reason: str = "",
    valid_until: datetime | None = None,
) -> Award:
    """A new approved award and the task that signs it. IntegrityError when the same award is there already.

    ``valid_until`` overrides the period of the standard: a correction ends when the corrected one would have.
    """
    moment = now().replace(microsecond=0)
    start = (valid_from or moment).replace(microsecond=0)
    months = version.standard.validity_months
    [(shard, index)] = statuses.give_places(version.org_id, 1)
    award: Award = Award.objects.create(
        org_id=version.org_id,
        decision_id=decision_id,
        version_id=version.id,
        achievement_id=version.achievement_id,
        learner_id=learner.id,
        award_key=award_key,
        signal=version.standard.signal,
        title=version.standard.title,
        created_at=moment,
        public_id=uuid4(),
        holder_name=learner.name,
        holder_email=learner.email,
        include_name=include_name,
        salt=secrets.token_hex(16),
        valid_from=start,
        valid_until=valid_until or (policies.add_months(start, months) if months else None),
        completed_on=completed_on,
        status_shard=shard,
        status_index=index,
        key_id=keys.ensure_active_key(version.org_id).id,
        supersedes=supersedes,
        correction_reason=correction_reason,
    )
    audit.record(
        org_id=award.org_id,
        by=by,
        action="issue.award_approved",
        subject_type="award",
        subject_id=award.id,
        data={
            "version": str(version.id),
            "decision": str(decision_id or ""),
            "credential": str(award.public_id),
        },
    )
    signing.request_signature(award)
    return award
