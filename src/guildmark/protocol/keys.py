"""Public keys as text: Ed25519 Multikey and did:key. No private key is ever seen here."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from guildmark.protocol import multibase
from guildmark.protocol.errors import BadSignature, Malformed, UnsupportedProof

#: Multicodec of an Ed25519 public key (0xed) as a varint.
ED25519_PUBLIC = b"\xed\x01"
_DID_KEY = "did:key:"


def encode_multikey(public_key: bytes) -> str:
    """Return ``z6Mk...`` of a raw Ed25519 public key (32 bytes)."""
    if len(public_key) != 32:
        raise Malformed("An Ed25519 public key has 32 bytes.", field="publicKeyMultibase")
    return multibase.encode(ED25519_PUBLIC + public_key)


def decode_multikey(text: str) -> bytes:
    """Return the raw Ed25519 public key of a Multikey; UnsupportedProof for other kinds of key."""
    data = multibase.decode(text, allowed="z")
    if not data.startswith(ED25519_PUBLIC):
        raise UnsupportedProof("The key is not an Ed25519 key.", field="publicKeyMultibase")
    if len(data) != 34:
        raise Malformed("The Ed25519 key does not have 32 bytes.", field="publicKeyMultibase")
    return data[2:]


def did_key(public_key: bytes) -> str:
    """Return the did:key of a raw Ed25519 public key."""
    return _DID_KEY + encode_multikey(public_key)


def did_key_document(did: str) -> dict[str, object]:
    """Return the controller document that a did:key stands for (it is its own document)."""
    if not did.startswith(_DID_KEY):
        raise Malformed(f"{did[:80]!r} is not a did:key.")
    multikey = did.removeprefix(_DID_KEY)
    decode_multikey(multikey)
    method = f"{did}#{multikey}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey}
        ],
        "assertionMethod": [method],
        "authentication": [method],
    }


def verify_ed25519(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Raise BadSignature unless the signature fits (libsodium's rule: canonical S, no small-order points)."""
    if len(signature) != 64:
        raise BadSignature("An Ed25519 signature has 64 bytes.", field="proof.proofValue")
    try:
        VerifyKey(public_key).verify(message, signature)
    except (BadSignatureError, ValueError) as error:
        raise BadSignature(
            "The signature does not fit: the content, the proof or the key was changed.",
            field="proof.proofValue",
        ) from error
