"""Reads of enrolments, submissions, evidence and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guildmark.assess.evidence import bars, bridging, policies, views
from guildmark.assess.evidence.bridging import BridgePlan
from guildmark.assess.evidence.models import (
    Assessment,
    Decision,
    Enrolment,
    EnrolmentLink,
    EvidenceItem,
    ReadinessResult,
    Submission,
    Upload,
)
from guildmark.assess.evidence.readiness import Prediction, predict
from guildmark.assess.evidence.states import JUDGED_SUBMISSIONS
from guildmark.assess.evidence.types import (
    AgreedCounts,
    DecidedCounts,
    DecisionView,
    EnrolmentView,
    FirstAttempts,
    ItemDetail,
    JudgedTwice,
    LinkView,
    QueueRow,
    SubmissionDetail,
    SubmissionView,
    UploadView,
    WaitingCounts,
)
from guildmark.design.types import VersionView
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Gone, NotFound
from guildmark.kernel.words import said
from guildmark.people import queries as people

RECENT = timedelta(days=30)


def _submissions(org_id: UUID) -> QuerySet[Submission]:
    return Submission.objects.for_org(org_id).select_related("enrolment", "decision")


def learner_actor(user_id: UUID, enrolment_id: UUID) -> Actor:
    """The learner that an account is in an enrolment; NotFound when the enrolment is somebody else's."""
    row = Enrolment.objects.across_orgs("a person's own enrolment").filter(id=enrolment_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    learner = people.learner(row.org_id, row.learner_id)
    if learner.user_id != user_id:
        raise NotFound(policies.MISSING)
    return Actor("learner", learner.id, row.org_id, label=learner.name)


# links and enrolments


def link(org_id: UUID, link_id: UUID) -> LinkView:
    row = EnrolmentLink.objects.for_org(org_id).filter(id=link_id).first()
    if row is None:
        raise NotFound(said("There is no such enrolment link."))
    return views.link_view(row)


def links(org_id: UUID, achievement_id: UUID | None = None) -> list[LinkView]:
    """The enrolment links of an organisation, newest first, with how many joined by each."""
    rows = EnrolmentLink.objects.for_org(org_id).annotate(joined=Count("enrolments"))
    if achievement_id is not None:
        rows = rows.filter(achievement_id=achievement_id)
    return [views.link_view(row, row.joined) for row in rows.order_by("-created_at", "-id")]


def open_link(token: str) -> LinkView:
    """The link behind a shared address; NotFound for an unknown one, Gone for a closed one."""
    row = (
        EnrolmentLink.objects.across_orgs("an enrolment link names its organisation")
        .filter(token=token)
        .first()
    )
    if row is None:
        raise NotFound(said("This enrolment link is not known."), mend=said("Copy the whole link once more."))
    if row.state != "open":
        raise Gone(said("This enrolment link is closed."), mend=said("Ask the organisation for a new one."))
    return views.link_view(row)


def open_enrolment(org_id: UUID, achievement_id: UUID) -> LinkView | None:
    """The link that the bar page offers to everybody, or None while enrolment is not open."""
    rows = EnrolmentLink.objects.for_org(org_id).filter(achievement_id=achievement_id)
    row = rows.filter(open_enrolment=True, state="open").first()
    return views.link_view(row) if row else None


def enrolment(org_id: UUID, enrolment_id: UUID) -> EnrolmentView:
    row = Enrolment.objects.for_org(org_id).filter(id=enrolment_id).first()
    if row is None:
        raise NotFound(said("There is no such enrolment."))
    return views.enrolment_view(row)


EVERYTHING = slice(None)


def enrolments(
    org_id: UUID, achievement_id: UUID | None = None, *, part: slice = EVERYTHING
) -> list[EnrolmentView]:
    """The enrolments of an organisation, newest first, or the ``part`` of them that is asked for."""
    rows = Enrolment.objects.for_org(org_id)
    if achievement_id is not None:
        rows = rows.filter(achievement_id=achievement_id)
    return [views.enrolment_view(row) for row in rows.order_by("-created_at", "-id")[part]]


def enrolments_of_user(user_id: UUID) -> list[EnrolmentView]:
    """Everything a person is enrolled in, over all organisations, newest first."""
    mine = [learner.id for learner in people.learners_of_user(user_id)]
    rows = Enrolment.objects.across_orgs("a person's own enrolments").filter(learner_id__in=mine)
    return [views.enrolment_view(row) for row in rows.order_by("-created_at", "-id")]


def under_way(org_id: UUID, version_ids: Iterable[UUID]) -> list[EnrolmentView]:
    """The enrolments that agreed to one of these versions and have no decision yet, the earliest first."""
    rows = Enrolment.objects.for_org(org_id).filter(version_id__in=list(version_ids), state="acknowledged")
    return [views.enrolment_view(row) for row in rows.order_by("created_at", "id")]


def agreed_counts(org_id: UUID, version_ids: Iterable[UUID]) -> AgreedCounts:
    """How many learners agreed to one of these versions and have no decision yet; how many of them have handed in."""
    rows = Enrolment.objects.for_org(org_id).filter(version_id__in=list(version_ids), state="acknowledged")
    waiting = rows.filter(submissions__state__in=JUDGED_SUBMISSIONS).distinct().count()
    return AgreedCounts(rows.count(), waiting)


def bar(enrolment: EnrolmentView) -> VersionView:
    """The version that binds a learner: the acknowledged one, before that the newest published one."""
    if enrolment.version_id is not None:
        return bars.version(enrolment.org_id, enrolment.version_id)
    return bars.published(enrolment.org_id, enrolment.achievement_id)


# submissions and evidence


def bridge_plan(enrolment: EnrolmentView, version: VersionView) -> BridgePlan | None:
    """What is still to be shown for ``version`` by who came over a bridge; None for everybody else."""
    if enrolment.bridge_from is None:
        return None
    return bridging.plan(decision(enrolment.org_id, enrolment.bridge_from), version)


def asked(enrolment: EnrolmentView, version: VersionView) -> VersionView:
    """The version with what is asked of this learner: all of it, or the part that a bridge leaves."""
    plan = bridge_plan(enrolment, version)
    return plan.asked if plan else version


def bridge_of(submission: SubmissionView) -> BridgePlan | None:
    """The bridge by which a submission came; None when the whole standard is judged."""
    found = enrolment(submission.org_id, submission.enrolment_id)
    return bridge_plan(found, bars.version(submission.org_id, submission.version_id))


def submission(org_id: UUID, submission_id: UUID) -> SubmissionView:
    row = _submissions(org_id).filter(id=submission_id).first()
    if row is None:
        raise NotFound(said("There is no such submission."))
    return views.submission_view(row)


def submissions(
    org_id: UUID, *, enrolment_id: UUID | None = None, state: str = "", part: slice = EVERYTHING
) -> list[SubmissionView]:
    """Submissions, newest first; those of one enrolment or in one state when given, or a ``part`` of them."""
    rows = _submissions(org_id)
    if enrolment_id is not None:
        rows = rows.filter(enrolment_id=enrolment_id)
    if state:
        rows = rows.filter(state=state)
    return [views.submission_view(row) for row in rows.order_by("-created_at", "-id")[part]]


def submission_detail(org_id: UUID, submission_id: UUID) -> SubmissionDetail:
    """A submission with its evidence and assessments; pages show a learner none of the assessments."""
    found = submission(org_id, submission_id)
    items = (
        EvidenceItem.objects.for_org(org_id).filter(submission_id=submission_id).order_by("received_at", "id")
    )
    judged = (
        Assessment.objects.for_org(org_id).filter(submission_id=submission_id).prefetch_related("ratings")
    )
    return SubmissionDetail(
        found,
        tuple(views.item_detail(row) for row in items),
        tuple(views.assessment_view(row) for row in judged.order_by("created_at", "id")),
    )


def evidence_item(org_id: UUID, item_id: UUID) -> ItemDetail:
    row = EvidenceItem.objects.for_org(org_id).filter(id=item_id).first()
    if row is None:
        raise NotFound(said("There is no such piece of evidence."))
    return views.item_detail(row)


def readable_item(by: Actor, org_id: UUID, item_id: UUID) -> ItemDetail:
    """A piece of evidence for its learner, a judge or an auditor; NotFound for anybody else."""
    row = (
        EvidenceItem.objects.for_org(org_id)
        .select_related("submission__enrolment")
        .filter(id=item_id)
        .first()
    )
    if row is None:
        raise NotFound(said("There is no such piece of evidence."))
    if by.kind == "learner":
        policies.ensure_learner_side(by, org_id, row.submission.enrolment.learner_id)
    else:
        policies.ensure_reader(by, org_id)
        if row.submission.state == "draft":
            raise NotFound(said("There is no such piece of evidence."))
    return views.item_detail(row)


def upload(org_id: UUID, upload_id: UUID) -> UploadView:
    row = Upload.objects.for_org(org_id).filter(id=upload_id).first()
    if row is None:
        raise NotFound(said("This upload has ended or was never begun."), mend=said("Choose the file again."))
    return views.upload_view(row)


# judging


def queue(org_id: UUID, by: Actor) -> list[QueueRow]:
    """What waits for judgement, the earliest due first."""
    policies.ensure_reader(by, org_id)
    rows = _submissions(org_id).filter(state__in=JUDGED_SUBMISSIONS).prefetch_related("assessments")
    return _queue_rows(by, org_id, list(rows.order_by("due_at", "id")))


def waiting_counts(org_id: UUID) -> dict[UUID, WaitingCounts]:
    """By the id of a standard, how much work waits for a decision and how much of it is past its day."""
    rows = Submission.objects.for_org(org_id).filter(state__in=JUDGED_SUBMISSIONS)
    counted = rows.values("enrolment__achievement_id").annotate(
        waiting=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now()))
    )
    return {
        row["enrolment__achievement_id"]: WaitingCounts(row["waiting"], row["overdue"]) for row in counted
    }


