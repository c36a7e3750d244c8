"""The rules of Open Badges 2.0 (and 1.x), each by itself: model, scope, equality, recipient, keys, revocation lists.

Sections are those of Open Badges 2.0 (IMS Global, 2018). Nothing is fetched here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from guildmark.protocol import keys
from guildmark.protocol.errors import KeyNotBound, Malformed, UnsupportedProof
from guildmark.protocol.openbadges.identity import normalize_email
from guildmark.protocol.openbadges.nodes import address_of, list_of, nodes_of, text_of
from guildmark.protocol.openbadges.v2_reading import moment

#: Words that mean the same (section 3.5 and the published context).
_KINDS: Final = {
    "hosted": "hosted",
    "HostedBadge": "hosted",
    "obi:HostedBadge": "hosted",
    "signed": "signed",
    "SignedBadge": "signed",
    "obi:SignedBadge": "signed",
}
_DOTS: Final = re.compile(r"/(\.|%2e){1,2}(/|\Z)|\\", re.IGNORECASE)
_HASHES: Final = {"sha256": hashlib.sha256, "md5": hashlib.md5}
_MAX_REVOKED: Final = 1_000_000
_MAX_LISTS: Final = 4


# -- the shape of the documents ----------------------------------------------------------------


def verification_of(assertion: Mapping[str, Any]) -> Mapping[str, Any]:
    """The VerificationObject, under either of its names; empty if there is none."""
    for name in ("verification", "verify"):
        value = assertion.get(name)
        if isinstance(value, Mapping):
            return value
    return {}


def kind_of(assertion: Mapping[str, Any]) -> str | None:
    """``hosted``, ``signed``, or None for a way of verification that is not known."""
    kinds = {
        _KINDS.get(kind) for kind in list_of(verification_of(assertion), "type") if isinstance(kind, str)
    }
    found = {kind for kind in kinds if kind}
    return found.pop() if len(found) == 1 else None


def id_of(assertion: Mapping[str, Any]) -> str | None:
    """The id; in version 1.0 the address in the VerificationObject of a hosted one, else ``uid``."""
    hosted = text_of(verification_of(assertion), "url") if kind_of(assertion) == "hosted" else None
    return text_of(assertion, "id") or hosted or text_of(assertion, "uid")


def http_parts(address: Any) -> SplitResult | None:
    """The parts of an http(s) address; None for anything else, and for one that steps about in its path."""
    if not isinstance(address, str) or len(address) > 2000 or re.search(r"\s", address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 (raises for a port that is no number)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return None
    return None if _DOTS.search(parts.path) else parts


def _types(node: Mapping[str, Any]) -> set[str]:
    return {item for item in list_of(node, "type") if isinstance(item, str)}


def _is_version_1(document: Mapping[str, Any]) -> bool:
    """Version 1.0 documents carry neither context nor type."""
    return "@context" not in document and "type" not in document


def assertion_faults(assertion: Mapping[str, Any]) -> Iterator[str]:
    """What an Assertion lacks (section 3.1); of one that was withdrawn only type and id are asked."""
    if not _is_version_1(assertion) and "Assertion" not in _types(assertion):
        yield "type: this is no Assertion, so it was given to nobody"
        return
    if id_of(assertion) is None:
        yield "id: an assertion has an id"
    if assertion.get("revoked") is True and kind_of(assertion) != "signed":
        return
    recipient = assertion.get("recipient")
    if not isinstance(recipient, Mapping) or text_of(recipient, "identity") is None:
        yield "recipient: an assertion names its recipient by an identity"
    if address_of(assertion, "badge") is None and not isinstance(assertion.get("badge"), Mapping):
        yield "badge: an assertion names its badge class"
    if not verification_of(assertion):
        yield "verification: an assertion says how it is verified"
    for field in ("issuedOn", "expires"):
        if field in assertion or field == "issuedOn":
            yield from _date_fault(assertion, field)


def _date_fault(assertion: Mapping[str, Any], field: str) -> Iterator[str]:
    try:
        moment(assertion.get(field), field)
    except Malformed as error:
        yield f"{field}: {error.reason}"


def badge_faults(badge: Mapping[str, Any]) -> Iterator[str]:
    """What a BadgeClass lacks (section 3.2)."""
    if not _is_version_1(badge) and "BadgeClass" not in _types(badge):
        yield "badge.type: this is no BadgeClass"
    for field in ("name", "description"):
        if text_of(badge, field) is None:
            yield f"badge.{field}: a badge class has a {field}"
    if address_of(badge, "image") is None:
        yield "badge.image: a badge class has an image"
    if "criteria" not in badge:
        yield "badge.criteria: a badge class has criteria"
    if address_of(badge, "issuer") is None:
        yield "badge.issuer: a badge class names its issuer"


def issuer_faults(issuer: Mapping[str, Any]) -> Iterator[str]:
    """What a Profile lacks that issues badges (section 3.3)."""
    if not _is_version_1(issuer) and not {"Issuer", "Profile", "IssuerOrg"} & _types(issuer):
        yield "badge.issuer.type: this is no Profile"
    for field in ("name", "url"):
        if text_of(issuer, field) is None:
            yield f"badge.issuer.{field}: an issuer has a {field}"


# -- hosted ------------------------------------------------------------------------------------


def difference(given: Any, hosted: Any, path: str = "") -> str | None:
    """The first place where what was given says something else than what is hosted, or None.

    A single value equals a list of one; the given address of an object equals the object with that id, but not the
    other way about, for then it would say more. Contexts are not compared, since both are read as they stand.
    """
    if isinstance(given, Mapping) and isinstance(hosted, Mapping):
        for key in sorted((set(given) | set(hosted)) - {"@context"}):
            where = f"{path}.{key}" if path else key
            if key not in given or key not in hosted:
                return where
            found = difference(given[key], hosted[key], where)
            if found:
                return found
        return None
    if isinstance(given, list) or isinstance(hosted, list):
        ours = given if isinstance(given, list) else [given]
        theirs = hosted if isinstance(hosted, list) else [hosted]
        if len(ours) != len(theirs):
            return path
        pairs = zip(ours, theirs, strict=True)
        return next((found for one, two in pairs if (found := difference(one, two, path))), None)
    if isinstance(hosted, Mapping):
        return None if hosted.get("id") == given else path
    return None if type(given) is type(hosted) and given == hosted else path


def _origin(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def ensure_in_scope(assertion_id: str, badge_id: str | None, issuer: Mapping[str, Any]) -> None:
    """KeyNotBound unless the issuer's profile lets its assertions be hosted there (sections 3.5 and 5.3).

    Without rules of its own the profile covers its own host alone, for assertion and badge class. ``startsWith`` is
    compared inside one host, so that ``https://a.example`` does not cover ``https://a.example.evil.example``.
    """
    here, home = http_parts(assertion_id), http_parts(issuer.get("id"))
    if here is None or home is None:
        raise KeyNotBound("Assertion and issuer are not both at plain web addresses.")
    rules = issuer.get("verification")
    rules = rules if isinstance(rules, Mapping) else {}
    prefixes, hosts = list_of(rules, "startsWith"), list_of(rules, "allowedOrigins")
    if prefixes and not any(_begins(assertion_id, here, prefix) for prefix in prefixes):
        raise KeyNotBound("The assertion is not where the issuer's profile says that its assertions are.")
    if hosts and not any(_is_host(here, host) for host in hosts):
        raise KeyNotBound(f"The issuer's profile does not name {here.hostname} as a host of its assertions.")
    if prefixes or hosts:
        return
    places = [here] if badge_id is None else [here, http_parts(badge_id)]
    # Profiles of long ago name themselves by http and their assertions by https; the host is what counts.
    if any(place is None or place.netloc.lower() != home.netloc.lower() for place in places):
        raise KeyNotBound(f"Assertion and badge class are not hosted by {home.hostname}, as the issuer is.")


def _begins(address: str, here: SplitResult, prefix: Any) -> bool:
    there = http_parts(prefix)
    return there is not None and _origin(there) == _origin(here) and address.startswith(prefix)


def _is_host(here: SplitResult, host: Any) -> bool:
    return isinstance(host, str) and host.lower() in ((here.hostname or "").lower(), here.netloc.lower())


# -- signed ------------------------------------------------------------------------------------


def key_addresses(assertion: Mapping[str, Any], issuer: Mapping[str, Any]) -> list[Any]:
    """The keys that may have signed, as addresses or embedded objects (section 5.4.1, step 4).

    Only keys that the issuer's profile lists; of them the one that ``creator`` names, if it names one. KeyNotBound if
    there is none, UnsupportedProof for the way of version 1.
    """
    listed = [key for key in list_of(issuer, "publicKey") if isinstance(key, str | Mapping)]
    creator = address_of(verification_of(assertion), "creator")
    if creator is None and not listed and "url" in verification_of(assertion):
        raise UnsupportedProof("Signatures of version 1, whose key is a bare file, are not checked.")
    if creator is not None:
        listed = [key for key in listed if (key if isinstance(key, str) else key.get("id")) == creator]
    if not listed:
        raise KeyNotBound("The issuer's profile does not list the key of the assertion.")
    return listed


def public_key(document: Mapping[str, Any], issuer_id: str) -> keys.PublicKey:
    """The key of a CryptographicKey (section 3.11); KeyNotBound if it is somebody else's or unusable."""
    if address_of(document, "owner") != issuer_id:
        raise KeyNotBound("The key does not name the issuer as its owner.")
    pem = text_of(document, "publicKeyPem")
    if pem is None or len(pem) > 20_000:
        raise KeyNotBound("The key document holds no key in PEM form.")
    try:
        found = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyNotBound("The key of the issuer cannot be read.") from error
    if isinstance(found, rsa.RSAPublicKey):
        try:
            der = found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            return keys.PublicKey("RSA", der)
        except Malformed as error:
            raise KeyNotBound(error.reason) from error
    if isinstance(found, ec.EllipticCurvePublicKey) and found.curve.name in _CURVES:
        return keys.PublicKey(
            _CURVES[found.curve.name], found.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        )
    if isinstance(found, ed25519.Ed25519PublicKey):
        return keys.ed25519(found.public_bytes_raw())
    raise UnsupportedProof("The key of the issuer is of a kind that is not supported.")


