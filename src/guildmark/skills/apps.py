from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "guildmark.skills"
    label = "skills"

    def ready(self) -> None:
        from guildmark.skills import tasks  # noqa: F401  (register the task)
