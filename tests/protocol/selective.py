"""A credential with a base proof, what is derived from it, and ways to take proofs apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2

from guildmark.protocol import keys, multibase
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.proofs import ecdsa_sd_2023 as sd
from guildmark.protocol.proofs import sd_proof_value
from tests.protocol import samples
from tests.protocol.test_cryptosuites import Maker

FILE = json.loads((Path(__file__).parent / "vectors" / "ecdsa-sd-2023.json").read_text("utf-8"))
W3C, JAVASCRIPT = FILE["w3c"], FILE["javascript"]
MAKER = Maker("P-256")
ISSUER = f"did:key:{MAKER.public.multikey}"
SUBJECT = "/credentialSubject"
MANDATORY = [
    *("/issuer", "/validFrom", "/validUntil"),
    *(f"{SUBJECT}/achievement/{name}" for name in ("name", "description", "criteria")),
]


def unsecured(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def credential() -> dict[str, Any]:
    made = build(samples.spec(statuses=()))
    subject = made["credentialSubject"]
    subject["achievement"]["resultDescription"] = subject["achievement"]["resultDescription"][:2]
    subject["achievement"]["resultDescription"][0]["allowedValue"] = [
        "Below the bar",
        "At the bar",
        "Above the bar",
    ]
    subject["result"] = subject["result"][:2]
    return {**made, "issuer": {**made["issuer"], "id": ISSUER}}


def sign(document: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    values = {
        "signer": MAKER,
        "verification_method": f"{ISSUER}#{MAKER.public.multikey}",
        "created": samples.CREATED,
        "mandatory_pointers": MANDATORY,
    }
    return sd.sign(document or credential(), **(values | options))


# A fixed key for labels, so that every process of the tests has statements in the same order.
BASE = sign(hmac_key=bytes(range(32)))
CHOSEN = [f"{SUBJECT}/identifier/0", f"{SUBJECT}/result/0"]
DERIVED = sd.derive(BASE, selective_pointers=CHOSEN)


def check(document: dict[str, Any], key: keys.PublicKey = MAKER.public) -> None:
    suite.verify(document, public_key=key)


def key_of(vector: dict[str, Any]) -> keys.PublicKey:
    return keys.decode_multikey(vector["issuer_key"])


VALUE = DERIVED["proof"]["proofValue"]
RAW = multibase.decode(VALUE)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The pointers to all values that are neither object nor array, ids, types and contexts aside."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name not in ("@context", "id", "type", "proof"):
                yield from leaves(child, f"{path}/{name}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, f"{path}/{index}")
    else:
        yield path, value


def raw_parts(document: dict[str, Any]) -> list[Any]:
    parts = cbor2.loads(multibase.decode(document["proof"]["proofValue"])[3:])
    assert isinstance(parts, list)
    return parts


def with_value(document: dict[str, Any], value: Any) -> dict[str, Any]:
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def with_bytes(document: dict[str, Any], data: bytes) -> dict[str, Any]:
    return with_value(document, multibase.encode(data, "u"))


def with_parts(
    document: dict[str, Any], parts: Any, header: bytes = sd_proof_value.DERIVED
) -> dict[str, Any]:
    return with_bytes(document, header + cbor2.dumps(parts))


def swap_first_signatures(parts: list[Any]) -> None:
    parts[2][0], parts[2][1] = parts[2][1], parts[2][0]
