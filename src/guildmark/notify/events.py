"""What this room does when something happens below it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from guildmark.kernel.outbox import Event, on
from guildmark.kernel.web import absolute
from guildmark.notify import actions
from guildmark.people import queries as people
from guildmark.people.types import ROLE_NAMES


@on("people.invited", name="notify.invitation")
def send_invitation(event: Event) -> None:
    """The mail with the link; nothing is sent when the invitation was withdrawn in the meantime."""
    found = [
        view for view in people.invitations(event.org_id) if view.id == UUID(event.payload["invitation"])
    ]
    if not found or found[0].state != "open":
        return
    invitation = found[0]
    actions.send(
        org_id=event.org_id,
        kind="notify.invitation",
        to=invitation.email,
        context={
            "roles": ", ".join(_(ROLE_NAMES[role]) for role in invitation.roles),
            "expires_at": invitation.expires_at,
            "action_url": absolute(f"/invite/{event.payload['token']}"),
            "action_label": _("Accept the invitation"),
            "why": _("You get this message because somebody who runs this organisation typed your address."),
        },
        key=f"invitation:{invitation.id}",
        bound=True,
        subject_type="invitation",
        subject_id=invitation.id,
    )
