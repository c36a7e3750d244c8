"""QR codes are vectors with words."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from guildmark.issue.render import qr_svg
from guildmark.kernel.problems import Invalid
from tests.issue_render import samples


def test_it_scales_and_says_where_it_leads() -> None:
    root = ElementTree.fromstring(qr_svg(samples.URL))
    assert root.get("viewBox")
    assert root.get("width") is None
    assert root.get("role") == "img"
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == f"QR code of {samples.URL}"


def test_it_keeps_the_quiet_zone_unless_asked() -> None:
    sides = [
        ElementTree.fromstring(qr_svg(samples.URL, border=b)).get("viewBox", "").split()[2] for b in (4, 0)
    ]
    assert int(sides[0]) - int(sides[1]) == 8


def test_it_escapes_the_address() -> None:
    ElementTree.fromstring(qr_svg('https://a.example/?a=1&b="<x>'))


def test_it_refuses_an_address_that_paper_cannot_carry() -> None:
    with pytest.raises(Invalid, match="stays readable"):
        qr_svg("https://a.example/" + "x" * 400)


def test_it_is_the_same_each_time() -> None:
    assert qr_svg(samples.URL) == qr_svg(samples.URL)
