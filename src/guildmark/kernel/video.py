"""Whether a file is a whole MP4 or WebM, and how long it plays: read from its headers, within strict bounds.

Nothing is decoded. MP4 is a row of boxes (ISO/IEC 14496-12, 4.2 and 8.2.2), WebM a tree of EBML elements
(RFC 8794; RFC 9559 for Segment, Info and Duration).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

MOST_PARTS = 50_000
LONGEST_SECONDS = 1_000_000
FTYP, MOOV, MVHD, MDAT = (int.from_bytes(name) for name in (b"ftyp", b"moov", b"mvhd", b"mdat"))
EBML, DOCTYPE, SEGMENT, CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675
INFO, SCALE, DURATION = 0x1549A966, 0x2AD7B1, 0x4489


class Part(NamedTuple):
    """A box or an element: its name, where its content begins and ends; ``open`` where its size is not given."""

    name: int
    start: int
    end: int
    open: bool = False


class _Broken(Exception):
    """The file is not what it begins as, or it breaks off."""


def seconds(path: Path, media_type: str) -> int:
    """The length in whole seconds, at least 1; 0 when the file does not say it.

    ``media_type`` is video/mp4 or video/webm. Raises Invalid (field ``file``) for a file that breaks off or is none.
    """
    try:
        with path.open("rb") as source:
            exact = (_webm if media_type == "video/webm" else _mp4)(source, path.stat().st_size)
    except _Broken:
        raise Invalid(
            said("The file breaks off, or it is not the video that it begins as."),
            field="file",
            mend=said("Save the video again as MP4 or WebM, and choose that file."),
        ) from None
    if not math.isfinite(exact) or not 0 < exact < LONGEST_SECONDS:
        return 0
    return max(1, math.floor(exact + 0.5))


def _read(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) < length:
        raise _Broken
    return data


def _boxes(source: BinaryIO, start: int, end: int) -> Iterator[Part]:
    for _ in range(MOST_PARTS):
        if start + 8 > end:
            return
        source.seek(start)
        size, name = struct.unpack(">II", _read(source, 8))
        header = 16 if size == 1 else 8
        if size < 2:  # 1: a longer number follows; 0: to the end of the file
            size = int.from_bytes(_read(source, 8)) if size else end - start
        if size < header or start + size > end:
            raise _Broken
        yield Part(name, start + header, start + size)
        start += size
    raise _Broken


def _mp4(source: BinaryIO, size: int) -> float:
    """The duration of the movie header; a file without a movie, or without its content, is no video."""
    boxes = list(_boxes(source, 0, size))
    names = [box.name for box in boxes]
    if names[:1] != [FTYP] or not {MOOV, MDAT} <= set(names):
        raise _Broken
    movie = boxes[names.index(MOOV)]
    header = next((box for box in _boxes(source, movie.start, movie.end) if box.name == MVHD), None)
    if header is None or header.end - header.start < 32:
        raise _Broken
    source.seek(header.start)
    long = _read(source, 4)[0] == 1
    # creation and modification time, the time scale, the duration
    form = ">QQIQ" if long else ">IIII"
    _, _, scale, length = struct.unpack(form, _read(source, struct.calcsize(form)))
    return length / scale if scale and length not in {0xFFFFFFFF, 2**64 - 1} else 0.0


def _number(source: BinaryIO, most: int) -> tuple[int, int]:
    """A number of variable size, with the bits that tell its length, as ids are written, and without; -1: unknown."""
    first = _read(source, 1)[0]
    length = 9 - first.bit_length()
    if length > most:
        raise _Broken
    whole = int.from_bytes(bytes([first]) + _read(source, length - 1))
    ones = (1 << 7 * length) - 1
    return whole, -1 if whole & ones == ones else whole & ones


def _elements(source: BinaryIO, start: int, end: int) -> Iterator[Part]:
    for _ in range(MOST_PARTS):
        if start >= end:
            return
        source.seek(start)
        name, size = _number(source, 4)[0], _number(source, 8)[1]
        begins = source.tell()
        if size > end - begins:
            raise _Broken
        start = end if size < 0 else begins + size
        yield Part(name, begins, start, size < 0)
    raise _Broken


def _bytes(source: BinaryIO, part: Part, most: int) -> bytes:
    if part.open or part.end - part.start > most:
        raise _Broken
    source.seek(part.start)
    return _read(source, part.end - part.start)


def _webm(source: BinaryIO, size: int) -> float:
    """The duration in the Info of the segment; a live recording has none."""
    parts = list(islice(_elements(source, 0, size), 2))
    if [part.name for part in parts] != [EBML, SEGMENT] or parts[0].open:
        raise _Broken
    head = {part.name: part for part in _elements(source, parts[0].start, parts[0].end)}
    if DOCTYPE not in head or _bytes(source, head[DOCTYPE], 64).rstrip(b"\0") != b"webm":
        raise _Broken
    for part in _elements(source, parts[1].start, parts[1].end):
        if part.name == CLUSTER:
            return 0.0
        if part.name == INFO and not part.open:
            found = {one.name: one for one in _elements(source, part.start, part.end)}
            scale = int.from_bytes(_bytes(source, found[SCALE], 8)) if SCALE in found else 1_000_000
            length = _bytes(source, found[DURATION], 8) if DURATION in found else bytes(8)
            if len(length) in {4, 8}:  # in nanoseconds times the scale
                return float(struct.unpack(">f" if len(length) == 4 else ">d", length)[0] * scale / 1e9)
            break
    raise _Broken
