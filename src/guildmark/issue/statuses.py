"""Status lists: places given at random, bits set with the change itself, lists signed afterwards."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.issue.models import Award, StatusList
from guildmark.kernel import tasks
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import absolute
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.protocol.openbadges.v3 import StatusSpec
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.status.bitstring import MINIMUM_ENTRIES, Bitstring, build_list

PURPOSES = ("revocation", "suspension")
# Half of a shard stays free, so that a random place is found in two tries on average.
CAPACITY = MINIMUM_ENTRIES // 2
TTL_SECONDS = 300
LIFETIME = timedelta(days=7)
REFRESH_AFTER = timedelta(days=3)
CLOCK_SKEW = timedelta(minutes=5)
PUBLISH = "issue.publish_status"


def list_url(row: StatusList) -> str:
    return absolute(f"/status/{row.public_id}")


def _lists(org_id: UUID, shard: int) -> list[StatusList]:
    """The lists of a shard, made if they are not there, locked so that places are given one after another."""
    for purpose in PURPOSES:
        if not StatusList.objects.for_org(org_id).filter(shard=shard, purpose=purpose).exists():
            try:
                with transaction.atomic():
                    StatusList.objects.create(
                        org_id=org_id, shard=shard, purpose=purpose, bits=bytes(MINIMUM_ENTRIES // 8)
                    )
            except IntegrityError:
                continue
    return list(
        StatusList.objects.for_org(org_id).select_for_update().filter(shard=shard).order_by("purpose")
    )


def give_place(org_id: UUID) -> tuple[int, int]:
    """A shard and a free index in it, drawn at random so that it tells nothing about the order of issue."""
    newest = Award.objects.for_org(org_id).exclude(status_shard=None).order_by("-status_shard").first()
    shard = newest.status_shard if newest else 0
    lists = _lists(org_id, shard)
    taken = Award.objects.for_org(org_id).filter(status_shard=shard)
    if taken.count() >= CAPACITY:
        shard += 1
        lists = _lists(org_id, shard)
        taken = Award.objects.for_org(org_id).filter(status_shard=shard)
    bits = [Bitstring(bytes(row.bits)) for row in lists]
    while True:
        index = secrets.randbelow(MINIMUM_ENTRIES)
        # A set bit without an award is that of an erased person: its place is never given again.
        if not any(one.get(index) for one in bits) and not taken.filter(status_index=index).exists():
            return shard, index


def place_of(award: Award) -> int:
    """The index of an award in its lists; every award gets one when it is approved."""
    if award.status_index is None:
        raise ValueError("the award has no place in a status list")
    return award.status_index


def specs(award: Award) -> tuple[StatusSpec, ...]:
    """Both places of an award, as its document names them."""
    rows = StatusList.objects.for_org(award.org_id).filter(shard=award.status_shard).defer("bits", "body")
    found = {row.purpose: list_url(row) for row in rows}
    return tuple(StatusSpec(found[purpose], place_of(award), purpose) for purpose in PURPOSES)


def set_bit(award: Award, purpose: str, value: bool) -> None:
    """Set or clear the bit of an award, inside the transaction of the change. The list is signed right after."""
    rows = StatusList.objects.for_org(award.org_id).select_for_update()
    row = rows.get(shard=award.status_shard, purpose=purpose)
    bits = Bitstring(bytes(row.bits))
    if bits.get(place_of(award)) == value:
        return
    bits.set(place_of(award), value)
    row.bits, row.epoch = bytes(bits.data), row.epoch + 1
    row.save(update_fields=["bits", "epoch"])
    tasks.enqueue(PUBLISH, {"list": str(row.id)}, org_id=award.org_id, key=f"{PUBLISH}:{row.id}:{row.epoch}")


def is_fresh(row: StatusList) -> bool:
    """Whether the signed form tells the present bits and is not about to run out (or from a later clock)."""
    moment = now()
    if row.published_at is None or row.signed_epoch != row.epoch:
        return False
    return row.published_at <= moment < row.published_at + REFRESH_AFTER


def publish(row: StatusList) -> StatusList:
    """Sign the present bits. When somebody changes them meanwhile, the result is theirs to publish."""
    org = people.organisation(row.org_id)
    signer = keys.signer(row.org_id)
    moment = now()
    document = build_list(
        url=list_url(row),
        issuer=keys.issuer_id(org.slug),
        purpose=row.purpose,
        bits=Bitstring(bytes(row.bits)),
        # Whoever reads it the moment it is signed may have a clock that is a little behind.
        valid_from=moment - CLOCK_SKEW,
        valid_until=moment + LIFETIME,
        ttl_seconds=TTL_SECONDS,
    )
    signed = data_integrity.sign(
        document, signer=signer.sign, verification_method=signer.verification_method, created=moment
    )
    body = json.dumps(signed, ensure_ascii=False).encode()
    etag = hashlib.sha256(body).hexdigest()
    StatusList.objects.for_org(row.org_id).filter(id=row.id, epoch=row.epoch).update(
        body=body, etag=etag, published_at=moment, signed_epoch=row.epoch
    )
    row.body, row.etag, row.published_at, row.signed_epoch = body, etag, moment, row.epoch
    return row


def current(public_id: UUID) -> StatusList:
    """The list behind a public address, signed anew when stale: a GET never tells the past."""
    rows = StatusList.objects.across_orgs("status lists are public")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such status list.")
    return row if is_fresh(row) else publish(row)


def mark_all_stale(org_id: UUID) -> None:
    """Have every list signed again, because the key that signed them signs no more."""
    StatusList.objects.for_org(org_id).update(signed_epoch=-1)


def publish_stale() -> None:
    """Sign every list whose signed form is stale or about to run out."""
    for row in StatusList.objects.across_orgs("the sweep over all lists").defer("bits", "body"):
        if not is_fresh(row):
            publish(StatusList.objects.for_org(row.org_id).get(id=row.id))
