"""The language of the pages: asked for by the browser, or chosen here."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.issue.builders import issued

COOKIE = settings.LANGUAGE_COOKIE_NAME


def test_a_choice_is_remembered_and_leads_back(client):
    answer = client.get("/language/de", {"next": "/verify?url=x"})
    assert (answer.status_code, answer["Location"]) == (303, "/verify?url=x")
    assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["httponly"]) == ("de", True)
    assert client.get("/language/xx").status_code == 404
    assert client.post("/language/de").status_code == 405


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", ""]
)
def test_it_never_leads_elsewhere(client, place):
    assert client.get("/language/es", {"next": place})["Location"] == "/"


@pytest.mark.django_db
def test_a_page_in_another_language_has_another_tag(org, client):
    path = issued(org).path
    english, german = (client.get(path, headers={"accept-language": one}) for one in ("en", "de"))
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="de"' in german.content.decode()
    assert english["ETag"] != german["ETag"]
    again = client.get(path, headers={"accept-language": "de", "if-none-match": english["ETag"]})
    assert again.status_code == 200


@pytest.mark.django_db
def test_a_choice_goes_before_what_the_browser_asks_for(org, client):
    path = issued(org).path
    client.cookies[COOKIE] = "es"
    assert '<html lang="es"' in client.get(path, headers={"accept-language": "de"}).content.decode()
