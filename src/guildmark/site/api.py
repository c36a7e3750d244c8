"""The API root: keys and scopes, idempotency, one form of error, and the routers of the rooms.

Everything under ``/api/v1``; the schema is OpenAPI 3.1 at ``/api/v1/openapi.json``. Every error is a problem
document (RFC 9457), and the schema says so for every operation.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer

from guildmark import __version__
from guildmark.assess.evidence.api import decisions_router, enrolments_router
from guildmark.assess.evidence.api import router as submissions_router
from guildmark.design.api import router as standards_router
from guildmark.issue.api import router as credentials_router
from guildmark.kernel import idempotency, ratelimit
from guildmark.kernel.actor import Actor
from guildmark.kernel.middleware import problem_response, refused_request
from guildmark.kernel.problems import (
    Fault,
    FieldProblem,
    Forbidden,
    GuildmarkError,
    Invalid,
    NotFound,
    Unauthenticated,
    UnsupportedMedia,
)
from guildmark.people import queries as people
from guildmark.skills.api import router as frameworks_router

log = logging.getLogger("guildmark.api")
PREFIX = "/api/v1/"
# First part of the path -> (scope to read, scope to write)
SCOPES = {
    "organisation": ("organisation:read", "organisation:read"),
    "standards": ("standards:read", "standards:write"),
    "frameworks": ("standards:read", "standards:write"),
    "enrolments": ("submissions:read", "submissions:write"),
    "submissions": ("submissions:read", "submissions:write"),
    "decisions": ("submissions:read", "decisions:write"),
    "credentials": ("credentials:read", "credentials:write"),
}


class KeyAuth(HttpBearer):
    """``Authorization: Bearer gm_...``; sets ``request.actor`` and ``request.org_id`` and checks the scope."""

    openapi_description = "An API key of one organisation, made under Settings, API keys."

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = getattr(request, "actor", None) or people.actor_for_key(token)
        ratelimit.hit("api", str(actor.id), limit=600, per=60)
        area = request.path.removeprefix(PREFIX).split("/", 1)[0]
        reading, writing = SCOPES.get(area, ("", ""))
        scope = reading if request.method in {"GET", "HEAD", "OPTIONS"} else writing
        if scope and scope not in (actor.scopes or frozenset()):
            raise Forbidden(f"This key lacks the scope {scope}.", mend="Make a key with that scope.")
        request.actor, request.org_id = actor, actor.org_id  # type: ignore[attr-defined]
        return actor


class ProblemDetail(Schema):
    """An error (RFC 9457): ``mend`` says what to do, ``errors`` names fields."""

    type: str
    title: str
    status: int
    detail: str
    mend: str | None = None
    instance: str | None = None
    requestId: str | None = None
    errors: list[dict[str, str]] | None = None


REFUSALS = {
    "400": "The request cannot be read",
    "401": "No key, or one that is not valid",
    "403": "The key lacks the scope, or the act is not allowed",
    "404": "Nothing is here for this organisation",
    "409": "It no longer fits what is stored",
    "413": "Too large",
    "415": "This kind of content cannot be used",
    "422": "Some of what was given cannot be used; ``errors`` names the fields",
    "429": "Too many requests; see Retry-After",
    "503": "Not possible at the moment",
}


class GuildmarkAPI(NinjaAPI):
    """NinjaAPI whose schema states the problem documents and the idempotency header of every operation."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["ProblemDetail"] = ProblemDetail.model_json_schema()
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetail"}}}
        header = {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Send a fresh UUID; a repeat with the same key gives the first answer and does nothing again.",
            "schema": {"type": "string", "minLength": 8, "maxLength": 128},
        }
        for methods in schema.get("paths", {}).values():
            for method, operation in methods.items():
                for status, words in REFUSALS.items():
                    operation.setdefault("responses", {})[status] = {"description": words, "content": content}
                if method == "post":
                    operation.setdefault("parameters", []).append(header)
        return schema


def not_json(request: HttpRequest) -> UnsupportedMedia:
    return UnsupportedMedia(
        f"The body is {(request.content_type or '')[:80]}.", mend="Send application/json."
    )


class TextParser(Parser):
    """One JSON object without NUL characters, which PostgreSQL cannot store."""

    def parse_body(self, request: HttpRequest) -> Any:
        media = (request.content_type or "application/json").lower()
        if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
            raise not_json(request)
        found = super().parse_body(request)
        if not isinstance(found, dict):
            raise Invalid("The body is not a JSON object.", mend='Send an object, such as {"title": "..."}.')
        if b"\\u0000" in request.body and "\\u0000" in json.dumps(found).replace("\\\\", ""):
            raise Invalid("A text holds a NUL character (U+0000).", mend="Send it without that character.")
        return found


