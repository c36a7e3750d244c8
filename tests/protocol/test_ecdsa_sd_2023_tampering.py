"""Selective disclosure under attack: no value, statement, signature, label or byte can be changed."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.protocol import multibase
from guildmark.protocol.canonical import rdfc
from guildmark.protocol.canonical.selection import NamedDocument
from guildmark.protocol.errors import (
    BadSignature,
    BaseProof,
    Malformed,
    TooLarge,
    UnsupportedProof,
)
from guildmark.protocol.proofs import ecdsa_sd_2023 as sd
from guildmark.protocol.proofs import sd_proof_value
from tests.protocol.selective import (
    BASE,
    DERIVED,
    MAKER,
    MANDATORY,
    RAW,
    VALUE,
    W3C,
    check,
    key_of,
    leaves,
    raw_parts,
    swap_first_signatures,
    unsecured,
    with_bytes,
    with_parts,
    with_value,
)
from tests.protocol.test_cryptosuites import Maker

# -- changed documents -----------------------------------------------------------------------------


def changed_leaf(path: str) -> dict[str, Any]:
    document: Any = copy.deepcopy(DERIVED)
    holder = document
    *steps, last = path.split("/")[1:]
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    last_key: Any = int(last) if isinstance(holder, list) else last
    value = holder[last_key]
    if isinstance(value, bool):
        holder[last_key] = not value
    elif value.startswith("20"):
        holder[last_key] = "2031-01-01T00:00:00Z"
    else:
        holder[last_key] = f"{value}x"
    return document


@pytest.mark.parametrize("path", [path for path, _ in leaves(DERIVED)])
def test_no_value_can_be_changed(path):
    with pytest.raises(BadSignature):
        check(changed_leaf(path))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(id="https://academy.example/c/another"),
        lambda d: d["type"].pop(),
        lambda d: d["issuer"].update(id="did:web:other.example"),
        lambda d: d["credentialSubject"].update(id="urn:invalid"),
        lambda d: d["credentialSubject"]["result"].append({"type": ["Result"], "value": "More"}),
        lambda d: d["credentialSubject"]["result"][0].pop("value"),
        lambda d: d["credentialSubject"].pop("identifier"),
        lambda d: d["credentialSubject"].update(activityEndDate="2026-01-01T00:00:00Z"),
    ],
)
def test_nothing_can_be_added_or_dropped(change):
    document = copy.deepcopy(DERIVED)
    change(document)
    with pytest.raises(BadSignature):
        check(document)


@pytest.mark.parametrize("pointer", MANDATORY)
def test_what_must_be_shown_cannot_be_left_out(pointer):
    document: Any = copy.deepcopy(DERIVED)
    *steps, last = pointer.split("/")[1:]
    holder = document
    for step in steps:
        holder = holder[step]
    del holder[last]
    with pytest.raises(BadSignature):
        check(document)


def test_a_mandatory_statement_cannot_be_dropped_with_its_index():
    document = copy.deepcopy(DERIVED)
    del document["validUntil"]
    statements = len(NamedDocument(unsecured(document)).quads)
    for index in range(statements + 1):
        parts = raw_parts(DERIVED)
        if index in parts[4]:
            parts[4].remove(index)
            parts[4] = [one - (one > index) for one in parts[4]]
            with pytest.raises(BadSignature):
                check(with_parts(document, parts))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created", "2026-03-02T10:00:01Z"),
        ("verificationMethod", "did:key:zOther#zOther"),
        ("expires", "2030-01-01T00:00:00Z"),
    ],
)
def test_the_options_of_the_proof_are_covered(name, value):
    with pytest.raises(BadSignature):
        check({**DERIVED, "proof": {**DERIVED["proof"], name: value}})


def test_another_key_is_refused():
    with pytest.raises(BadSignature):
        check(DERIVED, Maker("P-256").public)


@pytest.mark.parametrize("kind", ["P-384", "Ed25519"])
def test_a_key_of_another_kind_is_refused(kind):
    with pytest.raises(BadSignature, match=f"kind {kind}"):
        check(DERIVED, Maker(kind).public)


# -- changed proofs --------------------------------------------------------------------------------


def test_a_base_proof_is_refused_by_an_error_of_its_own():
    for document, key in ((BASE, MAKER.public), (W3C["base"], key_of(W3C))):
        with pytest.raises(BaseProof, match="stays with the holder"):
            check(document, key)


def swap_labels(parts: list[Any]) -> None:
    parts[3][0], parts[3][1] = parts[3][1], parts[3][0]


def other_label(parts: list[Any]) -> None:
    parts[3][0] = bytes(32)


def lose_label(parts: list[Any]) -> None:
    del parts[3][0]


def another_node(parts: list[Any]) -> None:
    parts[3][len(parts[3])] = bytes(32)


def swap_kinds(parts: list[Any]) -> None:
    """A statement of the holder's choice in place of a mandatory one."""
    parts[4][-1] = next(index for index in range(200) if index not in parts[4])


