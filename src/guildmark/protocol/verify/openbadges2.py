"""Open Badges 1.x and 2.0: assertions that are hosted at an address or signed as a token (Open Badges 2.0, section 5).

A hosted assertion is proven by its own address, within the scope that the issuer's profile gives; what was handed over
is only trusted to name that address. Badge class and issuer are fetched, at most nine documents in all. The report
carries the assertion with both in their places, so that it can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.protocol.errors import (
    BadSignature,
    Gone,
    KeyNotBound,
    Malformed,
    NotAvailable,
    ProofError,
    UnsupportedProof,
)
from guildmark.protocol.openbadges import v2_rules as rules
from guildmark.protocol.openbadges.nodes import address_of, text_of
from guildmark.protocol.openbadges.v2 import CONTEXT
from guildmark.protocol.openbadges.v2_reading import moment, recognises
from guildmark.protocol.places import can_be_changed_on_the_way, led_away
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.verify.run import Run
from guildmark.protocol.verify.validity import tell_recipient

__all__ = ["judge_assertion", "read_address", "recognises"]

_MAX_KEYS = 4
_OPEN_WAY = "What proves it was fetched over http: it may come from anybody between its host and this check."


class _End(Exception):
    """What was found ends the verification; it is written down already."""


@dataclass(slots=True)
class _Badge:
    """An assertion with the documents that it names."""

    assertion: dict[str, Any]
    badge: dict[str, Any]
    issuer: dict[str, Any]
    #: Where the badge class was fetched; None if it is part of the assertion.
    badge_address: str | None

    @property
    def word_of(self) -> list[str]:
        """The addresses whose word all of it rests on."""
        hosted = rules.id_of(self.assertion) if rules.kind_of(self.assertion) != "signed" else None
        return [place for place in (hosted, self.badge_address, str(self.issuer["id"])) if place is not None]

    def whole(self) -> dict[str, Any]:
        return {**self.assertion, "badge": {**self.badge, "issuer": self.issuer}}


def read_address(run: Run, address: str) -> dict[str, Any] | None:
    """The assertion whose address is all that an image holds (Badge Baking 1.0); None when it cannot be had."""
    try:
        document = dict(run.fetch(address))
    except Gone as error:
        # Only the address is known; that it was withdrawn is told by the steps.
        run.passed("syntax", f"The image names the address {address[:200]}. {error.reason}")
        return {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": address,
            "verification": {"type": "HostedBadge"},
            "revoked": True,
        }
    except NotAvailable as error:
        run.passed("syntax", f"The image names the address {address[:200]}.")
        run.note("proof", Outcome.NOT_CHECKED, error.reason, Verdict.CANNOT_TELL)
        return None
    run.passed("syntax", f"The image names the address {address[:200]}, which serves readable JSON.")
    return document


def judge_assertion(run: Run, document: dict[str, Any], recipient_email: str | None) -> None:
    """Take an assertion through its steps. ``document`` is completed in place by what its addresses serve."""
    try:
        _ensure_form(run, rules.assertion_faults(document))
        found = _signed(run, document) if _kind(run, document) == "signed" else _hosted(run, document)
    except _End:
        return
    document.clear()
    document.update(found.whole())
    if any(can_be_changed_on_the_way(place, {}) for place in found.word_of):
        run.note("key_binding", Outcome.WARNING, _OPEN_WAY)
    run.passed("schema", "Checked against our model of Open Badges 2.0.")
    if text_of(found.issuer, "email") is None and run.wants("schema"):
        run.note("schema", Outcome.WARNING, "The issuer's profile names no e-mail address.")
    _check_dates(run, found.assertion)
    _check_recipient(run, found.assertion, recipient_email)
    if "endorsement" in found.assertion or "endorsement" in found.badge:
        run.note("endorsements", Outcome.NOT_CHECKED, "Endorsements of Open Badges 2.0 are not followed.")
    else:
        run.note("endorsements", Outcome.NOT_CHECKED, "The assertion carries no endorsements.")


def _ensure_form(run: Run, faults: Any) -> None:
    first = next(iter(faults), None)
    if first is not None:
        run.failed("schema", f"{first[0].upper()}{first[1:]}.", Verdict.MALFORMED)
        raise _End


def _kind(run: Run, document: Mapping[str, Any]) -> str:
    kind = rules.kind_of(document)
    if kind is None and document.get("revoked") is True:
        return "hosted"
    if kind is None:
        run.note("proof", Outcome.NOT_CHECKED, "The way of verification is not known.", Verdict.CANNOT_TELL)
        raise _End
    return kind


def _unavailable(run: Run, check: str, what: str, error: NotAvailable) -> _End:
    run.note(check, Outcome.NOT_CHECKED, f"{what} cannot be had: {error.reason}", Verdict.CANNOT_TELL)
    return _End()


# -- the documents that an assertion names -----------------------------------------------------


def _fetched(run: Run, address: str, what: str) -> dict[str, Any]:
    """A document that must name itself as its address does; only version 1.0 has documents without id."""
    try:
        served = run.fetch(address)
    except NotAvailable as error:
        raise _unavailable(run, "proof", what, error) from error
    _ensure_at_home(run, address, served, what)
    document = dict(served)
    known = document.setdefault("id", address)
    if known != address:
        run.failed("key_binding", f"{what} at {address[:200]} calls itself another.", Verdict.UNKNOWN_ISSUER)
        raise _End
    return document


def _ensure_at_home(run: Run, address: str, document: Mapping[str, Any], what: str) -> None:
    """What an address serves is its host's word only if it leads to no other host."""
    other = led_away(address, document)
    if other is None:
        return
    detail = f"{what} at {address[:200]} leads on to another host, {other}."
    run.failed("key_binding", detail, Verdict.UNKNOWN_ISSUER)
    raise _End


