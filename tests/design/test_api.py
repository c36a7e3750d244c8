"""The standards of the API, through a small API of its own: actor and organisation are set as the site
sets them.
"""

from __future__ import annotations

import json

import pytest
from ninja.testing import TestClient

from guildmark.design.api import router
from guildmark.design.models import OrgRules
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import GuildmarkError
from tests.design import builders

pytestmark = pytest.mark.django_db


class Caller:
    def __init__(self, org) -> None:
        self.client = TestClient(router)
        self.actor, self.org_id = org.owner, org.id

    def __getattr__(self, verb):
        def call(path, payload=None):
            body = {} if payload is None else {"data": json.dumps(payload)}
            return getattr(self.client, verb)(path, **body, actor=self.actor, org_id=self.org_id)

        return call


@pytest.fixture
def api(org):
    return Caller(org)


def test_a_standard_goes_from_creation_to_publication(api):
    made = api.post("", {"title": "Welcome sequence"})
    assert made.status_code == 201
    assert made.json()["findings"][0]["severity"] == "blocking"
    slug, revision = made.json()["slug"], made.json()["revision"]
    saved = api.patch(f"/{slug}/draft", {"content": builders.publishable_content(), "revision": revision})
    assert saved.status_code == 200
    assert [f for f in saved.json()["findings"] if f["severity"] == "blocking"] == []
    done = api.post(f"/{slug}/draft/publish", {"revision": saved.json()["revision"]})
    assert (done.json()["number"], done.json()["state"]) == ("1.0", "published")
    assert api.get("").json()[0]["published_number"] == "1.0"
    assert api.get(f"/{slug}/versions/1.0/document").json()["coreHash"] == done.json()["core_hash"]
    assert api.post(f"/{slug}/draft").status_code == 201
    told = api.get(f"/{slug}/changes?old=1.0").json()
    assert (told["forces"], told["changes"]) == ("none", [])
    assert told["bridge"] == {"criteria": [], "evidence": [], "kept": ["k1", "k2", "k3"], "removed": []}
    assert api.delete(f"/{slug}/draft").status_code == 204


def test_refusals_are_problems(api):
    slug = api.post("", {"title": "Welcome sequence"}).json()["slug"]
    with pytest.raises(GuildmarkError) as blocked:
        api.post(f"/{slug}/draft/publish", {"revision": 1})
    assert (blocked.value.status, bool(blocked.value.errors)) == (422, True)
    with pytest.raises(GuildmarkError) as stale:
        api.patch(f"/{slug}/draft", {"content": {}, "revision": 9})
    assert stale.value.status == 409
    with pytest.raises(GuildmarkError) as unknown:
        api.get(f"/{slug}/versions/7.0")
    assert unknown.value.status == 404


def test_a_published_version_is_not_edited_and_the_way_on_is_named(org, api):
    version = builders.published(org)
    for verb, path, payload in (
        ("patch", "draft", {"content": {"title": "Other"}, "revision": version.revision}),
        ("delete", "draft", None),
        ("post", "draft/publish", {"revision": version.revision}),
    ):
        with pytest.raises(GuildmarkError, match=r"Version 1\.0 is published and never changes") as refused:
            getattr(api, verb)(f"/{version.slug}/{path}", payload)
        assert (refused.value.status, "next version" in refused.value.mend) == (409, True)
    with pytest.raises(GuildmarkError) as unknown:
        api.delete("/no-such-standard/draft")
    assert unknown.value.status == 404


def test_a_key_without_the_role_is_refused_and_another_organisation_sees_nothing(org, other_org, api):
    version = builders.published(org)
    stranger = Caller(other_org)
    assert stranger.get("").json() == []
    for path in (f"/{version.slug}", f"/{version.slug}/versions/1.0"):
        with pytest.raises(GuildmarkError) as missing:
            stranger.get(path)
        assert missing.value.status == 404
    api.actor = Actor("key", None, org.id, frozenset(), "reader")
    with pytest.raises(GuildmarkError) as refused:
        api.post("", {"title": "X"})
    assert refused.value.status == 403


def test_a_claim_is_linted_without_being_stored(api):
    said = api.post("/lint", {"text": "Email marketing basics"}).json()
    assert said["language"] == "en"
    (found,) = said["findings"]
    assert (found["rule"], found["severity"], found["span"]) == ("topic", "blocking", [0, 22])
    assert found["rewrite"] == found["rewrites"][0]
    assert said["reading"]["formula"].startswith("Flesch")
    fine = api.post("/lint", {"text": "Build and QA a welcome sequence in Kit or Mailchimp"}).json()
    assert fine["findings"] == []
    german = api.post("/lint", {"text": "Versteht die Abläufe einer Werkstatt.", "language": "de"}).json()
    assert [one["rule"] for one in german["findings"]] == ["unobservable"]
    title = api.post(
        "/lint", {"text": "Mailwright Expert", "kind": "title", "products": ["Mailwright"]}
    ).json()
    assert [one["rule"] for one in title["findings"]] == ["product_title"]
    assert api.get("").json() == []


def test_the_linter_knows_the_words_of_the_organisation_and_those_that_were_sent(api, org):
    OrgRules.objects.create(org_id=org.id, jargon=["magpie ticket"])
    text = "Closes a magpie ticket in the blue lagoon within the hour and names the cause."
    assert [one["span"] for one in api.post("/lint", {"text": text}).json()["findings"]] == [[9, 22]]
    both = api.post("/lint", {"text": text, "jargon": ["blue lagoon"]}).json()
    assert [one["rule"] for one in both["findings"]] == ["jargon", "jargon"]


def test_what_is_no_text_to_lint_is_refused(api):
    for wrong in ({}, {"text": "x", "kind": "poem"}, {"text": "x" * 20_001}):
        assert api.post("/lint", wrong).status_code == 422
    assert api.post("/lint", {"text": ""}).json()["findings"][0]["rule"] == "empty"


def test_findings_of_a_draft_carry_their_rewrite(api):
    made = api.post("", {"title": "Welcome sequence"}).json()
    content = builders.publishable_content(claim="Email marketing basics")
    saved = api.patch(f"/{made['slug']}/draft", {"content": content, "revision": made["revision"]}).json()
    (found,) = [one for one in saved["findings"] if one["severity"] == "blocking"]
    assert (found["rule"], found["span"]) == ("claim.topic", [0, 22])
    assert found["rewrite"].startswith("Given [a real case]")
