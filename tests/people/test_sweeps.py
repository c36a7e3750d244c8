"""What of a visit is kept no longer than it is of use."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client

from guildmark.kernel import clock, tasks
from guildmark.people.models import User


def test_sessions_that_ended_are_swept_and_those_in_use_are_not(org) -> None:
    def signed_in() -> str:
        browser = Client()
        browser.force_login(
            User.objects.get(id=org.owner_id), "allauth.account.auth_backends.AuthenticationBackend"
        )
        return str(browser.session.session_key)

    ended, used = signed_in(), signed_in()
    moment = clock.now()
    Session.objects.filter(session_key=ended).update(expire_date=moment - timedelta(seconds=1))
    tasks.run_sweeps(force=True)
    left = set(Session.objects.values_list("session_key", flat=True))
    assert used in left
    assert ended not in left
