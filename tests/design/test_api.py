"""The standards of the API, through a small API of its own: actor and organisation are set as the site
sets them.
"""

from __future__ import annotations

import json

import pytest
from ninja.testing import TestClient

from guildmark.design.api import router
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
