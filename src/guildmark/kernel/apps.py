from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "guildmark.kernel"
    label = "kernel"

    def ready(self) -> None:
        from guildmark.kernel import idempotency  # noqa: F401  (registers its sweep)
