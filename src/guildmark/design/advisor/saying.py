"""How the advisor says things: English for files and programs, the language of the reader on a page.

The words are put together by :mod:`guildmark.kernel.words`; what is here keeps them in models and joins them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

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


def joined(parts: Iterable[str], by: str) -> Said:
    """Texts after each other with ``by`` between them."""
    places = {f"p{number}": part for number, part in enumerate(parts)}
    return said(by.join(f"{{{name}}}" for name in places), **places)
