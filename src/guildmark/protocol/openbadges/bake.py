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
MAX_FILE: Final = 20_000_000
MAX_CREDENTIAL: Final = 2_000_000
_JWS = re.compile(rb"\s*[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\s*\Z")

__all__ = [
    "bake_png",
    "bake_svg",
    "extract",
    "is_jws",
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


def _itxt(text: bytes) -> bytes:
    body = PNG_KEYWORD + b"\0\0\0\0\0" + text
    return struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))


def _is_credential(kind: bytes, body: bytes) -> bool:
    return kind in (b"iTXt", b"tEXt", b"zTXt") and body.split(b"\0", 1)[0] == PNG_KEYWORD


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


def _itxt_text(kind: bytes, body: bytes) -> bytes:
    if kind != b"iTXt":
        raise BakeError("The credential stands in a text chunk of the wrong kind.", field="file")
    rest = body[len(PNG_KEYWORD) + 1 :]
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
