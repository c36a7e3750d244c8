"""A second organisation, with every role and every scope, walks over every address with the first one's ids.

Nothing is found, and not one row of the first organisation changes. The addresses come from the URL
configuration: a new page or operation is walked from the day it exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from guildmark.assess.evidence import actions as evidence
from guildmark.assess.evidence import queries as evidence_queries
from guildmark.design import lowering, tool_actions, translating
from guildmark.design.advisor import actions as advisor
from guildmark.design.advisor import library
from guildmark.design.stacks import relations
from guildmark.issue import actions as issue
from guildmark.issue.types import CompletionRow
from guildmark.kernel.tenancy import OrgManager
from guildmark.people import actions as people
from guildmark.people.policies import SCOPES
from tests.design import advisor_cases
from tests.design.builders import completion_content, published
from tests.design.test_lowering import reworded
from tests.evidence.builders import submitted
from tests.issue.builders import issued, recorded
from tests.people.builders import PASSWORD, Org
from tests.skills.builders import case, imported

pytestmark = pytest.mark.django_db

ROLES = ("owner", "designer", "assessor", "registrar", "manager", "auditor")
BODIES: dict[str, Any] = {"reason": "Not ours at all.", "name": "Mallory", "outcome": "passed"}


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """Every route as (name, path with {parameters}, its parameters)."""
    for entry in patterns or get_resolver().url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            found = [part.split(">")[0].split(":")[-1] for part in path.split("<")[1:]]
            shape = "/" + "".join(
                "{" + part.split(">", 1)[0].split(":")[-1] + "}" + part.split(">", 1)[1] if number else part
                for number, part in enumerate(path.split("<"))
            )
            yield entry.name or "", shape, found


def tenant_models() -> list[Any]:
    return [model for model in apps.get_models() if any(f.name == "org_id" for f in model._meta.fields)]


def rows_of(org: Org) -> dict[str, list[Any]]:
    """Every row of an organisation, as it is stored."""
    return {
        model.__name__: sorted(map(str, model._base_manager.filter(org_id=org.id).values_list()))
        for model in tenant_models()
    }


class World:
    """The first organisation, with a row behind every kind of id; the second has people and nothing else."""

    def __init__(self) -> None:
        self.first, self.second = Org("northlamp"), Org("southlamp")
        first = self.first
        credential = issued(first)
        recorded(first)
        version = published(first, title="Second standard")
        waiting = submitted(first, version=version)
        detail = evidence_queries.submission_detail(first.id, waiting.id)
        link = evidence.open_link(by=first.owner, org_id=first.id, achievement_id=version.achievement_id)
        invitation, _ = people.invite(
            by=first.owner, org_id=first.id, email="new@northlamp.example", roles=["manager"]
        )
        key, _ = people.create_api_key(
            by=first.owner, org_id=first.id, name="course", scopes=["standards:read"]
        )
        first.member("assessor")
        translating.save_translation(
            by=first.owner, org_id=first.id, version_id=version.id, language="de", texts={"title": "Zweiter"}
        )
        completion = published(first, **completion_content())
        batch = issue.upload_completions(
            by=first.owner,
            org_id=first.id,
            version_id=completion.id,
            rows=[CompletionRow("Grace Learner", "grace@learner.example", "2026-01-31")],
            filename="list.csv",
        )
        imported(first, case())
        advice = advisor.keep(
            by=first.owner, org_id=first.id, answers=advisor_cases.read(advisor_cases.made())
        )
        advisor.start_standard(by=first.owner, org_id=first.id, advice_id=advice.id)
        first.member("designer")
        request = lowering.ask(
            by=first.owner,
            org_id=first.id,
            version_id=reworded(first).id,
            reason="The words mean the same as before.",
        )
        note = library.add_note(
            by=first.owner,
            org_id=first.id,
            figure="62 %",
            about="of northlamp's members who answered",
            source="Members' survey, 2026",
            read_on=date(2026, 11, 1),
        )
        layer = relations.relate(
            by=first.owner,
            org_id=first.id,
            child_id=version.achievement_id,
            base_id=published(first, title="Base standard").achievement_id,
            role="part",
        )
        release = tool_actions.record_release(
            by=first.owner, org_id=first.id, name="Mailwright", version="5.0", released_on=date(2026, 1, 31)
        )
        self.ids = {
            "release_id": release.id,
            "achievement_id": version.achievement_id,
            "note_id": note.id,
            "advice_id": advice.id,
            "relation_id": layer.id,
            "request_id": request.id,
            "slug": version.slug,
            "number": version.number,
            "old": version.number,
            "new": version.number,
            "step": "claim",
            "language": "de",
            "row": "c1",
            "door": "retire",
            "kind": "text",
            "multibase": "z6Mk",
            "member_id": self.any("Membership"),
            "invitation_id": invitation.id,
            "key_id": key.id,
            "mail_id": self.any("OutgoingMail"),
            "enrolment_id": waiting.enrolment_id,
            "submission_id": waiting.id,
            "item_id": detail.items[0].item.id,
            "requirement_id": detail.items[0].item.requirement_id,
            "link_id": link.id,
            "upload_id": waiting.id,
            "award_id": self.any("Award"),
            "batch_id": batch.id,
            "framework_id": self.any("Framework"),
            "skill_id": self.any("Skill"),
            "import_id": self.any("FrameworkImport"),
            "decision_id": self.any("Decision"),
            "public_id": credential.public_id,
            "credential_id": credential.public_id,
        }

    def any(self, name: str) -> Any:
        (model,) = [model for model in tenant_models() if model.__name__ == name]
        row = model._base_manager.filter(org_id=self.first.id).first()
        assert row is not None, f"the first organisation has no {name}"
        return row.pk

    def filled(self, path: str, **others: Any) -> str:
        return path.format(**{**self.ids, **others})


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def intruder(world: World) -> Client:
    people.change_roles(
        by=world.second.owner,
        org_id=world.second.id,
        member_id=membership(world.second),
        roles=list(ROLES),
    )
    client = Client(raise_request_exception=False)
    assert client.login(email="owner@southlamp.example", password=PASSWORD)
    return client


def membership(org: Org) -> Any:
    (model,) = [model for model in tenant_models() if model.__name__ == "Membership"]
    return model._base_manager.get(org_id=org.id, user_id=org.owner_id).pk


def test_the_studio_of_another_organisation_is_closed(world: World, intruder: Client) -> None:
    before, walked = rows_of(world.first), 0
    for name, path, found in routes():
        if not path.startswith("/studio/"):
            continue
        own = [one for one in found if one != "org_slug"]
        tries = [("its studio", "northlamp")] + ([("our studio, its id", "southlamp")] if own else [])
        for words, slug in tries:
            address = world.filled(path, org_slug=slug)
            for method in ("get", "post"):
                status = getattr(intruder, method)(address, BODIES if method == "post" else None).status_code
                assert status in {403, 404, 405}, f"{method} {name} ({words}): {status}"
                walked += 1
    assert rows_of(world.first) == before
    assert walked > 100


def test_the_work_of_another_organisations_learner_is_closed(world: World, intruder: Client) -> None:
    before = rows_of(world.first)
    for name, path, found in routes():
        if path.startswith("/learn/") and found:
            for method in ("get", "post"):
                status = getattr(intruder, method)(world.filled(path), {}).status_code
                assert status in {403, 404, 405}, f"{method} {name}: {status}"
    assert rows_of(world.first) == before


def test_a_key_of_another_organisation_opens_nothing(world: World) -> None:
    _, secret = people.create_api_key(
        by=world.second.owner, org_id=world.second.id, name="all", scopes=sorted(SCOPES)
    )
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    before = rows_of(world.first)
    schema = client.get("/api/v1/openapi.json").json()
    walked = 0
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            body = (
                json.dumps(sample(schema, operation, world)) if method in {"post", "put", "patch"} else None
            )
            answer = getattr(client, method)(
                world.filled(path), **({"data": body, "content_type": "application/json"} if body else {})
            )
            assert answer.status_code < 500, f"{method} {path}: {answer.text[:300]}"
            if "{" in path:
                assert answer.status_code in {403, 404, 422}, f"{method} {path}: {answer.status_code}"
            elif answer.status_code == 200 and method == "get":
                assert "northlamp" not in answer.text.lower(), path
            walked += 1
    assert rows_of(world.first) == before
    assert walked > 25


def sample(schema: dict[str, Any], operation: dict[str, Any], world: World) -> Any:
    """A body that the operation's schema accepts, with the first organisation's ids where one is asked for."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return value(schema, content["schema"], "", world) if content else None


