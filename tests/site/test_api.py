"""The API as a whole: keys, scopes, one form of error, and work that is done once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from guildmark.config import load
from guildmark.design import queries as design
from guildmark.kernel import clock, idempotency, tasks
from guildmark.people import actions as people
from guildmark.site import pages
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
    refused = writer.put(STANDARDS)
    problem(refused, 405)
    assert set(refused["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("body", ['"Welcome"', "[1]", "null", "7", "[" * 100_000])
def test_a_body_that_is_no_object_makes_nothing(org: Org, writer: Client, body: str) -> None:
    answer = post(writer, body)
    assert problem(answer, answer.status_code)["status"] in {400, 422}
    assert design.achievements(org.id) == []


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_kind_of_body_than_json_is_415(writer: Client, media: str) -> None:
    answer = writer.post(STANDARDS, b"title=Welcome", content_type=media)
    assert "application/json" in problem(answer, 415)["mend"]


@pytest.mark.parametrize("key", ["", "a-key-of-its-own"])
def test_a_body_over_the_limit_is_413_and_names_the_limit(org: Org, writer: Client, key: str) -> None:
    body = json.dumps({"title": "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert "6 MB" in problem(post(writer, body, key), 413)["detail"]
    assert design.achievements(org.id) == []


def test_more_than_the_largest_file_is_refused_before_it_is_read(writer: Client) -> None:
    length = str(load().max_upload_bytes + 2_000_000)
    for path, client in ((STANDARDS, writer), ("/verify", Client(headers={"Accept": "application/json"}))):
        answer = client.post(path, b"{}", content_type="application/json", CONTENT_LENGTH=length)
        assert "512 MB" in problem(answer, 413)["detail"]
    page = Client().post(
        "/verify", b"", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=length
    )
    assert (page.status_code, "512 MB" in page.text) == (413, True)


def test_a_body_of_unknown_length_is_411(writer: Client) -> None:
    answer = writer.generic("POST", STANDARDS, b"", headers={"Transfer-Encoding": "chunked"})
    assert "Content-Length" in problem(answer, 411)["mend"]


def test_what_django_itself_refuses_is_a_problem_too(writer: Client) -> None:
    problem(writer.get(STANDARDS, headers={"Host": "elsewhere.example"}), 400)
    many = problem(writer.get(STANDARDS + "?" + "&".join(["a=1"] * 1001)), 400)
    assert "1,000" in many["detail"]
    untied = Client(enforce_csrf_checks=True).post("/claim", {}, headers={"Accept": "application/json"})
    problem(untied, 403)
    form = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{"n" * 9000}.pdf"\r\n\r\nx\r\n--b--\r\n'
    broken = Client().post("/claim", form.encode(), content_type="multipart/form-data; boundary=b")
    assert (broken.status_code, "shorter name" in broken.text) == (400, True)
    page = Client().get("/", headers={"Host": "elsewhere.example"})
    assert (page.status_code, "is not served here" in page.text) == (400, True)


def test_a_page_that_only_takes_forms_says_so_in_words(client: Client, org: Org) -> None:
    assert client.login(email="owner@northlamp.example", password=PASSWORD)
    answer = client.get(f"/studio/{org.slug}/learners/links")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "GET is not possible here." in answer.text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/credentials?limit=0", "limit"),
        ("/api/v1/credentials?limit=99999999999999999999", "limit"),
        ("/api/v1/credentials?offset=-1", "offset"),
        ("/api/v1/credentials?state=splendid", "state"),
        ("/api/v1/submissions?state=splendid", "state"),
        ("/api/v1/submissions?offset=-1", "offset"),
        ("/api/v1/decisions?offset=99999999999999999999", "offset"),
        ("/api/v1/enrolments?achievement_id=7", "achievement_id"),
    ],
)
def test_a_filter_that_means_nothing_is_named(org: Org, path: str, field: str) -> None:
    reader = caller(key_of(org, "credentials:read", "submissions:read"))
    assert [e["field"] for e in problem(reader.get(path), 422)["errors"]] == [field]


def test_answers_are_kept_for_a_week(org: Org, writer: Client) -> None:
    old, fresh = str(uuid4()), str(uuid4())
    with clock.at(clock.now() - timedelta(days=8)):
        post(writer, {"title": "Old"}, old)
    post(writer, {"title": "Fresh"}, fresh)
    tasks.run_sweeps(force=True)
    assert "Idempotent-Replay" not in post(writer, {"title": "Old"}, old)
    assert "Idempotent-Replay" in post(writer, {"title": "Fresh"}, fresh)


@pytest.mark.parametrize("key", ["", "short", "k" * 129, "a key\twith a tab"])
def test_an_idempotency_key_that_cannot_be_one_is_refused(org: Org, writer: Client, key: str) -> None:
    answer = writer.post(
        STANDARDS, {"title": "A"}, content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert [e["field"] for e in problem(answer, 422)["errors"]] == ["Idempotency-Key"]
    assert design.achievements(org.id) == []


def test_a_key_that_met_a_spent_rate_can_be_used_again(org: Org) -> None:
    request = {"org_id": org.id, "caller": uuid4(), "key": str(uuid4())}
    for status in (401, 403, 429, 500):
        assert idempotency.begin(**request, digest="a") is None
        idempotency.finish(**request, status=status, body={})
    assert idempotency.begin(**request, digest="a") is None
    idempotency.finish(**request, status=422, body={})
    kept = idempotency.begin(**request, digest="a")
    assert kept is not None
    assert kept.status == 422


def test_an_unexpected_fault_is_a_problem_without_its_inside(client: Client) -> None:
    answer = pages.fault(RequestFactory().get("/api/v1/standards"))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert pages.fault(RequestFactory().get("/")).status_code == 500


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


def test_every_refusal_has_the_title_of_its_kind(writer: Client) -> None:
    assert problem(writer.get(f"{STANDARDS}/no-such-standard"), 404)["title"] == "Nothing is here"
    assert problem(post(writer, {"title": ""}), 422)["title"] == "Some of what was given cannot be used"
    assert problem(Client().get(STANDARDS), 401)["title"] == "Sign in first"
