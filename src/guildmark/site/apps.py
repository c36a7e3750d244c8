from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "guildmark.site"
    label = "site"

    def ready(self) -> None:
        from guildmark.site import events, impact  # noqa: F401  (registers listeners and counters)
