"""One dirty shard of a status list, flipped and published, beside the whole list in one piece."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import orjson

from bench import signing
from bench.measure import Taken, interleaved, timed
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.status.bitstring import MINIMUM_ENTRIES, Bitstring, build_list, decode

ENTRIES = 10_000_000
#: How many of a hundred credentials are revoked: bits that stand at random compress badly.
REVOKED = 0.02


def filled(entries: int) -> Bitstring:
    chance = random.Random(entries)  # noqa: S311
    bits = Bitstring(entries=entries)
    for index in chance.sample(range(entries), int(entries * REVOKED)):
        bits.set(index)
    return bits


def publisher(entries: int) -> Callable[[], bytes]:
    """Flip the next bit and make the signed list that is served afterwards."""
    bits, state = filled(entries), {"next": 0}

    def publish() -> bytes:
        index = state["next"] = (state["next"] + 7919) % entries
        bits.set(index, not bits.get(index))
        document = build_list(
            url="https://badges.example.org/status/7",
            issuer=signing.CONTROLLER,
            purpose="revocation",
            bits=bits,
            valid_from=signing.CREATED,
            valid_until=signing.CREATED + timedelta(days=7),
            ttl_seconds=300,
        )
        signed = data_integrity.sign(
            document, signer=signing.sign_message, verification_method=signing.METHOD, created=signing.CREATED
        )
        body = orjson.dumps(signed)
        last["body"], last["bits"], last["index"] = body, bits, index
        return body

    last: dict[str, object] = {}
    publish.last = last  # type: ignore[attr-defined]
    return publish


def check(publish: Callable[[], bytes]) -> None:
    """What is served must hold and must tell the bit that was flipped."""
    document = orjson.loads(publish())
    data_integrity.verify(document, public_key=signing.PUBLIC)
    last = publish.last  # type: ignore[attr-defined]
    read = decode(document["credentialSubject"]["encodedList"])
    assert read.get(last["index"]) == last["bits"].get(last["index"])


def shard(rounds: int) -> Taken:
    one, whole = publisher(MINIMUM_ENTRIES), publisher(ENTRIES)
    check(one)
    check(whole)

    def many(publish: Callable[[], bytes], times: int) -> Callable[[], int]:
        def work() -> int:
            for _ in range(times):
                publish()
            return times

        return work

    taken = interleaved({"shard": timed(many(one, 40)), "whole": timed(many(whole, 2))}, rounds)
    check(one)
    check(whole)
    return taken
