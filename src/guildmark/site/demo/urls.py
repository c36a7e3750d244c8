from django.urls import path

from guildmark.site.demo import pages

urlpatterns = [
    path("demo/sign-in/<slug:key>", pages.sign_in, name="demo_sign_in"),
    path("demo/tampered.json", pages.tampered, name="demo_tampered"),
]
