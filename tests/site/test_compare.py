"""The public comparison of two versions: readable by anybody, for people and for programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.html import strip_tags

from guildmark.design import actions, lowering, queries
from guildmark.kernel.clock import at
from tests.design.builders import publishable_content, published, successor
from tests.design.test_lowering import REASON, agreed, publish, reworded

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def lowered(org):
    """Version 1.1, whose class two people lowered."""
    second = org.member("designer", name="Second")
    draft = reworded(org)
    agreed(org, draft, second)
    return publish(org, draft)


def test_an_outsider_reads_what_changed_who_published_it_and_what_a_holder_would_have_to_show(org):
    first = published(org)
    criteria = publishable_content()["criteria"]
    criteria[0]["descriptors"][2] = "Trigger logic: Complete and tested."
    second = successor(org, first, note="Testing is asked for.", criteria=criteria)
    response = Client().get(f"/s/{first.slug}/diff/1.0..2.0")
    shown = words(response)
    assert response.status_code == 200
    assert "The bar changed" in shown
    assert "Complete and [removed: right] [added: tested] ." in shown
    assert "Decision forces a new major version" in shown
    assert "Testing is asked for." in shown
    assert re.search(r"published \d+ \w+ \d{4} by Owner", shown)
    assert "Trigger logic must pass – what its levels mean changed" in shown
    assert "2 earlier results carry over" in shown
    assert first.core_hash in shown
    assert second.core_hash in shown


def test_a_lowered_class_is_told_on_the_comparison_the_changelog_and_as_json(lowered):
    client = Client()
    compared = words(client.get(f"/s/{lowered.slug}/diff/1.0..1.1"))
    assert f"Lowered from major to minor. {REASON}" in compared
    assert "Asked by Owner" in compared
    assert re.search(r"agreed by Second on \d+ \w+ \d{4}\.", compared)
    changelog = words(client.get(f"/s/{lowered.slug}"))
    assert f"Lowered from major to minor: {REASON} (asked by Owner, agreed by Second," in changelog
    assert client.get(f"/s/{lowered.slug}/v/1.1.json").json()["lowering"]["agreedBy"] == "Second"
    assert client.get(f"/s/{lowered.slug}/diff/1.0..1.1.json").json()["to"]["lowering"]["reason"] == REASON


def test_the_changelog_leads_to_the_comparison(org):
    first = published(org)
    successor(org, first, summary="Clearer.")
    page = Client().get(f"/s/{first.slug}").content.decode()
    assert f'href="/s/{first.slug}/diff/1.0..1.1"' in page


def test_programs_get_the_same_as_json_by_address_and_by_accept(org):
    first = published(org)
    successor(org, first, pass_level=4)
    client = Client()
    by_address = client.get(f"/s/{first.slug}/diff/1.0..2.0.json")
    by_accept = client.get(f"/s/{first.slug}/diff/1.0..2.0", headers={"Accept": "application/json"})
    told = by_address.json()
    assert told == by_accept.json()
    assert by_address["Access-Control-Allow-Origin"] == "*"
    assert (told["from"]["version"], told["to"]["version"], told["forces"]) == ("1.0", "2.0", "major")
    assert told["changes"] == [{"path": "pass_level", "class": "decision", "from": 3, "to": 4}]
    assert [row["id"] for row in told["bridge"]["criteria"]] == ["k1", "k2", "k3"]


def test_what_was_published_between_is_listed(org):
    first = published(org)
    second = successor(org, first, note="Clearer words.", summary="Clearer.")
    successor(org, second, note="A higher level.", pass_level=4)
    shown = words(Client().get(f"/s/{first.slug}/diff/1.0..2.0"))
    assert shown.index("A higher level.") < shown.index("Clearer words.")


def test_the_older_version_comes_first_whatever_the_address_says(org):
    first = published(org)
    successor(org, first, pass_level=4)
    turned = Client().get(f"/s/{first.slug}/diff/2.0..1.0")
    assert (turned.status_code, turned["Location"]) == (302, f"/s/{first.slug}/diff/1.0..2.0")


@pytest.mark.parametrize("ends", ["1.0..1.0", "1.0..9.0", "1.0..draft", "x..y", "1.0...2.0"])
def test_anything_but_two_published_versions_is_not_found(org, ends):
    first = published(org)
    actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    assert Client().get(f"/s/{first.slug}/diff/{ends}").status_code == 404
    assert Client().get(f"/s/{first.slug}/diff/{ends}.json").status_code == 404


def test_a_draft_is_never_shown(org):
    first = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
    )
    assert lowering.of_draft(org.id, draft.id) is None
    assert "draft" not in words(Client().get(f"/s/{first.slug}"))


def test_an_announced_version_is_public_before_it_counts(org):
    with at(datetime(2026, 3, 2, tzinfo=UTC)):
        first = published(org)
        draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
        actions.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
        )
        actions.publish(
            by=org.owner,
            org_id=org.id,
            version_id=draft.id,
            update_note="A higher level.",
            effective_at=datetime(2026, 6, 1, tzinfo=UTC),
            transition_until=datetime(2026, 9, 1, tzinfo=UTC),
        )
        client = Client()
        assert "Standard 1.0" in words(client.get(f"/s/{first.slug}"))
        assert "In force from 1 June 2026" in words(client.get(f"/s/{first.slug}"))
        assert "This version is announced" in words(client.get(f"/s/{first.slug}/v/2.0"))
        assert "handed in until 1 September 2026, 00:00 UTC" in words(
            client.get(f"/s/{first.slug}/diff/1.0..2.0")
        )
        assert queries.latest_published(first.slug).number == "1.0"
    with at(datetime(2026, 6, 1, tzinfo=UTC)):
        assert "Standard 2.0" in words(Client().get(f"/s/{first.slug}"))


def test_many_versions_do_not_make_the_pages_ask_more(org, django_assert_max_num_queries):
    from django.contrib.auth import get_user_model
    from django.urls import reverse

    view = published(org)
    for number in range(12):
        tools = [{"kind": "tool", "name": "Mailwright", "version": str(number)}]
        view = successor(org, view, context=tools)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
    )
    with django_assert_max_num_queries(30):
        assert Client().get(f"/s/{view.slug}/diff/1.0..13.0").status_code == 200
    with django_assert_max_num_queries(30):
        assert Client().get(f"/s/{view.slug}").status_code == 200
    author = Client()
    author.force_login(get_user_model().objects.get(pk=org.owner_id))
    with django_assert_max_num_queries(30):
        assert author.get(reverse("standard_publish", args=[org.slug, view.slug])).status_code == 200
