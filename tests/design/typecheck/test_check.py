"""The type check: every cell of the table, every seeded fault for its own reason, and every demo standard clean."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from guildmark.design import policies
from guildmark.design.typecheck import check, structure, suggest
from guildmark.design.typecheck.rules import FORM_WORDS
from guildmark.design.types import Standard
from guildmark.site.demo import standards as demo
from tests.design.builders import criterion, publishable_content, publishable_standard

# Written apart from the code: a plus where the form lets somebody else see the doing.
TABLE = """
                make  configure  fix  improve  perform  decide  analyse  explain  recall
artefact        +     +          -    -        -        -       +        -        -
repaired        -     -          +    -        -        -       +        -        -
before_after    +     -          +    +        -        -       +        -        -
configuration   +     +          -    -        -        -       -        -        -
scenario        -     -          -    -        -        +       +        -        -
performance     +     -          -    -        +        -       -        +        -
observation     +     -          +    -        +        -       -        +        -
walkthrough     -     -          -    -        -        -       -        +        -
analysis        -     -          -    -        -        -       +        -        -
quiz            -     -          -    -        -        -       -        -        -
attendance      -     -          -    -        -        -       -        -        -
"""
STATEMENTS = {
    "make": "Builds a sequence.",
    "configure": "Configures an alert.",
    "fix": "Repairs a pump.",
    "improve": "Improves the load time.",
    "perform": "Moderates a meeting.",
    "decide": "Decides on a supplier.",
    "analyse": "Analyses a log.",
    "explain": "Explains two trade-offs.",
    "recall": "Recites the rules.",
}


# How likely somebody passes without the skill is another question: nobody can copy here.
OWN = {"variants": 8, "own_material": True}
EXPORT = {"id": "e1", "title": "Export", "brief": "B", **OWN}
TALK = {"id": "e2", "title": "Talk", "brief": "B", "form": "walkthrough", "action": "decide", **OWN}


def cells() -> list[tuple[str, str, bool]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(verb, row[0], mark == "+") for row in rows for verb, mark in zip(head, row[1:], strict=True)]


def one(statement: str, *pieces: dict[str, Any], **overrides: Any) -> Standard:
    """A standard of one competency, whose one must-pass criterion looks at all pieces."""
    evidence = [
        {"id": f"e{n}", "title": "T", "brief": "B", "kind": "text", **OWN, **piece}
        for n, piece in enumerate(pieces, 1)
    ]
    content = {
        "claim": statement,
        "competencies": [{"id": "c1", "statement": statement}],
        "evidence": evidence,
        "criteria": [criterion("k1", "Work", evidence=[piece["id"] for piece in evidence])],
        "others_required": 0,
    }
    return publishable_standard(**{**content, **overrides})


def blocking(standard: Standard) -> set[str]:
    return {fault.rule for fault in check(standard) if fault.severity == "blocking"}


def advice(standard: Standard) -> set[str]:
    return {fault.rule for fault in check(standard) if fault.severity == "advice"}


def test_the_table_has_every_cell():
    assert {(verb, form) for verb, form, _ in cells()} == set(product(STATEMENTS, FORM_WORDS))


@pytest.mark.parametrize(("verb", "form", "fits"), cells())
def test_every_kind_of_doing_is_seen_in_the_forms_of_the_table_only(verb, form, fits):
    found = blocking(one(STATEMENTS[verb], {"form": form}))
    if fits:
        assert found == set()
    elif form in {"quiz", "attendance"}:
        assert found == {f"{form}.only"} | ({"type.recall"} if verb == "recall" else set())
    else:
        assert found == {"type.recall" if verb == "recall" else "type.inadmissible"}


@pytest.mark.parametrize(
    "content",
    [demo.sequence(0), demo.sequence(1), demo.sequence(2), demo.BRIEFING, publishable_content()],
    ids=["1.0", "1.1", "2.0", "briefing", "tests"],
)
def test_every_published_standard_compiles(content):
    assert list(check(Standard.model_validate(content))) == []


def two(**members: Any) -> Standard:
    """A standard of two competencies, c1 (makes) and c2 (explains), each with a criterion and a piece."""
    content = {
        "claim": "Builds a sequence.",
        "competencies": [
            {"id": "c1", "statement": "Builds a sequence."},
            {"id": "c2", "statement": "Explains two trade-offs of the sequence."},
        ],
        "evidence": [
            EXPORT,
            TALK,
        ],
        "criteria": [
            criterion("k1", "Logic"),
            criterion("k2", "Reasons", competencies=["c2"], evidence=["e2"]),
        ],
        "others_required": 0,
    }
    return publishable_standard(**{**content, **members})


def logic(**members: Any) -> list[dict[str, Any]]:
    return [
        criterion("k1", "Logic"),
        criterion("k2", "Reasons", **{"competencies": ["c2"], "evidence": ["e2"], **members}),
    ]


SEEDED: dict[str, tuple[Standard, str]] = {
    "improve without before and after": (
        one("Improves the load time.", {"form": "artefact"}),
        "type.inadmissible",
    ),
    "configure by a walkthrough alone": (
        one("Configures an alert.", {"form": "walkthrough", "action": "decide"}),
        "type.inadmissible",
    ),
    "a decision without its reasons": (
        one("Decides on a supplier.", {"form": "scenario", "action": "decide", "kind": "file"}),
        "type.rationale",
    ),
    "facts recalled": (
        one("Recites the rules.", {"form": "artefact"}, claim="Writes rules for a shop."),
        "type.recall",
    ),
    "closed questions only": (one("Builds a sequence.", {"form": "quiz"}), "quiz.only"),
    "presence only": (one("Builds a sequence.", {"form": "attendance"}), "attendance.only"),
    "presence under another name": (
        one(
            "Builds a sequence.",
            {"form": "artefact"},
            criteria=[criterion("k1", "Progress", statement="100 % watched.")],
        ),
        "attendance.only",
    ),
    "presence as the only criterion of one competency": (
        two(criteria=logic(statement="Attended every session.")),
        "type.attendance_criterion",
    ),
    "the piece may be left out": (
        two(evidence=[EXPORT, {**TALK, "required": False}]),
        "type.optional_evidence",
    ),
    "a competency nobody judges": (
        two(criteria=[criterion("k1", "Logic", evidence=["e1", "e2"])]),
        "competency.unjudged",
    ),
    "an orphan criterion": (
        two(criteria=[*logic(), criterion("k3", "Style", competencies=[])]),
        "criterion.unlinked",
    ),
    "a criterion without evidence": (
        two(criteria=[*logic(), criterion("k3", "Style", evidence=[])]),
        "criterion.unlinked",
    ),
    "a link to nothing": (
        two(criteria=[*logic(), criterion("k3", "Style", evidence=["e1", "e9"])]),
        "link.dangling",
    ),
    "a criterion judged from the wrong piece": (
        two(criteria=[*logic(), criterion("k3", "Style", evidence=["e2"])]),
        "type.criterion_evidence",
    ),
    "a piece nobody looks at": (
        two(evidence=[EXPORT, TALK, {"id": "e3", "title": "Diary", "brief": "B"}]),
        "evidence.unused",
    ),
    "a rule with a gap": (
        two(
            criteria=[*logic(must_pass=False), criterion("k3", "Style", must_pass=False)],
            others_required=1,
        ),
        "rule.gap",
    ),
    "a claim that nothing shows": (two(claim="Improves the sales of a shop."), "type.claim"),
}


@pytest.mark.parametrize(("standard", "rule"), SEEDED.values(), ids=SEEDED)
def test_each_seeded_fault_is_refused_for_its_own_reason_only(standard, rule):
    found = [finding for finding in policies.blocking(standard) if finding.rule != "impostor.chance"]
    assert {finding.rule for finding in found} == {rule}
    assert all(finding.message and finding.mend and finding.path for finding in found)


def test_the_good_twin_of_the_seeded_faults_is_clean():
    assert policies.blocking(two()) == []


def test_the_counterexample_names_what_is_enough_to_pass():
    standard = SEEDED["a rule with a gap"][0]
    (fault,) = [fault for fault in check(standard) if fault.rule == "rule.gap"]
    assert fault.path == "competencies.c2"
    assert "“Logic” and “Style”" in fault.message


def test_a_gap_is_found_just_when_some_passing_pattern_leaves_a_competency_out():
    """The closed form against every pattern of pass and fail, for all small rules."""
    count = 4
    for flags in product([False, True], repeat=count):
        for wanted in range(count - sum(flags) + 1):
            for mask in product([False, True], repeat=count):
                criteria = [criterion(f"k{n}", "C", must_pass=flag) for n, flag in enumerate(flags)]
                standard = publishable_standard(criteria=criteria, others_required=wanted)
                counting = [c for c, chosen in zip(standard.criteria, mask, strict=True) if chosen]
                names = {c.id for c in counting}
                free = any(
                    standard.passes(
                        {c.id: 3 if met else 1 for c, met in zip(standard.criteria, pattern, strict=True)}
                    )
                    and not any(
                        met and c.id in names for c, met in zip(standard.criteria, pattern, strict=True)
                    )
                    for pattern in product([False, True], repeat=count)
                )
                witness = structure.passing_without(standard, counting)
                assert (witness is not None) == free
                if witness is not None:
                    assert standard.passes({c.id: 3 for c in witness})
                    assert not names & {c.id for c in witness}


def test_attendance_may_be_a_condition_beside_work():
    standard = one("Builds a sequence.", {"form": "artefact"})
    there = standard.evidence[0].model_copy(update={"id": "e2", "form": "attendance"})
    with_presence = standard.model_copy(update={"evidence": (*standard.evidence, there)})
    assert blocking(with_presence) == set()


def test_an_author_may_say_what_kind_of_doing_a_verb_is_and_the_claim_follows():
    statement = "Tests a relay on the bench"
    plain = one(statement, {"form": "observation", "action": "perform"})
    assert blocking(plain) == {"type.inadmissible"}
    said = [{"id": "c1", "statement": statement, "verb_class": "perform"}]
    assert blocking(one(statement, {"form": "observation", "action": "perform"}, competencies=said)) == set()


def test_a_verb_that_is_not_known_asks_for_its_kind_and_still_refuses_presence():
    assert advice(one("Zorbs a frobnicator", {"form": "artefact"})) == {"type.verb"}
    assert blocking(one("Zorbs a frobnicator", {"form": "artefact"})) == set()
    assert blocking(one("Zorbs a frobnicator", {"form": "quiz"})) == {"quiz.only"}


def test_a_second_doing_that_nothing_shows_is_pointed_out():
    standard = one("Builds a sequence and explains it", {"form": "artefact"}, claim="Builds a sequence")
    assert advice(standard) == {"type.two_doings"}
    assert advice(one("Builds and checks a sequence", {"form": "artefact"})) == set()


def test_lessons_and_competencies_are_compared_both_ways_and_only_advise():
    lessons = [
        {"id": "u1", "title": "Triggers", "competencies": ["c1"]},
        {"id": "u2", "title": "History of mail"},
        {"id": "u3", "title": "Gone", "competencies": ["c9"]},
    ]
    standard = two(lessons=lessons)
    found = {(fault.rule, fault.path, fault.severity) for fault in check(standard)}
    assert found == {
        ("lesson.unmapped", "lessons.u2", "advice"),
        ("lesson.dangling", "lessons.u3", "advice"),
        ("competency.no_lesson", "competencies.c2", "advice"),
    }
    assert list(check(two())) == []


def test_a_competency_that_has_nothing_to_do_with_the_rest_suggests_dividing():
    lone = [*two().model_dump()["competencies"][:1], {"id": "c2", "statement": "Explains a tax return."}]
    (fault,) = suggest(two(competencies=lone))
    assert (fault.rule, fault.severity, fault.path) == ("type.unrelated", "advice", "competencies.c2")
    assert list(check(two(competencies=lone))) == []
    for content in (demo.sequence(2), demo.BRIEFING, publishable_content()):
        assert list(suggest(Standard.model_validate(content))) == []


def test_what_they_do_and_what_it_is_are_compared():
    assert advice(one("Builds a sequence", {"form": "artefact", "action": "decide"})) == {"type.action"}


def test_every_finding_of_the_check_stands_beside_a_step_of_the_editor():
    for standard, rule in SEEDED.values():
        (step,) = {finding.step for finding in policies.blocking(standard) if finding.rule == rule}
        assert step in {"claim", "evidence", "rubric"}


def test_the_printed_table_is_the_table():
    page = (Path(__file__).parents[3] / "docs/develop/type-rules.md").read_text()
    head, _, *rows = page.split("## The faults")[0].split("| Form of evidence")[1].splitlines()
    verbs = [cell.strip() for cell in head.split("|")[1:-1]]
    printed = {
        (verb, cells[1].split("`")[1]): cells[place].strip() == "yes"
        for cells in (row.split("|") for row in rows if row.startswith("|"))
        for place, verb in enumerate(verbs, 2)
    }
    assert printed == {(verb, form): fits for verb, form, fits in cells()}
    assert all(f"`{rule}`" in page for _, rule in SEEDED.values())
