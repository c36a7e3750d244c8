from django.apps import AppConfig


class IssueConfig(AppConfig):
    name = "guildmark.issue"
    label = "issue"

    def ready(self) -> None:
        from guildmark.issue import log_heads, tasks  # noqa: F401  (registers listeners, tasks and sweeps)
