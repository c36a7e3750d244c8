"""Pages of signing keys, and the documents by which anybody checks a signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.keys import actions, queries
from guildmark.keys.forms import CompromiseForm
from guildmark.people import queries as people


@studio_page("owner")
def key_list(request: HttpRequest) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    context = {
        "keys": queries.signing_keys(org.id),
        "issuer_id": queries.issuer_id(org.slug),
        "issuer_url": queries.issuer_url(org.slug),
    }
    return render(request, "keys/list.html", context)


@studio_page("owner")
def key_rotate(request: HttpRequest) -> HttpResponse:
    """The confirm page of a rotation, and the rotation itself."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "keys/rotate.html", {})
    actions.rotate(by=actor, org_id=org.id)
    messages.success(request, _("From now on a new key signs. The old one stays published."))
    return see_other("keys", org.slug)


@studio_page("owner")
def key_compromised(request: HttpRequest, key_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    key = queries.signing_key(org.id, key_id)
    form = CompromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_compromised(
                by=actor, org_id=org.id, key_id=key_id, reason=form.cleaned_data["reason"]
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("The key is out of the issuer's documents."))
            return see_other("keys", org.slug)
    return render(request, "keys/compromised.html", {"key": key, "form": form})


def _public(document: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    """A document for anybody: readable from any origin, kept for a few minutes only, because keys change."""
    response = JsonResponse(document, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Served as plain JSON: strict fetchers refuse other types (did:web method, section 3.2)."""
    return _public(queries.did_document(people.organisation_by_slug(slug).id))


@require_safe
def jwks(request: HttpRequest, slug: str) -> HttpResponse:
    return _public(queries.jwks(people.organisation_by_slug(slug).id))


@require_safe
def jwk(request: HttpRequest, slug: str, multibase: str) -> HttpResponse:
    return _public(queries.jwk(people.organisation_by_slug(slug).id, multibase))
