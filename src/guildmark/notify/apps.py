from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guildmark.notify"
    label = "notify"

    def ready(self) -> None:
        from guildmark.notify import events, tasks  # noqa: F401  (register listeners and tasks)
