"""The dossier in the studio: to read, to print, and as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import studio_page
from guildmark.kernel.words import said
from guildmark.site.dossier import export
from guildmark.site.dossier.compose import compose

ROLES = ("owner", "designer", "auditor")


@require_safe
@studio_page(*ROLES)
def dossier(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The dossier of a published version as a page."""
    org = request.org  # type: ignore[attr-defined]
    made, records = compose(org, slug, number)
    context = {
        "dossier": made,
        "files": {
            kind: reverse("standard_dossier_file", args=[org.slug, slug, number, kind])
            for kind in export.TYPES
        },
        "others": [
            {"number": one.number, "url": reverse("standard_dossier", args=[org.slug, slug, one.number])}
            for one in records.versions
            if one.number != number
        ],
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": made.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _("Defence dossier")},
        ],
    }
    return render(request, "site/dossier/page.html", context)


@require_safe
@studio_page(*ROLES)
def dossier_file(request: HttpRequest, slug: str, number: str, kind: str) -> HttpResponse:
    """The dossier as a file: json, html or zip."""
    if kind not in export.TYPES:
        raise NotFound(said("There is no such form of the dossier."))
    made, records = compose(request.org, slug, number)  # type: ignore[attr-defined]
    response = HttpResponse(export.made(kind, made, records), content_type=export.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{slug}-{number}-dossier.{kind}"'
    return response
