"""Digests of related resources (VCDM 2.0, section 5.3): their form, and whether they fit the bytes at hand."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from guildmark.protocol import multibase
from guildmark.protocol.canonical.rdfc import is_absolute_iri
from guildmark.protocol.errors import BadDigest, Malformed

#: Multihash prefixes (multihash table): function code and length of the digest.
_MULTIHASH: Final = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
#: The function of a digest that stands without such a prefix, by its length: none of these is as long as a multihash.
_BARE: Final = {hashlib.new(name).digest_size: name for name in ("sha256", "sha384", "sha512")}
_SRI: Final = ("sha512", "sha384", "sha256")
_MAX_RESOURCES: Final = 100


def check_related(value: Any, bytes_of: Callable[[str], bytes | None]) -> None:
    """Check ``relatedResource``: objects with an id of their own each, and a digest that fits what can be had.

    ``bytes_of`` gives the bytes of an address, or None when they cannot be had; the digest is then only checked
    for its form. Malformed for a wrong form, BadDigest for one that does not fit.
    """
    if value is None:
        return
    entries = value if isinstance(value, list) else [value]
    if not entries or len(entries) > _MAX_RESOURCES:
        raise Malformed(f"There may be 1 to {_MAX_RESOURCES} related resources.", field="relatedResource")
    seen: set[str] = set()
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise Malformed("A related resource is no object.", field="relatedResource")
        address = entry.get("id")
        if not isinstance(address, str) or not is_absolute_iri(address):
            raise Malformed("A related resource has no id that is a URL.", field="relatedResource.id")
        if address in seen:
            raise Malformed("Two related resources have the same id.", field="relatedResource.id")
        seen.add(address)
        if "digestSRI" not in entry and "digestMultibase" not in entry:
            raise Malformed("A related resource has no digest.", field="relatedResource")
        check_digests(entry, bytes_of(address))


def check_digests(entry: Mapping[str, Any], data: bytes | None) -> None:
    """Check every digest of an object against ``data`` (only its form if that is None)."""
    found = []
    if "digestSRI" in entry:
        found.append(_strongest_sri(entry["digestSRI"]))
    if "digestMultibase" in entry:
        found.append([_multihash(entry["digestMultibase"])])
    for accepted in found:
        if data is not None and not any(
            hashlib.new(name, data).digest() == digest for name, digest in accepted
        ):
            raise BadDigest(
                f"The digest does not fit {str(entry.get('id'))[:120]}.",
                field="relatedResource",
                mend="Take the digest of the published bytes.",
            )


def _strongest_sri(text: Any) -> list[tuple[str, bytes]]:
    """The digests of the strongest function named (Subresource Integrity, section 3.3.2): any of them may fit."""
    if not isinstance(text, str) or not text.split():
        raise Malformed("digestSRI is no text.", field="digestSRI")
    digests: list[tuple[str, bytes]] = []
    for part in text.split():
        name, _, encoded = part.partition("-")
        try:
            digest = base64.b64decode(encoded.partition("?")[0], validate=True)
        except binascii.Error as error:
            raise Malformed("digestSRI is not base64.", field="digestSRI") from error
        if name not in _SRI or len(digest) != hashlib.new(name).digest_size:
            raise Malformed("digestSRI is no SHA-256, SHA-384 or SHA-512 digest.", field="digestSRI")
        digests.append((name, digest))
    best = min((name for name, _ in digests), key=_SRI.index)
    return [pair for pair in digests if pair[0] == best]


def _multihash(text: Any) -> tuple[str, bytes]:
    """Function and digest of a multihash (Data Integrity 1.0, section 2.6), or of a SHA-2 digest alone.

    The working group's own test suite leaves the prefix out. The bytes must fit either way.
    """
    data = multibase.decode(text) if isinstance(text, str) else b""
    if len(data) in _BARE:
        return _BARE[len(data)], data
    name = _MULTIHASH.get(data[:2])
    if name is None or len(data) != 2 + data[1]:
        raise Malformed("digestMultibase is no multihash of SHA-2.", field="digestMultibase")
    return name, data[2:]
