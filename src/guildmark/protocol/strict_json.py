"""Reading JSON without surprises: no duplicate keys, no NaN, no huge numbers, no deep nesting.

Two programs must never read different things out of the same signed bytes, so whatever parsers
are known to disagree on is refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import orjson

from guildmark.protocol.errors import Malformed, TooLarge

#: Integers beyond this lose digits in JavaScript.
MAX_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """Bounds on one JSON text: bytes, levels of nesting, and values of any kind."""

    bytes: int = 2_000_000
    depth: int = 48
    values: int = 40_000


_LIMITS = JsonLimits()
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _check_depth(data: bytes, limit: int) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(data):
        token = match.group()
        if token in (b"[", b"{"):
            depth += 1
            if depth > limit:
                raise TooLarge(f"The JSON is nested deeper than {limit} levels.")
        elif token in (b"]", b"}"):
            depth -= 1


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed(f"The key {double[:80]!r} occurs twice in one object.", mend="Keep one of them.")
    return result


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise Malformed(f"The number {text[:40]} is too large for JSON readers to agree on.")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Malformed(f"The number {text[:40]} is too large.")
    return value


def _constant(text: str) -> Any:
    raise Malformed(f"{text} is not JSON.")


def check_values(value: Any, limits: JsonLimits | None = None) -> None:
    """Refuse a parsed value that passes the bounds or holds what JSON text cannot carry."""
    limits = limits or _LIMITS
    count = 0
    stack: list[tuple[Any, int]] = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        count += 1
        if count > limits.values:
            raise TooLarge(f"The document holds more than {limits.values} values.")
        if isinstance(item, (dict, list)) and depth > limits.depth:
            raise TooLarge(f"The JSON is nested deeper than {limits.depth} levels.")
        if isinstance(item, dict):
            for key in item:
                if not isinstance(key, str):
                    raise Malformed("Every key must be a string.")
                stack.append((key, depth + 1))
            stack.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            stack.extend((child, depth + 1) for child in item)
        else:
            _check_scalar(item)


def _check_scalar(item: Any) -> None:
    if isinstance(item, str):
        if not item.isascii() and any("\ud800" <= char <= "\udfff" for char in item):
            raise Malformed("A text holds half of a surrogate pair, which UTF-8 cannot carry.")
    elif isinstance(item, bool) or item is None:
        return
    elif isinstance(item, int):
        if abs(item) > MAX_INTEGER:
            raise Malformed("A number is too large for JSON readers to agree on.")
    elif not isinstance(item, float) or item != item or item in (float("inf"), float("-inf")):
        raise Malformed(f"A value of type {type(item).__name__} is not JSON.")


def _quick(raw: bytes, limits: JsonLimits) -> Any:
    """The value of a text that comes out of a fast parser as it went in, and is plainly within the bounds.

    Such a text holds no key twice and nothing that readers disagree on. None when this cannot be said.
    """
    try:
        value = orjson.loads(raw)
        # Whole numbers beyond MAX_INTEGER raise a TypeError.
        if orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER) != raw and (
            b"\n" not in raw
            or orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER | orjson.OPT_INDENT_2) != raw
        ):
            return None
    except (ValueError, TypeError):
        return None
    if (
        isinstance(value, (dict, list))
        # Every value and key but the first takes a character and a separator at least.
        and len(raw) < 2 * limits.values
        # Brackets within texts count too: this says yes too seldom, never too often.
        and raw.count(b"{") + raw.count(b"[") <= limits.depth
    ):
        return value
    return value if _within(value, limits) else None


def _within(value: Any, limits: JsonLimits) -> bool:
    """Whether a parsed value keeps the bounds of :func:`check_values`."""
    level = [value] if isinstance(value, (dict, list)) else []
    depth = count = 0
    while level:
        depth += 1
        below = []
        for item in level:
            count += 2 * len(item) + 1
            for child in item.values() if type(item) is dict else item:
                kind = type(child)
                if kind is str:
                    continue
                if kind is dict or kind is list:
                    below.append(child)
                elif kind is int and abs(child) > MAX_INTEGER:
                    return False
        if depth > limits.depth or count > limits.values:
            return False
        level = below
    return depth > 0


def loads(data: bytes | str, limits: JsonLimits | None = None) -> Any:
    """Parse JSON; Malformed or TooLarge if anything about it is doubtful."""
    limits = limits or _LIMITS
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
    except UnicodeEncodeError as error:
        raise Malformed("The text holds half of a surrogate pair.") from error
    if len(raw) > limits.bytes:
        raise TooLarge(f"The file is larger than {limits.bytes} bytes.")
    quick = _quick(raw, limits)
    if quick is not None:
        return quick
    _check_depth(raw, limits.depth)
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise Malformed("The file is not UTF-8 text.", mend="Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Malformed(
            f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise TooLarge("The JSON is nested too deeply.") from error
    check_values(value, limits)
    return value


def load_object(data: bytes | str, limits: JsonLimits | None = None) -> dict[str, Any]:
    """Parse a JSON object; Malformed if the text holds anything else."""
    value = loads(data, limits)
    if not isinstance(value, dict):
        raise Malformed("The JSON is not an object.")
    return value
