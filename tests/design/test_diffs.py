"""A change in words: word by word, by name and class."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from guildmark.design import diffs, versions
from guildmark.design.types import Standard
from tests.design.builders import criterion, publishable_content, publishable_standard


def rows(**members: object) -> list[diffs.Row]:
    old, new = publishable_standard(), publishable_standard(**members)
    return diffs.rows(versions.compare(old, new), old, new)


WORDS = st.lists(
    st.sampled_from(["Builds", "the", "sequence", ".", " ", "  ", "\n", "not", "É", "_", "5"])
).map("".join)


@given(WORDS, WORDS)
def test_the_pieces_give_back_both_texts(old, new):
    found = diffs.pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "new") == old
    assert "".join(piece.text for piece in found if piece.kind != "gone") == new
    assert old != new or all(piece.kind == "same" for piece in found)


def test_a_changed_word_is_shown_inside_its_sentence():
    criteria = publishable_content()["criteria"]
    criteria[0]["descriptors"][2] = "Trigger logic: Complete and tested."
    (row,) = rows(criteria=criteria)
    assert row.where == "Criterion “Trigger logic”: what each level means"
    assert (row.verb, row.class_word, row.forces_word) == ("changed", "Decision", "a new major version")
    (line,) = row.lines
    assert line.label == "Proficient"
    assert [(p.kind, p.text) for p in line.pieces] == [
        ("same", "Trigger logic: Complete and "),
        ("gone", "right"),
        ("new", "tested"),
        ("same", "."),
    ]


def test_a_changed_phrase_reads_as_one():
    found = diffs.pieces("Tests every branch before launch.", "Checks one path before launch.")
    assert [(p.kind, p.text) for p in found] == [
        ("gone", "Tests every branch"),
        ("new", "Checks one path"),
        ("same", " before launch."),
    ]


def test_an_added_and_a_removed_part_are_named_and_told_by_their_members():
    criteria = publishable_content()["criteria"]
    added, removed = rows(criteria=[*criteria[:2], criterion("k9", "Consent")], others_required=1)[:2]
    found = {row.verb: row for row in (added, removed)}
    assert found["added"].where == "Criterion “Consent”"
    assert found["removed"].where == "Criterion “Message purpose”"
    assert ("statement", "Consent fits the brief.") in [
        (one.label, one.pieces[0].text) for one in found["added"].lines
    ]


def test_links_are_told_by_the_names_of_what_they_lead_to():
    criteria = publishable_content()["criteria"]
    criteria[0]["evidence"] = ["e1", "e2"]
    (row,) = rows(criteria=criteria)
    assert [p.text for line in row.lines for p in line.pieces] == [
        "Sequence export",
        "Sequence export; Test log",
    ]
    added = next(row for row in rows(criteria=[*criteria, criterion("k9", "Consent")]) if row.verb == "added")
    told = {line.label: line.pieces[0].text for line in added.lines}
    assert told["competencies"] == "Builds a sequence that follows a brief."
    assert told["Proficient"] == "Consent: Complete and right."


def test_what_moves_the_bar_stands_first():
    found = rows(audience="Everybody.", summary="Clearer.", pass_level=4)
    assert [row.forces for row in found] == ["major", "minor", "note"]
    assert diffs.counts(found) == ["1 decision", "1 clarifying", "1 presentation"]


def test_a_flag_and_a_number_are_told_in_words():
    criteria = publishable_content()["criteria"]
    criteria[0]["must_pass"] = False
    (row,) = rows(criteria=criteria)
    assert [(p.kind, p.text) for line in row.lines for p in line.pieces] == [("gone", "yes"), ("new", "no")]
    (row,) = rows(assessment_hours=2.0)
    assert [p.text for line in row.lines for p in line.pieces] == ["1.5", "2"]


def test_another_order_names_the_parts():
    (row,) = rows(criteria=publishable_content()["criteria"][::-1])
    assert row.verb == "reordered"
    assert row.lines[0].pieces[0].text == "Trigger logic, Fault diagnosis, Message purpose"


def test_the_drafted_note_names_what_moved_the_bar_and_counts_the_rest():
    conditions = {**publishable_content()["conditions"], "supervision": "online"}
    found = rows(pass_level=4, audience="Everybody.", conditions=conditions)
    note = diffs.drafted_note(found)
    assert (
        note
        == "Changed: Conditions: supervision; Pass level. Also 1 smaller change, without effect on the bar."
    )
    assert diffs.drafted_note([]) == ""
    long = [criterion(f"k{n}", f"{'Very long name ' * 4}{n}") for n in range(20)]
    assert len(diffs.drafted_note(rows(criteria=long, others_required=0))) <= 900


def test_every_path_of_the_model_has_words():
    standard = Standard()
    for path in versions.CLASSES:
        assert diffs.where(path.replace("*", "x1"), standard, standard)


def test_long_and_repetitive_texts_are_compared_in_bounded_time():
    found = diffs.pieces("a " * 3_000, "b " * 3_001)
    assert [piece.kind for piece in found][:2] == ["gone", "new"]
    found = diffs.pieces("a " * 3_000 + "c " + "d " * 3_000, "a " * 3_000 + "e " + "d " * 3_000)
    assert [(p.kind, len(p.text)) for p in found] == [("same", 6000), ("gone", 1), ("new", 1), ("same", 6001)]
    began = time.monotonic()
    diffs.pieces("a " * 1_400, "a b " * 700)
    assert time.monotonic() - began < 5
