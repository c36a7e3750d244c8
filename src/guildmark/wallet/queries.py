"""Reads of the wallet: links, the shelf, one holding."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.urls import reverse

from guildmark.assess.evidence import bridge_queries
from guildmark.assess.evidence import queries as evidence
from guildmark.design import queries as design
from guildmark.design.passport import passport
from guildmark.issue import queries as issue
from guildmark.issue.types import CredentialView
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import token_hash
from guildmark.kernel.problems import Gone, NotFound
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.people import queries as people
from guildmark.protocol.openbadges.reading import read
from guildmark.wallet.models import ClaimLink
from guildmark.wallet.types import ClaimLinkView, EvidenceChoice, Holding, ShelfRow

LINKEDIN = "https://www.linkedin.com/profile/add"


def link_view(row: ClaimLink) -> ClaimLinkView:
    if row.revoked_at:
        state = "revoked"
    elif row.expires_at <= now():
        state = "expired"
    else:
        state = "claimed" if row.claimed_at else "open"
    return ClaimLinkView(
        row.id,
        row.org_id,
        row.public_id,
        row.learner_id,
        row.email,
        state,
        row.created_at,
        row.expires_at,
        row.claimed_at,
    )


def link(token: str) -> ClaimLinkView:
    """The link behind a token, in whatever state; NotFound for an unknown one."""
    rows = ClaimLink.objects.across_orgs("a claim link names no organisation")
    row = rows.filter(token_hash=token_hash(token)).first()
    if row is None:
        raise NotFound(
            said("This link is not known."),
            mend=said("Open the link of the latest mail, or ask for a new one."),
        )
    return link_view(row)


def ended(found: ClaimLinkView) -> Gone:
    """Why a link opens nothing any more."""
    if found.state == "expired":
        return Gone(
            said("This link has run out."), mend=said("Ask for a new one; it goes to the same address.")
        )
    return Gone(
        said("This link was withdrawn, because the credential was corrected."),
        mend=said("Open the link of the latest mail."),
    )


def opened(token: str) -> tuple[ClaimLinkView, CredentialView]:
    """The credential behind a usable link; Gone with the reason for an ended one."""
    found = link(token)
    if found.state in ("revoked", "expired"):
        raise ended(found)
    return found, issue.org_credential(found.org_id, found.public_id)


def links(org_id: UUID, public_id: UUID) -> list[ClaimLinkView]:
    """The links that were mailed for a credential, newest first."""
    rows = ClaimLink.objects.for_org(org_id).filter(public_id=public_id)
    return [link_view(row) for row in rows.order_by("-created_at", "-id")]


def holder_of(credential: CredentialView) -> Actor:
    return Actor("learner", credential.learner_id, credential.org_id, label=credential.holder_name)


def held_by(user_id: UUID, public_id: UUID) -> CredentialView:
    """A credential of the signed-in person; NotFound for anybody else's."""
    mine = {(learner.org_id, learner.id) for learner in people.learners_of_user(user_id)}
    view = issue.credential(public_id) if mine else None
    if view is None or (view.org_id, view.learner_id) not in mine:
        raise NotFound(said("There is no such credential on your shelf."))
    return view


def shelf(user_id: UUID) -> list[ShelfRow]:
    """Everything that a person has earned, over all organisations, newest first."""
    names: dict[UUID, str] = {}
    rows = []
    for view in issue.credentials_of_user(user_id):
        if view.org_id not in names:
            names[view.org_id] = people.organisation(view.org_id).name
        rows.append(ShelfRow(view, names[view.org_id], issue.verdict(view)))
    return rows


def holding(view: CredentialView) -> Holding:
    """All that the settings page and the claim page show of one credential."""
    path = issue.share_path(view.org_id, view.public_id)
    token = (parse_qs(urlsplit(path).query).get("t") or [""])[0] if view.visibility == "private" else ""
    opens = view.path if view.visibility == "public" else path
    return Holding(
        credential=view,
        org=people.organisation(view.org_id),
        status=issue.status_now(view),
        claim=design.version(view.org_id, view.version_id).standard.claim,
        evidence=evidence_choices(view),
        share_url=absolute(opens) if opens else "",
        share_token=token,
        passport=passport(view.org_id, view.version_id, reached_levels(view)),
        bridge_path=_bridge_path(view),
    )


def _bridge_path(view: CredentialView) -> str:
    """Where the holder begins or goes on with the bridge; empty when there is none for them."""
    decision_id = issue.decision_of(view.org_id, view.public_id)
    if decision_id is None:
        return ""
    state = bridge_queries.state(view.org_id, decision_id)
    if state.under_way:
        return reverse("programme", args=[state.enrolment_id])
    if not state.offered:
        return ""
    decision = evidence.decision(view.org_id, decision_id)
    submission = evidence.submission(view.org_id, decision.submission_id)
    return reverse("bridge", args=[submission.enrolment_id])


def reached_levels(view: CredentialView) -> dict[str, int] | None:
    """The level that the signed bytes tell of each criterion, counted from 1; None where they tell of none."""
    levels: dict[str, int] = {}
    for criterion in read(json.loads(view.body)).criteria:
        ranks = {level.id: rank for rank, level in enumerate(criterion.levels, start=1)}
        if criterion.achieved is not None and criterion.achieved.id in ranks:
            levels[criterion.key] = ranks[criterion.achieved.id]
    return levels or None


def evidence_choices(view: CredentialView) -> tuple[EvidenceChoice, ...]:
    """The evidence that the signed bytes name. The last part of an address is the id of the stored item."""
    subject = json.loads(view.body)
    entries: list[dict[str, Any]] = subject.get("evidence", [])
    choices = []
    for entry in entries:
        item = urlsplit(str(entry.get("id", ""))).path.rsplit("/", 1)[-1]
        title, digest = str(entry.get("name") or item), str(entry.get("digestSRI", ""))
        choices.append(EvidenceChoice(item, title, digest, item in view.shown_evidence))
    return tuple(choices)


def copy_fields(held: Holding) -> list[tuple[str, str]]:
    """Name and value of each field of a profile form, for typing over by hand (EM1)."""
    view = held.credential
    fields = [("Name", view.title), ("Issuing organisation", held.org.name)]
    fields.append(("Issue date", f"{view.valid_from:%B %Y}"))
    if view.valid_until:
        fields.append(("Expiration date", f"{view.valid_until:%B %Y}"))
    fields.append(("Credential ID", view.human_code))
    if held.share_url:
        fields.append(("Credential URL", held.share_url))
    return fields


def linkedin_url(held: Holding) -> str:
    """LinkedIn's form with the fields filled in; the site may ignore them, hence :func:`copy_fields`."""
    view = held.credential
    values = {"startTask": "CERTIFICATION_NAME", "name": view.title, "organizationName": held.org.name}
    values |= _month("issue", view.valid_from) | {"certId": view.human_code, "certUrl": held.share_url}
    if view.valid_until:
        values |= _month("expiration", view.valid_until)
    return f"{LINKEDIN}?{urlencode({key: value for key, value in values.items() if value})}"


def _month(which: str, moment: datetime) -> dict[str, str]:
    return {f"{which}Year": str(moment.year), f"{which}Month": str(moment.month)}
