from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guildmark.people"
    label = "people"

    def ready(self) -> None:
        from guildmark.people import accounts, tasks  # noqa: F401  (signal receivers; sweeps)
