from django.apps import AppConfig


class IssueConfig(AppConfig):
    name = "guildmark.issue"
    label = "issue"

    def ready(self) -> None:
        from guildmark.issue import tasks  # noqa: F401  (registers listeners, tasks and sweeps)
