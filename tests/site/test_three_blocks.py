"""Every public page says what it proves, how it is earned and where it fits, in this order (PO13); the offer is live."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.design.builders import published
from tests.issue.builders import issued, recorded

pytestmark = pytest.mark.django_db
ORDER = ["What it proves", "How it is earned", "Where it fits"]


def blocks(address: str) -> dict[str, str]:
    page = Client().get(address, headers={"accept": "text/html"}).content.decode()
    section = re.search(r"<section[^>]*data-blocks>(.*?)</section>", page, re.S)
    assert section, address
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section.group(1), re.S))


def test_every_public_page_has_the_three_blocks_in_their_order_and_none_is_empty(org):
    judged, took_part = issued(org), recorded(org)
    standard = published(org, signal="completion")
    bar = published(org)
    for address in (
        f"/c/{judged.public_id}",
        f"/c/{took_part.public_id}",
        f"/s/{standard.slug}",
    ):
        found = blocks(address)
        assert list(found) == ORDER, address
        assert all(re.sub(r"<.*?>|\s", "", text) for text in found.values()), address
    page = Client().get(f"/s/{bar.slug}", headers={"accept": "text/html"}).content.decode()
    places = [page.index(f'id="{name}"') for name in ("proves", "earned", "fits")]
    assert places == sorted(places)


def test_the_two_classes_prove_different_things(org):
    judged, took_part = blocks(f"/c/{issued(org).public_id}"), blocks(f"/c/{recorded(org).public_id}")
    assert "builds a five-message welcome sequence" in judged["What it proves"]
    assert "took part" in took_part["What it proves"]
    assert "nobody judges any work" in took_part["What it proves"]
    assert "Judged" in judged["How it is earned"]


def test_the_offer_of_the_bar_page_has_live_numbers_and_marks_what_nothing_stands_behind(org):
    version = published(
        org,
        offer=[
            {"id": "o1", "text": "{passed} of {assessed} have passed.", "source": "fact:passed"},
            {"id": "o2", "text": "It is a friendly place.", "source": ""},
            {"id": "o3", "text": "Without triggers that fit nobody passes.", "source": "criteria.k1"},
        ],
    )

    def page() -> str:
        return Client().get(f"/s/{version.slug}", headers={"accept": "text/html"}).content.decode()

    assert "Nobody has been assessed on this version yet." in page()
    issued(org, version=version)
    shown = page()
    assert "1 of 1 have passed." in shown
    assert "nothing in the standard stands behind it" in shown
    assert "Criterion: Trigger logic" in shown
