"""Signing and checking, side by side with PyLD, with @digitalbazaar/vc and with bare Ed25519.

PyLD is measured twice, as ``bench.pyld_peer`` says: ``pyld`` as it is commonly used, and ``pyld_tuned``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign
from nacl.signing import SigningKey

from bench import pyld_peer, shapes
from bench.javascript import Peer
from bench.measure import Round, Taken, interleaved, timed
from guildmark.protocol import keys, multibase, strict_json
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.proofs.batch import BatchSigner, BatchVerifier

SEED = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = keys.ed25519(KEY.public_key().public_bytes_raw())
CONTROLLER = "https://badges.example.org/issuers/1"
METHOD = f"{CONTROLLER}#{PUBLIC.multikey}"
CREATED_TEXT = "2026-05-14T09:30:00Z"
CREATED = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
_CHUNK = 500
_SECRET = SigningKey(SEED)._signing_key
PYLD = {"pyld": pyld_peer.PLAIN, "pyld_tuned": pyld_peer.TUNED}


def sign_message(message: bytes) -> bytes:
    """The product's own signer, as keys/custody.py has it."""
    return crypto_sign(message, _SECRET)[:64]


class Checked:
    """What a contender made, held against what is right once the clock has stopped."""

    def __init__(self, wanted: Sequence[bytes]) -> None:
        self.wanted = wanted

    def all_right(self, made: Sequence[bytes], first: int = 0) -> None:
        for number, one in enumerate(made, start=first):
            if one != self.wanted[number % len(self.wanted)]:
                raise AssertionError(f"credential {number} came out otherwise than it was checked")


def turns(total: int, share: int) -> Iterator[int]:
    """Where each round begins, so that the rounds go through the whole pool."""
    return (number * share % total for number in count())


def signing_round(
    pool_size: int, share: int, sign: Callable[[int], bytes], checked: Checked
) -> Round:
    """A round that signs a share of the pool; what came out is compared after the clock has stopped."""
    starts = turns(pool_size, share)

    def once() -> float:
        start, spent = next(starts), 0.0
        # In chunks, as batches are signed: what is made is handed on before the next is begun.
        for at in range(0, share, _CHUNK):
            turn = [(start + at + number) % pool_size for number in range(min(_CHUNK, share - at))]
            made: list[bytes] = []

            def work(turn: list[int] = turn, made: list[bytes] = made) -> int:
                made.extend([sign(number) for number in turn])
                return 1

            spent += timed(work)()
            checked.all_right(made, start + at)
        return spent / share

    return once


def pyld_rounds(documents: Sequence[dict[str, Any]], share: int, checked: Checked) -> dict[str, Round]:
    """Rounds of signing by PyLD, in both ways."""

    def one(way: pyld_peer.Way) -> Round:
        def sign(number: int) -> bytes:
            return pyld_peer.sign(documents[number], KEY, METHOD, CREATED_TEXT, way)

        return signing_round(len(documents), share, sign, checked)

    return {name: one(way) for name, way in PYLD.items()}


def pyld_verifies(way: pyld_peer.Way) -> Callable[[bytes], None]:
    return lambda data: pyld_peer.verify(data, KEY.public_key(), way)


def javascript_round(peer: Peer, texts: Sequence[Any], share: int, command: str) -> Round:
    """The same in the JavaScript peer, which measures itself."""
    starts = turns(len(texts), share)

    def once() -> float:
        start = next(starts)
        chosen = [texts[(start + number) % len(texts)] for number in range(share)]
        if command == "sign":
            answer = peer.ask("sign", credentials=chosen, created=CREATED_TEXT)
            for text in answer["results"]:
                pyld_peer.verify(text.encode(), KEY.public_key())
        else:
            answer = peer.ask("verify", texts=chosen)
            if any(answer["results"]):
                raise AssertionError(f"the peer refuses: {answer['results']}")
        return float(answer["seconds"]) / share

    return once


def javascript_accepts(peer: Peer, signed: Sequence[bytes]) -> None:
    """Every one of these must hold for the JavaScript peer."""
    answer = peer.ask("verify", texts=[one.decode() for one in signed])
    wrong = [why for why in answer["results"] if why]
    if wrong:
        raise AssertionError(f"@digitalbazaar/vc refuses what was signed: {wrong[0]}")


def raw_round() -> Round:
    message = bytes(64)

    def work() -> int:
        sign = KEY.sign
        for _ in range(2000):
            sign(message)
        return 2000

    return timed(work)


