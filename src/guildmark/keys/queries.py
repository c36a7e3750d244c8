"""Reads of signing keys: what the world is told about them, and the right to sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from guildmark.config import load
from guildmark.kernel.crypto import SealBroken
from guildmark.kernel.problems import NotFound, Unavailable
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.keys import custody
from guildmark.keys.models import SigningKey
from guildmark.keys.types import KeyView, Signer, TokenSigner
from guildmark.people import queries as people
from guildmark.people.types import OrgView
from guildmark.protocol import contexts
from guildmark.protocol.did import build_controller_document, did_web_to_url, url_to_did_web
from guildmark.protocol.keys import Kind, PublicKey, decode_multikey, to_jwk

#: The algorithm of JOSE by which each kind of key signs (RFC 7518, RFC 8037).
_ALGORITHMS: dict[Kind, str] = {"Ed25519": "EdDSA", "P-256": "ES256"}


def issuer_url(slug: str) -> str:
    """``BASE/o/SLUG``: the address of the issuer's profile."""
    return absolute(f"/o/{slug}")


def issuer_id(slug: str) -> str:
    """``did:web:HOST[%3APORT]:o:SLUG`` (DECISIONS 2)."""
    return url_to_did_web(issuer_url(slug))


def _slug(org_id: UUID) -> str:
    return people.organisation(org_id).slug


def key_view(row: SigningKey, *, slug: str = "") -> KeyView:
    controller = issuer_id(slug or _slug(row.org_id))
    return KeyView(
        id=row.id,
        org_id=row.org_id,
        public_multibase=row.public_multibase,
        verification_method=f"{controller}#{row.public_multibase}",
        purpose=row.purpose,
        state=row.state,  # type: ignore[arg-type]
        created_at=row.created_at,
        retired_at=row.retired_at,
        compromised_at=row.compromised_at,
    )


def signing_keys(org_id: UUID) -> list[KeyView]:
    """Every key of the organisation, newest first."""
    slug = _slug(org_id)
    return [
        key_view(row, slug=slug) for row in SigningKey.objects.for_org(org_id).order_by("-created_at", "-id")
    ]


def signing_key(org_id: UUID, key_id: UUID) -> KeyView:
    row = SigningKey.objects.for_org(org_id).filter(id=key_id).first()
    if row is None:
        raise NotFound(said("There is no such key."))
    return key_view(row)


def _published(org_id: UUID) -> list[SigningKey]:
    """Keys that the world may rely on, oldest first: all but the compromised ones."""
    rows = SigningKey.objects.for_org(org_id).exclude(state="compromised")
    return list(rows.order_by("created_at", "id"))


def did_document(org_id: UUID) -> dict[str, Any]:
    """The document of the issuer's did:web.

    Retiring and retired keys stay in ``assertionMethod``, so that what they signed stays verifiable; a
    compromised key is in no list. Keys for heads of the log are listed, but credentials cannot be signed with them.
    """
    return _did_document(_slug(org_id), _published(org_id))


def _did_document(slug: str, rows: list[SigningKey]) -> dict[str, Any]:
    return build_controller_document(
        issuer_id(slug), _publics(rows), active=_publics(_asserting(rows)), also_known_as=[issuer_url(slug)]
    )


def _asserting(rows: list[SigningKey]) -> list[SigningKey]:
    """The keys that sign credentials, in whatever form."""
    return [row for row in rows if row.purpose != "log"]


def _publics(rows: list[SigningKey]) -> list[PublicKey]:
    return [decode_multikey(row.public_multibase) for row in rows]


def issuer_profile(org_id: UUID) -> dict[str, Any]:
    """What ``/o/SLUG`` serves as JSON: the Profile, which is also a controller document listing the keys."""
    return _profile(people.organisation(org_id), _published(org_id))


def _profile(org: OrgView, rows: list[SigningKey]) -> dict[str, Any]:
    document = build_controller_document(
        issuer_url(org.slug),
        _publics(rows),
        active=_publics(_asserting(rows)),
        also_known_as=[issuer_id(org.slug)],
    )
    words = {
        "name": org.name,
        "url": issuer_url(org.slug),
        "description": org.description,
        "email": org.email,
    }
    return {
        **document,
        "@context": [contexts.DID_V1, contexts.MULTIKEY_V1, contexts.OPEN_BADGES],
        "type": ["Profile"],
        **{name: text for name, text in words.items() if text},
    }


def jwk(org_id: UUID, public_multibase: str) -> dict[str, Any]:
    """One public key as JWK (RFC 7517, RFC 8037); ``kid`` is the address that serves it."""
    row = (
        SigningKey.objects.for_org(org_id)
        .filter(public_multibase=public_multibase)
        .exclude(state="compromised")
        .exclude(purpose="log")
        .first()
    )
    if row is None:
        raise NotFound(said("There is no such key."))
    return _as_jwk(row, _slug(org_id))