def own_key(parts: list[Any]) -> None:
    """All statements signed anew by a key of the holder's own."""
    document = unsecured(DERIVED)
    other = Maker("P-256")
    quads = NamedDocument(document).quads
    canonical = rdfc.canonical_labels(quads)
    labels = {
        label: f"_:{multibase.encode(parts[3][int(name[6:])], 'u')}" for label, name in canonical.items()
    }
    lines = rdfc.lines(quads, labels)
    parts[1] = sd_proof_value.key_bytes(other.public)
    parts[2] = [other(line.encode()) for index, line in enumerate(lines) if index not in parts[4]]


@pytest.mark.parametrize(
    "change",
    [
        swap_first_signatures,
        swap_labels,
        other_label,
        lose_label,
        another_node,
        swap_kinds,
        own_key,
        lambda parts: parts.__setitem__(0, bytes(64)),
        lambda parts: parts[2].__setitem__(3, bytes(64)),
        lambda parts: parts[2].pop(),
        lambda parts: parts[2].append(parts[2][0]),
        lambda parts: parts[4].pop(),
        lambda parts: parts[4].append(4_000),
        lambda parts: parts.__setitem__(1, sd_proof_value.key_bytes(MAKER.public)),
    ],
)
def test_a_tampered_proof_is_no_signature(change: Callable[[list[Any]], None]):
    parts = raw_parts(DERIVED)
    change(parts)
    with pytest.raises(BadSignature):
        check(with_parts(DERIVED, parts))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *[(0, bad) for bad in (bytes(63), bytes(65), "x" * 64, 7, None)],
        *[(1, bad) for bad in (bytes(35), b"\x80\x24" + bytes(33), b"\x81\x24" + bytes(33), bytes(36), "x")],
        *[(2, bad) for bad in (b"x", {}, [bytes(63)], ["x"], [[bytes(64)]], None)],
        *[(3, bad) for bad in ([], {0: bytes(31)}, {0: "x"}, {"0": bytes(32)}, {-1: bytes(32)})],
        *[(3, bad) for bad in ({True: bytes(32)}, {1.0: bytes(32)}, {0: bytes(32), 1: bytes(32)}, "x", None)],
        *[(4, bad) for bad in ({}, ["0"], [0.0], [-1], [True], [0, 0], [[0]], [2**70], "x", None)],
    ],
)
def test_a_part_of_the_wrong_shape_is_malformed(place, value):
    parts = raw_parts(DERIVED)
    parts[place] = value
    with pytest.raises(Malformed):
        check(with_parts(DERIVED, parts))