def _with_badge(run: Run, assertion: Mapping[str, Any]) -> _Badge:
    """The badge class as the assertion holds it or as its address serves it; the issuer always from its own address.

    An embedded profile could list any key and any scope: only what the issuer's address serves is the issuer's word.
    """
    named = assertion.get("badge")
    address = named if isinstance(named, str) else None
    badge = dict(named) if isinstance(named, Mapping) else _fetched(run, str(address), "The badge class")
    _ensure_form(run, rules.badge_faults(badge))
    issuer_address = str(address_of(badge, "issuer"))
    if rules.http_parts(issuer_address) is None:
        error = NotAvailable(f"{issuer_address[:200]} is no web address.")
        raise _unavailable(run, "key_binding", "The issuer's profile", error)
    issuer = _fetched(run, issuer_address, "The issuer's profile")
    _ensure_form(run, rules.issuer_faults(issuer))
    _check_trust(run, issuer_address)
    return _Badge(dict(assertion), badge, issuer, address)


def _check_trust(run: Run, issuer: str) -> None:
    if not run.wants("issuer_trust"):
        return
    if run.trust is None:
        run.note("issuer_trust", Outcome.NOT_CHECKED, "Issuer trust: not checked, no trust file was given.")
    elif run.trust.lists_issuer(issuer):
        run.passed("issuer_trust", f"The trust file lists {issuer[:200]}.")
    else:
        run.failed("issuer_trust", f"The trust file does not list {issuer[:200]}.", Verdict.UNKNOWN_ISSUER)


# -- hosted ------------------------------------------------------------------------------------


