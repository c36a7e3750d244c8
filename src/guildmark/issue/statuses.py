"""Status lists: places given at random, bits set with the change itself, lists signed afterwards."""

from __future__ import annotations

import hashlib
import json
import secrets
from array import array
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.issue.models import Award, StatusList
from guildmark.kernel import tasks
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
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


def give_places(org_id: UUID, wanted: int) -> list[tuple[int, int]]:
    """So many shards and free indices in them, drawn at random so that they tell nothing about the order of issue.

    Must run in the transaction that stores the awards: the lists stay locked until it ends.
    """
    newest = Award.objects.for_org(org_id).exclude(status_shard=None).order_by("-status_shard").first()
    shard = newest.status_shard if newest else 0
    given: list[tuple[int, int]] = []
    while len(given) < wanted:
        lists = _lists(org_id, shard)
        taken = Award.objects.for_org(org_id).filter(status_shard=shard)
        room = min(wanted - len(given), CAPACITY - taken.count())
        # A set bit without an award is that of an erased person: its place is never given again.
        bits = [Bitstring(bytes(row.bits)) for row in lists]
        # Dicts keep the order of drawing; a set would bring the numbers into an order of its own.
        chosen: dict[int, None] = {}
        while len(chosen) < room:
            drawn = dict.fromkeys(_draw((room - len(chosen)) * 5 // 4 + 16))
            used = set(taken.filter(status_index__anyof=drawn).values_list("status_index", flat=True))
            for index in drawn:
                if len(chosen) < room and index not in used and not any(one.get(index) for one in bits):
                    chosen.setdefault(index)
        given += [(shard, index) for index in chosen]
        shard += 1
    return given


def _draw(count: int) -> list[int]:
    """So many numbers below the length of a list, each as likely as the others, for that is a power of two."""
    return [number & (MINIMUM_ENTRIES - 1) for number in array("I", secrets.token_bytes(4 * count))]


def place_of(award: Award) -> int:
    """The index of an award in its lists; every award gets one when it is approved."""
    if award.status_index is None:
        raise ValueError("the award has no place in a status list")
    return award.status_index


def list_urls(org_id: UUID, shard: int | None) -> dict[str, str]:
    """The addresses of the lists of a shard, by purpose."""
    rows = StatusList.objects.for_org(org_id).filter(shard=shard).defer("bits", "body")
    return {row.purpose: list_url(row) for row in rows}


def entries(award: Award, urls: Mapping[str, str]) -> tuple[StatusSpec, ...]:
    """Both places of an award, as its document names them; ``urls`` are those of its shard."""
    return tuple(StatusSpec(urls[purpose], place_of(award), purpose) for purpose in PURPOSES)


def specs(award: Award) -> tuple[StatusSpec, ...]:
    """Both places of an award, as its document names them."""
    return entries(award, list_urls(award.org_id, award.status_shard))


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
        raise NotFound(said("There is no such status list."))
    return row if is_fresh(row) else publish(row)


def mark_all_stale(org_id: UUID) -> None:
    """Have every list signed again, because the key that signed them signs no more."""
    StatusList.objects.for_org(org_id).update(signed_epoch=-1)


def publish_stale() -> None:
    """Sign every list whose signed form is stale or about to run out."""
    for row in StatusList.objects.across_orgs("the sweep over all lists").defer("bits", "body"):
        if not is_fresh(row):
            publish(StatusList.objects.for_org(row.org_id).get(id=row.id))
