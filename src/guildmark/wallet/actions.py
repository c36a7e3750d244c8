"""Writes of the wallet: claim links, claiming, and what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.issue import actions as issue_actions
from guildmark.issue import queries as issue
from guildmark.issue.types import CredentialView, Visibility
from guildmark.kernel import audit, ratelimit
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.kernel.clock import now, stamp
from guildmark.kernel.crypto import new_token, token_hash
from guildmark.kernel.problems import Conflict
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.notify import actions as notify
from guildmark.notify import queries as sent
from guildmark.people import actions as people_actions
from guildmark.wallet import queries
from guildmark.wallet.models import ClaimLink
from guildmark.wallet.types import ClaimLinkView

LINK_DAYS = 90
HOUR = 3600
RESENDS_AN_HOUR = 5
ASKED_AN_HOUR = 3
ASKED_FROM_ONE_PLACE = 20
MOST_AT_ONCE = 20


@transaction.atomic
def send_claim_link(
    *, by: Actor, org_id: UUID, public_id: UUID, key: str, corrected: bool = False
) -> ClaimLinkView:
    """Make a link to a credential and mail it to its holder; links mailed before keep working.

    ``key`` names the cause: the same cause never sends twice, and a doubled event finds the first link.
    """
    view = issue.org_credential(org_id, public_id)
    if sent.by_key(org_id, f"claim:{key}") is not None:
        return queries.links(org_id, public_id)[0]
    token = new_token()
    row = ClaimLink(
        org_id=org_id,
        public_id=public_id,
        learner_id=view.learner_id,
        token_hash=token_hash(token),
        email=view.holder_email,
        created_at=now(),
        expires_at=now() + timedelta(days=LINK_DAYS),
    )
    notify.send(
        org_id=org_id,
        kind="wallet.corrected" if corrected else "wallet.claim",
        to=view.holder_email,
        context=_words(view, token, row),
        key=f"claim:{key}",
        bound=True,
        subject_type="credential",
        subject_id=public_id,
    )
    row.save(force_insert=True)
    audit.record(
        org_id=org_id, by=by, action="wallet.link_sent", subject_type="credential", subject_id=public_id
    )
    return queries.link_view(row)


def _words(view: CredentialView, token: str, row: ClaimLink) -> dict[str, Any]:
    return {
        "name": view.holder_name,
        "title": view.title,
        "expires_at": row.expires_at,
        "action_url": absolute(f"/claim/{token}"),
        "action_label": _("Open your credential"),
        "why": _("You get this message because your work was assessed, or your part was recorded, there."),
    }


def resend(*, by: Actor, org_id: UUID, public_id: UUID) -> ClaimLinkView:
    """A fresh link to the holder's address, asked for by the registrar."""
    by.require(org_id, "registrar")
    view = issue.org_credential(org_id, public_id)
    ratelimit.hit("claim-resend", str(public_id), limit=RESENDS_AN_HOUR, per=HOUR)
    key = f"{public_id}:{stamp(now())}"
    return send_claim_link(by=by, org_id=org_id, public_id=view.public_id, key=key)


def ask_for_link(*, email: str, caller: str) -> None:
    """Mail fresh links to an address, if anything was issued to it. Says nothing about whether it was.

    RateLimited per address and per ``caller`` (a network address), in the same way for unknown addresses.
    """
    address = email.strip().lower()
    ratelimit.hit("claim-asked-from", caller, limit=ASKED_FROM_ONE_PLACE, per=HOUR)
    ratelimit.hit("claim-asked-for", address, limit=ASKED_AN_HOUR, per=HOUR)
    rows = ClaimLink.objects.across_orgs("an address asks for its own links").filter(
        email=address, revoked_at=None
    )
    newest = list(rows.order_by("-created_at").values_list("org_id", "public_id"))
    for org_id, public_id in list(dict.fromkeys(newest))[:MOST_AT_ONCE]:
        send_claim_link(by=SYSTEM, org_id=org_id, public_id=public_id, key=f"{public_id}:{stamp(now())}")


def renew(*, token: str) -> ClaimLinkView:
    """A fresh link for one that has run out; it goes to the same address, whoever asks."""
    old = queries.link(token)
    if old.state == "revoked":
        raise queries.ended(old)
    ratelimit.hit("claim-asked-for", old.email, limit=ASKED_AN_HOUR, per=HOUR)
    key = f"{old.public_id}:{stamp(now())}"
    return send_claim_link(by=SYSTEM, org_id=old.org_id, public_id=old.public_id, key=key)


