from django.urls import path

from guildmark.skills import pages

STUDIO = "studio/<slug:org_slug>/frameworks"
ONE = f"{STUDIO}/<uuid:framework_id>"

urlpatterns = [
    path(STUDIO, pages.framework_list, name="frameworks"),
    path(f"{STUDIO}/import", pages.import_new, name="framework_import_new"),
    path(f"{STUDIO}/imports/<uuid:import_id>", pages.import_detail, name="framework_import"),
    path(
        f"{STUDIO}/imports/<uuid:import_id>/progress", pages.import_progress, name="framework_import_progress"
    ),
    path(ONE, pages.framework_detail, name="framework"),
    path(f"{ONE}/skills/<uuid:skill_id>", pages.skill_detail, name="framework_skill"),
    *[
        path(f"{ONE}/{ending}", pages.framework_export, {"form": form}, name=f"framework_{form}")
        for form, ending in (("case", "case.json"), ("ctdl", "ctdl.jsonld"))
    ],
    *[
        path(f"{ONE}/{change}", pages.framework_change, {"change": change}, name=f"framework_{change}")
        for change in pages.CHANGES
    ],
    path("studio/<slug:org_slug>/skills/suggest", pages.suggest, name="skill_suggest"),
]
