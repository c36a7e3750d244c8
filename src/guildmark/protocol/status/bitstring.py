"""Bitstring Status List 1.0: making lists and reading them.

https://www.w3.org/TR/vc-bitstring-status-list/ . Index 0 is the most significant bit of the first
byte. The encoded form is deterministic: gzip level 6 with a zero time stamp. An entry may have more than one
bit (``statusSize``): its value is then a number, most significant bit first.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from guildmark.protocol import contexts, multibase
from guildmark.protocol.errors import (
    Malformed,
    StatusError,
    StatusIndexOutOfRange,
    StatusListExpired,
    StatusListNotYetValid,
    StatusListTooShort,
    StatusListWrongPurpose,
    StatusListWrongType,
)
from guildmark.protocol.times import format_instant, parse_instant

#: Fewest entries of a list, so that a holder is hidden among others (section 6.1).
MINIMUM_ENTRIES: Final = 131_072
#: Most bytes that a list may unpack to: 64 million entries.
MAX_BYTES: Final = 8 * 1024 * 1024
#: Most bits that one entry may have, which makes 256 messages.
MAX_SIZE: Final = 8
_MAX_ENCODED: Final = 12 * 1024 * 1024
_GZIP_LEVEL: Final = 6


class Bitstring:
    """A mutable list of entries of ``size`` bits each. ``data`` is the raw form, eight bits to a byte."""

    __slots__ = ("data", "size")

    def __init__(
        self, data: bytes | bytearray | None = None, *, entries: int = MINIMUM_ENTRIES, size: int = 1
    ) -> None:
        if not 1 <= size <= MAX_SIZE:
            raise Malformed(f"An entry has 1 to {MAX_SIZE} bits.", field="statusSize")
        if data is None:
            if entries < MINIMUM_ENTRIES or entries % 8:
                raise Malformed(f"A list has at least {MINIMUM_ENTRIES} entries, in eights.", field="entries")
            data = bytes(entries * size // 8)
        self.data = bytearray(data)
        self.size = size

    def __len__(self) -> int:
        return len(self.data) * 8 // self.size

    def _places(self, index: int) -> Iterator[tuple[int, int]]:
        """The byte and the mask of each bit of an entry, the most significant first."""
        if not 0 <= index < len(self):
            raise StatusIndexOutOfRange(
                f"The list has {len(self)} entries, none at {index}.", field="statusListIndex"
            )
        first = index * self.size
        return ((bit >> 3, 0x80 >> (bit & 7)) for bit in range(first, first + self.size))

    def get(self, index: int) -> int:
        """Return the value at an index, 0 if nothing is set; StatusIndexOutOfRange beyond the end."""
        value = 0
        for byte, mask in self._places(index):
            value = value << 1 | bool(self.data[byte] & mask)
        return value

    def set(self, index: int, value: int = 1) -> None:
        """Write the value at an index; 0 clears it. Malformed if it does not fit the size of an entry."""
        if not 0 <= value < 1 << self.size:
            raise Malformed(f"{value} is no value of an entry of {self.size} bits.", field="statusSize")
        for number, (byte, mask) in enumerate(self._places(index), 1):
            if value >> (self.size - number) & 1:
                self.data[byte] |= mask
            else:
                self.data[byte] &= ~mask

    def encode(self) -> str:
        """Return ``u`` + base64url of the gzipped bits; equal bits always give equal text."""
        return multibase.encode(gzip.compress(bytes(self.data), compresslevel=_GZIP_LEVEL, mtime=0), "u")


def decode(encoded: Any, *, size: int = 1) -> Bitstring:
    """Return the entries of an ``encodedList``, of ``size`` bits each.

    Raises StatusListWrongType for anything that is no gzipped list or that would unpack to more than
    MAX_BYTES, and StatusListTooShort for one of fewer than 131,072 entries.
    """
    if not isinstance(encoded, str) or len(encoded) > _MAX_ENCODED:
        raise StatusListWrongType("The status list has no encodedList of bearable size.", field="encodedList")
    try:
        packed = multibase.decode(encoded, allowed="u")
    except Malformed as error:
        raise StatusListWrongType(
            f"The encodedList is not multibase: {error.reason}", field="encodedList"
        ) from error
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise StatusListWrongType("The encodedList is not gzip.", field="encodedList") from error
    if len(data) > MAX_BYTES:
        raise StatusListWrongType("The encodedList unpacks to too many bytes.", field="encodedList")
    if not unpacker.eof or unpacker.unused_data:
        raise StatusListWrongType(
            "The encodedList is cut off or has something after its end.", field="encodedList"
        )
    bits = Bitstring(data, size=size)
    if len(bits) < MINIMUM_ENTRIES:
        raise StatusListTooShort(f"The list has fewer than {MINIMUM_ENTRIES} entries.", field="encodedList")
    return bits


def build_list(
    *,
    url: str,
    issuer: str,
    purpose: str,
    bits: Bitstring,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl_seconds: int | None = None,
) -> dict[str, Any]:
    """Return the unsigned status list credential served at ``url``.

    ``issuer`` is the controller that issued the credentials it is about. ``ttl_seconds`` becomes
    ``ttl`` in milliseconds, as the specification has it.
    """
    subject: dict[str, Any] = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": bits.encode(),
    }
    if ttl_seconds is not None:
        subject["ttl"] = ttl_seconds * 1000
    document: dict[str, Any] = {
        "@context": [contexts.CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_instant(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = format_instant(valid_until)
    return {**document, "credentialSubject": subject}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One parsed BitstringStatusListEntry. ``messages`` are the meanings of its values."""

    purpose: str
    index: int
    list_url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)


