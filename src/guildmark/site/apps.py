from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "guildmark.site"
    label = "site"