def _hosted(run: Run, document: dict[str, Any]) -> _Badge:
    """Fetch the assertion from its id, compare, and check that the issuer's profile covers that address."""
    address = rules.id_of(document)
    if address is None or rules.http_parts(address) is None:
        run.failed("schema", "Id: a hosted assertion is at a web address.", Verdict.MALFORMED)
        raise _End
    detail = "Open Badges 2.0 is read as JSON: it is hosted, not signed."
    run.note("safe_mode", Outcome.NOT_CHECKED, detail)
    try:
        served = run.fetch(address)
    except Gone as error:
        _ensure_scoped(run, address, document)
        _withdraw(run, document, error.reason)
        raise _End from error
    except NotAvailable as error:
        raise _unavailable(run, "proof", "The hosted assertion", error) from error
    _ensure_at_home(run, address, served, "The assertion")
    hosted = dict(served)
    if hosted.get("revoked") is True:
        _ensure_scoped(run, address, document)
        _withdraw(run, document, text_of(hosted, "revocationReason") or "")
        raise _End
    _ensure_form(run, rules.assertion_faults(hosted))
    if rules.id_of(hosted) != address:
        run.failed("proof", "The address of the assertion serves another one.", Verdict.TAMPERED)
        raise _End
    found = _with_badge(run, hosted)
    _ensure_same(run, document, hosted, found)
    _bind(run, address, found)
    run.passed("proof", "The address of the assertion serves the same content.")
    if run.wants("status"):
        if run.at is not None and run.at != run.now:
            run.note("status", Outcome.NOT_CHECKED, "The status at another date is not known.")
        else:
            run.passed("status", "The issuer still serves the assertion.")
    return found


def _ensure_same(run: Run, given: Mapping[str, Any], hosted: Mapping[str, Any], found: _Badge) -> None:
    """What was handed over may embed what the hosted one links to, but must not say anything else.

    A withdrawal that was since taken back (a suspension) says nothing that could differ.
    """
    if given.get("revoked") is True:
        return
    where = rules.difference(given, hosted)
    if where is not None and (where := rules.difference(given, found.whole())) is not None:
        run.failed("proof", f"The hosted assertion says something else in {where[:120]}.", Verdict.TAMPERED)
        raise _End


def _bind(run: Run, address: str, found: _Badge) -> None:
    try:
        rules.ensure_in_scope(address, found.badge_address, found.issuer)
    except KeyNotBound as error:
        run.failed("key_binding", error.reason, Verdict.UNKNOWN_ISSUER)
        raise _End from error
    run.passed("key_binding", "The issuer's profile covers the address of the assertion.")


def _ensure_scoped(run: Run, address: str, document: dict[str, Any]) -> None:
    """Before a withdrawal is believed: the address that tells it must be the issuer's.

    What was handed over vouches for nothing, so the badge class comes from its own address or is left out.
    """
    if run.at is not None and run.at != run.now:
        error = NotAvailable("It was withdrawn since, and what it was at another date is not known.")
        raise _unavailable(run, "proof", "The hosted assertion", error)
    named = address_of(document, "badge")
    document.pop("badge", None)
    if named is not None and rules.http_parts(named) is not None:
        found = _with_badge(run, {"badge": named})
        _bind(run, address, found)
        document["badge"] = found.whole()["badge"]


def _withdraw(run: Run, document: dict[str, Any], reason: str) -> None:
    """Keep of the document what the issuer still vouches for: the badge class, from its own address."""
    names = ("@context", "type", "id", "badge")
    kept: dict[str, Any] = {key: document[key] for key in names if key in document}
    document.clear()
    document.update({**kept, "verification": {"type": "HostedBadge"}, "revoked": True})
    run.note("proof", Outcome.NOT_CHECKED, "The issuer no longer serves the assertion.")
    detail = f"The issuer revoked it. {reason[:300]}".strip()
    if run.wants("status"):
        run.failed("status", detail, Verdict.REVOKED)
    else:
        run.note("proof", Outcome.NOT_CHECKED, detail, Verdict.CANNOT_TELL)


# -- signed ------------------------------------------------------------------------------------


