"""Signing and checking many credentials of one shape, by a template (EdDSA Cryptosuites 1.0, section 3.2).

The bytes are those of :func:`guildmark.protocol.proofs.data_integrity.sign` in compact JSON, and the same
credentials pass :func:`~guildmark.protocol.proofs.data_integrity.verify`. A credential that its template gives no
answer to is signed or checked by these two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import orjson

from guildmark.protocol import multibase
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.template import Template
from guildmark.protocol.errors import Malformed, ProofError
from guildmark.protocol.keys import PublicKey
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.times import format_instant

_SUITE: Final = "eddsa-rdfc-2022"
_PROOF: Final = b',"proof":'
_VALUE: Final = b',"proofValue":"'


def _options_hash(context: Any, options: Mapping[str, Any]) -> bytes:
    return sha256(jsonld.canonicalize({"@context": context, **options}).encode()).digest()


@lru_cache(maxsize=32)
def _options_template(context: bytes, verification_method: str) -> Template:
    """The template of proof options that differ in their moment only."""
    options = {
        "@context": orjson.loads(context),
        "type": data_integrity.PROOF_TYPE,
        "cryptosuite": _SUITE,
        "created": format_instant(datetime.fromtimestamp(0, UTC)),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    return Template.of(options, [("created",)])


class BatchSigner:
    """Signs credentials of one template with one key under one verification method."""

    def __init__(
        self, template: Template, *, signer: Callable[[bytes], bytes], verification_method: str
    ) -> None:
        if "proof" in template.document:
            raise ProofError("The document carries a proof already.", field="proof")
        self.template, self.signer = template, signer
        self.verification_method = verification_method
        self._options = _options_template(orjson.dumps(template.document["@context"]), verification_method)
        self._last: tuple[datetime | None, bytes, bytes] = (None, b"", b"")

    def sign(self, values: Sequence[str], created: datetime) -> bytes:
        """The signed credential with these values, as compact JSON in UTF-8. ``created`` is aware.

        Raises what :func:`data_integrity.sign` raises for the same document.
        """
        ready = self.template.ready(values)
        digest = self.template.digest(ready[0]) if ready else None
        if ready is None or digest is None:
            return self._ordinary(values, created)
        known, options_hash, head = self._last
        if known != created:
            options_hash, head = self._prepare(created)
        signature = self.signer(options_hash + digest)
        if len(signature) != 64:
            raise ProofError("The signer did not return a signature of 64 bytes.")
        parts = self.template.json_parts(ready[1])
        parts[-1] = parts[-1][:-1]
        parts += head, multibase.base58_encode(signature).encode(), b'"}}'
        return b"".join(parts)

    def _prepare(self, created: datetime) -> tuple[bytes, bytes]:
        """The hash of the proof options, and the beginning of the proof as JSON up to the signature."""
        moment = format_instant(created)
        ready = self._options.ready([moment])
        digest = self._options.digest(ready[0]) if ready else None
        assert digest is not None, "a time of proof is a plain text"
        options = {key: value for key, value in self._options.fill([moment]).items() if key != "@context"}
        head = b',"proof":' + orjson.dumps(options)[:-1] + b',"proofValue":"z'
        self._last = (created, digest, head)
        return digest, head

    def _ordinary(self, values: Sequence[str], created: datetime) -> bytes:
        signed = data_integrity.sign(
            self.template.fill(values),
            signer=self.signer,
            verification_method=self.verification_method,
            created=created,
        )
        return orjson.dumps(signed)


class BatchVerifier:
    """Checks the proofs of credentials against one key; learns no shapes, but is told them by their templates."""

    def __init__(self, templates: Sequence[Template], *, public_key: PublicKey) -> None:
        self.templates, self.public_key = tuple(templates), public_key
        self._known: dict[tuple[bytes, bytes], bytes] = {}

    def verify(self, data: bytes) -> bool:
        """Check one credential given as JSON; BadSignature or another ProtocolError if it does not hold.

        Returns whether a template gave the answer; otherwise the caller knows no more than that the ordinary
        way is to be taken: False says that nothing was checked.
        """
        for template in self.templates:
            found = template.match(data)
            if found is None:
                continue
            values, end = found
            value_at = data.rfind(_VALUE, end)
            if value_at < 0 or not data.endswith(b'"}}'):
                return False
            options_hash = self._options(template, data[end:value_at])
            digest = template.digest(values)
            if options_hash is None or digest is None:
                continue
            try:
                signature = multibase.decode(data[value_at + len(_VALUE) : -3].decode("ascii"), allowed="z")
            except (Malformed, UnicodeDecodeError):
                return False
            self.public_key.verify(signature, options_hash + digest)
            return True
        return False

    def _options(self, template: Template, begun: bytes) -> bytes | None:
        """The hash of the proof options, given the JSON up to the signature; None for a proof of another kind.

        The options of a batch are alike, so that they are read once.
        """
        context = template.document["@context"]
        key = (begun, orjson.dumps(context))
        found = self._known.get(key)
        if found is not None:
            return found
        if not begun.startswith(_PROOF):
            return None
        text = begun[len(_PROOF) :] + b"}"
        try:
            proof = orjson.loads(text)
            # What comes out as it went in holds no key twice.
            if orjson.dumps(proof) != text or not isinstance(proof, dict) or "proofValue" in proof:
                return None
            data_integrity.check_options({**proof, "proofValue": "z"})
        except (ValueError, Malformed):
            return None
        if proof.get("type") != data_integrity.PROOF_TYPE or proof.get("cryptosuite") != _SUITE:
            return None
        if "previousProof" in proof or "@context" in proof:
            return None
        if len(self._known) >= 64:
            self._known.clear()
        found = self._known[key] = _options_hash(context, proof)
        return found
