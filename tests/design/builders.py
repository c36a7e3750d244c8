"""Standards for tests: one that passes the gate, and its publication through the actions."""

from __future__ import annotations

from typing import Any

from guildmark.design import actions, queries
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.actor import Actor

CLAIM = (
    "Given a brief and a contact list, builds a five-message welcome sequence in an "
    "e-mail tool, tests every branch, "
    "and corrects faults before launch."
)
LEVELS = ("Missing or wrong.", "Partly there.", "Complete and right.", "Complete, right and explained.")


def criterion(identity: str, about: str, *, must_pass: bool = True, **members: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "name": about,
        "statement": f"{about} fits the brief.",
        "must_pass": must_pass,
        "competencies": ["c1"],
        "evidence": ["e1"],
        "descriptors": [f"{about}: {level}" for level in LEVELS],
        **members,
    }


def publishable_content(**overrides: Any) -> dict[str, Any]:
    """The JSON of a standard without a blocking finding; three criteria (k1, k2 must pass), two pieces
    of evidence.
    """
    content: dict[str, Any] = {
        "signal": "demonstrated",
        "language": "en",
        "title": "Welcome sequence, built and checked",
        "claim": CLAIM,
        "summary": "An automated welcome sequence, from the brief to the launch.",
        "audience": "Freelancers who set up e-mail for small businesses.",
        "context": [{"kind": "tool", "name": "Mailwright", "version": "4.2"}],
        "competencies": [
            {"id": "c1", "statement": "Builds a sequence that follows a brief."},
            {"id": "c2", "statement": "Finds and corrects faults before launch."},
        ],
        "evidence": [
            {
                "id": "e1",
                "title": "Sequence export",
                "brief": "The export of the finished sequence.",
                "kind": "text",
                "variants": 8,
            },
            {
                "id": "e2",
                "title": "Test log",
                "brief": "One line per branch.",
                "kind": "text",
                "action": "fix",
                "form": "repaired",
                "variants": 8,
            },
        ],
        "criteria": [
            criterion("k1", "Trigger logic"),
            criterion("k2", "Fault diagnosis", competencies=["c2"], evidence=["e2"]),
            criterion("k3", "Message purpose", must_pass=False),
        ],
        "others_required": 1,
        "conditions": {"authorship_checks": ["defence"]},
        "study_hours": 5,
        "assessment_hours": 1.5,
        "validity_months": 18,
        "review_months": 6,
        "not_shown": ["Writing for paid advertising."],
    }
    return {**content, **overrides}


def publishable_standard(**overrides: Any) -> Standard:
    """A standard that the gate lets through; give members of :class:`Standard` to change it."""
    return Standard.model_validate(publishable_content(**overrides))


def completion_content(**overrides: Any) -> dict[str, Any]:
    content = {
        "signal": "completion",
        "title": "E-mail automation course",
        "summary": "Attended four live sessions and opened every lesson.",
        "audience": "People who want to know what e-mail automation is about.",
    }
    return {**content, **overrides}


def drafted(org: Any, *, by: Actor | None = None, **overrides: Any) -> VersionView:
    """A saved draft of ``org`` (tests.people.builders.Org), by its owner unless ``by`` is given."""
    actor = by or org.owner
    content = (completion_content if overrides.get("signal") == "completion" else publishable_content)(
        **overrides
    )
    made = actions.create_achievement(
        by=actor, org_id=org.id, title=content["title"], signal=content["signal"]
    )
    return actions.save_draft(
        by=actor, org_id=org.id, version_id=made.id, content=content, revision=made.revision
    )


def published(org: Any, *, by: Actor | None = None, **overrides: Any) -> VersionView:
    """A published version 1.0 of ``org``; ``signal="completion"`` gives a completion record."""
    draft = drafted(org, by=by, **overrides)
    return actions.publish(by=by or org.owner, org_id=org.id, version_id=draft.id)


def successor(org: Any, version: VersionView, *, note: str = "Clearer words.", **changes: Any) -> VersionView:
    """The next published version of the same achievement, with top-level members changed."""
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    saved = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content=changes, revision=draft.revision
    )
    done = actions.publish(by=org.owner, org_id=org.id, version_id=saved.id, update_note=note)
    return queries.version(org.id, done.id)
