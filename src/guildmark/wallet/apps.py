from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "guildmark.wallet"
    label = "wallet"

    def ready(self) -> None:
        from guildmark.wallet import events  # noqa: F401  (registers listeners)
