"""Which version is in force at which moment, and how long an older one still counts (UP5, C9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guildmark.design import actions, queries
from guildmark.design.models import OrgRules
from guildmark.design.types import VersionView
from guildmark.kernel.clock import at
from guildmark.kernel.problems import Conflict, Invalid
from tests.design.builders import published

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def days(number: float) -> datetime:
    return START + number * DAY


def major(org: Any, view: VersionView, title: str, **dates: Any) -> VersionView:
    """The next major version: its tool has another version."""
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    tools = [{"kind": "tool", "name": "Mailwright", "version": title}]
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"context": tools}, revision=None
    )
    return actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="The new release.", **dates
    )


@pytest.fixture
def first(org):
    with at(START):
        return published(org)


def present(org: Any, view: VersionView, moment: datetime) -> str:
    with at(moment):
        return queries.achievement(org.id, view.achievement_id).published_number


def test_a_version_counts_at_once_with_the_window_of_the_rules(org, first):
    with at(days(10)):
        second = major(org, first, "5.0")
    assert (second.effective_at, second.transition_until) == (days(10), days(70))
    assert present(org, first, days(9)) == "1.0"
    assert present(org, first, days(10)) == "2.0"


def test_the_rules_of_the_organisation_set_the_window(org, first):
    OrgRules.objects.create(org_id=org.id, transition_days=14)
    with at(days(10)):
        assert major(org, first, "5.0").transition_until == days(24)


def test_until_its_date_an_announced_version_leaves_the_older_one_in_force(org, first):
    with at(days(10)):
        second = major(org, first, "5.0", effective_at=days(30), transition_until=days(50))
        assert second.state == "scheduled"
        assert queries.version(org.id, first.id).state == "published"
        assert queries.latest_published(first.slug).number == "1.0"
        assert [v.number for v in queries.published_achievements(org.id)] == ["1.0"]
        assert [v.number for v in queries.public_versions(first.slug)] == ["2.0", "1.0"]
        assert queries.published_version(first.slug, "2.0").state == "scheduled"
    with at(days(30)):
        assert queries.version(org.id, second.id).state == "published"
        assert queries.version(org.id, first.id).state == "superseded"
        assert queries.latest_published(first.slug).number == "2.0"
        assert [v.number for v in queries.published_achievements(org.id)] == ["2.0"]


def test_exactly_one_version_is_in_force_at_any_moment_however_the_dates_cross(org, first):
    with at(days(10)):
        second = major(org, first, "5.0", effective_at=days(40))
    with at(days(20)):
        third = major(org, second, "6.0", effective_at=days(30))
    found = [present(org, first, days(n)) for n in (1, 15, 29, 30, 39, 41, 100)]
    assert found == ["1.0", "1.0", "1.0", "3.0", "3.0", "3.0", "3.0"]
    with at(days(35)):
        assert queries.version(org.id, second.id).state == "superseded"
        assert queries.version(org.id, third.id).state == "published"


def test_the_dates_stand_in_the_public_document_outside_of_the_core(org, first):
    with at(days(10)):
        second = major(org, first, "5.0", effective_at=days(30), transition_until=days(50))
        document = queries.standard_document(second)
    assert (document["effectiveAt"], document["transitionUntil"]) == (
        "2026-04-01T09:00:00Z",
        "2026-04-21T09:00:00Z",
    )
    assert not {"effectiveAt", "transitionUntil", "effective_at"} & set(document["core"])


def test_an_older_bar_counts_until_the_first_window_of_a_later_major_version_ends(org, first):
    with at(days(10)):
        second = major(org, first, "5.0", transition_until=days(50))
        third = major(org, second, "6.0", transition_until=days(40))
    found = queries.window(first)
    assert (found.until, found.number, found.effective_at) == (days(40), "3.0", days(10))
    assert (found.ended(days(39)), found.ended(days(40))) == (False, True)
    assert queries.window(second).until == days(40)
    assert queries.window(third).until is None


def test_a_minor_version_opens_no_window(org, first):
    with at(days(10)):
        draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
        actions.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, content={"summary": "Clearer."}, revision=None
        )
        second = actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note="Clearer.")
        assert (second.number, second.transition_until) == ("1.1", None)
        assert queries.window(first).until is None


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"effective_at": days(2)}, "effective_at"),
        ({"effective_at": days(3000)}, "effective_at"),
        ({"effective_at": days(30), "transition_until": days(29)}, "transition_until"),
        ({"transition_until": days(3000)}, "transition_until"),
    ],
)
def test_impossible_dates_are_refused_by_name(org, first, dates, field):
    with at(days(10)), pytest.raises(Invalid) as refused:
        major(org, first, "5.0", **dates)
    assert refused.value.field == field


def test_the_first_version_counts_at_once(org):
    from tests.design.builders import drafted

    draft = drafted(org)
    with pytest.raises(Invalid, match="follows another"):
        actions.publish(
            by=org.owner, org_id=org.id, version_id=draft.id, effective_at=datetime(2100, 1, 1, tzinfo=UTC)
        )


def test_what_is_only_announced_is_neither_retired_nor_reviewed(org, first):
    with at(days(10)):
        second = major(org, first, "5.0", effective_at=days(30))
        with pytest.raises(Conflict, match="announced"):
            actions.retire(by=org.owner, org_id=org.id, version_id=second.id)
        with pytest.raises(Conflict, match="in force"):
            actions.mark_reviewed(by=org.owner, org_id=org.id, version_id=second.id, note="Looked at it.")
        reviewed = actions.mark_reviewed(
            by=org.owner, org_id=org.id, version_id=first.id, note="Still right."
        )
        assert reviewed.reviewed_at == days(10)


def test_the_older_one_may_be_retired_before_the_announced_one_begins(org, first):
    with at(days(10)):
        major(org, first, "5.0", effective_at=days(30))
        assert actions.retire(by=org.owner, org_id=org.id, version_id=first.id).state == "retired"
    assert present(org, first, days(20)) == ""
    assert present(org, first, days(31)) == "2.0"
