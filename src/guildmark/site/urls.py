"""Every address of the product, room by room."""

from importlib.util import find_spec

from django.apps import apps
from django.http import HttpResponse
from django.urls import include, path

from guildmark.site import cost, languages, ops, pages, upkeep_pages
from guildmark.site.api import api
from guildmark.site.dossier import pages as dossier
from guildmark.site.public import compare, credential, issuer, log, past, preview, standard

# Each room keeps its own table; the order matters only where one prefix contains another.
ROOM_URLS = (
    "guildmark.people.urls",
    "guildmark.skills.urls",
    "guildmark.keys.urls",
    "guildmark.design.urls",
    "guildmark.notify.urls",
    "guildmark.assess.evidence.urls",
    "guildmark.issue.urls",
    "guildmark.wallet.urls",
    "guildmark.verify.urls",
    "guildmark.connect.vcapi.urls",
)


def present(module: str) -> bool:
    """A table is included when its room is installed and has one."""
    return apps.is_installed(module.removesuffix(".urls")) and find_spec(module) is not None


def robots(request: object) -> HttpResponse:
    return HttpResponse(
        "User-agent: *\nDisallow: /studio/\nDisallow: /accounts/\nDisallow: /language/\n",
        content_type="text/plain",
    )


urlpatterns = [
    path("", pages.front, name="front"),
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("metrics", ops.metrics, name="metrics"),
    path("robots.txt", robots),
    path("language/<slug:language>", languages.choose, name="language"),
    path("styleguide", pages.styleguide, name="styleguide"),
    path("api/v1/docs", pages.api_reference, name="api_reference"),
    path("api/v1/", api.urls),
    path("c/<uuid:public_id>", credential.credential, name="credential"),
    path("c/<uuid:public_id>/on", past.on, name="credential_on"),
    path("c/<uuid:public_id>/sceptic.json", credential.sceptic_sheet, name="credential_sceptic"),
    path("s/<slug:slug>", standard.standard, name="standard"),
    path("s/<slug:slug>/v/<str:number>.json", standard.standard_document, name="standard_document"),
    path(
        "s/<slug:slug>/v/<str:number>/lang/<str:language>.json",
        standard.standard_translation,
        name="standard_translation",
    ),
    path("s/<slug:slug>/v/<str:number>/rubric.json", standard.rubric_json, name="standard_rubric_json"),
    path("s/<slug:slug>/v/<str:number>/rubric.csv", standard.rubric_csv, name="standard_rubric_csv"),
    path("s/<slug:slug>/v/<str:number>/captions.vtt", standard.captions, name="standard_captions"),
    path("s/<slug:slug>/v/<str:number>/explainer", standard.explainer, name="standard_video"),
    path("s/<slug:slug>/v/<str:number>", standard.standard, name="standard_version"),
    path(
        "s/<slug:slug>/diff/<str:old>..<str:new>.json",
        compare.compare_document,
        name="standard_compare_document",
    ),
    path("s/<slug:slug>/diff/<str:old>..<str:new>", compare.compare, name="standard_compare"),
    path("log", log.page, name="log"),
    path("log/head", log.head, name="log_head"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/entries", log.entries, name="log_entries"),
    path("log/entries/<int:index>", log.entry, name="log_entry"),
    path("log/proof/<int:index>", log.proof, name="log_proof"),
    path("log/consistency/<int:first>/<int:second>", log.consistency, name="log_consistency"),
    path("o/<slug:slug>", issuer.issuer, name="issuer"),
    path("studio/<slug:org_slug>/", pages.studio_home, name="studio_home"),
    path("studio/<slug:org_slug>/upkeep/", upkeep_pages.upkeep, name="upkeep"),
    path("studio/<slug:org_slug>/upkeep/dates.ics", upkeep_pages.upkeep_dates, name="upkeep_dates"),
    path("studio/<slug:org_slug>/audit", pages.audit_log, name="audit"),
    path("studio/<slug:org_slug>/standards/<slug:slug>/preview", preview.preview, name="standard_preview"),
    path("studio/<slug:org_slug>/standards/<slug:slug>/cost", cost.standard_cost, name="standard_cost"),
    path(
        "studio/<slug:org_slug>/standards/<slug:slug>/dossier/<str:number>/dossier.<slug:kind>",
        dossier.dossier_file,
        name="standard_dossier_file",
    ),
    path(
        "studio/<slug:org_slug>/standards/<slug:slug>/dossier/<str:number>",
        dossier.dossier,
        name="standard_dossier",
    ),
    path("accounts/", include("allauth.urls")),
    path("", include("guildmark.site.setup")),
    path("", include("guildmark.site.demo.urls")),
    *[path("", include(module)) for module in ROOM_URLS if present(module)],
]
handler400 = "guildmark.site.pages.unreadable"
handler404 = "guildmark.site.pages.missing"
handler500 = "guildmark.site.pages.fault"
