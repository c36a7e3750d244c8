"""The first start."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guildmark.config import load
from guildmark.people import actions as people_actions
from guildmark.people import queries as people
from guildmark.site import setup
from tests.notify.server import free_port, smtp_server
from tests.people.builders import Org

pytestmark = pytest.mark.django_db
ORG = {"name": "Northlamp Academy", "slug": "northlamp"}
OWNER = {"name": "Ada", "email": "ada@northlamp.example", "password": "four words make one"}


@pytest.fixture
def allowed(client):
    assert client.get(reverse("setup"), {"token": setup.setup_token()})["Location"] == reverse("setup")
    return client


def test_without_the_token_nothing_can_be_begun(client):
    assert "Show that this server is yours" in client.get(reverse("setup")).content.decode()
    for name, data in (("setup", ORG), ("setup_owner", OWNER)):
        client.post(reverse(name), data)
    assert client.get(reverse("setup"), {"token": "guess"}).status_code == 403
    assert not people.is_set_up()


def test_guessing_the_token_is_limited(client):
    answers = [client.post(reverse("setup"), {"token": f"guess{n}"}).status_code for n in range(12)]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_it_leads_to_a_signed_in_owner(allowed):
    assert allowed.post(reverse("setup"), ORG)["Location"] == reverse("setup_owner")
    assert "did:web:localhost%3A8000:o:northlamp" in allowed.get(reverse("setup_owner")).content.decode()
    assert allowed.post(reverse("setup_owner"), OWNER)["Location"] == reverse("setup_mail")
    page = allowed.get(reverse("setup_mail")).content.decode()
    assert "Northlamp Academy" in page
    assert "http://localhost:8000" in page
    [org] = people.organisations()
    [member] = people.members(org.id)
    assert (org.slug, member.email, member.roles) == ("northlamp", "ada@northlamp.example", ("owner",))
    assert not (load().data_dir / "setup.token").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({**ORG, "slug": "North Lamp"}, "cannot be part of an address"),
        ({**ORG, "slug": "api"}, "cannot be part of an address"),
        ({**ORG, "name": "Evil\u202egnp"}, "hidden direction mark"),
        ({**ORG, "name": "x" * 10_000}, "the limit is 200"),
        ({**ORG, "name": ""}, "required"),
    ],
)
def test_a_refused_organisation_is_kept_on_the_form(allowed, data, words):
    answer = allowed.post(reverse("setup"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{data["slug"]}"' in answer.content.decode()


@pytest.mark.parametrize(
    "change", [{"password": "short"}, {"password": "ada@northlamp.example"}, {"email": "ada"}]
)
def test_a_refused_owner_leaves_nothing(allowed, change):
    allowed.post(reverse("setup"), ORG)
    assert allowed.post(reverse("setup_owner"), {**OWNER, **change}).status_code == 422
    assert not people.is_set_up()
    assert not people.has_account("ada@northlamp.example")


def test_a_taken_address_leaves_nothing(allowed):
    people_actions.create_user(email=OWNER["email"], password="x" * 12)
    allowed.post(reverse("setup"), ORG)
    answer = allowed.post(reverse("setup_owner"), OWNER)
    assert answer.status_code == 422
    assert "already an account" in answer.content.decode()
    assert not people.is_set_up()


def test_once_set_up_it_is_gone(allowed):
    Org("first")
    for name in ("setup", "setup_owner"):
        assert allowed.get(reverse(name)).status_code == 404
        assert allowed.post(reverse(name), ORG).status_code == 404
    assert allowed.get(reverse("setup_mail")).status_code == 302


def test_the_mail_test_says_what_the_server_said(allowed, settings):
    allowed.post(reverse("setup"), ORG)
    allowed.post(reverse("setup_owner"), OWNER)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert "connection was refused" in allowed.post(reverse("setup_mail")).content.decode()
    with smtp_server(settings.EMAIL_PORT) as box:
        assert "took the message" in allowed.post(reverse("setup_mail")).content.decode()
    assert box.taken[0]["To"] == OWNER["email"]


def test_only_owners_test_the_mail(client):
    org = Org("first")
    from guildmark.people.models import User

    client.force_login(User.objects.get(id=org.member("designer").id))
    assert client.get(reverse("setup_mail")).status_code == 404