def value(schema: dict[str, Any], of: dict[str, Any], name: str, world: World) -> Any:
    if "$ref" in of:
        return value(schema, schema["components"]["schemas"][of["$ref"].rsplit("/", 1)[1]], name, world)
    for many in ("anyOf", "oneOf", "allOf"):
        if many in of:
            return value(schema, of[many][0], name, world)
    if name in world.ids:
        return str(world.ids[name])
    if "enum" in of:
        return of["enum"][0]
    if of.get("type") == "object":
        wanted = of.get("required", [])
        return {
            key: value(schema, part, key, world)
            for key, part in of.get("properties", {}).items()
            if key in wanted
        }
    if of.get("type") == "array":
        return [value(schema, of["items"], name.removesuffix("s"), world)] if "items" in of else []
    if of.get("type") == "integer":
        return 1
    if of.get("type") == "boolean":
        return True
    if of.get("format") == "date":
        return date(2026, 1, 31).isoformat()
    return "ada@learner.example" if "email" in name else "A text of some length, given as a reason."


def test_every_row_of_a_room_is_read_in_scope() -> None:
    rooms = [model for model in tenant_models() if model._meta.app_label != "kernel"]
    assert [model.__name__ for model in rooms if not isinstance(model._default_manager, OrgManager)] == []


def test_every_page_answers_its_owner_in_few_queries(world: World) -> None:
    owner = Client()
    assert owner.login(email="owner@northlamp.example", password=PASSWORD)
    shown, many = 0, {}
    for name, path, found in routes():
        if path.startswith(("/studio/", "/c/", "/s/", "/o/", "/me", "/home", "/verify", "/learn")):
            kinds = {"key_id": world.any("SigningKey")} if name == "key_compromised" else {}
            names = {"slug": "northlamp"} if path.startswith("/o/") else {}
            with CaptureQueriesContext(connection) as captured:
                answer = owner.get(world.filled(path, org_slug="northlamp", **kinds, **names))
            assert answer.status_code < 500, f"{path}: {answer.status_code}"
            shown += answer.status_code == 200 and bool(found)
            if len(captured) > 30:
                many[path] = len(captured)
    assert many == {}
    assert shown > 30
