from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guildmark.design"
    label = "design"

    def ready(self) -> None:
        from guildmark.design import tasks  # noqa: F401  (registers its sweep)
