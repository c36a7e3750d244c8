"""``/log``: the append-only log of published standards, for people and for programs that watch it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guildmark.kernel import standards_log
from guildmark.kernel.problems import NotFound
from guildmark.kernel.standards_log import LogEntry, SignedHead
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.protocol.keys import decode_multikey
from guildmark.protocol.signed_note import verifier_key
from guildmark.site.negotiation import wants_document

PER_PAGE = 100
#: What can still grow is kept for a minute; an entry or a proof at a named size never changes.
GROWS, FIXED = "public, max-age=60", "public, max-age=31536000, immutable"


def _json(document: dict[str, Any], cache: str) -> HttpResponse:
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = cache
    return response


def entry_document(found: LogEntry) -> dict[str, Any]:
    return {"index": found.index, "leafHash": found.leaf_hash.hex(), "entry": found.entry.document()}


def head_document(head: SignedHead) -> dict[str, Any]:
    return {
        "size": head.size,
        "rootHash": head.root.hex(),
        "signedHead": head.note,
        "signedBy": head.key_name,
        "publicKeyMultibase": head.public_multibase,
        "verifierKey": verifier_key(head.key_name, decode_multikey(head.public_multibase)),
    }


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the log is, what it proves and what it does not, and its entries, the newest first."""
    size = standards_log.size()
    before = _number(request.GET.get("before", ""), size)
    start = max(0, before - PER_PAGE)
    context = {
        "size": size,
        "root": standards_log.root(size).hex(),
        "origin": standards_log.origin(),
        "signed": standards_log.newest_signed_head(),
        "entries": standards_log.entries(start, before - start)[::-1],
        "older": start,
    }
    return render(request, "site/log.html", context)


def _number(text: str, largest: int) -> int:
    """A number from 0 to ``largest`` out of an address, or ``largest`` when there is none."""
    return min(int(text), largest) if text.isascii() and text.isdigit() and len(text) < 16 else largest


@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """How long the log is and its root, and the newest head that was signed."""
    size = standards_log.size()
    signed = standards_log.newest_signed_head()
    return _json(
        {
            "log": absolute("/log"),
            "size": size,
            "rootHash": standards_log.root(size).hex(),
            "signed": head_document(signed) if signed else None,
        },
        GROWS,
    )


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head as a signed note (C2SP tlog-checkpoint)."""
    signed = standards_log.newest_signed_head()
    if signed is None:
        raise NotFound(
            said("No head of this log has been signed yet."), mend=said("/log/head gives the unsigned one.")
        )
    response = HttpResponse(signed.note, content_type="text/plain; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = GROWS
    return response


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """At most a hundred entries from ``from`` on; ``next`` is where to go on."""
    start = _number(request.GET.get("from", "0"), 1 << 50)
    found = standards_log.entries(start, PER_PAGE)
    following = start + len(found) if len(found) == PER_PAGE else None
    document = {
        "log": absolute("/log"),
        "entries": [entry_document(one) for one in found],
        "next": following,
    }
    return _json(document, GROWS)


@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry, as a page or as its exact members."""
    found = _entry(index)
    response: HttpResponse
    if wants_document(request):
        response = _json(entry_document(found), FIXED)
    else:
        context = {"found": found, "entry": found.entry, "leaf": found.entry.leaf().decode()}
        response = render(request, "site/log_entry.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


def _entry(index: int) -> LogEntry:
    # Larger numbers do not fit the column.
    return standards_log.entry(min(index, 1 << 60))


@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """That an entry is in the log: by the newest head that its organisation signed, or for the size that is named."""
    asked = request.GET.get("size", "")
    response = _json(proof_document(_entry(index), asked), FIXED if asked else GROWS)
    response["Content-Disposition"] = f'inline; filename="log-entry-{index}-proof.json"'
    return response


def proof_document(found: LogEntry, asked: str = "") -> dict[str, Any]:
    """The path from an entry to a head that its organisation signed, or to the root at the size that is ``asked``."""
    signed = None if asked else standards_log.signed_head(found.org_id, covering=found.index)
    size = signed.size if signed else _size(asked)
    document: dict[str, Any] = {
        "log": absolute("/log"),
        **entry_document(found),
        "size": size,
        "rootHash": standards_log.root(size).hex(),
        "path": [step.hex() for step in standards_log.inclusion(found.index, size)],
    }
    return document | (head_document(signed) if signed else {"signedHead": None})


def _size(asked: str) -> int:
    """The size that is named, or the present one when none is; NotFound for one that the log never had."""
    present = standards_log.size()
    if not asked:
        return present
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16 and int(asked) <= present):
        raise NotFound(
            said("The log has never had this size."), mend=said("Ask /log/head how many entries there are.")
        )
    return int(asked)


@require_safe
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """That the log of ``second`` entries begins with the log of ``first``."""
    if not 0 < first <= second <= standards_log.size():
        raise NotFound(
            said("The log has never had these sizes."), mend=said("Ask /log/head how many entries there are.")
        )
    path = standards_log.consistency(first, second)
    return _json(
        {
            "log": absolute("/log"),
            "first": first,
            "second": second,
            "firstRoot": standards_log.root(first).hex(),
            "secondRoot": standards_log.root(second).hex(),
            "path": [step.hex() for step in path],
        },
        FIXED,
    )
