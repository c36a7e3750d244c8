"""The words of the marks: class labels, first sentences, dates, numbers. English; texts of others stay theirs."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Final

from guildmark.design.classes import CLASSES
from guildmark.issue.render.lettering import clusters
from guildmark.protocol.openbadges.facts import CredentialFacts, CriterionFacts
from guildmark.protocol.openbadges.v3 import Signal

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def shape_of(facts: CredentialFacts) -> Signal:
    """Return the class that the art shows. A foreign credential of an unknown class gets the plainest."""
    return facts.signal or Signal.COMPLETION


def day(moment: date | datetime) -> str:
    """Write a date as "14 November 2026", whatever the locale of the machine."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def number(count: int) -> str:
    """Write small numbers as words."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def counted(count: int, one: str, many: str) -> str:
    """Write "1 piece of work" or "3 pieces of work"."""
    return f"{count} {one if count == 1 else many}"


def given_on(facts: CredentialFacts) -> date | datetime | None:
    """Return the day the credential was given: the award, else the start of its validity."""
    return facts.awarded_at or facts.valid_from


def maker_letters(name: str) -> str:
    """Return one or two letters for the hallmark, the first of the first two words of an alphabetic name."""
    words = [word for word in name.split() if word and unicodedata.category(word[0]).startswith("L")]
    letters = [next(clusters(word)) for word in words[:2]]
    if not letters:
        return next(clusters(name.strip()), "")
    # Only scripts with capitals are abbreviated by two letters.
    if len(letters) == 2 and all(unicodedata.category(letter[0]) in ("Lu", "Ll") for letter in letters):
        return "".join(letter.upper() for letter in letters)
    return letters[0].upper()


def is_met(criterion: CriterionFacts) -> bool | None:
    """Say whether the level reached is at least the required one; None if the file does not tell."""
    if criterion.achieved is None or criterion.required is None:
        return None
    order = [level.id for level in criterion.levels]
    if criterion.achieved.id not in order or criterion.required.id not in order:
        return None
    return order.index(criterion.achieved.id) >= order.index(criterion.required.id)


def label(signal: Signal) -> str:
    """Return the name of a class, as every other face of Guildmark writes it."""
    return CLASSES[signal.value].label


def sentence(facts: CredentialFacts) -> str:
    """Return the first sentence of the class, as it follows the holder's name."""
    told = CLASSES[shape_of(facts).value]
    if not told.judged:
        return f"{told.sentence} in"
    judges = len(facts.assessment.judges) if facts.assessment else 0
    judged = f", judged by {number(judges)} {'person' if judges == 1 else 'people'}." if judges else "."
    return told.sentence + judged
