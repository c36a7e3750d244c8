"""``/s/{slug}/diff/{old}..{new}``: what changed between two published versions, readable by anybody (PRODUCT UP2, M14)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from guildmark.design import comparing
from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.people import queries as people
from guildmark.site.negotiation import wants_document


def compare(request: HttpRequest, slug: str, old: str, new: str) -> HttpResponse:
    """The comparison as a page, or as JSON when that is listed in Accept. The older version comes first."""
    found = between(slug, old, new)
    if found[0].number != new:
        return HttpResponseRedirect(reverse("standard_compare", args=[slug, new, old]))
    response: HttpResponse
    if wants_document(request):
        response = answer(found)
    else:
        response = render(request, "site/compare.html", context(found))
    patch_vary_headers(response, ["Accept"])
    return response


def compare_document(request: HttpRequest, slug: str, old: str, new: str) -> HttpResponse:
    """The same comparison as JSON."""
    return answer(between(slug, old, new))


def between(slug: str, old: str, new: str) -> list[VersionView]:
    """The newer of both versions, what was published between, and the older one last; NotFound for one and the same."""
    ends = {old, new}
    versions = design.public_versions(slug)
    places = [place for place, view in enumerate(versions) if view.number in ends]
    if len(places) != 2:
        raise NotFound(said("There are no two such versions of this standard."))
    return versions[places[0] : places[1] + 1]


def answer(found: list[VersionView]) -> HttpResponse:
    document = comparing.document(found[-1], found[0])
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def context(found: list[VersionView]) -> dict[str, Any]:
    """What the page shows: the changes, the bridge, and who published what when on the way."""
    new, old = found[0], found[-1]
    authors = {view.published_by for view in found if view.published_by}
    names = {one: people.member_label(new.org_id, one) for one in authors}
    steps = [
        {
            "version": view,
            "by": names.get(view.published_by, "") if view.published_by else "",
            "low": comparing.lowering(before, view),
        }
        for view, before in pairwise(found)
    ]
    path = reverse("standard_compare", args=[new.slug, old.number, new.number])
    return {
        "org": people.organisation(new.org_id),
        "standard": new.standard,
        "steps": steps,
        "url": absolute(path),
        "json_url": f"{path}.json",
        **comparing.context(old, new),
    }
