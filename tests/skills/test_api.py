"""Frameworks over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildmark.kernel import tasks
from guildmark.people import actions as people
from tests.skills.builders import case, imported

pytestmark = pytest.mark.django_db
API = "/api/v1/frameworks"


def client(org: Any, *scopes: str) -> Client:
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="key", scopes=list(scopes))
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def api(org: Any) -> Client:
    return client(org, "standards:read", "standards:write")


def send(api: Client, content: bytes = b"", name: str = "package.json", **fields: str) -> Any:
    return api.post(
        f"{API}/imports", {"file": SimpleUploadedFile(name, content or case().encode()), **fields}
    )


def test_a_file_is_imported_searched_resolved_and_exported(api: Client) -> None:
    sent = send(api)
    assert (sent.status_code, sent.json()["state"]) == (202, "queued")
    tasks.run_until_idle()
    done = api.get(f"{API}/imports/{sent.json()['id']}").json()
    assert (done["state"], done["counts"]["added"]) == ("done", 4)
    (framework,) = api.get(API).json()
    assert (framework["id"], framework["state"]) == (done["frameworks"][0], "current")
    matches = api.get(f"{API}/search", {"text": "mixes a dough", "language": "en"}).json()
    assert (matches[0]["rank"], matches[0]["skill"]["code"]) == (1, "B1.1")
    detail = api.get(f"{API}/skill", {"uri": matches[0]["skill"]["uri"]}).json()
    assert [one["code"] for one in detail["parents"]] == ["B1"]
    assert [one["requirement"] for one in detail["siblings"]] == ["", "optional"]
    assert "CFItems" in api.get(f"{API}/{framework['id']}/export").json()
    assert "@graph" in api.get(f"{API}/{framework['id']}/export", {"form": "ctdl"}).json()


def test_a_plain_table_comes_with_its_columns(api: Client) -> None:
    sent = send(
        api, b"nr,what\n1,Bakes\n", "t.csv", columns="code=nr\nname=what", title="Ours", language="en"
    )
    tasks.run_until_idle()
    assert api.get(f"{API}/imports/{sent.json()['id']}").json()["counts"]["added"] == 1
    assert api.get(API).json()[0]["title"] == "Ours"


def test_what_a_file_holds_that_cannot_be_used_is_listed(api: Client) -> None:
    sent = send(api, b"id,name\n1,Bakes\n2,\n", "t.csv")
    tasks.run_until_idle()
    done = api.get(f"{API}/imports/{sent.json()['id']}").json()
    assert done["found"] == {"error": 1, "note": 1}
    assert (done["findings"][0]["row"], done["findings"][0]["field"]) == ("t.csv line 3", "name")


def test_a_framework_is_withdrawn_and_restored(org: Any, api: Client) -> None:
    view = imported(org, case())
    address = f"{API}/{view.framework_ids[0]}"
    assert api.post(f"{address}/withdraw").json()["state"] == "withdrawn"
    assert api.get(f"{API}/search", {"text": "dough"}).json() == []
    assert api.post(f"{address}/withdraw").status_code == 409
    assert api.post(f"{address}/restore").json()["state"] == "current"


def test_a_key_that_only_reads_imports_nothing(org: Any) -> None:
    reading = client(org, "standards:read")
    assert send(reading).status_code == 403
    assert reading.get(API).status_code == 200
    assert client(org, "credentials:read").get(API).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"format": "xls"}, "format"), ({"columns": "name"}, "columns"), ({"language": "??"}, "language")],
)
def test_unusable_fields_are_named(api: Client, fields: dict[str, str], field: str) -> None:
    answer = send(api, **fields)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_limits_are_held(api: Client) -> None:
    assert api.get(f"{API}/search", {"text": "x" * 5_001}).status_code == 422
    assert api.get(f"{API}/search", {"text": "x", "limit": 81}).status_code == 422
    assert api.get(f"{API}/search").status_code == 422
    assert api.get(f"{API}/skill", {"uri": "urn:unknown"}).status_code == 404
