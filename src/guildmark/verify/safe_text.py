"""Foreign text made safe to show: nothing in it can move a cursor, colour a terminal or reverse a line."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Joiners that scripts need; every other invisible character is written out.
_JOINERS = "\u200c\u200d"


def printable(text: object, limit: int = 400, *, keep: str = "") -> str:
    """The text with every invisible or reordering character as ``\\u{...}``, cut at ``limit`` characters.

    ``keep`` names characters that stay, such as a line feed.
    """
    whole = str(text)
    shown = [
        f"\\u{{{ord(char):x}}}"
        if unicodedata.category(char) in _HIDDEN and char not in _JOINERS and char not in keep
        else char
        for char in whole[:limit]
    ]
    return "".join(shown) + (" ..." if len(whole) > limit else "")
