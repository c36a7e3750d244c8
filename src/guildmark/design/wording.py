"""The guard over words of a career identity, and characters that print as nothing.

Whether a claim can be watched is asked in :mod:`guildmark.design.claims`.
"""

from __future__ import annotations

import re
import unicodedata

Span = tuple[int, int]

# Words of a career identity. A thing may be called master (master data), and one may say what it is not.
GRAND = re.compile(
    r"\bcertif(?:ied|ications?)\b"
    r"|\bexpert(?:s|ise)?\b"
    r"|\bmaster(?:s|y|ed|class)?\b(?!\s+(?:data|files?|records?|schedules?|slides?|pages?|copy|copies|templates?|branch|"
    r"plans?|lists?|keys?|clocks?|cylinders?|batch|recipes?|production))"
    r"|\b(?:certified|qualified|accredited|chartered|licensed|senior|master)\s+professional\b",
    re.IGNORECASE,
)
RANK = re.compile(r"\bprofessional$", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:not|no|never|nor|without|instead of|neither)\s+(?:an?\s+|any\s+|the\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)


def grand_words(text: str, *, title: bool = False) -> list[Span]:
    """Where a text promises a career identity (MC5): certified, expert, master, and a title that ends
    in professional.
    """
    spans = [m.span() for pattern in ((GRAND, RANK) if title else (GRAND,)) for m in pattern.finditer(text)]
    return [span for span in spans if not DENIAL.search(text[: span[0]])]


HIDDEN = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b\u2060"
)


def forbidden_characters(text: str, *, lines: bool) -> list[tuple[int, str]]:
    """Characters that print as nothing or turn the reading direction; line breaks are welcome where
    ``lines``.
    """
    found = []
    for position, character in enumerate(text):
        if lines and character in "\n\t":
            continue
        if character in HIDDEN or unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"}:
            found.append((position, character))
    return found
