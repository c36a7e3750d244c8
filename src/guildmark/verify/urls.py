from django.urls import path

from guildmark.verify import pages

urlpatterns = [path("verify", pages.verify, name="verify")]
