"""Encodings, keys, did:web, instants and strict JSON."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol import did, keys, multibase, strict_json, times
from guildmark.protocol.canonical import jcs
from guildmark.protocol.errors import (
    BadSignature,
    KeyNotBound,
    Malformed,
    ProtocolError,
    TooLarge,
    UnsupportedProof,
)
from guildmark.protocol.trust import TrustFile
from tests.protocol import samples

# The example key of the did:key method specification.
DID_KEY = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
    ],
)
def test_base58_follows_the_published_vectors(data, text):
    assert multibase.base58_encode(data) == text
    assert multibase.base58_decode(text) == data


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=80), st.sampled_from("zu"))
def test_multibase_comes_back(data, base):
    assert multibase.decode(multibase.encode(data, base)) == data


@pytest.mark.parametrize(
    "text", ["", "x12", "z0", "zO", "uAA=", "uA", "uAB", "u+/8", "uA A", "z" + "1" * 5000]
)
def test_what_is_no_multibase_is_refused(text):
    with pytest.raises(Malformed):
        multibase.decode(text)


def test_a_did_key_is_its_own_document():
    document = keys.did_key_document(DID_KEY)
    method = document["assertionMethod"][0]
    found = did.find_assertion_method(document, method, DID_KEY)
    assert keys.did_key(found.key.raw) == DID_KEY


def test_keys_of_other_kinds_are_named_unsupported():
    with pytest.raises(UnsupportedProof):
        keys.decode_multikey(multibase.encode(b"\xe7\x01" + bytes(33)))
    with pytest.raises(Malformed):
        keys.decode_multikey(multibase.encode(keys.ED25519_PUBLIC + bytes(31)))


def test_malleable_and_empty_signatures_are_refused():
    good = samples.signer(b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    second = int.from_bytes(good[32:], "little") + order
    keys.ed25519(samples.PUBLIC).verify(good, b"x")
    for signature in (good[:32] + second.to_bytes(32, "little"), bytes(64), b"", good + b"\0"):
        with pytest.raises(BadSignature):
            keys.ed25519(samples.PUBLIC).verify(signature, b"x")
    with pytest.raises(BadSignature):
        keys.ed25519(bytes(32)).verify(bytes(64), b"x")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:localhost%3A8000:o:a", "http://localhost:8000/o/a/did.json"),
        ("did:web:127.0.0.1%3A8000:o:a", "http://127.0.0.1:8000/o/a/did.json"),
    ],
)
def test_did_web_follows_its_specification(name, url):
    assert did.did_web_to_url(name) == url
    back = url.removesuffix("/did.json").removesuffix("/.well-known")
    assert did.url_to_did_web(back) == name


@pytest.mark.parametrize(
    "name",
    [
        "did:web:",
        "did:web:a/b",
        "did:web:a:..",
        "did:web:a:",
        "did:web:u@a",
        "did:web:a#k",
        "did:web:a%2Fb",
        "did:x:a",
    ],
)
def test_a_did_web_that_points_elsewhere_is_refused(name):
    with pytest.raises(ProtocolError):
        did.did_web_to_url(name)


@pytest.mark.parametrize("url", ["http://example.com/o", "ftp://a/b", "https://a/b?c", "https://a/b#c", "a"])
def test_an_address_that_is_no_did_web_is_refused(url):
    with pytest.raises(Malformed):
        did.url_to_did_web(url)


@pytest.mark.parametrize("controller", ["http://example.com/o", "did:ion:x", "urn:x", ""])
def test_a_controller_that_cannot_be_looked_up(controller):
    with pytest.raises(UnsupportedProof):
        did.document_url(controller)


def test_a_foreign_document_may_embed_its_key_and_use_relative_references():
    key = keys.encode_multikey(samples.PUBLIC)
    method = {"id": "#k", "type": "Ed25519VerificationKey2020", "controller": "did:web:a.example"}
    method["publicKeyMultibase"] = key
    for document in (
        {"id": "did:web:a.example", "assertionMethod": method},
        {"id": "did:web:a.example", "verificationMethod": [method], "assertionMethod": ["#k"]},
    ):
        found = did.find_assertion_method(document, "did:web:a.example#k", "did:web:a.example")
        assert found.key == keys.ed25519(samples.PUBLIC)
    with pytest.raises(KeyNotBound):
        did.find_assertion_method(
            {"id": "did:web:a.example", "verificationMethod": [method]},
            "did:web:a.example#k",
            "did:web:a.example",
        )


def test_a_retired_key_stays_listed_and_a_compromised_one_may_not_assert():
    other = bytes(samples.OTHER_KEY.verify_key)
    document = did.build_controller_document(samples.ISSUER, [samples.PUBLIC, other], active=[other])
    assert len(document["verificationMethod"]) == 2
    assert document["assertionMethod"] == [f"{samples.ISSUER}#{keys.encode_multikey(other)}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00.5+01:00", datetime(2026, 1, 31, 11, 0, 0, 500000, tzinfo=UTC)),
        ("2026-01-31t12:00:00z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_instants_are_read(text, expected):
    assert times.parse_instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-02-30T00:00:00Z",
        "2026-01-31T12:00:00+25:00",
        "2026-01-31T12:00:00.1234567890123Z",
        "2026-01-31T12:00:00Z\n",
        5,
        None,
        "x",
        "x" * 5000,
    ],
)
def test_what_is_no_instant_is_refused_under_the_name_of_its_field(text):
    for field in ("validFrom", "proof.created", "validFrom"):
        with pytest.raises(Malformed) as caught:
            times.parse_instant(text, field=field)
        assert caught.value.field == field


def test_the_longest_instant_is_read():
    text = "2026-01-31T12:00:00.123456789012+01:00"
    assert times.parse_instant(text) == datetime(2026, 1, 31, 11, 0, 0, 123456, tzinfo=UTC)


def test_jcs_follows_the_example_of_the_rfc():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert jcs.canonicalize(value).decode() == expected
    with pytest.raises(Malformed):
        jcs.canonicalize({"a": float("nan")})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_strict_json_reads_what_json_writes(value):
    assert strict_json.loads(json.dumps(value)) == value


def test_strict_json_bounds_values():
    with pytest.raises(TooLarge, match="values"):
        strict_json.loads(json.dumps([0] * 50_000))
    with pytest.raises(TooLarge, match="bytes"):
        strict_json.loads(b" " * 3_000_000)


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"documents": []}', b'{"documents": {"a": 1}}', b"x"])
def test_a_trust_file_has_documents(text):
    with pytest.raises(Malformed):
        TrustFile.loads(text)


def test_a_trust_file_finds_a_did_web_by_its_address():
    trust = TrustFile.loads(json.dumps({"documents": {"https://a.example/o/b/did.json": {"id": "x"}}}))
    assert trust.get("did:web:a.example:o:b") == {"id": "x"}
    assert trust.lists_issuer("did:web:a.example:o:b")
    assert not trust.lists_issuer("did:web:a.example:o:c")


@pytest.mark.parametrize("count", range(34))
@pytest.mark.parametrize("zeros", [0, 1, 9])
def test_base58_of_every_length_is_the_number_that_its_digits_write(count: int, zeros: int) -> None:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    digits = [(7 * at * at + 13 * count + 1) % 57 + 1 for at in range(count)]
    number = sum(digit * 58**at for at, digit in enumerate(reversed(digits)))
    text = "1" * zeros + "".join(alphabet[digit] for digit in digits)
    data = multibase.base58_decode(text)
    assert int.from_bytes(data) == number
    assert data == bytes(zeros) + data.lstrip(b"\0")
    assert multibase.base58_encode(data) == text


@pytest.mark.parametrize("wrong", ["0", "O", "I", "l", " ", "\n", "\0", "+", "é", "１", "𝒳", "\ud800"])
@pytest.mark.parametrize("at", [0, 3, 8])
def test_base58_names_the_first_character_that_it_does_not_have(wrong: str, at: int) -> None:
    with pytest.raises(Malformed, match="is not a base58 character") as caught:
        multibase.base58_decode("2" * at + wrong + "3Z0")
    assert repr(wrong) in caught.value.reason
