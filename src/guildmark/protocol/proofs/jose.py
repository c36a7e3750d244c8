"""Credentials as signed tokens: VC-JWT of Open Badges 3.0 (section 8.2.4) and VC-JOSE-COSE (section 3).

A compact JWS over the credential. Two profiles differ in the header only: ``typ: JWT`` as Open Badges says,
``vc+jwt`` as the W3C says; the payload is the credential at top level with ``iss``, ``jti``, ``nbf``, ``sub`` and
``exp`` beside it. Reading also takes the older form with the credential under ``vc``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from guildmark.protocol import keys, strict_json
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.errors import BadSignature, Malformed, ProofError, UnsupportedProof
from guildmark.protocol.multibase import base64url_decode, base64url_encode
from guildmark.protocol.strict_json import JsonLimits
from guildmark.protocol.times import parse_instant

Profile = Literal["JWT", "vc+jwt"]
#: Algorithm of JOSE -> the kind of key that goes with it (RFC 7518, RFC 8037). ``none`` is no entry, nor is HMAC.
ALGORITHMS: Final[dict[str, keys.Kind]] = {
    "EdDSA": "Ed25519",
    "ES256": "P-256",
    "ES384": "P-384",
    "ES512": "P-521",
    "RS256": "RSA",
}
#: Types of token (``typ``) that are credentials.
CREDENTIAL_TYPES: Final = ("JWT", "vc+jwt", "vc+ld+json+jwt")
_HEADER: Final = frozenset({"alg", "kid", "jwk", "typ", "cty"})
#: Names of claims that stand beside the credential in a token (RFC 7519, section 4.1).
CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"})
_MAX_TOKEN: Final = 2_000_000
_TOKENS: Final = "endorsementJwt"


@dataclass(frozen=True, slots=True)
class Token:
    """A parsed token: its header, its claims, and what was signed. Nothing is checked yet."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        return str(self.header["alg"])


def parse(
    token: bytes | str, limits: JsonLimits | None = None, *, types: Sequence[str] = CREDENTIAL_TYPES
) -> Token:
    """Read a compact JWS (RFC 7515, section 3.1) whose payload is a JSON object.

    ``types`` are the values of ``typ`` that are taken; a header without ``typ`` counts as ``JWT``.

    Malformed for broken syntax, duplicate members, private key members; UnsupportedProof for ``alg: none``,
    unknown algorithms and critical extensions, which must be refused when they are not understood.
    """
    data = token.encode("ascii", "replace") if isinstance(token, str) else token
    data = data.strip()
    if len(data) > _MAX_TOKEN:
        raise Malformed(f"The token is longer than {_MAX_TOKEN} characters.")
    parts = data.split(b".")
    if len(parts) != 3:
        raise Malformed("A signed token has three parts.")
    try:
        raw = [base64url_decode(part.decode("ascii")) for part in parts]
    except UnicodeDecodeError as error:
        raise Malformed("The token is not base64url.") from error
    header = strict_json.load_object(raw[0], limits)
    _check_header(header, types)
    claims = strict_json.load_object(raw[1], limits)
    return Token(header, claims, parts[0] + b"." + parts[1], raw[2])


def _check_header(header: Mapping[str, Any], types: Sequence[str]) -> None:
    if "crit" in header or "b64" in header:
        raise UnsupportedProof("The token demands extensions that are not understood.", field="crit")
    unknown = sorted(set(header) - _HEADER)
    if unknown:
        raise Malformed(f"The header of the token holds {unknown[0][:40]!r}.", field="header")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise UnsupportedProof(f"The algorithm {str(algorithm)[:20]!r} is not supported.", field="alg")
    kind = header.get("typ", "JWT")
    if kind not in types:
        raise UnsupportedProof(f"Tokens of type {str(kind)[:40]!r} are not taken here.", field="typ")
    if "kid" in header and not isinstance(header["kid"], str):
        raise Malformed("The kid is no text.", field="kid")
    if "jwk" in header and not isinstance(header["jwk"], Mapping):
        raise Malformed("The jwk is no key.", field="jwk")


def check_signature(token: Token, public_key: keys.PublicKey) -> None:
    """Raise BadSignature unless the key fits both the algorithm and the signature."""
    if ALGORITHMS[token.algorithm] != public_key.kind:
        raise BadSignature(
            f"{token.algorithm} is not made with a key of kind {public_key.kind}.", field="alg"
        )
    public_key.verify(token.signature, token.signing_input)


