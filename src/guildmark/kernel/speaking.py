"""Saying what was marked without Django in the language of the page."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import gettext, ngettext, pgettext

from guildmark.kernel.words import Amount, Number, Said

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)


def spoken(text: Any) -> str:
    """What was said in the language that is active now. A text that is somebody else's stays as it is."""
    if isinstance(text, Said):
        if text.moment is not None:
            return date_format(text.moment, "DATE_FORMAT")
        frame = _frame(text)
        return (
            frame.format(**{name: spoken(value) for name, value in text.places.items()})
            if text.places
            else frame
        )
    if isinstance(text, Number):
        signs = {".": get_format("DECIMAL_SEPARATOR"), ",": get_format("THOUSAND_SEPARATOR")}
        return text.translate(str.maketrans(signs))
    if isinstance(text, date):
        return date_format(text, "DATE_FORMAT")
    if isinstance(text, Amount):
        return str(number_format(str(text)))
    if isinstance(text, int) and not isinstance(text, bool):
        return str(number_format(int(text), force_grouping=True))
    return str(text)


def _frame(text: Said) -> str:
    if text.context:
        return pgettext(text.context, text.frame)
    if text.many:
        return ngettext(text.frame, text.many, text.places["n"])
    return gettext(text.frame) if text.frame else str(text)


def all_spoken(record: Record) -> Record:
    """A record of a dataclass with everything in it that was said in the language that is active now."""
    words = {field.name: getattr(record, field.name) for field in fields(record)}
    return replace(record, **{name: spoken(text) for name, text in words.items() if isinstance(text, Said)})


def speaking(language: str) -> AbstractContextManager[None]:
    """Within it everything is said in ``language`` (``de`` for ``de-AT``, too), or in English where we do not speak it."""
    base = language.split("-")[0].lower()
    return translation.override(base if base in dict(settings.LANGUAGES) else "en")
