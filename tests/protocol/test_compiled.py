"""The fast way to quads against the slow one and against another implementation, on hostile documents."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol import contexts
from guildmark.protocol.canonical import compiled, jsonld, rdfc
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges.build import build
from tests.protocol import oxigraph, samples, world

RECORD = "https://academy.example/c/0b0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d21"


def unproven(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "proof"}


def proof_options(document: dict[str, Any]) -> dict[str, Any]:
    return {"@context": document["@context"], **unproven(document["proof"] | {"proofValue": None})} | {
        "proofValue": "z1"
    }


OWN = {
    "demonstrated": build(samples.spec()),
    "completion": build(samples.completion()),
    "status list": unproven(world.status_list(samples.LIST_REVOKED, "revocation")),
    "supersession": unproven(world.record(RECORD)),
    "proof options": proof_options(world.credential()),
}


@pytest.mark.parametrize("kind", OWN)
def test_it_covers_everything_that_we_sign(kind: str) -> None:
    assert jsonld.fast_canonicalize(OWN[kind]) == rdfc.canonicalize(jsonld.to_quads(OWN[kind]))


@pytest.mark.parametrize("kind", OWN)
def test_another_implementation_reads_the_same(kind: str) -> None:
    assert jsonld.fast_canonicalize(OWN[kind]) == oxigraph.canonical(OWN[kind])


# -- mutations ----------------------------------------------------------------------------------------

TEXTS = [
    "", " ", "name", "id", "type", "@id", "@type", "@none", "@vocab", "_:b0", "relative", "#x", "?x", "//x.example",
    ":x", "a:", "x:y", "urn:x", "URN:x", "did:web:a.example", "http://a b", "https://a.example/<>", "https://a.example/ü",
    "xsd:string", "xsd:date", "cred:foo", "sec:x", "OpenBadgeCredential", "Achievement", "Profile", "Alignment",
    '"', "\\", "\n", "\r\t", "\x01", "\x7f", "\u2028", "𝒳", '" <urn:x> <urn:y> .', "2026-01-01T00:00:00Z",
    "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement", "https://www.w3.org/2018/credentials#holder",
]  # fmt: skip
KEYS = [
    "id", "type", "@id", "@type", "name", "description", "issuer", "image", "evidence", "criteria", "narrative",
    "achievement", "alignment", "targetName", "result", "resultDescription", "allowedValue", "identifier", "hashed",
    "unknown", "@context", "@value", "@list", "@set", "@graph", "@reverse", "@included", "@index", "@language",
    "@nest", "https://a.example/p", "cred:foo", "xsd:x", "proof", "validFrom", "credentialStatus", "tag", "@direction",
]  # fmt: skip
texts = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
scalars = st.one_of(
    texts,
    st.booleans(),
    st.none(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
keys_ = st.sampled_from(KEYS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys_, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from places(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*path, index))


def changed(document: Any, path: tuple[Any, ...], act: str, key: str, value: Any) -> Any:
    made = copy.deepcopy(document)
    *above, last = path
    holder = made
    for step in above:
        holder = holder[step]
    if act == "replace":
        holder[last] = value
    elif act == "wrap":
        holder[last] = [holder[last], value]
    elif act == "remove" and isinstance(holder, dict):
        del holder[last]
    elif act == "rename" and isinstance(holder, dict):
        holder[key] = holder.pop(last)
    elif isinstance(holder[last], dict):
        holder[last][key] = value
    elif isinstance(holder, dict):
        holder[key] = value
    return made


PLACES = {kind: [path for path in places(document) if path] for kind, document in OWN.items()}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_it_is_never_other_than_the_slow_way(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(OWN)))
    document = OWN[kind]
    for _ in range(data.draw(st.integers(1, 2))):
        found = [path for path in places(document) if path]
        document = changed(
            document,
            data.draw(st.sampled_from(found)),
            data.draw(st.sampled_from(["replace", "replace", "wrap", "remove", "rename", "add"])),
            data.draw(keys_),
            data.draw(values),
        )
    compare(document)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(OWN)), st.data(), texts)
def test_a_text_in_any_place_is_read_as_the_slow_way_reads_it(
    kind: str, data: st.DataObject, text: str
) -> None:
    leaves = [path for path in PLACES[kind] if isinstance(at(OWN[kind], path), str)]
    compare(changed(OWN[kind], data.draw(st.sampled_from(leaves)), "replace", "", text), by_oxigraph=True)


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def compare(document: dict[str, Any], *, by_oxigraph: bool = False) -> None:
    text = jsonld.fast_canonicalize(document)
    if text is None:
        return
    # What the fast way gives, the slow way must give too: it may not raise.
    assert text == rdfc.canonicalize(jsonld.to_quads(document))
    # A node is remembered the first time, kept the second and used the third; none of it changes anything.
    for _ in range(2):
        assert jsonld.fast_canonicalize(document) == text
    if by_oxigraph:
        assert text == oxigraph.canonical(document)


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": "x"},
        {"@context": [*OWN["completion"]["@context"], {"x": "urn:x"}]},
        {"@context": "https://unknown.example/v1"},
        {"name": None},
        {"name": []},
        {"name": [["a"]]},
        {"type": []},
        {"id": "_:b0"},
        {"id": "relative"},
        {"id": 5},
        {"@id": "urn:x"},
        {"@type": ["VerifiableCredential"]},
        {"type": ["VerifiableCredential", 5]},
        {"@graph": []},
        {"issuer": {}},
        {"issuer": {"@context": contexts.CREDENTIALS_V2, "id": "urn:x"}},
    ],
    ids=repr,
)
def test_what_it_does_not_cover_goes_the_slow_way(change: dict[str, Any]) -> None:
    document = {**OWN["completion"], **change}
    assert jsonld.fast_canonicalize(document) is None
    try:
        slow = rdfc.canonicalize(jsonld.to_quads(document))
    except ProtocolError as error:
        with pytest.raises(type(error)):
            jsonld.canonicalize(document)
    else:
        assert jsonld.canonicalize(document) == slow


def profile(**more: Any) -> dict[str, Any]:
    """A profile long enough and of members enough to be kept, with two nodes that have no id."""
    return {
        "id": "https://academy.example/o/x",
        "type": ["Profile"],
        "name": "Northlamp " * 20,
        "url": "https://academy.example/",
        "phone": "+351210000000",
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": "a", "identifierType": "identifier"},
            {"type": "IdentifierEntry", "identifier": "b", "identifierType": "identifier"},
        ],
        **more,
    }


def around(*profiles: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": OWN["completion"]["@context"],
        "id": "urn:uuid:5f5c1c5e-8f0e-4b7e-9d0e-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": list(profiles),
    }


@pytest.mark.parametrize(
    "document",
    [
        around(profile()),
        # Two uses of one node are four blank nodes, which look alike.
        around(profile(), profile()),
        around(profile(), profile(id="https://academy.example/o/y")),
        around(profile(id="https://academy.example/o/z", parentOrg=profile()), profile()),
        around(profile(), profile(id="https://academy.example/o/z", parentOrg=profile())),
        around(profile(id="https://academy.example/o/z", parentOrg=profile()), profile(id="https://academy.example/o/z", parentOrg=profile())),
    ],
)  # fmt: skip
def test_a_node_that_was_kept_is_used_as_often_as_it_stands_there(document: dict[str, Any]) -> None:
    slow = rdfc.canonicalize(jsonld.to_quads(document))
    for _ in range(3):
        assert jsonld.fast_canonicalize(document) == slow
    assert slow == oxigraph.canonical(document)


@pytest.mark.parametrize(
    "document",
    [
        # The creator of the achievement is the issuer: of one subject two kept parts speak, or a part and the rest.
        around(profile(), profile(id="https://academy.example/o/z", parentOrg=profile(name="Other " * 60))),
        around(
            {"id": "https://academy.example/o/x", "type": ["Profile"]}, profile(parentOrg=profile(phone="1"))
        ),
        around(profile(parentOrg={"id": "https://academy.example/o/x", "type": ["Profile"], "name": "X"})),
    ],
)
def test_lines_of_a_subject_of_which_several_parts_speak_stand_together(document: dict[str, Any]) -> None:
    slow = rdfc.canonicalize(jsonld.to_quads(document))
    for _ in range(4):
        assert jsonld.fast_canonicalize(document) == slow
    assert slow == oxigraph.canonical(document)


TYPE_LINE = (
    "<https://academy.example/o/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image> ."
)


@pytest.mark.parametrize(
    "text", [TYPE_LINE, f'"\n{TYPE_LINE}\n', f'x" .\n{TYPE_LINE}', f"\\\n{TYPE_LINE}"], ids=repr
)
@pytest.mark.parametrize("kind", ["Profile", "Image"])
def test_a_text_that_looks_like_the_line_of_another_part_is_none(text: str, kind: str) -> None:
    # Both parts are kept, and speak of one subject: the second only names its type.
    other = {"id": "https://academy.example/o/x", "type": [kind]}
    document = around(
        profile(description=text),
        profile(id="https://academy.example/o/y", name="y" * 300, parentOrg=other),
    )
    slow = rdfc.canonicalize(jsonld.to_quads(document))
    for _ in range(3):
        assert jsonld.fast_canonicalize(document) == slow
    assert slow == oxigraph.canonical(document)


@pytest.mark.parametrize(
    "more",
    [
        {"name": ["a", "a", "b"]},
        {"type": ["Profile", "Profile", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile"]},
        {"url": ["https://a.example/", "https://a.example/"]},
        {"name": "a", "https://schema.org/name": "a"},
        {"parentOrg": [{"id": "urn:x:1", "type": ["Profile"]}, {"id": "urn:x:1", "type": ["Profile"]}]},
        {"parentOrg": {"id": "https://academy.example/o/x", "type": ["Profile"], "email": "a"}, "email": "a"},
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_said_twice_is_stated_once(more: dict[str, Any]) -> None:
    document = around(profile(**more))
    slow = rdfc.canonicalize(jsonld.to_quads(document))
    for _ in range(3):
        # A key that is an address is left to the slow way.
        assert jsonld.fast_canonicalize(document) in ((None, slow) if "schema.org" in str(more) else (slow,))
    assert slow == oxigraph.canonical(document)


def test_numbers_that_are_equal_are_still_told_apart() -> None:
    numbers = [1, True, 1.0, 0, False, 0.0, -0.0, 2.5, 1e21, 1e22, 2**53 - 1, 3, 3.0]
    for number in (*numbers, *reversed(numbers), *numbers):
        for place in ("creditsEarned", "name", "activityEndDate"):
            subject = {"type": ["AchievementSubject"], "id": "urn:x:1", place: number}
            document = around(profile()) | {"credentialSubject": subject}
            text = jsonld.fast_canonicalize(document)
            assert text == rdfc.canonicalize(jsonld.to_quads(document)), (number, place)
            assert text == oxigraph.canonical(document), (number, place)


@pytest.mark.parametrize("value", ["\ud800", float("nan"), 2**53, (1, 2), b"x"], ids=repr)
def test_values_that_json_does_not_carry_are_not_covered(value: Any) -> None:
    assert jsonld.fast_canonicalize(OWN["completion"] | {"name": value}) is None


def test_deep_and_long_documents_are_left_to_the_slow_way() -> None:
    document = around(profile())
    for _ in range(40):
        document["issuer"] = [{"id": "urn:x", "type": ["Profile"], "parentOrg": document["issuer"][0]}]
    assert jsonld.fast_canonicalize(document) is None
    long = around(profile()) | {"name": [str(number) for number in range(7_000)]}
    assert jsonld.fast_canonicalize(long) is None


# -- contexts that types bring with them ---------------------------------------------------------------

SCOPED_URL = "https://contexts.example/scoped"
SCOPED = {
    "@context": {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        "part": {"@id": "urn:v:part", "@type": "@id", "@context": {"name": "urn:v:part-name"}},
        "name": "urn:v:name",
        "A": {"@id": "urn:v:A", "@context": {"A": "urn:other:A", "B": "urn:other:B", "name": "urn:v:a-name"}},
        "B": {"@id": "urn:v:B", "@context": {"name": {"@id": "urn:v:b-name", "@language": "en"}}},
    }
}


def test_the_same_keys_are_read_by_the_types_that_stand_beside_them() -> None:
    compiler = compiled.Compiler(jsonld._loader({SCOPED_URL: SCOPED}), jsonld._literal)
    long = "x" * 400
    parts: list[Any] = [
        {"type": kind, "id": "urn:p:1", "name": name, "part": inner}
        for kind in ("A", "B", ["A", "B"], ["B", "A"], ["B"], "A")
        for name in ("one", long)
        for inner in (
            "urn:p:2",
            {"id": "urn:p:2"},
            {"type": "B", "name": "x"},
            {"name": "x"},
            {"type": ["A"]},
        )
    ]
    documents = [
        {"@context": SCOPED_URL, "type": kind, "name": "root", "part": part}
        for part in parts
        for kind in ("A", "B")
    ]
    wanted = [
        rdfc.canonicalize(jsonld.to_quads(one, extra_contexts={SCOPED_URL: SCOPED})) for one in documents
    ]
    for turn in (1, 2, 3):
        order = list(zip(documents, wanted, strict=True))
        for document, right in order if turn % 2 else reversed(order):
            made = compiler.statements(copy.deepcopy(document), keep=True).canonical()
            assert made.decode() == right, (turn, document)
    assert "<urn:v:A>" in wanted[0]
    assert "<urn:other:" not in wanted[0]


def test_a_key_that_becomes_a_type_by_the_types_beside_it_is_left_to_the_slow_way() -> None:
    url = "https://contexts.example/kinds"
    context = {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "name": "urn:v:name",
            "kind": "urn:v:kind",
            "A": {"@id": "urn:v:A", "@context": {"kind": "@type"}},
            "B": "urn:v:B",
            "C": {"@id": "urn:v:C", "@context": {"type": "urn:v:said"}},
        }
    }
    compiler = compiled.Compiler(jsonld._loader({url: context}), jsonld._literal)
    for members in ({"type": "A", "kind": "B"}, {"type": "C", "kind": "B"}):
        document = {"@context": url, "id": "urn:x:1", "name": "x", **members}
        slow = rdfc.canonicalize(jsonld.to_quads(document, extra_contexts={url: context}))
        try:
            assert compiler.statements(document).canonical().decode() == slow
        except compiled.NotCovered:
            continue
    with pytest.raises(compiled.NotCovered):
        compiler.statements({"@context": url, "id": "urn:x:1", "type": "A", "kind": "B"})
