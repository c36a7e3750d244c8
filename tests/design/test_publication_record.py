"""What the linter said is kept with every published version, whatever the rules of the organisation become (TV11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.cli import main
from guildmark.design import actions, queries
from guildmark.design.advisor import actions as advisor
from guildmark.design.advisor.recheck import from_record, recheck
from guildmark.design.models import PublicationRecord
from guildmark.design.types import VersionView
from guildmark.kernel.speaking import speaking, spoken
from guildmark.skills import queries as skills
from tests.design.advisor_cases import made, read
from tests.design.builders import publishable_content, published
from tests.issue.builders import issued
from tests.site.test_translations import visible
from tests.skills.builders import case, imported
from tests.wallet.builders import sign_in

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


def test_the_verdict_of_the_advisor_on_that_day_is_kept_whatever_is_answered_later(org, other_org):
    """DF15: who published knows for ever what the advisor had said, and what it said of the published standard."""
    given = made(competencies=14, evidence="exam", artefact="", judges=2)
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(given))
    draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    saved = actions.save_draft(by=org.owner, org_id=org.id, version_id=draft.id,
                               content=publishable_content(), revision=None)  # fmt: skip
    check = recheck(kept.answers, saved.standard)
    assert check.changed
    version = actions.publish(by=org.owner, org_id=org.id, version_id=saved.id)
    found = queries.publication_record(version)
    assert found is not None
    assert found.advice is not None
    assert (found.advice["verdict"], found.advice["score"]) == (kept.result.verdict, kept.result.score)
    assert (found.advice["verdict_now"], found.advice["score_now"]) == (check.verdict_now, check.score_now)
    assert found.advice["holds"] == check.holds
    assert [one["name"] for one in found.advice["differs"]] == [one.name for one in check.changed]
    # Other answers later change nothing of what is kept.
    advisor.keep(by=org.owner, org_id=org.id, answers=read(made(judges=5)), follows=kept.id)
    assert queries.publication_record(version) == found
    assert queries.recorded_advice(other_org.id, [version.id]) == {}


def test_strangers_read_the_verdict_and_what_differed_and_nothing_that_was_answered(org):
    given = made(artefact="A private sketch of ours", price=4711, currency="EUR", competencies=9)
    given["questions"]["outcome_text"] = "Nobody else should read this."
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(given))
    draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    content = publishable_content(cost={"amount": "90", "currency": "EUR"})
    saved = actions.save_draft(by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None)  # fmt: skip
    version = actions.publish(by=org.owner, org_id=org.id, version_id=saved.id)
    body = Client().get(f"/s/{version.slug}/v/1.0.json").content.decode()
    told = json.loads(body)["advice"]
    assert set(told) == {"verdict", "verdictAtPublication", "holds", "differs"}
    assert told["verdict"] == "Micro-credential"
    assert {"Work that is named", "Price", "Competencies"} <= set(told["differs"])
    for private in ("A private sketch", "Nobody else should read", "4711"):
        assert private not in body
    stored = json.dumps(PublicationRecord.objects.for_org(org.id).get(version_id=version.id).advice)
    assert "A private sketch" not in stored


def test_the_history_tells_the_verdict_at_publication_in_the_language_of_the_page(org, client):
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(made(judges=2, study=7.5)))
    draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    saved = actions.save_draft(by=org.owner, org_id=org.id, version_id=draft.id,
                               content=publishable_content(study_hours=9), revision=None)  # fmt: skip
    version = actions.publish(by=org.owner, org_id=org.id, version_id=saved.id)
    sign_in(client, org.owner_id)
    page = visible(client.get(f"/studio/{org.slug}/standards/{version.slug}").content.decode())
    assert "The advisor said “Micro-credential”, and still did for what was published." in page
    assert "Hours of study: 7.5 → 9" in page
    assert "Work that is named: worded otherwise" in page
    lines = from_record(queries.recorded_advice(org.id, [version.id])[version.id])
    with speaking("de"):
        assert "7,5 → 9" in " ".join(spoken(line) for line in lines)


def test_a_standard_that_nobody_asked_about_has_no_verdict_on_record(org):
    version = published(org)
    found = queries.publication_record(version)
    assert found is not None
    assert found.advice is None
    assert Client().get(f"/s/{version.slug}/v/1.0.json").json()["advice"] is None
