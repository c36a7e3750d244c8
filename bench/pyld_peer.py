"""The plain Python way to sign and check: PyLD for the canonical form, ``cryptography`` for Ed25519.

EdDSA Cryptosuites 1.0, section 3.2, step by step, with a loader that keeps the contexts. Nothing of the product
is used but the files of the contexts and its base58, which is faster than the package of that name.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from guildmark.protocol import contexts, multibase

_loaded: dict[str, dict[str, Any]] = {}


def load(url: str, options: object) -> dict[str, Any]:
    """A document loader with a memory; the tag lets PyLD keep what it made of a context, too."""
    if url not in _loaded:
        _loaded[url] = {
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads(contexts.raw(url)),
            "contentType": "application/ld+json",
            "tag": "static",
        }
    return _loaded[url]


_OPTIONS = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}


def _hash(document: dict[str, Any]) -> bytes:
    return hashlib.sha256(jsonld.normalize(document, _OPTIONS).encode()).digest()


def sign(document: dict[str, Any], key: Ed25519PrivateKey, method: str, created: str) -> bytes:
    """The signed credential as JSON."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    message = _hash({"@context": document["@context"], **proof}) + _hash(document)
    proof["proofValue"] = multibase.encode(key.sign(message))
    return orjson.dumps({**document, "proof": proof})


def verify(data: bytes, key: Ed25519PublicKey) -> None:
    """InvalidSignature unless the proof holds."""
    document = orjson.loads(data)
    proof = document.pop("proof")
    signature = multibase.decode(proof.pop("proofValue"))
    key.verify(signature, _hash({"@context": document["@context"], **proof}) + _hash(document))
