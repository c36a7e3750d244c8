"""Promise, effort and price against each other, and the three axes."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.design import consistency, policies, promise
from guildmark.design.types import Standard
from guildmark.site.demo import standards as demo
from tests.design.builders import completion_content, criterion, publishable_content, publishable_standard


def rules(standard: Standard) -> list[str]:
    return [fault.rule for fault in promise.check(standard)]


def gate(**overrides: Any) -> set[str]:
    return {finding.rule for finding in policies.findings(publishable_standard(**overrides))}


def broad() -> dict[str, Any]:
    names = [f"c{n}" for n in range(1, 9)]
    return {
        "title": "Digital marketing badge",
        "competencies": [{"id": name, "statement": "Builds a part of it."} for name in names],
        "criteria": [criterion(f"k{n}", f"Part {n}", competencies=[name]) for n, name in enumerate(names, 1)],
        "others_required": 0,
        "study_hours": 100,
        "assessment_hours": 20,
    }


def test_two_hours_called_a_master_certification_at_900_give_exactly_three_findings():
    standard = publishable_standard(
        title="Master Certification in Marketing",
        study_hours=2,
        assessment_hours=None,
        cost={"amount": "900", "currency": "EUR"},
    )
    found = list(promise.check(standard))
    assert [fault.rule for fault in found] == ["promise.over_label", "promise.effort", "promise.price"]
    told = " ".join(fault.message for fault in found)
    for number in (
        "2 competencies",
        "3 criteria",
        "2 pieces of evidence",
        "2 hours",
        "900 EUR",
        "450 an hour",
    ):
        assert number in told
    assert {fault.severity for fault in found} == {"advice"}


def test_a_narrow_thing_called_a_certification_is_over_labelled():
    assert rules(publishable_standard(title="Certification in e-mail sequences", study_hours=30)) == [
        "promise.over_label"
    ]


def test_a_broad_programme_sold_as_a_badge_is_under_labelled():
    assert rules(publishable_standard(**broad())) == ["promise.under_label"]


@pytest.mark.parametrize("content", [demo.sequence(2), demo.BRIEFING, demo.WORKSHOP, publishable_content()])
def test_an_honest_standard_has_no_contradiction(content):
    assert rules(Standard.model_validate(content)) == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Zertifizierung E-Mail", ("Zertifizierung",)),
        ("Curso de experto en correo", ("experto",)),
        ("Corrects master data", ()),
        ("Willkommensstrecke", ()),
    ],
)
def test_words_of_a_career_are_seen_in_three_languages(title, words):
    assert promise.labels_of(publishable_standard(title=title)) == words


def test_the_gate_does_not_say_twice_what_its_guard_of_words_says():
    assert gate(title="Master of Mail", study_hours=30) & {"wording.grand", "promise.over_label"} == {
        "wording.grand"
    }
    assert "promise.over_label" in gate(
        title="Zertifizierung E-Mail", language="de", claim="Baut eine Strecke auf."
    )
    certified = gate(title="Master of Mail", signal="certified")
    assert certified & {"wording.grand", "promise.over_label"} == {"wording.grand"}


@pytest.mark.parametrize("amount", ["", "free", "NaN", "-3", "Infinity"])
def test_a_price_that_is_none_is_no_price(amount):
    standard = publishable_standard(cost={"amount": amount, "currency": "EUR"})
    assert promise.price_of(standard) is None
    assert rules(standard) == []


def test_a_price_band_is_a_question_with_its_source_and_can_be_another():
    standard = publishable_standard(cost={"amount": "900", "currency": "EUR"})
    (question,) = promise.questions(standard)
    assert "above 50 to 500" in question
    assert "not a measured figure" in question
    assert question.endswith("?")
    (other,) = promise.questions(
        standard, promise.Guides(price_low=800, price_high=1200, price_source="our own list")
    )
    assert "within 800 to 1200 (our own list)" in other
    assert "band" not in " ".join(gate(cost={"amount": "9000", "currency": "EUR"}, study_hours=500))


def test_a_high_price_with_long_hours_is_no_finding():
    assert rules(publishable_standard(cost={"amount": "900", "currency": "EUR"}, study_hours=40)) == []


def test_an_area_that_changes_within_months_needs_an_end():
    assert "volatility.no_expiry" in gate(volatility="high", validity_months=None)
    assert "volatility.no_expiry" not in gate(volatility="high", validity_months=12)
    assert "volatility.no_expiry" not in gate(volatility="low", validity_months=None)
    assert "volatility.review" in gate(volatility="high", review_months=12)
    assert "volatility.review" not in gate(volatility="low", review_months=12)


def test_the_decision_is_asked_for_and_does_not_block():
    finding = next(f for f in policies.findings(publishable_standard()) if f.rule == "decision.missing")
    assert (finding.severity, finding.step) == ("advice", "claim")
    full = {"who": "An owner", "what": "whom to hire", "convinced_by": "A log."}
    assert "decision.missing" not in gate(decision=full)
    partly = next(
        f
        for f in policies.findings(publishable_standard(decision={**full, "what": ""}))
        if f.rule == "decision.missing"
    )
    assert partly.message == "Nothing says what."


def test_publishing_refuses_a_page_whose_last_block_is_empty():
    bare = {"audience": "", "context": [], "decision": {}}
    assert "where.empty" in {f.rule for f in policies.blocking(publishable_standard(**bare))}
    for filled in (
        {"audience": "Owners."},
        {"context": [{"name": "Kit"}]},
        {"decision": {"who": "An owner"}},
        {"alignments": [{"id": "a1", "name": "A", "url": "https://esco.example/1"}]},
    ):
        assert "where.empty" not in gate(**{**bare, **filled})
    record = Standard.model_validate(completion_content(audience=""))
    assert [f.rule for f in policies.blocking(record)] == ["where.empty"]


def verdicts(**overrides: Any) -> dict[str, consistency.Verdict]:
    return {one.axis: one for one in consistency.verdicts(publishable_standard(**overrides))}


def test_there_is_one_verdict_for_each_axis_and_each_cites_its_records():
    for content in (publishable_content(), demo.sequence(2), demo.WEAK_DRAFT, demo.WORKSHOP, {}):
        found = consistency.verdicts(Standard.model_validate(content))
        assert [one.axis for one in found] == [
            "How it is learned",
            "How it is assessed",
            "What the market expects",
        ]
        assert all(one.cites and one.reason for one in found)


def test_the_verdicts_follow_the_records():
    lessons = [
        {"id": "u1", "title": "A", "competencies": ["c1"]},
        {"id": "u2", "title": "B", "competencies": ["c2"]},
    ]
    decision = {"who": "An owner", "what": "whom to hire"}
    assert [one.verdict for one in verdicts(lessons=lessons, decision=decision).values()] == ["fits"] * 3
    assert verdicts(lessons=lessons[:1])["How it is learned"].verdict == "does not fit"
    assert verdicts()["How it is learned"].verdict == "not known"
    wrong = publishable_content()["evidence"]
    wrong[1]["form"] = "quiz"
    judged = verdicts(evidence=wrong)["How it is assessed"]
    assert judged.verdict == "does not fit"
    assert ("competencies.c2", "type.inadmissible") in judged.cites
    assert verdicts(evidence=[])["How it is assessed"].verdict == "not known"
    market = verdicts(title="Master of Mail", decision=decision)["What the market expects"]
    assert market.verdict == "does not fit"
    assert ("title", "promise.over_label") in market.cites
