from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guildmark.design"
    label = "design"
