"""Writes of signing keys."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import Forbidden, Invalid, NotFound
from guildmark.kernel.words import said
from guildmark.keys import custody, queries
from guildmark.keys.models import SigningKey
from guildmark.keys.states import KEY
from guildmark.keys.types import KeyView
from guildmark.protocol.keys import Kind, PublicKey

#: What a key is for, and the kind of key that goes with it.
PURPOSES: dict[str, Kind] = {"credential": "Ed25519", "token": "P-256", "log": "Ed25519"}
PURPOSE = "credential"
LOG = "log"
JWT = "token"
REASON_LIMIT = 500


def _make(org_id: UUID, by: Actor, purpose: str = PURPOSE) -> SigningKey:
    key_id, kind = uuid7(), PURPOSES[purpose]
    public, sealed = custody.generate(key_id, kind)
    row: SigningKey = SigningKey.objects.create(
        id=key_id,
        org_id=org_id,
        public_multibase=PublicKey(kind, public).multikey,
        sealed=sealed,
        purpose=purpose,
        created_at=now(),
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="keys.key_made",
        subject_type="key",
        subject_id=row.id,
        data={"public": row.public_multibase, "purpose": purpose},
    )
    return row


def ensure_active_key(org_id: UUID, purpose: str = PURPOSE) -> KeyView:
    """The key that signs for the organisation, made if there is none. Safe to call from several processes."""
    row = SigningKey.objects.for_org(org_id).filter(purpose=purpose, state="active").first()
    if row is None:
        try:
            with transaction.atomic():
                row = _make(org_id, SYSTEM, purpose)
        except IntegrityError:
            # Another process made it in the meantime.
            row = SigningKey.objects.for_org(org_id).get(purpose=purpose, state="active")
    return queries.key_view(row)


def _require_person(by: Actor, org_id: UUID) -> None:
    by.require(org_id, "owner")
    if by.kind == "key":
        raise Forbidden(said("An API key cannot change signing keys."), mend=said("Do it in the browser."))


@transaction.atomic
def rotate(*, by: Actor, org_id: UUID) -> KeyView:
    """Sign with new keys from now on. The old ones stay published and still verify what they signed."""
    _require_person(by, org_id)
    rows = SigningKey.objects.for_org(org_id).select_for_update().filter(state__in=["active", "retiring"])
    purposes = {PURPOSE}
    for row in rows:
        purposes.add(row.purpose)
        wanted = "retiring" if row.state == "active" else "retired"
        KEY.check(row.state, wanted)
        row.state = wanted
        row.retired_at = row.retired_at or now()
        row.save(update_fields=["state", "retired_at"])
    made = {purpose: _make(org_id, by, purpose) for purpose in sorted(purposes)}
    fresh = made[PURPOSE]
    audit.record(org_id=org_id, by=by, action="keys.rotated", subject_type="key", subject_id=fresh.id)
    outbox.emit(org_id, "keys.rotated", {"key": str(fresh.id)})
    return queries.key_view(fresh)


@transaction.atomic
def mark_compromised(*, by: Actor, org_id: UUID, key_id: UUID, reason: str) -> KeyView:
    """Take a key out of the issuer's documents; nothing that it signed verifies any more.

    A new key is made when it was the active one. Returns the key that was marked.
    """
    _require_person(by, org_id)
    words = reason.strip()
    if not words or len(words) > REASON_LIMIT:
        raise Invalid(
            said("A reason of 1 to {most} characters is needed.", most=str(REASON_LIMIT)),
            field="reason",
            mend=said("Say what happened to the key."),
        )
    row = SigningKey.objects.for_org(org_id).select_for_update().filter(id=key_id).first()
    if row is None:
        raise NotFound(said("There is no such key."))
    KEY.check(row.state, "compromised")
    was_active = row.state == "active"
    row.state, row.compromised_at, row.compromise_reason = "compromised", now(), words
    row.save(update_fields=["state", "compromised_at", "compromise_reason"])
    audit.record(org_id=org_id, by=by, action="keys.compromised", subject_type="key", subject_id=row.id)
    if was_active:
        _make(org_id, by, row.purpose)
    outbox.emit(org_id, "keys.compromised", {"key": str(row.id)})
    return queries.key_view(row)
