"""Reading JSON-LD as JSON: one value or a list, a text or an object with an id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def list_of(node: Mapping[str, Any], key: str) -> list[Any]:
    """The values of a member; a single value is a list of one."""
    value = node.get(key, [])
    return value if isinstance(value, list) else [value]


def nodes_of(node: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects among the values of a member."""
    return [item for item in list_of(node, key) if isinstance(item, Mapping)]


def text_of(node: Mapping[str, Any], key: str) -> str | None:
    """A text; of several languages the first."""
    value = node.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = value.get("@value")
    return value if isinstance(value, str) else None


def address_of(node: Mapping[str, Any], key: str) -> str | None:
    """An address, written as such or as the id of an object."""
    value = node.get(key)
    return text_of(value, "id") if isinstance(value, Mapping) else text_of(node, key)
