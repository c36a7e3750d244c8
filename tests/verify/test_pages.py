"""``/verify`` in the browser's place: what is given, what is answered, what is kept when something is
wrong.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildmark.config import load
from guildmark.issue import actions as issue
from guildmark.protocol.openbadges.v3 import RecipientSpec
from guildmark.verify import pages
from guildmark.verify.own import own_document
from tests.issue.builders import holder, issued
from tests.verify.samples import EMAIL, SALT, Academy, hash_email, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(org: Any) -> Any:
    return issued(org)


def post(client: Client, **fields: Any) -> Any:
    return client.post("/verify", fields)


def test_the_form_offers_a_file_a_text_and_an_address(client: Client) -> None:
    page = client.get("/verify?url=https://academy.example/c/1").content.decode()

    for name in ("file", "text", "url", "recipient"):
        assert f'name="{name}"' in page
    assert "https://academy.example/c/1" in page


def test_our_own_credential_is_valid_by_file(client: Client, credential: Any) -> None:
    answer = post(client, file=SimpleUploadedFile("badge.json", credential.body))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-state="valid"' in page
    assert "Valid" in page
    claim = json.loads(credential.body)["credentialSubject"]["achievement"]["description"]
    four = page.split('<dl class="four">', 1)[1].split("</dl>", 1)[0]
    assert claim in page
    assert claim not in four


def test_our_own_credential_is_valid_by_address_without_a_socket(
    client: Client, credential: Any, org: Any
) -> None:
    issue.set_disclosure(
        by=holder(credential), org_id=org.id, public_id=credential.public_id, visibility="public"
    )

    answer = post(client, url=f"{load().base_url}{credential.path}")

    assert 'data-state="valid"' in answer.content.decode()


def test_an_address_of_ours_that_serves_nothing_is_explained(client: Client) -> None:
    url = f"{load().base_url}/c/00000000-0000-4000-8000-000000000000"

    answer = post(client, url=url)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no public credential" in page
    assert url in page


def test_a_changed_credential_is_shown_as_changed_and_its_claim_as_unproven(
    client: Client, credential: Any
) -> None:
    document = json.loads(credential.body)
    document["credentialSubject"]["achievement"]["description"] = "Walks on water."

    page = post(client, text=json.dumps(document)).content.decode()

    assert 'data-state="tampered"' in page
    assert "<h1>Changed after signing</h1>" in page
    assert "Not proven: anybody can write this." in page


def test_the_holder_is_compared_by_address(client: Client, credential: Any) -> None:
    right = post(client, text=credential.body.decode(), recipient=credential.holder_email).content.decode()
    wrong = post(client, text=credential.body.decode(), recipient="somebody@else.example").content.decode()

    assert "was given to the address that you typed" in right
    assert "was given to another address" in wrong


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Give a file, a text or an address."),
        ({"text": "{}", "url": "https://academy.example/c/1"}, "Give only one"),
        ({"url": "ftp://academy.example/c/1"}, "begins with https://"),
        ({"url": "http://169.254.169.254/latest"}, "private network"),
        ({"text": "{}", "recipient": "no address"}, "e"),
    ],
)
def test_mistakes_are_named_and_what_was_typed_is_kept(
    client: Client, fields: dict[str, str], words: str
) -> None:
    answer = post(client, **fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    for value in fields.values():
        assert value in page


def test_text_that_is_no_credential_gets_its_verdict(client: Client) -> None:
    page = post(client, text="hello").content.decode()

    assert 'data-state="malformed"' in page
    assert "Cannot be read" in page


def test_more_than_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post("/verify", {"file": SimpleUploadedFile("big.png", b"x" * 14_000_000)})

    assert answer.status_code == 413
    assert "12 MB" in answer.content.decode()


def test_a_long_text_is_refused_in_words(client: Client) -> None:
    answer = post(client, text="x" * 7_000_000)

    assert answer.status_code == 413
    assert "12 MB" in answer.content.decode()


def test_hostile_names_are_shown_as_text(client: Client) -> None:
    academy = Academy()
    name = "<script>alert(1)</script>\u202egnp"
    recipient = RecipientSpec(hash_email(EMAIL, SALT), SALT, name=name)
    document = academy.credential(recipient=recipient)

    page = client.post(
        "/verify", {"file": SimpleUploadedFile('"><img src=x>\u202e.json', text(document))}
    ).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "\u202e" not in page.partition("<textarea")[0]


def test_too_many_checks_from_one_address_must_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "CHECKS_A_MINUTE", 0)

    answer = post(client, text="hello")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "hello" in answer.content.decode()


def test_a_private_credential_stays_private_inside_the_house(
    credential: Any, org: Any, other_org: Any
) -> None:
    issue.set_disclosure(
        by=holder(credential), org_id=org.id, public_id=credential.public_id, visibility="private"
    )

    assert own_document(f"{load().base_url}{credential.path}") is None


def test_the_keys_of_an_organisation_are_served_in_process(credential: Any, org: Any) -> None:
    document = own_document(f"{load().base_url}/o/{org.view.slug}/did.json")

    assert document is not None
    assert json.loads(document)["id"].endswith(f":o:{org.view.slug}")
