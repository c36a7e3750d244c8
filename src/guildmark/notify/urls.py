from django.urls import path

from guildmark.notify import pages

urlpatterns = [
    path("studio/<slug:org_slug>/mail", pages.mail_list, name="mail"),
    path("studio/<slug:org_slug>/mail/<uuid:mail_id>/resend", pages.mail_resend, name="mail_resend"),
]
