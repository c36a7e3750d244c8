from django.urls import path

from guildmark.design.stacks import pages, promotion_pages

STUDIO = "studio/<slug:org_slug>"

urlpatterns = [
    path(f"{STUDIO}/standards/<slug:slug>/layers", pages.standard_layers, name="standard_layers"),
    path(
        f"{STUDIO}/standards/<slug:slug>/layers/<uuid:relation_id>",
        pages.standard_layer,
        name="standard_layer",
    ),
    path(
        f"{STUDIO}/standards/<slug:slug>/blueprint",
        promotion_pages.standard_blueprint,
        name="standard_blueprint",
    ),
    path(f"{STUDIO}/stacks", pages.stacks, name="stacks"),
    path(f"{STUDIO}/stacks/promote", promotion_pages.promote, name="promote"),
]
