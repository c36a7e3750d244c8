"""Marking texts for translators where Django is not loaded: the page that shows them translates them."""

from __future__ import annotations


def marked(text: str) -> str:
    """The text itself; ``tools/messages.py`` collects it."""
    return text
