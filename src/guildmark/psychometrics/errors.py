"""What is wrong with a model that was asked for."""

from __future__ import annotations


class ImpossibleModel(ValueError):
    """A model that cannot be computed: which ``field``, why, and the ``mend``."""

    def __init__(self, field: str, reason: str, mend: str) -> None:
        super().__init__(f"{field}: {reason} {mend}")
        self.field, self.reason, self.mend = field, reason, mend


def need_chance(field: str, value: float) -> float:
    """``value`` if it is a probability, else ImpossibleModel."""
    if not 0 <= value <= 1:  # also refuses what is not a number
        raise ImpossibleModel(field, f"{value!r} is no probability.", "Give a number from 0 to 1.")
    return value


def need_count(field: str, value: int, lowest: int = 0) -> int:
    """``value`` if it is a whole number of at least ``lowest``, else ImpossibleModel."""
    if value < lowest:
        raise ImpossibleModel(field, f"{value!r} is too small.", f"Give at least {lowest}.")
    return value
