"""What a change forces: the mutation suite of M1 as far as the fields exist, and the hash."""

from __future__ import annotations

import copy
import hashlib
import json
import typing
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from guildmark.design import versions
from guildmark.design.types import Standard
from tests.design.builders import criterion, publishable_content, publishable_standard

FULL = publishable_content(
    alignments=[
        {"id": "a1", "name": "Automation", "url": "https://esco.example/1", "rationale": "Same tasks."},
        {"id": "a2", "name": "Testing", "url": "https://esco.example/2"},
    ],
    explainer={"url": "https://video.example/1", "title": "Welcome", "minutes": 2},
    samples=[{"id": "s1", "kind": "clear_pass", "text": "…", "note": "Good.", "levels": {"k1": 3}}],
    badge_note="Plain.",
    lessons=[{"id": "u1", "title": "Triggers", "competencies": ["c1"]}],
    cost={"amount": "90.00", "currency": "EUR", "includes": "One judgement."},
    offer=[{"id": "o1", "text": "You build a sequence.", "source": "claim"}],
)


def put(path: str, value: object):
    """A mutation that sets one place, such as ``criteria.0.must_pass``."""

    def mutate(content: dict) -> None:
        target = content
        *steps, last = path.split(".")
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        target[int(last) if isinstance(target, list) else last] = value

    mutate.__name__ = path
    return mutate


def drop(path: str):
    def mutate(content: dict) -> None:
        content[path].pop()

    mutate.__name__ = f"drop {path}"
    return mutate


def add(path: str, part: object):
    def mutate(content: dict) -> None:
        content[path].append(part)

    mutate.__name__ = f"add {path}"
    return mutate


def swap(path: str):
    def mutate(content: dict) -> None:
        target = content
        for step in path.split("."):
            target = target[int(step)] if isinstance(target, list) else target[step]
        target.reverse()

    mutate.__name__ = f"swap {path}"
    return mutate


def outcome(mutate) -> versions.Change:
    old = Standard.model_validate(FULL).model_dump(mode="json")
    new = copy.deepcopy(old)
    mutate(new)
    return versions.compare(Standard.model_validate(old), Standard.model_validate(new))


