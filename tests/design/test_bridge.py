"""The bridge from one version to the next: only what changed, and never less than the new rule needs (M14)."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guildmark.design.bridge import bridge
from guildmark.design.types import Standard
from tests.design.builders import criterion, publishable_content, publishable_standard

IDS = ("k1", "k2", "k3", "k4", "k5")


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    """Small standards that differ from one another in criteria, links, evidence, conditions, scale and rule."""
    criteria = [
        criterion(
            identity,
            draw(st.sampled_from(["Logic", "Rhythm"])),
            must_pass=draw(st.booleans()),
            evidence=draw(st.sampled_from([[], ["e1"], ["e2"], ["e1", "e2"]])),
        )
        for identity in draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    ]
    others = sum(not one["must_pass"] for one in criteria)
    content = publishable_content(
        criteria=criteria,
        others_required=draw(st.integers(0, others)),
        pass_level=draw(st.integers(2, 4)),
        context=[{"name": "Mailwright", "version": draw(st.sampled_from(["4.2", "4.2", "4.2", "5.0"]))}],
    )
    content["evidence"][0]["brief"] = draw(st.sampled_from(["One task.", "One task.", "Another task."]))
    return Standard.model_validate(content)


LEVELS = st.dictionaries(st.sampled_from(IDS), st.integers(1, 4))


@settings(max_examples=400)
@given(standards(), standards(), LEVELS, LEVELS, st.booleans())
def test_bridge_and_old_results_satisfy_the_new_rule_exactly_when_their_union_does(
    old, new, before, after, personal
):
    found = bridge(old, new, before if personal else None)
    ids = {one.id for one in new.criteria}
    union = {one: (after if one in found.ids else before).get(one, 0) for one in ids}
    assert new.passes(found.union(before, after)) == new.passes(union)
    assert found.ids | set(found.kept) == ids
    assert not found.ids & set(found.kept)
    assert set(found.removed) == {one.id for one in old.criteria} - ids
    assert all(one.reasons for one in found.criteria)


@settings(max_examples=400)
@given(standards(), standards(), LEVELS, LEVELS, st.booleans())
def test_who_passed_before_and_passes_the_bridge_satisfies_the_new_rule(old, new, before, after, personal):
    assume(old.passes(before))
    found = bridge(old, new, before if personal else None)
    reached = {one: max(after.get(one, 0), new.pass_level) for one in found.ids}
    assert new.passes(found.union(before, reached))


@given(standards(), standards(), LEVELS)
def test_knowing_the_results_never_asks_for_more(old, new, levels):
    assume(old.passes(levels))
    assert bridge(old, new, levels).ids <= bridge(old, new).ids


@given(standards())
def test_the_same_standard_needs_no_bridge(standard):
    assert bridge(standard, standard).is_empty


CONDITIONS = publishable_content()["conditions"]


def changed(**members: object):
    return bridge(publishable_standard(), publishable_standard(**members))


def test_only_the_changed_criterion_and_its_evidence_are_in_the_bridge():
    content = publishable_content()
    content["criteria"][1]["descriptors"][2] = "Fault diagnosis: explains the cause."
    found = bridge(publishable_standard(), Standard.model_validate(content))
    assert found.as_json() == {
        "criteria": [
            {
                "id": "k2",
                "name": "Fault diagnosis",
                "mustPass": True,
                "reasons": ["what its levels mean changed"],
            }
        ],
        "evidence": [{"id": "e2", "title": "Test log"}],
        "kept": ["k1", "k3"],
        "removed": [],
    }


def test_a_removed_criterion_needs_nothing():
    content = publishable_content()
    content["criteria"].pop(1)
    found = bridge(publishable_standard(), Standard.model_validate(content))
    assert found.is_empty
    assert found.removed == ("k2",)


def test_an_added_criterion_and_a_changed_must_pass_are_in_the_bridge():
    content = publishable_content()
    content["criteria"][2]["must_pass"] = True
    content["criteria"].append(criterion("k9", "Consent"))
    content["others_required"] = 0
    assert bridge(publishable_standard(), Standard.model_validate(content)).ids == {"k3", "k9"}


def test_changed_evidence_brings_the_criteria_judged_on_it():
    content = publishable_content()
    content["evidence"][0]["kind"] = "file"
    assert bridge(publishable_standard(), Standard.model_validate(content)).ids == {"k1", "k3"}


def test_a_corrected_slip_and_a_larger_file_are_no_bridge():
    content = publishable_content()
    content["criteria"][0]["statement"] = "Trigger logic fits the breif."
    old = Standard.model_validate(content)
    assert bridge(old, publishable_standard()).is_empty
    content = publishable_content()
    content["evidence"][0]["max_mb"] = 500
    assert bridge(publishable_standard(), Standard.model_validate(content)).is_empty


def test_other_conditions_another_tool_or_scale_bring_everything():
    everything = {"k1", "k2", "k3"}
    for members in (
        {"conditions": {"supervision": "online"}},
        {"context": [{"name": "Mailwright", "version": "5.0"}]},
        {"scale": [{"id": "l1", "label": "No"}, {"id": "l2", "label": "Yes"}], "pass_level": 2},
    ):
        assert changed(**members).ids == everything
    assert changed(conditions={**CONDITIONS, "resubmissions": 0, "turnaround_days": 3}).is_empty


def test_a_higher_level_is_asked_only_where_it_was_not_reached():
    old, new = publishable_standard(), publishable_standard(pass_level=4)
    assert bridge(old, new).ids == {"k1", "k2", "k3"}
    assert bridge(old, new, {"k1": 4, "k2": 3, "k3": 4}).ids == {"k2"}
    assert bridge(new, old).is_empty


def test_more_of_the_other_criteria_are_asked_only_where_the_old_rule_leaves_a_gap():
    content = publishable_content()
    content["criteria"].append(criterion("k4", "Cadence", must_pass=False))
    old = Standard.model_validate(content)
    new = Standard.model_validate({**content, "others_required": 2})
    assert bridge(old, new).ids == {"k3", "k4"}
    assert bridge(old, new, {"k1": 3, "k2": 3, "k3": 3, "k4": 1}).ids == {"k4"}
    assert bridge(old, new, {"k1": 3, "k2": 3, "k3": 3, "k4": 3}).is_empty


def test_required_evidence_that_no_criterion_names_is_asked_for_by_itself():
    content = publishable_content()
    content["evidence"].append({"id": "e9", "title": "Walkthrough", "brief": "Five minutes.", "kind": "file"})
    found = bridge(publishable_standard(), Standard.model_validate(content))
    assert (found.ids, found.evidence) == (frozenset(), (("e9", "Walkthrough"),))
