"""The proofValue of ``ecdsa-sd-2023`` as bytes (ECDSA Cryptosuites 1.0, sections 3.5.2 to 3.5.8).

A base proof is what an issuer makes, a derived proof what its holder shows. Both are multibase text in base64url,
three bytes that say which of the two it is, and a CBOR array of five. Derived proofs come from anybody, so nothing
of them is believed: sizes, types and tags are bounded here, before any cryptography.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cbor2

from guildmark.protocol import multibase
from guildmark.protocol.canonical import selection
from guildmark.protocol.errors import BaseProof, Malformed, TooLarge
from guildmark.protocol.keys import PublicKey

BASE: Final = b"\xd9\x5d\x00"
DERIVED: Final = b"\xd9\x5d\x01"
#: Statements of a document, and so signatures, labels and indexes of a proof.
MAX_STATEMENTS: Final = 4_096
_MAX_BYTES: Final = 768_000
_SIGNATURE: Final = 64
_KEY: Final = 35
_DIGEST: Final = 32
_P256: Final = b"\x80\x24"
_FIELD: Final = "proof.proofValue"
#: Tags that the library acts upon unless told otherwise: dates, big numbers, shared values, patterns, addresses.
_KNOWN_TAGS: Final = (
    0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43_000, 55_799,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BaseValue:
    """Base proof: 64 bytes of the issuer's signature, the key that signed single statements, 32 bytes of HMAC key,
    the signatures (64 bytes each) of the statements that may be left out, and pointers to those that may not."""

    signature: bytes
    key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """Derived proof: the same signatures and key; ``labels`` gives the label (``_:u...``) that a blank node had when
    it was signed by its canonical label (``_:c14n0``); ``mandatory_indexes`` counts statements from 0."""

    signature: bytes
    key: PublicKey
    signatures: tuple[bytes, ...]
    labels: dict[str, str]
    mandatory_indexes: tuple[int, ...]


def key_bytes(key: PublicKey) -> bytes:
    """Return the 35 bytes that stand for a P-256 key in proofs and in what the issuer signs."""
    return _P256 + key.raw


def encode_base(value: BaseValue) -> str:
    """Return the proofValue of a base proof (3.5.2)."""
    return _encode(
        BASE,
        [
            value.signature,
            key_bytes(value.key),
            value.hmac_key,
            list(value.signatures),
            list(value.mandatory_pointers),
        ],
    )


def encode_derived(value: DerivedValue) -> str:
    """Return the proofValue of a derived proof, its labels compressed (3.5.5, 3.5.7)."""
    labels = {
        int(canonical.removeprefix("_:c14n")): multibase.decode(label.removeprefix("_:"), allowed="u")
        for canonical, label in value.labels.items()
    }
    return _encode(
        DERIVED,
        [
            value.signature,
            key_bytes(value.key),
            list(value.signatures),
            labels,
            list(value.mandatory_indexes),
        ],
    )


def parse_base(text: Any) -> BaseValue:
    """Read a base proof (3.5.3); Malformed if it is none."""
    data = _decode(text)
    if data[:3] == DERIVED:
        raise Malformed(
            "The proof is derived already; only a base proof can be derived from.",
            field=_FIELD,
            mend="Take the credential as the issuer gave it.",
        )
    signature, key, hmac_key, signatures, pointers = _five(data, BASE)
    if not isinstance(pointers, list):
        raise _broken("its pointers are no list")
    return BaseValue(
        _bytes(signature, _SIGNATURE, "signature"),
        _public_key(key),
        _bytes(hmac_key, _DIGEST, "HMAC key"),
        _signatures(signatures),
        tuple(selection.check_pointers(pointers)),
    )


def parse_derived(text: Any) -> DerivedValue:
    """Read a derived proof (3.5.6, 3.5.8); BaseProof for a base proof, Malformed or TooLarge if it is none."""
    data = _decode(text)
    if data[:3] == BASE:
        raise BaseProof(
            "This is a base proof, which stays with the holder and is not verified by others.",
            field=_FIELD,
            mend="Ask the holder for a credential that is derived from it (selective disclosure).",
        )
    signature, key, signatures, labels, indexes = _five(data, DERIVED)
    return DerivedValue(
        _bytes(signature, _SIGNATURE, "signature"),
        _public_key(key),
        _signatures(signatures),
        _labels(labels),
        _indexes(indexes),
    )


def _encode(header: bytes, parts: list[Any]) -> str:
    return multibase.encode(header + cbor2.dumps(parts), "u")


def _broken(what: str) -> Malformed:
    return Malformed(f"The proofValue is no ecdsa-sd-2023 proof: {what}.", field=_FIELD)


def _decode(text: Any) -> bytes:
    if not isinstance(text, str):
        raise _broken("it is no text")
    if len(text) > _MAX_BYTES * 4 // 3:
        raise TooLarge(f"The proofValue is larger than {_MAX_BYTES} bytes.", field=_FIELD)
    try:
        return multibase.decode(text, allowed="u")
    except Malformed as error:
        raise _broken(error.reason.rstrip(".")) from error


def _five(data: bytes, header: bytes) -> list[Any]:
    """The five parts behind the header."""
    if data[:3] != header:
        raise _broken("it begins with other bytes")
    stream = io.BytesIO(data[3:])
    try:
        # Depth 2: the array, and an array or map in it, whose keys can then be no arrays of chosen hash.
        parts = cbor2.CBORDecoder(
            stream,
            max_depth=2,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            tag_hook=_refuse_tag,
            semantic_decoders=dict.fromkeys(_KNOWN_TAGS, _refuse_tag),
        ).decode()
    except (cbor2.CBORError, ValueError, TypeError, MemoryError, RecursionError) as error:
        raise _broken("the CBOR cannot be read") from error
    if not isinstance(parts, list) or len(parts) != 5:
        raise _broken("it is not an array of five")
    if stream.read(1):
        raise _broken("something follows the array")
    return parts


def _refuse_tag(*_: Any) -> Any:
    """No part of a proof carries a tag (3.5.2, 3.5.7)."""
    raise ValueError("tag")


def _bytes(value: Any, size: int, what: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise _broken(f"its {what} is not {size} bytes")
    return value


def _public_key(value: Any) -> PublicKey:
    data = _bytes(value, _KEY, "public key")
    if data[:2] != _P256:
        raise _broken("its public key is not of P-256")
    return PublicKey("P-256", data[2:])


def _bounded(value: Sequence[Any] | dict[Any, Any], what: str) -> None:
    if len(value) > MAX_STATEMENTS:
        raise TooLarge(f"The proof holds more than {MAX_STATEMENTS} {what}.", field=_FIELD)


def _signatures(value: Any) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise _broken("its signatures are no list")
    _bounded(value, "signatures")
    return tuple(_bytes(one, _SIGNATURE, "signature of a statement") for one in value)


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _broken("its label map is no map")
    _bounded(value, "labels")
    if not all(type(number) is int and number >= 0 for number in value):
        raise _broken("a key of its label map is no number")
    labels = {
        f"_:c14n{number}": "_:" + multibase.encode(_bytes(label, _DIGEST, "label"), "u")
        for number, label in value.items()
    }
    # Two nodes under one label would be one node, and say together what nobody signed.
    if len(set(labels.values())) != len(labels):
        raise _broken("two nodes have the same label")
    return labels


def _indexes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise _broken("its mandatory indexes are no list")
    _bounded(value, "mandatory indexes")
    if not all(type(index) is int and index >= 0 for index in value) or len(set(value)) != len(value):
        raise _broken("its mandatory indexes are not different whole numbers")
    return tuple(value)
