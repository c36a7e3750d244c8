"""Input made to hurt: it ends soon, with a reason, and is never valid.

Whoever attacks here holds a good credential of ours and changes it, or signs with a key of his own and claims to
be somebody else. Every document goes through every policy.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol import contexts
from guildmark.protocol.policy import OPEN_BADGES_STRICT, POLICIES, PROOF_ONLY, Policy
from guildmark.protocol.verify import Verdict, verify
from tests.protocol import samples
from tests.protocol.hostile import SIGNED, WORLD, changed, judged, refused
from tests.protocol.world import ISSUER_URL, World

PROTOTYPES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__class__", "__dict__"]


@pytest.mark.parametrize("name", PROTOTYPES)
@pytest.mark.parametrize("where", [(), ("credentialSubject",), ("issuer",), ("proof",)])
def test_keys_that_programs_trip_over_are_undefined_terms(name: str, where: tuple[str, ...]) -> None:
    for value in ({"validUntil": "2099-01-01T00:00:00Z"}, "x", ["x"]):
        document = changed((*where, name), value)
        refused(document, Verdict.MALFORMED, Verdict.TAMPERED)
        refused(json.dumps(document), Verdict.MALFORMED, Verdict.TAMPERED)


@pytest.mark.parametrize("name", PROTOTYPES)
def test_types_and_ids_of_such_names_are_refused(name: str) -> None:
    refused(changed(("type",), [*SIGNED["type"], name]), Verdict.MALFORMED)
    refused(changed(("id",), name), Verdict.MALFORMED)
    refused(changed(("@context",), [*SIGNED["@context"], name]), Verdict.MALFORMED, Verdict.CANNOT_TELL)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("@graph", [{"id": "urn:x", "name": "x"}]),
        ("@included", [{"id": "urn:x", "name": "x"}]),
        ("@reverse", {"name": {"id": "urn:x"}}),
        ("@nest", {"validUntil": "2099-01-01T00:00:00Z"}),
        ("@id", "urn:x"),
        ("@type", ["VerifiableCredential"]),
        ("@index", "x"),
        ("@list", ["x"]),
        ("@set", ["x"]),
        ("@json", {"a": 1}),
        ("@import", "https://evil.example/context"),
        ("@base", "https://evil.example/"),
        ("@vocab", "https://evil.example/"),
        ("@propagate", False),
        ("https://www.w3.org/2018/credentials#validUntil", "2099-01-01T00:00:00Z"),
        ("cred:validUntil", "2099-01-01T00:00:00Z"),
        ("_:b0", "x"),
    ],
)
@pytest.mark.parametrize("where", [(), ("credentialSubject",), ("issuer",)])
def test_keywords_and_addresses_as_keys_are_refused(key: str, value: Any, where: tuple[str, ...]) -> None:
    refused(changed((*where, key), value), Verdict.MALFORMED)


HIDING = {"expiry": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "@id"}}


@pytest.mark.parametrize(
    "injected",
    [
        "https://evil.example/context",
        "http://127.0.0.1/context",
        "file:///etc/passwd",
        "data:application/ld+json,{}",
        HIDING,
        {"@import": "https://www.w3.org/ns/credentials/v2"},
        {"@import": "https://evil.example/context"},
        {"@vocab": "https://evil.example/"},
        {"@base": "https://evil.example/"},
        {"@propagate": False, "x": "urn:x"},
        {"validUntil": "@nest"},
        {"nest": "@nest"},
        {"validUntil": {"@reverse": "urn:x"}},
        {"issuer": None},
        {"@version": 1.1, "@protected": True},
        {"a": {"@id": "urn:a", "@context": {"b": {"@id": "urn:b", "@context": {}}}}},
        None,
        7,
        [["https://www.w3.org/ns/credentials/v2"]],
    ],
    ids=str,
)
def test_injected_contexts_are_refused_wherever_they_stand(injected: Any) -> None:
    known = SIGNED["@context"]
    for document in (
        changed(("@context",), [*known, injected]),
        changed(("@context",), [injected, *known]),
        changed(("credentialSubject", "@context"), injected),
        changed(("issuer", "@context"), [injected]),
        changed(("proof", "@context"), [injected]),
    ):
        assert judged(document).verdict is not Verdict.VALID
        for policy in POLICIES.values():
            report = judged(document, policy)
            # A context in the options of a proof of RDF is not used, and none of these may be loaded.
            assert report.verdict in {Verdict.MALFORMED, Verdict.CANNOT_TELL, Verdict.TAMPERED}


def test_nothing_is_ever_loaded_but_what_the_issuer_names() -> None:
    world = World()
    for address in ("https://evil.example/c", "http://169.254.169.254/latest/meta-data"):
        judged(changed(("@context",), [*SIGNED["@context"], address]), world=world)
        judged(changed(("credentialSubject", "@context"), address), world=world)
    assert not {asked for asked in world.asked if "evil" in asked or "169" in asked}


@pytest.mark.parametrize("context", contexts.known())
def test_a_shipped_context_that_is_added_never_makes_another_meaning_valid(context: str) -> None:
    """Where the statements stay the same the signature holds; then every value must be what was signed."""
    for document in (
        changed(("@context",), [*dict.fromkeys([*SIGNED["@context"], context])]),
        changed(("@context",), [*dict.fromkeys([context, *SIGNED["@context"]])]),
    ):
        for policy in POLICIES.values():
            judged(document, policy)
        expiry = copy.deepcopy(document)
        expiry["validUntil"] = "2099-01-01T00:00:00Z"
        hidden = copy.deepcopy(document)
        hidden["expirationDate"] = hidden.pop("validUntil")
        for policy in POLICIES.values():
            assert judged(expiry, policy).verdict is not Verdict.VALID
            assert judged(hidden, policy).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SIGNED)[:-1] + ',"validUntil":"2099-01-01T00:00:00Z"}',
        json.dumps(SIGNED).replace('"proof"', '"validUntil": null, "proof"', 1),
        json.dumps(SIGNED).replace('"id"', '"\\u0069d": "urn:x", "id"', 1),
    ],
)
def test_a_key_that_occurs_twice_is_malformed_however_it_is_spelt(text: str) -> None:
    refused(text, Verdict.MALFORMED)


@pytest.mark.parametrize(
    "path",
    [("name",), ("credentialSubject", "achievement", "description"), ("id",), ("proof", "proofValue")],
)
def test_a_text_of_a_megabyte_ends_soon(path: tuple[str, ...]) -> None:
    refused(changed(path, "x" * 1_000_000), Verdict.TAMPERED, Verdict.MALFORMED, Verdict.CANNOT_TELL)
    refused(changed(path, "urn:" + "\N{GRINNING FACE}" * 250_000), Verdict.TAMPERED, Verdict.MALFORMED)


def nested(levels: int, shape: str) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value] if shape == "list" else {"type": ["Profile"], "id": "urn:x", "parentOrg": value}
    return value


@pytest.mark.parametrize("levels", [10, 40, 47, 5_000])
@pytest.mark.parametrize("shape", ["list", "object"])
def test_deep_nesting_is_refused(levels: int, shape: str) -> None:
    document = changed(("issuer", "parentOrg"), nested(levels, shape))
    refused(document, Verdict.MALFORMED, Verdict.TAMPERED)


def test_endorsements_within_endorsements_are_not_followed_without_end() -> None:
    inner = copy.deepcopy(SIGNED)
    for _ in range(12):
        inner = {**copy.deepcopy(SIGNED), "endorsement": [inner]}
    refused(inner, Verdict.MALFORMED, Verdict.TAMPERED, Verdict.CANNOT_TELL)


def clique(size: int) -> list[dict[str, Any]]:
    """Nodes without names that all point at each other: each order of them has to be tried."""
    names = [f"_:n{number}" for number in range(size)]
    return [
        {"id": name, "type": ["Profile"], "parentOrg": [{"id": other} for other in names if other != name]}
        for name in names
    ]


@pytest.mark.parametrize("size", [9, 10, 12, 40])
def test_poison_graphs_are_refused_at_once(size: int) -> None:
    document = changed(("issuer", "parentOrg"), clique(size))
    refused(document, Verdict.MALFORMED)
    report = judged(document, PROOF_ONLY)
    assert report.verdict is Verdict.MALFORMED
    assert any("too long" in item.detail or "without an id" in item.detail for item in report.checks)


PATHS = [
    ("credentialStatus", 0, "statusListIndex"),
    ("credentialStatus", 0, "statusListCredential"),
    ("credentialStatus", 0),
    ("proof", "verificationMethod"),
    ("proof", "proofValue"),
    ("proof", "created"),
    ("proof", "cryptosuite"),
    ("proof",),
    ("issuer",),
    ("issuer", "id"),
    ("credentialSubject", "achievement"),
    ("credentialSubject", "identifier"),
    ("validFrom",),
    ("type",),
    ("@context",),
    ("evidence",),
]
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["did:key:", "did:web:", "https://", "urn:x", "z", "u", "@id", "_:b", "did:key:z6Mk", "#"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["id", "type", "@id", "@context"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), odd, st.sampled_from(list(POLICIES.values())))
def test_no_value_anywhere_ends_in_an_exception_or_in_valid(path: Any, value: Any, policy: Policy) -> None:
    document = changed(path, value)
    report = verify(document, loader=WORLD, now=samples.DURING, policy=policy)
    if report.verdict is Verdict.VALID:
        signed: Any = SIGNED
        for key in path:
            signed = signed[key]
        # One value and a list of it are the same statement.
        assert value in (signed, [signed]) or [value] == signed, report.checks


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The path of every value in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


SERVED = [(address, path) for address, served in WORLD.documents.items() for path in ((), *places(served))]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SERVED), odd, st.sampled_from(list(POLICIES.values())))
def test_nothing_that_is_served_ends_in_an_exception(place: Any, value: Any, policy: Policy) -> None:
    address, path = place
    document: Any = copy.deepcopy(WORLD.documents[address])
    node = document
    for key in path[:-1]:
        node = node[key]
    if path:
        node[path[-1]] = value
    else:
        document = value
    report = verify(SIGNED, loader=World(**{address: document}), now=samples.DURING, policy=policy)
    if address != ISSUER_URL and document != WORLD.documents[address] and policy is OPEN_BADGES_STRICT:
        # A list of one and its value are the same statement; everything else breaks the list's own proof.
        signed: Any = WORLD.documents[address]
        for key in path:
            signed = signed[key]
        assert report.verdict is Verdict.CANNOT_TELL or value == [signed] or [value] == signed, report.checks
