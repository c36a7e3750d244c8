"""did:web addresses, and controller documents: writing ours, reading anybody's."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from guildmark.protocol import contexts, keys
from guildmark.protocol.errors import KeyNotBound, Malformed, UnsupportedProof

_DID_WEB = "did:web:"
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?\Z")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+\Z")


def is_loopback(host: str) -> bool:
    """Say whether a host (without port) is this machine: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def did_web_to_url(did: str) -> str:
    """Return the address of the DID document (did:web method, section 3.2).

    http is used on loopback hosts only, where no certificate can be had (DECISIONS 1).
    """
    if not did.startswith(_DID_WEB) or "#" in did or "?" in did:
        raise Malformed(f"{did[:120]!r} is not a did:web.", field="id")
    host, *path = did.removeprefix(_DID_WEB).split(":")
    host = unquote(host)
    if not _HOST.match(host) or any(not _SEGMENT.match(part) or set(part) == {"."} for part in path):
        raise Malformed(f"{did[:120]!r} is not a well-formed did:web.", field="id")
    scheme = "http" if is_loopback(host.rsplit(":", 1)[0] if ":" in host else host) else "https"
    where = "/".join(path) if path else ".well-known"
    return f"{scheme}://{host}/{where}/did.json"


def url_to_did_web(url: str) -> str:
    """Return the did:web of an address such as ``https://host:8443/o/slug`` (the port becomes %3A)."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise Malformed(f"{url[:120]!r} cannot be written as a did:web.", field="url")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Malformed("A did:web needs https; http is for loopback hosts only.", field="url")
    host = parts.hostname + (f"%3A{parts.port}" if parts.port else "")
    path = [quote(unquote(part), safe="") for part in parts.path.split("/") if part]
    return ":".join(["did", "web", host, *path])


def document_url(controller: str) -> str | None:
    """Return where the controller document of an identifier is served; None for did:key.

    Raises UnsupportedProof for identifiers that cannot be looked up, for http outside loopback, and for an address with
    a user name, which shows people another host than the one that is asked.
    """
    if controller.startswith(_DID_WEB):
        return did_web_to_url(controller)
    if controller.startswith("did:key:"):
        return None
    try:
        parts = urlsplit(controller)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        usable = safe and parts.hostname and parts.username is None
    except ValueError:
        usable = None
    if not usable:
        raise UnsupportedProof(f"{controller[:120]!r} cannot be looked up.", field="proof.verificationMethod")
    return controller


def build_controller_document(
    controller: str,
    public_keys: Iterable[bytes | keys.PublicKey],
    *,
    also_known_as: Iterable[str] = (),
    active: Iterable[bytes | keys.PublicKey] | None = None,
) -> dict[str, Any]:
    """Build a DID or controller document that lists keys as Multikeys; bytes are raw Ed25519 keys.

    Every key stays in ``verificationMethod`` for ever; ``assertionMethod`` names those in ``active``
    (all by default). A retired key must stay active as long as what it signed shall verify; only a
    compromised key leaves it.
    """
    listed = [_multikey(key) for key in public_keys]
    allowed = set(listed if active is None else map(_multikey, active))
    methods = [
        {
            "id": f"{controller}#{key}",
            "type": "Multikey",
            "controller": controller,
            "publicKeyMultibase": key,
        }
        for key in listed
    ]
    document: dict[str, Any] = {"@context": [contexts.DID_V1, contexts.MULTIKEY_V1], "id": controller}
    names = list(also_known_as)
    if names:
        document["alsoKnownAs"] = names
    document["verificationMethod"] = methods
    document["assertionMethod"] = [
        method["id"] for method, key in zip(methods, listed, strict=True) if key in allowed
    ]
    return document


def _multikey(key: bytes | keys.PublicKey) -> str:
    return keys.encode_multikey(key) if isinstance(key, bytes) else key.multikey


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A key of a controller document."""

    id: str
    controller: str
    key: keys.PublicKey


def _absolute(reference: str, base: str) -> str:
    return base + reference if reference.startswith("#") else reference


