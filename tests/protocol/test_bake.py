"""Credentials in images and PDFs: what goes in comes out, and hostile files are refused."""

import io
import json
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from guildmark.protocol.errors import BakeError
from guildmark.protocol.openbadges import bake

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g/></svg>'
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
JWS = b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2lnbmF0dXJl"


def png():
    target = io.BytesIO()
    Image.new("RGB", (3, 3), "teal").save(target, "PNG")
    return target.getvalue()


PNG = png()
text = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)


def as_json(name):
    return json.dumps({"name": name, "trap": "]]> <![CDATA[ &amp; é"}, ensure_ascii=False).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text)
def test_any_script_survives_png(name):
    baked = bake.bake_png(PNG, as_json(name))
    assert bake.extract(baked) == as_json(name)
    assert Image.open(io.BytesIO(baked)).text["openbadgecredential"] == as_json(name).decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text)
def test_any_script_survives_svg(name):
    baked = bake.bake_svg(SVG, as_json(name))
    assert bake.extract(baked) == as_json(name)
    root = ElementTree.fromstring(baked)
    assert root[0].tag == f"{{{NAMESPACE}}}credential"
    assert root[0].text == as_json(name).decode()


def test_the_png_chunk_is_what_the_standard_asks():
    baked = bake.bake_png(PNG, b'{"a":1}')
    assert baked.count(b"iTXtopenbadgecredential\0\0\0\0\0" + b'{"a":1}') == 1
    assert baked[12:16] == b"IHDR"
    assert baked[37:41] == b"iTXt"


def test_the_svg_declares_the_namespace_on_its_root():
    baked = bake.bake_svg(SVG, b'{"a":1}').decode()
    assert (
        f'viewBox="0 0 1 1" xmlns:openbadges="{NAMESPACE}"><openbadges:credential><![CDATA[{{"a":1}}]]>'
        in baked
    )


@pytest.mark.parametrize(
    "image",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<svg xmlns='http://www.w3.org/2000/svg' title='a > b'></svg>",
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg" />',
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob"><g/></svg>',
        b'<!-- <svg> --><svg xmlns="http://www.w3.org/2000/svg"><a b="/>"/></svg>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
@pytest.mark.parametrize("credential", [b'{"a":"]]>"}', JWS])
def test_svg_of_any_build(image, credential):
    baked = bake.bake_svg(image, credential)
    assert bake.unbake_svg(baked) == credential
    root = ElementTree.fromstring(baked)
    assert root[0].tag == f"{{{NAMESPACE}}}credential"
    assert (root[0].get("verify") is not None) == (credential == JWS)


@pytest.mark.parametrize(("bake_it", "image"), [(bake.bake_png, PNG), (bake.bake_svg, SVG)])
def test_a_baked_image_is_refused_or_replaced(bake_it, image):
    once = bake_it(image, b'{"a":1}')
    with pytest.raises(BakeError, match="already"):
        bake_it(once, b'{"a":2}')
    again = bake_it(once, b'{"a":2}', replace=True)
    assert bake.extract(again) == b'{"a":2}'
    assert again == bake_it(image, b'{"a":2}') or b'{"a":1}' not in again


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(kind, body):
    return PNG[:33] + chunk(kind, body) + PNG[33:]


def test_readers_take_the_first():
    two = with_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0first")
    two = two[:-12] + chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0second") + two[-12:]
    assert bake.unbake_png(two) == b"first"


def test_compressed_text_is_read_to_a_limit():
    good = with_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{}"))
    assert bake.unbake_png(good) == b"{}"
    bomb = with_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(30_000_000)))
    with pytest.raises(BakeError, match="too large"):
        bake.unbake_png(bomb)


@pytest.mark.parametrize(
    "image",
    [
        PNG,
        PNG[:20],
        PNG[:-12],
        bake.PNG_SIGNATURE,
        bake.PNG_SIGNATURE + b"\xff\xff\xff\xffIHDR",
        PNG[:20] + b"\x00" + PNG[21:],
        with_chunk(b"tEXt", b"openbadgecredential\0{}"),
        with_chunk(b"iTXt", b"openbadgecredential"),
        with_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0not zlib"),
        with_chunk(b"iTXt", b"openbadgecredential\0\7\0\0\0{}"),
    ],
)
def test_a_png_without_a_good_credential_is_refused(image):
    with pytest.raises(BakeError):
        bake.extract(image)


@pytest.mark.parametrize(
    "image",
    [
        SVG,
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        b"<?xml version='1.0'?><html/>",
        b"<?xml version='1.0'?><!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg'/>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "x">]><svg>&a;</svg>',
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 500 + b"</g>" * 500 + b"</svg>",
    ],
)
def test_an_svg_without_a_good_credential_is_refused(image):
    with pytest.raises(BakeError):
        bake.unbake_svg(image)


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE svg [<!ENTITY a "x">]>',
        b'<!DOCTYPE svg SYSTEM "file:///etc/hostname">',
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://localhost/a"> %a;]>',
        b"<!DOCTYPE svg [ ]>",
        b"",
    ],
)
def test_an_entity_never_becomes_text_of_a_credential(doctype):
    body = f"<svg xmlns:o='{NAMESPACE}' xmlns='http://www.w3.org/2000/svg'><o:credential>&a;</o:credential></svg>"
    with pytest.raises(BakeError):
        bake.unbake_svg(doctype + body.encode())


def pdf(*attachments):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in attachments:
        writer.add_attachment(name, content)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_the_credential_attached_to_a_pdf_is_found():
    assert bake.extract(pdf(("notes.txt", b"x"), ("credential.json", b'{"a":1}'))) == b'{"a":1}'


def test_a_pdf_without_one_is_refused():
    for data in (pdf(), pdf(("a.txt", b"x")), b"%PDF-1.7\nrubbish", pdf(("c.json", b"1"))[:300]):
        with pytest.raises(BakeError):
            bake.extract(data)


def test_anything_else_is_itself():
    assert bake.extract(b'{"a":1}') == b'{"a":1}'
    assert bake.is_jws(JWS)
    assert not bake.is_jws(b'{"a":1}')


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(BakeError, match="larger"):
        bake.extract(bytes(100), max_bytes=99)
