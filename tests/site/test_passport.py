"""Earned on one version, current is another: what the public page and the holder's page say (M14, UP9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guildmark.design import actions, queries
from guildmark.design.passport import passport
from guildmark.kernel.clock import at, now
from tests.design.builders import criterion, successor
from tests.issue.builders import issued

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def changed(org: Any, credential: Any, **members: Any) -> Any:
    return successor(org, queries.version(org.id, credential.version_id), **members)


def own_page(org: Any, credential: Any) -> str:
    from guildmark.people.models import Learner

    user = org.user("ada")
    Learner.objects.for_org(org.id).filter(id=credential.learner_id).update(user_id=user)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user))
    response = client.get(reverse("shelf_credential", args=[credential.public_id]))
    assert response.status_code == 200
    return words(response)


def test_on_the_present_version_there_is_nothing_to_compare(org):
    credential = issued(org)
    assert passport(org.id, credential.version_id) is None
    assert "Then and now" not in words(Client().get(credential.path))


def test_an_employer_reads_what_the_bar_of_today_asks_differently(org):
    credential = issued(org)
    standard = queries.version(org.id, credential.version_id).standard
    criteria = [c.model_dump(mode="json") for c in standard.criteria]
    newer = changed(org, credential, criteria=[*criteria, criterion("k9", "Consent")], audience="All.")
    response = Client().get(credential.path)
    shown = words(response)
    assert "Earned on version 1.0; version 2.0 is current." in shown
    assert "Criterion “Consent” added; decision" in shown
    assert "And 1 smaller change without effect on the bar." in shown
    assert f'href="/s/{newer.slug}/diff/1.0..2.0"' in response.content.decode()
    assert "Consent must pass – it is new Shown with: Sequence export. 3 earlier results carry over." in shown
    assert 'data-state="valid"' in response.content.decode()
    assert 'data-warning="newer_standard"' in response.content.decode()


def test_the_holder_reads_the_same_with_their_own_results(org):
    credential = issued(org)
    changed(org, credential, pass_level=4)
    outsider = words(Client().get(credential.path))
    assert "the level that passes is higher" in outsider
    shown = own_page(org, credential)
    assert "Earned on version 1.0; version 2.0 is current." in shown
    assert "Your credential stays valid for what it was." in shown


def test_a_minor_version_says_that_the_bar_is_the_same(org):
    credential = issued(org)
    changed(org, credential, summary="Clearer words.")
    shown = words(Client().get(credential.path))
    assert "version 1.1 is current. The bar is the same; only words or upkeep changed." in shown
    assert "What would still have to be shown" not in shown


def test_an_announced_version_shows_on_the_credential_from_its_day(org):
    credential = issued(org)
    view = queries.version(org.id, credential.version_id)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
    )
    day = now() + timedelta(days=30)
    actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="A higher level.", effective_at=day
    )
    assert "Then and now" not in words(Client().get(credential.path))
    with at(day):
        assert "version 2.0 is current" in words(Client().get(credential.path))


def test_with_the_results_of_a_holder_the_bridge_is_theirs(org):
    credential = issued(org)
    newer = changed(org, credential, pass_level=4)
    standard = newer.standard
    levels = {one.id: 4 for one in standard.criteria}
    found = passport(org.id, credential.version_id, levels)
    assert found is not None
    assert found.bridge.is_empty
    told = found.as_json()
    assert (told["earned"], told["current"], told["changed"]) == ("1.0", "2.0", ["Pass level"])
