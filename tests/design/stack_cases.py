"""A stack of two published standards for tests, and what it is promoted to."""

from __future__ import annotations

from typing import Any

from django.test import Client

from guildmark.design import actions as design
from guildmark.design.stacks import promotion
from guildmark.design.types import VersionView
from tests.design.builders import criterion, publishable_content, published
from tests.people.builders import Org

SECOND: dict[str, Any] = {
    "title": "Delivery reports, read and acted on",
    "claim": "Given the reports of a month, finds why messages did not arrive and changes the cause in an e-mail tool.",
    "competencies": [{"id": "c1", "statement": "Repairs what kept messages from arriving."}],
    "evidence": [
        {
            "id": "e1",
            "title": "The repaired set-up",
            "brief": "The set-up after your repair.",
            "kind": "text",
            "action": "fix",
            "form": "repaired",
            "variants": 8,
        }
    ],
    "criteria": [
        criterion("k1", "Cause found"),
        criterion("k2", "Cause changed"),
        criterion("k3", "Notes for the next person", must_pass=False),
    ],
    "others_required": 0,
    "assessment_hours": 1,
}


def member(org: Org, **content: Any) -> VersionView:
    return published(org, **content)


def promoted(org: Org, *members: VersionView, **options: Any) -> VersionView:
    return promotion.promote(
        by=options.pop("by", org.owner),
        org_id=org.id,
        version_ids=[one.id for one in members],
        title=options.pop("title", "E-mail practitioner"),
        **options,
    )


def publish_as_skill(org: Org, draft: VersionView) -> VersionView:
    """The whole published as a demonstrated skill: the class certified cannot be published yet."""
    content = {
        "signal": "demonstrated",
        "claim": publishable_content()["claim"],
        "audience": "Whoever hires for e-mail work.",
    }
    saved = design.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None
    )
    return design.publish(by=org.owner, org_id=org.id, version_id=saved.id)


def page(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()
