"""Multibase as the credential world uses it: base58btc (``z``) and base64url without padding (``u``)."""

from __future__ import annotations

import base64
import binascii
import re

from guildmark.protocol.errors import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ALLOWED = _ALPHABET.encode()
_DIGITS = bytes.maketrans(_ALPHABET.encode(), bytes(range(58)))
# Four digits at a time: a quarter of the steps of a big integer.
_CHUNK = 58**4
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_MAX_BASE58 = 2_000
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


def base58_encode(data: bytes) -> str:
    """Return the base58 (Bitcoin alphabet) form of up to 2,000 bytes; its cost grows with the square."""
    if len(data) > _MAX_BASE58:
        raise Malformed(f"More than {_MAX_BASE58} bytes are not written in base58.")
    number = int.from_bytes(data)
    chunks: list[int] = []
    while number:
        number, rest = divmod(number, _CHUNK)
        chunks.append(rest)
    text = "".join([_PAIRS[rest // 3364] + _PAIRS[rest % 3364] for rest in reversed(chunks)])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + text.lstrip(_ALPHABET[0])


def base58_decode(text: str) -> bytes:
    """Return the bytes of a base58 text; Malformed if it holds a character outside the alphabet."""
    if len(text) > 2 * _MAX_BASE58:
        raise Malformed("The base58 text is too long.")
    raw = text.encode(errors="surrogatepass")
    if raw.translate(None, _ALLOWED):
        wrong = next(char for char in text if char not in _ALPHABET)
        raise Malformed(f"{wrong!r} is not a base58 character.")
    # Leading zeros change no number.
    digits = iter(bytes(-len(raw) % 4) + raw.translate(_DIGITS))
    number = 0
    for a, b, c, d in zip(digits, digits, digits, digits, strict=True):
        number = number * _CHUNK + ((a * 58 + b) * 58 + c) * 58 + d
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def base64url_encode(data: bytes) -> str:
    """Return the base64url form without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """Return the bytes of base64url without padding; Malformed for padding, other alphabets or loose bits."""
    if not _BASE64URL.match(text) or len(text) % 4 == 1:
        raise Malformed("The text is not base64url without padding.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Malformed("The text is not base64url.") from error
    # Two texts must not stand for the same bytes, or one of them could be swapped in unseen.
    if base64url_encode(data) != text:
        raise Malformed("The base64url text has loose bits at its end.")
    return data


def encode(data: bytes, base: str = "z") -> str:
    """Return multibase text; ``base`` is ``z`` (base58btc) or ``u`` (base64url)."""
    if base == "z":
        return "z" + base58_encode(data)
    if base == "u":
        return "u" + base64url_encode(data)
    raise Malformed(f"The multibase prefix {base!r} is not supported.")


def decode(text: str, allowed: str = "zu") -> bytes:
    """Return the bytes of multibase text whose prefix is among ``allowed``."""
    prefix = text[:1] if isinstance(text, str) else ""
    if prefix == "z" and "z" in allowed:
        return base58_decode(text[1:])
    if prefix == "u" and "u" in allowed:
        return base64url_decode(text[1:])
    raise Malformed(f"The multibase text must begin with one of {', '.join(allowed)}.")