MAJOR = [
    drop("criteria"),
    add("criteria", criterion("k9", "Consent")),
    add("criteria", criterion("order", "Consent")),
    put("criteria.0.descriptors.2", "Entry and exit mostly match."),
    put("criteria.0.statement", "Another sentence."),
    put("criteria.0.name", "Triggers"),
    put("criteria.0.must_pass", False),
    put("criteria.0.competencies", ["c2"]),
    put("criteria.0.evidence", ["e2"]),
    put("criteria.0.id", "k7"),
    put("pass_level", 4),
    put("others_required", 0),
    put("scale.1.label", "Half"),
    swap("scale"),
    put("evidence.0.kind", "url"),
    put("evidence.0.action", "perform"),
    put("evidence.0.required", False),
    put("evidence.0.brief", "Another task."),
    put("evidence.0.accept", ["image"]),
    put("evidence.0.max_items", 1),
    put("evidence.0.min_words", 100),
    drop("evidence"),
    add("evidence", {"id": "e9", "title": "Video"}),
    put("conditions.supervision", "online"),
    put("conditions.allowed_aids", "Everything."),
    put("conditions.time_limit", "2 hours"),
    put("conditions.resubmissions", 3),
    put("assessment_hours", 9.5),
    put("validity_months", 24),
    put("claim", "Builds something else."),
    put("title", "Another title"),
    put("signal", "completion"),
    put("context.0.version", "5.0"),
    drop("competencies"),
    put("competencies.0.statement", "Builds it."),
    put("alignments.0.relation", "broader"),
    put("alignments.0.url", "https://esco.example/9"),
    put("conditions.authorship", "Nobody helped."),
    put("conditions.authorship_checks", ["walkthrough"]),
    put("conditions.judges", 2),
    put("conditions.retake_rule", "After 30 days."),
    put("conditions.resubmissions", 0),
    put("context.0.name", "Postwright"),
    put("evidence.0.form", "walkthrough"),
    put("evidence.0.variants", 5),
    put("evidence.0.own_material", True),
    put("evidence.0.max_mb", 500),
    put("evidence.0.quiz", {"items": 20, "options": 4, "cut": 12}),
    put("competencies.0.verb_class", "explain"),
    put("language", "de"),
    swap("criteria.0.descriptors"),
    drop("alignments"),
    add("alignments", {"id": "rationale", "name": "X", "url": "https://esco.example/3"}),
]
MINOR = [
    put("summary", "Clearer words."),
    put("study_hours", 6.5),
    put("review_months", 12),
    add("not_shown", "Pricing."),
    put("conditions.turnaround_days", 5),
    put("alignments.0.rationale", "Clearer words."),
    swap("criteria"),
    swap("evidence"),
    swap("competencies"),
    put("volatility", "high"),
    put("decision.who", "A hiring lead"),
    put("competencies.0.alignment_exception", "No framework has it."),
]
NOTE = [
    put("audience", "Everybody."),
    put("badge_note", "Other."),
    put("explainer", None),
    put("explainer.title", "Other"),
    put("explainer.video", {"sha256": "0" * 64, "media_type": "video/mp4", "size": 1, "seconds": 2}),
    put("samples.0.note", "Other."),
    put("samples", []),
    add("samples", {"id": "s2", "text": "x"}),
    put("samples.0.levels.k1", 4),
    put("lessons.0.title", "Triggers and branches"),
    add("offer", {"id": "o2", "text": "Judged by a person.", "source": "conditions.judges"}),
    put("cost.amount", "120.00"),
    put("cost", None),
]


@pytest.mark.parametrize("mutate", MAJOR, ids=lambda m: m.__name__)
def test_a_change_of_what_is_claimed_asked_or_decided_is_major(mutate):
    assert outcome(mutate).forces == "major"


@pytest.mark.parametrize("mutate", MINOR, ids=lambda m: m.__name__)
def test_a_clarifying_change_is_minor(mutate):
    assert outcome(mutate).forces == "minor"


@pytest.mark.parametrize("mutate", NOTE, ids=lambda m: m.__name__)
def test_a_change_of_presentation_is_a_note_and_leaves_the_hash(mutate):
    assert outcome(mutate).forces == "note"
    old = Standard.model_validate(FULL).model_dump(mode="json")
    new = copy.deepcopy(old)
    mutate(new)
    assert versions.core_hash(old) == versions.core_hash(new)


@pytest.mark.parametrize("mutate", [*MAJOR, *MINOR], ids=lambda m: m.__name__)
def test_every_binding_change_moves_the_hash(mutate):
    old = Standard.model_validate(FULL).model_dump(mode="json")
    new = copy.deepcopy(old)
    mutate(new)
    assert versions.core_hash(old) != versions.core_hash(new)


