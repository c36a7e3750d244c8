"""Bitstring Status List 1.0: bit order, encoding, bounds."""

import base64
import gzip
import itertools
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildmark.protocol.errors import (
    Malformed,
    StatusError,
    StatusIndexOutOfRange,
    StatusListTooShort,
    StatusListWrongType,
)
from guildmark.protocol.openbadges.build import status_entry
from guildmark.protocol.openbadges.v3 import StatusSpec
from guildmark.protocol.status import bitstring
from tests.protocol.samples import LIST_REVOKED
from tests.protocol.world import status_list

FOREIGN = json.loads((Path(__file__).parent / "vectors" / "bitstring.json").read_text("utf-8"))["lists"]
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


@pytest.mark.parametrize("name", FOREIGN)
def test_lists_of_other_implementations_are_read_and_written_alike(name):
    vector = FOREIGN[name]
    values = {int(index): value for index, value in vector["values"].items()}
    bits = bitstring.decode(vector["encodedList"], size=vector["size"])
    assert len(bits) == 131_072
    assert {index: bits.get(index) for index in values} == values
    assert sum(bits.get(index) != 0 for index in range(len(bits))) == len(values)
    ours = bitstring.Bitstring(size=vector["size"])
    for index, value in values.items():
        ours.set(index, value)
    assert ours.data == bits.data


def test_a_value_is_cleared_and_its_neighbours_stay():
    bits = bitstring.Bitstring(size=3)
    for index in (4, 5, 6):
        bits.set(index, 7)
    bits.set(5, 2)
    bits.set(6, 0)
    assert [bits.get(index) for index in range(3, 8)] == [0, 7, 2, 0, 0]
    with pytest.raises(Malformed):
        bits.set(5, 8)
    with pytest.raises(Malformed):
        bitstring.Bitstring(size=9)


def test_a_list_has_enough_entries_whatever_their_size():
    encoded = encode(packed(16_384))
    assert len(bitstring.decode(encoded)) == 131_072
    with pytest.raises(StatusListTooShort):
        bitstring.decode(encoded, size=2)
    with pytest.raises(StatusListTooShort):
        bitstring.decode(encode(packed(16_383)))


def test_a_bomb_is_refused_before_it_is_unpacked():
    """Zeros pack a thousand to one; unpacking stops at the bound, whatever is still to come."""
    bomb = encode(gzip.compress(bytes(bitstring.MAX_BYTES + 1), mtime=0))
    assert len(bomb) < 20_000
    started = time.perf_counter()
    with pytest.raises(StatusListWrongType, match="too many bytes"):
        bitstring.decode(bomb)
    assert time.perf_counter() - started < 2
    with pytest.raises(StatusListWrongType, match="bearable"):
        bitstring.decode("u" + "A" * 13_000_000)


MESSAGES = ("pending", "accepted", "rejected", "unknown")


def test_an_entry_of_two_bits_is_written_as_it_is_read():
    made = status_entry(StatusSpec(LIST_REVOKED, 7, "message", 2, MESSAGES))
    assert made["statusSize"] == 2
    assert made["statusMessage"][2] == {"status": "0x2", "message": "rejected"}
    read = bitstring.parse_entry(made)
    assert (read.size, dict(read.messages)) == (2, dict(enumerate(MESSAGES)))
    for spec in (
        StatusSpec(LIST_REVOKED, 7, "message", 2, MESSAGES[:3]),
        StatusSpec(LIST_REVOKED, 7, "message", 9, ()),
    ):
        with pytest.raises(Malformed):
            status_entry(spec)


def messages(*codes):
    return [{"status": code, "message": "text"} for code in codes]


@pytest.mark.parametrize(
    "changes",
    [
        {"statusSize": 2, "statusMessage": messages("0x0", "0x1", "0x2")},
        {"statusSize": 2, "statusMessage": messages("0x0", "0x1", "0x2", "0x2")},
        {"statusSize": 2, "statusMessage": messages("0x0", "0x1", "0x2", "0x3", "0x3")},
        {"statusSize": 2, "statusMessage": messages("0", "1", "2", "3")},
        {"statusSize": 2, "statusMessage": "text"},
        {"statusSize": 2, "statusMessage": [1, 2, 3, 4]},
        {"statusSize": 0},
        {"statusSize": 9},
        {"statusSize": True},
        {"statusSize": "2"},
        {"statusSize": 1.0},
    ],
)
def test_messages_that_leave_a_value_without_meaning_are_refused(changes):
    with pytest.raises(StatusError):
        bitstring.parse_entry(entry(**changes))


@pytest.mark.parametrize("field", ["validFrom", "validUntil"])
def test_a_date_of_a_list_that_is_none_is_of_the_wrong_type(field):
    document = status_list(LIST_REVOKED, "revocation") | {field: "tomorrow"}
    with pytest.raises(StatusListWrongType):
        bitstring.check_list(document, now=NOW)
