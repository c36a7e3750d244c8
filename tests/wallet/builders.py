"""Mailed links, read from the messages that a test has sent."""

from __future__ import annotations

import re
from uuid import UUID

from django.core import mail
from django.test import Client

from guildmark.kernel import tasks
from guildmark.people.models import User


def mailed_tokens() -> list[str]:
    """Tokens of the claim links in all messages so far, oldest first."""
    tasks.run_until_idle()
    return [
        token for message in mail.outbox for token in re.findall(r"/claim/([\w-]{20,})", str(message.body))
    ]


def sign_in(client: Client, user_id: UUID) -> None:
    client.force_login(User.objects.get(id=user_id))
