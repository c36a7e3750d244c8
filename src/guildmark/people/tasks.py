"""Sweeps of this room."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from guildmark.kernel.clock import now
from guildmark.kernel.tasks import sweep


@sweep("people.sessions", every=timedelta(hours=6))
def forget_expired_sessions() -> None:
    """Drop sessions that ended: nobody can use them, and they hold whose they were."""
    Session.objects.filter(expire_date__lt=now()).delete()
