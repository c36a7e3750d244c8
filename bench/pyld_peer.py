"""The plain Python way to sign and check: PyLD for the canonical form, ``cryptography`` for Ed25519.

EdDSA Cryptosuites 1.0, section 3.2, step by step, with a loader that keeps the contexts. Nothing of the product
is used but the files of the contexts and its base58, which is faster than the package of that name.

There are two ways to load. ``PLAIN`` is PyLD as it is commonly used: a loader with a memory, so that nothing is fetched or
parsed twice. ``TUNED`` also gives each context a tag, which PyLD's own loaders never do: with it, PyLD finds what it made
of a context by its address; without it, PyLD serialises the context for every document to find that. Each way has a cache of
its own, of the size that PyLD gives it, for in one cache the tags of the one would help the other.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from guildmark.protocol import contexts, multibase


class Way:
    """PyLD with one of the loaders."""

    def __init__(self, **tag: str) -> None:
        self._tag = tag
        self._loaded: dict[str, dict[str, Any]] = {}
        self._kept = jsonld.LRUCache(maxsize=jsonld.RESOLVED_CONTEXT_CACHE_MAX_SIZE)

    def load(self, url: str, options: object) -> dict[str, Any]:
        """A document loader with a memory."""
        if url not in self._loaded:
            self._loaded[url] = {
                "contextUrl": None,
                "documentUrl": url,
                "document": json.loads(contexts.raw(url)),
                "contentType": "application/ld+json",
                **self._tag,
            }
        return self._loaded[url]

    def hash(self, document: dict[str, Any]) -> bytes:
        options = {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": self.load,
            # As PyLD itself does for each call, but for the cache.
            "contextResolver": ContextResolver(self._kept, self.load),
        }
        return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()


PLAIN = Way()
TUNED = Way(tag="static")


def sign(
    document: dict[str, Any], key: Ed25519PrivateKey, method: str, created: str, way: Way = PLAIN
) -> bytes:
    """The signed credential as JSON."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    message = way.hash({"@context": document["@context"], **proof}) + way.hash(document)
    proof["proofValue"] = multibase.encode(key.sign(message))
    return orjson.dumps({**document, "proof": proof})


def verify(data: bytes, key: Ed25519PublicKey, way: Way = PLAIN) -> None:
    """InvalidSignature unless the proof holds."""
    document = orjson.loads(data)
    proof = document.pop("proof")
    signature = multibase.decode(proof.pop("proofValue"))
    key.verify(signature, way.hash({"@context": document["@context"], **proof}) + way.hash(document))