def batch(rounds: int, quick: bool) -> tuple[Taken, Taken]:
    """The fixture against all three peers, then the demo's credential against PyLD."""
    size = 60 if quick else 400
    fixture = shapes.pool("ob3-credential-107-quads.json", shapes.FIXTURE_PLACES, size)
    signer = BatchSigner(fixture.template, signer=sign_message, verification_method=METHOD)
    documents = fixture.documents
    signed = [signer.sign(values, CREATED) for values in fixture.values]
    for one in signed:
        pyld_peer.verify(one, KEY.public_key())
    with Peer() as peer:
        peer.ask("setup", key=key_for_javascript(), controller=CONTROLLER)
        javascript_accepts(peer, signed[: 40 if quick else 200])
        values = fixture.values
        first = interleaved(
            {
                "ours": signing_round(size, 4000, lambda n: signer.sign(values[n], CREATED), Checked(signed)),
                **pyld_rounds(documents, 30, Checked(signed)),
                "digitalbazaar": javascript_round(peer, documents, 40, "sign"),
                "raw_ed25519": raw_round(),
            },
            rounds,
        )
    demo = shapes.pool("demo-credential.json", shapes.DEMO_PLACES, 20 if quick else 100)
    demo_signer = BatchSigner(demo.template, signer=sign_message, verification_method=METHOD)
    signed = [demo_signer.sign(values, CREATED) for values in demo.values]
    for one in signed:
        pyld_peer.verify(one, KEY.public_key())
    second = interleaved(
        {
            "ours": signing_round(
                len(signed), 1500, lambda n: demo_signer.sign(demo.values[n], CREATED), Checked(signed)
            ),
            **pyld_rounds(demo.documents, 10, Checked(signed)),
        },
        rounds,
    )
    return first, second


def key_for_javascript() -> dict[str, str]:
    return {
        "publicKeyMultibase": PUBLIC.multikey,
        "secretKeyMultibase": multibase.encode(b"\x80\x26" + SEED),
    }


def general(rounds: int, quick: bool) -> Taken:
    """Documents of which no two are alike, each signed by itself, and none of them twice."""
    share = 100 if quick else 300
    documents = iter(shapes.unlike(share * (rounds + 1)))
    turn: list[dict[str, Any]] = []

    def ours() -> float:
        turn[:] = islice(documents, share)
        made: list[bytes] = []

        def work() -> int:
            for document in turn:
                signed = data_integrity.sign(
                    document, signer=sign_message, verification_method=METHOD, created=CREATED
                )
                made.append(orjson.dumps(signed))
            return share

        seconds = timed(work)()
        for one in made:
            pyld_peer.verify(one, KEY.public_key())
        return seconds

    def pyld(way: pyld_peer.Way) -> float:
        chosen = turn[:: share // 30]

        def work() -> int:
            for document in chosen:
                pyld_peer.sign(document, KEY, METHOD, CREATED_TEXT, way)
            return len(chosen)

        return timed(work)()

    peers = {name: partial(pyld, way) for name, way in PYLD.items()}
    return interleaved({"ours": ours, **peers}, rounds, swap=False)


def verifying_round(signed: Sequence[bytes], share: int, verify: Callable[[bytes], object]) -> Round:
    starts = turns(len(signed), share)

    def once() -> float:
        start = next(starts)
        chosen = [signed[(start + number) % len(signed)] for number in range(share)]

        def work() -> int:
            for one in chosen:
                verify(one)
            return share

        return timed(work)()

    return once


def refuses(verify: Callable[[bytes], object], signed: Sequence[bytes]) -> None:
    """A contender that lets a changed credential pass has checked nothing."""
    for one in islice(signed, 5):
        try:
            verify(one.replace(b"University", b"Universitx", 1))
        except Exception:  # noqa: S112
            continue
        raise AssertionError("a changed credential was accepted")


def verifying(rounds: int, quick: bool) -> tuple[Taken, Taken]:
    """Checking from the bytes on the wire: our own by their template, and those of others by the general way."""
    size = 60 if quick else 400
    fixture = shapes.pool("ob3-credential-107-quads.json", shapes.FIXTURE_PLACES, size)
    signer = BatchSigner(fixture.template, signer=sign_message, verification_method=METHOD)
    own = [signer.sign(values, CREATED) for values in fixture.values]
    verifier = BatchVerifier([fixture.template], public_key=PUBLIC)

    def verify_own(data: bytes) -> None:
        if not verifier.verify(data):
            raise AssertionError("the template gave no answer")

    def verify_foreign(data: bytes) -> None:
        data_integrity.verify(strict_json.load_object(data), public_key=PUBLIC)

    peers = {name: pyld_verifies(way) for name, way in PYLD.items()}
    for contender in (verify_own, verify_foreign, *peers.values()):
        refuses(contender, own)
    with Peer() as peer:
        peer.ask("setup", key=key_for_javascript(), controller=CONTROLLER)
        texts = [one.decode() for one in own]
        first = interleaved(
            {
                "ours": verifying_round(own, 3000, verify_own),
                **{name: verifying_round(own, 30, verify) for name, verify in peers.items()},
                "digitalbazaar": javascript_round(peer, texts, 40, "verify"),
            },
            rounds,
        )
    share = 100 if quick else 300
    foreign = iter(shapes.held(share * (rounds + 1), achievements=10))
    turn: list[bytes] = []

    def ours() -> float:
        # Made by somebody else, and none is seen twice.
        turn[:] = [pyld_peer.sign(one, KEY, METHOD, CREATED_TEXT) for one in islice(foreign, share)]
        return verifying_round(turn, share, verify_foreign)()

    def pyld(verify: Callable[[bytes], None]) -> float:
        return verifying_round(turn, 30, verify)()

    second = interleaved(
        {"ours": ours, **{name: partial(pyld, verify) for name, verify in peers.items()}}, rounds, swap=False
    )
    return first, second
