from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guildmark.people"
    label = "people"

    def ready(self) -> None:
        from guildmark.people import accounts  # noqa: F401  (connects its signal receivers)