def recently_judged(org_id: UUID, by: Actor, *, limit: int = 50) -> list[QueueRow]:
    """What was decided or returned within 30 days, the latest first."""
    policies.ensure_reader(by, org_id)
    since = now() - RECENT
    recent = Q(state="decided", decision__decided_at__gte=since) | Q(state="returned", returned_at__gte=since)
    rows = _submissions(org_id).filter(recent).prefetch_related("assessments")
    return _queue_rows(by, org_id, list(rows.order_by("-submitted_at", "-id")[:limit]))


def _queue_rows(by: Actor, org_id: UUID, rows: list[Submission]) -> list[QueueRow]:
    learners = people.learners(org_id, [row.enrolment.learner_id for row in rows])
    standards = bars.versions(org_id, {row.version_id for row in rows})
    person = policies.person_behind(by, org_id) if by.kind in {"user", "key"} else None
    addresses = people.verified_addresses(person) if person else []
    found = []
    for row in rows:
        learner = learners[row.enrolment.learner_id]
        judged = list(row.assessments.all())
        found.append(
            QueueRow(
                submission=views.submission_view(row),
                learner=learner.name,
                title=standards[row.version_id].standard.title,
                number=standards[row.version_id].number,
                judges_done=sum(one.state == "complete" for one in judged),
                judges=len(judged),
                mine=any(one.assessor_id == person for one in judged),
                own=person is not None and (learner.user_id == person or learner.email in addresses),
            )
        )
    return found


