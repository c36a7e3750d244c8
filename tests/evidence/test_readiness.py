"""Judging the samples first: agreement as between assessors, nothing kept of strangers, and what it predicts."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guildmark.assess.evidence import actions, queries, readiness
from guildmark.assess.evidence.models import ReadinessResult
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.models import AuditEvent, OutboxEvent
from guildmark.kernel.problems import Invalid, NotFound
from guildmark.people import actions as people
from tests.design.builders import publishable_standard, published, successor
from tests.evidence.builders import decided, enrolled
from tests.people.builders import PASSWORD

SAMPLES: list[dict[str, Any]] = [
    {
        "id": "s1",
        "kind": "clear_pass",
        "text": "Everything is there.",
        "note": "Nothing to add.",
        "levels": {"k1": 4, "k2": 4, "k3": 4},
    },
    {
        "id": "s2",
        "kind": "just_pass",
        "text": "Each branch in one line.",
        "title": "Thin, and enough",
        "note": "Thin but complete.",
        "levels": {"k1": 3, "k2": 3, "k3": 2},
    },
    {
        "id": "s3",
        "kind": "just_fail",
        "text": "Looked at, not run.",
        "title": "One step short",
        "note": "Looking is not running.",
        "levels": {"k1": 3, "k2": 2, "k3": 3},
    },
]


def standard(**members: Any) -> Standard:
    return publishable_standard(samples=SAMPLES, **members)


def answers(levels: dict[str, dict[str, int]]) -> dict[str, str]:
    return {f"{sample}.{one}": str(level) for sample, given in levels.items() for one, level in given.items()}


OFFICIAL = {"s2": {"k1": 3, "k2": 3, "k3": 2}, "s3": {"k1": 3, "k2": 2, "k3": 3}}
KIND = {"s2": {"k1": 3, "k2": 4, "k3": 3}, "s3": {"k1": 3, "k2": 4, "k3": 3}}


def test_only_samples_at_the_bar_with_official_levels_are_offered() -> None:
    assert [one.id for one in readiness.offered(standard())] == ["s2", "s3"]
    bare = [{**one, "levels": {}} for one in SAMPLES]
    assert readiness.offered(publishable_standard(samples=bare)) == ()
    odd = [{**SAMPLES[1], "levels": {"gone": 3, "k1": 9, "k2": 3}}]
    made = publishable_standard(samples=odd)
    assert readiness.asked(made, made.samples[0]) == ["k2"]


def test_agreement_is_scored_as_between_assessors() -> None:
    found = readiness.compare(standard(), KIND)
    assert (found.n, found.exact, found.adjacent, found.higher, found.lower) == (6, 3, 5, 3, 0)
    assert found.words == (
        "You judged within one level on 5 of 6 criteria, and gave the very same level on 3 of 6."
    )
    assert "more kindly" in found.advice
    assert [one.words for one in found.judged if one.distance] == [
        "one level higher than the judges",
        "one level higher than the judges",
        "2 levels higher than the judges",
    ]
    same = readiness.compare(standard(), OFFICIAL)
    assert (same.exact, same.adjacent) == (6, 6)
    assert "where the judges see it" in same.advice


@given(
    st.fixed_dictionaries(
        {s: st.fixed_dictionaries({k: st.integers(1, 4) for k in OFFICIAL[s]}) for s in OFFICIAL}
    )
)
def test_exact_never_exceeds_adjacent_and_directions_add_up(given: dict[str, dict[str, int]]) -> None:
    found = readiness.compare(standard(), given)
    assert 0 <= found.exact <= found.adjacent <= found.n == 6
    assert found.exact + found.higher + found.lower == found.n


def test_the_correlation_is_that_of_the_textbook_and_is_kept_back_below_twenty() -> None:
    few = [(1.0, True), (0.0, False)] * 9
    assert str(readiness.predict(few)) == "not yet measurable (n = 18)"
    # By hand: x 0/1 and y 0/1 as a two-by-two table 8, 2, 3, 7; phi = (8*7 - 2*3) / sqrt(10*10*11*9).
    pairs = [(1.0, True)] * 8 + [(1.0, False)] * 2 + [(0.0, True)] * 3 + [(0.0, False)] * 7
    found = readiness.predict(pairs)
    assert found.r == pytest.approx(50 / (10 * 10 * 11 * 9) ** 0.5)
    assert (round(found.low, 3), round(found.high, 3)) == (0.077, 0.773)
    assert str(found).startswith("r = 0.50 (n = 20; ")
    assert "alike" in str(readiness.predict([(1.0, True)] * 25))
    assert readiness.predict([(1.0, True), (0.0, False)] * 10).r == pytest.approx(1)


@pytest.fixture
def version(org: Any) -> VersionView:
    return published(org, samples=SAMPLES)


def path(version: VersionView) -> str:
    return f"/s/{version.slug}/v/{version.number}/rate"


@pytest.mark.django_db
def test_the_levels_notes_and_titles_are_not_shown_before_one_has_judged(version: VersionView) -> None:
    page = Client().get(path(version)).content.decode()
    assert "Each branch in one line." in page
    assert "Complete and right." in page  # the rubric stands beside it
    for hidden in (
        "Thin but complete.",
        "Looking is not running.",
        "Thin, and enough",
        "One step short",
        " checked required",
    ):
        assert hidden not in page, hidden
    assert "Everything is there." not in page


@pytest.mark.django_db
def test_a_stranger_sees_the_agreement_and_nothing_is_kept(version: VersionView) -> None:
    before = (AuditEvent.objects.count(), OutboxEvent.objects.count())
    response = Client().post(path(version), answers(KIND))
    page = response.content.decode()
    assert response.status_code == 200
    assert "within one level on 5 of 6 criteria" in page
    assert "2 levels higher than the judges" in page
    assert "Looking is not running." in page
    assert "Nothing was stored." in page
    assert ReadinessResult.objects.across_orgs("a test").count() == 0
    assert (AuditEvent.objects.count(), OutboxEvent.objects.count()) == before


@pytest.mark.django_db
def test_what_was_left_out_is_named_and_what_was_chosen_is_kept(version: VersionView) -> None:
    given = {**answers(KIND), "s2.k1": "", "s3.k3": "9"}
    response = Client().post(path(version), given)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#s2.k1"' in page
    assert 'href="#s3.k3"' in page
    assert page.count("is not rated.</a>") == 2
    assert page.count(" checked required") == 4
    assert "Looking is not running." not in page


@pytest.mark.django_db
def test_a_standard_without_official_levels_offers_no_rating(org: Any) -> None:
    version = published(org)
    assert Client().get(path(version)).status_code == 404
    assert f"{version.number}/rate" not in Client().get(f"/s/{version.slug}").content.decode()


@pytest.mark.django_db
def test_it_is_rate_limited(version: VersionView) -> None:
    client = Client()
    codes = {client.post(path(version), answers(KIND)).status_code for _ in range(22)}
    assert codes == {200, 429}
    assert client.post(path(version), answers(KIND)).headers["Retry-After"]


def keep(org: Any, version: VersionView, levels: dict[str, dict[str, int]], number: int = 0) -> bool:
    learner = org.learner(f"Learner {number}", email=f"l{number}@learner.example")
    enrolment, actor = enrolled(org, version, learner)
    return actions.record_readiness(
        by=actor, org_id=org.id, enrolment_id=enrolment.id, version_id=version.id, answers=levels
    )


@pytest.mark.django_db
def test_a_learners_first_result_is_kept_and_no_later_one(org: Any, version: VersionView) -> None:
    assert keep(org, version, KIND)
    assert not keep(org, version, OFFICIAL)
    row = ReadinessResult.objects.for_org(org.id).get()
    assert (row.exact, row.adjacent, row.n, row.core_hash) == (3, 5, 6, version.core_hash)
    event = AuditEvent.objects.get(action="evidence.samples_rated")
    assert event.data == {"version": str(version.id), "exact": 3, "adjacent": 5, "n": 6}
    newer = successor(org, version, summary="The same, in clearer words.")
    assert keep(org, newer, OFFICIAL)


@pytest.mark.django_db
def test_the_page_keeps_the_result_of_a_signed_in_learner(org: Any, version: VersionView) -> None:
    learner = org.learner("Ada Moreno", email="ada@learner.example")
    enrolled(org, version, learner)
    user = people.create_user(email=learner.email, name="Ada Moreno", password=PASSWORD, verified=True)
    people.adopt_learners(user)
    client = Client()
    client.force_login(get_user_model().objects.get(id=user))
    assert "your first answer is kept" in client.get(path(version)).content.decode()
    assert "This answer is kept" in client.post(path(version), answers(KIND)).content.decode()
    assert "Your first answer is kept" in client.post(path(version), answers(OFFICIAL)).content.decode()
    assert ReadinessResult.objects.for_org(org.id).get().exact == 3


@pytest.mark.django_db
def test_somebody_elses_enrolment_and_half_an_answer_are_refused(
    org: Any, other_org: Any, version: VersionView
) -> None:
    enrolment, actor = enrolled(org, version)
    _, stranger = enrolled(other_org, published(other_org, title="Another", samples=SAMPLES))
    given = {"enrolment_id": enrolment.id, "version_id": version.id}
    with pytest.raises(NotFound):
        actions.record_readiness(by=stranger, org_id=org.id, answers=KIND, **given)
    with pytest.raises(Invalid) as refused:
        actions.record_readiness(by=actor, org_id=org.id, answers={"s2": KIND["s2"]}, **given)
    assert [problem.field for problem in refused.value.all_errors()] == ["s3.k1", "s3.k2", "s3.k3"]
    assert not ReadinessResult.objects.for_org(org.id).exists()


@pytest.mark.django_db
def test_the_creator_sees_whether_it_predicts_passing_from_twenty_learners_on(
    org: Any, version: VersionView
) -> None:
    for number in range(20):
        ready = number % 2 == 0
        keep(org, version, OFFICIAL if ready else KIND, number)
        if number == 18:
            few = queries.readiness_and_passing(org.id, [version.achievement_id])[version.achievement_id]
            assert str(few) == "not yet measurable (n = 18)"
        learner = org.learner(f"Learner {number}", email=f"l{number}@learner.example")
        decided(org, "passed" if ready or number == 1 else "not_passed", version, learner)
    found = queries.readiness_and_passing(org.id, [version.achievement_id])[version.achievement_id]
    assert found.n == 20
    assert found.r == pytest.approx(0.9045, abs=0.0001)
