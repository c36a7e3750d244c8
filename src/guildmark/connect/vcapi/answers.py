"""How the face answers: JSON, and for every error a status of 400 or 404 with a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from guildmark.config import load
from guildmark.kernel.problems import GuildmarkError, NotFound
from guildmark.protocol import strict_json
from guildmark.protocol.errors import (
    Malformed,
    ProofError,
    ProtocolError,
    StatusError,
    StatusIndexOutOfRange,
    UnknownContext,
)
from guildmark.protocol.strict_json import JsonLimits

_LIMITS = JsonLimits(bytes=2_000_000)
_PROOF = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
_MODEL = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
#: The first that fits gives the type of a problem (Data Integrity, VCDM and Bitstring Status List name them).
_TYPES: tuple[tuple[type[ProtocolError], str], ...] = (
    (StatusIndexOutOfRange, f"{_STATUS}RANGE_ERROR"),
    (StatusError, f"{_STATUS}STATUS_VERIFICATION_ERROR"),
    (ProofError, _PROOF),
    (UnknownContext, _MODEL),
    (Malformed, _MODEL),
)

View = Callable[..., HttpResponse]


def face(view: View) -> View:
    """A view of the face: 404 where it is off, no session and no form token, and every error as a problem."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not load().vc_api:
                raise NotFound("There is nothing at this address.")
            return view(request, *args, **kwargs)
        except ProtocolError as error:
            return problem(error.reason, type_=_type_of(error), field=error.field, mend=error.mend)
        except GuildmarkError as error:
            return problem(error.detail, status=404 if error.status == 404 else 400, mend=error.mend)

    return answered


def _type_of(error: ProtocolError) -> str:
    return next((name for kind, name in _TYPES if isinstance(error, kind)), _PROOF)


def problem(
    detail: str,
    *,
    type_: str = "about:blank",
    status: int = 400,
    field: str | None = None,
    mend: str | None = None,
) -> HttpResponse:
    """A problem document; ``errors`` repeats it as VC-API clients look for it."""
    document = {"type": type_, "title": detail, "status": status, "detail": detail}
    document |= {name: text for name, text in {"field": field, "mend": mend}.items() if text}
    entry = {name: value for name, value in document.items() if name != "status"}
    return JsonResponse(
        {**document, "verified": False, "errors": [entry]},
        status=status,
        content_type="application/problem+json",
    )


def body_of(request: HttpRequest, *needed: str) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The JSON body of a request with the members it needs, and its options; Malformed otherwise."""
    body = strict_json.load_object(request.body, _LIMITS)
    for name in needed:
        if name not in body:
            raise Malformed(f"The body has no {name}.", field=name)
    options = body.get("options") or {}
    if not isinstance(options, Mapping):
        raise Malformed("The options are no object.", field="options")
    return body, options


def object_in(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member of the body that is an object; Malformed otherwise."""
    value = body[name]
    if not isinstance(value, Mapping):
        raise Malformed(f"The {name} is no object.", field=name)
    return value


def base_of(request: HttpRequest) -> str:
    """``scheme://host[:port]`` under which the face was called (the allowed hosts were checked)."""
    return f"{request.scheme}://{request.get_host()}"
