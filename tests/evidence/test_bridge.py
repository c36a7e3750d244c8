"""From a passed version to the newer one with only what changed (PRODUCT M14, UP9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from guildmark.assess.evidence import actions, bridge_queries, queries
from guildmark.assess.evidence.models import Decision
from guildmark.assess.evidence.types import DecisionView, RatingInput
from guildmark.design.types import VersionView
from guildmark.issue import actions as issue
from guildmark.kernel import tasks
from guildmark.kernel.clock import add_months, at
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.people import queries as people
from tests.design.builders import criterion, published, successor
from tests.evidence.builders import decided, learner_actor
from tests.evidence.test_transition import following
from tests.issue.builders import of_award

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def days(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def base(org) -> DecisionView:
    """A pass under version 1.0."""
    with at(START):
        version = published(org)
    with at(days(10)):
        return decided(org, version=version)


@pytest.fixture
def newer(org, base) -> VersionView:
    """Version 2.0 asks for written reasons in the place of a test log: one criterion is another."""
    first = queries.bar(
        queries.enrolment(org.id, queries.submission(org.id, base.submission_id).enrolment_id)
    )
    with at(days(30)):
        return following(org, first)


def begun(org: Any, base: DecisionView, newer: VersionView) -> tuple[Any, Any]:
    """The bridge, begun by the learner who has agreed to the newer bar."""
    actor = _actor(org, base)
    actions.open_bridge(by=org.owner, org_id=org.id, achievement_id=base.achievement_id)
    enrolment = actions.begin_bridge(by=actor, org_id=org.id, decision_id=base.id)
    actions.acknowledge_bar(
        by=actor,
        org_id=org.id,
        enrolment_id=enrolment.id,
        version_id=newer.id,
        core_hash=newer.core_hash,
    )
    return enrolment, actor


def _actor(org: Any, base: DecisionView) -> Any:
    return learner_actor(people.learner(org.id, base.learner_id))


def handed_in(org: Any, enrolment: Any, actor: Any) -> Any:
    work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    place = {"by": actor, "org_id": org.id, "submission_id": work.id}
    actions.add_text(**place, requirement_id="e9", text=" ".join(["reason"] * 40))
    return actions.submit(**place, authorship_accepted=True)


def judged(org: Any, work: Any, level: int) -> None:
    item = queries.submission_detail(org.id, work.id).items[0].item.id
    actions.assess(
        by=org.owner,
        org_id=org.id,
        submission_id=work.id,
        ratings=[RatingInput("k2", level, "Each branch has its reason.", item, "line 1")],
    )


def decide(org: Any, work: Any, outcome: str) -> DecisionView:
    return actions.decide(
        by=org.owner, org_id=org.id, submission_id=work.id, outcome=outcome, feedback="The reasons are there."
    )


def crossed(org: Any, base: DecisionView, newer: VersionView) -> DecisionView:
    enrolment, actor = begun(org, base, newer)
    work = handed_in(org, enrolment, actor)
    judged(org, work, 3)
    return decide(org, work, "passed")


def test_only_what_changed_is_asked_and_the_rest_counts_on(org, base, newer):
    with at(days(40)):
        decision = crossed(org, base, newer)
    assert decision.version_id == newer.id
    assert decision.bridge_from == base.id
    before = {result.criterion_id: result.level for result in base.results}
    levels = {result.criterion_id: result.level for result in decision.results}
    assert list(levels) == [criterion.id for criterion in newer.standard.criteria]
    assert newer.standard.passes(levels)
    assert {result.criterion_id for result in decision.carried} == {"k1", "k3"}
    for result in decision.carried:
        assert result.level == before[result.criterion_id]
        assert result.carried.decision_id == base.id
        assert (result.carried.number, result.carried.decided_at) == ("1.0", base.decided_at)
    # The older credential and its decision are as they were.
    assert queries.decision(org.id, base.id) == base


def test_a_failed_bridge_does_not_pass_by_what_counts_on(org, base, newer):
    with at(days(40)):
        enrolment, actor = begun(org, base, newer)
        work = handed_in(org, enrolment, actor)
        judged(org, work, 1)
        with pytest.raises(Invalid, match="not passed"):
            decide(org, work, "passed")
        assert decide(org, work, "not_passed").outcome == "not_passed"


def test_nothing_else_is_taken_and_nothing_else_is_judged(org, base, newer):
    with at(days(40)):
        enrolment, actor = begun(org, base, newer)
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        place = {"by": actor, "org_id": org.id, "submission_id": work.id}
        with pytest.raises(NotFound, match="asks for no such evidence"):
            actions.add_text(**place, requirement_id="e1", text="an export")
        with pytest.raises(Invalid) as refused:
            actions.submit(**place, authorship_accepted=True)
        assert [problem.field for problem in refused.value.errors] == ["e9"]
        actions.add_text(**place, requirement_id="e9", text=" ".join(["reason"] * 40))
        actions.submit(**place, authorship_accepted=True)
        item = queries.submission_detail(org.id, work.id).items[0].item.id
        with pytest.raises(Invalid, match="cannot be stored"):
            actions.assess(
                by=org.owner,
                org_id=org.id,
                submission_id=work.id,
                ratings=[RatingInput(k, 3, "Seen.", item, "line 1") for k in ("k1", "k2")],
            )


def test_a_bridge_is_no_whole_assessment_in_any_rate(org, base, newer):
    with at(days(40)):
        decision = crossed(org, base, newer)
    counts = queries.decided_counts(org.id, newer.id)
    assert (counts.assessed, counts.passed) == (0, 0)
    assert (decision.assessed_so_far, decision.passed_so_far) == (None, None)


def test_it_is_offered_while_it_is_open_and_begun_once(org, base, newer):
    actor = _actor(org, base)
    with at(days(40)):
        state = bridge_queries.state(org.id, base.id)
        assert (state.offered, state.earned, state.current) == (False, "1.0", "2.0")
        with pytest.raises(Conflict, match="has not opened a bridge"):
            actions.begin_bridge(by=actor, org_id=org.id, decision_id=base.id)
        actions.open_bridge(by=org.owner, org_id=org.id, achievement_id=base.achievement_id)
        assert bridge_queries.state(org.id, base.id).offered
        first = actions.begin_bridge(by=actor, org_id=org.id, decision_id=base.id)
        assert actions.begin_bridge(by=actor, org_id=org.id, decision_id=base.id).id == first.id
        actions.close_bridge(by=org.owner, org_id=org.id, achievement_id=base.achievement_id)
        state = bridge_queries.state(org.id, base.id)
        assert (state.offered, state.enrolment_id) == (False, first.id)
        with pytest.raises(NotFound):
            actions.close_bridge(by=org.owner, org_id=org.id, achievement_id=base.achievement_id)


def test_a_registrar_enrols_one_holder_without_opening_it(org, base, newer):
    with at(days(40)):
        enrolment = actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=base.id)
    assert (enrolment.learner_id, enrolment.source) == (base.learner_id, "bridge")


def test_it_ends_once_per_version(org, base, newer):
    with at(days(40)):
        crossed(org, base, newer)
        with pytest.raises(Conflict, match="has ended already"):
            actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=base.id)


def test_nothing_leads_back_or_to_the_same_version(org, base, newer):
    with at(days(40)):
        decision = crossed(org, base, newer)
        with pytest.raises(Conflict, match=r"2\.0 is the one that was passed"):
            actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=decision.id)


def test_no_bridge_is_built_on_a_revoked_or_suspended_credential(org, base, newer):
    with at(days(20)):
        award = issue.award_for_decision(by=org.owner, org_id=org.id, decision_id=base.id)
        tasks.run_until_idle()
    credential = of_award(org, award)
    where = {"by": org.owner, "org_id": org.id, "public_id": credential.public_id}
    with at(days(40)):
        enrolment, actor = begun(org, base, newer)
        issue.suspend(**where, reason="A question is open.")
        with pytest.raises(Conflict, match="does not count any more"):
            actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        issue.reinstate(**where, reason="It was answered.")
        work = handed_in(org, enrolment, actor)
        judged(org, work, 3)
        issue.revoke(**where, reason="The work was somebody else's.")
        with pytest.raises(Conflict, match="does not count any more"):
            decide(org, work, "passed")
    assert not Decision.objects.for_org(org.id).filter(submission_id=work.id).exists()


def test_results_that_are_too_old_are_not_built_on(org, base, newer):
    months = newer.standard.validity_months
    assert months, "the built standard has a period"
    end = add_months(base.decided_at, months)
    with at(end - timedelta(seconds=1)):
        assert actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=base.id)
    with at(end):
        assert bridge_queries.state(org.id, base.id).offered is False
        Decision.objects.for_org(org.id).get(id=base.id).bridges.all().delete()
        with pytest.raises(Conflict, match="counted until"):
            actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=base.id)


def test_the_credential_says_what_was_carried_over_and_ends_with_it(org, base, newer):
    with at(days(100)):
        decision = crossed(org, base, newer)
        award = issue.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
        tasks.run_until_idle()
    credential = of_award(org, award)
    months = newer.standard.validity_months
    assert months
    assert credential.valid_until == add_months(base.decided_at, months)
    text = credential.body.decode()
    day = base.decided_at.date().isoformat()
    assert text.count(f"decided on {day} under version 1.0") == 2
    page = Client().get(credential.path).content.decode()
    assert f"decided on {day} under version 1.0" in page
    assert "Carried over from an earlier decision" in page


def test_holders_are_told_once_and_only_those_of_an_older_bar(org, base, newer):
    with at(days(40)):
        decided(org, version=newer, learner=org.learner("Bo Lind"))
        mail.outbox.clear()
        assert [row.holders for row in bridge_queries.rows(org.id)] == [1]
        for _ in range(2):
            actions.open_bridge(by=org.owner, org_id=org.id, achievement_id=base.achievement_id)
        tasks.run_until_idle()
    told = [message for message in mail.outbox if "What changed" in message.subject]
    assert [message.to for message in told] == [[_email(org, base)]]
    assert "/bridge" in told[0].body


def _email(org: Any, base: DecisionView) -> str:
    return people.learner(org.id, base.learner_id).email


def test_another_organisation_sees_and_does_nothing(org, other_org, base, newer):
    calls = (
        (actions.open_bridge, {"achievement_id": base.achievement_id}),
        (actions.close_bridge, {"achievement_id": base.achievement_id}),
        (actions.begin_bridge, {"decision_id": base.id}),
        (actions.set_standing, {"decision_id": base.id, "counts": False}),
    )
    for action, where in calls:
        with pytest.raises(NotFound):
            action(by=other_org.owner, org_id=other_org.id, **where)
        with pytest.raises(NotFound):
            action(by=other_org.owner, org_id=org.id, **where)
    stranger = learner_actor(org.learner("Bo Lind"))
    with pytest.raises(NotFound):
        actions.begin_bridge(by=stranger, org_id=org.id, decision_id=base.id)
    assert bridge_queries.rows(other_org.id) == []


def test_nobody_is_counted_or_told_whose_results_are_too_old(org, base, newer):
    months = newer.standard.validity_months
    assert months
    end = add_months(base.decided_at, months)
    with at(end - timedelta(days=1)):
        assert [row.holders for row in bridge_queries.rows(org.id)] == [1]
    with at(end + timedelta(days=1)):
        assert bridge_queries.rows(org.id) == []
        assert list(bridge_queries.holders(org.id, base.achievement_id)) == []


def test_what_was_weaker_before_stays_weaker_over_a_bridge(org, base, newer):
    """Or a bridge would make more of the earlier results than they are."""
    second, third = org.member("assessor", name="second"), org.member("assessor", name="third")
    with at(days(40)):
        enrolment, actor = begun(org, base, newer)
        work = handed_in(org, enrolment, actor)
        judged(org, work, 3)
        item = queries.submission_detail(org.id, work.id).items[0].item.id
        rating = RatingInput("k2", 3, "Each branch has its reason.", item, "line 1")
        actions.assess(by=second, org_id=org.id, submission_id=work.id, ratings=[rating])
        decision = actions.decide(
            by=third, org_id=org.id, submission_id=work.id, outcome="passed", feedback="Two agree."
        )
    assert base.judges == 1
    assert decision.judges == 1
    assert set(base.weaknesses) <= set(decision.weaknesses)
    assert decision.same_outcome_so_far == 0
    row = Decision.objects.for_org(org.id).get(id=decision.id)
    assert row.same_outcome is None


def test_a_bridge_begins_at_the_newest_version_that_was_passed(org, base, newer):
    """Or each older pass would give another set of attempts."""
    with at(days(40)):
        decision = crossed(org, base, newer)
    with at(days(60)):
        third = successor(
            org, newer, criteria=[*newer.standard.model_dump()["criteria"], criterion("k9", "Consent")]
        )
    with at(days(70)):
        with pytest.raises(Conflict, match="A newer version has been passed since"):
            actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=base.id)
        assert bridge_queries.state(org.id, base.id).current == ""
        begun_now = actions.begin_bridge(by=org.owner, org_id=org.id, decision_id=decision.id)
        assert queries.bridge_plan(begun_now, third).earned.number == "2.0"


def test_what_rests_on_a_decision_that_was_set_aside_counts_no_more(org, base, newer):
    with at(days(40)):
        decision = crossed(org, base, newer)
        assert not queries.decision(org.id, decision.id).set_aside
        actions.set_standing(by=org.owner, org_id=org.id, decision_id=base.id, counts=False)
        assert queries.decision(org.id, decision.id).set_aside
        with pytest.raises(Conflict, match="does not count any more"):
            issue.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