_CURVES: Final[dict[str, keys.Kind]] = {"secp256r1": "P-256", "secp384r1": "P-384"}


def revocation_lists(issuer: Mapping[str, Any]) -> list[str]:
    """The addresses of an issuer's revocation lists (section 3.3); Malformed where one cannot be read."""
    named = [address_of({"list": item}, "list") for item in list_of(issuer, "revocationList")]
    found = [address for address in named if address is not None]
    if not found or len(found) != len(named) or len(found) > _MAX_LISTS:
        raise Malformed(
            "The issuer's profile names its revocation list in no readable way.", field="revocationList"
        )
    return found


def revoked_in(revocations: Mapping[str, Any], assertion: Mapping[str, Any], issuer_id: str) -> str | None:
    """The reason (or an empty text) if a RevocationList holds the assertion, else None (section 3.10).

    Version 1 wrote an object of uid and reason. Malformed for what is no list, or the list of another issuer.
    """
    owner = address_of(revocations, "issuer")
    if owner is not None and owner != issuer_id:
        raise Malformed("The revocation list is that of another issuer.", field="issuer")
    names = {name for name in (text_of(assertion, "id"), text_of(assertion, "uid")) if name}
    if "revokedAssertions" not in revocations:
        if not _is_version_1(revocations) or not all(isinstance(one, str) for one in revocations.values()):
            raise Malformed("What is served is no revocation list.", field="revokedAssertions")
        return next((reason for name, reason in revocations.items() if name in names), None)
    entries = list_of(revocations, "revokedAssertions")
    if len(entries) > _MAX_REVOKED:
        raise Malformed("The revocation list is too long.", field="revokedAssertions")
    for entry in entries:
        node: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {"id": entry}
        if names & {text_of(node, "id"), text_of(node, "uid")} and node.get("revoked") is not False:
            return text_of(node, "revocationReason") or ""
    return None


# -- the recipient -----------------------------------------------------------------------------


def recipient_matches(assertion: Mapping[str, Any], email: str) -> bool | None:
    """Say whether the assertion was given to this address; None if it names no e-mail address (section 3.4)."""
    found: bool | None = None
    for entry in nodes_of(assertion, "recipient"):
        if {"email", "schema:email", "http://schema.org/email"} & _types(entry):
            found = bool(found) or _identity_matches(entry, email)
    return found


def _identity_matches(entry: Mapping[str, Any], email: str) -> bool:
    stored, salt = text_of(entry, "identity") or "", text_of(entry, "salt") or ""
    if entry.get("hashed") is not True:
        return normalize_email(stored) == normalize_email(email)
    algorithm, _, digest = stored.partition("$")
    if algorithm not in _HASHES:
        return False
    return any(
        hmac.compare_digest(
            digest.lower().encode(), _HASHES[algorithm]((form + salt).encode()).hexdigest().encode()
        )
        for form in {normalize_email(email), email.strip(), email}
    )
