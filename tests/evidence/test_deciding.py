"""Rating and deciding: each judge alone, one decision, bound by the rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from guildmark.assess.evidence import actions, queries
from guildmark.assess.evidence.states import SUBMISSION
from guildmark.assess.evidence.types import WEAKNESSES, RatingInput
from guildmark.kernel import audit, clock
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.people import actions as people
from guildmark.people import queries as people_queries
from tests.evidence.builders import assessed, decided, enrolled, fill, learner_actor, ratings, submitted

pytestmark = pytest.mark.django_db


def decide(org, submission, outcome="passed", by=None, **values):
    return actions.decide(
        by=by or org.owner,
        org_id=org.id,
        submission_id=submission.id,
        outcome=outcome,
        feedback="Seen.",
        **values,
    )


def take(org, submission, by=None):
    return actions.take_for_rating(by=by or org.owner, org_id=org.id, submission_id=submission.id)


@pytest.mark.parametrize(
    ("present", "allowed"),
    [
        ("draft", {"submitted"}),
        ("submitted", {"in_rating", "returned"}),
        ("in_rating", {"discrepant", "returned", "decided"}),
        ("discrepant", {"in_rating", "returned", "decided"}),
        ("returned", set()),
        ("decided", set()),
    ],
)
def test_a_submission_moves_only_as_the_table_says(present, allowed):
    assert {state for state in SUBMISSION.table if SUBMISSION.allows(present, state)} == allowed


def test_a_decision_holds_everything_that_a_credential_tells(org, version):
    learner = org.learner()
    decision = decided(org, version=version, learner=learner)
    assert queries.decision(org.id, decision.id) == decision
    assert (decision.outcome, decision.version_id, decision.learner_id) == ("passed", version.id, learner.id)
    assert decision.acknowledged_hash == version.core_hash
    assert version.published_at <= decision.acknowledged_at <= decision.submitted_at <= decision.assessed_at
    assert decision.assessed_at <= decision.decided_at
    assert {result.criterion_id: (result.level, result.level_label) for result in decision.results} == {
        "k1": (3, "Proficient"),
        "k2": (3, "Proficient"),
        "k3": (3, "Proficient"),
    }
    assert {item.requirement_id for item in decision.evidence} == {"e1", "e2", "e3"}
    assert decision.judges == 1
    assert decision.weaknesses == (WEAKNESSES["one_judge"], WEAKNESSES["judge_decided"])
    assert queries.enrolments(org.id)[0].state == "passed"
    counts = queries.decided_counts(org.id, version.id)
    assert (counts.assessed, counts.passed) == (1, 1)
    assert audit.verify_chain(org.id).intact


def test_rooms_above_hear_of_a_decision_once(org, version):
    decision = decided(org, version=version)
    event = OutboxEvent.objects.get(kind="evidence.decided")
    assert event.payload == {
        "decision_id": str(decision.id),
        "submission_id": str(decision.submission_id),
        "learner_id": str(decision.learner_id),
        "outcome": "passed",
    }


def test_a_second_decision_is_refused(org, waiting):
    assessed(org.owner, waiting, 3)
    decide(org, waiting)
    with pytest.raises(Conflict, match="decided already"):
        decide(org, waiting)
    assert OutboxEvent.objects.filter(kind="evidence.decided").count() == 1


def test_nobody_passes_who_misses_a_must_pass_criterion(org, version, waiting):
    taken = take(org, waiting)
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    given = [
        RatingInput(rating.criterion_id, 2 if rating.criterion_id == "k2" else 4, "Seen.", item.id, "00:41")
        for rating in ratings(version, item.id, 4)
    ]
    saved = actions.save_rating(
        by=org.owner, org_id=org.id, assessment_id=taken.id, revision=0, ratings=given
    )
    actions.complete_assessment(by=org.owner, org_id=org.id, assessment_id=taken.id, revision=saved.revision)
    with pytest.raises(Invalid, match="Fault diagnosis") as refused:
        decide(org, waiting)
    assert refused.value.field == "outcome"
    assert decide(org, waiting, "not_passed").outcome == "not_passed"


def test_nobody_fails_who_meets_the_rule(org, waiting):
    assessed(org.owner, waiting, 3)
    with pytest.raises(Invalid, match="is passed"):
        decide(org, waiting, "not_passed")


def test_a_fail_needs_words_for_the_learner(org, waiting):
    assessed(org.owner, waiting, 1)
    with pytest.raises(Invalid) as refused:
        actions.decide(
            by=org.owner, org_id=org.id, submission_id=waiting.id, outcome="not_passed", feedback=" "
        )
    assert refused.value.field == "feedback"


def test_work_that_nobody_has_judged_is_not_decided(org, waiting):
    take(org, waiting)
    with pytest.raises(Conflict, match="Nobody has completed"):
        decide(org, waiting)


def test_work_older_than_its_bar_is_not_decided(org, version, waiting):
    assessed(org.owner, waiting, 3)
    from guildmark.assess.evidence.models import Submission

    # A row moved back in the database, past every action: the decision must notice.
    earlier = version.published_at - timedelta(days=1)
    Submission.objects.for_org(org.id).filter(id=waiting.id).update(submitted_at=earlier)
    with pytest.raises(Conflict, match="before its standard was published"):
        decide(org, waiting)


def test_the_acknowledged_hash_is_compared_with_the_log_of_standards(org, version, waiting):
    assessed(org.owner, waiting, 3)
    from guildmark.assess.evidence.models import Submission

    row = Submission.objects.for_org(org.id).filter(id=waiting.id)
    right = row.get().core_hash
    row.update(core_hash="sha256:" + "0" * 64)
    with pytest.raises(Conflict, match="not the one that the log of standards holds"):
        decide(org, waiting)
    row.update(core_hash=right)
    assert decide(org, waiting).acknowledged_hash == right


def test_work_older_than_the_entry_in_the_log_is_not_decided(org, version, waiting):
    """Who moves the date of a version back in its own table still has the log against them."""
    from guildmark.assess.evidence.models import Submission
    from guildmark.design import triggers
    from guildmark.design.models import AchievementVersion

    assessed(org.owner, waiting, 3)
    earlier = version.published_at - timedelta(days=30)
    triggers.drop(connection)
    try:
        AchievementVersion.objects.for_org(org.id).update(published_at=earlier - timedelta(days=1))
    finally:
        triggers.install(connection)
    Submission.objects.for_org(org.id).filter(id=waiting.id).update(submitted_at=earlier)
    with pytest.raises(Conflict, match="By the log of standards"):
        decide(org, waiting)


def test_work_is_not_handed_in_before_the_bar_was_public(org, version):
    enrolment, actor = enrolled(org, version)
    submission = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    fill(actor, submission, version)
    with (
        clock.at(version.published_at - timedelta(days=1)),
        pytest.raises(Conflict, match="after this moment"),
    ):
        actions.submit(by=actor, org_id=org.id, submission_id=submission.id, authorship_accepted=True)


def test_own_work_is_neither_rated_nor_decided_nor_returned(org, version):
    member = org.member("assessor", name="ada")
    own = submitted(org, version, org.learner("Ada Moreno", email="ada@northlamp.example"))
    with pytest.raises(Forbidden, match="your own work"):
        take(org, own, by=member)
    assessed(org.owner, own, 3)
    with pytest.raises(Forbidden, match="your own work"):
        decide(org, own, by=member)
    with pytest.raises(Forbidden):
        actions.return_with_feedback(by=member, org_id=org.id, submission_id=own.id, feedback="No.")
    row = queries.queue(org.id, member)[0]
    assert row.own


def test_own_work_is_noticed_by_a_proven_address_and_through_a_key(org, version):
    """The learner record came before the account, so only the address tells."""
    owned = submitted(org, version, org.learner("Owner Again", email="owner@northlamp.example"))
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="judge", scopes=["decisions:write"])
    key = people_queries.actor_for_key(secret)
    with pytest.raises(Forbidden, match="your own work"):
        take(org, owned, by=key)


def test_a_key_judges_in_the_name_of_its_maker(org, waiting):
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="judge", scopes=["decisions:write"])
    key = people_queries.actor_for_key(secret)
    assessed(key, waiting, 3)
    assert decide(org, waiting, by=key).decided_by == org.owner_id


@pytest.mark.parametrize("change", ["suspended", "other role"])
def test_a_key_judges_no_longer_than_its_maker(org, waiting, change):
    maker = org.member("owner")
    _, secret = people.create_api_key(by=maker, org_id=org.id, name="judge", scopes=["decisions:write"])
    key = people_queries.actor_for_key(secret)
    assessed(key, waiting, 3)
    member = next(m for m in people_queries.members(org.id) if m.user_id == maker.id)
    if change == "suspended":
        people.set_member_state(by=org.owner, org_id=org.id, member_id=member.id, state="suspended")
    else:
        people.change_roles(by=org.owner, org_id=org.id, member_id=member.id, roles=["auditor"])
    with pytest.raises(Forbidden, match="Nobody answers"):
        decide(org, waiting, by=key)
    with pytest.raises(Forbidden, match="Nobody answers"):
        take(org, waiting, by=key)


@pytest.mark.parametrize("role", ["designer", "registrar", "manager", "auditor"])
def test_other_roles_do_not_judge(org, waiting, role):
    with pytest.raises(Forbidden):
        take(org, waiting, by=org.member(role))


def test_two_assessors_save_at_once_each_their_own(org, version, waiting):
    one, two = org.member("assessor", name="one"), org.member("assessor", name="two")
    first, second = take(org, waiting, by=one), take(org, waiting, by=two)
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    for by, taken, level in ((one, first, 3), (two, second, 4)):
        actions.save_rating(
            by=by, org_id=org.id, assessment_id=taken.id, revision=0, ratings=ratings(version, item.id, level)
        )
    stored = {
        a.assessor_id: a.ratings["k1"].level
        for a in queries.submission_detail(org.id, waiting.id).assessments
    }
    assert stored == {one.id: 3, two.id: 4}
    with pytest.raises(NotFound):
        actions.save_rating(by=one, org_id=org.id, assessment_id=second.id, revision=1, ratings=[])


def test_a_second_window_of_the_same_assessor_is_told(org, version, waiting):
    taken = take(org, waiting)
    item = queries.submission_detail(org.id, waiting.id).items[0].item
    given = {"by": org.owner, "org_id": org.id, "assessment_id": taken.id, "revision": taken.revision}
    actions.save_rating(**given, ratings=ratings(version, item.id, 3))
    with pytest.raises(Conflict, match="another window"):
        actions.save_rating(**given, ratings=ratings(version, item.id, 1))
    assert queries.submission_detail(org.id, waiting.id).assessments[0].ratings["k1"].level == 3


def test_taking_twice_gives_the_same_assessment(org, waiting):
    assert take(org, waiting).id == take(org, waiting).id


def test_an_assessment_is_complete_with_levels_reasons_and_pointers(org, waiting):
    taken = take(org, waiting)
    given = {"by": org.owner, "org_id": org.id, "assessment_id": taken.id}
    saved = actions.save_rating(**given, revision=0, ratings=[RatingInput("k3", 3)])
    with pytest.raises(Invalid) as refused:
        actions.complete_assessment(**given, revision=saved.revision)
    assert [problem.field for problem in refused.value.all_errors()] == [
        "k1.level",
        "k1.rationale",
        "k1.pointer_item",
        "k2.level",
        "k2.rationale",
        "k2.pointer_item",
        "k3.rationale",
    ]


@pytest.mark.parametrize(
    ("rating", "field"),
    [
        (RatingInput("k1", level=9), "k1.level"),
        (RatingInput("k1", rationale="a\x00b"), "k1.rationale"),
        (RatingInput("k9", level=1), "k9"),
    ],
)
def test_a_rating_outside_the_rubric_is_refused(org, waiting, rating, field):
    taken = take(org, waiting)
    with pytest.raises(Invalid) as refused:
        actions.save_rating(by=org.owner, org_id=org.id, assessment_id=taken.id, revision=0, ratings=[rating])
    assert refused.value.all_errors()[0].field == field


def test_a_pointer_leads_into_this_work_only(org, version, waiting):
    other = submitted(org, version, org.learner("Bo Lindqvist"))
    foreign = queries.submission_detail(org.id, other.id).items[0].item
    taken = take(org, waiting)
    with pytest.raises(Invalid, match="cannot be stored"):
        actions.save_rating(
            by=org.owner,
            org_id=org.id,
            assessment_id=taken.id,
            revision=0,
            ratings=[RatingInput("k1", 3, "x", foreign.id, "1")],
        )


def test_judges_who_differ_are_settled_with_a_reason(org, waiting):
    one, two = org.member("assessor", name="one"), org.member("assessor", name="two")
    assessed(one, waiting, 3)
    assessed(two, waiting, 2, taught=True)
    assert queries.submission(org.id, waiting.id).state == "discrepant"
    with pytest.raises(Invalid) as refused:
        decide(org, waiting, levels={"k1": 3})
    assert "k2.level" in {problem.field for problem in refused.value.all_errors()}
    assert "k1.reason" in {problem.field for problem in refused.value.all_errors()}
    settled = dict.fromkeys(("k1", "k2", "k3"), 3)
    decision = decide(
        org, waiting, levels=settled, reasons=dict.fromkeys(settled, "The log at 02:10 shows it.")
    )
    assert decision.judges == 2
    assert decision.weaknesses == (WEAKNESSES["taught_learner"],)
    assert decision.results[0].rationale == "The log at 02:10 shows it."


def test_returned_work_shows_feedback_and_comes_back_with_its_evidence(org, version, waiting):
    returned = actions.return_with_feedback(
        by=org.owner,
        org_id=org.id,
        submission_id=waiting.id,
        feedback="The log stops before the second branch.",
        criterion_feedback={"k2": "Show the failing branch.", "unknown": "dropped"},
    )
    assert (returned.state, returned.criterion_feedback) == ("returned", {"k2": "Show the failing branch."})
    actor = learner_actor(org.learner())
    again = actions.start_submission(by=actor, org_id=org.id, enrolment_id=waiting.enrolment_id)
    assert again.attempt == 2
    before = queries.submission_detail(org.id, waiting.id).items
    carried = queries.submission_detail(org.id, again.id).items
    assert [one.item.sha256 for one in carried] == [one.item.sha256 for one in before]
    actions.remove_item(by=actor, org_id=org.id, item_id=carried[0].item.id)
    fill(actor, again, version)
    actions.submit(by=actor, org_id=org.id, submission_id=again.id, authorship_accepted=True)
    assert len(queries.submission_detail(org.id, waiting.id).items) == len(before)
    with pytest.raises(Conflict, match="last of 2 attempts"):
        actions.return_with_feedback(by=org.owner, org_id=org.id, submission_id=again.id, feedback="No.")
    assessed(org.owner, again, 3)
    assert decide(org, again).attempt == 2


def test_a_failed_learner_tries_again_while_attempts_are_left(org, version):
    learner = org.learner()
    decided(org, "not_passed", version, learner)
    assert queries.enrolments(org.id)[0].state == "acknowledged"
    decided(org, "not_passed", version, learner)
    enrolment = queries.enrolments(org.id)[0]
    assert enrolment.state == "not_passed"
    with pytest.raises(Conflict):
        actions.start_submission(by=learner_actor(learner), org_id=org.id, enrolment_id=enrolment.id)
    counts = queries.decided_counts(org.id, version.id)
    assert (counts.assessed, counts.passed) == (1, 0)


def test_work_that_is_late_is_marked(org, waiting):
    with clock.at(waiting.due_at + timedelta(hours=1)):
        assert queries.queue(org.id, org.owner)[0].overdue
    assert not queries.queue(org.id, org.owner)[0].overdue


def test_decided_work_leaves_the_queue(org, waiting):
    assessed(org.owner, waiting, 3)
    decide(org, waiting)
    assert queries.queue(org.id, org.owner) == []
    assert [row.submission.id for row in queries.recently_judged(org.id, org.owner)] == [waiting.id]