def paths_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every path of a document of this shape; ``*`` stands for the id of a part."""
    for name, field in model.model_fields.items():
        path = f"{before}{name}"
        inner = [m for m in parts_of(field.annotation) if m.model_fields.keys() - {"id"}]
        listed = typing.get_origin(field.annotation) is tuple
        if name not in {"id", "schema_version"}:
            yield path
        if inner and listed and "id" in inner[0].model_fields:
            yield f"{path}.*"
            yield from paths_of(inner[0], f"{path}.*.")
        elif inner and not listed:
            yield from paths_of(inner[0], f"{path}.")


def parts_of(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for one in typing.get_args(annotation) for model in parts_of(one)]


def test_every_path_of_the_model_has_a_class_of_its_own_and_no_class_is_for_nothing():
    walked = set(paths_of(Standard))
    assert {"evidence.*.quiz.cut", "criteria.*", "decision.who", "samples.*.levels"} <= walked
    assert walked == set(versions.CLASSES)
    assert walked >= versions.WORDS


def test_a_path_finds_its_class_whatever_the_ids_are():
    assert versions.field_class("criteria.order.descriptors") == "decision"
    assert versions.field_class("competencies.alignment_exception.statement") == "claim"
    assert versions.field_class("evidence.e1.quiz.cut") == "decision"
    assert versions.field_class("samples.s1.levels.k1") == "presentation"
    assert versions.field_class("evidence.e1.new_member") == "decision"


def test_nothing_forces_nothing():
    assert outcome(lambda content: None).forces == "none"


def test_a_member_that_nobody_classified_is_major():
    assert versions.FORCES[versions.field_class("colour.of.money")] == "major"


def test_the_hash_of_what_was_published_before_the_second_schema_does_not_move():
    stored = publishable_standard().model_dump(mode="json")
    first = {name: stored[name] for name in versions.NORMATIVE_FIELDS[1]} | {"schema_version": 1}
    text = json.dumps(first, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    wanted = "sha256:" + hashlib.sha256(text.replace("5.0,", "5,").encode()).hexdigest()
    later = {
        **first,
        "decision": {"who": "", "what": "", "convinced_by": ""},
        "volatility": "",
        "origin": None,
    }
    assert versions.core_hash(first) == versions.core_hash(later) == wanted


def test_a_draft_that_follows_a_version_of_the_first_schema_differs_in_nothing():
    stored = publishable_standard().model_dump(mode="json")
    first = {name: stored[name] for name in versions.NORMATIVE_FIELDS[1]} | {"schema_version": 1}
    for part in first["competencies"]:
        del part["verb_class"], part["alignment_exception"]
    old, new = Standard.model_validate(first), publishable_standard()
    changes = [change.path for change in versions.compare(old, new).changes]
    assert changes == ["audience"]


def test_every_member_of_a_standard_is_either_normative_or_presentation():
    known = {*versions.NORMATIVE_FIELDS[2], *versions.PRESENTATION_FIELDS}
    assert known == set(Standard.model_fields)


def test_the_change_names_path_class_from_and_to():
    change = outcome(put("criteria.0.must_pass", False))
    assert change.as_json() == {
        "forces": "major",
        "changes": [{"path": "criteria.k1.must_pass", "class": "decision", "from": True, "to": False}],
    }


def test_a_number_follows_from_what_is_forced():
    assert versions.next_number(None, "major") == (1, 0)
    assert versions.next_number((1, 9), "minor") == (1, 10)
    assert versions.next_number((1, 9), "major") == (2, 0)
    assert versions.raised("minor", "major") == "major"
    assert versions.raised("major", "minor") == "major"


def area(mutate) -> str:
    """The member of the standard that a mutation is about: ``criteria`` for ``swap criteria.0.descriptors``."""
    return mutate.__name__.split()[-1].split(".")[0]


@given(st.sampled_from([*MAJOR, *MINOR, *NOTE]), st.sampled_from([*MAJOR, *MINOR, *NOTE]))
def test_two_changes_force_at_least_what_the_larger_one_forces(first, second):
    def both(content: dict) -> None:
        first(content)
        second(content)

    if first.__name__.startswith("add ") and second.__name__ == first.__name__.replace("add", "drop"):
        return  # the second takes back what the first did
    try:
        together = outcome(both).forces
    except (IndexError, TypeError, KeyError):
        return  # the second change needs a row that the first one removed
    alone = {
        versions.ORDER.index(outcome(m).forces)
        for m in (first, second)
        if m.__name__.split()[0] not in {"drop", "swap"}
    }
    # Within one list the first change may move the row that the second one means, as a swap does.
    if area(first) != area(second):
        assert versions.ORDER.index(together) >= max(alone, default=0)
