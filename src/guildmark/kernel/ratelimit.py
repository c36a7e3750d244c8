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
from guildmark.kernel.words import numbered, said


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
        said("This was tried {n} times within {time}.", n=limit, time=span(per)),
        mend=said("Wait {time}, then try again.", time=span(wait)),
    )
    error.retry_after = wait
    raise error


@sweep("kernel.rate_buckets", every=timedelta(hours=1))
def forget_ended() -> None:
    """Drop what was counted in windows that are over: one row for every caller of every door otherwise stays."""
    RateBucket.objects.filter(ends__lte=int(now().timestamp())).delete()


def span(seconds: int) -> str:
    """A length of time as people say it; minutes and hours are rounded up, so that nobody waits too short."""
    if seconds >= 3600:
        return numbered("1 hour", "{n} hours", n=-(-seconds // 3600))
    if seconds >= 60:
        return numbered("1 minute", "{n} minutes", n=-(-seconds // 60))
    return numbered("1 second", "{n} seconds", n=seconds)
