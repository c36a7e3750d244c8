from django.apps import AppConfig


class VcApiConfig(AppConfig):
    name = "guildmark.connect.vcapi"
    label = "vcapi"
