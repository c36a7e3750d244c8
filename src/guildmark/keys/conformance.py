"""Keys of the conformance faces: the only door through which a face can sign, and it leads to no issuer's key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from guildmark.config import load
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import NotFound
from guildmark.kernel.words import said
from guildmark.keys import custody
from guildmark.keys.models import ConformanceKey
from guildmark.protocol.keys import Kind, PublicKey


@dataclass(frozen=True)
class ConformanceSigner:
    """The right to sign with one key of the faces. ``did`` is its did:key, ``sign`` gives raw signatures."""

    kind: Kind
    did: str
    verification_method: str
    sign: Callable[[bytes], bytes]


def signer(kind: Kind) -> ConformanceSigner:
    """The signer of a kind, its key made on first use. NotFound where the faces are off."""
    if not load().vc_api:
        raise NotFound(
            said("The conformance faces are off."),
            mend=said("Set GUILDMARK_VC_API=1 on a test installation."),
        )
    row = ConformanceKey.objects.filter(kind=kind).first()
    if row is None:
        try:
            with transaction.atomic():
                row = _make(kind)
        except IntegrityError:
            # Another process made it in the meantime.
            row = ConformanceKey.objects.get(kind=kind)
    key_id, sealed = row.id, bytes(row.sealed)
    did = f"did:key:{row.public_multibase}"
    return ConformanceSigner(
        kind=kind,
        did=did,
        verification_method=f"{did}#{row.public_multibase}",
        sign=lambda message: custody.sign_conformance(key_id, sealed, kind, message),
    )


def _make(kind: Kind) -> ConformanceKey:
    key_id = uuid7()
    public, sealed = custody.generate_conformance(key_id, kind)
    return ConformanceKey.objects.create(
        id=key_id, kind=kind, public_multibase=PublicKey(kind, public).multikey, sealed=sealed
    )
