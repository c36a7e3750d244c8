"""Rate limits in the database, so that they hold over all processes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from guildmark.kernel.clock import now
from guildmark.kernel.crypto import keyed_hash
from guildmark.kernel.models import RateBucket
from guildmark.kernel.problems import RateLimited
from guildmark.kernel.tasks import sweep


def hit(door: str, caller: str, *, limit: int, per: int) -> None:
    """Count one use of ``door`` by ``caller``; RateLimited once ``limit`` uses in ``per`` seconds are spent."""
    moment = int(now().timestamp())
    window = moment // per
    ends = (window + 1) * per
    key = f"{door}:{keyed_hash(caller, purpose='rate')[:40]}"
    with transaction.atomic():
        RateBucket.objects.get_or_create(key=key, defaults={"window": window, "ends": ends})
        row = RateBucket.objects.select_for_update().get(key=key)
        if row.window != window:
            RateBucket.objects.filter(key=key).update(window=window, count=1, ends=ends)
            return
        if row.count < limit:
            RateBucket.objects.filter(key=key).update(count=F("count") + 1)
            return
    wait = ends - moment
    error = RateLimited(
        f"This was tried {limit} times within {span(per)}.", mend=f"Wait {span(wait)}, then try again."
    )
    error.retry_after = wait
    raise error


@sweep("kernel.rate_buckets", every=timedelta(hours=1))
def forget_ended() -> None:
    """Drop what was counted in windows that are over: one row for every caller of every door otherwise stays."""
    RateBucket.objects.filter(ends__lte=int(now().timestamp())).delete()


def span(seconds: int) -> str:
    """A length of time as people say it; minutes and hours are rounded up, so that nobody waits too short."""
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = -(-seconds // size)
            return f"1 {word}" if number == 1 else f"{number} {word}s"
    return "1 second" if seconds == 1 else f"{seconds} seconds"