def _entries(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    return value if isinstance(value, list) else [value]


def find_assertion_method(document: Mapping[str, Any], method_id: str, controller: str) -> VerificationMethod:
    """Find the key ``method_id`` in a fetched controller document.

    It must be in ``assertionMethod`` (by reference or embedded) and its controller must be
    ``controller``, which the document's ``id`` must equal too. Raises KeyNotBound otherwise.
    """
    allowed, embedded = _listed(document, controller)
    return _method_of(method_id, allowed, embedded, controller)


def _listed(
    document: Mapping[str, Any], controller: str
) -> tuple[dict[str, None], dict[str, Mapping[str, Any]]]:
    """The ids that may make statements, in their order, and the entries that hold a key, by id."""
    _ensure_about(document, controller)
    embedded: dict[str, Mapping[str, Any]] = {}
    allowed: dict[str, None] = {}
    for name in ("verificationMethod", "assertionMethod"):
        for entry in _entries(document, name):
            identifier = entry.get("id") if isinstance(entry, Mapping) else entry
            if not isinstance(identifier, str):
                continue
            identifier = _absolute(identifier, controller)
            if isinstance(entry, Mapping):
                embedded.setdefault(identifier, entry)
            if name == "assertionMethod":
                allowed[identifier] = None
    return allowed, embedded


def _method_of(
    method_id: str, allowed: Container[str], embedded: Mapping[str, Mapping[str, Any]], controller: str
) -> VerificationMethod:
    if method_id not in allowed or method_id not in embedded:
        raise KeyNotBound(f"The issuer does not list the key {method_id} for making statements.")
    return read_method(embedded[method_id], method_id, controller)


def _ensure_about(document: Mapping[str, Any], controller: str) -> None:
    if document.get("id") != controller:
        raise KeyNotBound(
            f"The controller document is about {str(document.get('id'))[:120]!r}, not {controller!r}."
        )


def lists_assertion_method(document: Mapping[str, Any], method_id: str, controller: str) -> bool:
    """Whether a controller document names a key for making statements, wherever the key itself stands.

    KeyNotBound if the document is about somebody else.
    """
    _ensure_about(document, controller)
    return method_id in _entries(document, "assertionMethod")


def assertion_methods(document: Mapping[str, Any], controller: str) -> list[VerificationMethod]:
    """Every key of a controller document that may make statements and that is of a kind known here."""
    try:
        allowed, embedded = _listed(document, controller)
    except KeyNotBound:
        return []
    found = []
    for identifier in allowed:
        with suppress(KeyNotBound, UnsupportedProof, Malformed):
            found.append(_method_of(identifier, allowed, embedded, controller))
    return found


def read_method(entry: Mapping[str, Any], method_id: str, controller: str) -> VerificationMethod:
    """The key that one entry, or a document of its own, holds (Controlled Identifiers 1.0, section 2.2).

    KeyNotBound if it is another key or somebody else's; UnsupportedProof or Malformed if it cannot be read.
    """
    if _absolute(str(entry.get("id")), controller) != method_id:
        raise KeyNotBound(f"What is served as {method_id} is another key.")
    if entry.get("controller") != controller:
        raise KeyNotBound(f"The key {method_id} is controlled by somebody else than the issuer.")
    kind = entry.get("type")
    if kind in ("JsonWebKey", "JsonWebKey2020"):
        jwk = entry.get("publicKeyJwk")
        if not isinstance(jwk, Mapping):
            raise Malformed("The key is not written as publicKeyJwk.", field="publicKeyJwk")
        return VerificationMethod(method_id, controller, keys.from_jwk(jwk))
    if kind not in ("Multikey", "Ed25519VerificationKey2020"):
        raise UnsupportedProof(f"Keys of type {str(kind)[:60]!r} are not supported.")
    text = entry.get("publicKeyMultibase")
    if not isinstance(text, str):
        raise UnsupportedProof("The key is not written as publicKeyMultibase.")
    return VerificationMethod(method_id, controller, keys.decode_multikey(text))
