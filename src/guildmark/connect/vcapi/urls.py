from django.urls import path

from guildmark.connect.vcapi import pages

urlpatterns = [
    path("vc-api/credentials/verify", pages.verify_credential, name="vcapi_verify_credential"),
    path("vc-api/credentials/derive", pages.derive, name="vcapi_derive"),
    path("vc-api/credentials/status", pages.set_status, name="vcapi_set_status"),
    path("vc-api/presentations/verify", pages.verify_presentation, name="vcapi_verify_presentation"),
    path("vc-api/status/<uuid:list_id>", pages.status_list, name="vcapi_status_list"),
    path("vc-api/status/<uuid:list_id>/publish", pages.publish_list, name="vcapi_publish_list"),
    path("vc-api/resolver/<path:address>", pages.resolve, name="vcapi_resolve"),
    path("vc-api/<slug:name>/credentials/issue", pages.issue, name="vcapi_issue"),
    path("vc-api/<slug:name>/presentations/prove", pages.prove, name="vcapi_prove"),
]
