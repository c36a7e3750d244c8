"""Selective disclosure against the W3C's published bytes and those of a JavaScript implementation; then what is refused."""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guildmark.protocol import keys, multibase
from guildmark.protocol.canonical import rdfc
from guildmark.protocol.canonical.selection import NamedDocument
from guildmark.protocol.errors import (
    BadSignature,
    BaseProof,
    Malformed,
    ProofError,
    TooLarge,
    UndefinedTerm,
    UnsupportedProof,
)
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.proofs import ecdsa_sd_2023 as sd
from guildmark.protocol.proofs import sd_proof_value
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.verify import offline, verify
from tests.protocol import oxigraph, samples
from tests.protocol.test_cryptosuites import Maker

FILE = json.loads((Path(__file__).parent / "vectors" / "ecdsa-sd-2023.json").read_text("utf-8"))
W3C, JAVASCRIPT = FILE["w3c"], FILE["javascript"]
VECTORS = pytest.mark.parametrize("vector", [W3C, JAVASCRIPT], ids=["w3c", "javascript"])
MAKER = Maker("P-256")
ISSUER = f"did:key:{MAKER.public.multikey}"
SUBJECT = "/credentialSubject"
MANDATORY = [
    *("/issuer", "/validFrom", "/validUntil"),
    *(f"{SUBJECT}/achievement/{name}" for name in ("name", "description", "criteria")),
]


