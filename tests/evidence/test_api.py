"""Files over the API: the whole way of the upload, as a foreign program takes it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildmark.assess.evidence import api, queries
from guildmark.people import actions as people
from tests.evidence.builders import FILES, enrolled
from tests.evidence.test_handing_in import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(org, version):
    return Draft(org, version)


@pytest.fixture
def client(org):
    scopes = ["submissions:read", "submissions:write"]
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="course", scopes=scopes)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(
    client: Client, draft: Any, name: str, content: bytes, *, requirement: str = "e1", key: str = ""
) -> Any:
    return client.post(
        f"/api/v1/submissions/{draft.id}/files",
        {"requirement_id": requirement, "file": SimpleUploadedFile(name, content)},
        headers={"Idempotency-Key": key} if key else {},
    )


def test_a_file_is_handed_in_once_however_often_it_is_sent(draft, client):
    key = str(uuid4())
    first, again = (send(client, draft, *FILES["document"], key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert [item.sha256 for item in draft.items()] == [first.json()["sha256"]]
    other = send(client, draft, *FILES["video"], key=key)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize(
    ("name", "content", "requirement", "status"),
    [
        ("film.mp4", b"MZ\x90\x00" + b"\0" * 99, "e1", 422),
        ("page.html", b"<!doctype html>", "e1", 415),
        ("big.pdf", b"%PDF-1.4" + b"\0" * (21 << 20), "e1", 413),
        ("empty.pdf", b"", "e1", 422),
        (*FILES["document"], "e2", 422),
        (*FILES["document"], "e9", 404),
    ],
)
def test_a_refused_file_is_a_problem_that_says_why(draft, client, name, content, requirement, status):
    refused = send(client, draft, name, content, requirement=requirement)
    assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")
    assert status == 404 or refused.json()["mend"]
    assert draft.items() == []


@pytest.mark.parametrize("key", ["", "a-key-of-its-own"])
def test_a_form_without_its_parts_or_at_another_door_is_told(draft, client, key):
    headers = {"Idempotency-Key": key} if key else {}
    address = f"/api/v1/submissions/{draft.id}/files"
    lacking = client.post(address, {"requirement_id": "e1"}, headers=headers)
    assert [error["field"] for error in lacking.json()["errors"]] == ["file"]
    broken = client.post(
        address,
        b"--b\r\nbroken",
        content_type="multipart/form-data",
        headers={"Idempotency-Key": key + "2" * 8},
    )
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    text = client.post(
        f"/api/v1/submissions/{draft.id}/texts",
        {"text": "A form."},
        headers={"Idempotency-Key": key + "3" * 8},
    )
    assert (text.status_code, text["Content-Type"]) == (415, "application/problem+json")
    assert queries.submission_detail(draft.org.id, draft.id).items == ()


def test_a_list_reads_the_page_that_is_asked_for_and_no_more(org, version, client, monkeypatch):
    monkeypatch.setattr(api, "PAGE", 2)
    made = [str(enrolled(org, version, org.learner(name))[0].id) for name in ("Ada", "Bo", "Cy")]
    pages = [client.get(f"/api/v1/enrolments?offset={offset}").json() for offset in (0, 2, 4)]
    assert [[one["id"] for one in page] for page in pages] == [made[:0:-1], made[:1], []]
    for path in ("submissions", "decisions"):
        assert client.get(f"/api/v1/{path}?offset=1000000000").json() == []
