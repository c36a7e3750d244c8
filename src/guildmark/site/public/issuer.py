"""``/o/{slug}``: the issuer's profile as a page, or as the controller document that lists its keys."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from guildmark.design import queries as design
from guildmark.issue import queries as issue
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.site.negotiation import wants_document
from guildmark.site.public import layers


def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    org = people.organisation_by_slug(slug)
    response: HttpResponse
    if wants_document(request):
        response = JsonResponse(keys.issuer_profile(org.id), json_dumps_params={"ensure_ascii": False})
        response["Access-Control-Allow-Origin"] = "*"
    else:
        published = [a for a in design.achievements(org.id) if a.published_id and not a.archived]
        context = {
            "org": org,
            "published": published,
            "keys": keys.signing_keys(org.id),
            "counts": register_counts(org.id),
            "issuer_id": keys.issuer_id(org.slug),
            **layers.map_context(org.id),
        }
        response = render(request, "site/issuer.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


def register_counts(org_id: UUID) -> list[dict[str, object]]:
    """What the register holds now, in the words of the public states."""
    words = {
        "valid": _("Valid now"),
        "expired": _("Expired"),
        "suspended": _("Suspended"),
        "revoked": _("Revoked"),
        "superseded": _("Replaced by a correction"),
    }
    return [
        {"label": label, "value": len(issue.credential_rows(org_id, state=state))}
        for state, label in words.items()
    ]
