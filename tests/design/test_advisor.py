"""The verdict of the advisor: cases argued by hand, every contribution visible, every flip as announced."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.design.advisor import answers as asked
from guildmark.design.advisor import engine, scoring, workload
from guildmark.kernel.problems import Invalid
from tests.design.advisor_cases import ABLE, CASES, Case, broad, made, read

TODAY = date(2026, 11, 30)


def advise(mapping):
    return engine.advise(read(mapping), today=TODAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_and_every_point_are_as_argued(case: Case):
    advice = advise(case.given)
    assert tuple(row.points for row in advice.contributions) == case.points
    assert (advice.score, advice.verdict) == (sum(case.points), case.verdict)
    assert advice.rules[-1].question


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_announced_flip_gives_the_announced_score_and_verdict(case: Case):
    answers, advice = read(case.given), advise(case.given)
    values = {(q.path, o.words): o.value for q in scoring.QUESTIONS for o in q.options}
    for path, _, yes, no in engine.DECIDERS:
        values |= {(path, yes): True, (path, no): False}
    for flip in advice.flips:
        other = engine.advise(engine.flipped(answers, flip.path, values[flip.path, flip.answer]), today=TODAY)
        assert (other.score, other.verdict) == (flip.score, flip.verdict)
        before = next((row for row in advice.contributions if row.path == flip.path), None)
        if before is None:  # it decides and counts nothing
            assert other.score == advice.score
            continue
        announced = next(a.points for a in before.alternatives if a.answer == flip.answer)
        assert other.score - advice.score == announced - before.points


def test_what_would_change_a_not_yet_is_the_operation():
    advice = advise(broad(capacity={"learners": 40}))
    flips = {(flip.path, flip.answer): flip.verdict for flip in advice.flips}
    assert flips["capacity", "everything that a certification needs is there"] == "certification"
    assert flips["hybrid.stack", "yes"] == "hybrid_stack"
    able = {(flip.path, flip.verdict) for flip in advise(broad(capacity=ABLE)).flips}
    assert {("capacity", "not_yet"), ("hybrid.anchor", "hybrid_anchor")} <= able


def test_flipping_one_answer_changes_its_contribution_alone_and_the_verdict():
    before = advise(
        broad(capacity=ABLE, evidence="exam", artefact="", place="alone", study=30, premium="middle")
    )
    after = advise(
        broad(
            capacity=ABLE,
            evidence="exam",
            artefact="",
            place="alone",
            study=30,
            premium="middle",
            outcome="task",
        )
    )
    changed = [
        (a.path, a.points, b.points)
        for a, b in zip(before.contributions, after.contributions, strict=True)
        if a != b
    ]
    assert changed == [("questions.outcome", 3, -3)]
    assert (before.score, after.score) == (14, 8)
    weak = {
        "capacity": ABLE,
        "evidence": "exam",
        "artefact": "",
        "place": "pathway",
        "change": "months",
        "study": 30,
    }
    assert advise(broad(**weak)).verdict == "certification"
    assert advise(broad(**weak, outcome="task")).verdict == "micro"
    assert ("questions.outcome", "micro") in {
        (flip.path, flip.verdict) for flip in advise(broad(**weak)).flips
    }


values = {q.path: [o.value for o in q.options] for q in scoring.QUESTIONS}


@settings(max_examples=150)
@given(
    st.fixed_dictionaries({path: st.sampled_from(options) for path, options in values.items()}), st.booleans()
)
def test_contributions_sum_to_the_score_and_the_axes_too(chosen, able):
    answers = read(made(capacity=ABLE if able else {}))
    for path, value in chosen.items():
        answers = engine.flipped(answers, path, value)
    advice = engine.advise(answers, today=TODAY)
    assert (
        sum(row.points for row in advice.contributions)
        == advice.score
        == sum(axis.points for axis in advice.axes)
    )
    assert engine.advise(answers, today=TODAY) == advice
    assert advice.verdict in {"micro", "certification", "not_yet", "completion"}


def test_no_item_writers_is_not_yet_and_says_what_is_missing_and_what_it_costs():
    advice = advise(broad(capacity={**ABLE, "item_writers": 0}))
    # 10 competencies × 4 questions × 2 forms = 80 questions; 80 × 1.5 h = 120 h.
    assert advice.headline == (
        "Not yet a certification: you have nobody who writes questions. That is 120 hours of work before the first exam."
    )
    assert [need.key for need in advice.needs if need.missing] == ["item_writer"]


def test_a_creator_alone_is_told_of_the_second_item_reviewer_and_the_cost_of_one():
    advice = advise(broad(capacity={"learners": 40, "item_writers": 1}))
    assert advice.verdict == "not_yet"
    # 80 questions × 0.5 h = 40 h; panel, hours to judge and hours to update are missing as well.
    assert advice.headline.startswith(
        "Not yet a certification: you have no second item reviewer. That is 40 hours of work before the first exam. 3 more"
    )
    costs = {need.key: need.cost_hours for need in advice.needs}
    # Judging: 40 × 1 piece × 0.75 h × (1 + 1/5 + 1/5) = 42 h; exam: 40 × 0.25 h × 1.2 = 12 h.
    # Updating: 80 questions × 2 h / 4 years + 24 h = 64 h. Panel: 5 × 12 h = 60 h.
    assert costs == {"item_writer": 0, "item_reviewer": 40, "panel": 60, "assessor": 54, "update": 64}
    assert advice.risk is not None
    assert advice.risk.value == "218 hours"


def test_open_questions_give_no_verdict_and_say_which_are_open():
    advice = engine.advise(asked.Answers(), today=TODAY)
    assert (advice.verdict, advice.plan, advice.risk, advice.signal) == ("open", None, None, None)
    assert advice.open == asked.DECIDING
    three = engine.advise(asked.with_value(read(made()), "questions.place", ""), today=TODAY)
    assert three.headline == "1 of the four questions is still open."


def test_work_samples_count_only_when_one_is_named():
    answers = read(made(artefact="  ", work=True))
    with pytest.raises(Invalid) as refused:
        asked.ensure_complete(answers)
    assert [problem.field for problem in refused.value.errors] == ["micro.artefact"]
    asked.ensure_complete(read(made()))


def test_the_decision_and_the_four_questions_are_asked_for_by_name():
    with pytest.raises(Invalid) as refused:
        asked.ensure_complete(asked.Answers())
    assert [problem.field for problem in refused.value.errors] == [path for path, _, _ in asked.ASKED]


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({"questons": {}}, "questons"),
        ({"questions": {"outcome": "everything"}}, "questions.outcome"),
        ({"capacity": {"learners": -1}}, "capacity.learners"),
        ({"capacity": {"learners": 1e400}}, "capacity.learners"),
        ({"offer": {"study_hours": float("nan")}}, "offer.study_hours"),
        ({"plan": {"weekly_hours": 0}}, "plan.weekly_hours"),
        ({"plan": {"start": "9999-12-31"}}, "plan.start"),
        ({"certification": {"competencies": 201}}, "certification.competencies"),
        ({"rates": {"double_every": 0}}, "rates.double_every"),
        ({"offer": {"currency": "euro"}}, "offer.currency"),
        ({"hybrid": {"layers": ["roof"]}}, "hybrid.layers.0"),
    ],
)
def test_what_cannot_be_used_is_named(mapping, field):
    with pytest.raises(Invalid) as refused:
        asked.read(mapping)
    assert [problem.field for problem in refused.value.errors] == [field]


def test_two_bad_drafts_give_exactly_their_label():
    over = advise(made(title="Certified Email Master", intended="certification"))
    under = advise(broad(competencies=14, intended="micro", capacity=ABLE))
    assert [label.rule for label in over.labels] == ["label.over"]
    assert [label.rule for label in under.labels] == ["label.under"]
    assert "14 competencies" in under.labels[0].message
    assert advise(made()).labels == ()
    assert advise(broad(capacity=ABLE, intended="certification")).labels == ()


def test_fourteen_competencies_meant_as_a_micro_credential_are_warned_about_under_any_title():
    """DF4: the title says more than a micro-credential, and one micro-credential is less than what is under it."""
    both = advise(made(competencies=14, intended="micro", title="Certified builder"))
    assert {label.rule: label.message for label in both.labels} == {
        "label.over": "The title sounds like a certification, and you mean a micro-credential.",
        "label.under": "It is broad, 14 competencies in 1 domain: one micro-credential undersells it.",
    }
    plain = advise(made(competencies=14, intended="micro", title="Builder"))
    assert [label.rule for label in plain.labels] == ["label.under"]
    record = advise(made(competencies=14, intended="completion", title="Certified builder"))
    assert [label.rule for label in record.labels] == ["label.over", "label.under"]
    assert record.labels[0].message.endswith("you mean a completion record.")


def test_both_bad_quadrants_are_flagged_and_the_middle_is_not():
    # Simple: 1 competency, 1 domain, one task = 0. Proof: 5 + 1 + 2 + 2 = 10.
    simple = advise(made(competencies=1, evidence="both", judges=2, assessment_hours=4)).quadrant
    # Complex: 14 competencies (4), 5 domains (3), a role (3) = 10. Proof: 3 + 0 + 0 + 1 = 4.
    complex_ = advise(broad(competencies=14, domains=5, evidence="exam", artefact="")).quadrant
    assert (simple.complexity.value, simple.validation.value, simple.flag) == (0, 10, "overbuilt")
    assert (complex_.complexity.value, complex_.validation.value, complex_.flag) == (10, 4, "undervalidated")
    assert advise(broad(capacity=ABLE)).quadrant.flag == ""


def test_the_comparison_uses_the_creators_own_numbers():
    rows = {
        row.name: row
        for row in advise(broad(capacity=ABLE, hour_value=50, price=900, currency="eur")).comparison
    }
    # 10 competencies at 3 each make 4 micro-credentials; 90 h / 4 = 22.5 h.
    assert (rows["Focus"].micro.value, rows["Study of a learner"].micro.text) == (4, "22.5 h for each")
    # A year: 40 × 4 × 0.75 h × 1.4 = 168 h judging; 4 × 3 h × 12/24 = 6 h of reviews.
    assert rows["Hours a year to run it"].micro.value == 174
    # A year as a certification: 42 + 12 + 64, see above.
    assert rows["Hours a year to run it"].certification.value == 118
    # Build: 2 + 10 + 10 + 20 + 7 + 120 + 40 + 12 + 60 + 1 + 1 + 24 + 9 = 316.
    assert rows["Hours to build"].certification.value == 316
    # (316 / 3 + 118) / 40 = 5.58 h; at 50 an hour 279.
    assert rows["Your hours per learner"].certification.value == 5.58
    assert rows["Price that covers your hours"].certification.text == "279 EUR; yours of 900 covers it"
    more = {row.name: row for row in advise(broad(capacity={**ABLE, "learners": 80})).comparison}
    assert more["Hours a year to run it"].micro.value == 342
    assert "80 learners" in more["Hours a year to run it"].micro.formula


def test_the_printed_formulas_compute_to_the_printed_values():
    advice = advise(broad(capacity={"learners": 40}, hour_value=50))
    checked = 0
    cells = [cell for row in advice.comparison for cell in (row.micro, row.certification)]
    figures = [(c.value, c.formula) for c in cells if c.formula] + [
        (need.cost_hours, need.formula) for need in advice.needs if need.missing
    ]
    figures += [(task.hours, task.formula) for task in advice.plan.tasks]
    for value, formula in figures:
        plain = re.sub(r"[a-z]+", "", formula.split("=")[0].replace("×", "*"))
        if value is None or not re.fullmatch(r"[\d\s.*/+()]*\d[\d\s.*/+()]*", plain):
            continue  # words, such as: the sum of the contributions
        assert eval(plain.strip()) == pytest.approx(value, abs=0.02), formula
        checked += 1
    assert checked > 20


def test_the_hours_of_the_plan_are_the_hours_to_build():
    for case in CASES:
        advice = advise(case.given)
        built = workload.build(read(case.given), advice.verdict)
        assert sum(task.hours for task in advice.plan.tasks) == pytest.approx(built.value)
        assert advice.plan.hours == built.value


def test_the_risk_of_a_micro_credential_is_its_evidence_and_moves_with_it():
    assert advise(made()).risk.value == "6 of 10"  # work 3, named 1, one judge 1, 1.5 hours 1
    assert advise(made(artefact="")).risk.value == "5 of 10"
    assert advise(made(judges=2, assessment_hours=2)).risk.value == "8 of 10"
    assert advise(broad(capacity=ABLE)).risk.value == "316 h, then 118 h a year"


def test_an_anchor_has_typed_layers_and_a_stack_its_package():
    anchor = advise(
        broad(
            capacity=ABLE, hybrid={"anchor": True, "layers": ["tool-update", "specialization", "refresher"]}
        )
    )
    assert [piece.role for piece in anchor.pieces] == ["anchor", "specialization", "refresher", "tool-update"]
    assert [piece.signal for piece in anchor.pieces] == ["certified", *["demonstrated"] * 3]
    stack = advise(made(competencies=7, hybrid={"stack": True}))
    assert [piece.role for piece in stack.pieces] == ["stack"] * 3 + ["package"]
    assert stack.pieces[2].text == "1 competency."


def test_every_axis_names_the_answers_that_it_comes_from():
    axes = {axis.axis: axis for axis in advise(broad(capacity=ABLE, artefact="", work=False)).axes}
    assert axes["assessment"].records == ("questions.evidence", "work_samples")
    assert axes["assessment"].points == 2
    assert all(axis.fits for axis in axes.values())
    mixed = {axis.axis: axis for axis in advise(broad(capacity=ABLE, evidence="work")).axes}
    assert (mixed["assessment"].leans, mixed["assessment"].fits) == ("micro", False)


def test_no_percentage_is_asserted_and_figures_of_others_name_their_source():
    for case in CASES:
        text = advise(case.given).model_dump_json()
        assert "%" not in text
        assert "percent" not in text.lower()
    for note in advise(made()).notes:
        assert note.source
        assert note.added_by
        assert "not checked" in note.caution


def test_an_assumption_that_was_changed_is_marked_as_yours():
    advice = advise({**made(), "rates": {"judge_hours": 0.5}})
    assert [a.name for a in advice.assumptions if a.yours] == ["judge_hours"]
    year = next(row for row in advice.comparison if row.name == "Hours a year to run it")
    assert year.micro.value == 34  # 40 × 0.5 h × 1.4 + 3 h × 12/6


def test_breadth_is_computed_from_numbers_and_never_falls_when_there_are_more():
    order = ["narrow", "middle", "broad", "very broad"]
    found = [order.index(scoring.breadth(read(made(competencies=count)))) for count in range(1, 30)]
    assert all(b >= a for a, b in pairwise(found))
    assert (found[0], found[3], found[7], found[13]) == (0, 1, 2, 3)
    assert scoring.breadth(read(made(competencies=2, domains=3))) == "broad"


def test_the_decision_is_named_in_the_recommendation():
    assert advise(made()).for_decision == (
        "Decided by: a small-business owner. Decision: which freelancer to hire. "
        "Convinced by: A working sequence and how its faults were found."
    )


def test_the_guide_prints_the_points_that_count():
    guide = (Path(__file__).parents[2] / "docs/guide/advisor.md").read_text("utf-8")
    rows = guide.split("| question | counts |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    printed = [
        {int(p.replace("−", "-")) for p in re.findall(r"[−+]\d+|(?<= )0(?=[,; ])", row.split("|")[2])}
        for row in rows
    ]
    assert printed == [{option.points for option in question.options} for question in scoring.QUESTIONS]
