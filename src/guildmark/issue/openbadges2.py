"""Open Badges 2.0 beside 3.0: the hosted assertion of a credential and what it names.

The assertion comes from the stored signed bytes and the state of this moment; BadgeClass and picture from the
published version; nothing is stored. Every address is on one origin, as the scope of the issuer's profile demands.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.issue.document import (
    achievement_spec,
    achievement_url,
    credential_url,
    evidence_url,
    v2_profile,
    v2_profile_url,
)
from guildmark.issue.downloads import download, ensure_genuine
from guildmark.issue.queries import status_now
from guildmark.issue.render import badge_png, badge_svg
from guildmark.issue.samples import sample_document
from guildmark.issue.types import CredentialView, Download, StatusNow
from guildmark.people import queries as people
from guildmark.protocol.openbadges import bake, v2
from guildmark.protocol.openbadges.build import build_achievement
from guildmark.protocol.openbadges.facts import CredentialFacts, RecipientFacts
from guildmark.protocol.openbadges.reading import read

PICTURES = {"png": "image/png", "svg": "image/svg+xml"}


def assertion_url(public_id: UUID) -> str:
    return f"{credential_url(public_id)}/ob2"


def badge_url(version: VersionView) -> str:
    return f"{achievement_url(version)}/ob2"


def _withdrawn(status: StatusNow) -> str | None:
    """Why an assertion no longer counts, or None while it does. Open Badges 2.0 has no word for "on hold"."""
    if status.verdict == "superseded" and status.replacement:
        return f"Replaced by {credential_url(status.replacement)}. {status.reason}".strip()
    if status.verdict in ("revoked", "superseded"):
        return status.reason
    return f"Suspended for now. {status.reason}".strip() if status.verdict == "suspended" else None


def assertion(view: CredentialView) -> tuple[dict[str, Any], int]:
    """The hosted assertion of a credential and the status that it is served with.

    410 for a revoked or replaced one; a suspended one says ``revoked`` too, but may come back, so it stays 200. Conflict
    where the signature of the stored bytes does not hold: only the address proves an assertion of 2.0.
    """
    address, status = assertion_url(view.public_id), status_now(view)
    reason = _withdrawn(status)
    if reason is not None:
        return v2.revoked(address, reason), 200 if status.verdict == "suspended" else 410
    ensure_genuine(view)
    document = v2.assertion(
        json.loads(view.body),
        id=address,
        badge=badge_url(design.version(view.org_id, view.version_id)),
        image=f"{address}.png",
        open_evidence={evidence_url(view.public_id, UUID(item)) for item in view.shown_evidence},
    )
    return document, 200


def baked(view: CredentialView) -> Download:
    """The badge picture with the hosted assertion inside, in the place of the signed credential."""
    document, _ = assertion(view)
    text = json.dumps(document, ensure_ascii=False).encode()
    picture = bake.rebake_for_v2(download(view, "png").content, text)
    return Download(picture, PICTURES["png"], f"{view.human_code}-ob2.png")


def badge_class(slug: str, number: str) -> dict[str, Any]:
    """The BadgeClass of a published version; NotFound for any other."""
    version = design.published_version(slug, number)
    org = people.organisation(version.org_id)
    return v2.badge_class(
        build_achievement(achievement_spec(version)),
        id=badge_url(version),
        issuer=v2_profile_url(org.slug),
        image=f"{achievement_url(version)}/badge.png",
        criteria=achievement_url(version),
    )


def profile(slug: str) -> dict[str, Any]:
    return v2_profile(people.organisation_by_slug(slug))


@lru_cache(maxsize=64)
def _picture(facts: CredentialFacts, url: str, kind: str) -> bytes:
    return badge_png(facts, url) if kind == "png" else badge_svg(facts, url).encode()


def badge_picture(slug: str, number: str, kind: str) -> bytes:
    """The badge of a published version without a holder, as PNG or SVG."""
    version = design.published_version(slug, number)
    moment = datetime.fromtimestamp(0, UTC)
    facts = read(sample_document(version, holder="", at=moment))
    nobody = RecipientFacts(name=None, did=None, identifiers=0)
    bare = replace(facts, recipient=nobody, valid_from=None, valid_until=None, awarded_at=None)
    return _picture(bare, achievement_url(version), kind)
