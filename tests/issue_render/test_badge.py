"""Badge art: one shape a class, letters as outlines, nothing that reaches out."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from guildmark.issue.render import badge_png, badge_svg
from guildmark.protocol.openbadges import bake
from guildmark.protocol.openbadges.facts import CredentialFacts
from tests.issue_render import samples

SVG = "{http://www.w3.org/2000/svg}"
KINDS = [samples.completion, samples.demonstrated, samples.certified]


def picture(facts: CredentialFacts) -> Image.Image:
    return Image.open(io.BytesIO(badge_png(facts, samples.URL))).convert("RGBA")


@pytest.mark.parametrize("kind", KINDS)
def test_the_png_is_square_light_and_transparent_outside(kind: object) -> None:
    data = badge_png(kind(), samples.URL)  # type: ignore[operator]
    assert len(data) < 150_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (800, 800)
        assert image.format == "PNG"
        rgba = image.convert("RGBA")
    assert rgba.getpixel((2, 2))[3] == 0
    assert rgba.getpixel((400, 100))[3] == 255


def test_the_three_classes_have_three_shapes() -> None:
    outlines = [picture(kind()).getchannel("A").tobytes() for kind in KINDS]
    assert len(set(outlines)) == 3


@pytest.mark.parametrize("script", list(samples.NAMES))
def test_names_of_every_script_leave_ink(script: str) -> None:
    """A name that vanished would look like the badge of a holder called by a no-break space."""
    named = picture(samples.demonstrated(samples.NAMES[script]))
    blank = picture(samples.demonstrated("\u00a0"))
    box = ImageChops.difference(named.convert("L"), blank.convert("L")).getbbox()
    assert box
    assert box[2] - box[0] > 60


def test_different_names_of_one_script_look_different() -> None:
    seen = {
        picture(samples.demonstrated(name)).tobytes()
        for name in ("김하늘", "김하눌", "이하늘", "渡辺", "渡邊")
    }
    assert len(seen) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_svg_is_self_contained_and_described(kind: object) -> None:
    text = badge_svg(kind(), samples.URL)  # type: ignore[operator]
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text
    assert "Amara Okafor" in title.text
    assert samples.URL in title.text
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "text", "style"}
    addresses = re.findall(r'href="([^"]*)"', text)
    assert addresses
    assert all(address.startswith("#") for address in addresses)


def test_the_svg_escapes_what_others_wrote() -> None:
    text = badge_svg(samples.demonstrated('"/><script>alert(1)</script>&'), samples.URL)
    root = ElementTree.fromstring(text)
    assert not list(root.iter(f"{SVG}script"))
    assert '"/><script>' in (root.get("aria-label") or "")


def test_a_credential_can_be_baked_into_both() -> None:
    facts = samples.demonstrated()
    signed = samples.signed(facts)
    assert bake.unbake_png(bake.bake_png(badge_png(facts, samples.URL), signed)) == signed
    baked = bake.bake_svg(badge_svg(facts, samples.URL).encode(), signed)
    assert bake.unbake_svg(baked).split() == signed.split()


@pytest.mark.parametrize("kind", KINDS)
def test_two_renders_are_byte_identical(kind: object) -> None:
    facts = kind()  # type: ignore[operator]
    assert badge_png(facts, samples.URL) == badge_png(facts, samples.URL)
    assert badge_svg(facts, samples.URL) == badge_svg(facts, samples.URL)


@pytest.mark.parametrize(
    "name", ["x" * 10_000, "\x00", "\u202e", "\ud800", "🎓", "o" + "\u0301" * 5_000, None]
)
def test_hostile_names_do_not_break_it(name: str | None) -> None:
    facts = samples.demonstrated(name)
    ElementTree.fromstring(badge_svg(facts, samples.URL))
    assert len(badge_png(facts, samples.URL)) < 150_000
