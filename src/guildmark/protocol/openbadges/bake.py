"""Credentials inside files: PNG, SVG and PDF (Open Badges 3.0, section 5.3; CONTRACTS 3.4).

Reading is bounded and trusts nothing: chunk sizes are checked against the file, compressed text is
unpacked to a limit, an SVG with a document type is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from guildmark.protocol.errors import BakeError
from guildmark.protocol.openbadges import pdf, svg

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEYWORD: Final = b"openbadgecredential"
#: The keyword of Open Badges 1.x and 2.0 (Badge Baking 1.0, section 2.2.1).
PNG_KEYWORD_V2: Final = b"openbadges"
MAX_FILE: Final = 20_000_000
MAX_CREDENTIAL: Final = 2_000_000
_JWS = re.compile(rb"\s*[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*\Z")

__all__ = [
    "address_in",
    "bake_png",
    "bake_svg",
    "extract",
    "find_v2",
    "is_jws",
    "rebake_for_v2",
    "unbake_png",
    "unbake_svg",
]


def is_jws(data: bytes) -> bool:
    """Say whether bytes look like a compact JWS."""
    return bool(_JWS.match(data))


def extract(data: bytes, *, max_bytes: int = MAX_FILE) -> bytes:
    """Return the credential text in a file: PNG, SVG and PDF are unpacked, anything else is itself.

    Raises BakeError if the file is too large or holds no credential.
    """
    if len(data) > max_bytes:
        raise BakeError(f"The file is larger than {max_bytes} bytes.", field="file")
    if data.startswith(PNG_SIGNATURE):
        return unbake_png(data)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return pdf.extract(data)
    if svg.looks_like_svg(data):
        return unbake_svg(data)
    return data


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Give type, body, start and end of each chunk; BakeError where the file lies about itself."""
    if not data.startswith(PNG_SIGNATURE):
        raise BakeError("This is not a PNG image.", field="file")
    place = len(PNG_SIGNATURE)
    while place < len(data):
        header = data[place : place + 8]
        if len(header) < 8:
            raise BakeError("The PNG image is cut off.", field="file")
        length, kind = struct.unpack(">I4s", header)
        end = place + 12 + length
        if end > len(data):
            raise BakeError("A part of the PNG image is longer than the file.", field="file")
        body = data[place + 8 : place + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack(">I", data[end - 4 : end])[0]:
            raise BakeError("The PNG image is damaged.", field="file")
        yield kind, body, place, end
        if kind == b"IEND":
            return
        place = end
    raise BakeError("The PNG image has no end.", field="file")


def _itxt(text: bytes, keyword: bytes = PNG_KEYWORD) -> bytes:
    body = keyword + b"\0\0\0\0\0" + text
    return struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))


def _is_credential(kind: bytes, body: bytes, keyword: bytes = PNG_KEYWORD) -> bool:
    return kind in (b"iTXt", b"tEXt", b"zTXt") and body.split(b"\0", 1)[0] == keyword


def bake_png(image: bytes, credential: bytes, *, replace: bool = False) -> bytes:
    """Return the image with one uncompressed iTXt chunk that holds the credential, right after its header.

    An image that is already baked is refused, or with ``replace`` loses what it held.
    """
    if len(credential) > MAX_CREDENTIAL or b"\0" in credential:
        raise BakeError("The credential cannot be put into an image.", field="credential")
    chunks = list(_chunks(image))
    if chunks[0][0] != b"IHDR":
        raise BakeError("The PNG image does not begin with its header.", field="file")
    if not replace and any(_is_credential(kind, body) for kind, body, _, _ in chunks):
        raise BakeError("The image holds a credential already.", field="file", mend="Take the plain image.")
    parts = [PNG_SIGNATURE, image[chunks[0][2] : chunks[0][3]], _itxt(credential)]
    parts += [image[start:end] for kind, body, start, end in chunks[1:] if not _is_credential(kind, body)]
    return b"".join(parts)


