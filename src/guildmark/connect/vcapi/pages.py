"""The addresses of the face (CONTRACTS 2.1 and 2.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from guildmark.connect.vcapi import actions, queries
from guildmark.connect.vcapi.answers import base_of, body_of, face, object_in
from guildmark.protocol import did_key

_RESOLUTION = 'application/ld+json;profile="https://w3id.org/did-resolution"'


@face
@require_POST
def issue(request: HttpRequest, name: str) -> HttpResponse:
    chosen = actions.face_named(name)
    body, options = body_of(request, "credential")
    secured = actions.issue(chosen, object_in(body, "credential"), options, base_of(request))
    return JsonResponse(secured, status=201)


@face
@require_POST
def prove(request: HttpRequest, name: str) -> HttpResponse:
    chosen = actions.face_named(name)
    body, options = body_of(request, "presentation")
    return JsonResponse(actions.prove(chosen, object_in(body, "presentation"), options), status=201)


@face
@require_POST
def derive(request: HttpRequest) -> HttpResponse:
    body, options = body_of(request, "verifiableCredential")
    return JsonResponse(actions.derive(object_in(body, "verifiableCredential"), options), status=201)


@face
@require_POST
def verify_credential(request: HttpRequest) -> HttpResponse:
    body, options = body_of(request, "verifiableCredential")
    done = queries.verify_credential(body["verifiableCredential"], options)
    return JsonResponse({"verified": True, "checks": done, "warnings": [], "errors": []})


@face
@require_POST
def verify_presentation(request: HttpRequest) -> HttpResponse:
    body, options = body_of(request, "verifiablePresentation")
    found = queries.verify_presentation(body["verifiablePresentation"], options)
    warnings = [] if found.signed else ["The presentation is not signed: nothing says who shows it."]
    return JsonResponse(
        {
            "verified": True,
            "signed": found.signed,
            "holder": found.holder,
            "checks": ["proof"],
            "warnings": warnings,
            "errors": [],
        }
    )


@face
@require_POST
def set_status(request: HttpRequest) -> HttpResponse:
    body, _ = body_of(request)
    actions.set_status(body)
    return JsonResponse({})


@face
@require_safe
def status_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    response = JsonResponse(queries.status_list(list_id, base_of(request)), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@face
@require_POST
def publish_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Lists are made when they are asked for, so there is nothing to publish; suites ask for it all the same."""
    queries.status_list(list_id, base_of(request))
    return HttpResponse(status=204)


@face
@require_safe
def resolve(request: HttpRequest, address: str) -> HttpResponse:
    """Resolve a did:key or dereference an address in its document; errors carry the whole envelope too."""
    options = did_key.Options(
        key_format=request.GET.get("publicKeyFormat", "Multikey"),
        experimental=request.GET.get("enableExperimentalPublicKeyTypes", "false").lower() == "true",
        encryption_key=request.GET.get("enableEncryptionKeyDerivation", "true").lower() != "false",
    )
    try:
        document = did_key.dereference(address, options)
    except did_key.DidError as error:
        status = 404 if error.code == "notFound" else 400
        return _resolution({}, {"error": error.code, "message": error.reason}, error.dereferencing, status)
    dereferencing = document["id"] != address or "#" in address
    return _resolution(document, {"contentType": "application/did+ld+json"}, dereferencing, 200)


def _resolution(
    document: dict[str, Any], metadata: dict[str, Any], dereferencing: bool, status: int
) -> HttpResponse:
    name = "didDereferencingMetadata" if dereferencing else "didResolutionMetadata"
    envelope = {
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": document,
        "didDocumentMetadata": {},
        name: metadata,
    }
    return JsonResponse(envelope, status=status, content_type=_RESOLUTION)
