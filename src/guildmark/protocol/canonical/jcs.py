"""JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

from typing import Any

import rfc8785

from guildmark.protocol.errors import Malformed


def canonicalize(value: Any) -> bytes:
    """Return the one UTF-8 form of a JSON value; Malformed if it has none (NaN, huge integers)."""
    try:
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise Malformed(f"The value has no canonical JSON form: {error}") from error