def unbake_png(image: bytes) -> bytes:
    """Return the text of the first credential chunk (a JWS or JSON)."""
    for kind, body, _, _ in _chunks(image):
        if _is_credential(kind, body):
            return _itxt_text(kind, body)
    raise BakeError("The image holds no credential.", field="file")


def rebake_for_v2(image: bytes, assertion: bytes) -> bytes:
    """Return the PNG with an Open Badges 2.0 assertion in the place of whatever badge it held."""
    if len(assertion) > MAX_CREDENTIAL or b"\0" in assertion:
        raise BakeError("The assertion cannot be put into an image.", field="assertion")
    keywords = (PNG_KEYWORD, PNG_KEYWORD_V2)
    kept = [
        image[start:end]
        for kind, body, start, end in _chunks(image)
        if not any(_is_credential(kind, body, keyword) for keyword in keywords)
    ]
    return b"".join([PNG_SIGNATURE, kept[0], _itxt(assertion, PNG_KEYWORD_V2), *kept[1:]])


def find_v2(data: bytes, *, max_bytes: int = MAX_FILE) -> bytes | None:
    """Return the Open Badges 1.x or 2.0 text in an image: JSON, a JWS or the address of a hosted assertion.

    None for anything else: no image, an image without one, one that holds an Open Badges 3.0 credential (which is then
    the one that counts), or a damaged one, which :func:`extract` reports.
    """
    if len(data) > max_bytes:
        return None
    try:
        if data.startswith(PNG_SIGNATURE):
            return _find_v2_png(data)
        return svg.unbake_v2(data) if svg.looks_like_svg(data) else None
    except BakeError:
        return None


def address_in(text: bytes) -> str | None:
    """The web address that is all a baked text holds, or None."""
    address = text.strip().decode("utf-8", "replace")
    plain = address.startswith(("http://", "https://")) and not re.search(r"[\s<>\"{}]", address)
    return address if plain and len(address) <= 2000 else None


def _find_v2_png(image: bytes) -> bytes | None:
    found: bytes | None = None
    for kind, body, _, _ in _chunks(image):
        if _is_credential(kind, body):
            return None
        if found is None and _is_credential(kind, body, PNG_KEYWORD_V2):
            # Before 2013 the address stood in a tEXt chunk (Badge Baking 1.0, section 2.2.3).
            legacy = kind == b"tEXt"
            found = body.split(b"\0", 1)[1] if legacy else _itxt_text(kind, body, PNG_KEYWORD_V2)
    return found if found is None or len(found) <= MAX_CREDENTIAL else None


def _itxt_text(kind: bytes, body: bytes, keyword: bytes = PNG_KEYWORD) -> bytes:
    if kind != b"iTXt":
        raise BakeError("The credential stands in a text chunk of the wrong kind.", field="file")
    rest = body[len(keyword) + 1 :]
    if len(rest) < 2:
        raise BakeError("The credential chunk is cut off.", field="file")
    compressed = rest[0]
    parts = rest[2:].split(b"\0", 2)
    if compressed not in (0, 1) or len(parts) != 3:
        raise BakeError("The credential chunk is not well formed.", field="file")
    text = parts[2]
    if compressed:
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(text, MAX_CREDENTIAL + 1)
        except zlib.error as error:
            raise BakeError("The credential chunk cannot be unpacked.", field="file") from error
    if len(text) > MAX_CREDENTIAL:
        raise BakeError("The credential in the image is too large.", field="file")
    return text


def bake_svg(image: bytes, credential: bytes, *, replace: bool = False) -> bytes:
    """Return the SVG with the credential as first child of its root element."""
    if len(credential) > MAX_CREDENTIAL:
        raise BakeError("The credential is too large.", field="credential")
    return svg.bake(image, credential, as_attribute=is_jws(credential), replace=replace)


def unbake_svg(image: bytes) -> bytes:
    """Return the text of the first credential element of an SVG."""
    text = svg.unbake(image)
    if len(text) > MAX_CREDENTIAL:
        raise BakeError("The credential in the image is too large.", field="file")
    return text