def _signed(run: Run, document: dict[str, Any]) -> _Badge:
    """Check the signature by a key of the issuer's profile, then the revocation list."""
    token = run.token
    if token is None:
        detail = "The assertion is to be signed, and what was given is not."
        run.note("proof", Outcome.NOT_CHECKED, detail, Verdict.CANNOT_TELL)
        raise _End
    found = _with_badge(run, document)
    try:
        _check_signature(run, token, found)
    except KeyNotBound as error:
        run.failed("key_binding", error.reason, Verdict.UNKNOWN_ISSUER)
        raise _End from error
    except NotAvailable as error:
        raise _unavailable(run, "key_binding", "The issuer's key", error) from error
    except UnsupportedProof as error:
        run.note("proof", Outcome.NOT_CHECKED, error.reason, Verdict.CANNOT_TELL)
        raise _End from error
    except ProofError as error:
        run.failed("proof", error.reason, Verdict.TAMPERED)
        raise _End from error
    run.passed("safe_mode", "The signature covers every byte of the assertion.")
    run.passed("proof", f"The {token.algorithm} signature fits the content.")
    run.passed("key_binding", "The issuer's profile lists the key.")
    if run.wants("status"):
        _check_revocations(run, found)
    return found


def _check_signature(run: Run, token: jose.Token, found: _Badge) -> None:
    """BadSignature if none of the issuer's keys fits; KeyNotBound if there is none to try."""
    issuer_id = str(found.issuer["id"])
    failure: ProofError | None = None
    for named in rules.key_addresses(found.assertion, found.issuer)[:_MAX_KEYS]:
        if isinstance(named, Mapping) and "publicKeyPem" in named:
            document: Mapping[str, Any] = named
        else:
            address = named if isinstance(named, str) else str(named.get("id"))
            document = run.fetch(address)
            if document.get("id", address) != address:
                raise KeyNotBound("The key document calls itself another.")
        try:
            jose.check_signature(token, rules.public_key(document, issuer_id))
        except (BadSignature, KeyNotBound) as error:
            failure = error if failure is None or isinstance(error, BadSignature) else failure
        else:
            return
    raise failure or KeyNotBound("The issuer's profile does not list the key of the assertion.")


def _check_revocations(run: Run, found: _Badge) -> None:
    if found.assertion.get("revoked") is True:
        run.failed("status", "The assertion calls itself revoked.", Verdict.REVOKED)
        return
    if run.at is not None and run.at != run.now:
        run.note("status", Outcome.NOT_CHECKED, "The status at another date is not known.")
        return
    if found.issuer.get("revocationList") in (None, []):
        run.note("status", Outcome.NOT_CHECKED, "The issuer names no revocation list.")
        return
    issuer_id, reason = str(found.issuer["id"]), None
    try:
        for address in rules.revocation_lists(found.issuer):
            if reason is None:
                reason = rules.revoked_in(run.fetch(address), found.assertion, issuer_id)
    except (NotAvailable, Malformed) as error:
        detail = f"The revocation list cannot be read: {error.reason}"
        run.note("status", Outcome.NOT_CHECKED, detail, Verdict.CANNOT_TELL)
        return
    if reason is None:
        run.passed("status", "The issuer's revocation list does not name it.")
    else:
        run.failed("status", f"The issuer revoked it. {reason[:300]}".strip(), Verdict.REVOKED)


# -- dates and recipient -----------------------------------------------------------------------


def _check_dates(run: Run, assertion: Mapping[str, Any]) -> None:
    if not run.wants("validity"):
        return
    at = run.at or run.now
    issued = moment(assertion.get("issuedOn"), "issuedOn")
    expires = moment(assertion["expires"], "expires") if "expires" in assertion else None
    if at < issued:
        run.failed("validity", f"Not valid before {issued.isoformat()}.", Verdict.NOT_YET_VALID)
    elif expires is not None and at > expires:
        run.failed("validity", f"Valid until {expires.isoformat()} only.", Verdict.EXPIRED)
    else:
        run.passed("validity", f"Within its validity period on {at.date().isoformat()}.")


def _check_recipient(run: Run, assertion: Mapping[str, Any], email: str | None) -> None:
    if run.wants("recipient"):
        tell_recipient(run, email, lambda address: rules.recipient_matches(assertion, address), "badge")
