from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "guildmark.kernel"
    label = "kernel"