def credential_of(token: Token) -> dict[str, Any]:
    """The credential that a token carries, with its claims compared (OB 3.0, section 8.2.4.1).

    Malformed when ``iss``, ``jti``, ``sub``, ``nbf`` or ``exp`` says something else than the credential, or when
    the payload holds both forms.
    """
    inner = token.claims.get("vc")
    if inner is None:
        document = {key: value for key, value in token.claims.items() if key not in CLAIMS}
    elif not isinstance(inner, Mapping):
        raise Malformed("The vc claim is no credential.", field="vc")
    else:
        if token.header.get("typ") == "vc+jwt":
            raise Malformed("A token of type vc+jwt has no vc claim.", field="vc")
        extra = sorted(set(token.claims) - CLAIMS - {"vc"})
        if extra:
            raise Malformed(f"Beside vc the payload holds {extra[0][:40]!r}.", field=extra[0][:40])
        document = dict(inner)
    _compare(token.claims, document)
    return document


def _compare(claims: Mapping[str, Any], document: dict[str, Any]) -> None:
    issuer, subjects = document.get("issuer"), document.get("credentialSubject")
    subjects = subjects if isinstance(subjects, list) else [subjects]
    said: dict[str, list[Any]] = {
        "iss": [issuer.get("id") if isinstance(issuer, Mapping) else issuer],
        "jti": [document.get("id")],
        "sub": [one.get("id") for one in subjects if isinstance(one, Mapping)],
    }
    for claim, values in said.items():
        named = [value for value in values if value is not None]
        if claim in claims and named and claims[claim] not in named:
            raise Malformed(f"The claim {claim} differs from the credential.", field=claim)
    for claim, names in (("nbf", ("validFrom", "issuanceDate")), ("exp", ("validUntil", "expirationDate"))):
        if claim not in claims:
            continue
        moment = _seconds(claims[claim], claim)
        name = next((name for name in names if name in document), None)
        if name is None:
            # What only the token says counts as if the credential said it.
            version_1 = "issuanceDate" in document or "expirationDate" in document
            document[names[1] if version_1 else names[0]] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif int(parse_instant(document[name], field=name).timestamp()) != int(moment.timestamp()):
            raise Malformed(f"The claim {claim} differs from {name}.", field=claim)


def _seconds(value: Any, claim: str) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"The claim {claim} is no number of seconds.", field=claim)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"The claim {claim} is no date that exists.", field=claim) from error


def statements_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a credential in a token that is checked as linked data.

    Left out are its proof, and endorsements that are tokens themselves (``endorsementJwt``): 1EdTech added that term to
    its context in 2026, the shipped copy lacks it, and the signature of a token covers it as it stands.
    """
    return {key: _without_tokens(value) for key, value in document.items() if key not in ("proof", _TOKENS)}


def _without_tokens(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_tokens(item) for key, item in value.items() if key != _TOKENS}
    return [_without_tokens(item) for item in value] if isinstance(value, list) else value


def sign(
    document: Mapping[str, Any],
    *,
    signer: Callable[[bytes], bytes],
    algorithm: str,
    kid: str | None = None,
    jwk: Mapping[str, Any] | None = None,
    profile: Profile = "JWT",
) -> str:
    """Return a VCDM 2.0 credential as a compact token.

    ``signer`` takes the signing input and returns the signature as JOSE has it (ECDSA: r and s side by side).
    Exactly one of ``kid`` (an address that leads to the key) and ``jwk`` (the public key itself). Raises
    Malformed if the document does not pass safe mode, ProofError for a wrong choice.
    """
    if algorithm not in ALGORITHMS:
        raise ProofError(f"The algorithm {algorithm!r} is not supported.", field="alg")
    if (kid is None) == (jwk is None):
        raise ProofError("A token names its key by kid or carries it as jwk, not both.", field="kid")
    taken = sorted((CLAIMS | {"vc", "vp"}) & set(document))
    if taken:
        raise ProofError(f"The credential holds the claim {taken[0]!r} already.", field=taken[0])
    jsonld.canonicalize(statements_of(document))
    header: dict[str, Any] = {"alg": algorithm, "typ": profile}
    if kid is not None:
        header["kid"] = kid
    elif jwk is not None:
        keys.from_jwk(jwk)
        header["jwk"] = dict(jwk)
    issuer, subject = document["issuer"], document["credentialSubject"]
    claims: dict[str, Any] = {
        **document,
        "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
        "nbf": int(parse_instant(document["validFrom"], field="validFrom").timestamp()),
    }
    if "id" in document:
        claims["jti"] = document["id"]
    if isinstance(subject, Mapping) and "id" in subject:
        claims["sub"] = subject["id"]
    if "validUntil" in document:
        claims["exp"] = int(parse_instant(document["validUntil"], field="validUntil").timestamp())
    signing_input = ".".join(base64url_encode(json_bytes(part)) for part in (header, claims))
    return f"{signing_input}.{base64url_encode(signer(signing_input.encode('ascii')))}"


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """JSON without white space, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
