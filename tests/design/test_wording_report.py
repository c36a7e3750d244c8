"""What the linter said is kept with every published version, whatever the rules of the organisation become (TV11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.cli import main
from guildmark.design import actions, queries
from guildmark.design.models import WordingReport
from tests.design.builders import published

pytestmark = pytest.mark.django_db
LIMITS = {"impostor_once": 0.9, "impostor_with_retakes": 0.9}


def entry(report: list[dict[str, Any]], path: str) -> dict[str, Any]:
    return next(one for one in report if one["path"] == path)


def test_a_version_keeps_what_was_said_of_its_words(org):
    actions.set_rules(by=org.owner, org_id=org.id, jargon=["branch"], **LIMITS)
    version = published(org)
    kept = queries.wording_report(version)
    assert kept is not None
    claim = entry(kept, "claim")
    assert claim["reading"]["words"] > 0
    assert "claim.jargon" in {finding["rule"] for finding in claim["findings"]}
    # Another rule later changes nothing of what was said then.
    actions.set_rules(by=org.owner, org_id=org.id, jargon=[], **LIMITS)
    assert queries.wording_report(version) == kept
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
    assert told == json.loads(json.dumps(queries.wording_report(version)))


def test_a_draft_has_none_and_another_organisation_sees_none(org, other_org):
    version = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    assert queries.wording_report(draft) is None
    assert not WordingReport.objects.for_org(other_org.id).exists()
