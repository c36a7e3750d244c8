from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "guildmark.kernel"
    label = "kernel"

    def ready(self) -> None:
        from guildmark.kernel import idempotency, lookups, ratelimit  # noqa: F401  (register sweeps and a lookup)
