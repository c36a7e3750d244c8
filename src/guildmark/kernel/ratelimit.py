"""Rate limits in the database, so that they hold over all processes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from guildmark.kernel.clock import now
from guildmark.kernel.crypto import keyed_hash
from guildmark.kernel.models import RateBucket
from guildmark.kernel.problems import RateLimited


def hit(door: str, caller: str, *, limit: int, per: int) -> None:
    """Count one use of ``door`` by ``caller``; RateLimited once ``limit`` uses in ``per`` seconds are spent."""
    moment = int(now().timestamp())
    window = moment // per
    key = f"{door}:{keyed_hash(caller, purpose='rate')[:40]}"
    with transaction.atomic():
        RateBucket.objects.get_or_create(key=key, defaults={"window": window})
        row = RateBucket.objects.select_for_update().get(key=key)
        if row.window != window:
            RateBucket.objects.filter(key=key).update(window=window, count=1)
            return
        if row.count < limit:
            RateBucket.objects.filter(key=key).update(count=F("count") + 1)
            return
    wait = (window + 1) * per - moment
    error = RateLimited(
        f"This was tried {limit} times within {per} seconds.", mend=f"Wait {wait} seconds, then try again."
    )
    error.retry_after = wait
    raise error
