"""A second organisation sees and changes nothing."""

from __future__ import annotations

import pytest

from guildmark.assess.evidence import actions, queries
from guildmark.assess.evidence.types import RatingInput
from guildmark.kernel.problems import NotFound
from tests.evidence.builders import assessed, learner_actor, submitted

pytestmark = pytest.mark.django_db


def test_every_query_with_another_organisations_ids_finds_nothing(org, other_org, version, waiting):
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    assessed(org.owner, waiting, 3)
    decision = actions.decide(by=org.owner, org_id=org.id, submission_id=waiting.id, outcome="passed")
    calls = [
        (queries.submission, waiting.id),
        (queries.submission_detail, waiting.id),
        (queries.enrolment, waiting.enrolment_id),
        (queries.evidence_item, item.id),
        (queries.link, link.id),
        (queries.decision, decision.id),
    ]
    for query, identity in calls:
        assert query(org.id, identity)
        with pytest.raises(NotFound):
            query(other_org.id, identity)
    for listing in (queries.enrolments, queries.submissions, queries.links, queries.decisions):
        assert listing(org.id)
        assert listing(other_org.id) == []
    with pytest.raises(NotFound):
        queries.queue(org.id, other_org.owner)
    assert queries.decided_counts(other_org.id, version.id).assessed == 0


def test_every_action_with_another_organisations_ids_finds_nothing(org, other_org, version, waiting):
    taken = actions.take_for_rating(by=org.owner, org_id=org.id, submission_id=waiting.id)
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    stranger = learner_actor(other_org.learner())
    calls = [
        (actions.take_for_rating, {"submission_id": waiting.id}),
        (actions.save_rating, {"assessment_id": taken.id, "revision": 0, "ratings": [RatingInput("k1", 3)]}),
        (actions.complete_assessment, {"assessment_id": taken.id, "revision": 0}),
        (actions.return_with_feedback, {"submission_id": waiting.id, "feedback": "No."}),
        (actions.decide, {"submission_id": waiting.id, "outcome": "passed"}),
        (actions.close_link, {"link_id": link.id}),
        (actions.open_link, {"achievement_id": version.achievement_id}),
        (actions.withdraw, {"enrolment_id": waiting.enrolment_id}),
        (actions.enrol, {"achievement_id": version.achievement_id, "email": "a@b.example", "name": "A"}),
        (
            actions.import_learners,
            {"achievement_id": version.achievement_id, "csv_text": "email,name\na@b.example,A"},
        ),
    ]
    learners = [
        (actions.start_submission, {"enrolment_id": waiting.enrolment_id}),
        (actions.submit, {"submission_id": waiting.id, "authorship_accepted": True}),
        (actions.remove_item, {"item_id": item.id}),
        (actions.add_text, {"submission_id": waiting.id, "requirement_id": "e2", "text": "a b c d e f"}),
    ]
    for action, values in calls:
        for org_id in (org.id, other_org.id):
            with pytest.raises(NotFound):
                action(by=other_org.owner, org_id=org_id, **values)
    for action, values in learners:
        for org_id in (org.id, other_org.id):
            with pytest.raises(NotFound):
                action(by=stranger, org_id=org_id, **values)


def test_a_draft_is_the_learners_alone(org, version):
    from tests.evidence.builders import enrolled, fill

    enrolment, actor = enrolled(org, version)
    draft = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    fill(actor, draft, version)
    item = queries.submission_detail(org.id, draft.id).items[0].item
    assert queries.readable_item(actor, org.id, item.id)
    with pytest.raises(NotFound):
        queries.readable_item(org.owner, org.id, item.id)
    with pytest.raises(NotFound):
        actions.take_for_rating(by=org.owner, org_id=org.id, submission_id=draft.id)
    actions.submit(by=actor, org_id=org.id, submission_id=draft.id, authorship_accepted=True)
    assert queries.readable_item(org.owner, org.id, item.id)


def test_a_second_submission_of_another_learner_is_apart(org, version, waiting):
    other = submitted(org, version, org.learner("Bo Lindqvist"))
    assert other.attempt == 1
    assert len(queries.queue(org.id, org.owner)) == 2
