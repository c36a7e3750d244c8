"""Advice against the standard that came of it: provisional before the evidence, binding after."""

from __future__ import annotations

from guildmark.design.advisor.recheck import as_it_stands, evidence_of, recheck
from guildmark.design.types import Standard
from tests.design import builders
from tests.design.advisor_cases import ABLE, broad, made, read

ANSWERS = read(
    made(competencies=2, study=5, capacity={"learners": 10, "assessor_hours": 100, "update_hours": 20})
)


def piece(identity: str, form: str, **members):
    return {"id": identity, "title": f"Piece {identity}", "brief": "B", "form": form, **members}


def standard(**members) -> Standard:
    return builders.publishable_standard(**{"volatility": "high", **members})


def test_without_evidence_it_stays_provisional():
    found = recheck(ANSWERS, standard(evidence=[]))
    assert found.provisional
    assert found.verdict_now == "micro"
    assert "names no evidence yet" in found.text


def test_a_standard_as_advised_holds():
    found = recheck(ANSWERS, standard())
    assert (found.provisional, found.holds, found.missing) == (False, True, ())
    assert [drift.name for drift in found.changed] == ["Work that is named"]


def test_changing_the_evidence_to_an_exam_only_reopens_the_verdict():
    lean = read(made(competencies=5, outcome="role", change="year", place="alone", industry="conservative", study=30,
                     specific=False, stackable=False, premium="middle"))  # fmt: skip
    quiz = [piece("e1", "quiz", quiz={"items": 10, "options": 4, "cut": 6})]
    competencies = [{"id": f"c{n}", "statement": f"Builds part {n}."} for n in range(5)]
    found = recheck(
        lean, standard(evidence=quiz, competencies=competencies, volatility="medium", study_hours=30)
    )
    # Evidence -3 to +3, work samples -2 to +1: nine points.
    assert (found.score_then, found.score_now) == (0, 9)
    assert (found.verdict_then, found.verdict_now, found.holds) == ("micro", "not_yet", False)
    drifts = {drift.name: drift for drift in found.changed}
    assert drifts["Evidence"].now == "closed questions"
    assert drifts["Evidence"].text == "It counts +6, towards a certification."
    assert drifts["Evidence strength"].text == "The evidence proves less than was planned."
    # Nobody judges closed questions; what is missing is what the class of the draft needs.
    assert [need.key for need in found.missing] == ["update"]
    certified = standard(
        evidence=quiz, competencies=competencies, volatility="medium", study_hours=30, signal="certified"
    )
    assert "item_reviewer" in {need.key for need in recheck(lean, certified).missing}


def test_more_competencies_than_were_planned_are_named_with_what_they_count():
    many = [{"id": f"c{n}", "statement": f"Builds part {n}."} for n in range(14)]
    drift = recheck(ANSWERS, standard(competencies=many)).changed[0]
    assert (drift.name, drift.then, drift.now, drift.text) == (
        "Competencies",
        "2",
        "14",
        "It counts +5, towards a certification.",
    )


def test_hours_to_judge_that_no_longer_suffice_are_missing():
    several = {**builders.publishable_content()["criteria"][0]}
    found = recheck(read(made(competencies=2, study=5, capacity={"learners": 10, "assessor_hours": 11, "update_hours": 20})),
                    standard(conditions={"judges": 2}, criteria=[several]))  # fmt: skip
    # 10 × 1 piece × 0.75 h × 2 judges × 1.4 = 21 h; 11 are there.
    assert [(need.key, need.cost_hours) for need in found.missing] == [("assessor", 10)]


def test_the_class_of_the_draft_is_compared_with_the_verdict():
    found = recheck(ANSWERS, standard(signal="certified"))
    assert found.changed[-1].name == "Class"
    assert not found.holds


def test_evidence_is_read_by_its_form_and_required_pieces_first():
    quiz, work, seat = piece("q", "quiz"), piece("w", "artefact"), piece("s", "attendance")
    for pieces, expected in (([quiz], "exam"), ([work], "work"), ([quiz, work], "both"), ([seat], "attendance"), ([seat, work], "work"),
                             ([quiz, {**work, "required": False}], "exam"), ([], "")):  # fmt: skip
        assert evidence_of(standard(evidence=pieces)) == expected


def test_attendance_alone_turns_the_verdict_into_a_completion_record():
    found = recheck(
        read(broad(capacity=ABLE)), standard(evidence=[piece("s", "attendance")], signal="certified")
    )
    assert (found.verdict_then, found.verdict_now) == ("certification", "completion")


def test_the_price_and_the_hours_of_the_standard_win():
    now = as_it_stands(ANSWERS, standard(cost={"amount": "120.50", "currency": "EUR"}, study_hours=70))
    assert (now.offer.price, now.offer.study_hours) == (120.5, 70)
    assert as_it_stands(ANSWERS, standard(cost={"amount": "about 100"})).offer.price is None
