"""The days for work under an older version, as a rule of the organisation (UP5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from guildmark.design import actions, queries
from guildmark.design.types import Rules
from guildmark.kernel import audit
from guildmark.kernel.clock import at
from guildmark.kernel.problems import Invalid
from tests.design.builders import published, successor

pytestmark = pytest.mark.django_db
SAME = {"impostor_once": 0.01, "impostor_with_retakes": 0.03, "jargon": []}
SENT = {"impostor_once": "1", "impostor_with_retakes": "3", "jargon": ""}


@pytest.fixture
def owner(org, client):
    client.force_login(get_user_model().objects.get(id=org.owner_id))
    return client


def test_the_days_are_set_on_the_page_of_the_rules_and_bind_the_next_publication(org, owner):
    page = reverse("standard_rules", args=[org.slug])
    assert 'name="transition_days" value="60"' in owner.get(page).content.decode()
    assert owner.post(page, {**SENT, "transition_days": "14"}).status_code == 303
    assert queries.rules(org.id) == Rules(transition_days=14)
    with at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        newer = successor(org, published(org), pass_level=4)
    assert newer.transition_until == datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize("days", ["-1", "3651", "", "many"])
def test_days_that_cannot_be_are_refused_at_their_field_with_what_was_typed_kept(org, owner, days):
    answer = owner.post(reverse("standard_rules", args=[org.slug]), {**SENT, "transition_days": days})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_transition_days"' in shown
    assert f'value="{days}"' in shown or not days
    assert queries.rules(org.id) == Rules()


def test_a_change_of_the_days_is_recorded_and_the_same_again_is_none(org):
    for days in (0, 0):
        actions.set_rules(by=org.owner, org_id=org.id, **SAME, transition_days=days)
    chain = audit.history(org.id, subject_type="organisation", subject_id=org.id)
    (change,) = [event for event in chain if event.action == "design.rules_set"]
    assert change.data["transition_days"] == [60, 0]
    assert audit.verify_chain(org.id).intact


def test_without_the_days_the_other_rules_leave_them(org):
    actions.set_rules(by=org.owner, org_id=org.id, **SAME, transition_days=90)
    actions.set_rules(by=org.owner, org_id=org.id, **{**SAME, "jargon": ["ESP"]})
    assert queries.rules(org.id) == Rules(jargon=("ESP",), transition_days=90)


@pytest.mark.parametrize("days", [-1, 3651])
def test_the_action_refuses_days_outside_the_limits(org, days):
    with pytest.raises(Invalid) as refused:
        actions.set_rules(by=org.owner, org_id=org.id, **SAME, transition_days=days)
    assert [one.field for one in refused.value.errors] == ["transition_days"]


def test_with_no_days_the_older_version_ends_when_the_new_one_begins(org):
    actions.set_rules(by=org.owner, org_id=org.id, **SAME, transition_days=0)
    with at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        newer = successor(org, published(org), pass_level=4)
    assert newer.transition_until == newer.effective_at


def test_rules_of_ten_years_do_not_stand_in_the_way_of_a_publication(org):
    actions.set_rules(by=org.owner, org_id=org.id, **SAME, transition_days=3650)
    newer = successor(org, published(org), pass_level=4)
    assert newer.transition_until - newer.effective_at == timedelta(days=3650)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=newer.achievement_id)
    draft = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 3}, revision=None
    )
    with pytest.raises(Invalid, match="three years"):
        actions.publish(
            by=org.owner,
            org_id=org.id,
            version_id=draft.id,
            update_note="Lower.",
            transition_until=newer.effective_at + timedelta(days=3700),
        )
