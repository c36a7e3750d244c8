"""Whether the issuer took the credential back (check "status").

What ``credentialStatus`` says is read by the method registered for its type in :data:`METHODS`; a further
kind of status is one more entry there. What cannot be read never means "not revoked".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildmark.protocol.errors import NotAvailable, ProtocolError, StatusError, StatusListUnavailable
from guildmark.protocol.openbadges import schemas, supersession
from guildmark.protocol.places import can_be_changed_on_the_way
from guildmark.protocol.report import Finding, Outcome, Verdict
from guildmark.protocol.status import bitstring, revocation_list
from guildmark.protocol.verify.anchoring import check_revocation_list, is_blockcert
from guildmark.protocol.verify.proof import check_companion
from guildmark.protocol.verify.reading import issuer_of
from guildmark.protocol.verify.run import Run

_MAX_STATUS_ENTRIES = 8
#: Characters of the issuer's message that are shown.
_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """What one status entry says: its purpose (``revocation``, ``suspension``, ...) and whether it is set.

    ``message`` is what the issuer says about it, if anything.
    """

    purpose: str
    raised: bool
    message: str | None = None


#: Reads one entry of a credential; StatusError when it cannot be told.
StatusMethod = Callable[[Run, Mapping[str, Any], Mapping[str, Any]], StatusFinding]


def check_status(run: Run, document: Mapping[str, Any]) -> None:
    """Read every status entry of a credential whose proof holds, and write down what they say together."""
    entries = document.get("credentialStatus", [])
    entries = entries if isinstance(entries, list) else [entries]
    if not entries and not is_blockcert(document):
        run.note("status", Outcome.NOT_CHECKED, "The credential names no status list.")
    elif run.at is not None and run.at != run.now:
        run.note("status", Outcome.NOT_CHECKED, "The status at another date is not known.")
    elif run.distrusted:
        detail = "The status of what cannot be trusted says nothing."
        run.note("status", Outcome.NOT_CHECKED, detail, reached=False)
    elif entries:
        _read_all(run, document, entries)
    else:
        check_revocation_list(run, document)


def _read_all(run: Run, document: Mapping[str, Any], entries: list[Any]) -> None:
    problem: StatusError | None = None
    raised: dict[str, StatusFinding] = {}
    if len(entries) > _MAX_STATUS_ENTRIES:
        problem = StatusError("The credential names too many status lists.")
    for entry in entries[:_MAX_STATUS_ENTRIES]:
        try:
            found = _method_of(entry)(run, document, entry)
            if found.raised:
                raised.setdefault(found.purpose, found)
        except StatusError as error:
            problem = problem or error
    if "revocation" in raised:
        run.superseded_by = _find_supersession(run, document)
        verdict = Verdict.SUPERSEDED if run.superseded_by else Verdict.REVOKED
        said = _said("The issuer revoked it", raised["revocation"])
        detail = f"Replaced by {run.superseded_by}." if run.superseded_by else said
        run.failed("status", detail, verdict)
    if "suspension" in raised:
        run.findings.append(Finding("status", Verdict.SUSPENDED))
        if "revocation" not in raised:
            run.failed("status", _said("The issuer suspended it", raised["suspension"]))
    if "status" in run.checks:
        return
    if problem is not None:
        run.note("status", Outcome.NOT_CHECKED, problem.reason, Verdict.CANNOT_TELL)
    elif raised:
        run.note("status", Outcome.WARNING, " ".join(_note(raised[name]) for name in sorted(raised)))
    else:
        run.passed("status", "Neither revoked nor suspended.")


def _said(what: str, found: StatusFinding) -> str:
    return f"{what}: {found.message[:_MESSAGE]}" if found.message else f"{what}."


def _note(found: StatusFinding) -> str:
    """What a purpose that decides nothing says."""
    if found.purpose == "refresh":
        return _said("The issuer has a newer version of it", found)
    if found.purpose == "message" and found.message:
        return f"The issuer says: {found.message[:_MESSAGE]}"
    return _said(f"The issuer set {found.purpose[:60]}", found)


def _method_of(entry: Any) -> StatusMethod:
    kind = entry.get("type") if isinstance(entry, Mapping) else None
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    method = METHODS.get(kind) if isinstance(kind, str) else None
    if method is None:
        raise StatusError("The status is of a type that cannot be read.", field="credentialStatus.type")
    return method


def _read_bitstring(run: Run, document: Mapping[str, Any], raw: Mapping[str, Any]) -> StatusFinding:
    """Read one entry from a list whose own proof, issuer and dates were checked."""
    entry = bitstring.parse_entry(raw)
    try:
        served = run.fetch(entry.list_url)
    except NotAvailable as error:
        raise StatusListUnavailable(f"The status list cannot be had: {error.reason}") from error
    bitstring.check_list(served, now=run.now)
    check_companion(run, served, issuer_of(document))
    value = bitstring.read_entry(served, entry, now=run.now)
    return StatusFinding(entry.purpose, value != 0, entry.messages.get(value))


def _read_revocation_list(run: Run, document: Mapping[str, Any], raw: Mapping[str, Any]) -> StatusFinding:
    """Look a credential up in the list of revoked ids of its issuer."""
    try:
        url = revocation_list.list_url(raw)
        served = run.fetch(url)
    except NotAvailable as error:
        raise StatusError(f"The revocation list cannot be had: {error.reason}") from error
    if can_be_changed_on_the_way(url, served):
        raise StatusError(
            "The revocation list is not signed and came over http: anybody may have changed it."
        )
    credential_id, issuer = document.get("id"), issuer_of(document)
    return StatusFinding(
        "revocation", revocation_list.is_revoked(served, credential_id=credential_id, issuer=issuer)
    )


#: The methods by ``credentialStatus.type``.
METHODS: Final[dict[str, StatusMethod]] = {
    "BitstringStatusListEntry": _read_bitstring,
    revocation_list.TYPE: _read_revocation_list,
}


def _find_supersession(run: Run, document: Mapping[str, Any]) -> str | None:
    """Return the id of the credential that took this one's place, if a signed record says so."""
    credential_id = document.get("id")
    if not isinstance(credential_id, str):
        return None
    try:
        record_document = run.fetch(supersession.record_url(credential_id))
        if schemas.violations(record_document, model="EndorsementCredential"):
            return None
        check_companion(run, record_document, issuer_of(document))
        record = supersession.read_record(record_document)
    except ProtocolError:
        return None
    return record.new_id if record.old_id == credential_id and record.since <= run.now else None
