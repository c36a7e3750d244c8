"""What this room does when something happens below."""

from guildmark.kernel import outbox
from guildmark.keys.actions import ensure_active_key


@outbox.on("people.organisation_created", name="keys.on_organisation_created")
def on_organisation_created(event: outbox.Event) -> None:
    ensure_active_key(event.org_id)
