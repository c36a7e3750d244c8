"""Resolving did:key, and addresses within its documents (the did:key Method, sections 3.1.2 and 3.1.3).

Errors carry the codes of the specification; :class:`DidError` says whether they concern resolving a DID or
dereferencing a DID URL. Nothing is fetched: a did:key is its own document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nacl.bindings import crypto_sign_ed25519_pk_to_curve25519

from guildmark.protocol import contexts, keys, multibase
from guildmark.protocol.errors import Malformed, ProtocolError

ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
X25519_2020: Final = "https://w3id.org/security/suites/x25519-2020/v1"
JWS_2020: Final = "https://w3id.org/security/suites/jws-2020/v1"

_MULTIKEY: Final = "Multikey"
_JWK: Final = "JsonWebKey2020"
_ED: Final = "Ed25519VerificationKey2020"
_X: Final = "X25519KeyAgreementKey2020"
#: Formats that exist and are not written here; anything else is unknown.
_OTHER_FORMATS: Final = frozenset(
    {
        *("Ed25519VerificationKey2018", "X25519KeyAgreementKey2019", "EcdsaSecp256k1VerificationKey2019"),
        *(
            "JsonWebKey",
            "P256Key2021",
            "P384Key2021",
            "P521Key2021",
            "Bls12381G1Key2020",
            "Bls12381G2Key2020",
        ),
    }
)
_CONTEXT_OF: Final = {_MULTIKEY: contexts.MULTIKEY_V1, _JWK: JWS_2020, _ED: ED25519_2020, _X: X25519_2020}
_X25519_PUBLIC: Final = b"\xec\x01"
#: Codecs of public keys (multicodec table) and the bytes of such a key.
_LENGTHS: Final = {
    keys.ED25519_PUBLIC: 32,
    _X25519_PUBLIC: 32,
    b"\xe7\x01": 33,
    b"\x80\x24": 33,
    b"\x81\x24": 49,
    b"\x82\x24": 67,
}
_DID: Final = re.compile(r"did:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+\Z")
#: path, query and fragment of a DID URL: the characters of RFC 3986.
_DID_URL_TAIL: Final = re.compile(
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?\Z"
)


class DidError(ProtocolError):
    """A DID does not resolve, or a DID URL leads nowhere; ``code`` is the specification's word for why."""

    def __init__(self, code: str, reason: str, *, dereferencing: bool = False) -> None:
        super().__init__(reason, field="did")
        self.code = code
        self.dereferencing = dereferencing


@dataclass(frozen=True, slots=True)
class Options:
    """How a document is made: ``key_format`` of its keys, and whether a key for encryption is derived."""

    key_format: str = _MULTIKEY
    experimental: bool = False
    encryption_key: bool = True


def dereference(address: str, options: Options | None = None) -> dict[str, Any]:
    """Return the document of a did:key, or the verification method that a DID URL names. Raises DidError."""
    options = options or Options()
    at = min((place for place in map(address.find, "/?#") if place >= 0), default=len(address))
    did, tail = address[:at], address[at:]
    if not tail:
        return resolve(did, options)
    if not _DID.match(did) or not _DID_URL_TAIL.match(tail):
        raise DidError("invalidDidUrl", f"{address[:120]!r} is no DID URL.", dereferencing=True)
    try:
        document = resolve(did, options)
    except DidError as error:
        raise DidError(error.code, error.reason, dereferencing=True) from error
    for name in ("verificationMethod", "keyAgreement"):
        for method in document.get(name, []):
            if isinstance(method, Mapping) and method["id"] == address:
                return {"@context": _CONTEXT_OF[method["type"]], **method}
    raise DidError("notFound", f"{address[:120]!r} names nothing in the document.", dereferencing=True)


def resolve(did: str, options: Options | None = None) -> dict[str, Any]:
    """Return the DID document of a did:key. Raises DidError."""
    options = options or Options()
    multikey = _multikey_of(did)
    prefix, raw = _decoded(multikey)
    _check_format(options)
    signs = prefix != _X25519_PUBLIC
    method = _method(did, multikey, raw, options) if signs else _agreement(did, raw, options)
    document: dict[str, Any] = {
        "@context": [contexts.DID_V1, _CONTEXT_OF[method["type"]]],
        "id": did,
        "verificationMethod": [method],
    }
    if not signs:
        return {**document, "keyAgreement": [method["id"]]}
    for name in ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"):
        document[name] = [method["id"]]
    if prefix == keys.ED25519_PUBLIC and options.encryption_key:
        agreement = _agreement(did, _x25519_of(raw), options)
        document["keyAgreement"] = [agreement]
        if _CONTEXT_OF[agreement["type"]] not in document["@context"]:
            document["@context"].append(_CONTEXT_OF[agreement["type"]])
    return document


