"""Verifiable presentations (VCDM 2.0, section 4.13): the form, signing them, and checking what they present.

A presentation is signed with the purpose ``authentication`` over a challenge and a domain, so that it answers one
question and cannot be shown again elsewhere. An unsigned one shows credentials and proves nothing about who shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guildmark.protocol import envelopes, vcdm
from guildmark.protocol.errors import KeyNotBound, Malformed, ProofError
from guildmark.protocol.keys import Kind
from guildmark.protocol.proof_only import Expected, KeyOf, check_proofs
from guildmark.protocol.proofs import data_integrity, vc_jose

AUTHENTICATION: Final = "authentication"
_MAX_CREDENTIALS: Final = 64


@dataclass(frozen=True, slots=True)
class Presented:
    """What a checked presentation shows.

    ``signed`` is False for one that proves nothing about who shows it; ``credentials`` are the documents in it,
    tokens opened.
    """

    signed: bool
    holder: str | None
    credentials: tuple[Mapping[str, Any], ...]


def credentials_of(presentation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The credentials in a presentation; Malformed if one is no object (an address is none)."""
    given = presentation.get("verifiableCredential", [])
    found = given if isinstance(given, list) else [given]
    if len(found) > _MAX_CREDENTIALS:
        raise Malformed(
            f"A presentation holds at most {_MAX_CREDENTIALS} credentials.", field="verifiableCredential"
        )
    if not all(isinstance(one, Mapping) for one in found):
        raise Malformed("A presented credential is no object.", field="verifiableCredential")
    return found


def check_form(
    presentation: Mapping[str, Any], resources: vcdm.Resources = lambda url: None
) -> list[Mapping[str, Any]]:
    """Return the credentials in a presentation of sound form; Malformed otherwise. Proofs are not looked at."""
    vcdm.version_of(presentation)
    if vcdm.PRESENTATION not in vcdm.types_of(presentation):
        raise Malformed(f"{vcdm.PRESENTATION} is not among the types.", field="type")
    vcdm.check_id(presentation, "id")
    vcdm.check_party(presentation, "holder")
    vcdm.check_terms_of_use(presentation)
    found = credentials_of(presentation)
    for credential in found:
        if envelopes.kind_of(credential):
            envelopes.open_envelope(credential, vcdm.ENVELOPED_CREDENTIAL)
        else:
            vcdm.check_credential(credential, resources)
    return found


