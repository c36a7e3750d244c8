"""A lower class over the API: two keys of two people, and nobody in between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.design import actions, lowering
from guildmark.design.types import VersionView
from guildmark.kernel.actor import Actor
from guildmark.people import actions as people
from tests.design.test_lowering import REASON, reworded, save
from tests.people.builders import Org

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/standards"


class Caller:
    """An API key of a member."""

    def __init__(self, org: Org, maker: Actor, *scopes: str) -> None:
        wanted = list(scopes or ("standards:read", "standards:write"))
        _, secret = people.create_api_key(by=maker, org_id=org.id, name="course", scopes=wanted)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"{ROOT}/{path}")

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"{ROOT}/{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def second(org: Org) -> Actor:
    return org.member("owner", name="Second")


@pytest.fixture
def draft(org: Org, second: Actor) -> VersionView:
    return reworded(org)


def asked(org: Org, draft: VersionView) -> dict[str, Any]:
    answer = Caller(org, org.owner).post(f"{draft.slug}/draft/class-request", {"reason": REASON})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_one_asks_another_agrees_and_the_version_is_minor(
    org: Org, second: Actor, draft: VersionView
) -> None:
    request = asked(org, draft)
    assert (request["state"], request["slug"], request["reason"]) == ("waiting", draft.slug, REASON)
    assert (request["paths"], request["asked_by"]) == (["criteria.k1.descriptors"], str(org.owner_id))
    other = Caller(org, second)
    assert other.get("class-requests").json() == [request]
    body = {"agree": True, "note": "They do."}
    done = other.post(f"class-requests/{request['id']}/answer", body).json()
    assert (done["state"], done["answered_by"], done["answer"]) == ("agreed", str(second.id), "They do.")
    assert other.get("class-requests").json() == []
    sent = {"revision": draft.revision, "update_note": "Clearer."}
    assert Caller(org, org.owner).post(f"{draft.slug}/draft/publish", sent).json()["number"] == "1.1"
    assert other.get(f"class-requests/{request['id']}").json()["state"] == "used"


def test_the_same_person_is_refused_with_the_same_and_with_another_key(org: Org, draft: VersionView) -> None:
    request = asked(org, draft)
    answer = Caller(org, org.owner).post(f"class-requests/{request['id']}/answer", {"agree": True})
    told = problem(answer, 403)
    assert "somebody else has to agree" in told["detail"]
    assert "another member" in told["mend"]
    assert lowering.one(org.id, request["id"]).state == "waiting"


def test_a_declined_request_says_why_and_lowers_nothing(org: Org, second: Actor, draft: VersionView) -> None:
    request = asked(org, draft)
    other = Caller(org, second)
    body = {"agree": False, "note": "It asks for more."}
    done = other.post(f"class-requests/{request['id']}/answer", body).json()
    assert (done["state"], done["answer"]) == ("declined", "It asks for more.")
    again = problem(other.post(f"class-requests/{request['id']}/answer", body), 409)
    assert again["detail"] == "This request is declined."
    done = actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note="Clearer.")
    assert done.number == "2.0"


def test_refusals_are_problem_documents(org: Org, second: Actor, draft: VersionView) -> None:
    author = Caller(org, org.owner)
    short = problem(author.post(f"{draft.slug}/draft/class-request", {"reason": "typo"}), 422)
    assert [one["field"] for one in short["errors"]] == ["reason"]
    problem(author.post(f"{draft.slug}/draft/class-request", {}), 422)
    request = asked(org, draft)
    twice = problem(author.post(f"{draft.slug}/draft/class-request", {"reason": REASON}), 409)
    assert "exactly this already" in twice["detail"]
    problem(Caller(org, second).post(f"class-requests/{request['id']}/answer", {}), 422)
    save(org, draft, pass_level=4)
    hard = problem(author.post(f"{draft.slug}/draft/class-request", {"reason": REASON}), 409)
    assert hard["detail"].startswith("pass_level is no edit of words")
    late = Caller(org, second).post(f"class-requests/{request['id']}/answer", {"agree": True})
    assert problem(late, 409)["detail"] == "The draft was edited after this was asked."
    problem(author.post("no-such-standard/draft/class-request", {"reason": REASON}), 404)
    actions.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    gone = author.post(f"{draft.slug}/draft/class-request", {"reason": REASON})
    assert "there is no draft" in problem(gone, 409)["detail"]


def test_who_works_alone_is_told_the_way_out(org: Org) -> None:
    draft = reworded(org)
    answer = Caller(org, org.owner).post(f"{draft.slug}/draft/class-request", {"reason": REASON})
    assert "new major version" in problem(answer, 409)["mend"]


def test_a_key_that_reads_can_neither_ask_nor_answer(org: Org, second: Actor, draft: VersionView) -> None:
    request = asked(org, draft)
    reader = Caller(org, second, "standards:read")
    assert reader.get(f"class-requests/{request['id']}").status_code == 200
    problem(reader.post(f"class-requests/{request['id']}/answer", {"agree": True}), 403)
    problem(reader.post(f"{draft.slug}/draft/class-request", {"reason": REASON}), 403)
    problem(Caller(org, second, "submissions:read").get("class-requests"), 403)


def test_another_organisation_finds_nothing(org: Org, other_org: Org, draft: VersionView) -> None:
    request = asked(org, draft)
    stranger = Caller(other_org, other_org.owner)
    assert stranger.get("class-requests").json() == []
    problem(stranger.get(f"class-requests/{request['id']}"), 404)
    problem(stranger.post(f"class-requests/{request['id']}/answer", {"agree": True}), 404)
    problem(stranger.post(f"{draft.slug}/draft/class-request", {"reason": REASON}), 404)
    assert lowering.one(org.id, request["id"]).state == "waiting"


def test_the_operations_stand_in_the_schema_with_their_problems(org: Org) -> None:
    schema = Caller(org, org.owner).client.get("/api/v1/openapi.json").json()
    ask = schema["paths"]["/api/v1/standards/{slug}/draft/class-request"]["post"]
    answer = schema["paths"]["/api/v1/standards/class-requests/{request_id}/answer"]["post"]
    assert "in the name of who made it" in ask["description"]
    assert {"201", "403", "404", "409", "422"} <= set(ask["responses"])
    assert {"200", "403", "404", "409", "422"} <= set(answer["responses"])
    assert "get" in schema["paths"]["/api/v1/standards/class-requests"]
    assert schema["components"]["schemas"]["ClassRequestOut"]["properties"]["state"]["enum"] == [
        "waiting",
        "agreed",
        "declined",
        "void",
        "used",
    ]


def test_no_standard_takes_the_address_of_the_requests(org: Org) -> None:
    made = actions.create_achievement(
        by=org.owner, org_id=org.id, title="Class requests", signal="demonstrated"
    )
    assert made.slug != "class-requests"
