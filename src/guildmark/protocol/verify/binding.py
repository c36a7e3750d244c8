"""Whose key it is (check "key_binding"), and whether the issuer is trusted (check "issuer_trust")."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from guildmark.protocol import did, keys
from guildmark.protocol.errors import KeyNotBound, Malformed, ProtocolError, UnsupportedProof
from guildmark.protocol.places import led_away
from guildmark.protocol.policy import Effect
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.verify.reading import issuer_of
from guildmark.protocol.verify.run import Run


def check_issuer(run: Run, document: Mapping[str, Any]) -> None:
    """Whether the trust file, if there is one, lists the issuer."""
    issuer = issuer_of(document)
    if run.endorsed:
        run.note("issuer_trust", Outcome.NOT_CHECKED, "Who endorses need not be in the trust file.")
    elif run.trust is None:
        run.note("issuer_trust", Outcome.NOT_CHECKED, "Issuer trust: not checked, no trust file was given.")
    elif run.trust.lists_issuer(issuer):
        run.passed("issuer_trust", f"The trust file lists {issuer}.")
    else:
        run.failed("issuer_trust", f"The trust file does not list {issuer}.", Verdict.UNKNOWN_ISSUER)


def controller_document(run: Run, controller: str) -> Mapping[str, Any]:
    """The document that lists the keys of a DID or https identifier; NotAvailable, UnsupportedProof."""
    known = run.trust.get(controller) if run.trust else None
    if known is not None:
        return known
    url = did.document_url(controller)
    return keys.did_key_document(controller) if url is None else _at_home(run, url)


def _at_home(run: Run, url: str) -> Mapping[str, Any]:
    """The document at an address, from its own host; KeyNotBound if the address leads on to another one."""
    document = run.fetch(url)
    other = led_away(url, document)
    if other is not None:
        raise KeyNotBound(f"{url[:120]} leads on to another host, {other}, which does not speak for it.")
    return document


def bound_key(run: Run, issuer: str, method: str) -> keys.PublicKey:
    """Return the key of a verification method that the issuer lists; KeyNotBound otherwise.

    A key that stands in the fragment of the address proves nothing by itself: anybody can put
    his own key behind somebody else's address.
    """
    controller = method.split("#", 1)[0]
    if controller == issuer:
        found = _listed_key(run, controller, method)
    elif method.startswith(("https://", "http://")) and "#" not in method:
        found = _key_document(run, issuer, method)
    else:
        raise _foreign(controller, issuer)
    run.passed("key_binding", "The issuer lists the key for making statements.")
    return found


def proof_key(run: Run, issuer: str, method: str) -> keys.PublicKey:
    """The key of a proof: the issuer's, or anybody's with a warning where the policy says so.

    Even then its own controller must list it for making statements.
    """
    controller = method.split("#", 1)[0]
    if controller == issuer or run.policy.effect("key_binding") is Effect.DECIDES:
        return bound_key(run, issuer, method)
    found = _listed_key(run, controller, method)
    _warn(run, _foreign(controller, issuer))
    return found


def _foreign(controller: str, issuer: str) -> KeyNotBound:
    return KeyNotBound(f"The key belongs to {controller[:120]}, not to the issuer {issuer[:120]}.")


def _warn(run: Run, error: ProtocolError) -> None:
    run.failed("key_binding", error.reason, Verdict.UNKNOWN_ISSUER)


def _listed_key(run: Run, controller: str, method: str) -> keys.PublicKey:
    if controller.startswith("did:key:") and "#" not in method:
        method = f"{method}#{method.removeprefix('did:key:')}"
    try:
        document = controller_document(run, controller)
        found = did.find_assertion_method(document, method, controller)
    except Malformed as error:
        raise KeyNotBound(f"The issuer's key document is not usable: {error.reason}") from error
    return found.key


def _key_document(run: Run, issuer: str, method: str) -> keys.PublicKey:
    """The key of a document of its own, as 1EdTech has it: the issuer lists its address, it names the issuer.

    It is asked for only after the issuer's document listed it, and not if it stands there already.
    """
    try:
        document = controller_document(run, issuer)
        if not did.lists_assertion_method(document, method, issuer):
            raise _foreign(method, issuer)
        with suppress(KeyNotBound):
            return did.find_assertion_method(document, method, issuer).key
        return did.read_method(_at_home(run, method), method, issuer).key
    except Malformed as error:
        raise KeyNotBound(f"The key document is not usable: {error.reason}") from error


def token_key(run: Run, issuer: str, token: jose.Token) -> keys.PublicKey:
    """The key that a token names, if the issuer lists it; KeyNotBound otherwise.

    A key that the token carries (``jwk``), or that an address serves (``kid``), proves nothing by itself.
    """
    kid, jwk = token.header.get("kid"), token.header.get("jwk")
    if isinstance(kid, str) and (kid.startswith("did:") or kid.split("#", 1)[0] == issuer):
        return proof_key(run, issuer, kid)
    if jwk is None:
        if not isinstance(kid, str):
            raise UnsupportedProof("The token names no key.", field="kid")
        if did.document_url(kid) is None:
            raise UnsupportedProof(f"{kid[:120]!r} cannot be looked up.", field="kid")
        jwk = run.fetch(kid)
    key = keys.from_jwk(jwk)
    try:
        listed = did.assertion_methods(controller_document(run, issuer), issuer)
        if all(method.key != key for method in listed):
            raise KeyNotBound("The issuer does not list the key of the token for making statements.")
    except ProtocolError as error:
        if run.policy.effect("key_binding") is Effect.DECIDES:
            raise
        _warn(run, error)
    run.passed("key_binding", "The issuer lists the key for making statements.")
    return key
