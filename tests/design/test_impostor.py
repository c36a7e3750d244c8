"""The impostor meter: what it reads from a standard, what it suggests, and where the gate stops."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.design import impostor, policies
from guildmark.design.types import Rules, Standard
from guildmark.psychometrics.impostor import CHECKS, FORMS, ImpossibleModel, WorkAssumptions
from guildmark.site.demo import standards as demo
from tests.design.builders import criterion, publishable_content, publishable_standard

EPSILON = 1e-9


def upload(**overrides: Any) -> Standard:
    """Upload a file, one criterion: what is usually asked."""
    return publishable_standard(
        claim="Builds a five-message welcome sequence in an e-mail tool.",
        competencies=[{"id": "c1", "statement": "Builds a sequence that follows a brief."}],
        evidence=[{"id": "e1", "title": "File", "brief": "Hand in your work."}],
        criteria=[criterion("k1", "The work")],
        others_required=0,
        conditions={},
        **overrides,
    )


def chances(standard: Standard) -> dict[str, tuple[float, float]]:
    rows = impostor.report(standard, suggest=False).rows
    return {row.key: (row.once.chance, row.retakes.chance) for row in rows}


def test_the_seeded_weak_draft_shows_the_reference_numbers():
    found = impostor.report(Standard.model_validate(demo.WEAK_DRAFT))
    assert found.worst.key == "guesser"
    assert (round(found.once, 3), round(found.retakes, 3), found.tries) == (0.377, 0.758, 3)
    assert found.even_odds == 2
    assert found.over
    assert impostor.verdict(found) == (
        "Somebody without the skill passes with a chance of 38 % (pure guesser), and within 3 attempts of 76 %."
    )


def test_flawed_known_and_remembered_questions_are_what_ifs_that_decide_nothing():
    found = impostor.report(Standard.model_validate(demo.WEAK_DRAFT), what_ifs=True)
    rows = {row.key: row for row in found.rows}
    for key in ("testwise", "memorizer", "retaker"):
        assert not rows[key].counted
        assert rows[key].note.startswith("If ")
        assert rows[key].retakes.chance > rows["guesser"].retakes.chance


def test_a_retaker_at_a_large_quiz_is_drawn_and_says_so():
    def retaker(items: int, variants: int) -> impostor.Row:
        weak = Standard.model_validate(demo.WEAK_DRAFT).model_dump()
        (quiz,) = weak["evidence"]
        quiz |= {"variants": variants, "quiz": {"items": items, "options": 4, "cut": items * 2 // 5}}
        found = impostor.report(Standard.model_validate({**weak, "evidence": [quiz]}), what_ifs=True)
        return next(row for row in found.rows if row.key == "retaker")

    small, large = retaker(60, 3), retaker(100, 3)
    assert small.retakes.method == "exact"
    assert (large.retakes.method, large.retakes.seed) == ("monte_carlo", 1)
    assert large.retakes.n == 1333
    assert large.retakes.low <= large.retakes.chance <= large.retakes.high
    assert "n = 1,333, seed 1" in large.retakes.in_words()


@pytest.mark.parametrize("edition", [0, 1, 2])
def test_the_demo_standards_pass_their_own_gate(edition):
    for content in (demo.sequence(edition), demo.BRIEFING):
        assert policies.blocking(Standard.model_validate(content)) == []


def test_a_careful_micro_credential_passes_and_a_plain_upload_does_not():
    assert not impostor.report(publishable_standard()).over
    found = impostor.report(upload())
    assert found.over
    assert found.worst.key == "copier"
    assert found.once > 0.3


def test_the_gate_names_the_worst_the_numbers_and_the_change_that_helps_most():
    (finding,) = policies.blocking(upload())
    assert finding.rule == "impostor.chance"
    assert "49 % (copier of finished work), and within 2 attempts of" in finding.message
    assert "At most 1 % once and 3 % within all attempts is allowed here." in finding.message
    assert finding.mend.startswith(
        "Asking a question about their own work takes it from 49 % to 4.2 %. Then: "
    )
    assert (finding.path, finding.step) == ("conditions.authorship_checks", "bar")


def test_the_finding_leads_to_the_place_of_the_change():
    quiz = {"items": 10, "options": 2, "cut": 6}
    evidence = [{"id": "e1", "title": "Q", "brief": "B", "form": "quiz", "quiz": quiz}]
    criteria = [criterion("k1", "A", competencies=["c1", "c2"])]
    standard = publishable_standard(evidence=evidence, criteria=criteria, others_required=0)
    (finding,) = [found for found in policies.blocking(standard) if found.rule == "impostor.chance"]
    assert (finding.path, finding.step) == ("evidence.e1", "evidence")


def test_the_limits_are_those_of_the_organisation():
    asked = Rules(impostor_once=0.6, impostor_with_retakes=0.9)
    assert policies.blocking(upload(), asked) == []
    strict = Rules(impostor_once=0.0001)
    assert {f.rule for f in policies.blocking(publishable_standard(), strict)} == {"impostor.chance"}
    patient = Rules(impostor_with_retakes=0.0001)
    assert {f.rule for f in policies.blocking(publishable_standard(), patient)} == {"impostor.chance"}


def test_the_gate_is_silent_while_something_more_basic_is_missing():
    for missing in (
        {"criteria": []},
        {"evidence": []},
        {"criteria": [criterion("k1", "A", must_pass=False)]},
    ):
        standard = publishable_standard(**{"conditions": {}, "others_required": 0, **missing})
        assert "impostor.chance" not in {f.rule for f in policies.blocking(standard)}


def test_an_empty_draft_lets_everybody_pass():
    for standard in (Standard(), publishable_standard(criteria=[]), publishable_standard(evidence=[])):
        found = impostor.report(standard)
        assert (found.once, found.retakes) == (1, 1)


def test_every_field_of_the_standard_that_matters_moves_the_meter():
    standard = publishable_standard(conditions={"resubmissions": 1})

    def worst(**members: Any) -> float:
        changed = Standard.model_validate({**standard.model_dump(), **members})
        return impostor.report(changed, suggest=False).once

    before = worst()
    evidence = [r.model_dump() for r in standard.evidence]
    sample = {"id": "s1", "kind": "clear_pass", "title": "S", "text": "All of it."}
    assert worst(samples=[sample]) > before
    assert worst(samples=[{**sample, "kind": "just_fail"}]) == before
    assert worst(samples=[{**sample, "levels": {"k2": 3}}]) < worst(samples=[sample])
    assert worst(evidence=[{**r, "own_material": True} for r in evidence]) < before
    assert worst(evidence=[{**r, "variants": 1} for r in evidence]) > before
    for conditions in (
        {"judges": 2}, {"authorship_checks": ["statement"]}, {"supervision": "online"}, {"supervision": "in_person"}
    ):  # fmt: skip
        assert worst(conditions={"resubmissions": 1, **conditions}) < before
    watched = [{**r, "form": "observation"} for r in evidence]
    assert worst(evidence=watched) < before


def test_supervision_counts_once_however_it_is_said():
    asked = {"supervision": "in_person", "authorship_checks": ["supervised"]}
    both = impostor.work_sample(publishable_standard(conditions=asked))
    assert both.checks == {"supervised"}
    online = impostor.work_sample(publishable_standard(conditions={"supervision": "online"}))
    assert online.checks == {"watched_online"}


def test_an_optional_piece_does_not_make_it_harder():
    kept = publishable_content()["evidence"]
    extra = {"id": "e3", "title": "T", "brief": "B", "form": "observation", "required": False}
    criteria = [criterion("k1", "A", evidence=["e1", "e3"]), criterion("k2", "B", evidence=["e2"])]
    plain = [criterion("k1", "A"), criterion("k2", "B", evidence=["e2"])]
    with_it = publishable_standard(evidence=[*kept, extra], criteria=criteria, others_required=0)
    assert chances(with_it) == chances(publishable_standard(criteria=plain, others_required=0))
    asked = publishable_standard(
        evidence=[*kept, {**extra, "required": True}], criteria=criteria, others_required=0
    )
    assert all(chances(asked)[key] < chances(with_it)[key] for key in chances(asked))


def test_each_suggestion_gives_what_it_promises():
    drafts = (upload(), publishable_standard(), Standard.model_validate(demo.WEAK_DRAFT))
    for standard in drafts:
        now = impostor.report(standard)
        assert now.suggestions
        for suggestion in now.suggestions:
            changed = Standard.model_validate({**standard.model_dump(mode="json"), **suggestion.content})
            then = impostor.report(changed, suggest=False)
            assert (then.once, then.retakes) == pytest.approx((suggestion.once, suggestion.retakes))
            assert then.once < now.once or then.retakes < now.retakes
            assert then.once <= now.once + EPSILON
            assert then.retakes <= now.retakes + EPSILON
    keys = {s.key.partition(":")[0] for standard in drafts for s in impostor.report(standard).suggestions}
    assert keys >= {"check", "judges", "tries", "variants", "own", "quiz"}


def test_the_way_leads_under_the_limits():
    standard = upload()
    now = impostor.report(standard)
    assert len(now.way) > 1
    for suggestion in now.way:
        assert impostor.report(standard).over
        standard = Standard.model_validate({**standard.model_dump(mode="json"), **suggestion.content})
    assert not impostor.report(standard).over
    assert impostor.report(publishable_standard()).way == ()


def test_must_pass_and_more_of_the_others_are_suggested_where_they_help():
    criteria = [criterion("k1", "A"), *(criterion(f"k{n}", f"B{n}", must_pass=False) for n in range(2, 6))]
    standard = publishable_standard(criteria=criteria, others_required=1)
    now = impostor.report(standard)
    found = {s.key: s for s in now.suggestions}
    assert found["others:2"].content == {"others_required": 2}
    assert "Making “B2” must-pass takes it" in impostor.effect(found["must:k2"], now)


def test_the_figures_of_ours_can_be_replaced():
    figures = WorkAssumptions().changed({"copy.leaked": 0.0, "copier.artefact": 0.2})
    assert impostor.report(upload(), assumed=figures).worst.key == "template_filler"
    with pytest.raises(ImpossibleModel):
        WorkAssumptions().changed({"copier.nothing": 0.2})


def test_every_row_prints_what_it_rests_on():
    found = impostor.report(publishable_standard()).as_json()
    assert found["limits"] == {"once": 0.01, "with_retakes": 0.03}
    for row in found["impostors"]:
        assert row["assumptions"]
        assert row["once"]["low"] <= row["once"]["chance"] <= row["once"]["high"]
        assert {a["source"] for a in row["assumptions"]} <= {"given", "judgement"}
        assert all(a["sentence"].endswith(".") for a in row["assumptions"])


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0, "0 %"), (1, "100 %"), (0.377, "38 %"), (0.0314, "3.1 %"), (0.00431, "0.43 %"), (0.00013, "0.013 %"),
     (1e-7, "under 0.001 %"), (0.9999, "over 99 %"), (0.01, "1.0 %")],
)  # fmt: skip
def test_chances_are_said_with_two_figures(chance, words):
    assert impostor.percent(chance) == words


@st.composite
def standards(draw) -> Standard:
    evidence = []
    for n in range(draw(st.integers(1, 4))):
        form = draw(st.sampled_from(["quiz", *sorted(set(FORMS) - {"artefact_text"})]))
        evidence.append({
            "id": f"e{n}", "form": form, "kind": draw(st.sampled_from(["file", "text"])),
            "variants": draw(st.integers(1, 30)), "own_material": draw(st.booleans()),
            "required": draw(st.booleans()),
            "quiz": {"items": draw(st.integers(1, 8)), "options": draw(st.integers(2, 4)),
                     "cut": draw(st.integers(0, 8))},
        })  # fmt: skip
    names = st.lists(st.sampled_from([e["id"] for e in evidence]), max_size=2, unique=True)
    criteria = [
        {"id": f"k{n}", "must_pass": draw(st.booleans()), "evidence": draw(names)}
        for n in range(draw(st.integers(0, 5)))
    ]
    others = sum(not c["must_pass"] for c in criteria)
    checks = sorted(set(CHECKS) - {"watched_online"})
    return Standard.model_validate({
        "evidence": evidence, "criteria": criteria, "others_required": draw(st.integers(0, others)),
        "conditions": {
            "judges": draw(st.integers(1, 3)), "resubmissions": draw(st.integers(0, 3)),
            "authorship_checks": draw(st.lists(st.sampled_from(checks), max_size=2, unique=True)),
            "supervision": draw(st.sampled_from(["none", "online", "in_person"])),
        },
        "samples": draw(st.sampled_from([[], [{"id": "s1", "text": "A pass."}]])),
    })  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(standards(), st.data())
def test_a_further_must_pass_criterion_never_raises_the_meter(standard, data):
    tied = data.draw(st.lists(st.sampled_from([e.id for e in standard.evidence]), max_size=2, unique=True))
    new = {"id": "new", "must_pass": True, "evidence": tied}
    content = standard.model_dump(mode="json")
    harder = Standard.model_validate({**content, "criteria": [*content["criteria"], new]})
    before, after = (impostor.report(s, suggest=False) for s in (standard, harder))
    assert after.once <= before.once + EPSILON
    assert after.retakes <= before.retakes + EPSILON


@settings(max_examples=30, deadline=None)
@given(standards())
def test_no_suggestion_makes_it_easier_for_anybody_who_is_counted(standard):
    now = impostor.report(standard)
    for suggestion in now.suggestions:
        assert suggestion.once <= now.once + EPSILON
        assert suggestion.retakes <= now.retakes + EPSILON


def test_the_largest_standards_are_still_answered():
    evidence = [
        {"id": f"e{n}", "form": "artefact" if n % 2 else "quiz", "variants": 1000,
         "quiz": {"items": 500, "options": 4, "cut": 300}}
        for n in range(12)
    ]  # fmt: skip
    criteria = [{"id": f"k{n}", "must_pass": n < 7, "evidence": [f"e{n % 12}"]} for n in range(20)]
    content = {
        "evidence": evidence,
        "criteria": criteria,
        "others_required": 5,
        "conditions": {"resubmissions": 20},
    }
    begun = time.perf_counter()
    found = impostor.report(Standard.model_validate(content), what_ifs=True)
    assert time.perf_counter() - begun < 20
    assert len(found.rows) == 7
    assert impostor.report(Standard.model_validate({**content, "criteria": criteria * 2})).suggestions == ()


def test_it_is_quick_enough_to_move_while_somebody_types():
    standard = Standard.model_validate(demo.sequence(2))
    impostor.report(standard)
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        impostor.report(standard)
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.05
