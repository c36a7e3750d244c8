"""Parts of a document by JSON pointers: what they hold, and what no pointer can do."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.protocol.canonical import jsonld, rdfc, selection
from guildmark.protocol.canonical.selection import NamedDocument, parse_pointer, select
from guildmark.protocol.errors import Malformed, TooLarge

CONTEXT = {
    "id": "@id",
    "type": "@type",
    "@vocab": "https://terms.example/",
    "listed": {"@container": "@list"},
    "inside": {"@container": "@graph"},
    "said": {"@container": "@language"},
}


def document(**said: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "id": "https://a.example/1", "type": "Thing", **said}


RICH = document(
    name="A",
    parts=[{"name": "B", "type": ["Part"]}, {"name": "C"}, {"id": "https://a.example/2", "name": "D"}],
    only=[{"name": "E"}],
    **{"a/b": {"m~n": "F"}},
)


def literals(quads: set[rdfc.Quad]) -> set[str]:
    return {obj.strip('"') for _, _, obj, _ in quads if obj.startswith('"')}


@pytest.mark.parametrize(
    ("pointer", "steps"),
    [("", []), ("/a/0", ["a", "0"]), ("/a~1b/m~0n", ["a/b", "m~n"]), ("/~01", ["~1"]), ("/", [""])],
)
def test_pointers_are_read_as_rfc_6901_says(pointer, steps):
    assert parse_pointer(pointer) == steps


@pytest.mark.parametrize("pointer", ["name", "/a~2", "/a~", 7, None, ["/name"]])
def test_it_refuses_what_is_no_pointer(pointer):
    with pytest.raises(Malformed):
        select(RICH, [pointer])


@pytest.mark.parametrize(
    "pointer",
    ["/gone", "/parts/3", "/parts/-", "/parts/00", "/parts/-1", "/name/0", "/parts/name", "/@context/gone"],
)
def test_it_refuses_a_pointer_that_leads_nowhere(pointer):
    with pytest.raises(Malformed) as error:
        select(RICH, [pointer])
    assert error.value.field == pointer


def test_it_refuses_a_single_text_in_place_of_a_list():
    with pytest.raises(Malformed):
        select(RICH, "/name")


def test_pointers_are_bounded_in_number_length_and_depth():
    with pytest.raises(TooLarge):
        select(RICH, ["/name"] * (selection.MAX_POINTERS + 1))
    for pointer in ("/" + "a" * 2_000, "/a" * 60):
        with pytest.raises(TooLarge):
            select(RICH, [pointer])


def test_a_part_shows_ids_and_types_on_the_way_and_closes_up_arrays():
    assert select(RICH, ["/parts/2/name", "/parts/0/name"]) == document(
        parts=[{"name": "B", "type": ["Part"]}, {"id": "https://a.example/2", "name": "D"}]
    )
    assert select(RICH, ["/a~1b/m~0n"]) == document(**{"a/b": {"m~n": "F"}})


def test_the_whole_wins_over_its_parts():
    assert select(RICH, ["/parts/0/name", "/parts"]) == document(parts=RICH["parts"])
    assert select(RICH, ["/name", ""]) == RICH


def test_the_context_is_always_there_and_pointing_at_it_adds_nothing():
    assert select(RICH, ["/@context", "/name"]) == document(name="A")
    assert select(RICH, ["/@context"]) == document()


def test_a_part_shares_no_object_with_the_whole():
    part = select(RICH, ["/parts"])
    part["parts"][0]["name"] = "changed"
    assert RICH["parts"][0]["name"] == "B"


def test_the_statements_of_a_part_are_among_those_of_the_whole():
    named = NamedDocument(RICH)
    assert rdfc.canonicalize(named.quads) == jsonld.canonicalize(RICH)
    assert literals(named.quads) == {"A", "B", "C", "D", "E", "F"}
    assert literals(named.part(["/parts/1", "/only/0/name"])) == {"C", "E"}
    assert named.part([""]) == named.quads
    assert named.part([]) == set()


def test_nodes_that_look_alike_stay_apart():
    named = NamedDocument(document(parts=[{"name": "B"}, {"name": "B"}]))
    assert named.part(["/parts/0"]) != named.part(["/parts/1"])


def test_an_ordered_list_is_chosen_as_a_whole():
    named = NamedDocument(document(listed=["x", {"name": "y"}, "z"], name="A"))
    assert literals(named.part(["/listed"])) == {"x", "y", "z"}
    for pointer in ("/listed/0", "/listed/2"):
        with pytest.raises(Malformed, match="states something"):
            named.part([pointer])


def test_a_long_ordered_list_does_not_exhaust_the_stack():
    named = NamedDocument(document(listed=[f"v{number}" for number in range(1_500)]))
    assert len(literals(named.part(["/listed"]))) == 1_500


def test_it_refuses_two_ordered_lists_under_one_term():
    with pytest.raises(Malformed, match="cannot be told apart"):
        NamedDocument(document(**{"listed": ["a"], "https://terms.example/listed": {"@list": ["b"]}}))


def test_a_part_inside_a_graph_of_its_own_can_be_chosen():
    named = NamedDocument(document(inside={"name": "B", "deep": {"name": "C"}}, name="A"))
    assert literals(named.part(["/inside/deep"])) == {"C"}
    assert len({graph for *_, graph in named.quads}) == 2


def test_labels_of_the_author_are_kept_apart_from_ours():
    named = NamedDocument(document(parts=[{"id": "_:b1", "name": "B"}, {"name": "C"}], like={"id": "_:b1"}))
    assert len(literals(named.part(["/parts/0", "/like"]))) == 1
    assert rdfc.canonicalize(named.quads).count("_:c14n0") == 3


def test_an_id_that_looks_like_one_of_ours_stays_an_id():
    named = NamedDocument(document(like={"id": "urn:bnid:_b1"}, name="A"))
    assert any(obj == "<urn:bnid:_b1>" for _, _, obj, _ in named.quads)


def test_it_refuses_forms_in_which_nodes_cannot_be_named():
    with pytest.raises(Malformed):
        NamedDocument(document(said={"en": "a", "de": "b"}))
    with pytest.raises(Malformed, match="type without an address"):
        NamedDocument(document(other={"type": "_:t"}))
