"""Captions of an explainer: whether they are WebVTT, and the words in them (W3C WebVTT, section 4)."""

from __future__ import annotations

import re

TIMING = re.compile(
    r"^(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}[ \t]+-->[ \t]+(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}(?:[ \t].*)?$"
)
TAGS = re.compile(r"<[^>]*>")
#: The tags of cues (section 4.2.2): class, italics, bold, underline, ruby, voice, language, and times of karaoke.
KNOWN = re.compile(
    r"^<(?:/?(?:c|i|b|u|ruby|rt|v|lang)(?:\.[^\s<>]*)?(?:[ \t][^<>]*)?|(?:\d{2,}:)?\d{2}:\d{2}\.\d{3})>$"
)


def is_webvtt(text: str) -> bool:
    """True for a text that begins as WebVTT must and has at least one cue."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        return False
    return any(TIMING.match(line) for line in lines)


def strange_tag(text: str) -> str:
    """The first tag that is none of WebVTT, such as ``<script>``, at most 40 characters of it; empty when there is none."""
    found = (tag for tag in TAGS.findall(text) if not KNOWN.match(tag))
    return next(found, "")[:40]


def words(text: str) -> str:
    """What is said in WebVTT captions, a line for each cue; empty for anything else."""
    if not is_webvtt(text):
        return ""
    said = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        start = next((number for number, line in enumerate(lines) if TIMING.match(line)), None)
        if start is not None:
            said.append(" ".join(TAGS.sub("", line).strip() for line in lines[start + 1 :] if line.strip()))
    return "\n".join(line for line in said if line)
