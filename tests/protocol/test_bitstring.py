"""Bitstring Status List 1.0: bit order, encoding, bounds."""

import base64
import gzip
import itertools
from datetime import UTC, datetime

import pytest

from guildmark.protocol.errors import Malformed, StatusError, StatusIndexOutOfRange, StatusListWrongType
from guildmark.protocol.status import bitstring
from tests.protocol.samples import LIST_REVOKED
from tests.protocol.world import status_list

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def unpack(encoded):
    assert encoded[0] == "u"
    assert "=" not in encoded
    return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))


def test_the_first_entry_is_the_most_significant_bit():
    raw = unpack(bitstring.from_indices([0, 9, 131_071]).encode())
    assert len(raw) == 16_384
    assert raw[0] == 0b1000_0000
    assert raw[1] == 0b0100_0000
    assert raw[-1] == 0b0000_0001


def test_the_encoding_is_deterministic_and_comes_back():
    bits = bitstring.from_indices([5, 94_567])
    assert bits.encode() == bitstring.from_indices([94_567, 5]).encode()
    back = bitstring.decode(bits.encode())
    assert back.get(94_567)
    assert not back.get(94_568)
    bits.set(5, False)
    assert not bits.get(5)


def test_the_list_of_the_specification_is_read():
    """The example of section 2.2 of the specification: all entries are clear."""
    encoded = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert not any(bitstring.decode(encoded).data)


@pytest.mark.parametrize("entries", [0, 8, 131_064, 131_073])
def test_a_list_has_at_least_131072_entries(entries):
    with pytest.raises(Malformed):
        bitstring.Bitstring(entries=entries)


@pytest.mark.parametrize("index", [-1, 131_072, 10**12])
def test_a_place_beyond_the_end_is_refused(index):
    with pytest.raises(StatusIndexOutOfRange):
        bitstring.Bitstring().get(index)


def encode(raw):
    return "u" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def packed(size):
    return gzip.compress(bytes(size), mtime=0)


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        5,
        "",
        "u",
        "z123",
        "H4sIAAAA",
        encode(bytes(20_000)),
        encode(packed(100)),
        encode(packed(16_384)[:-4]),
        encode(packed(16_384) + b"more"),
        encode(packed(50_000_000)),
        encode(packed(16_384)) + "==",
    ],
    ids=itertools.count(),
)
def test_what_is_no_list_is_refused(encoded):
    with pytest.raises(StatusListWrongType):
        bitstring.decode(encoded)


def entry(**changes):
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST_REVOKED,
    } | changes


def test_an_entry_is_read():
    document = status_list(LIST_REVOKED, "revocation", [7], ttl_seconds=300)
    assert document["credentialSubject"]["type"] == "BitstringStatusList"
    assert document["credentialSubject"]["ttl"] == 300_000
    assert bitstring.read_entry(document, bitstring.parse_entry(entry()), now=NOW)
    assert not bitstring.read_entry(document, bitstring.parse_entry(entry(statusListIndex="8")), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "StatusList2021Entry"},
        {"statusListIndex": 7},
        {"statusListIndex": "-1"},
        {"statusListIndex": "٣"},
        {"statusListIndex": "9" * 40},
        {"statusPurpose": None},
        {"statusListCredential": ["x"]},
        {"statusSize": 2},
    ],
)
def test_an_entry_that_is_not_well_formed_is_refused(changes):
    with pytest.raises(StatusError):
        bitstring.parse_entry(entry(**changes))
