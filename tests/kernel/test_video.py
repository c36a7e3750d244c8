"""Whole or not, and how long: read from the headers of MP4 and WebM, whatever bytes come."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.kernel import video
from guildmark.kernel.problems import Invalid

VIDEOS = Path(__file__).resolve().parents[1] / "design" / "videos"
MP4, WEBM, FRAGMENTED = (
    (VIDEOS / n).read_bytes() for n in ("two-seconds.mp4", "two-seconds.webm", "fragmented.mp4")
)


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def movie(scale: int, length: int, *, version: int = 0) -> bytes:
    form = ">QQIQ" if version else ">IIII"
    head = bytes([version, 0, 0, 0]) + struct.pack(form, 0, 0, scale, length) + bytes(80)
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", box(b"mvhd", head)) + box(b"mdat", b"x")


def element(name: int, content: bytes, size: bytes | None = None) -> bytes:
    length = name.bit_length() // 8 + bool(name.bit_length() % 8)
    return name.to_bytes(length) + (size or sized(len(content))) + content


def sized(length: int) -> bytes:
    return (1 << 56 | length).to_bytes(8)


def webm(info: bytes, *, kind: bytes = b"webm", size: bytes | None = None) -> bytes:
    head = element(0x1A45DFA3, element(0x4282, kind))
    return head + element(0x18538067, element(0x1549A966, info), size)


def seconds(tmp_path: Path, data: bytes, media_type: str = "video/mp4") -> int:
    path = tmp_path / "file"
    path.write_bytes(data)
    return video.seconds(path, media_type)


def test_the_length_of_files_made_by_another_program_is_read(tmp_path):
    assert seconds(tmp_path, MP4) == 2
    assert seconds(tmp_path, WEBM, "video/webm") == 2
    assert seconds(tmp_path, FRAGMENTED) == 0  # its headers do not say


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (movie(1000, 125_400), 125),
        (movie(90_000, 90_000 * 7200, version=1), 7200),
        (movie(1000, 0xFFFFFFFF), 0),
        (movie(0, 5), 0),
        (movie(1000, 1), 1),
        (movie(1, 2**40, version=1), 0),
        (movie(1000, 3000)[:-9] + struct.pack(">I", 0) + b"mdat" + b"to the end", 3),
        (movie(1000, 3000)[:-9] + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 20) + b"four", 3),
    ],
)
def test_it_reads_every_form_of_a_movie_header(tmp_path, data, wanted):
    assert seconds(tmp_path, data) == wanted


@pytest.mark.parametrize(
    ("info", "wanted"),
    [
        (element(0x4489, struct.pack(">d", 61_000.0)), 61),
        (element(0x2AD7B1, (10**9).to_bytes(4)) + element(0x4489, struct.pack(">f", 90.0)), 90),
        (element(0x4489, struct.pack(">d", float("nan"))), 0),
        (element(0x4489, struct.pack(">d", float("inf"))), 0),
        (element(0x4489, struct.pack(">d", -5.0)), 0),
        (b"", 0),
    ],
)
def test_it_reads_every_form_of_the_info_of_a_segment(tmp_path, info, wanted):
    assert seconds(tmp_path, webm(info), "video/webm") == wanted
    assert (
        seconds(tmp_path, webm(info, size=b"\x01" + b"\xff" * 7), "video/webm") == wanted
    )  # a live recording


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (MP4[:-300], "video/mp4"),
        (MP4[:1000], "video/mp4"),
        (b"\x00\x00\x00\x20ftypisom" + b"<html><script>alert(1)</script></html>", "video/mp4"),
        (box(b"ftyp", b"isom0000"), "video/mp4"),
        (box(b"moov") + box(b"mdat"), "video/mp4"),
        (box(b"ftyp", b"isom0000") + box(b"free") * (video.MOST_PARTS + 1), "video/mp4"),
        (box(b"ftyp", b"isom0000") + box(b"moov", box(b"mvhd", b"\0" * 8)) + box(b"mdat"), "video/mp4"),
        (b"", "video/mp4"),
        (WEBM[:-200], "video/webm"),
        (WEBM[:30], "video/webm"),
        (webm(b"", kind=b"matroska"), "video/webm"),
        (webm(element(0x4489, b"\0" * 5)), "video/webm"),
        (webm(element(0x4489, b"\0" * 9)), "video/webm"),
        (element(0x1A45DFA3, element(0x4282, b"webm")), "video/webm"),
        (b"\x00" * 40, "video/webm"),
        (b"", "video/webm"),
    ],
)
def test_it_refuses_what_breaks_off_or_is_no_video(tmp_path, data, media_type):
    with pytest.raises(Invalid) as refused:
        seconds(tmp_path, data, media_type)
    assert refused.value.field == "file"
    assert refused.value.mend


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_bytes_give_a_number_or_a_refusal_and_quickly(tmp_path_factory, data):
    media_type, base = data.draw(
        st.sampled_from([("video/mp4", MP4), ("video/mp4", FRAGMENTED), ("video/webm", WEBM)])
    )
    changed = bytearray(base)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, min(len(changed), 1200) - 1))
        changed[place] = data.draw(st.sampled_from([0, 1, 7, 8, 127, 128, 254, 255]))
    if data.draw(st.booleans()):
        changed = changed[: data.draw(st.integers(0, len(changed)))]
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(bytes(changed))
    began = time.monotonic()
    try:
        found = video.seconds(path, media_type)
    except Invalid:
        found = 0
    assert 0 <= found <= video.LONGEST_SECONDS
    assert time.monotonic() - began < 5


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["video/mp4", "video/webm"]), st.booleans())
def test_noise_gives_a_number_or_a_refusal(tmp_path_factory, noise, media_type, headed):
    head = (
        box(b"ftyp", b"isom0000")
        if media_type == "video/mp4"
        else element(0x1A45DFA3, element(0x4282, b"webm"))
    )
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes((head if headed else b"") + noise)
    try:
        found = video.seconds(path, media_type)
    except Invalid:
        found = 0
    assert 0 <= found <= video.LONGEST_SECONDS
