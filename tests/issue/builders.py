"""Issued credentials for tests, made through the actions and the tasks like everywhere else."""

from __future__ import annotations

from typing import Any

from guildmark.design.types import VersionView
from guildmark.issue import actions, queries
from guildmark.issue.types import AwardView, CompletionRow, CredentialView
from guildmark.kernel import tasks
from guildmark.kernel.actor import Actor
from guildmark.people.types import LearnerView
from tests.design.builders import completion_content, published
from tests.evidence.builders import decided


def issued(
    org: Any, version: VersionView | None = None, learner: LearnerView | None = None
) -> CredentialView:
    """A credential of a demonstrated skill, from the standard to the signed bytes."""
    decision = decided(org, version=version, learner=learner)
    award = actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    tasks.run_until_idle()
    return of_award(org, award)


def recorded(org: Any, name: str = "Ada Moreno", email: str = "ada@learner.example") -> CredentialView:
    """A completion record, issued by a list of one name."""
    version = published(org, **completion_content())
    report = actions.issue_completion_records(
        by=org.owner, org_id=org.id, version_id=version.id, rows=[CompletionRow(name, email, "2026-01-31")]
    )
    (result,) = report.results
    assert result.award_id is not None, result.detail
    tasks.run_until_idle()
    return of_award(org, queries.award(org.id, result.award_id))


def corrected(org: Any, credential: CredentialView, **changes: Any) -> CredentialView:
    """The credential that took the place of another."""
    changes = changes or {"name": "Ada Moreno Ruiz"}
    award = actions.correct(
        by=org.owner,
        org_id=org.id,
        public_id=credential.public_id,
        reason="The name was misspelt.",
        **changes,
    )
    tasks.run_until_idle()
    return of_award(org, award)


def of_award(org: Any, award: AwardView) -> CredentialView:
    done = queries.award(org.id, award.id)
    assert done.credential_id is not None, done.error or done.state
    return queries.org_credential(org.id, done.credential_id)


def holder(credential: CredentialView) -> Actor:
    """The learner who holds a credential, as an actor."""
    return Actor("learner", credential.learner_id, credential.org_id, label=credential.holder_name)
