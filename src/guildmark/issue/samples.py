"""The document that a standard would become, with a sample holder: never signed, never stored."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guildmark.assess.evidence.types import WEAKNESSES
from guildmark.design.types import VersionView
from guildmark.issue.document import SUPERVISION, achievement_spec, credential_url, evidence_url, issuer_spec
from guildmark.kernel.clock import add_months
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
#: What is weaker where one person does all of it: the least that a sample may promise.
ALONE = (WEAKNESSES["one_judge"], WEAKNESSES["judge_decided"])


def sample_document(version: VersionView, *, holder: str, at: datetime) -> dict[str, Any]:
    """The unsigned document of a version in any state, every criterion at its pass level.

    Raises ProtocolError while the draft cannot be written as a credential yet.
    """
    standard = version.standard
    judged = standard.signal != "completion"
    level = (
        standard.scale[standard.pass_level - 1].id if 0 < standard.pass_level <= len(standard.scale) else ""
    )
    months = standard.validity_months
    spec = CredentialSpec(
        id=credential_url(SAMPLE_ID),
        issuer=issuer_spec(people.organisation(version.org_id)),
        achievement=achievement_spec(version),
        recipient=RecipientSpec(
            email_hash=hash_email("sample@example.org", "sample"), salt="sample", name=holder
        ),
        valid_from=at,
        valid_until=add_months(at, months) if months else None,
        awarded_at=at,
        assessment=AssessmentSpec(
            assessed_on=(at - timedelta(days=1)).date(),
            judges=("assessor",) * standard.conditions.judges,
            weaknesses=ALONE if standard.conditions.judges == 1 else (),
            mode=SUPERVISION[standard.conditions.supervision],
        )
        if judged
        else None,
        results=tuple(ResultSpec(criterion.id, level) for criterion in standard.criteria) if judged else (),
        evidence=tuple(
            EvidenceSpec(
                name=part.title or "Evidence",
                id=f"{evidence_url(SAMPLE_ID, SAMPLE_ID)}/{part.id}",
                description=part.brief or None,
                sha256=hashlib.sha256(part.id.encode()).digest(),
            )
            for part in standard.evidence
        )
        if judged
        else (),
    )
    return build(spec)
