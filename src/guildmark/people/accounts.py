"""How allauth and our people meet."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import email_confirmed
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest

from guildmark.kernel.problems import Invalid
from guildmark.kernel.web import told
from guildmark.people.actions import adopt_learners
from guildmark.people.policies import clean_email


class AccountAdapter(DefaultAccountAdapter):
    """Addresses are kept in one form; a proven address brings the learner records with it."""

    def clean_email(self, email: str) -> str:
        try:
            return clean_email(email)
        except Invalid as error:
            raise ValidationError(told(error)) from error

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True


@receiver(email_confirmed)
def on_email_confirmed(request: HttpRequest, email_address: Any, **_: object) -> None:
    adopt_learners(email_address.user_id)