@transaction.atomic
def claim(
    *, token: str, visibility: Visibility, shown_name: bool, shown_evidence: Iterable[str]
) -> CredentialView:
    """Claim by link and set what is shown. Claiming twice changes the settings and nothing else."""
    link, view = queries.opened(token)
    rows = ClaimLink.objects.for_org(link.org_id).select_for_update()
    row = rows.get(id=link.id)
    if row.claimed_at is None:
        row.claimed_at = now()
        row.save(update_fields=["claimed_at"])
    issue_actions.mark_claimed(by=queries.holder_of(view), org_id=view.org_id, public_id=view.public_id)
    return show(view, visibility=visibility, shown_name=shown_name, shown_evidence=shown_evidence)


@transaction.atomic
def show(
    view: CredentialView, *, visibility: Visibility, shown_name: bool, shown_evidence: Iterable[str]
) -> CredentialView:
    """Set what outsiders see. A credential that becomes private gets a share link at once."""
    by = queries.holder_of(view)
    done = issue_actions.set_disclosure(
        by=by,
        org_id=view.org_id,
        public_id=view.public_id,
        visibility=visibility,
        shown_name=shown_name,
        shown_evidence=list(shown_evidence),
    )
    if visibility == "private" and not issue.share_path(view.org_id, view.public_id):
        issue_actions.new_share_link(by=by, org_id=view.org_id, public_id=view.public_id)
    return done


def show_own(
    *, user_id: UUID, public_id: UUID, visibility: Visibility, shown_name: bool, shown_evidence: Iterable[str]
) -> CredentialView:
    """:func:`show` for a credential on the shelf of a signed-in person, which also claims it."""
    view = queries.held_by(user_id, public_id)
    with transaction.atomic():
        issue_actions.mark_claimed(by=queries.holder_of(view), org_id=view.org_id, public_id=public_id)
        return show(view, visibility=visibility, shown_name=shown_name, shown_evidence=shown_evidence)


def replace_share_link(view: CredentialView) -> str:
    """A new share link; the old one opens nothing. ``view`` comes from a check of the holder."""
    return issue_actions.new_share_link(
        by=queries.holder_of(view), org_id=view.org_id, public_id=view.public_id
    )


@transaction.atomic
def make_account(*, token: str, password: str) -> UUID:
    """An account for the address that the link has proven, with everything earned under it on its shelf."""
    link, view = queries.opened(token)
    return people_actions.create_proven_account(email=link.email, name=view.holder_name, password=password)


@transaction.atomic
def correct_address(*, by: Actor, org_id: UUID, public_id: UUID, email: str) -> None:
    """Put a wrong address right before the claim: a corrected credential takes this one's place.

    The address is inside the signed bytes as a hash, so it cannot be changed in place. Old links die at once.
    """
    by.require(org_id, "registrar")
    view = issue.org_credential(org_id, public_id)
    if view.claimed_at is not None:
        raise Conflict(
            said("The holder has claimed this credential, so its address was right."),
            field="email",
            mend=said("If something else is wrong, correct the credential."),
        )
    issue_actions.correct(
        by=by, org_id=org_id, public_id=public_id, reason=_("The e-mail address was wrong."), email=email
    )
    revoke_links(org_id=org_id, public_id=public_id)


def revoke_links(*, org_id: UUID, public_id: UUID) -> int:
    """End every link to a credential; returns how many worked until now."""
    rows = ClaimLink.objects.for_org(org_id).filter(public_id=public_id, revoked_at=None)
    return rows.update(revoked_at=now())


@transaction.atomic
def forget_learner(*, org_id: UUID, learner_id: UUID) -> None:
    """Delete links and messages of an erased person."""
    rows = ClaimLink.objects.for_org(org_id).filter(learner_id=learner_id)
    for email in set(rows.values_list("email", flat=True)):
        notify.forget_address(org_id=org_id, email=email)
    rows.delete()


@transaction.atomic
def tell_change(*, org_id: UUID, public_id: UUID, change: str, key: str) -> None:
    """Tell the holder that a credential was revoked, suspended or reinstated, and why."""
    view = issue.org_credential(org_id, public_id)
    notify.send(
        org_id=org_id,
        kind="wallet.changed",
        to=view.holder_email,
        context={
            "name": view.holder_name,
            "title": view.title,
            "change": change,
            "reason": view.reason if change != "reinstated" else "",
            "action_url": absolute(view.path) if view.visibility == "public" else "",
            "action_label": _("See its page"),
            "why": _("You get this message because you hold this credential."),
        },
        key=f"changed:{key}",
        subject_type="credential",
        subject_id=public_id,
    )