def ensure_published(org_id: UUID, kid: str) -> None:
    """NotFound unless ``kid`` is the address of a key that the world may rely on."""
    slug = _slug(org_id)
    if kid not in {_jwk_url(row, slug) for row in _asserting(_published(org_id))}:
        raise NotFound(said("There is no such key."))


def jwks(org_id: UUID) -> dict[str, Any]:
    """The JWK set of the published keys (RFC 7517)."""
    slug = _slug(org_id)
    return {"keys": [_as_jwk(row, slug) for row in _asserting(_published(org_id))]}


def _jwk_url(row: SigningKey, slug: str) -> str:
    return absolute(f"/o/{slug}/keys/{row.public_multibase}.json")


def _as_jwk(row: SigningKey, slug: str) -> dict[str, Any]:
    key = decode_multikey(row.public_multibase)
    return {**to_jwk(key), "kid": _jwk_url(row, slug), "alg": _ALGORITHMS[key.kind], "use": "sig"}


def controller_documents(org_id: UUID) -> dict[str, dict[str, Any]]:
    """The documents that a trust file carries for one issuer, under their addresses (DECISIONS 11)."""
    org, rows = people.organisation(org_id), _published(org_id)
    slug = org.slug
    document = _did_document(slug, rows)
    return {
        issuer_id(slug): document,
        did_web_to_url(issuer_id(slug)): document,
        issuer_url(slug): _profile(org, rows),
        # A token names its key by the address of the JWK.
        **{_jwk_url(row, slug): _as_jwk(row, slug) for row in _asserting(rows)},
    }


def signer(org_id: UUID, key_id: UUID | None = None) -> Signer:
    """The right to sign for an organisation with its active key.

    ``key_id`` asks for a certain key; one that is no longer active gives the active one, because a retiring
    key only verifies. Unavailable where this installation may not sign (DECISIONS 1).
    """
    return _signer(_signing_key(org_id, key_id))


def log_signer(org_id: UUID) -> Signer:
    """The right to sign heads of the log of standards; Unavailable as for :func:`signer`."""
    return _signer(_signing_key(org_id, None, "log"))


def _signer(row: SigningKey) -> Signer:
    key, sealed = row.id, bytes(row.sealed)
    return Signer(
        key_id=key,
        verification_method=_method(row),
        sign=lambda message: custody.sign(key, sealed, message),
    )


def token_signer(org_id: UUID) -> TokenSigner:
    """The right to sign tokens with the organisation's key for them; Unavailable as for :func:`signer`."""
    row = _signing_key(org_id, None, "token")
    key, sealed, kind = row.id, bytes(row.sealed), decode_multikey(row.public_multibase).kind
    return TokenSigner(
        algorithm=_ALGORITHMS[kind],
        kid=_jwk_url(row, _slug(org_id)),
        sign=lambda message: custody.sign(key, sealed, message, kind),
    )


@contextmanager
def opened_signer(org_id: UUID, key_id: UUID | None = None) -> Iterator[Signer]:
    """The same for many signatures: the key is opened once and closed when the block ends."""
    row = _signing_key(org_id, key_id)
    with custody.opened(row.id, bytes(row.sealed)) as sign:
        yield Signer(row.id, _method(row), sign)


def _method(row: SigningKey) -> str:
    return f"{issuer_id(_slug(row.org_id))}#{row.public_multibase}"


def _signing_key(org_id: UUID, key_id: UUID | None, purpose: str = "credential") -> SigningKey:
    if not load().may_sign:
        raise Unavailable(
            said(
                "Nothing is signed under {address}: an address on this machine means nothing to others.",
                address=load().base_url,
            ),
            mend=said(
                "Set GUILDMARK_BASE_URL to the public https address, or start with --dev to try things out."
            ),
        )
    rows = SigningKey.objects.for_org(org_id).filter(purpose=purpose, state="active")
    row = rows.filter(id=key_id).first() if key_id else None
    row = row or rows.first()
    if row is None:
        raise Unavailable(
            said("The organisation has no active signing key."),
            mend=said("Make one under Settings, Signing keys."),
        )
    return row


def keys_that_do_not_open(org_id: UUID) -> list[str]:
    """Public halves of the keys that the present root key does not open; for restore and doctor."""
    closed = []
    for row in SigningKey.objects.for_org(org_id):
        try:
            custody.sign(row.id, bytes(row.sealed), b"", decode_multikey(row.public_multibase).kind)
        except SealBroken:
            closed.append(row.public_multibase)
    return closed
