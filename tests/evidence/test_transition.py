"""Who agreed to a bar is judged by it until its window ends; then the newer one has to be read first (UP5, C9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guildmark.assess.evidence import actions, queries
from guildmark.design import actions as design_actions
from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.kernel import audit
from guildmark.kernel.clock import at
from guildmark.kernel.problems import Conflict
from tests.design.builders import criterion, publishable_content, published
from tests.evidence.builders import enrolled, fill, learner_actor

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MIND = {
    "id": "e9",
    "title": "Reasons",
    "brief": "Why each branch is there.",
    "kind": "text",
    "form": "repaired",
    "variants": 8,
}


def days(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def first(org):
    with at(START):
        return published(org)


@pytest.fixture
def learner(org, first):
    """Somebody who agreed to 1.0 on the first day."""
    with at(days(1)):
        return enrolled(org, first)


def following(org: Any, first: VersionView, **dates: Any) -> VersionView:
    """Version 2.0: the log is no longer asked for, written reasons are."""
    draft = design_actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    content = publishable_content()
    content["evidence"][1] = MIND
    content["criteria"][1] = criterion("k2", "Reasons", competencies=["c2"], evidence=["e9"])
    design_actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={name: content[name] for name in ("evidence", "criteria")},
        revision=None,
    )
    return design_actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="Reasons instead of a log.", **dates
    )


def agree(org: Any, enrolment: Any, actor: Any, version: VersionView) -> Any:
    return actions.acknowledge_bar(
        by=actor,
        org_id=org.id,
        enrolment_id=enrolment.id,
        version_id=version.id,
        core_hash=version.core_hash,
    )


def test_within_the_window_the_agreed_version_is_handed_in_and_judged(org, first, learner):
    enrolment, actor = learner
    with at(days(10)):
        following(org, first, transition_until=days(50))
    with at(days(49)):
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        fill(actor, work, first)
        done = actions.submit(by=actor, org_id=org.id, submission_id=work.id, authorship_accepted=True)
    assert (done.version_id, done.state) == (first.id, "submitted")


def test_after_the_window_nothing_is_handed_in_before_the_newer_bar_is_read(org, first, learner):
    enrolment, actor = learner
    with at(days(5)):
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        fill(actor, work, first)
    with at(days(10)):
        second = following(org, first, transition_until=days(50))
    with at(days(50)):
        with pytest.raises(Conflict, match=r"counted until 21 April 2026.*09:00"):
            actions.submit(by=actor, org_id=org.id, submission_id=work.id, authorship_accepted=True)
        agree(org, enrolment, actor, second)
        assert queries.submission(org.id, work.id).version_id == second.id
        held = [one.item.requirement_id for one in queries.submission_detail(org.id, work.id).items]
        assert held == ["e1"]
        actions.add_text(
            by=actor, org_id=org.id, submission_id=work.id, requirement_id="e9", text="Every branch ends."
        )
        done = actions.submit(by=actor, org_id=org.id, submission_id=work.id, authorship_accepted=True)
    assert (done.version_id, done.state) == (second.id, "submitted")
    last = audit.history(org.id, subject_type="enrolment", subject_id=enrolment.id)[-1]
    assert (last.action, last.data["left_out"]) == ("evidence.bar_acknowledged", 1)


def test_within_the_window_open_work_stays_under_the_version_agreed_to(org, first, learner):
    enrolment, actor = learner
    with at(days(5)):
        actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    with at(days(10)):
        second = following(org, first, transition_until=days(50))
        with pytest.raises(Conflict, match="under way"):
            agree(org, enrolment, actor, second)


def test_after_the_window_no_attempt_begins_under_the_older_version(org, first, learner):
    enrolment, actor = learner
    with at(days(10)):
        second = following(org, first, transition_until=days(50))
    with at(days(51)):
        with pytest.raises(Conflict, match="counted until"):
            actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        agree(org, enrolment, actor, second)
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    assert work.version_id == second.id


def test_work_that_was_handed_in_within_the_window_keeps_its_version_after_it(org, first, learner):
    enrolment, actor = learner
    with at(days(5)):
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        fill(actor, work, first)
        actions.submit(by=actor, org_id=org.id, submission_id=work.id, authorship_accepted=True)
    with at(days(10)):
        second = following(org, first, transition_until=days(11))
    with at(days(12)):
        with pytest.raises(Conflict, match="under way"):
            agree(org, enrolment, actor, second)
        assert queries.submission(org.id, work.id).version_id == first.id


def test_until_the_day_of_the_newer_version_new_learners_agree_to_the_older_one(org, first):
    with at(days(10)):
        second = following(org, first, effective_at=days(30), transition_until=days(50))
        early, actor = enrolled(org, first, org.learner("Early Bird"))
        assert early.version_id == first.id
        with pytest.raises(Conflict, match=r"not the bar yet; version 1\.0 is"):
            agree(org, early, actor, second)
    with at(days(31)):
        learner = org.learner("Late Riser")
        late = actions.enrol(
            by=org.owner,
            org_id=org.id,
            achievement_id=first.achievement_id,
            email=learner.email,
            name=learner.name,
        )
        with pytest.raises(Conflict, match=r"not the bar any more; version 2\.0 is"):
            agree(org, late, learner_actor(learner), first)
        assert agree(org, late, learner_actor(learner), second).version_id == second.id


def words(client: Client, name: str, enrolment: Any) -> str:
    response = client.get(reverse(name, args=[enrolment.id]))
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def test_the_pages_of_the_learner_say_until_when_which_version_counts(org, first, learner, client):
    enrolment, _ = learner
    user = org.user("ada")
    _own_the_learner(org, enrolment, user)
    client.force_login(get_user_model().objects.get(pk=user))
    with at(days(5)):
        assert "judged by version 1.0" not in words(client, "work", enrolment)
    with at(days(10)):
        following(org, first, effective_at=days(30), transition_until=days(50))
    with at(days(20)):
        for name in ("programme", "work", "work_hand_in"):
            shown = words(client, name, enrolment)
            assert "You are judged by version 1.0 if you hand in until 21 April 2026, 09:00 UTC." in shown
            assert "who joins from 1 April 2026 has that one from the start" in shown
    with at(days(50)):
        for name in ("programme", "work", "work_hand_in", "bar"):
            shown = words(client, name, enrolment)
            assert "Version 1.0 counted until 21 April 2026, 09:00 UTC. Read version 2.0 and agree" in shown
        assert "The bar, version 2.0" in words(client, "bar", enrolment)


def _own_the_learner(org: Any, enrolment: Any, user: Any) -> None:
    from guildmark.people.models import Learner

    Learner.objects.for_org(org.id).filter(id=enrolment.learner_id).update(user_id=user)


def test_a_minor_version_ends_nothing(org, first, learner):
    enrolment, actor = learner
    with at(days(10)):
        draft = design_actions.start_new_version(
            by=org.owner, org_id=org.id, achievement_id=first.achievement_id
        )
        design_actions.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, content={"summary": "Clearer."}, revision=None
        )
        design_actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note="Clearer.")
    with at(days(2000)):
        work = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
        fill(actor, work, first)
        done = actions.submit(by=actor, org_id=org.id, submission_id=work.id, authorship_accepted=True)
    assert design.version(org.id, done.version_id).number == "1.0"
