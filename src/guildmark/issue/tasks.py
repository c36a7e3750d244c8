"""Listeners, tasks and sweeps: what finishes the work whenever a process was killed in between."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from guildmark.assess.evidence import events as evidence
from guildmark.issue import batching, signing, statuses
from guildmark.issue.actions import award_for_decision
from guildmark.issue.models import Award, StatusList
from guildmark.kernel import outbox, tasks
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict

PATIENCE = timedelta(minutes=2)


@outbox.on(evidence.DECIDED, name="issue.on_decided")
def on_decided(event: outbox.Event) -> None:
    """A passed decision becomes an award. A refusal of the design gate is kept with the award."""
    if event.payload["outcome"] != "passed":
        return
    try:
        award_for_decision(by=SYSTEM, org_id=event.org_id, decision_id=UUID(event.payload["decision_id"]))
    except Conflict:
        return


@outbox.on("keys.rotated", name="issue.on_keys_rotated")
def on_keys_rotated(event: outbox.Event) -> None:
    statuses.mark_all_stale(event.org_id)


@outbox.on("keys.compromised", name="issue.on_keys_compromised")
def on_keys_compromised(event: outbox.Event) -> None:
    statuses.mark_all_stale(event.org_id)


@tasks.task(signing.SIGN)
def sign(lease: tasks.Lease) -> None:
    signing.sign_award(lease.org_id, UUID(lease.payload["award"]), lease=lease)


@tasks.task(batching.CHUNK)
def batch_chunk(lease: tasks.Lease) -> None:
    batching.run_chunk(lease)


@tasks.task(statuses.PUBLISH)
def publish_status(lease: tasks.Lease) -> None:
    row = StatusList.objects.for_org(lease.org_id).get(id=lease.payload["list"])
    if not statuses.is_fresh(row):
        statuses.publish(row)


@tasks.sweep("issue.unsigned_awards", every=timedelta(minutes=1))
def unsigned_awards() -> None:
    """Awards that wait for long without an error get a task once more; one that is there stays as it is.

    Those of a batch are left to it: it may be paused.
    """
    rows = Award.objects.across_orgs("the sweep over all awards").filter(
        state="approved", error="", chunk_id=None
    )
    for award in rows.filter(created_at__lt=now() - PATIENCE):
        signing.request_signature(award)


@tasks.sweep("issue.status_lists", every=timedelta(minutes=10))
def status_lists() -> None:
    statuses.publish_stale()
