"""Impostors before a work sample: by hand, by drawing, and what must never make it easier for them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.psychometrics import simulation
from guildmark.psychometrics.assumed import CHECKS, FORMS, WORKERS, WorkAssumptions
from guildmark.psychometrics.impostor import (
    ClosedQuestions,
    ImpossibleModel,
    Judged,
    Piece,
    WorkSample,
    chances,
    guesser,
)

UPLOAD = WorkSample((Piece("e1", "artefact"),), (Judged("k1", True, ("e1",)),), 0)
QUIZ = WorkSample(
    (Piece("e1", "quiz", questions=ClosedQuestions(10, 2, 6)),), (Judged("k1", False, ("e1",)),), 1, further_tries=2
)  # fmt: skip
EPSILON = 1e-9


@st.composite
def pieces(draw, count: int) -> tuple[Piece, ...]:
    made = []
    for n in range(count):
        if draw(st.booleans()) and draw(st.booleans()):
            items = draw(st.integers(1, 6))
            q = ClosedQuestions(items, draw(st.integers(1, 4)), draw(st.integers(0, items)))
            made.append(Piece(f"e{n}", "quiz", questions=q))
            continue
        form = draw(st.sampled_from(sorted(FORMS)))
        made.append(Piece(f"e{n}", form, draw(st.integers(1, 30)), draw(st.booleans()), draw(st.booleans())))
    return tuple(made)


@st.composite
def samples(draw) -> WorkSample:
    evidence = draw(pieces(draw(st.integers(1, 4))))
    names = [piece.id for piece in evidence]
    tied = st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)
    criteria = tuple(Judged(f"k{n}", draw(st.booleans()), draw(tied)) for n in range(draw(st.integers(0, 5))))
    others = sum(not criterion.must_pass for criterion in criteria)
    return WorkSample(
        evidence,
        criteria,
        draw(st.integers(0, others)),
        draw(st.integers(1, 3)),
        frozenset(draw(st.lists(st.sampled_from(sorted(CHECKS)), max_size=3))),
        draw(st.integers(0, 3)),
    )


workers = st.sampled_from([*WORKERS, None])


def never_raises(before: WorkSample, after: WorkSample, worker) -> None:
    for was, now in zip(chances(before, worker), chances(after, worker), strict=True):
        for name in ("chance", "low", "high"):
            assert getattr(now, name) <= getattr(was, name) + EPSILON


def test_the_weak_quiz_is_the_guesser_of_ten_questions():
    once, thrice = chances(QUIZ, None)
    assert once.chance == pytest.approx(guesser(10, 2, 6).chance)
    assert thrice.chance == pytest.approx(guesser(10, 2, 6, tries=3).chance)
    assert (once.low, once.high) == pytest.approx((once.chance, once.chance))


def test_a_copy_passes_where_it_is_at_hand_or_where_the_judge_does_not_look():
    once, _ = chances(UPLOAD, "copier")
    assert once.chance == pytest.approx(0.5 * 0.95 + 0.5 * 0.03)
    published, _ = chances(replace(UPLOAD, pieces=(Piece("e1", "artefact", published=True),)), "copier")
    assert published.chance == pytest.approx(0.95)


def test_checks_judges_impression_and_feedback_are_the_arithmetic_that_is_printed():
    sample = WorkSample(
        (Piece("e1", "artefact"), Piece("e2", "analysis", own_material=True)),
        (Judged("k1", True, ("e1",)), Judged("k2", True, ("e2",)), Judged("k3", False, ("e1", "e2"))),
        1,
        judges=2,
        checks=frozenset({"defence", "statement"}),
        further_tries=1,
    )
    figures = WorkAssumptions().changed({
        "fluent_writer.artefact": 0.5, "fluent_writer.analysis": 0.8, "own_material": 0.5, "impression": 0.25,
        "judges": 0.4, "checks": 0.5, "feedback": 0.2, "fluent_writer.unnoticed.defence": 0.1,
        "fluent_writer.unnoticed.statement": 0.9,
    })  # fmt: skip

    def agreed(p: float) -> float:
        return p * (0.4 + 0.6 * p)

    def attempt(a: float, b: float) -> float:
        both = agreed(min(a, b))
        apart = agreed(a) * agreed(b) * both
        return 0.1 * 0.95 * (0.75 * apart + 0.25 * min(agreed(a), agreed(b), both))

    first, second = attempt(0.5, 0.4), attempt(1 - 0.5 * 0.8, 1 - 0.6 * 0.8)
    once, twice = chances(sample, "fluent_writer", figures)
    assert once.chance == pytest.approx(first, rel=1e-12)
    assert twice.chance == pytest.approx(1 - (1 - first) * (1 - second), rel=1e-12)
    printed = " ".join(a.sentence for a in twice.assumptions)
    for words in (
        "in 25% of the cases one impression",
        "10% of the cases",
        "2 judges",
        "1 further attempt is",
    ):
        assert words.casefold() in printed.casefold()
    assert {a.source for a in twice.assumptions} == {"given", "judgement"}


def test_two_criteria_seen_in_one_quiz_are_passed_together():
    twice = replace(
        QUIZ, criteria=(Judged("k1", True, ("e1",)), Judged("k2", True, ("e1",))), others_required=0
    )
    assert chances(twice, None)[0].chance == pytest.approx(guesser(10, 2, 6).chance)


def test_where_nothing_is_judged_everybody_passes():
    assert chances(replace(UPLOAD, criteria=()), "talker")[0].chance == 1
    assert chances(replace(UPLOAD, criteria=(Judged("k1", True, ()),)), None)[0].chance == 1
    assert chances(replace(QUIZ, others_required=0), None)[0].chance == 1
    assert chances(replace(QUIZ, others_required=2), None)[0].chance == 0


@settings(max_examples=60, deadline=None)
@given(samples(), workers, st.integers(0, 2**31))
def test_what_is_computed_is_what_drawing_gives(sample, worker, seed):
    tries = sample.further_tries + 1
    computed = chances(sample, worker)[1].chance
    drawn = simulation.work_sample(sample, worker, tries=tries, n=600, seed=seed)
    spread = math.sqrt(computed * (1 - computed) / drawn.n)
    assert abs(drawn.chance - computed) <= 5 * spread + 3 / drawn.n


@settings(max_examples=100, deadline=None)
@given(samples(), workers)
def test_every_chance_lies_within_its_bounds(sample, worker):
    for found in chances(sample, worker):
        assert -EPSILON <= found.low <= found.chance + EPSILON
        assert found.chance <= found.high + EPSILON <= 1 + 2 * EPSILON


@settings(max_examples=100, deadline=None)
@given(samples(), workers, st.data())
def test_a_further_must_pass_criterion_never_raises_the_chance(sample, worker, data):
    tied = data.draw(
        st.lists(st.sampled_from([piece.id for piece in sample.pieces]), max_size=2, unique=True)
    )
    new = Judged("new", True, tuple(tied))
    if not sample.criteria and sample.others_required:
        return
    never_raises(sample, replace(sample, criteria=(*sample.criteria, new)), worker)


@settings(max_examples=60, deadline=None)
@given(samples(), workers, st.sampled_from(sorted(CHECKS)))
def test_a_further_judge_or_check_or_fewer_tries_never_raise_the_chance(sample, worker, check):
    never_raises(sample, replace(sample, judges=sample.judges + 1), worker)
    never_raises(sample, replace(sample, checks=sample.checks | {check}), worker)
    never_raises(replace(sample, further_tries=sample.further_tries + 1), sample, worker)


@settings(max_examples=60, deadline=None)
@given(samples(), st.integers(1, 20), st.data())
def test_more_variants_and_own_material_never_help_the_copier(sample, more, data):
    place = data.draw(st.integers(0, len(sample.pieces) - 1))

    def put(**members) -> WorkSample:
        changed = [replace(p, **members) if n == place else p for n, p in enumerate(sample.pieces)]
        return replace(sample, pieces=tuple(changed))

    never_raises(sample, put(variants=sample.pieces[place].variants + more), "copier")
    for worker in WORKERS:
        never_raises(sample, put(own_material=True), worker)


@settings(max_examples=40, deadline=None)
@given(samples(), st.floats(0, 1))
def test_a_quiz_that_is_easier_to_see_through_never_lowers_the_chance(sample, gain):
    def flawed(piece: Piece) -> Piece:
        if piece.questions is None:
            return piece
        higher = piece.questions.guessed + gain * (1 - piece.questions.guessed)
        return replace(piece, questions=replace(piece.questions, passed=higher))

    never_raises(replace(sample, pieces=tuple(map(flawed, sample.pieces))), sample, None)


def test_more_than_a_few_quizzes_are_counted_as_if_passed_together_which_is_never_less():
    def of(count: int) -> WorkSample:
        evidence = tuple(Piece(f"e{n}", "quiz", questions=ClosedQuestions(4, 2, 2)) for n in range(count))
        return WorkSample(evidence, tuple(Judged(f"k{n}", True, (f"e{n}",)) for n in range(count)), 0)

    alone = guesser(4, 2, 2).chance
    assert chances(of(4), None)[0].chance == pytest.approx(alone**4)
    assert chances(of(5), None)[0].chance == pytest.approx(alone)


def test_figures_of_ours_can_be_changed_and_others_are_refused():
    ours = WorkAssumptions()
    changed = ours.changed({"copy.leaked": 0.1})
    assert chances(UPLOAD, "copier", changed)[0].chance == pytest.approx(0.1 * 0.95 + 0.9 * 0.03)
    assert changed.sentence("copy.leaked").endswith("10%.")
    for key, value in (("copy.nothing", 0.1), ("copy.leaked", 1.1)):
        with pytest.raises(ImpossibleModel) as caught:
            ours.changed({key: value})
        assert caught.value.field == key


def test_the_guide_prints_the_figures_that_are_used():
    guide = (Path(__file__).parents[2] / "docs/guide/impostor-meter.md").read_text("utf-8")
    ours = WorkAssumptions()
    for kind, names in (("", FORMS), ("unnoticed.", CHECKS)):
        for key, words in names.items():
            figures = [f"{100 * ours[f'{worker}.{kind}{key}']:g} %" for worker in WORKERS]
            assert f"| {words} | {' | '.join(figures)} |" in guide
    general = [key for key in ours.values if key.partition(".")[0] not in WORKERS]
    for key in general:
        assert f"- {ours.sentence(key)}" in guide


def test_a_sample_that_contradicts_itself_is_refused():
    for broken in (
        {"judges": 0},
        {"further_tries": -1},
        {"criteria": (Judged("k1", True, ("e9",)),)},
        {"pieces": (Piece("e1", "artefact", 0),)},
    ):
        with pytest.raises(ImpossibleModel):
            replace(UPLOAD, **broken)
