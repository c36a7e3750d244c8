"""Mails about accounts: in our words, with what is needed to go on, and nothing that shouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from guildmark import people
from tests.people.builders import PASSWORD, Org

pytestmark = pytest.mark.django_db

MAILS = Path(people.__file__).parent / "templates" / "account" / "email"


def sent(subject: str) -> Any:
    (found,) = [one for one in mail.outbox if one.subject == subject]
    assert "!" not in found.body
    assert "Sent by Guildmark at" in found.body
    return found


def test_a_forgotten_password_leads_to_a_new_one(org: Org, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "owner@northlamp.example"})
    body = sent("Choose a new password").body
    (link,) = [line for line in body.splitlines() if "/accounts/password/reset/key/" in line]
    page = client.get(link.split("localhost:8000", 1)[-1].split("testserver", 1)[-1], follow=True)
    fresh = "a-new-long-password-9"
    client.post(page.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    sent("Your password was changed")
    assert not Client().login(email="owner@northlamp.example", password=PASSWORD)
    assert Client().login(email="owner@northlamp.example", password=fresh)


def test_an_address_without_an_account_is_told_so_by_mail_only(org: Org, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "nobody@elsewhere.example"})
    assert "nobody@elsewhere.example" in sent("There is no account with this address").body


def test_a_code_to_sign_in_arrives(org: Org, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": "owner@northlamp.example"})
    assert "Type this code" in sent("Your code to sign in").body


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in MAILS.glob("*_message.txt") if path.stem != "base_message")
)
def test_every_mail_has_words_and_a_subject_of_one_line(name: str) -> None:
    given = {
        "code": "7F3K",
        "email": "ada@mail.example",
        "from_email": "a@b.example",
        "to_email": "c@d.example",
    }
    body = render_to_string(f"account/email/{name}.txt", given)
    assert len(body.split()) > 8
    assert "!" not in body
    subject = render_to_string(f"account/email/{name.removesuffix('_message')}_subject.txt").strip()
    assert subject
    assert "\n" not in subject
