"""Mail about work: it needs to know both the work and the people, which only this floor may.

Every message has a key made of its cause, so an event that arrives twice is told once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guildmark.assess.evidence import bridge_queries, events
from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import SubmissionView
from guildmark.design import events as design_events
from guildmark.design import lowering
from guildmark.design import queries as design
from guildmark.kernel.outbox import Event, on
from guildmark.kernel.web import absolute
from guildmark.notify import actions as notify
from guildmark.people import queries as people


def tell_learner(
    event: Event,
    kind: str,
    learner_id: UUID,
    enrolment_id: UUID,
    *,
    template: str = "",
    several: bool = False,
    **context: Any,
) -> None:
    """One message to a learner, with a link to the place of their work. ``kind`` is the template unless one is named.

    ``several`` learners may be told of one event.
    """
    learner = people.learner(event.org_id, learner_id)
    context.setdefault("action_label", _("Open your work"))
    notify.send(
        org_id=event.org_id,
        kind=f"site.{template or kind}",
        to=learner.email,
        context={
            "name": learner.name,
            "action_url": absolute(reverse("programme", args=[enrolment_id])),
            "why": _("You get this message because you are enrolled there under this address."),
            **context,
        },
        key=f"{kind}:{event.id}:{enrolment_id}" if several else f"{kind}:{event.id}",
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


@on(events.BRIDGE_OPENED, name="site.bridge_opened")
def bridge_opened(event: Event) -> None:
    """To everybody who holds an older version only."""
    achievement = design.achievement(event.org_id, UUID(event.payload["achievement_id"]))
    for learner_id, enrolment_id in bridge_queries.holders(event.org_id, achievement.id):
        tell_learner(
            event,
            "bridge_opened",
            learner_id,
            enrolment_id,
            several=True,
            title=achievement.title,
            number=achievement.published_number,
            action_url=absolute(reverse("bridge", args=[enrolment_id])),
            action_label=_("See what is still to be shown"),
            why=_("You get this message because you hold an older version of this credential."),
        )


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


@on(design_events.LOWERING_ASKED, name="site.lowering_asked")
def lowering_asked(event: Event) -> None:
    """To everybody who may answer whether edited words left the bar as it was."""
    asked = lowering.one(event.org_id, UUID(event.payload["request"]))
    if asked.state != "waiting":
        return
    draft = design.version(event.org_id, asked.version_id)
    for member in lowering.second_people(draft, asked.asked_by):
        tell_member(
            event,
            "lowering_asked",
            member.email,
            asked,
            by=people.member_label(event.org_id, asked.asked_by),
            action_label=_("Read both texts"),
            why=_("You get this message because you may write standards there."),
        )


@on(design_events.LOWERING_ANSWERED, name="site.lowering_answered")
def lowering_answered(event: Event) -> None:
    """To who asked."""
    asked = lowering.one(event.org_id, UUID(event.payload["request"]))
    for member in people.members_with_role(event.org_id, "designer"):
        if member.user_id == asked.asked_by and asked.answered_by is not None:
            tell_member(
                event,
                "lowering_answered",
                member.email,
                asked,
                by=people.member_label(event.org_id, asked.answered_by),
                agreed=asked.state != "declined",
                answer=asked.answer,
                action_label=_("Open the request"),
                why=_("You get this message because you asked for it."),
            )


def tell_member(event: Event, kind: str, to: str, asked: lowering.RequestView, **context: Any) -> None:
    org = people.organisation(event.org_id)
    notify.send(
        org_id=event.org_id,
        kind=f"site.{kind}",
        to=to,
        context={
            "title": asked.title,
            "reason": asked.reason,
            "action_url": absolute(reverse("class_request", args=[org.slug, asked.id])),
            **context,
        },
        key=f"{kind}:{event.id}:{to}",
        subject_type="class_request",
        subject_id=asked.id,
    )


@on(design_events.VERSION_PUBLISHED, name="site.bar_changed")
def bar_changed(event: Event) -> None:
    """To every learner who agreed to an older bar and has no decision: until when which version counts for them."""
    new = design.version(event.org_id, UUID(event.payload["version"]))
    if event.payload["forces"] != "major" or new.transition_until is None:
        return
    older = [
        v for v in design.versions_of(event.org_id, new.achievement_id) if v.id != new.id and v.is_published
    ]
    numbers = {view.id: view.number for view in older}
    for enrolment in evidence.under_way(event.org_id, numbers):
        number = numbers[enrolment.version_id]  # type: ignore[index]
        tell_learner(
            event,
            f"bar_changed:{enrolment.id}",
            enrolment.learner_id,
            enrolment.id,
            template="bar_changed",
            title=new.standard.title,
            number=number,
            newer=new.number,
            note=new.update_note,
            until=new.transition_until,
            effective_at=new.effective_at,
        )
