"""Recipient identities: hashing an e-mail address and comparing one with a credential (DECISIONS 5)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from typing import Any

from guildmark.protocol.errors import Malformed


def normalize_email(email: str) -> str:
    """Return the form that is hashed: trimmed, lower-cased, NFC."""
    return unicodedata.normalize("NFC", email.strip().lower())


def hash_identity(value: str, salt: str) -> str:
    """Return ``sha256$`` + hex of value + salt (IdentityHash). The value is taken as it is."""
    return "sha256$" + hashlib.sha256((value + salt).encode()).hexdigest()


def hash_email(email: str, salt: str) -> str:
    """Return the identity hash of an e-mail address after :func:`normalize_email`."""
    if not salt:
        raise Malformed("A hashed address needs a salt, or anyone could guess it.", field="salt")
    return hash_identity(normalize_email(email), salt)


def email_matches(document: Mapping[str, Any], email: str) -> bool | None:
    """Say whether the credential was given to this address; None if it names no address.

    Compares with every IdentityObject of type emailAddress, hashed or plain. Foreign issuers hash
    the address as it was typed, so that form is tried too.
    """
    subject = document.get("credentialSubject")
    entries = subject.get("identifier", []) if isinstance(subject, Mapping) else []
    found: bool | None = None
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, Mapping) or entry.get("identityType") != "emailAddress":
            continue
        found = bool(found) or _entry_matches(entry, email)
    return found


def _entry_matches(entry: Mapping[str, Any], email: str) -> bool:
    stored = str(entry.get("identityHash", ""))
    if entry.get("hashed") is not True:
        return normalize_email(stored) == normalize_email(email)
    salt = str(entry.get("salt", ""))
    return any(
        hmac.compare_digest(stored.encode(), hash_identity(form, salt).encode())
        for form in {normalize_email(email), email.strip(), email}
    )
