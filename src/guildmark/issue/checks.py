"""The last look at a document before it is signed."""

from __future__ import annotations

import json
from typing import Any

from guildmark.protocol.errors import LintError

MAX_BYTES = 512_000


def _texts(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [found for key, part in value.items() for found in _texts(part, f"{path}.{key}".lstrip("."))]
    if isinstance(value, list):
        return [found for place, part in enumerate(value) for found in _texts(part, f"{path}.{place}")]
    return []


def ensure_clean(document: dict[str, Any]) -> None:
    """LintError for what must not be signed: control characters (DESIGN 8.3) and documents beyond all measure."""
    for path, text in _texts(document):
        wrong = next((c for c in text if (ord(c) < 32 and c not in "\n\t\r") or ord(c) == 127), None)
        if wrong is not None:
            raise LintError(
                f"The text holds the control character U+{ord(wrong):04X}.", field=path, mend="Take it out."
            )
    if len(json.dumps(document)) > MAX_BYTES:
        raise LintError(
            f"The credential would be larger than {MAX_BYTES:,} bytes.", mend="Shorten the standard."
        )