@pytest.mark.parametrize("parts", [[], {}, 7, "x", None, [b""] * 5, [1, 2, 3, 4], [[[[[]]]]], [0] * 6])
def test_something_else_than_the_five_parts_is_malformed(parts):
    with pytest.raises(Malformed):
        check(with_parts(DERIVED, parts))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *[(0, bad) for bad in (bytes(63), None)],
        *[(2, bad) for bad in (bytes(31), bytes(33), "x", None)],
        *[(3, bad) for bad in ([bytes(63)], {}, None)],
        *[(4, bad) for bad in ([7], ["issuer"], {}, "x", None, ["/gone"], ["/issuer"] * 600)],
    ],
)
def test_a_broken_base_proof_is_malformed(place, value):
    parts = raw_parts(BASE)
    parts[place] = value
    with pytest.raises(Malformed):
        sd.derive(with_parts(BASE, parts, sd_proof_value.BASE), selective_pointers=[])


@pytest.mark.parametrize(
    "value",
    ["", "u", "a", VALUE[1:], "z" + VALUE[1:], VALUE + "=", VALUE[:1] + "+" + VALUE[2:]],
    ids=["empty", "prefix", "short", "no prefix", "base58", "padded", "other alphabet"],
)
def test_a_value_that_is_not_base64url_is_malformed(value):
    with pytest.raises(Malformed):
        check(with_value(DERIVED, value))


@pytest.mark.parametrize("value", [None, 7, ["u"], {}])
def test_a_value_that_is_no_text_is_malformed(value):
    with pytest.raises(Malformed):
        check(with_value(DERIVED, value))
    with pytest.raises(Malformed):
        sd.derive(with_value(BASE, value), selective_pointers=[])


@pytest.mark.parametrize(
    "header", [b"", b"\xd9", b"\xd9\x5d\x02", b"\xd9\x5d\xff", b"\xd8\x5d\x01", b"\0\0\0"]
)
def test_other_header_bytes_are_malformed(header):
    with pytest.raises(Malformed):
        check(with_bytes(DERIVED, header + RAW[3:]))
    with pytest.raises(Malformed):
        sd.derive(with_bytes(BASE, header + RAW[3:]), selective_pointers=[])


