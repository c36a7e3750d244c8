"""Baking SVG as text, so that not a byte outside the credential changes.

The XML is read by expat with everything switched off that can grow or reach out: a document type may be
named, as drawing programs do, but declares nothing and is never fetched, and every entity is refused.
"""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from guildmark.protocol.errors import BakeError

NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
_SVG_ROOTS: Final = ("http://www.w3.org/2000/svg svg", "svg")
_ELEMENT: Final = f"{NAMESPACE} credential"
#: Open Badges 1.x and 2.0 (Badge Baking 1.0, section 2.3).
_ELEMENT_V2: Final = "http://openbadges.org assertion"
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PREFIX: Final = re.compile(r"""\sxmlns:openbadges\s*=\s*(["'])(.*?)\1""", re.DOTALL)
_MAX_DEPTH: Final = 200


def looks_like_svg(data: bytes) -> bool:
    """Say whether bytes begin like an SVG file."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and (b"<svg" in head or head.startswith(b"<?xml"))


class _Reader:
    """Walks an SVG once: where the root's start tag is, and what credential elements it holds."""

    def __init__(self, data: bytes, element: str = _ELEMENT) -> None:
        self.data = data
        self.element = element
        self.depth = 0
        self.root_start = 0
        self.root_end: int | None = None
        self.found: list[tuple[str | None, list[str]]] = []
        self.spans: list[tuple[int, int]] = []
        self.inside: int | None = None
        self.start = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.refuse
        self.parser.SkippedEntityHandler = self.refuse
        self.parser.StartElementHandler = self.open
        self.parser.EndElementHandler = self.close
        self.parser.CharacterDataHandler = self.text
        self.parser.buffer_text = True
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BakeError(f"The SVG is not well-formed XML: {error}", field="file") from error

    def doctype(self, _name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if declares:
            self.refuse()

    def refuse(self, *_: object) -> None:
        raise BakeError(
            "An SVG that declares or uses entities of its own is refused.",
            field="file",
            mend="Save it without an internal document type.",
        )

    def open(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise BakeError("The SVG is nested too deeply.", field="file")
        if self.depth == 1:
            if name not in _SVG_ROOTS:
                raise BakeError("This is not an SVG image.", field="file")
            self.root_start = self.parser.CurrentByteIndex
            self.root_end = _tag_end(self.data, self.root_start)
        elif name == self.element and self.inside is None:
            self.inside = self.depth
            self.start = self.parser.CurrentByteIndex
            self.found.append((attributes.get("verify"), []))

    def text(self, text: str) -> None:
        if self.inside is not None:
            self.found[-1][1].append(text)

    def close(self, name: str) -> None:
        if self.inside == self.depth:
            self.inside = None
            place = self.parser.CurrentByteIndex
            self.spans.append((self.start, max(place, _tag_end(self.data, place))))
        self.depth -= 1


def _tag_end(data: bytes, place: int) -> int:
    """Return the place after the ``>`` that ends the tag at ``place``, quotes respected."""
    quote = 0
    for index in range(place, len(data)):
        byte = data[index]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in (0x22, 0x27):
            quote = byte
        elif byte == 0x3E:
            return index + 1
    raise BakeError("A tag of the SVG has no end.", field="file")


def unbake(image: bytes) -> bytes:
    """Return the first credential: the ``verify`` attribute, else the element's text."""
    found = _Reader(image).found
    if not found:
        raise BakeError("The SVG holds no credential.", field="file")
    verify, parts = found[0]
    return (verify if verify is not None else "".join(parts)).strip().encode()


def unbake_v2(image: bytes) -> bytes | None:
    """Return the first Open Badges 2.0 assertion: the element's text, else its ``verify`` attribute.

    None if there is none, or if the image holds an Open Badges 3.0 credential.
    """
    if _Reader(image).found:
        return None
    found = _Reader(image, _ELEMENT_V2).found
    if not found:
        return None
    verify, parts = found[0]
    return ("".join(parts).strip() or (verify or "").strip()).encode() or None


def bake(image: bytes, credential: bytes, *, as_attribute: bool, replace: bool) -> bytes:
    """Put the credential in as first child of the root; see :func:`.bake.bake_svg`."""
    try:
        text = credential.decode("utf-8")
        image.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BakeError("Image and credential must be UTF-8.", field="file") from error
    if _NOT_XML.search(text):
        raise BakeError("The credential holds a character that XML cannot carry.", field="credential")
    reader = _Reader(image)
    if reader.found:
        if not replace:
            raise BakeError(
                "The image holds a credential already.", field="file", mend="Take the plain image."
            )
        for start, end in reversed(reader.spans):
            image = image[:start] + image[end:]
        reader = _Reader(image)
    place = reader.root_end
    if place is None:
        raise BakeError("This is not an SVG image.", field="file")
    root, declaration = _root_with_namespace(image[reader.root_start : place].decode())
    element = _credential_element(text, declaration, as_attribute=as_attribute)
    if root.endswith("/>"):
        name = re.match(r"<([^\s/>]+)", root)
        element += f"</{name.group(1) if name else 'svg'}>"
        root = root[:-2] + ">"
    return image[: reader.root_start] + root.encode() + element.encode() + image[place:]


def _root_with_namespace(root: str) -> tuple[str, str]:
    """Declare the prefix on the root, as the standard shows it; or where it is needed, if it is taken."""
    declaration = f' xmlns:openbadges="{NAMESPACE}"'
    known = _PREFIX.search(root)
    if known is None:
        cut = -2 if root.endswith("/>") else -1
        return root[:cut].rstrip() + declaration + root[cut:], ""
    return root, "" if known.group(2) == NAMESPACE else declaration


def _credential_element(text: str, declaration: str, *, as_attribute: bool) -> str:
    if as_attribute:
        return f"<openbadges:credential{declaration} verify={quoteattr(text.strip())}/>"
    # A line end would be normalized by XML readers, and "]]>" would end the section.
    body = text.replace("\r", "").replace("]]>", "]]]]><![CDATA[>")
    return f"<openbadges:credential{declaration}><![CDATA[{body}]]></openbadges:credential>"
