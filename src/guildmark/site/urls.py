"""Every address of the product, room by room."""

from importlib.util import find_spec

from django.urls import include, path

from guildmark.site import ops

# Each room keeps its own table; the order matters only where one prefix contains another.
ROOM_URLS = (
    "guildmark.people.urls",
    "guildmark.keys.urls",
    "guildmark.design.urls",
    "guildmark.notify.urls",
    "guildmark.assess.evidence.urls",
    "guildmark.issue.urls",
    "guildmark.wallet.urls",
    "guildmark.verify.urls",
    "guildmark.site.setup_urls",
)


def present(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("metrics", ops.metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    *[path("", include(module)) for module in ROOM_URLS if present(module)],
]