@pytest.mark.parametrize("length", [*range(3, 80), len(RAW) // 2, len(RAW) - 2, len(RAW) - 1])
def test_truncated_bytes_are_malformed(length):
    with pytest.raises(Malformed):
        check(with_bytes(DERIVED, RAW[:length]))


@pytest.mark.parametrize("place", [3, 4, 5, 6, *range(20, len(RAW), 61)])
@pytest.mark.parametrize("bit", [1, 128])
def test_no_bit_of_the_proof_can_be_flipped(place, bit):
    data = bytearray(RAW)
    data[place] ^= bit
    with pytest.raises((BadSignature, Malformed)):
        check(with_bytes(DERIVED, bytes(data)))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_error_of_ours(data):
    with pytest.raises(Malformed):
        sd_proof_value.parse_derived(multibase.encode(sd_proof_value.DERIVED + data, "u"))
    with pytest.raises(Malformed):
        sd_proof_value.parse_base(multibase.encode(sd_proof_value.BASE + data, "u"))


@pytest.mark.parametrize(
    "filler",
    [
        lambda size: b"\x9a" + size.to_bytes(4) + bytes(size),
        lambda size: (
            b"\xba"
            + (size // 6).to_bytes(4)
            + b"".join(b"\x1a" + n.to_bytes(4) + b"\0" for n in range(size // 6))
        ),
        lambda size: b"\xba" + (size // 4).to_bytes(4) + b"".join(b"\x82\0\0\0" for _ in range(size // 4)),
        lambda size: b"\x5a" + size.to_bytes(4) + bytes(size),
    ],
    ids=["array", "map", "map with arrays for keys", "bytes"],
)
def test_the_largest_value_ends_soon(filler):
    data = sd_proof_value.DERIVED + b"\x85" + filler(700_000) + bytes(4)
    began = time.monotonic()
    with pytest.raises(Malformed):
        sd_proof_value.parse_derived(multibase.encode(data, "u"))
    assert time.monotonic() - began < 5


def test_nothing_may_follow_the_five_parts():
    for more in (b"\0", RAW[3:], bytes(5_000)):
        with pytest.raises(Malformed, match="follows"):
            check(with_bytes(DERIVED, RAW + more))


def test_a_huge_value_is_refused_before_it_is_read():
    with pytest.raises(TooLarge, match="larger than"):
        check(with_value(DERIVED, "u" + "A" * 2_000_000))


@pytest.mark.parametrize(
    "change",
    [
        (2, [bytes(64)] * 5_000),
        (3, {number: number.to_bytes(32) for number in range(5_000)}),
        (4, list(range(5_000))),
    ],
)
def test_more_parts_than_a_document_has_statements_are_refused(change):
    parts = raw_parts(DERIVED)
    parts[change[0]] = change[1]
    with pytest.raises(TooLarge, match="4096"):
        check(with_parts(DERIVED, parts))


@pytest.mark.parametrize(
    "cbor",
    [
        "9f" + "00" * 5 + "ff",  # indefinite length
        "81" * 5_000,  # deep
        "9b7fffffffffffffff",  # a length that nobody has
        "5b7fffffffffffffff00",
        "bb7fffffffffffffff",
        "d81c85d81d00d81d00d81d00d81d00d81d00",  # shared values, cyclic
        "85c249010000000000000000000000" + "00" * 4,  # big number
        "85d823" + "623f2b" + "00" * 4,  # pattern
        "85c0" + "74323031332d30332d32315432303a30343a30305a" + "00" * 4,  # date
        "85d9010080" + "00" * 4,  # string references
        "85d8408101" + "00" * 4,  # byte array around something else
        "85d90fa041aa" + "00" * 4,  # unknown tag
        "85f7f6f5fb7ff8000000000000" + "00",  # simple values
        "85" + "00" * 3 + "a2000001" + "0100",  # a key twice
        "85a1" + "8000" + "00" * 4,  # a key that is an array
        "ff",
        "1c",
    ],
)
def test_cbor_that_does_more_than_hold_bytes_is_malformed(cbor):
    with pytest.raises(Malformed):
        check(with_bytes(DERIVED, sd_proof_value.DERIVED + bytes.fromhex(cbor)))


def test_no_tag_is_acted_upon():
    # A five-part array with the tag around its first part, whatever the library makes of it.
    for tag in [*range(1_100), 43_000, 55_799, 2**32]:
        parts = [cbor2.CBORTag(tag, bytes(64)), *raw_parts(DERIVED)[1:]]
        with pytest.raises(Malformed, match="cannot be read"):
            sd_proof_value.parse_derived(with_parts(DERIVED, parts)["proof"]["proofValue"])


def test_a_proof_that_builds_on_others_is_not_supported():
    proof = {**DERIVED["proof"], "previousProof": "urn:proof:1"}
    with pytest.raises(UnsupportedProof):
        check({**DERIVED, "proof": proof})
    with pytest.raises(UnsupportedProof):
        sd.derive({**BASE, "proof": {**BASE["proof"], "previousProof": "urn:proof:1"}}, selective_pointers=[])


def test_the_name_of_the_cryptosuite_is_taken_as_it_stands():
    for name in ("ecdsa-sd-2024", "ECDSA-SD-2023", None, ["ecdsa-sd-2023"]):
        with pytest.raises(UnsupportedProof):
            check({**DERIVED, "proof": {**DERIVED["proof"], "cryptosuite": name}})
    with pytest.raises(BadSignature):
        check({**DERIVED, "proof": {**DERIVED["proof"], "cryptosuite": "ecdsa-rdfc-2019"}})
    with pytest.raises(BadSignature):
        check({**DERIVED, "proof": {**DERIVED["proof"], "type": "Ed25519Signature2020"}})
