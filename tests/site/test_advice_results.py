"""Beside each of the four answers of kept advice stands what has really happened since, with its n (DF1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guildmark.design import actions as design
from guildmark.design.advisor import actions, queries
from guildmark.design.models import AchievementVersion, Advice
from guildmark.design.stacks import relations
from guildmark.design.types import VersionView
from guildmark.kernel.clock import now
from tests.design import builders
from tests.design.advisor_cases import ABLE, broad, made, read
from tests.evidence.builders import decided
from tests.issue.builders import issued
from tests.site.test_translations import visible
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db
NOTHING = "No standard was begun from it yet."


@pytest.fixture
def reader(client: Client, org: Any) -> Client:
    sign_in(client, org.owner_id)
    return client


def begun(org: Any) -> tuple[Any, VersionView]:
    """Kept advice, and the published standard that was begun from it."""
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(made()))
    draft = actions.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    saved = design.save_draft(by=org.owner, org_id=org.id, version_id=draft.id,
                              content=builders.publishable_content(), revision=None)  # fmt: skip
    return kept, design.publish(by=org.owner, org_id=org.id, version_id=saved.id)


def told(org: Any, kept: Any) -> dict[str, tuple[str, ...]]:
    """What stands beside each question."""
    return {row.question: row.since for row in queries.answered(queries.advice(org.id, kept.id))}


OUTCOME, EVIDENCE = "What should it lead to at work?", "What would a sceptic want to see?"
CHANGE, PLACE = "How soon does the skill change?", "Where does it stand among your offers?"


def test_advice_from_which_nothing_was_begun_says_so_beside_all_four(reader: Client, org: Any) -> None:
    given = made()
    given["questions"]["outcome_text"] = "Sets up one sequence alone."
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(given))
    assert list(told(org, kept).values()) == [(NOTHING,)] * 4
    page = reader.get(reverse("advice", args=[org.slug, kept.id])).content.decode()
    assert page.count(NOTHING) == 4
    assert "Sets up one sequence alone." in page


def test_works_holders_versions_and_ties_stand_beside_the_answers(reader: Client, org: Any) -> None:
    kept, version = begun(org)
    issued(org, version=version)
    decided(org, "not_passed", version=version, learner=org.learner("Bo Lind"))
    other = builders.published(org, title="Refresher of sequences")
    relations.relate(by=org.owner, org_id=org.id, child_id=other.achievement_id,
                     base_id=version.achievement_id, role="refresher")  # fmt: skip
    design.mark_reviewed(by=org.owner, org_id=org.id, version_id=version.id, note="Still fits.")
    found = told(org, kept)
    assert found[OUTCOME][0].startswith("2 works were decided, by ")
    assert found[OUTCOME][0].endswith(" (2).")
    assert found[OUTCOME][1] == "a small-business owner: what they decided by it is not recorded here."
    assert found[EVIDENCE] == ("1 of 2 decided works passed; the rate is not yet measurable (n = 2).",)
    assert found[CHANGE][0].startswith("1 version was published, on ")
    assert found[CHANGE][1] == "1 review was done."
    assert found[PLACE] == ("1 person holds it now.", "1 layer rests on it.")
    for name, args in (("advice", kept.id), ("standard_history", version.slug)):
        with CaptureQueriesContext(connection) as captured:
            page = reader.get(reverse(name, args=[org.slug, args])).content.decode()
        assert len(captured) <= 30, name
        text = visible(page)
        for words in (*found[OUTCOME], *found[EVIDENCE], *found[CHANGE], *found[PLACE]):
            assert words in text, name


def test_a_part_of_a_hybrid_shows_the_answers_that_it_was_begun_from(reader: Client, org: Any) -> None:
    layered = broad(capacity=ABLE, hybrid={"anchor": True, "layers": ["refresher"]})
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(layered))
    anchor, layer = (
        actions.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id, piece=piece)
        for piece in (0, 1)
    )
    assert told(org, kept)[PLACE][1:] == ("1 layer rests on it.", "It is tied to 1 other standard.")
    for version, words in ((anchor, "1 layer rests on it."), (layer, "It is tied to 1 other standard.")):
        page = reader.get(reverse("standard_history", args=[org.slug, version.slug])).content.decode()
        assert words in page
        assert reverse("advice", args=[org.slug, kept.id]) in page


def test_a_rate_is_shown_with_its_interval_from_twenty_works_on(org: Any) -> None:
    kept, version = begun(org)
    for place in range(20):
        person = org.learner("Ada Moreno", f"ada{place}@learner.example")
        decided(org, "passed" if place < 15 else "not_passed", version=version, learner=person)
    # Wilson (1927) for 15 of 20 at 95 %: 0.531 to 0.888.
    assert told(org, kept)[EVIDENCE] == (
        "15 of 20 decided works passed: 75% (95 % interval 53% to 89%, n = 20).",
    )


def test_what_was_decided_before_the_advice_or_elsewhere_is_not_counted(org: Any, other_org: Any) -> None:
    kept, version = begun(org)
    decided(org, version=version)
    decided(other_org)
    Advice.objects.for_org(org.id).filter(id=kept.id).update(created_at=now() + timedelta(minutes=1))
    found = told(org, kept)
    assert found[OUTCOME][0] == "No work was decided yet (n = 0)."
    assert found[EVIDENCE] == ("0 of 0 decided works passed; the rate is not yet measurable (n = 0).",)
    assert found[CHANGE][:2] == ("No version was published since.", "0 reviews were done.")


def test_an_overdue_review_is_said(org: Any) -> None:
    kept, version = begun(org)
    AchievementVersion.objects.for_org(org.id).filter(id=version.id).update(
        review_due=now() - timedelta(days=1)
    )
    assert told(org, kept)[CHANGE][-1].endswith(" and is overdue.")


def test_a_completion_record_judges_nothing(org: Any) -> None:
    given = made(outcome="attend", evidence="attendance", artefact="")
    kept = actions.keep(by=org.owner, org_id=org.id, answers=read(given))
    actions.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id)
    assert told(org, kept)[EVIDENCE] == ("A completion record judges nothing.",)
