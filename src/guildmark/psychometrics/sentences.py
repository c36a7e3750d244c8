"""Sentences in English that know what they were put together from, so that whoever shows them can translate them.

``tools/messages.py`` collects what stands in ``marked``, ``said`` and ``numbered``, here as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Number(str):
    """A number as English writes it: ``0.377``, ``1,333``."""


class Sentence(str):
    """``frame`` has places in braces; ``many`` is its form for a number ``places["n"]`` that is not one. A place is a
    text of somebody else, a number, :class:`Number`, or itself a sentence.
    """

    frame: str
    many: str
    places: Mapping[str, Any]


def marked(text: str) -> str:
    """The text itself, which is collected for translation."""
    return text


def said(frame: str, **places: Any) -> Sentence:
    return _made(frame.format(**places), frame, "", places)


def numbered(one: str, many: str, *, n: int, **places: Any) -> Sentence:
    """A sentence that counts ``n``."""
    places["n"] = n
    return _made((one if n == 1 else many).format(**places), one, many, places)


def whole_percent(share: float) -> Sentence:
    """A share without decimals: ``30%``."""
    return said("{number}%", number=f"{share:.0%}"[:-1])


def _made(text: str, frame: str, many: str, places: Mapping[str, Any]) -> Sentence:
    made = Sentence(text)
    made.frame, made.many, made.places = frame, many, places
    return made
