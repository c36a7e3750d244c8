"""What the credential of a draft would say, with a sample holder: read by the preview, never signed (VF2)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guildmark.design.types import Standard, VersionView
from guildmark.issue.document import SUPERVISION, achievement_spec, credential_url, issuer_spec
from guildmark.people import queries as people
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import (
    AssessmentSpec,
    CredentialSpec,
    EvidenceSpec,
    RecipientSpec,
    ResultSpec,
)

SAMPLE_ID = UUID(int=0)


def sample_document(version: VersionView, *, holder: str, at: datetime) -> dict[str, Any]:
    """The unsigned document of a version at whatever stage it is, as if somebody had just passed.

    Parts without a name yet get a placeholder, so that the page can be seen from the first sentence on.
    """
    standard = complete_enough(version.standard)
    spec = achievement_spec(_with(version, standard))
    judged = standard.signal != "completion"
    return build(
        CredentialSpec(
            id=credential_url(SAMPLE_ID),
            issuer=issuer_spec(people.organisation(version.org_id)),
            achievement=spec,
            recipient=RecipientSpec(email_hash=hash_email("sample@example.org", "sample"), salt="sample", name=holder),
            valid_from=at,
            awarded_at=at,
            assessment=AssessmentSpec(
                assessed_on=at.date(),
                judges=("assessor",),
                mode=SUPERVISION[standard.conditions.supervision],
            )
            if judged
            else None,
            results=tuple(
                ResultSpec(criterion.key, criterion.pass_level) for criterion in spec.criteria
            ),
            evidence=tuple(
                EvidenceSpec(
                    name=part.title,
                    description=part.brief or None,
                    sha256=hashlib.sha256(b"sample").digest(),
                )
                for part in standard.evidence
            )
            if judged
            else (),
        )
    )


def _with(version: VersionView, standard: Standard) -> VersionView:
    return replace(version, standard=standard)


def complete_enough(standard: Standard) -> Standard:
    """The standard with placeholders where a draft is still empty."""
    return standard.model_copy(
        update={
            "title": standard.title or "Untitled standard",
            "claim": standard.claim or ("" if standard.signal == "completion" else "The claim is not written yet."),
            "pass_level": min(max(standard.pass_level, 1), max(len(standard.scale), 1)),
            "criteria": tuple(
                c.model_copy(update={"name": c.name or "Criterion without a name"}) for c in standard.criteria
            ),
            "evidence": tuple(
                e.model_copy(update={"title": e.title or "Evidence without a title"}) for e in standard.evidence
            ),
        }
    )
