"""The explainer's page, the notes library and the bar page with a video, in German and Spanish."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guildmark.design import actions, explainers
from guildmark.design.advisor import actions as advisor
from guildmark.design.advisor import library
from tests.design.advisor_cases import made, read
from tests.design.builders import drafted
from tests.design.test_explainers import CAPTIONS, MP4
from tests.site.test_translations import ensure_translated
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db


def test_no_english_is_left_on_the_page_of_the_explainer(client: Client, org: Any) -> None:
    sign_in(client, org.owner_id)
    version = drafted(org, explainer={"captions": CAPTIONS, "url": "https://video.example/1"})
    empty = drafted(org, title="Leer")
    put = {"by": org.owner, "org_id": org.id, "version_id": version.id}
    explainers.put_video(**put, filename="a.mp4", pieces=[MP4])
    lost = version.standard.explainer.model_dump(mode="json") | {
        "video": {"sha256": "a" * 64, "media_type": "video/webm", "size": 9}
    }
    other = drafted(org, title="Verloren", explainer=lost)
    words = reverse("explainer_words", args=[org.slug, version.slug])
    pages: list[Any] = [
        *(reverse("standard_explainer", args=[org.slug, one.slug]) for one in (version, empty, other)),
    ]
    ensure_translated(client, pages, b"")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    refused = client.post(pages[0], {"file": SimpleUploadedFile("x.mov", MP4)})
    assert "x.mov ist ein Video, das nicht alle Browser abspielen." in refused.content.decode()
    strange = client.post(words, {"revision": 1, "captions": CAPTIONS + "<script>", "transcript": ""})
    assert "in Untertiteln nicht vorkommt" in strange.content.decode()


def test_no_english_is_left_on_the_public_page_with_a_video(client: Client, org: Any) -> None:
    version = drafted(org, explainer={"captions": CAPTIONS, "url": "https://video.example/1"})
    put = {"by": org.owner, "org_id": org.id, "version_id": version.id}
    explainers.put_video(**put, filename="a.mp4", pieces=[MP4])
    actions.publish(**put)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = client.get(f"/s/{version.slug}").content.decode()
    for words in ("Guardar el vídeo", "El mismo en video.example", "Leer la transcripción"):
        assert words in page


def test_no_english_is_left_in_the_notes_library(client: Client, org: Any) -> None:
    sign_in(client, org.owner_id)
    given = {"figure": "96 %", "about": "der Befragten", "source": "Umfrage", "read_on": date(2026, 11, 2)}
    library.add_note(by=org.owner, org_id=org.id, **given)
    old = library.add_note(by=org.owner, org_id=org.id, **given)
    library.retire_note(by=org.owner, org_id=org.id, note_id=old.id)
    address = reverse("evidence_notes", args=[org.slug])
    ensure_translated(client, [address], b"")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    page = client.get(address).content.decode()
    assert "gelesen am 2. November 2026; hinzugefügt von Owner." in page
    assert "Es ist keine Quelle genannt." in client.post(address, {"figure": "1"}).content.decode()
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(made()))
    advice = client.get(reverse("advice", args=[org.slug, kept.id])).content.decode()
    assert "Von dieser Organisation hinzugefügt:" in advice