def sign(
    presentation: Mapping[str, Any],
    *,
    signer: data_integrity.Signer,
    verification_method: str,
    created: datetime,
    challenge: str | None = None,
    domain: str | Sequence[str] | None = None,
    cryptosuite: str = "eddsa-rdfc-2022",
    kind: Kind = "Ed25519",
    extra_contexts: data_integrity.ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return a presentation with the holder's proof. Arguments as of :func:`data_integrity.sign`.

    ``challenge`` is what the verifier gave out, ``domain`` whom the presentation is for. Raises Malformed for a
    wrong form, KeyNotBound if the presentation names a holder to whom the key does not belong.
    """
    check_form(presentation)
    presentation = _without_empty_list(presentation)
    holder = vcdm.party_of(presentation, "holder")
    if holder is not None and holder != verification_method.partition("#")[0]:
        raise KeyNotBound(
            "The key does not belong to the holder that the presentation names.", field="holder"
        )
    options: dict[str, Any] = {}
    if domain is not None:
        options["domain"] = domain if isinstance(domain, str) else list(domain)
    if challenge is not None:
        options["challenge"] = challenge
    return data_integrity.sign(
        presentation,
        signer=signer,
        verification_method=verification_method,
        created=created,
        cryptosuite=cryptosuite,
        kind=kind,
        proof_purpose=AUTHENTICATION,
        options=options,
        extra_contexts=extra_contexts,
    )


def envelop(
    presentation: Mapping[str, Any],
    *,
    signer: data_integrity.Signer,
    verification_method: str,
    algorithm: str,
    challenge: str | None = None,
    domain: str | None = None,
    extra_contexts: data_integrity.ExtraContexts | None = None,
) -> dict[str, Any]:
    """Return a presentation as an EnvelopedVerifiablePresentation: a token of type ``vp+jwt`` in a ``data:`` URL.

    It may hold enveloped credentials only. ``challenge`` becomes ``nonce``, ``domain`` becomes ``aud``. Raises what
    :func:`sign` raises.
    """
    _check_holder(presentation, verification_method)
    asked = {"nonce": challenge, "aud": domain}
    token = vc_jose.issue(
        presentation,
        "presentation",
        signer=signer,
        algorithm=algorithm,
        kid=verification_method,
        claims={name: text for name, text in asked.items() if text is not None},
        extra_contexts=extra_contexts,
    )
    return envelopes.wrap(token, vcdm.ENVELOPED_PRESENTATION)


def _check_holder(presentation: Mapping[str, Any], verification_method: str) -> None:
    holder = vcdm.party_of(presentation, "holder")
    if holder is not None and holder != verification_method.partition("#")[0]:
        raise KeyNotBound(
            "The key does not belong to the holder that the presentation names.", field="holder"
        )


def verify(
    presentation: Mapping[str, Any],
    *,
    key_of: KeyOf,
    now: datetime,
    challenge: str | None = None,
    domain: str | None = None,
    resources: vcdm.Resources = lambda url: None,
    extra_contexts: data_integrity.ExtraContexts | None = None,
) -> Presented:
    """Check a presentation and the proof of every credential in it; raise otherwise.

    * A proof of the presentation must be made for ``authentication``, by the holder that it names, over the
      ``challenge`` and ``domain`` that are given here. An unsigned presentation passes only without them.
    * A credential must be proven with a key of its issuer. One without a proof of its own passes only if the
      holder of a signed presentation issued it (section 4.13.3).
    * Status and dates are not judged.
    """
    if envelopes.kind_of(presentation) == vcdm.ENVELOPED_PRESENTATION:
        return _verify_enveloped(presentation, key_of, challenge, domain, extra_contexts, now, resources)
    found = check_form(presentation, resources)
    presentation = _without_empty_list(presentation)
    holder, signed = vcdm.party_of(presentation, "holder"), "proof" in presentation
    if signed:
        expected = Expected(AUTHENTICATION, domain, challenge)
        for proof in check_proofs(
            presentation, key_of=key_of, now=now, expected=expected, extra_contexts=extra_contexts
        ):
            if holder is not None and proof["verificationMethod"].partition("#")[0] != holder:
                raise KeyNotBound(
                    "The presentation is not signed by the holder that it names.", field="holder"
                )
    elif challenge is not None or domain is not None:
        raise ProofError("The presentation is not signed, so it answers no challenge.", field="proof")
    elif not found:
        raise ProofError("The presentation is not signed and shows nothing.", field="proof")
    shown = [
        _verify_credential(one, holder if signed else None, key_of, now, extra_contexts) for one in found
    ]
    return Presented(signed, holder, tuple(shown))


def _without_empty_list(presentation: Mapping[str, Any]) -> Mapping[str, Any]:
    """An empty list of credentials makes no statement, so safe mode would refuse it; leaving it out says the same."""
    if presentation.get("verifiableCredential") != []:
        return presentation
    return {name: value for name, value in presentation.items() if name != "verifiableCredential"}


def _verify_credential(
    credential: Mapping[str, Any],
    self_asserting: str | None,
    key_of: KeyOf,
    now: datetime,
    extra_contexts: data_integrity.ExtraContexts | None,
) -> Mapping[str, Any]:
    """Check one presented credential; ``self_asserting`` is the holder of a signed presentation."""
    if envelopes.kind_of(credential):
        token = envelopes.open_envelope(credential, vcdm.ENVELOPED_CREDENTIAL).compact_jws()
        document, method = vc_jose.verify_by_kid(token, "credential", key_of, extra_contexts)
        _same(method, document, "issuer")
        return document
    if "proof" not in credential:
        if self_asserting is None or vcdm.party_of(credential, "issuer") != self_asserting:
            raise ProofError("A presented credential carries no proof.", field="verifiableCredential.proof")
        return credential
    for proof in check_proofs(credential, key_of=key_of, now=now, extra_contexts=extra_contexts):
        _same(proof["verificationMethod"], credential, "issuer")
    return credential


def _same(method: str, document: Mapping[str, Any], party: str) -> None:
    if method.partition("#")[0] != vcdm.party_of(document, party):
        raise KeyNotBound(f"The key does not belong to the {party} that the document names.", field=party)


def _verify_enveloped(
    presentation: Mapping[str, Any],
    key_of: KeyOf,
    challenge: str | None,
    domain: str | None,
    extra_contexts: data_integrity.ExtraContexts | None,
    now: datetime,
    resources: vcdm.Resources,
) -> Presented:
    """Check a presentation in a token: ``nonce`` answers the challenge, ``aud`` names the domain."""
    token = envelopes.open_envelope(presentation, vcdm.ENVELOPED_PRESENTATION).compact_jws()
    document, method = vc_jose.verify_by_kid(token, "presentation", key_of, extra_contexts)
    claims = vc_jose.claims_of(token)
    audience = claims.get("aud", [])
    if challenge is not None and claims.get("nonce") != challenge:
        raise ProofError("The presentation answers another challenge.", field="nonce")
    if domain is not None and domain not in (audience if isinstance(audience, list) else [audience]):
        raise ProofError("The presentation is made for another domain.", field="aud")
    holder = vcdm.party_of(document, "holder")
    if holder is not None:
        _same(method, document, "holder")
    shown = [
        _verify_credential(one, holder, key_of, now, extra_contexts)
        for one in check_form(document, resources)
    ]
    return Presented(True, holder, tuple(shown))
