"""Mail about work goes to the learner, and news of waiting work to those who may judge it."""

from __future__ import annotations

import pytest
from django.core import mail

from guildmark.assess.evidence import actions as evidence
from guildmark.assess.evidence import events
from guildmark.kernel import tasks
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.outbox import Event
from guildmark.site import events as site_events
from tests.design.builders import published
from tests.evidence.builders import decided, submitted

pytestmark = pytest.mark.django_db


def sent(words: str) -> list[mail.EmailMessage]:
    tasks.run_until_idle()
    return [message for message in mail.outbox if message.subject.startswith(words)]


def test_enrolling_and_handing_in_are_confirmed_to_the_learner(org):
    version = published(org)
    submission = submitted(org, version)
    learner = org.learner()
    for words in ("You are enrolled", "Your work has arrived"):
        [message] = sent(words)
        assert message.to == [learner.email]
        assert version.standard.title in message.subject
        assert f"/learn/{submission.enrolment_id}/" in message.body


def test_assessors_hear_of_waiting_work_and_the_author_does_not(org):
    judge, designer = org.member("assessor"), org.member("designer")
    author = org.member("assessor", name="author")
    learner = org.learner("Author", email=f"author@{org.slug}.example")
    assert learner.user_id == author.id
    submission = submitted(org, published(org), learner=learner)
    messages = sent("Work is waiting")
    told = {message.to[0] for message in messages}
    assert f"assessor@{org.slug}.example" in told
    assert learner.email not in told
    assert f"designer@{org.slug}.example" not in told
    assert f"/studio/{org.slug}/assessing/{submission.id}/" in messages[0].body
    assert judge.id != designer.id


def test_returned_work_comes_with_its_feedback(org):
    submission = submitted(org, published(org))
    evidence.return_with_feedback(
        by=org.owner, org_id=org.id, submission_id=submission.id, feedback="Branch B is missing from the log."
    )
    [message] = sent("Returned with feedback")
    assert "Branch B is missing from the log." in message.body


def test_a_decision_is_told_once_with_its_outcome(org):
    decision = decided(org)
    [message] = sent("Passed")
    row = OutboxEvent.objects.get(kind=events.DECIDED)
    site_events.decided(Event(row.id, row.org_id, row.kind, row.payload))
    assert len(sent("Passed")) == 1
    assert message.to == [org.learner().email]
    assert decision.outcome == "passed"
