from django.urls import path

from guildmark.keys import pages

urlpatterns = [
    path("studio/<slug:org_slug>/keys", pages.key_list, name="keys"),
    path("studio/<slug:org_slug>/keys/rotate", pages.key_rotate, name="key_rotate"),
    path(
        "studio/<slug:org_slug>/keys/<uuid:key_id>/compromised", pages.key_compromised, name="key_compromised"
    ),
    path("o/<slug:slug>/did.json", pages.did_document, name="did_document"),
    path("o/<slug:slug>/jwks.json", pages.jwks, name="jwks"),
    path("o/<slug:slug>/keys/<str:multibase>.json", pages.jwk, name="jwk"),
]
