"""What the holder lets others see. The signed bytes never change by it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from guildmark.assess.evidence import queries as evidence
from guildmark.issue import history, policies, queries
from guildmark.issue.actions.lifecycle import locked
from guildmark.issue.models import Credential
from guildmark.issue.types import CredentialView, Visibility
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said


def _own(by: Actor, org_id: UUID, public_id: UUID) -> Credential:
    row = locked(org_id, public_id)
    policies.ensure_holder(by, row)
    return row


def _note(row: Credential, kind: str, by: Actor) -> None:
    history.record(row, kind, by=by)
    audit.record(
        org_id=row.org_id, by=by, action=f"issue.{kind}", subject_type="credential", subject_id=row.public_id
    )


@transaction.atomic
def set_disclosure(
    *,
    by: Actor,
    org_id: UUID,
    public_id: UUID,
    visibility: Visibility | None = None,
    shown_name: bool | None = None,
    shown_evidence: Iterable[str] | None = None,
) -> CredentialView:
    """Change what is shown; what is None stays. ``by`` is the learner who holds the credential.

    ``shown_evidence`` holds ids of evidence items of the credential's own decision; Invalid for any other.
    """
    row = _own(by, org_id, public_id)
    if visibility is not None:
        if visibility not in ("public", "private"):
            raise Invalid(
                said("A credential is public or private."),
                field="visibility",
                mend=said("Choose one of the two."),
            )
        row.visibility = visibility
    if shown_name is not None:
        row.shown_name = shown_name
    if shown_evidence is not None:
        wanted = sorted({str(item) for item in shown_evidence})
        decision_id = row.award.decision_id
        known = (
            {str(item.id) for item in evidence.decision(org_id, decision_id).evidence}
            if decision_id
            else set()
        )
        if not set(wanted) <= known:
            raise Invalid(
                said("One of the pieces of evidence does not belong to this credential."),
                field="shown_evidence",
                mend=said("Choose from the evidence that was judged."),
            )
        row.shown_evidence = wanted
    row.status_epoch += 1
    row.save(update_fields=["visibility", "shown_name", "shown_evidence", "status_epoch"])
    _note(row, "disclosure_changed", by)
    return queries.credential_view(row)


@transaction.atomic
def new_share_link(*, by: Actor, org_id: UUID, public_id: UUID) -> str:
    """A new link to a private credential; the old one stops working. Returns the path with its token."""
    row = _own(by, org_id, public_id)
    row.share_version += 1
    row.save(update_fields=["share_version"])
    _note(row, "share_link_made", by)
    return f"/c/{public_id}?t={queries.share_token(row)}"


@transaction.atomic
def mark_claimed(*, by: Actor, org_id: UUID, public_id: UUID) -> CredentialView:
    """Note that the holder has claimed the credential; the first time counts."""
    row = _own(by, org_id, public_id)
    if row.claimed_at is None:
        row.claimed_at = now()
        row.save(update_fields=["claimed_at"])
        _note(row, "claimed", by)
    return queries.credential_view(row)
