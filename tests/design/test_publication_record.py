"""What the linter said is kept with every published version, whatever the rules of the organisation become (TV11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.cli import main
from guildmark.design import actions, queries
from guildmark.design.models import PublicationRecord
from guildmark.design.types import VersionView
from guildmark.skills import queries as skills
from tests.design.builders import published
from tests.issue.builders import issued
from tests.skills.builders import case, imported

pytestmark = pytest.mark.django_db
LIMITS = {"impostor_once": 0.9, "impostor_with_retakes": 0.9}


def said_of(version: VersionView) -> list[dict[str, Any]]:
    found = queries.publication_record(version)
    assert found is not None
    return [*found.wording]


def entry(report: list[dict[str, Any]], path: str) -> dict[str, Any]:
    return next(one for one in report if one["path"] == path)


def test_a_version_keeps_what_was_said_of_its_words(org):
    actions.set_rules(by=org.owner, org_id=org.id, jargon=["branch"], **LIMITS)
    version = published(org)
    kept = said_of(version)
    claim = entry(kept, "claim")
    assert claim["reading"]["words"] > 0
    assert "claim.jargon" in {finding["rule"] for finding in claim["findings"]}
    # Another rule later changes nothing of what was said then.
    actions.set_rules(by=org.owner, org_id=org.id, jargon=[], **LIMITS)
    assert said_of(version) == kept
    assert Client().get(f"/s/{version.slug}/v/1.0.json").json()["wording"] == kept


def test_it_is_what_the_command_says_of_the_file(org, tmp_path, capsys):
    from guildmark.design import files

    version = published(org)
    file = tmp_path / "standard.yaml"
    file.write_text(files.dump(version.standard, version.slug), "utf-8")
    main(["lint", "--json", str(file)])
    told = json.loads(capsys.readouterr().out)
    for one in told:
        one.pop("line")
    assert told == json.loads(json.dumps(said_of(version)))


def test_a_draft_has_none_and_another_organisation_sees_none(org, other_org):
    version = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    assert queries.publication_record(draft) is None
    assert not PublicationRecord.objects.for_org(other_org.id).exists()


def test_the_skills_beside_are_kept_and_signed_though_the_framework_changes(org):
    """What stands beside a covered skill in its framework is not shown, and every credential says so (M16)."""
    imported(org, case())
    found = {one.skill.code: one.skill for one in skills.search(org.id, "dough")}
    tied = found["B1.1"]
    version = published(
        org,
        alignments=[
            {
                "id": "a1",
                "framework": tied.framework_title,
                "name": tied.name,
                "url": tied.uri,
                "code": tied.code,
                "relation": "exact",
                "rationale": "The same act on the same thing.",
                "competencies": ["c1", "c2"],
            }
        ],
    )
    beside = {one.uri: one.name for one in skills.neighbours(org.id, [tied.uri])}
    assert beside
    kept = queries.publication_record(version)
    assert kept is not None
    assert [row["framework"] for row in kept.beside] == [tied.framework_title]
    assert {one["uri"]: one["name"] for row in kept.beside for one in row["skills"]} == beside
    # The framework loses what stood beside; the published version and its credentials still say it.
    imported(org, case([]), withdraw_many=True)
    assert queries.publication_record(version) == kept
    body = json.loads(issued(org, version=version).body)
    told = [one["value"] for one in body["credentialSubject"]["result"] if "value" in one]
    (line,) = [text for text in told if isinstance(text, str) and text.startswith("Skills beside these in")]
    for name in beside.values():
        assert name.rstrip(".") in line
