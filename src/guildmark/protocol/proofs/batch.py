"""Signing and checking many credentials of one shape, by a template (EdDSA Cryptosuites 1.0, section 3.2).

The bytes are those of :func:`guildmark.protocol.proofs.data_integrity.sign` in compact JSON, and the same
credentials pass :func:`~guildmark.protocol.proofs.data_integrity.verify`. A credential that its template gives no
answer to is signed or checked by these two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from guildmark.protocol import multibase
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.template import Template
from guildmark.protocol.errors import BadSignature, Malformed, ProofError
from guildmark.protocol.keys import PublicKey
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.times import format_instant

_SUITE: Final = "eddsa-rdfc-2022"


def _options_hash(context: Any, options: Mapping[str, Any]) -> bytes:
    return sha256(jsonld.canonicalize({"@context": context, **options}).encode()).digest()


class BatchSigner:
    """Signs credentials of one template with one key under one verification method."""

    def __init__(
        self, template: Template, *, signer: Callable[[bytes], bytes], verification_method: str
    ) -> None:
        if "proof" in template.document:
            raise ProofError("The document carries a proof already.", field="proof")
        self.template, self.signer = template, signer
        self.verification_method = verification_method
        self._options = Template.of(
            {
                "@context": template.document["@context"],
                "type": data_integrity.PROOF_TYPE,
                "cryptosuite": _SUITE,
                "created": format_instant(datetime.fromtimestamp(0, UTC)),
                "verificationMethod": verification_method,
                "proofPurpose": "assertionMethod",
            },
            [("created",)],
        )
        self._last: tuple[str, bytes, str] = ("", b"", "")

    def sign(self, values: Sequence[str], created: datetime) -> bytes:
        """The signed credential with these values, as compact JSON in UTF-8. ``created`` is aware.

        Raises what :func:`data_integrity.sign` raises for the same document.
        """
        text = self.template.nquads(values)
        if text is None:
            return self._ordinary(values, created)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return self._ordinary(values, created)
        moment = format_instant(created)
        known, options_hash, head = self._last
        if known != moment:
            options_hash, head = self._prepare(moment)
        signature = self.signer(options_hash + sha256(data).digest())
        if len(signature) != 64:
            raise ProofError("The signer did not return a signature of 64 bytes.")
        unsigned = self.template.json_text(values)
        return f'{unsigned[:-1]}{head}{multibase.encode(signature)}"}}}}'.encode()

    def _prepare(self, moment: str) -> tuple[bytes, str]:
        """The hash of the proof options, and the beginning of the proof as JSON."""
        text = self._options.nquads([moment])
        assert text is not None, "a time of proof is a plain text"
        options = {key: value for key, value in self._options.fill([moment]).items() if key != "@context"}
        head = ',"proof":' + orjson.dumps(options).decode()[:-1] + ',"proofValue":"'
        self._last = (moment, sha256(text.encode()).digest(), head)
        return self._last[1], head

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
        self._known: dict[bytes, bytes] = {}

    def verify(self, data: bytes) -> bool:
        """Check one credential given as compact JSON; BadSignature or another ProtocolError if it does not hold.

        Returns whether a template gave the answer; otherwise the caller knows no more than that the ordinary
        way is to be taken: False says that nothing was checked.
        """
        try:
            document = orjson.loads(data)
            # What comes out as it went in holds no key twice and no number that readers disagree on.
            if orjson.dumps(document) != data:
                return False
            proof = document.pop("proof")
            signature = multibase.decode(proof.pop("proofValue"), allowed="z")
            options_hash = self._options(document["@context"], proof)
        except (ValueError, TypeError, KeyError, AttributeError, Malformed):
            return False
        if options_hash is None:
            return False
        for template in self.templates:
            values = template.values_of(document)
            if values is None:
                continue
            text = template.nquads(values)
            if text is None:
                continue
            if len(signature) != 64:
                raise BadSignature("A signature has 64 bytes.", field="proof.proofValue")
            self.public_key.verify(signature, options_hash + sha256(text.encode()).digest())
            return True
        return False

    def _options(self, context: Any, proof: Mapping[str, Any]) -> bytes | None:
        """The hash of the proof options; those of a batch are alike. None for a proof of another kind."""
        key = orjson.dumps([context, proof])
        found = self._known.get(key)
        if found is not None:
            return found
        data_integrity.check_options({**proof, "proofValue": "z"})
        if proof.get("type") != data_integrity.PROOF_TYPE or proof.get("cryptosuite") != _SUITE:
            return None
        if "previousProof" in proof or "@context" in proof:
            return None
        found = _options_hash(context, proof)
        if len(self._known) >= 64:
            self._known.clear()
        self._known[key] = found
        return found