def parse_entry(entry: Any) -> StatusEntry:
    """Return a parsed entry; StatusError if it is of another type or not well formed."""
    if not isinstance(entry, Mapping) or entry.get("type") not in (
        "BitstringStatusListEntry",
        ["BitstringStatusListEntry"],
    ):
        raise StatusError("The status is of a type that cannot be read.", field="credentialStatus.type")
    purpose, index, url = (
        entry.get(key) for key in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    if not isinstance(purpose, str) or not isinstance(url, str):
        raise StatusError("The status names no purpose or no list.", field="credentialStatus")
    if not isinstance(index, str) or not (index.isascii() and index.isdigit()) or len(index) > 15:
        raise StatusError("The place in the list is not a number written as text.", field="statusListIndex")
    size = entry.get("statusSize", 1)
    if type(size) is not int or not 1 <= size <= MAX_SIZE:
        raise StatusError(f"The statusSize is not a number from 1 to {MAX_SIZE}.", field="statusSize")
    return StatusEntry(purpose, int(index), url, size, _messages(entry.get("statusMessage"), size))


_HEX = re.compile(r"0x[0-9A-Fa-f]{1,8}\Z")


def _messages(given: Any, size: int) -> dict[int, str]:
    """The meaning of each value (section 2.1): required, and one for each, as soon as there is a second bit."""
    if given is None and size == 1:
        return {}
    found: dict[int, str] = {}
    for item in given if isinstance(given, list) else []:
        status, text = (
            (item.get("status"), item.get("message")) if isinstance(item, Mapping) else (None, None)
        )
        if not isinstance(status, str) or not _HEX.match(status) or not isinstance(text, str):
            raise StatusError(
                "A statusMessage has no status in hexadecimal or no text.", field="statusMessage"
            )
        found[int(status, 16)] = text
    if set(found) != set(range(1 << size)) or len(given) != len(found):
        raise StatusError(
            f"An entry of {size} bits has {1 << size} messages, one for each value.", field="statusMessage"
        )
    return found


def check_list(document: Mapping[str, Any], *, now: datetime) -> None:
    """Raise unless the document is a status list credential that is valid at ``now``.

    Its proof is checked elsewhere. Raises StatusListWrongType, StatusListExpired or
    StatusListNotYetValid.
    """
    try:
        _check_list(document, now)
    except Malformed as error:
        raise StatusListWrongType(
            f"The dates of the status list: {error.reason}", field=error.field
        ) from error


def _check_list(document: Mapping[str, Any], now: datetime) -> None:
    types = document.get("type")
    if "BitstringStatusListCredential" not in (types if isinstance(types, list) else [types]):
        raise StatusListWrongType("What was served is no Bitstring Status List credential.", field="type")
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") not in (
        "BitstringStatusList",
        ["BitstringStatusList"],
    ):
        raise StatusListWrongType("The credential holds no status list.", field="credentialSubject.type")
    if "validFrom" in document and now < parse_instant(document["validFrom"], field="validFrom"):
        raise StatusListNotYetValid("The status list is not valid yet.", field="validFrom")
    if "validUntil" in document and now > parse_instant(document["validUntil"], field="validUntil"):
        raise StatusListExpired("The status list has expired: a newer one is needed.", field="validUntil")


def read_entry(document: Mapping[str, Any], entry: StatusEntry, *, now: datetime) -> int:
    """Return the value of an entry in its (already verified) list, 0 if nothing is set.

    Adds StatusListWrongPurpose and StatusIndexOutOfRange to the errors of :func:`check_list`.
    """
    check_list(document, now=now)
    if document.get("id", entry.list_url) != entry.list_url:
        raise StatusListWrongType("The status list served is another one than was asked for.", field="id")
    subject = document["credentialSubject"]
    purposes = subject.get("statusPurpose")
    if entry.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise StatusListWrongPurpose(f"The status list is not about {entry.purpose}.", field="statusPurpose")
    return decode(subject.get("encodedList"), size=entry.size).get(entry.index)


def from_indices(indices: Iterable[int], *, entries: int = MINIMUM_ENTRIES) -> Bitstring:
    """Return a list in which exactly these bits are set."""
    bits = Bitstring(entries=entries)
    for index in indices:
        bits.set(index)
    return bits
