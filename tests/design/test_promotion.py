"""A stack becomes the draft of a certification, with a blueprint that is counted in the open (DF9)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from guildmark.design import actions as design
from guildmark.design import queries as standards
from guildmark.design.models import Blueprint, Promotion
from guildmark.design.stacks import promotion, proposing, queries, recognition, relations, weighing
from guildmark.design.stacks.assembling import assemble
from guildmark.design.stacks.weighing import Factors
from guildmark.design.types import VersionView
from guildmark.kernel import audit
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tests.design.builders import completion_content, criterion, publishable_content, published, successor
from tests.design.stack_cases import SECOND, member, page, promoted, publish_as_skill
from tests.issue.builders import issued
from tests.people.builders import Org


@pytest.fixture
def first(org: Org) -> VersionView:
    return member(org)


@pytest.fixture
def second(org: Org) -> VersionView:
    return member(org, **SECOND)


# --- weights


@given(st.lists(st.fractions(min_value=0, max_value=50), min_size=1, max_size=30))
def test_weights_are_whole_sum_to_100_and_stay_within_one_of_their_share(points: list[Fraction]) -> None:
    weights = weighing.largest_remainder(points)
    whole = sum(points)
    assert sum(weights) == 100
    for weight, one in zip(weights, points, strict=True):
        share = 100 * one / whole if whole else Fraction(100, len(points))
        assert abs(weight - share) < 1


def test_the_largest_remainders_get_what_is_left() -> None:
    assert weighing.largest_remainder([Fraction(1)] * 3) == [34, 33, 33]
    assert weighing.largest_remainder([Fraction(1), Fraction(2), Fraction(4)]) == [14, 29, 57]
    assert weighing.largest_remainder([Fraction(0), Fraction(0)]) == [50, 50]
    assert weighing.largest_remainder([]) == []


@pytest.mark.parametrize(
    ("weights", "words"), [([50, 49], "Give 1"), ([60, 41], "Take 1"), ([120, -20], "between")]
)
def test_weights_that_do_not_sum_to_100_are_refused_with_the_difference(
    weights: list[int], words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        weighing.ensure_sum(weights)
    assert words in str(refused.value)
    weighing.ensure_sum([100, 0])


# --- the draft


@pytest.mark.django_db
def test_the_blueprint_follows_from_criteria_and_declared_hours(org, first, second):
    found = proposing.propose(org.id, [first.id, second.id], Factors())
    # First: c1 has one must-pass and one other criterion, c2 one must-pass; 1.5 h on two competencies. Second: 2 and 1; 1 h.
    assert [(one.competency, one.points) for one in found.domains] == [
        ("c1", 3.75),
        ("c2", 2.75),
        ("c3", 6.0),
    ]
    assert [one.weight for one in found.domains] == [30, 22, 48]
    assert found.points == 12.5
    source = found.domains[2].sources[0]
    assert (source.slug, source.number, source.competency) == (second.slug, "1.0", "c1")
    assert (source.must, source.other, source.hours) == (2.0, 1.0, 1.0)
    hours_alone = proposing.propose(org.id, [first.id, second.id], Factors(must=0, other=0, hour=1))
    assert [one.weight for one in hours_alone.domains] == [30, 30, 40]


@pytest.mark.django_db
def test_the_draft_takes_competencies_criteria_and_evidence_and_knows_where_each_came_from(
    org, first, second
):
    draft = promoted(org, first, second)
    standard = draft.standard
    assert (standard.signal, draft.number) == ("certified", "draft")
    assert [one.id for one in standard.competencies] == ["c1", "c2", "c3"]
    assert [one.id for one in standard.evidence] == ["e1", "e2", "e3"]
    assert [one.id for one in standard.criteria] == ["k1", "k2", "k3", "k4", "k5", "k6"]
    assert standard.criteria[3].evidence == ("e3",)
    assert standard.criteria[3].competencies == ("c3",)
    assert (standard.others_required, standard.assessment_hours, standard.claim) == (1, 2.5, "")
    record = Promotion.objects.for_org(org.id).get()
    assert [one["ids"]["criteria"] for one in record.members] == [
        {"k1": "k1", "k2": "k2", "k3": "k3"},
        {"k1": "k4", "k2": "k5", "k3": "k6"},
    ]
    assert [one["hash"] for one in record.members] == [first.core_hash, second.core_hash]
    found = queries.ties(org.id, draft.achievement_id)
    assert [one.child.slug for one in found.parts] == [first.slug, second.slug]
    actions = [
        e.action for e in audit.history(org.id, subject_type="achievement", subject_id=draft.achievement_id)
    ]
    assert "design.stack_promoted" in actions


@pytest.mark.django_db
def test_rows_that_say_the_same_become_one_with_the_first_id(org, first):
    shared = publishable_content()
    twin = member(
        org,
        **{
            **SECOND,
            "competencies": [*SECOND["competencies"], {"id": "c9", "statement": shared["competencies"][0]["statement"]}],
            "evidence": [*SECOND["evidence"], {**shared["evidence"][0], "id": "e9"}],
            "criteria": [*SECOND["criteria"], criterion("k9", "Trigger logic", competencies=["c9"], evidence=["e9"])],
        },
    )  # fmt: skip
    made = assemble([proposing.member_of(one) for one in (first, twin)])
    assert made.ids[1] == {
        "competencies": {"c1": "c3", "c9": "c1"},
        "evidence": {"e1": "e3", "e9": "e1"},
        "criteria": {"k1": "k4", "k2": "k5", "k3": "k6", "k9": "k1"},
    }
    assert len(made.content["criteria"]) == 6


@pytest.mark.django_db
def test_the_conditions_are_those_of_the_strictest_member_and_differences_are_said(org, first):
    other = member(
        org,
        **{**SECOND, "conditions": {"judges": 2, "authorship_checks": ["defence"], "allowed_aids": "None."}},
    )
    made = assemble([proposing.member_of(one) for one in (first, other)])
    assert made.content["conditions"] == other.standard.conditions.model_dump(mode="json")
    told = " ".join(made.to_settle)
    assert f"those of “{SECOND['title']} 1.0”, the strictest" in told
    assert f"“{first.standard.title} 1.0” differs in: number of judges and allowed aids." in told
    assert "The claim is still to be written" in told


@pytest.mark.django_db
def test_a_stack_is_refused_with_words(org, first, second):
    with pytest.raises(Invalid, match="2 to 12"):
        promoted(org, first)
    with pytest.raises(Invalid, match="2 to 12"):
        promoted(org, first, first)
    with pytest.raises(Invalid, match="completion record"):
        promoted(org, first, published(org, **completion_content()))
    with pytest.raises(Invalid, match="different languages"):
        promoted(org, first, member(org, **{**SECOND, "language": "de"}))
    with pytest.raises(Invalid, match="title is empty"):
        promoted(org, first, second, title=" ")
    with pytest.raises(Invalid, match="other domains"):
        promoted(org, first, second, weights={"c1": 100})
    with pytest.raises(Invalid, match="sum to 99"):
        promoted(org, first, second, weights={"c1": 33, "c2": 33, "c3": 33})
    with pytest.raises(Invalid, match="points"):
        promoted(org, first, second, factors=Factors(must=11))
    with pytest.raises(Forbidden):
        promoted(org, first, second, by=org.member("assessor"))
    later = successor(org, first, claim=publishable_content()["claim"].replace("five", "six"))
    with pytest.raises(Conflict, match="not in force"):
        promoted(org, first, second)
    with pytest.raises(NotFound):
        promoted(org, later, published(Org("southlamp")))
    assert not Blueprint.objects.for_org(org.id).exists()
    assert queries.relations(org.id) == []


@pytest.mark.django_db
def test_the_gate_keeps_refusing_the_class_certified(org, first, second):
    draft = promoted(org, first, second)
    with pytest.raises(Invalid) as refused:
        design.publish(by=org.owner, org_id=org.id, version_id=draft.id)
    assert any("certified cannot be published yet" in problem.detail for problem in refused.value.errors)


@pytest.mark.django_db
def test_promoting_changes_no_member(org, second):
    credential = issued(org)
    first = standards.version(org.id, credential.version_id)
    promoted(org, first, second, announced=True)
    after = standards.version(org.id, first.id)
    assert (after.core_hash, after.state) == (first.core_hash, "published")
    assert standards.verify_hash(org.id, first.id)
    assert len(standards.versions_of(org.id, first.achievement_id)) == 1


# --- the blueprint afterwards


@pytest.mark.django_db
def test_weights_are_edited_with_the_same_sum_check_and_by_one_at_a_time(org, first, second):
    draft = promoted(org, first, second, weights={"c1": 40, "c2": 20, "c3": 40})
    keys = {"by": org.owner, "org_id": org.id, "achievement_id": draft.achievement_id}
    view = proposing.blueprint(org.id, draft.achievement_id)
    assert [one.weight for one in view.rows] == [40, 20, 40]
    rows = {one.competency: (one.title, one.weight) for one in view.rows}
    saved = promotion.save_blueprint(
        **keys, rows={**rows, "c1": ("Sequences", 41), "c2": ("Faults", 19)}, revision=1
    )
    assert [(one.title, one.weight) for one in saved.rows][:2] == [("Sequences", 41), ("Faults", 19)]
    assert saved.rows[0].sources == view.rows[0].sources
    for changed, words in (
        ({"c1": ("Sequences", 42)}, "sum to"),
        ({"c1": ("", 40)}, "no title"),
        ({"c9": ("New", 0)}, "other domains"),
    ):
        with pytest.raises(Invalid, match=words):
            promotion.save_blueprint(**keys, rows={**rows, **changed}, revision=2)
    with pytest.raises(Conflict, match="somebody else"):
        promotion.save_blueprint(**keys, rows=rows, revision=1)
    other = Org("southlamp")
    with pytest.raises(NotFound):
        promotion.save_blueprint(
            by=other.owner, org_id=other.id, achievement_id=draft.achievement_id, rows=rows, revision=2
        )


@pytest.mark.django_db
def test_a_competency_that_goes_or_comes_shows_in_the_blueprint(org, first, second):
    draft = promoted(org, first, second)
    rows = [one.model_dump() for one in draft.standard.competencies][1:]
    rows.append({"id": "c7", "statement": "Writes a brief for others."})
    design.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"competencies": rows},
        revision=draft.revision,
    )
    view = proposing.blueprint(org.id, draft.achievement_id)
    assert [(one.competency, one.weight) for one in view.rows] == [("c2", 22), ("c3", 48), ("c7", 0)]
    assert [(one.competency, one.weight) for one in view.gone] == [("c1", 30)]
    saved = promotion.save_blueprint(
        by=org.owner,
        org_id=org.id,
        achievement_id=draft.achievement_id,
        rows={"c2": ("Faults", 30), "c3": ("Delivery", 40), "c7": ("Briefs", 30)},
        revision=view.revision,
    )
    assert (saved.gone, saved.total) == ((), 100)


@pytest.mark.django_db
def test_a_published_whole_keeps_its_blueprint_and_a_discarded_draft_takes_it_along(org, first, second):
    done = publish_as_skill(org, promoted(org, first, second))
    view = proposing.blueprint(org.id, done.achievement_id)
    assert not view.editable
    with pytest.raises(Conflict, match="published"):
        promotion.save_blueprint(
            by=org.owner,
            org_id=org.id,
            achievement_id=done.achievement_id,
            rows={one.competency: (one.title, one.weight) for one in view.rows},
            revision=view.revision,
        )
    following = design.start_new_version(by=org.owner, org_id=org.id, achievement_id=done.achievement_id)
    left = [one.model_dump() for one in done.standard.competencies][:2]
    design.save_draft(
        by=org.owner, org_id=org.id, version_id=following.id, content={"competencies": left}, revision=None
    )
    view = proposing.blueprint(org.id, done.achievement_id)
    assert (view.editable, view.total, [one.weight for one in view.gone]) == (True, 52, [48])
    draft = promoted(org, first, second, title="Another one")
    design.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    assert Blueprint.objects.for_org(org.id).count() == Promotion.objects.for_org(org.id).count() == 1
    assert len(queries.relations(org.id)) == 2


# --- stated recognition


def recognised(whole: VersionView, number: int = 0) -> recognition.Recognition:
    return proposing.of_whole(whole)[number].found


@pytest.mark.django_db
def test_holders_have_shown_what_is_the_same_and_what_they_could_not_pass_without(org, first, second):
    draft = promoted(org, first, second)
    one, two = recognised(draft), recognised(draft, 1)
    assert [name for _, name in one.shown] == ["Trigger logic", "Fault diagnosis", "Message purpose"]
    assert [c.name for c in one.open] == ["Cause found", "Cause changed", "Notes for the next person"]
    assert {why for c in one.open for why in c.reasons} == {
        "it is new",
        "the evidence “The repaired set-up” is new",
    }
    # Nothing of the other criteria was required there: a pass does not say that this one was reached.
    assert [name for _, name in two.shown] == ["Cause found", "Cause changed"]
    assert [name for _, name in two.own] == ["Notes for the next person"]
    assert one.total == two.total == 6
    assert one.groups == (
        (("Cause found", "Cause changed", "Notes for the next person"), ("asked for by another member",)),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("member_of_standard", "value", "shown", "why"),
    [
        ("criteria.k1.statement", "Cause found fits every brief that there is.", 2, "its statement changed"),
        ("criteria.k1.descriptors", ["Nothing.", "Something.", "All.", "All and more."], 2, "what its levels mean changed"),
        ("evidence.e1.brief", "The export, and a film of how it was made.", 2, "the evidence “Sequence export” changed"),
        ("conditions.supervision", "in_person", 0, "the supervision changed"),
        ("conditions.judges", 2, 0, "another number of judges decides"),
        ("pass_level", 4, 0, "the level that passes is higher"),
        ("context", [{"kind": "tool", "name": "Postwright", "version": "1"}], 0, "it is shown on another tool or version of it"),
    ],
)  # fmt: skip
def test_an_edit_of_the_draft_takes_away_what_was_shown_for_it(
    org, first, second, member_of_standard, value, shown, why
):
    draft = promoted(org, first, second)
    content = draft.standard.model_dump(mode="json")
    path = member_of_standard.split(".")
    place: Any = content
    for name in path[:-1]:
        place = next(row for row in place if row["id"] == name) if isinstance(place, list) else place[name]
    place[path[-1]] = value
    saved = design.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id,
        content={name: content[name] for name in (path[0],)}, revision=draft.revision,
    )  # fmt: skip
    found = recognised(saved)
    # Message purpose is judged on the same evidence as Trigger logic.
    expected = {2: 1 if path[0] == "evidence" else 2, 0: 0}[shown]
    assert len(found.shown) == expected
    assert why in {reason for one in found.open for reason in one.reasons}


@pytest.mark.django_db
def test_other_conditions_of_the_whole_leave_nothing_shown_for_members_without_them(org, first):
    strict = member(org, **{**SECOND, "conditions": {"judges": 2, "authorship_checks": ["defence"]}})
    draft = promoted(org, first, strict)
    assert recognised(draft).shown == ()
    assert [name for _, name in recognised(draft, 1).shown] == ["Cause found", "Cause changed"]


@pytest.mark.django_db
def test_the_statement_is_public_on_both_pages_once_the_whole_is_published(org, second):
    credential = issued(org)
    first = standards.version(org.id, credential.version_id)
    draft = promoted(org, first, second)
    for path in (f"/s/{first.slug}", credential.path):
        before = page(path)
        assert "A standard of this issuer" in before
        assert "have already shown" not in before
        assert "Cause found" not in before
    whole = publish_as_skill(org, draft)
    words = (
        f"Holders of {first.standard.title} 1.0 have already shown 3 of 6 criteria of E-mail practitioner."
    )
    for path in (f"/s/{first.slug}/v/1.0", f"/s/{whole.slug}", credential.path):
        after = page(path)
        assert words in after
        assert "Still to show: Cause found, Cause changed, Notes for the next person." in after
    told = Client().get(f"/s/{first.slug}/v/1.0.json").json()["recognition"]
    assert told[0]["holdersOf"] == {"slug": first.slug, "version": "1.0"}
    assert (told[0]["shown"], told[0]["total"]) == (["k1", "k2", "k3"], 6)
    assert [one["id"] for one in told[0]["open"]] == ["k4", "k5", "k6"]
    fresh = issued(org, version=first, learner=org.learner("Grace Learner"))
    for path in (fresh.path, f"/s/{first.slug}", f"/s/{whole.slug}", "/o/northlamp"):
        with CaptureQueriesContext(connection) as captured:
            page(path)
        assert len(captured) <= 30, path
    (tie,) = [one for one in queries.relations(org.id) if one.child.slug == first.slug]
    relations.unrelate(by=org.owner, org_id=org.id, relation_id=tie.id)
    assert words not in page(f"/s/{first.slug}/v/1.0")
    assert words not in page(f"/s/{whole.slug}")


@pytest.mark.django_db
def test_an_announced_whole_says_what_was_planned_and_nothing_of_the_draft_since(org, second):
    credential = issued(org)
    first = standards.version(org.id, credential.version_id)
    draft = promoted(org, first, second, announced=True)
    criteria = [one.model_dump(mode="json") for one in draft.standard.criteria]
    criteria[3] = {**criteria[3], "name": "A secret turn"}
    design.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"criteria": criteria},
        revision=draft.revision,
    )
    for path in (f"/s/{first.slug}", credential.path):
        told = page(path)
        assert (
            f"{first.standard.title} 1.0 have already shown 3 of 6 criteria of E-mail practitioner." in told
        )
        assert "it is not published yet and may change" in told
        assert "Still to show: Cause found, Cause changed, Notes for the next person." in told
        assert "A secret turn" not in told
    later = successor(org, first, claim=publishable_content()["claim"].replace("five", "six"))
    assert "have already shown" not in page(f"/s/{later.slug}/v/2.0")
    for tie in queries.ties(org.id, draft.achievement_id).parts:
        relations.announce(by=org.owner, org_id=org.id, relation_id=tie.id, announced=False)
    assert "have already shown" not in page(f"/s/{first.slug}/v/1.0")


@pytest.mark.django_db
def test_a_later_version_of_a_member_is_judged_by_itself(org, first, second):
    whole = publish_as_skill(org, promoted(org, first, second))
    criteria = [criterion("k1", "Trigger logic"), criterion("k2", "Fault diagnosis of all", competencies=["c2"], evidence=["e2"]),
                criterion("k8", "Consent")]  # fmt: skip
    later = successor(org, first, criteria=criteria, others_required=0)
    assert "2.0 have already shown 1 of 6 criteria" in page(f"/s/{later.slug}/v/2.0")
    assert "1.0 have already shown 3 of 6 criteria" in page(f"/s/{later.slug}/v/1.0")
    assert "1.0 have already shown 3 of 6 criteria" in page(f"/s/{whole.slug}")
