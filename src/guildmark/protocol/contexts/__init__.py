"""The JSON-LD contexts that are shipped. Nothing is ever fetched.

Each file is checked against the SHA-256 of ``manifest.json`` when it is loaded, so that a changed
copy can never change what a signature covers. See README.md for where each hash comes from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from guildmark.protocol.errors import Malformed, UnknownContext

CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CLR: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
DID_V1: Final = "https://www.w3.org/ns/did/v1"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"

#: Every address under which a version of the Open Badges 3.0 context is named, oldest first.
OPEN_BADGES_VERSIONS: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    OPEN_BADGES,
)

_HERE = files(__package__)


@cache
def _manifest(name: str = "manifest.json") -> dict[str, dict[str, str]]:
    manifest: dict[str, dict[str, str]] = json.loads((_HERE / name).read_text("utf-8"))
    return manifest


def known() -> tuple[str, ...]:
    """Return the addresses of all shipped contexts."""
    return tuple(_manifest())


@cache
def conformance() -> Mapping[str, Mapping[str, Any]]:
    """Contexts that only test suites use, by address; to be given as ``extra_contexts``, by the conformance faces alone.

    The examples context gives every word a meaning, so that nothing could be undefined: a verifier that took it
    would have no safe mode.
    """
    found = {}
    for url, entry in _manifest("conformance.json").items():
        document: dict[str, Any] = json.loads(_read(url, entry))
        found[url] = document
    return found


@cache
def conformance_raw(url: str) -> bytes | None:
    """Return the bytes of a context that only test suites use, or None."""
    entry = _manifest("conformance.json").get(url)
    return None if entry is None else _read(url, entry)


@cache
def raw(url: str) -> bytes:
    """Return the bytes of a shipped context.

    Raises UnknownContext if it is not shipped, Malformed if the file was altered.
    """
    entry = _manifest().get(url)
    if entry is None:
        raise UnknownContext(
            f"The context {url[:200]} is not shipped, and contexts are never fetched.",
            field="@context",
            mend=f"Use one of: {', '.join(known())}.",
        )
    return _read(url, entry)


def _read(url: str, entry: Mapping[str, str]) -> bytes:
    data = (_HERE / "data" / entry["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise Malformed(
            f"The shipped copy of {url} was altered.", field=entry["file"], mend="Install Guildmark again."
        )
    return data


@cache
def load(url: str) -> Mapping[str, Any]:
    """Return the parsed context document at an address (see :func:`raw` for errors)."""
    document: dict[str, Any] = json.loads(raw(url))
    return document
