"""What a signed credential says, for display: the mirror of :mod:`.v3`.

A public page renders from these facts and from nothing else, so that whatever is shown was signed.
Foreign credentials give fewer facts; every field that Open Badges leaves optional may be None or empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guildmark.protocol.openbadges.v3 import Signal


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """Who issued it. Only the ``id`` is checked by a proof; the rest is the issuer's own word."""

    id: str
    name: str | None
    url: str | None
    description: str | None
    email: str | None
    image: str | None


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """Who holds it. ``identifiers`` counts the hashed identities that can be matched."""

    name: str | None
    did: str | None
    identifiers: int


@dataclass(frozen=True, slots=True)
class AlignmentFacts:
    """A link to an entry of a framework."""

    name: str
    url: str
    type: str | None
    framework: str | None
    code: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """One level of a criterion. ``achieved`` and ``required`` compare by identity of the level."""

    id: str
    name: str
    description: str | None
    points: str | None
    achieved: bool
    required: bool


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """One criterion with its levels in the order of the rubric and the level reached."""

    id: str
    key: str
    name: str
    description: str | None
    must_pass: bool
    levels: tuple[LevelFacts, ...]
    achieved: LevelFacts | None
    required: LevelFacts | None
    alignments: tuple[AlignmentFacts, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One piece of evidence; ``digest`` is the written ``sha256-...`` form."""

    id: str | None
    name: str | None
    description: str | None
    narrative: str | None
    genre: str | None
    audience: str | None
    media_type: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """Who judged, when and how."""

    assessed_on: date | None
    judges: tuple[str, ...]
    weaknesses: tuple[str, ...]
    attempt: int | None
    mode: str | None


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """The published standard that the credential was judged by."""

    url: str
    version: str | None
    digest: str | None
    media_type: str | None


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """One place in a status list."""

    purpose: str
    list_url: str
    index: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled figure, in the words that were signed."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """Everything a page may say about a credential.

    ``signal`` is None for a foreign credential whose ``achievementType`` is none of ours;
    ``achievement_type`` then still holds what was written.
    """

    id: str | None
    signal: Signal | None
    achievement_type: str | None
    achievement_id: str
    title: str
    claim: str
    summary: str | None
    language: str | None
    version: str | None
    image: str | None
    tags: tuple[str, ...]
    issuer: IssuerFacts
    creator: IssuerFacts | None
    recipient: RecipientFacts
    valid_from: datetime | None
    valid_until: datetime | None
    awarded_at: datetime | None
    criteria_url: str | None
    criteria_narrative: str | None
    criteria: tuple[CriterionFacts, ...]
    bar: str | None
    conditions: str | None
    hours: str | None
    not_shown: tuple[str, ...]
    alignments: tuple[AlignmentFacts, ...]
    evidence: tuple[EvidenceFacts, ...]
    assessment: AssessmentFacts | None
    standard: StandardFacts | None
    statuses: tuple[StatusFacts, ...]
    facts: tuple[Fact, ...]
