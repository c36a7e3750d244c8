from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "guildmark.keys"
    label = "keys"

    def ready(self) -> None:
        from guildmark.keys import events  # noqa: F401  (registers its listeners)
