"""Joining, and agreeing to the bar before any work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guildmark.assess.evidence import actions, queries
from guildmark.kernel import audit, clock
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, Forbidden, Gone, Invalid, NotFound
from guildmark.people import queries as people
from tests.design.builders import drafted, published, successor
from tests.evidence.builders import enrolled, learner_actor, submitted

pytestmark = pytest.mark.django_db


def test_a_person_joins_by_a_link_once(org, version):
    link = actions.open_link(
        by=org.owner, org_id=org.id, achievement_id=version.achievement_id, label="Autumn"
    )
    person = org.user("ada")
    first = actions.enrol_by_link(user_id=person, token=link.token, name="Ada Moreno")
    again = actions.enrol_by_link(user_id=person, token=link.token, name="Ada Moreno")
    assert first.id == again.id
    assert first.source == "link"
    assert people.learner(org.id, first.learner_id).user_id == person
    assert queries.links(org.id)[0].joined == 1
    assert OutboxEvent.objects.filter(kind="evidence.enrolled").count() == 1


def test_a_closed_link_takes_nobody_and_says_so(org, version):
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    actions.close_link(by=org.owner, org_id=org.id, link_id=link.id)
    with pytest.raises(Gone, match="closed"):
        actions.enrol_by_link(user_id=org.user("ada"), token=link.token, name="Ada")
    with pytest.raises(Conflict):
        actions.close_link(by=org.owner, org_id=org.id, link_id=link.id)


def test_open_enrolment_has_one_link_that_the_bar_page_shows(org, version):
    assert queries.open_enrolment(org.id, version.achievement_id) is None
    given = {
        "by": org.owner,
        "org_id": org.id,
        "achievement_id": version.achievement_id,
        "open_enrolment": True,
    }
    assert actions.open_link(**given).id == actions.open_link(**given).id
    found = queries.open_enrolment(org.id, version.achievement_id)
    assert found is not None
    joined = actions.enrol_by_link(user_id=org.user("ada"), token=found.token, name="Ada")
    assert joined.source == "open"


def test_nobody_joins_what_has_no_published_bar(org):
    draft = drafted(org)
    with pytest.raises(Conflict, match="no published standard"):
        actions.open_link(by=org.owner, org_id=org.id, achievement_id=draft.achievement_id)


def test_an_assessor_does_not_enrol(org, version):
    with pytest.raises(Forbidden):
        actions.enrol(
            by=org.member("assessor"),
            org_id=org.id,
            achievement_id=version.achievement_id,
            email="ada@learner.example",
            name="Ada",
        )


def test_a_list_is_tried_first_and_then_enrolled(org, version):
    org.learner("Bo Lindqvist")
    text = "email;name\nada@learner.example;Ada Moreno\nbo@learner.example;Bo\n"
    given = {"by": org.owner, "org_id": org.id, "achievement_id": version.achievement_id, "csv_text": text}
    tried = actions.import_learners(**given)
    assert [(row.line, row.state) for row in tried.rows] == [(2, "new"), (3, "known")]
    assert queries.enrolments(org.id) == []
    assert people.learner_by_email(org.id, "ada@learner.example") is None
    actions.import_learners(**given, dry_run=False)
    assert {row.source for row in queries.enrolments(org.id)} == {"csv"}
    again = actions.import_learners(**given)
    assert [row.state for row in again.rows] == ["enrolled", "enrolled"]
    assert audit.verify_chain(org.id).intact


def test_bad_lines_of_a_list_are_named_and_nothing_is_half_enrolled(org, version):
    text = (
        "name,email\nAda Moreno,ada@learner.example\nNo Address,not-an-address\n,empty@learner.example\n"
        "Ada Again,ADA@learner.example\n"
        + "n" * 10_000
        + ",long@learner.example\nTurn\u202eed,rlo@learner.example\n"
    )
    given = {"by": org.owner, "org_id": org.id, "achievement_id": version.achievement_id, "csv_text": text}
    tried = actions.import_learners(**given)
    assert [row.line for row in tried.problems] == [3, 4, 5, 6, 7]
    assert "line 2" in tried.problems[2].problem
    with pytest.raises(Invalid, match="5 of 6 lines"):
        actions.import_learners(**given, dry_run=False)
    assert queries.enrolments(org.id) == []
    actions.import_learners(**given, dry_run=False, skip_bad=True)
    assert len(queries.enrolments(org.id)) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "columns email and name"),
        ("mail,name\na@b.example,A", "columns email and name"),
        ("email,name\n", "nobody"),
    ],
)
def test_a_file_that_is_no_list_is_refused(org, version, text, reason):
    with pytest.raises(Invalid, match=reason):
        actions.import_learners(
            by=org.owner, org_id=org.id, achievement_id=version.achievement_id, csv_text=text
        )


def test_the_bar_is_acknowledged_with_its_published_hash(org, version):
    enrolment, _ = enrolled(org, version)
    assert enrolment.core_hash == version.core_hash
    assert enrolment.acknowledged_at is not None


def acknowledge(org, enrolment, version, core_hash):
    return actions.acknowledge_bar(
        by=learner_actor(people.learner(org.id, enrolment.learner_id)),
        org_id=org.id,
        enrolment_id=enrolment.id,
        version_id=version.id,
        core_hash=core_hash,
    )


def test_another_hash_a_draft_and_an_older_version_are_not_acknowledged(org, version):
    enrolment = actions.enrol(
        by=org.owner,
        org_id=org.id,
        achievement_id=version.achievement_id,
        email="a@learner.example",
        name="A",
    )
    with pytest.raises(Conflict, match="fingerprint"):
        acknowledge(org, enrolment, version, "sha256:" + "0" * 64)
    newer = successor(org, version, validity_months=12)
    with pytest.raises(Conflict, match="is not the bar any more"):
        acknowledge(org, enrolment, version, version.core_hash)
    other = published(org, title="Another one")
    with pytest.raises(NotFound):
        acknowledge(org, enrolment, other, other.core_hash)
    assert acknowledge(org, enrolment, newer, newer.core_hash).version_id == newer.id


def test_a_draft_is_not_acknowledged(org):
    first = published(org)
    enrolment = actions.enrol(
        by=org.owner, org_id=org.id, achievement_id=first.achievement_id, email="a@learner.example", name="A"
    )
    from guildmark.design import actions as design

    draft = design.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    with pytest.raises(Conflict, match="not published"):
        acknowledge(org, enrolment, draft, draft.core_hash)


def test_the_bar_does_not_move_under_work_that_waits(org, version):
    submission = submitted(org, version)
    newer = successor(org, version, validity_months=12)
    enrolment = queries.enrolment(org.id, submission.enrolment_id)
    with pytest.raises(Conflict, match="under way"):
        acknowledge(org, enrolment, newer, newer.core_hash)
    assert queries.submission(org.id, submission.id).version_id == version.id


def test_work_before_publication_is_refused_even_when_the_clock_goes_back(org, version):
    enrolment = actions.enrol(
        by=org.owner,
        org_id=org.id,
        achievement_id=version.achievement_id,
        email="a@learner.example",
        name="A",
    )
    assert version.published_at is not None
    with (
        clock.at(version.published_at - timedelta(days=1)),
        pytest.raises(Conflict, match="after this moment"),
    ):
        acknowledge(org, enrolment, version, version.core_hash)


def test_a_learner_withdraws_and_is_not_judged(org, version):
    enrolment, actor = enrolled(org, version)
    actions.withdraw(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    with pytest.raises(Conflict):
        actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
