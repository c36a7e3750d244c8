"""Addresses of this room: for strangers, for the studio, for programs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import joserfc.jwk
import joserfc.jws
import pytest
from django.test import Client

from guildmark.issue import actions, queries
from guildmark.kernel import clock, tasks
from guildmark.keys import actions as key_actions
from guildmark.keys import queries as keys
from guildmark.people import actions as people
from guildmark.protocol.openbadges.bake import extract
from guildmark.protocol.proofs import jose
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import offline, verify
from tests.design.builders import completion_content, published
from tests.issue.builders import holder, issued
from tests.people.builders import PASSWORD, Org

BASE = "/studio/northlamp/credentials"


def signed_in(org: Org) -> Client:
    client = Client()
    assert client.login(email=f"owner@{org.slug}.example", password=PASSWORD)
    return client


def test_every_download_carries_the_signed_bytes(org: Org, client: Client) -> None:
    view = issued(org)
    answer = client.get(f"/c/{view.public_id}.json")
    assert answer.content == view.body
    assert answer["Content-Type"] == "application/vc+ld+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    asked = client.get(f"/c/{view.public_id}.json", headers={"accept": "application/vc"})
    assert asked["Content-Type"] == "application/vc"
    again = client.get(f"/c/{view.public_id}.json", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    for kind, media in (("png", "image/png"), ("svg", "image/svg+xml"), ("pdf", "application/pdf")):
        file = client.get(f"/c/{view.public_id}.{kind}")
        assert file["Content-Type"] == media
        assert json.loads(extract(file.content)) == json.loads(view.body)
        assert client.get(f"/c/{view.public_id}.{kind}").content == file.content


def test_a_credential_is_also_a_token_that_others_can_check(org: Org, client: Client) -> None:
    view = issued(org)
    answer = client.get(f"/c/{view.public_id}.jwt")
    assert answer["Content-Type"] == "text/plain"
    asked = client.get(f"/c/{view.public_id}.jwt", headers={"accept": "application/vc+jwt"})
    assert asked["Content-Type"] == "application/vc+jwt"
    served = client.get(urlsplit(str(jose.parse(answer.content).header["kid"])).path).json()
    key = joserfc.jwk.import_key({name: served[name] for name in ("kty", "crv", "x", "y")})
    trust = TrustFile(queries.trust_documents(org.id))
    for token, typ in ((answer.content, "JWT"), (asked.content, "vc+jwt")):
        read = joserfc.jws.deserialize_compact(token, key, algorithms=["ES256"])
        assert read.headers()["typ"] == typ
        claims, document = json.loads(read.payload), json.loads(view.body)
        assert {name: claims[name] for name in document if name != "proof"} == {
            name: value for name, value in document.items() if name != "proof"
        }
        assert (claims["iss"], claims["jti"]) == (document["issuer"]["id"], document["id"])
        assert verify(token, loader=offline, now=clock.now(), trust=trust).verdict == "valid"
    assert client.get(f"/c/{view.public_id}.jwt").content == answer.content


def test_a_token_by_a_key_that_was_compromised_is_made_anew(org: Org, client: Client) -> None:
    view = issued(org)
    before = client.get(f"/c/{view.public_id}.jwt").content
    key = next(key for key in keys.signing_keys(org.id) if key.purpose == "token")
    key_actions.mark_compromised(by=org.owner, org_id=org.id, key_id=key.id, reason="It was on a lost disk.")
    after = client.get(f"/c/{view.public_id}.jwt").content
    assert jose.parse(after).header["kid"] != jose.parse(before).header["kid"]


def test_a_private_credential_looks_like_none(org: Org, client: Client) -> None:
    view = issued(org)
    actions.set_disclosure(by=holder(view), org_id=org.id, public_id=view.public_id, visibility="private")
    ask = {"accept": "application/json"}
    hidden = client.get(f"/c/{view.public_id}.json", headers=ask)
    unknown = client.get(f"/c/{uuid4()}.json", headers=ask)
    assert hidden.status_code == unknown.status_code == 404
    left_out = {"instance", "requestId"}
    told = [{k: v for k, v in answer.json().items() if k not in left_out} for answer in (hidden, unknown)]
    assert told[0] == told[1]
    link = actions.new_share_link(by=holder(view), org_id=org.id, public_id=view.public_id)
    path, token = link.split("?")
    opened = client.get(f"{path}.json?{token}")
    assert opened.content == view.body
    assert "no-store" in opened["Cache-Control"]


def test_evidence_is_open_only_while_it_is_shown(org: Org, client: Client) -> None:
    view = issued(org)
    path = json.loads(view.body)["evidence"][0]["id"].removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 404
    known = {"by": holder(view), "org_id": org.id, "public_id": view.public_id}
    actions.set_disclosure(**known, shown_evidence=[path.rsplit("/", 1)[-1]])
    answer = client.get(path)
    assert answer.status_code == 200
    assert b"reason" in answer.content
    assert "sandbox" in answer["Content-Security-Policy"]
    actions.set_disclosure(**known, shown_evidence=[])
    assert client.get(path).status_code == 404


def test_a_status_list_is_served_fresh_to_anybody(org: Org, client: Client) -> None:
    view = issued(org)
    path = json.loads(view.body)["credentialStatus"][0]["statusListCredential"]
    path = path.removeprefix("http://localhost:8000")
    first = client.get(path)
    assert first["Content-Type"] == "application/vc+ld+json"
    assert first.json()["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    actions.revoke(by=org.owner, org_id=org.id, public_id=view.public_id, reason="Withdrawn.")
    second = client.get(path, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second.json()["credentialSubject"] != first.json()["credentialSubject"]
    assert client.get(f"/status/{uuid4()}").status_code == 404


def test_the_studio_shows_and_changes_a_credential(org: Org) -> None:
    view = issued(org)
    client = signed_in(org)
    listed = client.get(BASE, {"q": "moreno", "state": "valid"}).content.decode()
    assert view.human_code in listed
    assert view.human_code not in client.get(BASE, {"state": "revoked"}).content.decode()
    detail = f"{BASE}/{view.public_id}"
    assert view.body_sha256 in client.get(detail).content.decode()
    for change, state in (("suspend", "suspended"), ("reinstate", "issued"), ("revoke", "revoked")):
        assert client.get(f"{detail}/{change}").status_code == 200
        assert client.post(f"{detail}/{change}", {"reason": ""}).status_code == 422
        assert client.post(f"{detail}/{change}", {"reason": "Looked into."}).status_code == 303
        assert queries.credential(view.public_id).state == state
    refused = client.post(f"{detail}/revoke", {"reason": "Once more."})
    assert refused.status_code == 422
    assert "Once more." in refused.content.decode()
    assert "Looked into." in client.get(detail).content.decode()


def test_a_refused_correction_keeps_what_was_typed(org: Org) -> None:
    view = issued(org)
    client = signed_in(org)
    path = f"{BASE}/{view.public_id}/correct"
    typed = {"name": "x" * 10_000, "email": "ada@learner.example", "reason": "Misspelt."}
    answer = client.post(path, typed)
    assert answer.status_code == 422
    assert "10,000 characters" in answer.content.decode()
    assert "x" * 10_000 in answer.content.decode()
    assert client.post(path, {**typed, "name": "Ada Ruiz"}).status_code == 303
    tasks.run_until_idle()
    old = queries.credential(view.public_id)
    assert old.superseded_by is not None
    record = Client().get(f"/c/{view.public_id}/supersession")
    assert record.json()["relatedResource"][0]["id"].endswith(str(old.superseded_by))
    assert "corrected credential" in client.get(f"{BASE}/{view.public_id}").content.decode()


def test_a_list_is_read_before_it_is_issued(org: Org) -> None:
    version = published(org, **completion_content())
    client = signed_in(org)
    text = "name;email;date\nAda Moreno;ada@learner.example;2026-01-31\nBo;nothing;2026-01-31\n"
    given = {"version": str(version.id), "text": text}
    sent = client.post(f"{BASE}/completion-records", given)
    assert sent.status_code == 303
    read = client.get(sent["Location"]).content.decode()
    assert "1 ready, 0 recorded already, 1 cannot be used" in read
    assert "Nothing has been issued yet" in read
    assert "is not an e-mail address" in read
    assert "ada@learner.example" not in client.get(sent["Location"] + "?outcome=refused").content.decode()
    assert queries.awards_waiting(org.id) == []
    assert client.post(sent["Location"] + "/start").status_code == 303
    progress = client.get(sent["Location"] + "/progress")
    assert "0 of 1" in progress.content.decode()
    assert "X-Live" not in progress
    tasks.run_until_idle()
    assert client.get(sent["Location"] + "/progress")["X-Live"] == "done"
    assert "1 of 1" in client.get(sent["Location"]).content.decode()
    assert queries.credentials(org.id).total == 1
    assert client.post(sent["Location"] + "/pause").status_code == 409
    assert "Done" in client.get(f"{BASE}/batches").content.decode()
    short = client.post(f"{BASE}/completion-records", {**given, "text": "Ada, ada@learner.example"})
    assert short.status_code == 422
    assert "three are needed" in short.content.decode()


def test_waiting_awards_are_shown_and_tried_again(org: Org) -> None:
    from guildmark.issue.models import Award
    from tests.evidence.builders import decided

    decided(org)
    while not Award.objects.for_org(org.id).exists():
        tasks.run_one()
    Award.objects.for_org(org.id).update(holder_name="Ada\x07")
    tasks.run_until_idle()
    client = signed_in(org)
    assert "control character" in client.get(f"{BASE}/waiting").content.decode()
    (award,) = queries.awards_waiting(org.id)
    assert client.get(f"{BASE}/waiting/{award.id}/decline").status_code == 200
    assert client.post(f"{BASE}/waiting/{award.id}/retry").status_code == 303
    tasks.run_until_idle()
    assert queries.credentials(org.id).total == 1


def test_a_second_organisation_finds_nothing(org: Org, other_org: Org) -> None:
    view = issued(org)
    client = signed_in(other_org)
    for slug in ("northlamp", "southlamp"):
        base = f"/studio/{slug}/credentials"
        for path in ("", "/revoke", "/suspend", "/reinstate", "/correct"):
            assert client.get(f"{base}/{view.public_id}{path}").status_code == 404
        assert client.post(f"{base}/{view.public_id}/revoke", {"reason": "Mine."}).status_code == 404
        assert client.post(f"{base}/waiting/{view.award_id}/retry").status_code == 404
        assert client.get(f"{base}/waiting/{view.award_id}/decline").status_code == 404
    assert "Moreno" not in client.get("/studio/southlamp/credentials").content.decode()


@pytest.fixture
def api(org: Org) -> Any:
    """Calls the API of the organisation with a key; the root comes from the site."""
    scopes = ["credentials:read", "credentials:write"]
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="Tests", scopes=scopes)
    client = Client(headers={"authorization": f"Bearer {secret}"})

    def call(method: str, path: str, **payload: Any) -> Any:
        extra = {"data": json.dumps(payload), "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1/credentials{path}", **extra)

    return call


def test_the_api_lists_issues_and_changes(org: Org, other_org: Org, api: Any) -> None:
    view = issued(org)
    award = queries.award(org.id, view.award_id)
    again = api("post", "", decision_id=str(award.decision_id))
    assert again.status_code == 202
    assert again.json()["credential_id"] == str(view.public_id)
    listed = api("get", "?state=valid").json()
    assert [item["id"] for item in listed["items"]] == [str(view.public_id)]
    assert api("get", f"/{view.public_id}").json()["document"] == json.loads(view.body)
    assert api("post", f"/{view.public_id}/suspend", reason="Asked.").json()["state"] == "suspended"
    assert api("post", f"/{view.public_id}/suspend", reason="Asked.").status_code == 409
    assert api("post", f"/{view.public_id}/reinstate", reason=" ").status_code == 422
    assert api("post", f"/{view.public_id}/reinstate", reason="Fine.").json()["state"] == "valid"
    assert api("post", f"/{view.public_id}/correct", reason="Misspelt.", name="Ada Ruiz").status_code == 202
    theirs = issued(other_org)
    assert api("get", f"/{theirs.public_id}").status_code == 404
    assert api("post", f"/{theirs.public_id}/revoke", reason="Mine.").status_code == 404
    assert api("get", "").json()["total"] >= 1
