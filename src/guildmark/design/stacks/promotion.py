"""Every write of a promotion: the draft, its blueprint, where everything came from, and the ties to its members (DF9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import actions as design
from guildmark.design import drafts
from guildmark.design.advisor import package
from guildmark.design.models import Blueprint, Promotion
from guildmark.design.stacks import proposing, relations, weighing
from guildmark.design.stacks.proposing import BlueprintView, Proposal
from guildmark.design.stacks.recognition import recognise
from guildmark.design.stacks.weighing import Domain, Factors
from guildmark.design.types import Standard, VersionView
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.words import said

TITLE_LIMIT = 300


def _person(by: Actor) -> UUID | None:
    return by.id if by.kind == "user" else None


def _audit(by: Actor, org_id: UUID, achievement_id: UUID, action: str, **data: Any) -> None:
    audit.record(
        org_id=org_id,
        by=by,
        action=action,
        subject_type="achievement",
        subject_id=achievement_id,
        data=data,
    )


@transaction.atomic
def promote(
    *,
    by: Actor,
    org_id: UUID,
    version_ids: Sequence[UUID],
    title: str,
    factors: Factors | None = None,
    weights: Mapping[str, int] | None = None,
    announced: bool = False,
    advice_id: UUID | None = None,
) -> VersionView:
    """Begin the draft of a certification from at least two published versions of a stack.

    The draft has their competencies, criteria and evidence; its blueprint weighs one domain for each competency, by
    ``weights`` (percent by competency of the draft, summing to 100) or else as proposed. Each member is tied to it as a
    part. ``advice_id`` is the kept advice whose package this is. Conflict when a version is no longer in force, Invalid
    for weights that do not sum up, members in two languages, or a completion record.
    """
    by.require(org_id, "designer")
    found = proposing.propose(org_id, version_ids, factors or Factors())
    domains = _weighed(found.domains, weights) if weights is not None else found.domains
    made = design.create_achievement(by=by, org_id=org_id, title=title, signal="certified")
    version = design.save_draft(
        by=by, org_id=org_id, version_id=made.id, content=found.assembled.content, revision=made.revision
    )
    moment, identity = now(), version.achievement_id
    Blueprint.objects.create(
        org_id=org_id,
        achievement_id=identity,
        factors=vars(found.factors),
        rows=[one.as_json() for one in domains],
        created_at=moment,
        created_by=_person(by),
        saved_at=moment,
        saved_by=_person(by),
    )
    members = _recorded(found, version.standard, moment)
    Promotion.objects.create(
        org_id=org_id,
        achievement_id=identity,
        members=members,
        created_at=moment,
        created_by=_person(by),
    )
    _audit(
        by,
        org_id,
        identity,
        "design.stack_promoted",
        members=[{name: one[name] for name in ("slug", "number", "hash", "shown")} for one in members],
        weights={one.competency: one.weight for one in domains},
    )
    for member in found.members:
        relations.relate(
            by=by,
            org_id=org_id,
            child_id=member.achievement_id,
            base_id=identity,
            role="part",
            announced=announced,
        )
    if advice_id is not None:
        package.begun(by=by, org_id=org_id, advice_id=advice_id, achievement_id=identity)
    return version


def _weighed(domains: Sequence[Domain], weights: Mapping[str, int]) -> tuple[Domain, ...]:
    if set(weights) != {one.competency for one in domains}:
        raise Invalid(
            said("The weights are for other domains than there are."),
            field="weights",
            mend=said("Load the page again."),
        )
    weighing.ensure_sum(weights.values())
    return tuple(
        Domain(one.title, one.competency, weights[one.competency], one.points, one.sources) for one in domains
    )


def _recorded(found: Proposal, whole: Standard, moment: datetime) -> list[dict[str, Any]]:
    """The record of each member. All of it comes from published versions: the draft is nothing else at this moment."""
    record = []
    for member, ids, outcomes in zip(found.members, found.assembled.ids, found.outcomes, strict=True):
        told = recognise(member.standard, ids, whole)
        record.append(
            {
                "achievement": str(member.achievement_id),
                "version": str(member.version_id),
                "slug": member.slug,
                "title": member.standard.title,
                "number": member.number,
                "hash": member.core_hash,
                "at": stamp(moment),
                "ids": ids,
                "shown": [one for one, _ in told.shown],
                "own": [name for _, name in told.own],
                "open": [one.name for one in told.open],
                "total": told.total,
                "decided": outcomes.decided,
                "passed": outcomes.passed,
            }
        )
    return record


@transaction.atomic
def save_blueprint(
    *,
    by: Actor,
    org_id: UUID,
    achievement_id: UUID,
    rows: Mapping[str, tuple[str, int]],
    revision: int | None,
) -> BlueprintView:
    """Give each competency of the draft its domain title and weight (percent, summing to 100).

    ``rows`` are by competency id; ``revision`` is the one that was read. A competency that came later has no source.
    Conflict when somebody saved in between or the standard is published, Invalid for weights that do not sum up.
    """
    by.require(org_id, "designer")
    view = proposing.blueprint(org_id, achievement_id)
    row = Blueprint.objects.for_org(org_id).select_for_update().get(achievement_id=achievement_id)
    if not view.editable:
        raise Conflict(
            said("A version of this standard is published, and its blueprint stands with it."),
            mend=said("Promote the stack anew for another one."),
        )
    if revision is not None and revision != row.revision:
        raise Conflict(
            said("The blueprint was saved by somebody else after you opened it."),
            field="revision",
            mend=said("Load the page again."),
        )
    if set(rows) != {one.competency for one in view.rows}:
        raise Invalid(
            said("The weights are for other domains than there are."),
            field="weights",
            mend=said("Load the page again."),
        )
    weighing.ensure_sum(weight for _, weight in rows.values())
    row.rows = [_changed(one, *rows[one.competency]).as_json() for one in view.rows]
    row.revision += 1
    row.saved_at, row.saved_by = now(), _person(by)
    row.save(update_fields=["rows", "revision", "saved_at", "saved_by"])
    weights = {one: weight for one, (_, weight) in rows.items()}
    _audit(by, org_id, achievement_id, "design.blueprint_saved", weights=weights, revision=row.revision)
    return proposing.blueprint(org_id, achievement_id)


def _changed(row: Domain, title: str, weight: int) -> Domain:
    text = drafts.tidy(title)
    if not text or len(text) > TITLE_LIMIT or "\x00" in text:
        raise Invalid(
            said("A domain has no title, or one of more than {n} characters.", n=TITLE_LIMIT),
            field="weights",
            mend=said("Give each domain a short title."),
        )
    return Domain(text, row.competency, weight, row.points, row.sources)
