"""The sceptic sheet: from the signed content alone, every answer with its record, and never better for a record less."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.assess.evidence import actions as evidence
from guildmark.cli import main
from guildmark.issue import actions
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.verify import sceptic
from tests.design.builders import published
from tests.evidence.builders import assessed, submitted
from tests.issue.builders import holder, issued, recorded


def resolve(document: Any, pointer: str) -> Any:
    """RFC 6901, without escapes, which no member of ours needs."""
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def figure(document: dict[str, Any], key: str, value: str | None) -> dict[str, Any]:
    """The document with the value of a figure changed, added, or (None) taken out."""
    made = copy.deepcopy(document)
    subject = made["credentialSubject"]
    about = f"{subject['achievement']['id']}#fact-{key}"
    subject["result"] = [one for one in subject["result"] if one["resultDescription"] != about]
    described = subject["achievement"]["resultDescription"]
    if value is not None:
        subject["result"].append({"type": ["Result"], "resultDescription": about, "value": value})
        if all(one["id"] != about for one in described):
            described.append({"id": about, "name": key, "resultType": names.FACT_PREFIX + key})
    return made


@pytest.fixture
def document(org) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(issued(org).body)
    return made


def line(document: dict[str, Any], key: str) -> sceptic.Line:
    return next(one for one in sceptic.sheet(document).lines if one.key == key)


def without_one(value: Any) -> Iterator[Any]:
    """Every version of a JSON value from which one member or element, at any depth, is taken away."""
    if isinstance(value, dict):
        for key in value:
            yield {name: inner for name, inner in value.items() if name != key}
            for less in without_one(value[key]):
                yield {**value, key: less}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield [*value[:index], *value[index + 1 :]]
            for less in without_one(inner):
                yield [*value[:index], less, *value[index + 1 :]]


@pytest.mark.django_db
def test_every_answer_points_to_a_record_that_holds_it(document):
    sheet = sceptic.sheet(document)
    assert len(sheet.lines) == 12
    for one in sheet.lines:
        assert one.answered == bool(one.pointers)
        assert one.answered != bool(one.missing)
        for pointer in one.pointers:
            assert resolve(document, pointer)
    answered = {one.key for one in sheet.lines if one.answered}
    assert answered >= {"done", "conditions", "judges", "how_many", "identity", "bar", "current", "passed"}
    assert "not_shown" in answered
    # One person judged this work, so nothing can be said of two.
    assert "agreement" not in answered


@pytest.mark.django_db
def test_taking_any_record_away_never_answers_more(document):
    whole = {one.key for one in sceptic.sheet(document).lines if one.answered}
    count = 0
    for less in without_one(document):
        assert {one.key for one in sceptic.sheet(less).lines if one.answered} <= whole
        count += 1
    assert count > 200


@pytest.mark.django_db
def test_taking_a_weakness_away_takes_the_answer_away(document):
    """Or an issuer would look better for saying less."""
    judged = line(document, "judges")
    assert "One judge rated this work." in judged.answers
    results = document["credentialSubject"]["result"]
    for index, result in enumerate(results):
        if result.get("value") == "One judge rated this work.":
            results.pop(index)
            break
    assert not line(document, "judges").answered


@pytest.mark.django_db
def test_a_small_number_is_no_rate_and_a_large_one_has_its_interval(document):
    assert line(document, "passed").answers == ("1 person was assessed so far: not yet measurable (n = 1).",)
    seven = figure(figure(document, names.ASSESSED_SO_FAR, "7"), names.PASSED_SO_FAR, "6")
    assert line(seven, "passed").answers == ("7 people were assessed so far: not yet measurable (n = 7).",)
    assert line(seven, "passed").rate is None
    # 81 of 263: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    many = figure(figure(document, names.ASSESSED_SO_FAR, "263"), names.PASSED_SO_FAR, "81")
    rate = line(many, "passed").rate
    assert rate is not None
    assert (round(rate.low, 4), round(rate.high, 4), rate.n) == (0.2553, 0.3662, 263)
    for wrong in ("-1", "0", "264", "1e3", "²", ""):
        assert not line(figure(many, names.PASSED_SO_FAR, wrong), "passed").answered


@pytest.mark.django_db
def test_agreement_is_counted_over_work_that_two_people_judged(document):
    twice, same = names.JUDGED_TWICE_SO_FAR, names.SAME_OUTCOME_SO_FAR
    seven = figure(figure(document, twice, "7"), same, "7")
    assert line(seven, "agreement").answers == (
        "Two people judged 7 works so far: not yet measurable (n = 7).",
    )
    # The same published interval as above.
    rate = line(figure(figure(document, twice, "263"), same, "81"), "agreement").rate
    assert rate is not None
    assert (round(rate.low, 4), round(rate.high, 4), rate.n) == (0.2553, 0.3662, 263)
    # Nobody agreed: that is an answer. No work at all, or more than all, is none.
    assert line(figure(figure(document, twice, "25"), same, "0"), "agreement").answered
    for works, agreed in (("0", "0"), ("3", "4"), ("3", "")):
        assert not line(figure(figure(document, twice, works), same, agreed), "agreement").answered


@pytest.mark.django_db
def test_judges_who_differ_are_counted_in_the_next_credential(org):
    """Two judge two works: once they come to one outcome, once they do not."""
    version = published(org)
    second = org.member("assessor")
    first, other = (submitted(org, version, org.learner(name)) for name in ("Bo Lind", "Cy Marsh"))
    for work, levels in ((first, (3, 4)), (other, (3, 1))):
        assessed(org.owner, work, levels[0])
        assessed(second, work, levels[1])
    evidence.decide(
        by=org.owner,
        org_id=org.id,
        submission_id=first.id,
        outcome="passed",
        levels={criterion.id: 3 for criterion in version.standard.criteria},
        reasons={criterion.id: "The log shows it." for criterion in version.standard.criteria},
    )
    decision = evidence.decide(
        by=org.owner,
        org_id=org.id,
        submission_id=other.id,
        outcome="passed",
        levels={criterion.id: 3 for criterion in version.standard.criteria},
        reasons={criterion.id: "The first judge is right." for criterion in version.standard.criteria},
    )
    assert (decision.judged_twice_so_far, decision.same_outcome_so_far) == (2, 1)
    third = json.loads(issued(org, version=version, learner=org.learner("Di Okafor")).body)
    assert line(third, "agreement").answers == (
        "Two people judged 2 works so far: not yet measurable (n = 2).",
    )
    assert "Handed in from an account" in line(third, "identity").answers[0]


@pytest.mark.django_db
def test_work_that_is_older_than_its_bar_is_no_answer(document):
    later = figure(document, "standardPublished", "2999-01-01")
    assert not line(later, "bar").answered
    assert not line(figure(document, "submitted", "yesterday"), "bar").answered


@pytest.mark.django_db
def test_the_page_the_document_and_the_command_say_the_same(org, client, tmp_path, capsys):
    credential = issued(org)
    page = client.get(credential.path).content.decode()
    shown = client.get(f"{credential.path}/sceptic.json").json()
    file = tmp_path / "credential.json"
    file.write_bytes(credential.body)
    assert main(["sceptic", "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == shown
    assert f"{shown['answered']} of 12 questions are answered" in page
    for one in shown["lines"]:
        assert one["question"] in page
    assert main(["sceptic", str(file)]) == 0
    assert "[ ] How well do judges of this standard agree?" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_completion_record_answers_next_to_nothing(org, client):
    credential = recorded(org)
    sheet = sceptic.sheet(json.loads(credential.body))
    assert {one.key for one in sheet.lines if one.answered} <= {"current", "challenge", "bar"}
    assert "What a sceptic asks" not in client.get(credential.path).content.decode()


@pytest.mark.django_db
def test_a_private_credential_has_no_sheet_for_strangers(org, client):
    credential = issued(org)
    actions.set_disclosure(
        by=holder(credential), org_id=org.id, public_id=credential.public_id, visibility="private"
    )
    assert client.get(f"{credential.path}/sceptic.json").status_code == 404


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["credentialSubject", "evidence", "issuer", "id", "validUntil", "credentialStatus"]),
        json_values,
    )
)
def test_any_document_gives_twelve_lines(document):
    assert len(sceptic.sheet(document).lines) == 12


def test_a_foreign_file_that_is_none_is_named(tmp_path, capsys):
    file = tmp_path / "x.json"
    file.write_text("{", "utf-8")
    assert main(["sceptic", str(file)]) == 3
    assert main(["sceptic", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
