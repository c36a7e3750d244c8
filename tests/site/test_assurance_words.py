"""What the public page says of judges and authorship follows from the signed payload alone."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from guildmark.assess.evidence import actions as evidence
from guildmark.design.types import EvidenceRequirement
from guildmark.issue import actions as issue
from guildmark.issue import document
from guildmark.kernel import tasks
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.v3 import AssessmentSpec, FactSpec
from guildmark.site.public.facts import page_facts
from tests.design.builders import publishable_content, publishable_standard, published
from tests.evidence.builders import assessed, submitted
from tests.issue.builders import issued, of_award
from tests.verify import samples

ONE, DECIDED, TAUGHT = (
    "One judge rated this work.",
    "The judge who rated this work also took the decision.",
    "A judge taught the learner.",
)


ISSUER = samples.Academy()


def page(judges: int, *weaknesses: str, checked: bool = False) -> Any:
    given = AssessmentSpec(date(2026, 1, 10), ("assessor",) * judges, weaknesses, mode="Supervised in person")
    fact = FactSpec(names.AUTHORSHIP, "How", "a walkthrough of the work")
    return page_facts(
        ISSUER.credential(assessment=given if judges else None, facts=(fact,) if checked else ())
    )


@pytest.mark.parametrize(
    ("judges", "weaknesses", "checked", "words", "rank"),
    [
        (1, (ONE, DECIDED), False, "judged by one person who also decided, against", 1),
        (1, (ONE, DECIDED, TAUGHT), False, "judged by one person who had also taught them, against", 1),
        (2, (), False, "judged by two people, none of whom had taught them, against", 2),
        (2, (TAUGHT,), True, "judged by two people, of whom at least one had taught them, against", 1),
        (2, (DECIDED,), True, "judged by two people, of whom one decided, against", 1),
        (2, (), True, "judged by two people, none of whom had taught them, against", 3),
        (2, ("Something else was weak.",), True, "judged by two people, against", 1),
        (0, (), False, "and nobody judged it.", 0),
    ],
)
def test_the_first_sentence_says_who_judged_and_how_far_they_stood_from_the_learner(
    judges, weaknesses, checked, words, rank
):
    told = page(judges, *weaknesses, checked=checked)
    assert words in told.sentence
    assert told.assurance.rank == rank
    if judges:
        assert ("declared, not checked" in told.sentence) is not checked


def test_a_walkthrough_that_was_handed_in_is_signed_as_a_check():
    standard = publishable_standard(
        conditions={"authorship_checks": ["walkthrough", "statement"]},
        evidence=[
            EvidenceRequirement(id="e1", title="T", brief="B"),
            EvidenceRequirement(id="e2", title="W", brief="B", form="walkthrough"),
        ],
    )

    def handed_in(*names: str) -> str:
        return document._authorship(
            standard,
            SimpleNamespace(evidence=[SimpleNamespace(requirement_id=n) for n in names], bridge_from=None),
        )  # type: ignore[arg-type]

    assert handed_in("e1", "e2") == "a walkthrough of the work"
    assert handed_in("e1") == ""


@pytest.mark.django_db
def test_a_credential_carries_what_was_really_done_for_it(org):
    content = publishable_content(conditions={"authorship_checks": ["walkthrough", "version_history"]})
    talk = {
        "id": "e3",
        "title": "Talk",
        "brief": "B",
        "form": "walkthrough",
        "kind": "text",
        "action": "decide",
    }
    content["evidence"].append(talk)
    content["criteria"][0]["evidence"] = ["e1", "e3"]
    version = published(org, **content)
    told = page_facts(json.loads(issued(org, version=version).body))
    assert {fact.key: fact.value for fact in told.facts.facts}[
        names.AUTHORSHIP
    ] == "a walkthrough of the work"
    assert told.assurance.rank == 1
    assert told.sentence.endswith("judged by one person who also decided, against a published standard.")


@pytest.mark.django_db
def test_two_judges_and_another_who_decides_give_the_next_level(org):
    version = published(org, conditions={**publishable_content()["conditions"], "judges": 2})
    work = submitted(org, version)
    for name in ("first", "second"):
        assessed(org.member("assessor", name=name), work, 3)
    decision = evidence.decide(
        by=org.owner, org_id=org.id, submission_id=work.id, outcome="passed", feedback="Both judges agree."
    )
    award = issue.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    tasks.run_until_idle()
    told = page_facts(json.loads(of_award(org, award).body))
    assert told.assurance.rank == 2
    assert "two people, none of whom had taught them" in told.sentence
