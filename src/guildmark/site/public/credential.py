"""The public page of a credential: ``/c/{id}`` (CONTRACTS 1, DECISIONS 4).

The page is rendered from the stored bytes and, apart from them, a block on the status at this moment. The
bytes are verified anew whenever they or the status change, so a row edited in the database shows as tampered.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from guildmark.design.classes import CLASSES
from guildmark.design.passport import passport
from guildmark.design.types import Signal
from guildmark.issue import queries as issue
from guildmark.issue.render import qr_svg
from guildmark.issue.types import CredentialView, StatusNow
from guildmark.kernel import standards_log
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.standards_log import LogEntry
from guildmark.kernel.web import absolute, keep_until
from guildmark.kernel.words import said
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges import logged
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.site.negotiation import credential_type, wants_document
from guildmark.site.public import layers, own
from guildmark.site.public.facts import PageFacts, page_facts
from guildmark.verify import sceptic
from guildmark.verify.details import said_of
from guildmark.verify.types import Report, Verdict
from guildmark.verify.words import WORDS

#: How long a page may tell the minute of its check as the present one.
MINUTE = timedelta(minutes=1)
OVERRULING = {"malformed", "tampered", "unknown_issuer"}


def credential(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page, or the stored bytes when any JSON type is listed in Accept."""
    token = request.GET.get("t", "")
    view = issue.public_credential(public_id, token)
    if wants_document(request):
        response = HttpResponse(view.body, content_type=credential_type(request))
        response["Access-Control-Allow-Origin"] = "*"
    else:
        status = issue.status_now(view, now())
        report = checked(view, status.at)
        etag = page_etag(view, status, report)
        if request.headers.get("If-None-Match") == etag and not token:
            response = HttpResponse(status=304)
        else:
            response = render(request, "site/credential.html", context(view, status, report, token))
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache" if view.visibility == "public" else "private, no-store"
        if view.visibility == "public" and not token:
            keep_until(request, *status.changes)
    if view.visibility != "public":
        response["X-Robots-Tag"] = "noindex"
    elif not token:
        keep_until(request, now() + MINUTE)
    patch_vary_headers(response, ["Accept"])
    return response


def sceptic_sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sceptic sheet as JSON, made from the stored bytes as anybody would make it from the file."""
    view = issue.public_credential(public_id, request.GET.get("t", ""))
    try:
        document = json.loads(view.body)
    except ValueError:
        raise Conflict(said("The stored credential can no longer be read.")) from None
    response = JsonResponse({"credential": document.get("id"), **sceptic.sheet(document).as_json()})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache" if view.visibility == "public" else "private, no-store"
    return response


def page_etag(view: CredentialView, status: StatusNow, report: Report) -> str:
    """Changes with the bytes, the status, what the holder shows, what the check of the bytes came to, with whatever the
    organisation changes, and with the language of the page.
    """
    parts = [
        repr(issue.page_stamp(view.public_id)),
        view.body_sha256,
        str(view.status_epoch),
        status.verdict,
        *status.warnings,
        view.visibility,
        get_language() or "",
    ]
    parts.append(report.verdict.value)
    parts += [str(view.shown_name), *sorted(view.shown_evidence), status.at.strftime("%Y-%m-%dT%H")]
    return '"' + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32] + '"'


@lru_cache(maxsize=512)
def _checked(
    body_sha256: str, status_epoch: int, key_states: tuple[str, ...], hour: str, body: bytes, org_id: UUID
) -> Report:
    return own.verify(body, org_id)


def checked(view: CredentialView, at: datetime) -> Report:
    """The full verification of the stored bytes against our own published documents, at most once an hour each.

    The cache key holds the digest of the bytes as they are now, not the stored digest, and what became of the keys.
    """
    digest = hashlib.sha256(view.body).hexdigest()
    states = tuple(f"{key.id} {key.state}" for key in keys.signing_keys(view.org_id))
    return _checked(digest, view.status_epoch, states, at.strftime("%Y-%m-%dT%H"), view.body, view.org_id)


def context(view: CredentialView, status: StatusNow, report: Report, token: str = "") -> dict[str, Any]:
    """Everything that the template shows."""
    verdict = report.verdict.value if report.verdict.value in OVERRULING else status.verdict
    facts = read_facts(view, token)
    org = people.organisation(view.org_id)
    url = absolute(view.path)
    suffix = f"?t={token}" if token else ""
    return {
        "org": org,
        "credential": view,
        "page": facts,
        "facts": facts.facts if facts else None,
        "status": status,
        "verdict": verdict,
        "words": all_spoken(WORDS[Verdict(verdict)]),
        "report": report_in_page_language(report),
        "url": url,
        "suffix": suffix,
        "qr_svg": mark_safe(qr_svg(url)),
        "successor": f"/c/{status.replacement}" if status.replacement else "",
        "days_public": facts.days_public if facts else None,
        # On a valid credential the warning says whether there is anything to compare.
        "passport": passport(view.org_id, view.version_id)
        if verdict != "valid" or "newer_standard" in status.warnings
        else None,
        "log_entry": log_pointer(facts.facts) if facts else None,
        "structured": structured_data(facts, url) if facts else "",
        "sceptic": sceptic.sheet(json.loads(view.body)) if facts else None,
        "noindex": view.visibility != "public",
        **layers.context(view.org_id, view.achievement_id, view.version_id),
    }


@dataclass(frozen=True)
class LogPointer:
    """The entry of the log of standards that belongs to a credential. ``fault`` says why it does not bear it out."""

    entry: LogEntry
    fault: str

    @property
    def proof(self) -> str:
        return f"/log/proof/{self.entry.index}"


def log_pointer(facts: CredentialFacts) -> LogPointer | None:
    """The entry for the version that the credential names, compared with what the credential says of it."""
    found = re.search(r"/s/([a-z0-9-]+)/v/(\d+\.\d+)$", facts.achievement_id)
    entry = standards_log.entry_of(found[1], found[2]) if found else None
    if entry is None:
        return None
    try:
        logged.check_entry(facts, entry.entry)
    except ProtocolError as error:
        return LogPointer(entry, error.reason)
    return LogPointer(entry, "")


def report_in_page_language(report: Report) -> Report:
    """The report with what its checks say in the language of the page, as far as it is known there."""
    checks = tuple(replace(check, detail=spoken(said_of(check.detail))) for check in report.checks)
    return replace(report, checks=checks)


def read_facts(view: CredentialView, token: str) -> PageFacts | None:
    """What the bytes say, or None when they can no longer be read as a credential."""
    try:
        document = json.loads(view.body)
        suffix_base = f"{view.path}/evidence/"
        return page_facts(
            document, shown=view.shown_evidence, evidence_base=suffix_base, show_name=view.shown_name
        )
    except (ValueError, KeyError, TypeError):
        return None


def structured_data(facts: PageFacts, url: str) -> dict[str, Any]:
    """schema.org EducationalOccupationalCredential, for search engines and link previews."""
    f = facts.facts
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "name": f.title,
        "description": f.claim,
        "url": url,
        "credentialCategory": str(CLASSES[cast(Signal, facts.signal)].eyebrow),
        "recognizedBy": {"@type": "Organization", "name": f.issuer.name or f.issuer.id},
    }
    if f.valid_from:
        data["dateCreated"] = f.valid_from.date().isoformat()
    if f.valid_until:
        data["expires"] = f.valid_until.date().isoformat()
    return data
