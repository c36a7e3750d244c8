"""Claiming and the shelf in the browser's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from guildmark.issue import queries as issue
from guildmark.kernel import clock
from guildmark.people import actions as people
from guildmark.wallet import actions, queries
from tests.issue.builders import issued
from tests.wallet.builders import mailed_tokens, sign_in

pytestmark = pytest.mark.django_db


def test_looking_claims_nothing(client, org):
    view = issued(org)
    [token] = mailed_tokens()
    page = client.get(reverse("claim", args=[token]))
    assert page.status_code == 200
    assert view.title in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert issue.credential(view.public_id).claimed_at is None


def test_it_is_claimed_without_an_account(client, org):
    view = issued(org)
    [token] = mailed_tokens()
    address = reverse("claim", args=[token])
    for _ in range(2):
        answer = client.post(address, {"do": "show", "visibility": "public", "shown_name": "on"})
        assert (answer.status_code, answer["Location"]) == (303, address)
    page = client.get(address).content.decode()
    assert issue.credential(view.public_id).claimed_at is not None
    assert f"/c/{view.public_id}.json" in page
    assert "linkedin.com/profile/add?" in page
    assert view.human_code in page


def test_a_wrong_choice_stays_on_the_form(client, org):
    issued(org)
    [token] = mailed_tokens()
    answer = client.post(reverse("claim", args=[token]), {"do": "show", "visibility": "secret"})
    assert answer.status_code == 422


def test_ended_links_say_why(client, org):
    view = issued(org)
    [token] = mailed_tokens()
    address = reverse("claim", args=[token])
    assert client.get(reverse("claim", args=["y" * 43])).status_code == 404
    with clock.at(clock.now() + timedelta(days=91)):
        assert b"run out" in client.get(address).content
        assert client.post(address).status_code == 200
    actions.revoke_links(org_id=org.id, public_id=view.public_id)
    assert client.get(address).status_code == 410


def test_a_lost_link_is_asked_for_in_the_same_words_for_everybody(client, org):
    view = issued(org)
    mailed_tokens()
    address = reverse("claim_lost")
    assert client.get(address).status_code == 200
    known = client.post(address, {"email": view.holder_email})
    unknown = client.post(address, {"email": "nobody@example.org"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert len(mailed_tokens()) == 2


def test_an_account_from_the_link_is_signed_in(client, org):
    view = issued(org)
    [token] = mailed_tokens()
    client.post(reverse("claim", args=[token]), {"do": "show", "visibility": "public"})
    weak = client.post(reverse("claim", args=[token]), {"do": "account", "password": "short"})
    assert weak.status_code == 422
    answer = client.post(reverse("claim", args=[token]), {"do": "account", "password": "four words make one"})
    assert answer["Location"] == reverse("shelf")
    assert view.title in client.get(reverse("shelf")).content.decode()


def test_the_shelf_lists_and_opens_with_few_queries(client, org, other_org, django_assert_max_num_queries):
    views = [issued(org), issued(other_org)]
    user_id = people.create_user(email=views[0].holder_email, name="Ada", password="x" * 12, verified=True)
    sign_in(client, user_id)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("shelf"))
    assert page.content.decode().count('class="card"') == 2
    with django_assert_max_num_queries(25):
        assert client.get(reverse("shelf_credential", args=[views[0].public_id])).status_code == 200


def test_the_shelf_page_changes_what_is_shown(client, org):
    view = issued(org)
    user_id = people.create_user(email=view.holder_email, name="Ada", password="x" * 12, verified=True)
    sign_in(client, user_id)
    address = reverse("shelf_credential", args=[view.public_id])
    item = queries.evidence_choices(view)[0].id
    answer = client.post(address, {"do": "show", "visibility": "private", "shown_evidence": [item]})
    assert answer.status_code == 303
    after = issue.credential(view.public_id)
    assert (after.visibility, after.shown_evidence) == ("private", frozenset({item}))
    held = queries.holding(after)
    client.logout()
    assert client.get(f"/c/{view.public_id}.json").status_code == 404
    assert client.get(f"/c/{view.public_id}.json{held.suffix}").status_code == 200
    sign_in(client, user_id)
    client.post(address, {"do": "link"})
    assert client.get(f"/c/{view.public_id}.json{held.suffix}").status_code == 404


def test_an_empty_shelf_teaches(client, org):
    sign_in(client, org.owner_id)
    assert b"No credential yet" in client.get(reverse("shelf")).content


def test_the_shelf_of_others_is_not_there(client, org, other_org):
    view = issued(org)
    address = reverse("shelf_credential", args=[view.public_id])
    assert client.get(address).status_code == 302
    for user_id in (other_org.owner_id, org.owner_id):
        sign_in(client, user_id)
        assert client.get(address).status_code == 404
        assert client.post(address, {"do": "link"}).status_code == 404


def test_the_studio_shows_the_claim_and_mends_the_address(client, org, other_org):
    view = issued(org)
    mailed_tokens()
    address = reverse("credential_claim", args=[org.slug, view.public_id])
    sign_in(client, org.owner_id)
    assert view.holder_email in client.get(address).content.decode()
    assert client.post(address, {"do": "resend"}).status_code == 303
    kept = client.post(address, {"do": "address", "email": "no address"})
    assert kept.status_code == 422
    assert b"no address" in kept.content
    assert client.post(address, {"do": "address", "email": "right@learner.example"}).status_code == 303
    sign_in(client, other_org.owner_id)
    assert client.get(address).status_code == 404
    assert client.get(reverse("credential_claim", args=[other_org.slug, view.public_id])).status_code == 404
    sign_in(client, org.member("designer").id)
    assert client.get(address).status_code == 403
