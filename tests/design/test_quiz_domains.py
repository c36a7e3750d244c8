"""The domains of a quiz: from the row of the editor to the specialist of the meter, in files, in diffs and in the gate."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.design import drafts, files, impostor, policies, queries, quiz_domains, versions
from guildmark.design.impostor_quiz import specialty
from guildmark.design.types import Standard
from guildmark.kernel.problems import Invalid
from guildmark.psychometrics import simulation
from guildmark.psychometrics.impostor import (
    ClosedQuestions,
    Domain,
    ImpossibleModel,
    Judged,
    Piece,
    WorkSample,
)
from guildmark.psychometrics.worksamples import chances
from tests.design import builders
from tests.design.builders import criterion, publishable_standard
from tests.design.test_pages import fields, url

#: The blueprint of the reference exam.
EXAM = [
    {"name": "Needs and measurement", "items": 12},
    {"name": "Platform configuration", "items": 15},
    {"name": "Assessment design", "items": 15},
    {"name": "Data and privacy", "items": 9},
    {"name": "Change and release control", "items": 9},
]
LINES = "\n".join(f"{domain['name']}: {domain['items']}" for domain in EXAM)


def content(**quiz: Any) -> dict[str, Any]:
    asked = {"items": 60, "options": 4, "cut": 41, **quiz}
    return builders.publishable_content(
        evidence=[{"id": "e1", "title": "Exam", "brief": "All of it.", "form": "quiz", "quiz": asked}],
        criteria=[criterion("k1", "Facts", competencies=["c1", "c2"])],
        others_required=0,
    )


def exam(**quiz: Any) -> Standard:
    return Standard.model_validate(content(**quiz))


def specialists(standard: Standard, known: tuple[str, ...] = ()) -> dict[str, float]:
    found = impostor.report(standard, what_ifs=True, known=frozenset(known))
    return {row.key: row.once.chance for row in found.rows if row.key.startswith("specialist")}


# --- the meter


def test_the_exam_of_the_reference_shows_what_a_specialist_of_two_domains_does_to_it():
    found = specialists(exam(domains=EXAM))
    assert {key: float(f"{chance:.3g}") for key, chance in found.items()} == {
        "specialist": 0.106,
        "specialist_flawed": 0.605,
        "specialist_halves": 0.00013,
    }


def test_half_of_each_domain_holds_for_everybody():
    plain, halves = exam(domains=EXAM), exam(domains=EXAM, each_domain=50)
    assert round(specialists(halves)["specialist"], 5) == 0.00013
    assert set(specialists(halves)) == {"specialist", "specialist_flawed"}
    once = [impostor.report(one, suggest=False).once for one in (plain, halves)]
    assert 0 < once[1] < once[0]
    (told, _) = impostor.report(halves, suggest=False).worst.once.assumptions
    assert "41 right ones pass with at least 6, 8, 8, 5, 5 in the domains" in told.sentence


def test_a_specialist_decides_nothing_and_is_none_without_domains():
    assert specialists(exam()) == {}
    rows = impostor.report(exam(domains=EXAM), what_ifs=True).rows
    assert not any(row.counted for row in rows if row.key.startswith("specialist"))
    assert next(row.note for row in rows if row.key == "specialist") == (
        "If Platform configuration and Assessment design were mastered."
    )


def test_other_domains_can_be_mastered_and_more_of_them_are_never_worse():
    small = specialists(exam(domains=EXAM), ("Data and privacy",))["specialist"]
    both = specialists(exam(domains=EXAM), ("Data and privacy", "Needs and measurement"))["specialist"]
    assert 0 < small < both < 0.106
    assert specialists(exam(domains=EXAM), ("Cooking",)) == specialists(exam(domains=EXAM))


@pytest.mark.parametrize(
    ("sizes", "known"),
    [((12, 15, 15, 9, 9), (1, 2)), ((40, 10, 10), (0,)), ((10, 10, 10, 10, 10), (0, 1)), ((5, 5), (0,))],
)
def test_a_specialist_masters_the_largest_domains_up_to_half_of_the_questions(sizes, known):
    domains = [Domain(f"D{place}", size) for place, size in enumerate(sizes)]
    assert specialty(domains, frozenset()) == tuple(f"D{place}" for place in known)


def test_suggestions_keep_the_questions_shared_out():
    weak = exam(items=10, options=2, cut=6, domains=[{"name": "A", "items": 6}, {"name": "B", "items": 4}])
    found = {one.key: one for one in impostor.report(weak).suggestions}
    for key in ("quiz:e1:items", "quiz:e1:halves"):
        changed = Standard.model_validate({**weak.model_dump(), **found[key].content})
        assert list(quiz_domains.check(changed)) == []
        assert found[key].once < impostor.report(weak, suggest=False).once
    assert "quiz:e1:halves" not in {
        one.key for one in impostor.report(exam(items=10, options=2, cut=6)).suggestions
    }


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(2, 4),
    st.integers(0, 6),
    st.integers(0, 2**31),
)
def test_what_is_computed_is_what_drawing_gives(domains, options, cut, seed):
    parts = tuple(Domain(f"D{n}", items, min(least, items)) for n, (items, least) in enumerate(domains))
    questions = ClosedQuestions(sum(part.items for part in parts), options, cut, domains=parts)
    sample = WorkSample((Piece("e1", "quiz", questions=questions),), (Judged("k1", True, ("e1",)),), 0)
    computed = chances(sample, None)[0].chance
    drawn = simulation.work_sample(sample, None, n=2_000, seed=seed)
    assert abs(computed - drawn.chance) < 0.07


def test_domains_that_do_not_add_up_are_no_model():
    with pytest.raises(ImpossibleModel) as caught:
        ClosedQuestions(10, 4, 6, domains=(Domain("A", 4),))
    assert caught.value.field == "domains"


# --- the document


def test_a_quiz_without_domains_is_stored_as_it_was_before_there_were_any():
    plain = publishable_standard(
        evidence=[
            {"id": "e1", "title": "Exam", "form": "quiz", "quiz": {"items": 60, "options": 4, "cut": 41}}
        ]
    ).model_dump(mode="json")
    assert plain["evidence"][0]["quiz"] == {"items": 60, "options": 4, "cut": 41}
    assert versions.core_hash(plain) == (
        "sha256:aba86399f4d46bdfb6ef5889640b1e19cfa43d4fee6b4225fc5a4ea2cfe47b01"
    )


def test_a_file_with_domains_gives_the_same_standard_and_the_same_bytes_again():
    for quiz in ({"domains": EXAM}, {"domains": EXAM, "each_domain": 50}, {}):
        standard = drafts.merged({}, content(**quiz))
        text = files.dump(standard, "exam")
        assert ("domains" in text, "each_domain" in text) == ("domains" in quiz, "each_domain" in quiz)
        again = files.load(text)
        assert again.standard == standard
        assert files.dump(again.standard, "exam") == text


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"domains": []}, "evidence.e1.quiz.domains"),
        ({"domains": EXAM[::-1]}, "evidence.e1.quiz.domains"),
        ({"domains": [{**EXAM[0], "items": 13}, *EXAM[1:]]}, "evidence.e1.quiz.domains"),
        ({"domains": [{**EXAM[0], "name": "Needs"}, *EXAM[1:]]}, "evidence.e1.quiz.domains"),
        ({"each_domain": 0}, "evidence.e1.quiz.each_domain"),
        ({"each_domain": 60}, "evidence.e1.quiz.each_domain"),
    ],
)
def test_every_change_of_the_domains_bears_on_the_decision_and_forces_a_major_version(change, path):
    old = content(domains=EXAM, each_domain=50)
    new = copy.deepcopy(old)
    new["evidence"][0]["quiz"] |= change
    before, after = Standard.model_validate(old), Standard.model_validate(new)
    found = versions.compare(before, after)
    assert [(one.path, one.field_class) for one in found.changes] == [(path, "decision")]
    assert found.forces == "major"
    hashes = {versions.core_hash(one.model_dump(mode="json")) for one in (before, after)}
    assert len(hashes) == 2


# --- the gate


@pytest.mark.parametrize(
    ("quiz", "rule"),
    [
        ({"domains": EXAM[:4]}, "quiz.domains"),
        ({"domains": [*EXAM[:4], {"name": "data and privacy", "items": 9}]}, "quiz.domain_names"),
        ({"domains": [*EXAM[:4], {"name": "", "items": 9}]}, "quiz.domain_names"),
        ({"domains": [*EXAM, {"name": "Nothing", "items": 0}]}, "quiz.domain_names"),
        ({"domains": [{"name": f"D{n}", "items": 1} for n in range(60)]}, "quiz.domains_many"),
        ({"each_domain": 50}, "quiz.no_domains"),
    ],
)
def test_the_gate_refuses_domains_that_say_nothing(quiz, rule):
    found = {one.rule for one in policies.blocking(exam(**quiz)) if one.rule.startswith("quiz.")}
    assert found - {"quiz.only"} == {rule}
    assert not {one.rule for one in policies.blocking(exam(domains=EXAM))} & {rule}


@pytest.mark.parametrize(
    ("quiz", "field"),
    [({"each_domain": 101}, "each_domain"), ({"domains": [{"name": "A", "items": -1}]}, "domains.0.items")],
)
def test_what_is_impossible_is_not_stored(quiz, field):
    with pytest.raises(Invalid) as caught:
        drafts.merged({}, content(**quiz))
    assert [problem.field for problem in caught.value.all_errors()] == [f"evidence.e1.quiz.{field}"]


# --- the pages


@pytest.mark.parametrize("line", ["Platform configuration", "Platform: many", ": 5", "A: 12345", "A: ²"])
def test_a_line_that_is_no_domain_is_told(line):
    with pytest.raises(Invalid) as caught:
        quiz_domains.parsed(f"Good one: 3\n{line}")
    assert line in caught.value.detail


def test_lines_are_read_as_they_are_written():
    assert quiz_domains.parsed(f"\n{LINES}\n\n") == EXAM
    assert quiz_domains.lines(EXAM) == LINES
    assert quiz_domains.parsed("Law: part two : 7") == [{"name": "Law: part two", "items": 7}]


@pytest.fixture
def client(org: Any) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    return browser


def typed(client: Client, org: Any, version: Any, **given: str) -> Any:
    shown = client.get(url(org, version, "evidence"))
    sent = {**fields(shown), **{f"evidence-0-{name}": text for name, text in given.items()}}
    return client.post(url(org, version, "evidence"), sent)


@pytest.mark.django_db
def test_an_author_types_the_domains_and_the_meter_shows_the_reference_numbers(client, org):
    version = builders.drafted(org, **content())
    assert typed(client, org, version, quiz_domains=LINES).status_code == 303
    quiz = queries.draft(org.id, version.slug).standard.evidence[0].quiz
    assert [domain.model_dump() for domain in quiz.domains] == EXAM
    address = reverse("standard_impostor", args=[org.slug, version.slug])
    page = client.get(address).content.decode()
    for number in ("0.106", "0.605", "0.00013"):
        assert f"> {number}</small>" in page
    assert re.findall(r'value="([^"]+)" id="known-\d" checked', page) == [
        "Platform configuration",
        "Assessment design",
    ]
    other = client.get(f"{address}?known=Data+and+privacy").content.decode()
    assert "If Data and privacy were mastered." in other
    assert "> 0.106</small>" not in other


@pytest.mark.django_db
def test_the_row_shows_what_is_stored_and_keeps_it_when_something_else_is_saved(client, org):
    version = builders.drafted(org, **content(domains=EXAM, each_domain=50))
    page = client.get(url(org, version, "evidence")).content.decode()
    assert LINES in page
    assert typed(client, org, version, title="Final exam").status_code == 303
    (piece,) = queries.draft(org.id, version.slug).standard.evidence
    assert (piece.title, piece.quiz.each_domain, len(piece.quiz.domains)) == ("Final exam", 50, 5)


@pytest.mark.django_db
def test_a_line_that_is_no_domain_comes_back_with_everything_typed(client, org):
    version = builders.drafted(org, **content())
    answer = typed(client, org, version, quiz_domains="Platform configuration")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Platform configuration” is no domain." in page
    assert ">\nPlatform configuration</textarea>" in page


@pytest.mark.django_db
def test_domains_can_be_taken_away_again(client, org):
    version = builders.drafted(org, **content(domains=EXAM, each_domain=50))
    assert typed(client, org, version, quiz_domains="", quiz_each_domain="0").status_code == 303
    stored = queries.draft(org.id, version.slug).standard.model_dump(mode="json")["evidence"][0]["quiz"]
    assert stored == {"items": 60, "options": 4, "cut": 41}


def test_a_name_of_a_domain_that_is_too_long_is_told_by_the_gate():
    long = [{"name": "D" * 81, "items": 45}, EXAM[1]]
    found = [one for one in policies.blocking(exam(domains=long)) if "quiz.domains" in one.path]
    assert [one.path for one in found] == ["evidence.e1.quiz.domains.0.name"]
    assert "80" in found[0].message + found[0].mend
