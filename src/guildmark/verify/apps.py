from django.apps import AppConfig


class VerifyConfig(AppConfig):
    name = "guildmark.verify"
    label = "verify"
