from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "guildmark.assess.evidence"
    label = "evidence"

    def ready(self) -> None:
        from guildmark.assess.evidence import tasks  # noqa: F401  (registers its sweep)