def unsecured(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def credential() -> dict[str, Any]:
    made = build(samples.spec(statuses=()))
    subject = made["credentialSubject"]
    subject["achievement"]["resultDescription"] = subject["achievement"]["resultDescription"][:2]
    subject["achievement"]["resultDescription"][0]["allowedValue"] = [
        "Below the bar",
        "At the bar",
        "Above the bar",
    ]
    subject["result"] = subject["result"][:2]
    return {**made, "issuer": {**made["issuer"], "id": ISSUER}}


def sign(document: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    values = {
        "signer": MAKER,
        "verification_method": f"{ISSUER}#{MAKER.public.multikey}",
        "created": samples.CREATED,
        "mandatory_pointers": MANDATORY,
    }
    return sd.sign(document or credential(), **(values | options))


BASE = sign()
CHOSEN = [f"{SUBJECT}/identifier/0", f"{SUBJECT}/result/0"]
DERIVED = sd.derive(BASE, selective_pointers=CHOSEN)


def check(document: dict[str, Any], key: keys.PublicKey = MAKER.public) -> None:
    suite.verify(document, public_key=key)


def key_of(vector: dict[str, Any]) -> keys.PublicKey:
    return keys.decode_multikey(vector["issuer_key"])


def verdict_of(document: dict[str, Any]) -> Verdict:
    return verify(document, loader=offline, now=samples.DURING).verdict


# -- foreign bytes ---------------------------------------------------------------------------------


@VECTORS
def test_a_derived_proof_made_elsewhere_verifies(vector):
    check(vector["derived"], key_of(vector))


@VECTORS
def test_deriving_gives_the_published_bytes(vector):
    assert sd.derive(vector["base"], selective_pointers=vector["selective"]) == vector["derived"]


@VECTORS
def test_a_base_proof_made_elsewhere_is_written_as_it_was_read(vector):
    text = vector["base"]["proof"]["proofValue"]
    value = sd_proof_value.parse_base(text)
    assert value.hmac_key.hex().upper() == vector["hmac_key"].upper()
    assert list(value.mandatory_pointers) == vector["mandatory"]
    assert sd_proof_value.encode_base(value) == text


@VECTORS
def test_a_derived_proof_made_elsewhere_is_written_as_it_was_read(vector):
    text = vector["derived"]["proof"]["proofValue"]
    assert sd_proof_value.encode_derived(sd_proof_value.parse_derived(text)) == text


@pytest.mark.parametrize(
    ("vector", "document"),
    [(W3C, W3C["labelled_document"]), (JAVASCRIPT, unsecured(JAVASCRIPT["base"]))],
    ids=["w3c", "javascript"],
)
def test_blank_nodes_get_the_published_labels(vector, document):
    quads = NamedDocument(document).quads
    labels = sd.hmac_labels(quads, bytes.fromhex(vector["hmac_key"]))
    assert rdfc.lines(quads, labels) == vector["labelled_lines"]


def test_groups_indexes_and_hashes_are_those_that_the_w3c_published():
    named = NamedDocument(unsecured(W3C["base"]))
    labels = sd.hmac_labels(named.quads, bytes.fromhex(W3C["hmac_key"]))
    lines = rdfc.lines(named.quads, labels)
    groups = {
        "mandatory_indexes": W3C["mandatory"],
        "selective_indexes": W3C["selective"],
        "combined_indexes": W3C["mandatory"] + W3C["selective"],
    }
    for name, pointers in groups.items():
        part = set(rdfc.lines(named.part(pointers), labels))
        assert [index for index, line in enumerate(lines) if line in part] == W3C[name]
    mandatory = "".join(lines[index] for index in W3C["mandatory_indexes"])
    assert hashlib.sha256(mandatory.encode()).hexdigest() == W3C["mandatory_hash"]
    assert sd.proof_hash(W3C["base"], W3C["base"]["proof"]).hex() == W3C["proof_hash"]
    derived = sd_proof_value.parse_derived(W3C["derived"]["proof"]["proofValue"])
    assert list(derived.mandatory_indexes) == W3C["adjusted_mandatory_indexes"]


@VECTORS
def test_every_signature_of_a_base_proof_made_elsewhere_fits_our_statements(vector):
    document = unsecured(vector["base"])
    value = sd_proof_value.parse_base(vector["base"]["proof"]["proofValue"])
    named = NamedDocument(document)
    labels = sd.hmac_labels(named.quads, value.hmac_key)
    mandatory = named.part(vector["mandatory"])
    lines = rdfc.lines(named.quads - mandatory, labels)
    for line, signature in zip(lines, value.signatures, strict=True):
        value.key.verify(signature, line.encode())
    options = sd.proof_hash(document, vector["base"]["proof"])
    message = sd.signed_bytes(options, value.key, rdfc.lines(mandatory, labels))
    key_of(vector).verify(value.signature, message)


# -- signing ---------------------------------------------------------------------------------------


def test_what_is_signed_here_derives_and_verifies():
    check(DERIVED)
    assert list(BASE)[-1] == "proof"
    assert {name: BASE["proof"][name] for name in ("type", "cryptosuite", "created", "proofPurpose")} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "created": "2026-03-02T10:00:00Z",
        "proofPurpose": "assertionMethod",
    }
    assert BASE["proof"]["proofValue"].startswith("u2V0A")
    assert DERIVED["proof"]["proofValue"].startswith("u2V0B")


def test_the_key_of_single_statements_is_another_each_time():
    first, second = (sd_proof_value.parse_base(made["proof"]["proofValue"]) for made in (BASE, sign()))
    assert first.key != second.key
    assert first.key != MAKER.public
    assert first.hmac_key != second.hmac_key


def test_the_hmac_key_may_be_given():
    value = sd_proof_value.parse_base(sign(hmac_key=bytes(range(32)))["proof"]["proofValue"])
    assert value.hmac_key == bytes(range(32))
    with pytest.raises(Malformed, match="32 bytes"):
        sign(hmac_key=b"short")


@pytest.mark.parametrize("pointers", [["/gone"], ["/issuer/gone"], ["issuer"], [7], "/issuer", None, [None]])
def test_mandatory_pointers_must_lead_somewhere(pointers):
    with pytest.raises(Malformed):
        sign(mandatory_pointers=pointers)


def test_without_mandatory_pointers_everything_may_be_left_out():
    derived = sd.derive(sign(mandatory_pointers=[]), selective_pointers=["/validFrom"])
    assert set(derived) == {"@context", "id", "type", "validFrom", "proof"}
    check(derived)


def test_it_signs_nothing_twice_and_nothing_that_would_be_lost():
    with pytest.raises(ProofError, match="carries a proof"):
        sign(BASE)
    with pytest.raises(UndefinedTerm):
        sign({**credential(), "undefined term": "x"})


def test_further_members_of_the_proof_are_covered():
    derived = sd.derive(sign(options={"expires": "2027-01-01T00:00:00Z"}), selective_pointers=[])
    check(derived)
    derived["proof"]["expires"] = "2028-01-01T00:00:00Z"
    with pytest.raises(BadSignature):
        check(derived)


def test_a_signer_that_gives_something_else_is_refused():
    with pytest.raises(ProofError, match="64 bytes"):
        sign(signer=lambda message: b"x" * 63)


def test_it_does_not_sign_a_document_of_too_many_statements(monkeypatch):
    monkeypatch.setattr(sd_proof_value, "MAX_STATEMENTS", 50)
    with pytest.raises(TooLarge, match="50 statements"):
        sign()
    with pytest.raises(TooLarge, match="50 signatures"):
        sd.derive(BASE, selective_pointers=[])


def test_the_general_functions_sign_no_single_statements():
    with pytest.raises(ProofError, match="functions of its own"):
        MAKER.sign(credential(), "ecdsa-sd-2023")


def test_advice_names_what_a_holder_could_mislead_by_leaving_out():
    document = build(samples.spec())
    assert sd.advised_pointers(document) == [
        "/issuer", "/validFrom", "/validUntil", "/credentialStatus", "/credentialSchema",
    ]  # fmt: skip


# -- deriving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pointers", [["/gone"], [f"{SUBJECT}/result/9"], ["x"], [3], "/issuer", None])
def test_selective_pointers_must_lead_somewhere(pointers):
    with pytest.raises(Malformed):
        sd.derive(BASE, selective_pointers=pointers)


def test_something_must_be_shown():
    with pytest.raises(ProofError, match="Nothing is chosen"):
        sd.derive(sign(mandatory_pointers=[]), selective_pointers=[])


def test_only_a_base_proof_can_be_derived_from():
    with pytest.raises(Malformed, match="derived already"):
        sd.derive(DERIVED, selective_pointers=[])
    with pytest.raises(ProofError, match="no proofs"):
        sd.derive(credential(), selective_pointers=[])
    with pytest.raises(ProofError, match="no proofs"):
        sd.derive(MAKER.sign(credential(), "ecdsa-rdfc-2019"), selective_pointers=[])


def test_one_of_several_base_proofs_is_chosen_by_its_id():
    first, second = sign(proof_id="urn:proof:1"), sign(proof_id="urn:proof:2")
    both = {**first, "proof": [first["proof"], second["proof"]]}
    with pytest.raises(ProofError, match="2 proofs"):
        sd.derive(both, selective_pointers=[])
    derived = sd.derive(both, selective_pointers=[], proof_id="urn:proof:2")
    assert derived["proof"]["id"] == "urn:proof:2"
    check(derived)


def test_a_changed_document_is_noticed_when_deriving():
    changed = copy.deepcopy(BASE)
    changed["credentialSubject"]["result"][0]["value"] = "Better"
    with pytest.raises(BadSignature):
        sd.derive(changed, selective_pointers=[f"{SUBJECT}/result/0"])
    more = copy.deepcopy(BASE)
    more["credentialSubject"]["result"].append({"type": ["Result"], "value": "Another"})
    with pytest.raises(BadSignature, match="other statements"):
        sd.derive(more, selective_pointers=[f"{SUBJECT}/result/0"])


def test_an_ordered_list_is_shown_as_a_whole_or_not_at_all():
    place = f"{SUBJECT}/achievement/resultDescription/0/allowedValue"
    derived = sd.derive(BASE, selective_pointers=[place])
    shown = derived["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"]
    assert shown == ["Below the bar", "At the bar", "Above the bar"]
    check(derived)
    with pytest.raises(Malformed, match="states something"):
        sd.derive(BASE, selective_pointers=[f"{place}/1"])


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The pointers to all values that are neither object nor array, ids, types and contexts aside."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name not in ("@context", "id", "type", "proof"):
                yield from leaves(child, f"{path}/{name}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, f"{path}/{index}")
    else:
        yield path, value


def places(value: Any, path: str = "") -> Iterator[str]:
    """Every pointer of a document that can be disclosed by itself."""
    yield path
    if isinstance(value, dict):
        for name, child in value.items():
            yield from places(child, f"{path}/{name}")
    elif isinstance(value, list) and not path.endswith("/allowedValue"):
        for index, child in enumerate(value):
            yield from places(child, f"{path}/{index}")


PLACES = [place for place in places(unsecured(BASE)) if place]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PLACES), max_size=12))
@example(PLACES)
@example([""])
@example([])
def test_any_choice_derives_and_verifies_and_shows_nothing_else(pointers):
    derived = sd.derive(BASE, selective_pointers=pointers)
    check(derived)
    chosen = [*MANDATORY, *pointers]
    expected = sorted(
        str(value)
        for path, value in leaves(BASE)
        if any(path == one or path.startswith(f"{one}/") for one in chosen)
    )
    assert sorted(str(value) for _, value in leaves(derived)) == expected
    # The statements as another implementation counts them: those with a signature, and those that all must show.
    value = sd_proof_value.parse_derived(derived["proof"]["proofValue"])
    statements = oxigraph.canonical(unsecured(derived)).count("\n")
    assert len(value.signatures) + len(value.mandatory_indexes) == statements


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PLACES), max_size=4), st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)
)
def test_any_choice_of_what_is_mandatory_works(mandatory, selective):
    check(sd.derive(sign(mandatory_pointers=mandatory), selective_pointers=selective))


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


