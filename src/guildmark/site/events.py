"""Mail about work: it needs to know both the work and the people, which only this floor may.

Every message has a key made of its cause, so an event that arrives twice is told once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guildmark.assess.evidence import events
from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import SubmissionView
from guildmark.design import queries as design
from guildmark.kernel.outbox import Event, on
from guildmark.kernel.web import absolute
from guildmark.notify import actions as notify
from guildmark.people import queries as people


def tell_learner(event: Event, kind: str, learner_id: UUID, enrolment_id: UUID, **context: Any) -> None:
    """One message to a learner, with a link to the place of their work."""
    learner = people.learner(event.org_id, learner_id)
    context.setdefault("action_label", _("Open your work"))
    notify.send(
        org_id=event.org_id,
        kind=f"site.{kind}",
        to=learner.email,
        context={
            "name": learner.name,
            "action_url": absolute(reverse("programme", args=[enrolment_id])),
            "why": _("You get this message because you are enrolled there under this address."),
            **context,
        },
        key=f"{kind}:{event.id}",
        subject_type="enrolment",
        subject_id=enrolment_id,
    )


def title_of(submission: SubmissionView) -> str:
    return design.version(submission.org_id, submission.version_id).standard.title


@on(events.ENROLLED, name="site.enrolled")
def enrolled(event: Event) -> None:
    enrolment = evidence.enrolment(event.org_id, UUID(event.payload["enrolment_id"]))
    title = design.achievement(event.org_id, enrolment.achievement_id).title
    tell_learner(event, "enrolled", enrolment.learner_id, enrolment.id, title=title)


@on(events.SUBMITTED, name="site.submitted")
def submitted(event: Event) -> None:
    """A receipt for the learner."""
    submission = evidence.submission(event.org_id, UUID(event.payload["submission_id"]))
    tell_learner(
        event,
        "submitted",
        submission.learner_id,
        submission.enrolment_id,
        title=title_of(submission),
        attempt=submission.attempt,
        submitted_at=submission.submitted_at,
        due_at=submission.due_at,
    )


@on(events.SUBMITTED, name="site.work_waiting")
def work_waiting(event: Event) -> None:
    """News for everybody who may judge, except for the person whose work it is."""
    submission = evidence.submission(event.org_id, UUID(event.payload["submission_id"]))
    if submission.state != "submitted":
        return
    org = people.organisation(event.org_id)
    author = people.learner(event.org_id, submission.learner_id)
    for member in people.members_with_role(event.org_id, "assessor"):
        if member.user_id == author.user_id:
            continue
        notify.send(
            org_id=event.org_id,
            kind="site.work_waiting",
            to=member.email,
            context={
                "title": title_of(submission),
                "due_at": submission.due_at,
                "action_url": absolute(reverse("judge", args=[org.slug, submission.id])),
                "action_label": _("Open the work"),
                "why": _("You get this message because you may judge work there."),
            },
            key=f"work_waiting:{event.id}:{member.id}",
            subject_type="submission",
            subject_id=submission.id,
        )


@on(events.RETURNED, name="site.returned")
def returned(event: Event) -> None:
    submission = evidence.submission(event.org_id, UUID(event.payload["submission_id"]))
    tell_learner(
        event,
        "returned",
        submission.learner_id,
        submission.enrolment_id,
        title=title_of(submission),
        feedback=submission.feedback,
    )


@on(events.DECIDED, name="site.decided")
def decided(event: Event) -> None:
    decision = evidence.decision(event.org_id, UUID(event.payload["decision_id"]))
    submission = evidence.submission(event.org_id, decision.submission_id)
    tell_learner(
        event,
        "decided",
        decision.learner_id,
        submission.enrolment_id,
        title=title_of(submission),
        passed=decision.outcome == "passed",
        feedback=decision.feedback,
        action_label=_("See the result per criterion"),
    )
