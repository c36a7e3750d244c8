"""The defence dossier of a published version: complete or not, the same bytes twice, and nothing about learners."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guildmark import cli
from guildmark.assess.evidence.types import DecidedCounts
from guildmark.design import actions
from guildmark.design.advisor import actions as advisor
from guildmark.kernel import tasks
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.clock import at
from guildmark.kernel.problems import NotFound
from guildmark.people import queries as people
from guildmark.protocol import standards_log
from guildmark.site.dossier import export
from guildmark.site.dossier.compose import compose
from guildmark.site.dossier.sections import statistics, what_it_does_not_show
from tests.design import advisor_cases
from tests.design.builders import (
    CLAIM,
    completion_content,
    drafted,
    publishable_content,
    published,
    successor,
)
from tests.design.test_lowering import REASON, agreed, publish, reworded
from tests.evidence.builders import decided
from tests.people.builders import Org

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
NOBODY = "no person: an API key or the command line"
DECISION = {"who": "An owner", "what": "whom to hire", "convinced_by": "A sequence that ran."}


def tied(**overrides: Any) -> dict[str, Any]:
    """A standard with whose decision it is about, and each competency tied or excepted."""
    competencies = publishable_content()["competencies"]
    competencies[1]["alignment_exception"] = "No framework has a row for faults."
    link = {"id": "a1", "framework": "Skills", "name": "Build sequences", "url": "https://skills.example/1"}
    link |= {"relation": "narrower", "rationale": "One kind of it.", "competencies": ["c1"]}
    return {"competencies": competencies, "alignments": [link], "decision": DECISION, **overrides}


def signed_in(user_id: Any) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user_id))
    return client


def composed(org: Any, slug: str, number: str) -> Any:
    return compose(people.organisation(org.id), slug, number)


def told(org: Any, version: Any) -> dict[str, Any]:
    made, _ = composed(org, version.slug, version.number)
    return dict(json.loads(export.as_json(made)))


def section(document: dict[str, Any], key: str) -> dict[str, Any]:
    (found,) = [one for one in document["sections"] if one["key"] == key]
    return dict(found)


def shown(org: Any, version: Any, client: Client | None = None) -> str:
    page = (client or signed_in(org.owner_id)).get(
        reverse("standard_dossier", args=[org.slug, version.slug, version.number])
    )
    assert page.status_code == 200
    return " ".join(strip_tags(page.content.decode()).split())


def test_a_dossier_without_an_empty_section_says_that_it_is_complete(org):
    version = published(org, **tied())
    decided(org, version=version)
    document = told(org, version)
    assert document["complete"] is True
    assert document["emptySections"] == []
    assert document["summary"] == "Each of the 8 mandatory sections has something to show."
    assert "This dossier is complete." in shown(org, version)


def test_sections_without_records_are_counted_at_the_top_and_say_what_to_do(org):
    version = published(org)
    document = told(org, version)
    assert document["complete"] is False
    assert document["emptySections"] == ["rationale", "mapping", "statistics"]
    assert document["summary"] == "3 of 8 sections have nothing to show."
    for key in document["emptySections"]:
        (gap,) = section(document, key)["gaps"]
        assert gap["missing"]
        assert gap["do"]
    page = shown(org, version)
    assert "This dossier is incomplete. 3 of 8 sections have nothing to show." in page
    assert page.count("Empty: nothing is recorded.") == 3
    assert "Nothing was decided or issued on this version yet. Judge the first work" in page


def test_one_empty_section_is_counted_as_one(org):
    assert told(org, published(org, **tied()))["summary"] == "1 of 8 sections has nothing to show."


def test_few_cases_are_not_made_into_a_rate(org):
    version = published(org)
    for name in ("Ada Moreno", "Ben Ode"):
        decided(org, version=version, learner=org.learner(name))
    measured = section(told(org, version), "statistics")
    assert measured["state"] == "shown"
    assert [rate["words"] for rate in measured["rates"]] == [
        "not yet measurable (n = 2)",
        "not yet measurable (n = 2)",
        "not yet measurable (n = 0)",
    ]
    assert "percent" not in json.dumps(measured["rates"])


def test_enough_cases_have_a_rate_with_n_and_interval(org):
    version = published(org)
    _, records = composed(org, version.slug, version.number)
    rates = statistics(replace(records, decided=DecidedCounts(40, 30))).content["rates"]
    assert rates[0]["words"] == "75 % (n = 40; 60 to 86 %)"
    assert (rates[0]["low"], rates[0]["high"], rates[0]["cases"]) == (60, 86, 40)


def test_each_competency_stands_with_its_row_its_relation_and_its_reason_or_its_exception(org):
    mapping = section(told(org, published(org, **tied())), "mapping")
    first, second = mapping["competencies"]
    assert first["links"][0]["relationInWords"] == "the row of the framework is narrower"
    assert first["links"][0]["rationale"] == "One kind of it."
    assert (second["state"], second["exception"]) == ("excepted", "No framework has a row for faults.")
    assert mapping["coverage"]["words"] == "Covered by a framework: 1 of 2. Written exceptions: 1. Open: 0."


def test_a_competency_without_row_and_reason_is_a_gap_in_a_section_that_is_not_empty(org):
    competencies = publishable_content()["competencies"]
    mapping = section(told(org, published(org, **tied(competencies=competencies))), "mapping")
    assert mapping["state"] == "shown"
    assert [gap["missing"] for gap in mapping["gaps"]] == [
        "“Finds and corrects faults before launch.” is tied to no framework, and no reason is written."
    ]


def test_the_rule_the_levels_the_table_of_types_and_the_meter_are_in_it(org):
    document = told(org, published(org))
    assessment, strength = section(document, "assessment"), section(document, "strength")
    assert assessment["rule"].startswith("Every must-pass criterion (2) must reach level 3")
    assert [level["text"] for level in assessment["criteria"][0]["levels"]][
        2
    ] == "Trigger logic: Complete and right."
    assert len(strength["types"]["rows"]) == 2
    assert strength["impostors"]["rows"][0]["exactly"]["once"]["chance"] <= 0.01
    assert {one["source"] for one in strength["impostors"]["assumptions"]} == {"given", "judgement"}


def test_kept_advice_is_in_it_with_its_answers(org):
    advice = advisor.keep(by=org.owner, org_id=org.id, answers=advisor_cases.read(advisor_cases.made()))
    draft = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=advice.id)
    actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content=publishable_content(),
        revision=draft.revision,
    )
    version = actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)
    given = section(told(org, version), "rationale")["advice"]
    assert given["askedBy"] == "Owner"
    assert len(given["answers"]) > 5
    assert sum(one["points"] for one in given["answers"]) == given["score"]


def test_the_second_person_of_a_lowering_stands_with_the_public_reason(org):
    second = org.member("designer", name="Second")
    draft = reworded(org)
    agreed(org, draft, second)
    document = told(org, publish(org, draft))
    rows = [(row["who"], row["what"], row["words"]) for row in section(document, "people")["rows"]]
    assert ("Owner", "asked to call edits clarifying, with a public reason", REASON) in rows
    assert any(row[:2] == ("Second", "agreed that the edits are clarifying") for row in rows)
    newest = section(document, "changes")["versions"][0]
    assert newest["lowering"] == {
        "from": "major",
        "to": "minor",
        "reason": REASON,
        "askedBy": "Owner",
        "agreedBy": "Second",
    }


def test_one_person_alone_is_said_until_somebody_else_reviews(org):
    version = published(org)
    (gap,) = section(told(org, version), "people")["gaps"]
    assert gap["missing"].startswith("No second person is recorded")
    second = org.member("designer", name="Second")
    actions.mark_reviewed(by=second, org_id=org.id, version_id=version.id, note="Read again; it fits.")
    people_section = section(told(org, version), "people")
    assert people_section["gaps"] == []
    assert people_section["rows"][-1]["words"] == "Read again; it fits."


def test_every_version_stands_with_its_class_its_comparison_and_its_entry_of_the_log(org):
    first = published(org)
    second = successor(org, first, pass_level=4, note="A higher level.")
    newest, oldest = section(told(org, second), "changes")["versions"]
    assert (newest["forces"], oldest["forces"]) == ("major", "")
    assert newest["comparison"].endswith(f"/s/{first.slug}/diff/1.0..2.0")
    assert [row["log"]["index"] for row in (newest, oldest)] == [1, 0]
    assert all(re.fullmatch("[0-9a-f]{64}", row["log"]["leafHash"]) for row in (newest, oldest))


def test_the_dossier_of_an_older_version_can_still_be_made(org):
    first = published(org)
    successor(org, first, pass_level=4)
    assert told(org, first)["version"] == "1.0"


def test_a_completion_record_is_not_asked_how_it_judges(org):
    version = published(org, **completion_content(decision=DECISION))
    document = told(org, version)
    states = {one["key"]: one["state"] for one in document["sections"]}
    assert [key for key, state in states.items() if state == "not_asked"] == [
        "mapping",
        "assessment",
        "strength",
    ]
    assert document["summary"] == "1 of 5 sections has nothing to show."
    assert "a completion record judges nothing" in shown(org, version)


@pytest.mark.parametrize("kind", ["json", "html", "zip"])
def test_the_same_records_at_the_same_moment_give_the_same_bytes(org, kind):
    version = published(org, **tied())
    decided(org, version=version)
    made = []
    for _ in range(2):
        with at(NOON):
            made.append(export.made(kind, *composed(org, version.slug, version.number)))
    assert made[0] == made[1]


def test_the_archive_lists_its_files_and_its_core_has_the_public_hash(org):
    version = published(org)
    tasks.run_until_idle()
    packed = export.as_zip(*composed(org, version.slug, version.number))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        members = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in members.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    assert set(sums) == {
        "core.json", "dossier.html", "dossier.json", "log-proof.json", "rubric.csv", "rubric.json",
    }  # fmt: skip
    assert f"sha256:{sums['core.json']}" == version.core_hash
    proof = standards_log.read_inclusion(members["log-proof.json"])
    standards_log.check_inclusion(proof)
    assert proof.entry.core_hash == version.core_hash
    assert json.loads(members["rubric.json"])["coreHash"] == version.core_hash


def test_the_html_file_needs_nothing_else(org):
    version = published(org)
    made, _ = composed(org, version.slug, version.number)
    page = export.as_html(made).decode()
    assert "<script" not in page
    assert not re.search(r"<(?:link|img|iframe|video)\b|\bsrc=|url\(|@import", page)
    assert page.count("<h1>") == 1
    assert version.core_hash in page


def test_a_text_of_an_author_cannot_become_markup(org):
    version = published(
        org, audience="<script>alert(1)</script>", decision={**DECISION, "who": "<b>Somebody</b>"}
    )
    made, _ = composed(org, version.slug, version.number)
    page = export.as_html(made).decode()
    assert "<script>" not in page
    assert "&lt;b&gt;Somebody&lt;/b&gt;" in page


def test_no_learner_is_named_in_any_form(org):
    version = published(org, **tied())
    decision = decided(org, version=version)
    learners = people.learners(org.id)
    assert len(learners) == 1
    made, _ = composed(org, version.slug, version.number)
    text = export.as_json(made).decode() + export.as_html(made).decode() + shown(org, version)
    for learner in learners.values():
        assert learner.email not in text
        assert learner.name not in text
        assert str(learner.id) not in text
    assert str(decision.id) not in text
    assert "The log shows each branch" not in text


def test_other_organisations_and_other_roles_do_not_get_it(org):
    version = published(org)
    other = Org("southlamp")
    page = reverse("standard_dossier", args=[org.slug, version.slug, "1.0"])
    file = reverse("standard_dossier_file", args=[org.slug, version.slug, "1.0", "zip"])
    members = {org.member("assessor"): 403, org.member("auditor"): 200, org.member("designer"): 200}
    for address in (page, file):
        assert signed_in(other.owner_id).get(address).status_code == 404
        assert signed_in(other.owner_id).get(address.replace(org.slug, other.slug, 1)).status_code == 404
        for role, status in members.items():
            assert signed_in(role.id).get(address).status_code == status
    with pytest.raises(NotFound):
        composed(other, version.slug, "1.0")


@pytest.mark.parametrize("number", ["draft", "9.9", "x"])
def test_only_published_versions_have_one(org, number):
    version = published(org)
    actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    address = reverse("standard_dossier", args=[org.slug, version.slug, number])
    assert signed_in(org.owner_id).get(address).status_code == 404


def test_files_are_offered_by_their_kind_and_no_other(org):
    version = published(org)
    client = signed_in(org.owner_id)
    for kind, media in (
        ("json", "application/json"),
        ("html", "text/html; charset=utf-8"),
        ("zip", "application/zip"),
    ):
        answer = client.get(reverse("standard_dossier_file", args=[org.slug, version.slug, "1.0", kind]))
        assert answer["Content-Type"] == media
        assert answer["Content-Disposition"] == f'attachment; filename="{version.slug}-1.0-dossier.{kind}"'
    missing = reverse("standard_dossier_file", args=[org.slug, version.slug, "1.0", "exe"])
    assert client.get(missing).status_code == 404


def test_many_versions_reviews_and_people_do_not_make_it_ask_more(org, django_assert_max_num_queries):
    view = published(org, **tied())
    for number in range(8):
        view = successor(org, view, context=[{"kind": "tool", "name": "Mailwright", "version": str(number)}])
        reviewer = org.member("designer", name=f"reviewer-{number}")
        actions.mark_reviewed(by=reviewer, org_id=org.id, version_id=view.id, note="It fits.")
    client = signed_in(org.owner_id)
    with django_assert_max_num_queries(30):
        shown(org, view, client)
    with django_assert_max_num_queries(30):
        client.get(reverse("standard_dossier_file", args=[org.slug, view.slug, view.number, "zip"]))


@pytest.mark.parametrize("kind", ["json", "html", "zip"])
def test_the_command_writes_the_same_files(org, tmp_path, capsys, kind):
    version = published(org, **tied())
    decided(org, version=version)
    target = tmp_path / f"dossier.{kind}"
    assert cli.main(["dossier", f"{version.slug}@1.0", "--output", str(target)]) == 0
    assert capsys.readouterr().out.strip() == (
        f"{target}: complete. Each of the 8 mandatory sections has something to show."
    )
    assert target.stat().st_size > 1000
    if kind == "json":
        assert json.loads(target.read_text("utf-8"))["complete"] is True


def test_the_command_ends_with_1_and_says_what_is_empty(org, tmp_path, capsys):
    version = published(org, **tied())
    assert cli.main(["dossier", f"{version.slug}@1.0", "-o", str(tmp_path / "d.json")]) == 1
    out = capsys.readouterr().out
    assert "incomplete. 1 of 8 sections has nothing to show." in out
    assert "What was measured: Nothing was decided or issued on this version yet." in out


@pytest.mark.parametrize(
    ("version", "file", "words"),
    [
        ("welcome", "d.zip", "names no version"),
        ("nothing@1.0", "d.zip", "nothing at this address"),
        ("nothing@draft", "d.zip", "no such version"),
        ("nothing@1.0", "d.pdf", "no known ending"),
    ],
)
def test_the_command_says_in_words_why_nothing_was_written(tmp_path, capsys, version, file, words):
    assert cli.main(["dossier", version, "-o", str(tmp_path / file)]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_history_of_a_standard_leads_to_it(org):
    version = published(org)
    page = (
        signed_in(org.owner_id)
        .get(reverse("standard_history", args=[org.slug, version.slug]))
        .content.decode()
    )
    assert f'href="{reverse("standard_dossier", args=[org.slug, version.slug, "1.0"])}"' in page


def test_what_no_person_did_is_said_so(org):
    draft = drafted(org, by=SYSTEM)
    version = actions.publish(by=SYSTEM, org_id=org.id, version_id=draft.id)
    document = told(org, version)
    rows = [row["who"] for row in section(document, "people")["rows"]]
    assert rows == [NOBODY, NOBODY, "Guildmark"]
    assert section(document, "changes")["versions"][0]["publishedBy"] == "Guildmark"


def test_what_the_claim_linter_said_at_publication_is_kept_in_it(org):
    version = published(org, claim=CLAIM.replace("builds", "perfectly builds"))
    wording = section(told(org, version), "strength")["wording"]
    assert wording["words"].startswith("At publication the claim linter found 1 flaw. Texts it read: ")
    (flawed,) = [one for one in wording["texts"] if one["findings"]]
    assert flawed["path"] == "claim"
    assert "“perfectly” promises more" in flawed["findings"][0]["reason"]
    assert flawed["findings"][0]["mend"] in shown(org, version)


def test_a_clean_wording_is_said_so(org):
    assert section(told(org, published(org)), "strength")["wording"]["words"].endswith("found no flaw.")


def test_skills_beside_the_mapped_ones_on_the_day_of_publication_are_not_shown(org):
    version = published(org)
    _, records = composed(org, version.slug, version.number)
    beside = (
        {"framework": "Skills", "skills": [{"name": "Repair sequences", "uri": "https://skills.example/2"}]},
    )
    kept = replace(records.kept, beside=beside)
    assert what_it_does_not_show(replace(records, kept=kept)).content["beside"] == list(beside)