def raw_parts(document: dict[str, Any]) -> list[Any]:
    parts = cbor2.loads(multibase.decode(document["proof"]["proofValue"])[3:])
    assert isinstance(parts, list)
    return parts


def with_value(document: dict[str, Any], value: Any) -> dict[str, Any]:
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def with_bytes(document: dict[str, Any], data: bytes) -> dict[str, Any]:
    return with_value(document, multibase.encode(data, "u"))


def with_parts(
    document: dict[str, Any], parts: Any, header: bytes = sd_proof_value.DERIVED
) -> dict[str, Any]:
    return with_bytes(document, header + cbor2.dumps(parts))


def test_a_base_proof_is_refused_by_an_error_of_its_own():
    for document, key in ((BASE, MAKER.public), (W3C["base"], key_of(W3C))):
        with pytest.raises(BaseProof, match="stays with the holder"):
            check(document, key)


def swap_first_signatures(parts: list[Any]) -> None:
    parts[2][0], parts[2][1] = parts[2][1], parts[2][0]


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


VALUE = DERIVED["proof"]["proofValue"]
RAW = multibase.decode(VALUE)


@pytest.mark.parametrize(
    "value", ["", "u", "a", VALUE[1:], "z" + VALUE[1:], VALUE + "=", VALUE[:1] + "+" + VALUE[2:]]
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


# -- the verifier for outsiders --------------------------------------------------------------------


def test_a_derived_credential_is_valid_for_outsiders():
    report = verify(DERIVED, loader=offline, now=samples.DURING)
    assert report.verdict is Verdict.VALID
    assert report.check("proof").outcome is Outcome.WARNING
    assert "credentialStatus cannot be told" in report.check("proof").detail


def test_what_decides_over_validity_is_missed_when_it_is_not_shown():
    base = sign(mandatory_pointers=[one for one in MANDATORY if one != "/validUntil"])
    detail = (
        verify(sd.derive(base, selective_pointers=CHOSEN), loader=offline, now=samples.DURING)
        .check("proof")
        .detail
    )
    assert "validUntil or credentialStatus" in detail


def test_a_status_that_must_be_shown_is_read():
    made = credential() | {"credentialStatus": build(samples.spec())["credentialStatus"]}
    derived = sd.derive(
        sign(made, mandatory_pointers=[*MANDATORY, "/credentialStatus"]), selective_pointers=CHOSEN
    )
    report = verify(derived, loader=offline, now=samples.DURING)
    assert report.check("proof").outcome is Outcome.PASSED
    assert report.verdict is Verdict.CANNOT_TELL
    assert "status" in report.check("status").detail


def test_a_base_proof_is_cannot_tell_and_says_what_to_do():
    report = verify(BASE, loader=offline, now=samples.DURING)
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.check("proof").outcome is Outcome.NOT_CHECKED
    assert "stays with the holder" in report.check("proof").detail


def test_a_changed_derived_credential_is_tampered():
    changed = copy.deepcopy(DERIVED)
    changed["credentialSubject"]["result"][0]["value"] = "Better"
    assert verdict_of(changed) is Verdict.TAMPERED
    parts = raw_parts(DERIVED)
    swap_first_signatures(parts)
    assert verdict_of(with_parts(DERIVED, parts)) is Verdict.TAMPERED


def test_a_broken_derived_proof_is_malformed():
    assert verdict_of(with_bytes(DERIVED, RAW[:-1])) is Verdict.MALFORMED
    assert verdict_of(with_value(DERIVED, VALUE[1:])) is Verdict.MALFORMED


def test_an_expired_derived_credential_is_expired():
    later = datetime(2029, 1, 1, tzinfo=UTC)
    assert verify(DERIVED, loader=offline, now=later).verdict is Verdict.EXPIRED
