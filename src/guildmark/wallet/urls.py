from django.urls import path

from guildmark.wallet import pages, studio

urlpatterns = [
    path("claim", pages.claim_lost, name="claim_lost"),
    path("claim/<str:token>", pages.claim, name="claim"),
    path("me", pages.shelf, name="shelf"),
    path("me/<uuid:public_id>", pages.shelf_credential, name="shelf_credential"),
    path(
        "studio/<slug:org_slug>/credentials/<uuid:public_id>/claim",
        studio.credential_claim,
        name="credential_claim",
    ),
]
