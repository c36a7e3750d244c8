"""Securing by JOSE as the W3C has it (VC-JOSE-COSE, sections 3.1 and 3.3): credentials and presentations as plain JWS.

Stricter than :mod:`guildmark.protocol.proofs.jose`, which reads what badges in the wild are: ``typ`` must be
``vc+jwt`` or ``vp+jwt``, there is no ``vc`` or ``vp`` claim, every top-level property must be one that the model, a
context or JWT defines (a context that gives every word a meaning defines none), and presentations hold enveloped
credentials only. It is a check of the signature: dates are for others to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from guildmark.protocol import contexts, envelopes, keys, vcdm
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.errors import Malformed, ProofError, UnsupportedProof
from guildmark.protocol.multibase import base64url_encode
from guildmark.protocol.proofs import jose
from guildmark.protocol.proofs.data_integrity import ExtraContexts

What = Literal["credential", "presentation"]
KeyOf = Callable[[str, str], keys.PublicKey]

_TYPES: Final[dict[What, str]] = {"credential": "vc+jwt", "presentation": "vp+jwt"}
_PARTY: Final[dict[What, str]] = {"credential": "issuer", "presentation": "holder"}
#: Kind of key -> the algorithm that goes with it.
ALGORITHM_OF: Final = {kind: name for name, kind in jose.ALGORITHMS.items()}
#: Properties that stand at the top of credentials and presentations (VCDM 2.0, sections 4 and 5).
_MODEL: Final = frozenset(
    {
        *("@context", "id", "type", "name", "description", "issuer", "holder", "proof"),
        *("credentialSubject", "validFrom", "validUntil", "credentialStatus", "credentialSchema"),
        *("refreshService", "termsOfUse", "evidence", "relatedResource", "renderMethod", "confidenceMethod"),
        "verifiableCredential",
    }
)


def issue(
    document: Mapping[str, Any],
    what: What,
    *,
    signer: Callable[[bytes], bytes],
    algorithm: str,
    kid: str,
    claims: Mapping[str, Any] | None = None,
    extra_contexts: ExtraContexts | None = None,
) -> str:
    """Return a credential or presentation as a compact JWS.

    ``signer`` as of :func:`jose.sign`; ``kid`` is the verification method; ``claims`` are further ones beside the
    document, such as ``nonce`` and ``aud`` of a presentation. Raises Malformed for a wrong form, an unknown property
    or an undefined term.
    """
    check_document(document, what, extra_contexts)
    if not set(claims or {}) <= jose.CLAIMS:
        raise ProofError("What stands beside the document is a claim of JWT.", field="claims")
    header = {"alg": algorithm, "typ": _TYPES[what], "cty": _TYPES[what].removesuffix("+jwt"), "kid": kid}
    payload: dict[str, Any] = {**document, **(claims or {})}
    party = vcdm.party_of(document, _PARTY[what])
    if party is not None:
        payload["iss"] = party
    if "id" in document:
        payload["jti"] = document["id"]
    signing_input = ".".join(base64url_encode(jose.json_bytes(part)) for part in (header, payload))
    return f"{signing_input}.{base64url_encode(signer(signing_input.encode('ascii')))}"


def verify(
    token: bytes | str,
    what: What,
    public_key: keys.PublicKey,
    extra_contexts: ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return the document of a token if the key signed it and its form is sound; raise otherwise.

    Raises Malformed, UnsupportedProof (other ``typ``, no signature, unknown algorithm) or BadSignature.
    """
    parsed = jose.parse(token, types=(_TYPES[what],))
    jose.check_signature(parsed, public_key)
    document = {name: value for name, value in parsed.claims.items() if name not in jose.CLAIMS}
    check_document(document, what, extra_contexts)
    pairs = {"iss": vcdm.party_of(document, _PARTY[what]), "jti": document.get("id")}
    for claim, said in pairs.items():
        if claim in parsed.claims and said is not None and parsed.claims[claim] != said:
            raise Malformed(f"The claim {claim} differs from the {what}.", field=claim)
    return document


def verify_by_kid(
    token: bytes | str, what: What, key_of: KeyOf, extra_contexts: ExtraContexts | None = None
) -> tuple[dict[str, Any], str]:
    """Verify with the key that ``kid`` names; return the document and the verification method."""
    kid = jose.parse(token, types=(_TYPES[what],)).header.get("kid")
    if not isinstance(kid, str):
        raise UnsupportedProof("The token names no key.", field="kid")
    purpose = "assertionMethod" if what == "credential" else "authentication"
    return verify(token, what, key_of(kid, purpose), extra_contexts), kid


def claims_of(token: bytes | str) -> Mapping[str, Any]:
    """The claims of a token of either kind; nothing is checked."""
    return jose.parse(token, types=tuple(_TYPES.values())).claims


def check_document(document: Mapping[str, Any], what: What, extra_contexts: ExtraContexts | None) -> None:
    """Check the form of what is in a token; Malformed or UndefinedTerm if it is not sound."""
    for claim in ("vc", "vp"):
        if claim in document:
            raise Malformed(f"There is no {claim} claim in a {_TYPES[what]} token.", field=claim)
    if vcdm.version_of(document) != "2.0":
        raise Malformed(f"Only a {what} of VCDM 2.0 is secured this way.", field="@context")
    unknown = sorted(set(document) - _MODEL - set(_terms(document)))
    if unknown:
        raise Malformed(f"{unknown[0][:60]!r} is not a property of a {what}.", field=unknown[0][:60])
    if what == "credential":
        vcdm.check_credential(document)
    else:
        _check_presentation(document)
    # Embedded proofs and the data: URLs of enveloped credentials are not what safe mode looks at.
    visible = {
        name: value for name, value in document.items() if name not in ("verifiableCredential", "proof")
    }
    jsonld.canonicalize(visible, extra_contexts=extra_contexts)


def _check_presentation(document: Mapping[str, Any]) -> None:
    if vcdm.PRESENTATION not in vcdm.types_of(document):
        raise Malformed("This is no presentation of VCDM 2.0.", field="type")
    vcdm.check_id(document, "id")
    vcdm.check_party(document, "holder")
    found = document.get("verifiableCredential", [])
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, Mapping) or envelopes.kind_of(one) is None:
            raise Malformed(
                "A presentation in a token holds enveloped credentials only.", field="verifiableCredential"
            )
        envelopes.open_envelope(one, vcdm.ENVELOPED_CREDENTIAL)


def _terms(document: Mapping[str, Any]) -> Iterator[str]:
    """Every word that a shipped context of the document defines, wherever it may stand."""
    stack: list[Any] = []
    for named in document["@context"]:
        if isinstance(named, str) and named in contexts.known():
            stack.append(contexts.load(named).get("@context"))
        elif isinstance(named, Mapping):
            stack.append(named)
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, Mapping):
            for word, meaning in item.items():
                if not word.startswith("@"):
                    yield word
                if isinstance(meaning, Mapping):
                    stack.append(meaning.get("@context"))
