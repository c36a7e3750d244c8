"""Public addresses of this room: downloads, status lists, records. No session, no cookie, any origin."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from guildmark.issue import downloads, queries, statuses
from guildmark.issue.types import Download
from guildmark.kernel.clock import now
from guildmark.kernel.web import keep_until

#: How long a file may be kept that changes only with its stamp.
STANDS = timedelta(minutes=1)
INLINE = ("image/", "video/", "audio/", "application/pdf", "text/plain")
#: Forms whose media type depends on what the caller accepts.
NEGOTIATED = {"json", "jwt", "vc+jwt"}
EVIDENCE_CSP = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


def _send(request: HttpRequest, body: bytes, media_type: str, *, etag: str = "", cache: str) -> HttpResponse:
    """An answer for anybody, with 304 where the caller has it already."""
    tag = quote_etag(etag) if etag else ""
    if tag and tag in {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type=media_type)
    if tag:
        response["ETag"] = tag
    response["Cache-Control"] = cache
    response["Access-Control-Allow-Origin"] = "*"
    return response


def json_type(request: HttpRequest) -> str:
    """``application/vc`` when asked for by name, else ``application/vc+ld+json`` (DECISIONS 4)."""
    wanted = [part.split(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]
    if "application/vc" in wanted and "application/vc+ld+json" not in wanted:
        return "application/vc"
    return "application/vc+ld+json"


@require_safe
def credential_file(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """``/c/{id}.json .jwt .png .svg .pdf``; a private credential needs its link's token and is 404 otherwise."""
    view = queries.public_credential(public_id, request.GET.get("t", ""))
    if kind == "jwt" and "application/vc+jwt" in request.headers.get("Accept", ""):
        kind = "vc+jwt"
    found: Download = downloads.download(view, kind)
    media_type = json_type(request) if kind == "json" else found.media_type
    private = view.visibility != "public"
    response = _send(
        request,
        found.content,
        media_type,
        etag=f"{view.body_sha256[:32]}-{kind}",
        cache="private, no-store" if private else "public, no-cache",
    )
    disposition = "inline" if kind in NEGOTIATED else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{found.filename}"'
    if kind in NEGOTIATED:
        response["Vary"] = "Accept"
    if not private:
        keep_until(request, now() + STANDS)
    return response


@require_safe
def evidence_file(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """A piece of evidence that the holder shows. Foreign content, so it may run nothing here."""
    view = queries.public_credential(public_id, request.GET.get("t", ""))
    found = downloads.shown_evidence(view, item_id)
    media_type = (
        f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    )
    response = HttpResponse(found.content, content_type=media_type)
    shown = "inline" if found.media_type.startswith(INLINE) else "attachment"
    name = "".join(c if c.isascii() and c not in '"\\' else "_" for c in found.filename)
    response["Content-Disposition"] = f'{shown}; filename="{name}"'
    response["Content-Security-Policy"] = EVIDENCE_CSP
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def supersession(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _send(
        request, queries.supersession_record(public_id), "application/vc+ld+json", cache="public, no-cache"
    )


@require_safe
def status_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The signed list. Callers ask again each time (ETag), so that nobody keeps an old state."""
    row = statuses.current(public_id)
    if row.published_at is not None:
        keep_until(request, row.published_at + statuses.REFRESH_AFTER)
    return _send(request, bytes(row.body), "application/vc+ld+json", etag=row.etag, cache="public, no-cache")


@require_safe
def standard_core(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The exact bytes whose digest a credential carries for its standard."""
    body = queries.standard_core(slug, number)
    return _send(request, body, "application/json", cache="public, max-age=86400, immutable")