def decision(org_id: UUID, decision_id: UUID) -> DecisionView:
    """A decision with everything that a credential tells about it."""
    rows = Decision.objects.for_org(org_id).select_related("submission__enrolment")
    row = rows.prefetch_related("submission__items").filter(id=decision_id).first()
    if row is None:
        raise NotFound(said("There is no such decision."))
    view = views.decision_view(row)
    # What rests on a decision that no longer counts does not count either.
    origins = {result.carried.decision_id for result in view.carried if result.carried}
    if (
        origins
        and Decision.objects.for_org(org_id).filter(id__in=origins).exclude(set_aside_at=None).exists()
    ):
        return replace(view, set_aside=True)
    return view


def passed_since(base: DecisionView) -> bool:
    """Whether the same learner has passed another version of the same standard after this decision."""
    rows = Decision.objects.for_org(base.org_id).filter(
        outcome="passed",
        set_aside_at=None,
        decided_at__gt=base.decided_at,
        submission__enrolment__learner_id=base.learner_id,
        submission__enrolment__achievement_id=base.achievement_id,
    )
    return rows.exists()


def decisions_by_id(org_id: UUID, ids: list[UUID]) -> dict[UUID, DecisionView]:
    """The decisions with these ids, as :func:`decision` gives them."""
    rows = Decision.objects.for_org(org_id).select_related("submission__enrolment")
    return {
        row.id: views.decision_view(row)
        for row in rows.prefetch_related("submission__items").filter(id__in=ids)
    }