api = GuildmarkAPI(
    parser=TextParser(),
    title="Guildmark API",
    version=__version__,
    description="Standards, submissions, decisions and credentials of one organisation.",
    auth=KeyAuth(),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
)


@api.exception_handler(GuildmarkError)
def on_problem(request: HttpRequest, error: GuildmarkError) -> HttpResponse:
    return problem_response(request, error)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [
        FieldProblem(".".join(str(part) for part in item["loc"][1:] if part != "payload"), str(item["msg"]))
        for item in error.errors
    ]
    return problem_response(request, Invalid("Some fields cannot be used.", errors=problems))


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    refused = Unauthenticated("No valid API key was sent.", mend="Send Authorization: Bearer gm_...")
    return problem_response(request, refused)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, GuildmarkError):
        return problem_response(request, error.__cause__)
    problem = GuildmarkError(str(error))
    problem.status = error.status_code
    return problem_response(request, problem)


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def on_unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(request, refused_request(error))


@api.exception_handler(RawPostDataException)
def on_form(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    # A form that was read for its idempotency key, sent to an operation that takes JSON.
    return problem_response(request, not_json(request))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(request, NotFound("There is nothing at this address."))


@api.exception_handler(Exception)
def on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("unexpected fault at %s", request.path)
    if settings.DEBUG:
        raise error
    return problem_response(request, Fault())


organisation_router = Router(tags=["Organisation"])


class OrganisationOut(Schema):
    id: str
    slug: str
    name: str
    url: str
    email: str
    description: str
    country: str
    state: str


class MemberOut(Schema):
    id: str
    name: str
    email: str
    roles: list[str]
    state: str


@organisation_router.get("", response=OrganisationOut, summary="The organisation of this key")
def organisation(request: HttpRequest) -> dict[str, Any]:
    view = people.organisation(request.org_id)  # type: ignore[attr-defined]
    return {
        **{name: getattr(view, name) for name in OrganisationOut.model_fields if name != "id"},
        "id": str(view.id),
    }


@organisation_router.get("/members", response=list[MemberOut], summary="Its members and their roles")
def members(request: HttpRequest) -> list[dict[str, Any]]:
    request.actor.require(request.org_id)  # type: ignore[attr-defined]
    return [
        {"id": str(m.id), "name": m.name, "email": m.email, "roles": list(m.roles), "state": m.state}
        for m in people.members(request.org_id)  # type: ignore[attr-defined]
    ]


api.add_router("/organisation", organisation_router)
api.add_router("/standards", standards_router)
api.add_router("/frameworks", frameworks_router)
api.add_router("/enrolments", enrolments_router)
api.add_router("/submissions", submissions_router)
api.add_router("/decisions", decisions_router)
api.add_router("/credentials", credentials_router)


def content_of(request: HttpRequest) -> bytes:
    """What makes two requests the same: the body, or the fields of a form and the digests of its files.

    A form is told by its content, because each sending draws another boundary.
    """
    if request.content_type != "multipart/form-data":
        return request.body
    files = []
    for name, uploads in request.FILES.lists():
        for upload in uploads:
            digest = hashlib.sha256()
            for piece in upload.chunks():
                digest.update(piece)
            files.append([name, upload.name, digest.hexdigest()])
    return json.dumps([sorted(request.POST.lists()), sorted(files)]).encode()


class IdempotencyMiddleware:
    """Answers a repeated POST of the API from the first answer to its Idempotency-Key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None or not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            actor = people.actor_for_key(token)
            assert actor.org_id is not None
            assert actor.id is not None
            request.actor = actor  # type: ignore[attr-defined]
            digest = idempotency.request_hash("POST", request.get_full_path(), content_of(request))
            stored = idempotency.begin(org_id=actor.org_id, caller=actor.id, key=key, digest=digest)
        except GuildmarkError as error:
            return problem_response(request, error)
        except (SuspiciousOperation, MultiPartParserError) as error:
            return problem_response(request, refused_request(error))
        if stored is not None:
            media = "application/json" if stored.status < 400 else "application/problem+json"
            replay = JsonResponse(stored.body, status=stored.status, safe=False, content_type=media)
            replay["Idempotent-Replay"] = "true"
            return replay
        response = self.get_response(request)
        try:
            body = json.loads(response.content or b"null")
        except ValueError:
            body = None
        idempotency.finish(
            org_id=actor.org_id, caller=actor.id, key=key, status=response.status_code, body=body
        )
        return response
