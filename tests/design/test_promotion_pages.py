"""Promoting a stack in the studio and over the API, and what another organisation finds of it (DF9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guildmark.design import actions as design
from guildmark.design import queries as standards
from guildmark.design.advisor import actions as advisor
from guildmark.design.advisor import queries as advice
from guildmark.design.models import Promotion
from guildmark.design.stacks import queries
from guildmark.design.types import VersionView
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound
from tests.design.advisor_cases import broad, read
from tests.design.builders import publishable_content, published
from tests.design.stack_cases import SECOND, member, page, promoted
from tests.design.test_api import Caller
from tests.evidence.builders import decided
from tests.people.builders import Org


@pytest.fixture
def first(org: Org) -> VersionView:
    return member(org)


@pytest.fixture
def second(org: Org) -> VersionView:
    return member(org, **SECOND)


# --- the studio


@pytest.fixture
def client(org: Org) -> Client:
    browser = Client()
    assert browser.login(email="owner@northlamp.example", password="correct-horse-7")
    return browser


def address(org: Org, name: str, *args: Any) -> str:
    return reverse(name, args=[org.slug, *args])


@pytest.mark.django_db
def test_the_page_teaches_until_there_are_two_published_standards(org, client):
    assert "A stack needs two published standards" in page(address(org, "promote"), client)


@pytest.mark.django_db
def test_from_the_choice_to_the_draft_in_the_browser(org, client, first, second):
    learner = org.learner("Grace Learner")
    decided(org, "passed", first, learner)
    where = address(org, "promote")
    assert f'value="{first.id}"' in page(where, client)
    assert client.get(where, {"members": [str(first.id)]}).status_code == 422
    chosen = f"{where}?members={first.id}&members={second.id}&must=2&other=1&hour=1"
    with CaptureQueriesContext(connection) as captured:
        html = page(chosen, client)
    assert len(captured) <= 30
    for words in (
        "1 of 1 learner passed",
        "no decisions yet",
        "1.50 h declared",
        "2 × 1 must-pass + 1 × 1 other + 1 × 0.75 h",
        "= 3.75 of 12.50 points",
        "have already shown 3 of 6 criteria",
        "It can be written now and not be published yet",
        "The claim is still to be written",
    ):
        assert words in html, words
    typed = {"title": "E-mail practitioner", "w_c1": "50", "w_c2": "20", "w_c3": "20"}
    both = client.post(chosen, {**typed, "title": ""}).content.decode()
    assert "Give it a short name." in both
    assert "The weights sum to 90" in both
    refused = client.post(chosen, typed)
    assert refused.status_code == 422
    assert "The weights sum to 90, and have to sum to 100. Give 10 percent more." in refused.content.decode()
    assert 'value="50"' in refused.content.decode()
    done = client.post(chosen, {**typed, "w_c3": "30"})
    assert done.status_code == 303
    with CaptureQueriesContext(connection) as captured:
        html = page(done["Location"], client)
    assert len(captured) <= 30
    assert "At the promotion 1 of 1 learner had passed it." in html
    (draft,) = [one for one in standards.achievements(org.id) if one.title == "E-mail practitioner"]
    blueprint = address(org, "standard_blueprint", draft.slug)
    assert blueprint == done["Location"]
    assert blueprint in page(address(org, "standard_layers", draft.slug), client)
    lines = {
        "revision": "1",
        "t_c1": "Sequences",
        "t_c2": "Faults",
        "t_c3": "Delivery",
        "w_c1": "40",
        "w_c2": "30",
    }
    assert client.post(blueprint, {**lines, "w_c3": "31"}).status_code == 422
    assert client.post(blueprint, {**lines, "w_c3": "30"}).status_code == 303
    assert "Sequences</textarea>" in page(blueprint, client)
    assert client.post(blueprint, {**lines, "w_c3": "30"}).status_code == 422
    assert client.get(address(org, "standard_blueprint", first.slug)).status_code == 404


@pytest.mark.django_db
def test_the_package_of_kept_advice_is_begun_by_promoting_its_stack(org, client):
    given = broad(capacity={"learners": 40}, competencies=4, hybrid={"stack": True})
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(given))
    assert [piece.role for piece in kept.result.pieces][-1] == "package"
    versions = []
    for place, content in enumerate((publishable_content(), {**publishable_content(), **SECOND})):
        draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id, piece=place)
        saved = design.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None
        )
        versions.append(design.publish(by=org.owner, org_id=org.id, version_id=saved.id))
    where = address(org, "advice", kept.id)
    link = f"{address(org, 'promote')}?advice={kept.id}"
    assert link in page(where, client)
    html = page(link, client)
    assert all(
        f'value="{one.id}" id="id_members_{n}" checked' in html for n, one in enumerate(reversed(versions))
    )
    chosen = f"{link}&members={versions[0].id}&members={versions[1].id}"
    typed = {"title": "The package", "w_c1": "30", "w_c2": "22", "w_c3": "48"}
    assert client.post(chosen, typed).status_code == 303
    (done,) = [one for one in standards.achievements(org.id) if one.title == "The package"]
    assert [one.role for one in advice.advice(org.id, kept.id).started] == ["stack", "stack", "package"]
    assert link not in page(where, client)
    assert {one.role for one in queries.ties(org.id, done.id).parts} == {"part"}
    with pytest.raises(Conflict, match="begun already"):
        promoted(org, *versions, advice_id=kept.id, title="Twice")
    other = advisor.keep(by=org.owner, org_id=org.id, answers=read(broad()))
    with pytest.raises(Invalid, match="not about a stack"):
        promoted(org, *versions, advice_id=other.id, title="Wrong advice")


@pytest.mark.django_db
def test_another_organisation_finds_neither_blueprint_nor_stack(org, first, second):
    draft = promoted(org, first, second)
    other = Org("southlamp")
    stranger = Client()
    assert stranger.login(email="owner@southlamp.example", password="correct-horse-7")
    for studio in (org, other):
        for method in ("get", "post"):
            answer = getattr(stranger, method)(address(studio, "standard_blueprint", draft.slug))
            assert answer.status_code == 404, (studio.slug, method)
    for title in ("Ours", "Ours as well"):
        published(other, title=title)
    chosen = stranger.get(address(other, "promote"), {"members": [str(first.id), str(second.id)]})
    assert chosen.status_code == 422
    assert first.standard.title not in chosen.content.decode()
    posted = stranger.post(
        f"{address(other, 'promote')}?members={first.id}&members={second.id}",
        {"title": "Taken", "w_c1": "30", "w_c2": "22", "w_c3": "48"},
    )
    assert posted.status_code == 422
    assert [one.title for one in standards.achievements(other.id)] == ["Ours as well", "Ours"]
    assert [one["number"] for one in Promotion.objects.for_org(org.id).get().members] == ["1.0", "1.0"]


# --- the API


@pytest.mark.django_db
def test_a_stack_is_proposed_promoted_and_weighed_over_the_api(org, first, second):
    api = Caller(org)
    stack = {"members": [first.slug, second.slug]}
    proposal = api.post("/stacks/proposal", stack).json()
    assert [one["weight"] for one in proposal["domains"]] == [30, 22, 48]
    assert standards.achievements(org.id)[0].title != "Practitioner"
    made = api.post(
        "/stacks/promotion", {**stack, "title": "Practitioner", "weights": {"c1": 50, "c2": 25, "c3": 25}}
    )
    assert made.status_code == 201
    slug = made.json()["slug"]
    rows = [{name: row[name] for name in ("competency", "title", "weight")} for row in made.json()["rows"]]
    rows[0]["weight"], rows[1]["weight"] = 45, 30
    changed = api.put(f"/{slug}/blueprint", {"revision": 1, "rows": rows}).json()
    assert [row["weight"] for row in changed["rows"]] == [45, 30, 25]
    assert api.get(f"/{slug}/blueprint").json() == changed
    told = api.get(f"/{slug}/recognition").json()
    assert [(one["holdersOf"]["slug"], len(one["shown"])) for one in told] == [
        (first.slug, 3),
        (second.slug, 2),
    ]
    for path in (f"/{first.slug}/blueprint", f"/{first.slug}/recognition"):
        with pytest.raises(NotFound):
            api.get(path)
    draft = design.create_achievement(by=org.owner, org_id=org.id, title="Only a draft")
    with pytest.raises(GuildmarkError, match="no version in force"):
        api.post("/stacks/proposal", {"members": [first.slug, draft.slug]})
