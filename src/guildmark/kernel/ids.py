"""Identifiers: UUIDv7 for internal keys, a human code with a check digit for people."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = CROCKFORD + "*~$=U"
_lock = threading.Lock()
_last = (0, 0)


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562 section 5.7), monotonic within this process.

    The 12 bits after the version are a counter inside one millisecond; the rest is random. A clock that goes
    backwards keeps counting from the last millisecond seen, so ids never go back.
    """
    global _last
    with _lock:
        millis = time.time_ns() // 1_000_000
        last_millis, counter = _last
        if millis > last_millis:
            counter = int.from_bytes(os.urandom(1), "big")
        else:
            millis, counter = last_millis, counter + 1
            if counter > 0xFFF:
                millis, counter = millis + 1, 0
        _last = (millis, counter)
    tail = int.from_bytes(os.urandom(8), "big") & 0x3FFFFFFFFFFFFFFF
    return UUID(int=(millis << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


def human_code(public_id: UUID) -> str:
    """``GM-XXXX-XXXX-XXXX-C``: 60 bits of the id in Crockford base 32 and a check character modulo 37.

    One wrong character is always detected (37 is prime and larger than the alphabet).
    """
    number = public_id.int >> 68
    digits = "".join(CROCKFORD[(number >> shift) & 31] for shift in range(55, -1, -5))
    return f"GM-{digits[:4]}-{digits[4:8]}-{digits[8:]}-{_CHECK[number % 37]}"


def read_human_code(text: str) -> int | None:
    """The 60-bit number of a typed code, or None when it is not one or its check character is wrong.

    Reads O as 0 and I or L as 1, ignores case, spaces and hyphens (Crockford's rules).
    """
    folded = text.upper().replace("-", "").replace(" ", "").removeprefix("GM")
    if len(folded) != 13:
        return None
    number = 0
    for letter in folded[:12].translate(str.maketrans("OIL", "011")):
        if letter not in CROCKFORD:
            return None
        number = number * 32 + CROCKFORD.index(letter)
    return number if _CHECK[number % 37] == folded[12] else None
