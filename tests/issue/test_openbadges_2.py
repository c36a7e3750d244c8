"""The addresses of Open Badges 2.0, as a validator walks them."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from guildmark.issue import actions, downloads, openbadges2
from guildmark.kernel.problems import Conflict
from guildmark.keys import actions as key_actions
from guildmark.keys import queries as keys
from guildmark.protocol.openbadges import bake
from tests.issue.builders import corrected, holder, issued, recorded
from tests.people.builders import Org

BASE = "http://localhost:8000"


def fetched(client: Client, url: str, **headers: str) -> Any:
    return client.get(url.removeprefix(BASE), headers=headers)


def hosted(client: Client, view: Any) -> dict[str, Any]:
    document: dict[str, Any] = fetched(client, f"/c/{view.public_id}/ob2").json()
    return document


def test_assertion_badge_class_issuer_and_pictures_lead_to_one_another(org: Org, client: Client) -> None:
    view = issued(org)
    assertion = hosted(client, view)
    assert assertion["id"] == f"{BASE}/c/{view.public_id}/ob2"
    badge = fetched(client, assertion["badge"]).json()
    assert (badge["id"], badge["name"]) == (assertion["badge"], view.title)
    assert badge["criteria"]["narrative"]
    issuer = fetched(client, badge["issuer"]).json()
    assert issuer["id"] == badge["issuer"]
    assert "@" in issuer["email"]
    assert assertion["id"].startswith(issuer["verification"]["startsWith"])
    drawn = fetched(client, badge["image"])
    assert drawn["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.content)).size == (800, 800)
    assert view.holder_name not in drawn.content.decode("latin-1")
    svg = fetched(client, badge["image"].replace(".png", ".svg"))
    assert svg["Content-Type"] == "image/svg+xml"
    assert view.holder_name.encode() not in svg.content
    baked = fetched(client, assertion["image"])
    assert baked["Content-Type"] == "image/png"
    found = bake.find_v2(baked.content)
    assert found is not None
    assert json.loads(found) == assertion


def test_the_recipient_is_the_hashed_address(org: Org, client: Client) -> None:
    view = issued(org)
    recipient = hosted(client, view)["recipient"]
    digest = hashlib.sha256((view.holder_email.strip().lower() + recipient["salt"]).encode()).hexdigest()
    assert recipient["identity"] == f"sha256${digest}"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/ld+json, application/json", "application/ld+json"),
        ("text/html, application/ld+json;q=0.5", "application/ld+json"),
    ],
)
def test_the_type_is_json_ld_unless_only_json_is_asked(
    org: Org, client: Client, accept: str, media: str
) -> None:
    view = recorded(org)
    assertion = hosted(client, view)
    badge = fetched(client, assertion["badge"]).json()
    for url in (assertion["id"], assertion["badge"], badge["issuer"]):
        answer = fetched(client, url, accept=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, media)
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_browser_is_led_to_the_page(org: Org, client: Client) -> None:
    view = issued(org)
    answer = fetched(client, f"/c/{view.public_id}/ob2", accept="text/html,*/*;q=0.8")
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{view.public_id}")


def test_evidence_has_an_address_only_while_it_is_shown(org: Org, client: Client) -> None:
    view = issued(org)
    assert "id" not in hosted(client, view)["evidence"][0]
    address = json.loads(view.body)["evidence"][0]["id"]
    actions.set_disclosure(
        by=holder(view),
        org_id=org.id,
        public_id=view.public_id,
        shown_evidence=[address.rsplit("/", 1)[-1]],
    )
    assert hosted(client, view)["evidence"][0]["id"] == address


def test_a_private_credential_has_no_assertion(org: Org, client: Client) -> None:
    view = issued(org)
    actions.set_disclosure(by=holder(view), org_id=org.id, public_id=view.public_id, visibility="private")
    told = []
    for path in (f"/c/{view.public_id}/ob2", f"/c/{uuid4()}/ob2", f"/c/{view.public_id}/ob2.png"):
        answer = fetched(client, path, accept="application/json")
        assert answer.status_code == 404
        told.append({k: v for k, v in answer.json().items() if k not in ("instance", "requestId")})
    assert told[0] == told[1] == told[2]


def test_a_revoked_one_is_gone(org: Org, client: Client) -> None:
    view = issued(org)
    actions.revoke(by=org.owner, org_id=org.id, public_id=view.public_id, reason="Copied from elsewhere.")
    answer = fetched(client, f"/c/{view.public_id}/ob2")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/ld+json")
    assert answer.json()["revoked"] is True
    assert answer.json()["revocationReason"] == "Copied from elsewhere."
    assert "recipient" not in answer.json()


def test_a_corrected_one_names_its_successor(org: Org, client: Client) -> None:
    view = issued(org)
    successor = corrected(org, view)
    answer = fetched(client, f"/c/{view.public_id}/ob2")
    assert answer.status_code == 410
    assert f"{BASE}/c/{successor.public_id}" in answer.json()["revocationReason"]
    assert hosted(client, successor)["type"] == "Assertion"


def test_a_suspended_one_does_not_count_and_may_come_back(org: Org, client: Client) -> None:
    view = issued(org)
    known = {"by": org.owner, "org_id": org.id, "public_id": view.public_id}
    actions.suspend(**known, reason="Under review.")
    answer = fetched(client, f"/c/{view.public_id}/ob2")
    assert answer.status_code == 200
    assert answer.json()["revoked"] is True
    assert answer.json()["revocationReason"].startswith("Suspended for now.")
    actions.reinstate(**known, reason="Found to be in order.")
    assert "revoked" not in hosted(client, view)


def test_an_unpublished_version_has_no_badge_class(org: Org, client: Client) -> None:
    assertion = hosted(client, issued(org))
    unknown = assertion["badge"].replace("/v/1.0/", "/v/9.9/")
    assert unknown != assertion["badge"]
    assert fetched(client, unknown).status_code == 404
    assert fetched(client, unknown.replace("/ob2", "/badge.png")).status_code == 404
    assert fetched(client, "/o/nobody/ob2").status_code == 404


def _compromised(org: Org) -> None:
    key = next(one for one in keys.signing_keys(org.id) if one.purpose == "credential")
    key_actions.mark_compromised(by=org.owner, org_id=org.id, key_id=key.id, reason="It was on a lost disk.")


@pytest.mark.parametrize("address", [".jwt", "/ob2", "/ob2.png"])
def test_what_a_compromised_key_signed_is_not_said_again_in_another_form(
    org: Org, client: Client, address: str
) -> None:
    view = issued(org)
    _compromised(org)
    assert client.get(f"/c/{view.public_id}{address}").status_code == 409


def test_a_kept_token_goes_with_the_key_of_the_credential(org: Org, client: Client) -> None:
    view = issued(org)
    assert client.get(f"/c/{view.public_id}.jwt").status_code == 200
    _compromised(org)
    assert client.get(f"/c/{view.public_id}.jwt").status_code == 409


def test_changed_bytes_get_no_signature_and_no_address(org: Org) -> None:
    view = issued(org)
    body = json.loads(view.body) | {"name": "Chief of everything"}
    for changed in (json.dumps(body).encode(), b"{}", b"[]", b""):
        forged = replace(view, body=changed)
        for form in ("jwt", "vc+jwt"):
            with pytest.raises(Conflict):
                downloads.download(forged, form)
        with pytest.raises(Conflict):
            openbadges2.assertion(forged)
