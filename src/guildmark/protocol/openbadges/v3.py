"""What an Open Badges 3.0.3 credential of Guildmark says, as typed facts.

These dataclasses are the only way into :func:`guildmark.protocol.openbadges.build.build`. They hold
plain values, no wire format; the wire format is made in one place, so that what is signed
can be read back by :func:`guildmark.protocol.openbadges.reading.read` without loss.

Dates are aware datetimes (written in UTC with whole seconds); digests are raw SHA-256 bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Signal(StrEnum):
    """The class of a credential: what kind of promise it makes (DECISIONS 7)."""

    COMPLETION = "completion"
    DEMONSTRATED = "demonstrated"
    CERTIFIED = "certified"


#: Open Badges ``achievementType`` of each class.
ACHIEVEMENT_TYPES: dict[Signal, str] = {
    Signal.COMPLETION: "CertificateOfCompletion",
    Signal.DEMONSTRATED: "MicroCredential",
    Signal.CERTIFIED: "Certification",
}


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """An image by address, with the words that replace it."""

    id: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class IssuerSpec:
    """The issuing organisation. ``id`` is the controller whose key signs (did:web or https)."""

    id: str
    name: str
    url: str | None = None
    description: str | None = None
    email: str | None = None
    image: ImageSpec | None = None


@dataclass(frozen=True, slots=True)
class AlignmentSpec:
    """A link to an entry of a published framework."""

    target_name: str
    target_url: str
    target_type: str | None = None
    target_framework: str | None = None
    target_code: str | None = None
    target_description: str | None = None


@dataclass(frozen=True, slots=True)
class RubricLevelSpec:
    """One level of a criterion, from the lowest to the highest. ``key`` is unique in its criterion."""

    key: str
    name: str
    description: str | None = None
    points: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """One criterion of the rubric.

    ``pass_level`` is the key of the level at which this criterion counts as met. If ``must_pass``
    is set, the credential is given only when that level is reached, whatever the others are.
    """

    key: str
    name: str
    levels: tuple[RubricLevelSpec, ...]
    pass_level: str
    must_pass: bool = False
    description: str | None = None
    alignments: tuple[AlignmentSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class AchievementSpec:
    """The published version of a standard, as a credential carries it.

    ``description`` is the can-do claim (for completion: what was completed).
    ``criteria_narrative`` says what one has to do, in Markdown or plain text.
    ``bar`` is the decision rule in one sentence; ``hours`` the expected effort.
    """

    id: str
    name: str
    description: str
    signal: Signal
    criteria_narrative: str
    version: str | None = None
    language: str | None = None
    criteria_url: str | None = None
    criteria: tuple[CriterionSpec, ...] = ()
    bar: str | None = None
    conditions: str | None = None
    hours: str | None = None
    not_shown: tuple[str, ...] = ()
    alignments: tuple[AlignmentSpec, ...] = ()
    tags: tuple[str, ...] = ()
    creator: IssuerSpec | None = None
    image: ImageSpec | None = None


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """The level reached on one criterion, both by key."""

    criterion: str
    level: str


@dataclass(frozen=True, slots=True)
class EvidenceSpec:
    """One piece of evidence. ``sha256`` is the raw digest (32 bytes) of its bytes.

    ``id`` is the address where it can be looked at, if there is one; without it the fingerprint
    alone is stated. ``genre`` is its kind (for instance "Document", "Video").
    """

    name: str
    id: str | None = None
    description: str | None = None
    narrative: str | None = None
    genre: str | None = None
    audience: str | None = None
    media_type: str | None = None
    sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class RecipientSpec:
    """Who holds the credential (DECISIONS 5).

    ``email_hash`` is ``sha256$`` + hex, made by
    :func:`guildmark.protocol.openbadges.identity.hash_identity` with ``salt``.
    ``name`` is written only if the holder agreed; ``did`` only for a claimed wallet.
    """

    email_hash: str
    salt: str
    name: str | None = None
    did: str | None = None


@dataclass(frozen=True, slots=True)
class AssessmentSpec:
    """Who judged, when and how: the facts a sceptic asks for.

    ``judges`` holds the role of each judge ("independent assessor"), never a name, one entry per
    judge, so that its length is their number. ``weaknesses`` are sentences on what is weaker
    than full separation of duties ("The judge also taught the learner.").
    """

    assessed_on: date
    judges: tuple[str, ...]
    weaknesses: tuple[str, ...] = ()
    attempt: int | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class StatusSpec:
    """One place in a Bitstring Status List.

    An entry of more than one bit (``size``) has a meaning for each of its values, in their order
    (``messages``, 2 to the power of ``size`` texts).
    """

    list_url: str
    index: int
    purpose: str
    size: int = 1
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardRef:
    """The published standard: its address and the raw SHA-256 of the bytes served there."""

    url: str
    sha256: bytes
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A further figure, carried as a result of an ``ext:`` type.

    ``key`` is letters, digits, dots and hyphens; ``label`` is what people read.
    """

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """Everything that one credential says."""

    id: str
    issuer: IssuerSpec
    achievement: AchievementSpec
    recipient: RecipientSpec
    valid_from: datetime
    valid_until: datetime | None = None
    awarded_at: datetime | None = None
    assessment: AssessmentSpec | None = None
    results: tuple[ResultSpec, ...] = ()
    evidence: tuple[EvidenceSpec, ...] = ()
    statuses: tuple[StatusSpec, ...] = ()
    standard: StandardRef | None = None
    description: str | None = None
    facts: tuple[FactSpec, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)


__all__: Sequence[str] = [
    "ACHIEVEMENT_TYPES",
    "AchievementSpec",
    "AlignmentSpec",
    "AssessmentSpec",
    "CredentialSpec",
    "CriterionSpec",
    "EvidenceSpec",
    "FactSpec",
    "ImageSpec",
    "IssuerSpec",
    "RecipientSpec",
    "ResultSpec",
    "RubricLevelSpec",
    "Signal",
    "StandardRef",
    "StatusSpec",
]
