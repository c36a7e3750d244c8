"""Marking texts for translators where Django is not loaded: the page that shows them translates them.

``tools/messages.py`` collects what stands in ``marked``, ``said``, ``said_in`` and ``numbered``;
:func:`guildmark.kernel.speaking.spoken` says it in the language of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from guildmark.psychometrics.sentences import Number, Sentence

__all__ = ["Count", "Number", "Said", "day", "marked", "numbered", "of_cellar", "said"]


def marked(text: str) -> str:
    """The text itself; ``tools/messages.py`` collects it."""
    return text


class Said(str):
    """A text in English that knows what it was made of, so that a page can say it in another language.

    ``frame`` has places in braces; ``many`` is its form for a number ``places["n"]`` that is not one. ``context`` tells it
    from the same words that mean something else. A place is a text of somebody else, a number (``Number`` as English
    writes it), a day, or itself something said. ``moment`` is set on a day.
    """

    frame: str
    many: str
    places: dict[str, Any]
    moment: date | None
    context: str

    def __new__(
        cls,
        text: str,
        frame: str = "",
        many: str = "",
        places: dict[str, Any] | None = None,
        moment: date | None = None,
        context: str = "",
    ) -> Said:
        made = super().__new__(cls, text)
        made.frame, made.many, made.places, made.moment = frame, many, places or {}, moment
        made.context = context
        return made


def said(frame: str, **places: Any) -> Said:
    """A sentence with its places filled: ``said("Valid until {day}.", day=...)``."""
    return Said(frame.format(**places) if places else frame, frame, places=places)


def said_in(context: str, text: str) -> Said:
    """A short text that means something of its own in ``context``: "Claim" as what a credential says."""
    return Said(text, text, context=context)


def numbered(one: str, many: str, *, n: int, **places: Any) -> Said:
    """A sentence that counts ``n``, in its form for one and for any other number."""
    places["n"] = n
    return Said((one if n == 1 else many).format(**places), one, many, places)


def strung(separator: str, texts: Iterable[str]) -> Said:
    """Texts joined so that each can still be said in the language of a page."""
    places = {f"p{place}": text for place, text in enumerate(texts)}
    return said(separator.join(f"{{{name}}}" for name in places), **places)


class Count(int):
    """A number that is long enough to be read in groups of three: ``5,000``."""

    def __str__(self) -> str:
        return f"{int(self):,}"

    def __format__(self, form: str) -> str:
        return format(str(self), form)


def padded_day(moment: date) -> Said:
    """A day, in English as ``04 November 2026``, as some problem documents have it; a page says it as any other day."""
    return Said(f"{moment:%d %B %Y}", moment=date(moment.year, moment.month, moment.day))


class Amount(float):
    """A number as people write it: at most two decimals, no trailing zeros, no groups: ``4.5``, ``1200``."""

    def __str__(self) -> str:
        value = float(self)
        return f"{round(value, 2):g}" if abs(value) < 100_000 else f"{round(value):d}"

    def __format__(self, form: str) -> str:
        return format(str(self), form)


def day(moment: date) -> Said:
    """A day, in English as ``14 November 2026``."""
    return Said(f"{moment.day} {moment:%B %Y}", moment=moment)


def of_cellar(text: Any) -> Any:
    """What a pure room below put together as a sentence, as something said; anything else as it is."""
    if not isinstance(text, Sentence):
        return text
    places = {name: of_cellar(value) for name, value in text.places.items()}
    return Said(str(text), text.frame, text.many, places)