def _multikey_of(did: str) -> str:
    """The multibase value; a version may stand before it."""
    parts = did.split(":")
    if parts[0] != "did" or len(parts) < 3 or not _DID.match(did):
        raise DidError("invalidDid", f"{did[:120]!r} is no DID.")
    if parts[1] != "key":
        raise DidError("methodNotSupported", f"DIDs of the method {parts[1][:40]!r} are not resolved here.")
    version, multikey = ("1", parts[2]) if len(parts) == 3 else (parts[2], parts[3])
    if len(parts) > 4 or not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise DidError("invalidDid", "The version of a did:key is a positive number.")
    if not multikey.startswith("z"):
        raise DidError("invalidDid", "The value of a did:key begins with z.")
    return multikey


def _decoded(multikey: str) -> tuple[bytes, bytes]:
    try:
        data = multibase.decode(multikey, allowed="z")
    except Malformed as error:
        raise DidError("invalidDid", error.reason) from error
    prefix, raw = data[:2], data[2:]
    if prefix not in _LENGTHS:
        raise DidError("unsupportedPublicKeyType", "The key is of a kind that is not known here.")
    if len(raw) != _LENGTHS[prefix]:
        raise DidError(
            "invalidPublicKeyLength", f"The key has {len(raw)} bytes instead of {_LENGTHS[prefix]}."
        )
    if prefix == b"\xe7\x01":
        raise DidError("unsupportedPublicKeyType", "Keys of secp256k1 are not used here.")
    if prefix != _X25519_PUBLIC:
        try:
            keys.decode_multikey(multikey)
        except ProtocolError as error:
            raise DidError("invalidPublicKey", error.reason) from error
    return prefix, raw


def _check_format(options: Options) -> None:
    wanted = options.key_format
    if wanted in (_MULTIKEY, _JWK, _ED, _X):
        return
    if wanted in _OTHER_FORMATS and not options.experimental:
        raise DidError("invalidPublicKeyType", f"Keys are not written as {wanted}.")
    raise DidError("unsupportedPublicKeyType", f"The key format {wanted[:60]!r} is not supported.")


def _method(did: str, multikey: str, raw: bytes, options: Options) -> dict[str, Any]:
    """The verification method of a key that signs."""
    wanted = options.key_format
    if wanted == _X or (wanted == _ED and keys.decode_multikey(multikey).kind != "Ed25519"):
        raise DidError("invalidPublicKeyType", f"A key of this kind is not written as {wanted}.")
    method: dict[str, Any] = {"id": f"{did}#{multikey}", "type": wanted, "controller": did}
    if wanted == _JWK:
        return {**method, "publicKeyJwk": keys.to_jwk(keys.decode_multikey(multikey))}
    return {**method, "publicKeyMultibase": multikey}


def _agreement(did: str, raw: bytes, options: Options) -> dict[str, Any]:
    """The verification method of a key for encryption, in the format that goes with the one that was asked for."""
    kind = {_ED: _X}.get(options.key_format, options.key_format)
    multikey = multibase.encode(_X25519_PUBLIC + raw)
    method: dict[str, Any] = {"id": f"{did}#{multikey}", "type": kind, "controller": did}
    if kind == _JWK:
        jwk = {"kty": "OKP", "crv": "X25519", "x": multibase.base64url_encode(raw)}
        return {**method, "publicKeyJwk": jwk}
    return {**method, "publicKeyMultibase": multikey}


def _x25519_of(raw: bytes) -> bytes:
    """The key on Curve25519 that belongs to an Ed25519 key (RFC 7748, section 4.1)."""
    try:
        return crypto_sign_ed25519_pk_to_curve25519(raw)
    except RuntimeError as error:
        raise DidError("invalidPublicKey", "The key is no point of Ed25519.") from error
