"""The page of what was sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guildmark.kernel import tasks
from guildmark.notify import queries
from guildmark.people import actions as people

pytestmark = pytest.mark.django_db


def sign_in(client, org, user_id):
    from guildmark.people.models import User

    client.force_login(User.objects.get(id=user_id))


def send_some(org, count):
    for number in range(count):
        people.invite(by=org.owner, org_id=org.id, email=f"p{number}@example.org", roles=["assessor"])
    tasks.run_until_idle()


def test_it_lists_what_was_sent(client, org):
    send_some(org, 2)
    sign_in(client, org, org.owner_id)
    page = client.get(reverse("mail", args=[org.slug]))
    assert page.status_code == 200
    assert b"p1@example.org" in page.content
    assert b"Sent" in page.content


def test_a_long_list_costs_few_queries(client, org, django_assert_max_num_queries):
    send_some(org, 60)
    sign_in(client, org, org.owner_id)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("mail", args=[org.slug]))
    assert b"1 to 50 of 60" in page.content


def test_an_empty_list_teaches(client, org):
    sign_in(client, org, org.owner_id)
    page = client.get(reverse("mail", args=[org.slug]))
    assert b"Nothing was sent yet" in page.content


def test_it_sends_again_and_goes_back(client, org):
    send_some(org, 1)
    [mail] = queries.mails(org.id)
    sign_in(client, org, org.owner_id)
    address = reverse("mail_resend", args=[org.slug, mail.id])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"to": ""})
    assert (answer.status_code, answer["Location"]) == (303, reverse("mail", args=[org.slug]))
    assert queries.mail(org.id, mail.id).state == "queued"


def test_a_refused_address_is_kept_on_the_form(client, org):
    send_some(org, 1)
    [mail] = queries.mails(org.id)
    sign_in(client, org, org.owner_id)
    answer = client.post(reverse("mail_resend", args=[org.slug, mail.id]), {"to": "other@example.org"})
    assert answer.status_code == 422
    assert b"belongs to p0@example.org" in answer.content


def test_others_see_nothing(client, org, other_org):
    send_some(org, 1)
    [mail] = queries.mails(org.id)
    addresses = [reverse("mail", args=[org.slug]), reverse("mail_resend", args=[org.slug, mail.id])]
    for address in addresses:
        assert client.get(address).status_code == 302
    sign_in(client, other_org, other_org.owner_id)
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.get(reverse("mail_resend", args=[other_org.slug, mail.id])).status_code == 404
    sign_in(client, org, org.member("designer").id)
    for address in addresses:
        assert client.get(address).status_code == 403
