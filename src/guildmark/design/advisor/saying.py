"""How the advisor says things: English for files and programs, the language of the reader on a page.

The words are put together by :mod:`guildmark.kernel.words`; what is here keeps them in models and joins them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ValidatorFunctionWrapHandler, WrapValidator

from guildmark.kernel.words import Amount, Said, said


def _kept(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, Said) else handler(value)


#: A text of a model that stays what it was said as; in JSON and in its schema it is a string like any other.
Told = Annotated[str, WrapValidator(_kept)]


def n(value: float) -> Said:
    """A number as people write it: no trailing zeros, at most two decimals."""
    return formula("{value}", value=value)


def formula(frame: str, **places: Any) -> Said:
    """Signs that are the same in every language, with numbers and words in their places."""
    return said(frame, **{name: Amount(p) if isinstance(p, int | float) else p for name, p in places.items()})


def signed(points: int) -> str:
    """Points with their sign: ``+5``, ``-3``, ``0``."""
    return f"{points:+d}" if points else "0"


def joined(parts: Iterable[str], by: str) -> Said:
    """Texts after each other with ``by`` between them."""
    places = {f"p{number}": part for number, part in enumerate(parts)}
    return said(by.join(f"{{{name}}}" for name in places), **places)


def retold(stored: Any, again: Any) -> Any:
    """What was stored as plain text, with the words of the same model as it is made ``again`` wherever they are the same.

    So a stored sentence can be said in another language; one that is worded otherwise today stays what it was.
    """
    if isinstance(stored, BaseModel) and type(stored) is type(again):
        names = type(stored).model_fields
        return stored.model_copy(update={a: retold(getattr(stored, a), getattr(again, a)) for a in names})
    if isinstance(stored, tuple) and isinstance(again, tuple):
        told = tuple(retold(a, b) for a, b in zip(stored, again, strict=False))
        return told + stored[len(told) :]
    return again if isinstance(again, Said) and stored == again else stored
