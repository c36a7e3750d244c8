from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "guildmark.kernel"
    label = "kernel"

    def ready(self) -> None:
        from guildmark.kernel import idempotency, lookups  # noqa: F401  (register a sweep, and a lookup)
