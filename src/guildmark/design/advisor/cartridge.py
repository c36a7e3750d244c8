"""The organisation of an IMS Common Cartridge (1.0 to 1.3): titles of modules and lessons out of ``imsmanifest.xml``.

Only the manifest is read, within a limit that holds while it unpacks: the sizes that an archive states are not
believed. A manifest with a document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from guildmark.kernel.problems import Invalid, TooLarge
from guildmark.kernel.words import Count, said

MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_MANIFEST = 8 * 1024 * 1024
MAX_DEPTH = 30
MAX_ITEMS = 4000
MANIFEST = "imsmanifest.xml"
#: What a resource is, by the beginning of its type.
WORDS = {"imsqti_": "Quiz", "assignment_": "Assignment"}


def titles(content: bytes) -> tuple[list[tuple[int, str]], list[str]]:
    """(depth, title) of every item of the first organisation, and warnings. Raises Invalid or TooLarge."""
    if len(content) > MAX_BYTES:
        raise TooLarge(said("The cartridge has {n} MB; the limit is {limit}.",
                            n=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000),
                       field="file", mend=said("Export the course without its media."))  # fmt: skip
    root = _parsed(_manifest(content))
    kinds = {
        e.get("identifier"): e.get("type") or "" for e in _children(_child(root, "resources"), "resource")
    }
    organizations = _children(_child(root, "organizations"), "organization")
    first = next(organizations, None)
    if first is None:
        raise Invalid(said("The cartridge has no organisation, so it has no outline."), field="file",
                      mend=said("Export the whole course, not single files."))  # fmt: skip
    found, warnings = list[tuple[int, str]](), list[str]()
    for depth, element in _items(first, 0):
        if len(found) == MAX_ITEMS:
            more = said("The cartridge has more than {n} items; the rest was left out.", n=Count(MAX_ITEMS))
            warnings.append(more)
            break
        found.append((depth, _title(element, kinds)))
    return [row for row in found if row[1]], warnings


def _manifest(content: bytes) -> bytes:
    unreadable = Invalid(
        said("The archive cannot be read."), field="file", mend=said("Export the cartridge again.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise TooLarge(said("The cartridge has more than {n} files.", n=Count(MAX_ENTRIES)), field="file",
                               mend=said("Export the course without its media."))  # fmt: skip
            if MANIFEST not in archive.namelist():
                raise Invalid(said("The archive holds no {file}, so it is no common cartridge.", file=MANIFEST),
                              field="file", mend=said("Export the course as IMS Common Cartridge."))  # fmt: skip
            with archive.open(MANIFEST) as file:
                read = file.read(MAX_MANIFEST + 1)
    # NotImplementedError is what zipfile says of a method of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise unreadable from None
    if len(read) > MAX_MANIFEST:
        raise TooLarge(said("The manifest unpacks to more than {n} MB.", n=MAX_MANIFEST // 1_000_000), field="file",
                       mend=said("Export the course again; a manifest names files and does not hold them."))  # fmt: skip
    return read


def _parsed(manifest: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(manifest, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(said("The manifest is no well-formed XML: {fault}.", fault=str(error)[:200]), field="file",
                      mend=said("Export the cartridge again.")) from None  # fmt: skip
    if root.getroottree().docinfo.doctype:
        raise Invalid(said("The manifest declares a document type, which a cartridge never needs."), field="file",
                      mend=said("Export the cartridge again, from the course itself."))  # fmt: skip
    return root


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return (child for child in (element if element is not None else ()) if _name(child) == name)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(_children(element, name), None)


def _items(element: etree._Element, depth: int) -> Iterator[tuple[int, etree._Element]]:
    """Items in the order of the course. The one without a title that 1.0 to 1.3 put at the top adds no depth."""
    for item in _children(element, "item"):
        title = _child(item, "title")
        named = title is not None and bool((title.text or "").strip())
        if named:
            yield depth, item
        if depth < MAX_DEPTH:
            yield from _items(item, depth + named)


def _title(item: etree._Element, kinds: dict[str | None, str]) -> str:
    title = _child(item, "title")
    text = " ".join((title.text or "").split()) if title is not None else ""
    kind = kinds.get(item.get("identifierref"), "")
    word = next((word for start, word in WORDS.items() if kind.startswith(start)), "")
    return f"{word}: {text}" if word and text and word.lower() not in text.lower() else text
