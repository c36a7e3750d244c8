"""Bitstring Status List 1.0: making lists and reading them.

https://www.w3.org/TR/vc-bitstring-status-list/ . Index 0 is the most significant bit of the first
byte. The encoded form is deterministic: gzip level 6 with a zero time stamp.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guildmark.protocol import contexts, multibase
from guildmark.protocol.errors import (
    Malformed,
    StatusError,
    StatusIndexOutOfRange,
    StatusListExpired,
    StatusListNotYetValid,
    StatusListWrongPurpose,
    StatusListWrongType,
)
from guildmark.protocol.times import format_instant, parse_instant

#: Fewest entries of a list, so that a holder is hidden among others (section 6.1).
MINIMUM_ENTRIES: Final = 131_072
#: Most bytes that a list may unpack to: 64 million entries.
MAX_BYTES: Final = 8 * 1024 * 1024
_MAX_ENCODED: Final = 12 * 1024 * 1024
_GZIP_LEVEL: Final = 6


class Bitstring:
    """A mutable list of bits. ``data`` is the raw form (one byte for eight entries)."""

    __slots__ = ("data",)

    def __init__(self, data: bytes | bytearray | None = None, *, entries: int = MINIMUM_ENTRIES) -> None:
        if data is None:
            if entries < MINIMUM_ENTRIES or entries % 8:
                raise Malformed(f"A list has at least {MINIMUM_ENTRIES} entries, in eights.", field="entries")
            data = bytes(entries // 8)
        self.data = bytearray(data)

    def __len__(self) -> int:
        return len(self.data) * 8

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise StatusIndexOutOfRange(
                f"The list has {len(self)} entries, none at {index}.", field="statusListIndex"
            )
        return index >> 3, 0x80 >> (index & 7)

    def get(self, index: int) -> bool:
        """Return the bit at an index; StatusIndexOutOfRange beyond the end."""
        byte, mask = self._place(index)
        return bool(self.data[byte] & mask)

    def set(self, index: int, value: bool = True) -> None:
        """Set or clear the bit at an index."""
        byte, mask = self._place(index)
        if value:
            self.data[byte] |= mask
        else:
            self.data[byte] &= ~mask

    def encode(self) -> str:
        """Return ``u`` + base64url of the gzipped bits; equal bits always give equal text."""
        return multibase.encode(gzip.compress(bytes(self.data), compresslevel=_GZIP_LEVEL, mtime=0), "u")


def decode(encoded: Any) -> Bitstring:
    """Return the bits of an ``encodedList``.

    Raises StatusListWrongType for anything that is no gzipped list of at least 131,072 entries, or
    that would unpack to more than MAX_BYTES.
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
    if len(data) * 8 < MINIMUM_ENTRIES:
        raise StatusListWrongType(f"The list has fewer than {MINIMUM_ENTRIES} entries.", field="encodedList")
    return Bitstring(data)


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
    """One parsed BitstringStatusListEntry."""

    purpose: str
    index: int
    list_url: str


def parse_entry(entry: Any) -> StatusEntry:
    """Return a parsed entry; StatusError if it is of another type or not well formed.

    Lists with more than one bit per entry (``statusSize``) are not supported.
    """
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
    if entry.get("statusSize", 1) != 1:
        raise StatusError("Lists with more than one bit per entry are not supported.", field="statusSize")
    return StatusEntry(purpose, int(index), url)


def check_list(document: Mapping[str, Any], *, now: datetime) -> None:
    """Raise unless the document is a status list credential that is valid at ``now``.

    Its proof is checked elsewhere. Raises StatusListWrongType, StatusListExpired or
    StatusListNotYetValid.
    """
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


def read_entry(document: Mapping[str, Any], entry: StatusEntry, *, now: datetime) -> bool:
    """Return the bit of an entry in its (already verified) list.

    Adds StatusListWrongPurpose and StatusIndexOutOfRange to the errors of :func:`check_list`.
    """
    check_list(document, now=now)
    if document.get("id", entry.list_url) != entry.list_url:
        raise StatusListWrongType("The status list served is another one than was asked for.", field="id")
    subject = document["credentialSubject"]
    purposes = subject.get("statusPurpose")
    if entry.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise StatusListWrongPurpose(f"The status list is not about {entry.purpose}.", field="statusPurpose")
    return decode(subject.get("encodedList")).get(entry.index)


def from_indices(indices: Iterable[int], *, entries: int = MINIMUM_ENTRIES) -> Bitstring:
    """Return a list in which exactly these bits are set."""
    bits = Bitstring(entries=entries)
    for index in indices:
        bits.set(index)
    return bits