def decisions(org_id: UUID, *, part: slice = EVERYTHING) -> list[DecisionView]:
    """The decisions of an organisation, newest first, or a ``part`` of them."""
    rows = Decision.objects.for_org(org_id).select_related("submission__enrolment")
    return [
        views.decision_view(row)
        for row in rows.prefetch_related("submission__items").order_by("-decided_at", "-id")[part]
    ]


def decided_counts(org_id: UUID, version_id: UUID) -> DecidedCounts:
    """How many learners have a decision against a whole version, and how many passed; a learner counts once.

    Who came by a bridge showed a part only and is not counted.
    """
    rows = Decision.objects.for_org(org_id).filter(
        submission__version_id=version_id, submission__enrolment__bridge_from=None
    )
    learners = "submission__enrolment_id"
    counted = rows.aggregate(
        assessed=Count(learners, distinct=True),
        passed=Count(learners, distinct=True, filter=Q(outcome="passed")),
    )
    return DecidedCounts(counted["assessed"], counted["passed"])


def first_attempt_counts(org_id: UUID, version_id: UUID) -> FirstAttempts:
    """First attempts at a whole version that were decided or sent back, and how many of them did not pass."""
    rows = Submission.objects.for_org(org_id).filter(
        version_id=version_id, attempt=1, enrolment__bridge_from=None, state__in=("decided", "returned")
    )
    counts = rows.aggregate(n=Count("id"), passed=Count("id", filter=Q(decision__outcome="passed")))
    return FirstAttempts(counts["n"], counts["n"] - counts["passed"])


def judged_twice_counts(org_id: UUID, version_id: UUID) -> JudgedTwice:
    """Works decided against a version that two people judged alone, and in how many they came to one outcome."""
    rows = Decision.objects.for_org(org_id).filter(submission__version_id=version_id)
    return JudgedTwice(rows.exclude(same_outcome=None).count(), rows.filter(same_outcome=True).count())


def readiness_and_passing(org_id: UUID, achievement_ids: Iterable[UUID]) -> dict[UUID, Prediction]:
    """For each standard whether judging the samples well goes with passing, over learners with a result and a decision.

    A learner counts once, with the first result, and as passed when any decision was a pass (TV5).
    """
    wanted = list(achievement_ids)
    results = ReadinessResult.objects.for_org(org_id).filter(
        enrolment__achievement_id__in=wanted, enrolment__bridge_from=None
    )
    rows = results.order_by("-created_at").values_list(
        "enrolment_id", "enrolment__achievement_id", "exact", "n"
    )
    first = {enrolment: (achievement, exact / n) for enrolment, achievement, exact, n in rows if n}
    decided: dict[UUID, bool] = {}
    outcomes = Decision.objects.for_org(org_id).filter(submission__enrolment_id__in=list(first))
    for enrolment, outcome in outcomes.values_list("submission__enrolment_id", "outcome"):
        decided[enrolment] = decided.get(enrolment, False) or outcome == "passed"
    return {
        achievement: predict(
            [
                (share, decided[one])
                for one, (own, share) in first.items()
                if own == achievement and one in decided
            ]
        )
        for achievement in wanted
    }
