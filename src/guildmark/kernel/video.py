"""Whether a file is a whole MP4 or WebM, and how long it plays: read from its headers, within strict bounds.

Nothing is decoded. MP4 is a row of boxes (ISO/IEC 14496-12, 4.2 and 8.2.2), WebM a tree of EBML elements
(RFC 8794; RFC 9559 for Segment, Info and Duration).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

MOST_PARTS = 50_000
LONGEST_SECONDS = 1_000_000
_EBML, _DOCTYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _DURATION, _CLUSTER = 0x1549A966, 0x2AD7B1, 0x4489, 0x1F43B675
_MOST_DOCTYPE = 64


class Part(NamedTuple):
    """A box or an element: its name, where its content begins, and where it ends; ``open`` where no size is given."""

    name: int
    start: int
    end: int
    open: bool = False


class _Broken(Exception):
    """The file is not what it begins as, or it breaks off."""


def seconds(path: Path, media_type: str) -> int:
    """The length in whole seconds, at least 1; 0 when the file does not say it.

    ``media_type`` is video/mp4 or video/webm. Raises Invalid (field ``file``) for a file that breaks off or is no video
    of that kind.
    """
    try:
        with path.open("rb") as source:
            size = path.stat().st_size
            exact = _webm(source, size) if media_type == "video/webm" else _mp4(source, size)
    except _Broken:
        raise Invalid(
            said("The file breaks off, or it is not the video that it begins as."),
            field="file",
            mend=said("Save the video again as MP4 or WebM, and choose that file."),
        ) from None
    if not math.isfinite(exact) or not 0 < exact < LONGEST_SECONDS:
        return 0
    return max(1, math.floor(exact + 0.5))


# --- MP4


def _boxes(source: BinaryIO, start: int, end: int) -> Iterator[Part]:
    place = start
    for _ in range(MOST_PARTS):
        if place + 8 > end:
            return
        source.seek(place)
        size, name = struct.unpack(">II", source.read(8))
        header = 8
        if size == 1:
            size, header = int.from_bytes(_read(source, 8)), 16
        elif size == 0:  # to the end of the file
            size = end - place
        if size < header or place + size > end:
            raise _Broken
        yield Part(name, place + header, place + size)
        place += size
    raise _Broken


def _mp4(source: BinaryIO, size: int) -> float:
    """The duration of the movie header; a file without one, or without content, is no video."""
    names, exact = [], 0.0
    for box in _boxes(source, 0, size):
        name = box.name.to_bytes(4)
        names.append(name)
        if name == b"moov":
            exact = _movie(source, box)
    if names[:1] != [b"ftyp"] or not {b"moov", b"mdat"} <= set(names):
        raise _Broken
    return exact


def _movie(source: BinaryIO, movie: Part) -> float:
    length, scale = 0.0, 0
    for box in _boxes(source, movie.start, movie.end):
        name = box.name.to_bytes(4)
        if name == b"mvhd":
            version, rest = _full_box(source, box)
            # creation and modification time, the time scale, the duration
            form = ">QQIQ" if version == 1 else ">IIII"
            _, _, scale, found = _unpacked(form, rest)
            length = 0.0 if found in {0xFFFFFFFF, 2**64 - 1} else float(found)
        elif name == b"mvex" and not length:
            length = _fragments(source, box)
    return length / scale if scale else 0.0


def _fragments(source: BinaryIO, extends: Part) -> float:
    """The duration of all fragments (mehd), which a movie header without any leaves to it."""
    for box in _boxes(source, extends.start, extends.end):
        if box.name.to_bytes(4) == b"mehd":
            version, rest = _full_box(source, box)
            return float(_unpacked(">Q" if version == 1 else ">I", rest)[0])
    return 0.0


def _full_box(source: BinaryIO, box: Part) -> tuple[int, bytes]:
    source.seek(box.start)
    head = source.read(min(box.end - box.start, 40))
    return (head[0], head[4:]) if len(head) > 4 else (0, b"")


def _unpacked(form: str, data: bytes) -> tuple[int, ...]:
    if len(data) < struct.calcsize(form):
        raise _Broken
    return struct.unpack_from(form, data)


def _read(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) < length:
        raise _Broken
    return data


# --- WebM


def _number(source: BinaryIO, most: int, *, marked: bool) -> int:
    """A number of variable size; ``marked`` keeps the bit that tells its length, as ids do. All ones: unknown, -1."""
    first = _read(source, 1)[0]
    length = 9 - first.bit_length()
    if length > most:
        raise _Broken
    whole = int.from_bytes(bytes([first]) + _read(source, length - 1))
    value = whole & ((1 << 7 * length) - 1)
    if marked:
        return whole
    return -1 if value == (1 << 7 * length) - 1 else value


def _elements(source: BinaryIO, start: int, end: int) -> Iterator[Part]:
    place = start
    for _ in range(MOST_PARTS):
        if place >= end:
            return
        source.seek(place)
        name, size = _number(source, 4, marked=True), _number(source, 8, marked=False)
        begins = source.tell()
        if size > end - begins:
            raise _Broken
        place = end if size < 0 else begins + size
        yield Part(name, begins, place, size < 0)
    raise _Broken


def _webm(source: BinaryIO, size: int) -> float:
    """The duration in the Info of the segment; a live recording has none."""
    parts = _elements(source, 0, size)
    head, segment = next(parts, None), next(parts, None)
    if head is None or segment is None or head.open or (head.name, segment.name) != (_EBML, _SEGMENT):
        raise _Broken
    kind = next((one for one in _elements(source, head.start, head.end) if one.name == _DOCTYPE), None)
    if kind is None or _bytes(source, kind, _MOST_DOCTYPE).rstrip(b"\0") != b"webm":
        raise _Broken
    for part in _elements(source, segment.start, segment.end):
        if part.name == _INFO and not part.open:
            return _info(source, part)
        if part.name == _CLUSTER:
            return 0.0
    raise _Broken


def _info(source: BinaryIO, info: Part) -> float:
    scale, length = 1_000_000, 0.0  # nanoseconds in one unit of the duration
    for part in _elements(source, info.start, info.end):
        if part.name == _SCALE:
            scale = int.from_bytes(_bytes(source, part, 8))
        elif part.name == _DURATION:
            data = _bytes(source, part, 8)
            if len(data) not in {4, 8}:
                raise _Broken
            length = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
    return length * scale / 1e9


def _bytes(source: BinaryIO, part: Part, most: int) -> bytes:
    if part.open or part.end - part.start > most:
        raise _Broken
    source.seek(part.start)
    return _read(source, part.end - part.start)
