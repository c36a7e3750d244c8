from django.urls import path

from guildmark.people import pages

STUDIO = "studio/<slug:org_slug>"

urlpatterns = [
    path("home", pages.home, name="home"),
    path("invite/<str:token>", pages.invite, name="invite"),
    path(f"{STUDIO}/people", pages.people, name="people"),
    path(f"{STUDIO}/people/<uuid:member_id>", pages.member, name="member"),
    path(f"{STUDIO}/people/<uuid:member_id>/state", pages.member_state, name="member_state"),
    path(
        f"{STUDIO}/people/invitations/<uuid:invitation_id>/revoke",
        pages.invitation_revoke,
        name="invitation_revoke",
    ),
    path(f"{STUDIO}/settings", pages.settings, name="settings"),
    path(f"{STUDIO}/api-keys", pages.api_keys, name="api_keys"),
    path(f"{STUDIO}/api-keys/<uuid:key_id>/revoke", pages.api_key_revoke, name="api_key_revoke"),
]
