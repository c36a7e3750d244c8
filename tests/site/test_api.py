"""The API as a whole: keys, scopes, one form of error, and work that is done once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from guildmark.design import queries as design
from guildmark.kernel import clock, idempotency
from guildmark.people import actions as people
from tests.people.builders import PASSWORD, Org

pytestmark = pytest.mark.django_db
STANDARDS = "/api/v1/standards"


def key_of(org: Org, *scopes: str, **options: Any) -> str:
    return people.create_api_key(by=org.owner, org_id=org.id, name="course", scopes=list(scopes), **options)[
        1
    ]


def caller(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, body: Any, key: str = "", path: str = STANDARDS) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(path, content, content_type="application/json", headers=headers)


@pytest.fixture
def org() -> Org:
    return Org("northlamp")


@pytest.fixture
def writer(org: Org) -> Client:
    return caller(key_of(org, "standards:read", "standards:write"))


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.text
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["title"]
    assert document["requestId"] == answer["X-Request-Id"]
    return document


def test_a_repeated_request_is_answered_again_and_done_once(org: Org, writer: Client) -> None:
    key = str(uuid4())
    first, again = (post(writer, {"title": "Welcome sequence"}, key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true"
    assert len(design.achievements(org.id)) == 1
    other = problem(post(writer, {"title": "Something else"}, key), 422)
    assert other["errors"][0]["field"] == "Idempotency-Key"
    assert post(writer, {"title": "Something else"}, str(uuid4())).status_code == 201


def test_a_refusal_is_kept_under_its_key_too(writer: Client) -> None:
    key = str(uuid4())
    refused = problem(post(writer, {"title": ""}, key), 422)
    again = post(writer, {"title": ""}, key)
    assert again.json()["errors"] == refused["errors"]
    assert again["Idempotent-Replay"] == "true"


def test_keys_of_two_callers_do_not_meet(org: Org, writer: Client) -> None:
    key, other = str(uuid4()), caller(key_of(Org("southlamp"), "standards:write"))
    assert post(writer, {"title": "Ours"}, key).status_code == 201
    theirs = post(other, {"title": "Theirs"}, key)
    assert theirs.status_code == 201
    assert "Idempotent-Replay" not in theirs


def test_the_same_key_at_the_same_time_waits(org: Org) -> None:
    request = {"org_id": org.id, "caller": uuid4(), "key": str(uuid4()), "digest": "a"}
    assert idempotency.begin(**request) is None
    with pytest.raises(Exception, match="still under way"):
        idempotency.begin(**request)
    with clock.at(clock.now() + timedelta(minutes=3)):
        # Whoever began has died: the next one may do it.
        assert idempotency.begin(**request) is None


@pytest.mark.parametrize("secret", ["", "nonsense", "gm_aaaaaaaaaa.bbbb", "gm_%00"])
def test_no_valid_key_is_401(org: Org, secret: str) -> None:
    answer = caller(secret).get(STANDARDS)
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_browser_session_is_no_key(org: Org, client: Client) -> None:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    problem(client.get(STANDARDS), 401)
    problem(client.get(STANDARDS, headers={"Authorization": "Bearer gm_x.y"}), 401)


def test_a_key_ends_by_its_day_and_by_revocation(org: Org) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        ended = key_of(org, "standards:read", expires_at=clock.now() + timedelta(days=1))
    problem(caller(ended).get(STANDARDS), 401)
    view, secret = people.create_api_key(
        by=org.owner, org_id=org.id, name="course", scopes=["standards:read"]
    )
    assert caller(secret).get(STANDARDS).status_code == 200
    people.revoke_api_key(by=org.owner, org_id=org.id, key_id=view.id)
    problem(caller(secret).get(STANDARDS), 401)


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("standards:read", "post", STANDARDS),
        ("standards:write", "get", "/api/v1/credentials"),
        ("credentials:read", "post", "/api/v1/credentials"),
        ("submissions:write", "post", "/api/v1/decisions"),
        ("decisions:write", "get", "/api/v1/organisation"),
    ],
)
def test_a_key_does_only_what_its_scopes_say(org: Org, scope: str, method: str, path: str) -> None:
    client = caller(key_of(org, scope))
    refused = problem(getattr(client, method)(path, content_type="application/json"), 403)
    assert "scope" in refused["detail"]


def test_what_is_not_there_or_not_readable_is_a_problem_too(writer: Client) -> None:
    problem(writer.get("/api/v1/nowhere"), 404)
    problem(writer.get(f"{STANDARDS}/no-such-standard"), 404)
    problem(post(writer, "{"), 400)
    named = problem(post(writer, {"title": 5}), 422)
    assert [error["field"] for error in named["errors"]] == ["title"]
    assert writer.put(STANDARDS).status_code == 405


def test_the_schema_states_the_errors_and_the_idempotency_of_every_operation(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    operations = [(method, one) for path in schema["paths"].values() for method, one in path.items()]
    assert len(operations) > 25
    for method, one in operations:
        assert {"401", "403", "404", "422", "429"} <= set(one["responses"]), one["operationId"]
        headers = [p["name"] for p in one.get("parameters", []) if p["in"] == "header"]
        assert ("Idempotency-Key" in headers) == (method == "post"), one["operationId"]
        assert one["security"]
