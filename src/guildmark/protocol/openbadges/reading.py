"""From the signed document to what a page may say.

Tolerant of foreign credentials (single values where arrays are usual, fields left out), but it
never makes anything up: what is not in the document is None or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import v2_reading
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.facts import (
    AlignmentFacts,
    AssessmentFacts,
    CredentialFacts,
    CriterionFacts,
    EvidenceFacts,
    Fact,
    IssuerFacts,
    LevelFacts,
    RecipientFacts,
    StandardFacts,
    StatusFacts,
)
from guildmark.protocol.openbadges.nodes import address_of as _address
from guildmark.protocol.openbadges.nodes import list_of as _list
from guildmark.protocol.openbadges.nodes import nodes_of as _nodes
from guildmark.protocol.openbadges.nodes import text_of as _text
from guildmark.protocol.openbadges.v3 import ACHIEVEMENT_TYPES
from guildmark.protocol.times import parse_instant

__all__ = ["CredentialFacts", "read"]

_ASSESSMENT = {
    names.ASSESSED_ON,
    names.JUDGES,
    names.JUDGE_ROLE,
    names.WEAKNESS,
    names.ATTEMPT,
    names.MODE,
}
_STANDARD = {names.BAR, names.CONDITIONS, names.HOURS, names.NOT_SHOWN}
_SIGNALS = {written: signal for signal, written in ACHIEVEMENT_TYPES.items()}


def _when(node: Mapping[str, Any], *keys: str) -> datetime | None:
    for key in keys:
        if key in node:
            return parse_instant(node[key], field=key)
    return None


def _profile(value: Any) -> IssuerFacts:
    node: Mapping[str, Any] = value if isinstance(value, Mapping) else {"id": value}
    return IssuerFacts(
        id=_text(node, "id") or "",
        name=_text(node, "name"),
        url=_text(node, "url"),
        description=_text(node, "description"),
        email=_text(node, "email"),
        image=_address(node, "image"),
    )


def _recipient(subject: Mapping[str, Any]) -> RecipientFacts:
    identities = _nodes(subject, "identifier")
    name = next(
        (
            _text(item, "identityHash")
            for item in identities
            if item.get("identityType") == "name" and item.get("hashed") is False
        ),
        None,
    )
    hashed = sum(item.get("hashed") is True for item in identities)
    return RecipientFacts(name=name, did=_text(subject, "id"), identifiers=hashed)


def _alignments(node: Mapping[str, Any]) -> tuple[AlignmentFacts, ...]:
    return tuple(
        AlignmentFacts(
            name=_text(item, "targetName") or "",
            url=_text(item, "targetUrl") or "",
            type=_text(item, "targetType"),
            framework=_text(item, "targetFramework"),
            code=_text(item, "targetCode"),
            description=_text(item, "targetDescription"),
        )
        for item in _nodes(node, "alignment")
    )


def _rank(level: Mapping[str, Any]) -> tuple[int, str]:
    text = _text(level, "level") or ""
    return (int(text), "") if text.isascii() and text.isdigit() and len(text) < 9 else (10**9, text)


def _criterion(
    described: Mapping[str, Any], achieved: Mapping[str, str | None], achievement_id: str
) -> CriterionFacts:
    identifier = _text(described, "id") or ""
    required_id, required_name = _text(described, "requiredLevel"), _text(described, "requiredValue")
    reached = achieved.get(identifier)
    # Sorting is stable: levels without a rank stay in the order of the document.
    levels = tuple(
        LevelFacts(
            id=_text(level, "id") or "",
            name=_text(level, "name") or "",
            description=_text(level, "description"),
            points=_text(level, "points"),
            achieved=reached is not None and _text(level, "id") == reached,
            required=_text(level, "id") == required_id
            if required_id
            else required_name is not None and _text(level, "name") == required_name,
        )
        for level in sorted(_nodes(described, "rubricCriterionLevel"), key=_rank)
    )
    return CriterionFacts(
        id=identifier,
        key=identifier.removeprefix(names.criterion_id(achievement_id, "")),
        name=_text(described, "name") or "",
        description=_text(described, "description"),
        must_pass=required_id is not None,
        levels=levels,
        achieved=next((level for level in levels if level.achieved), None),
        required=next((level for level in levels if level.required), None),
        alignments=_alignments(described),
    )


def _figures(subject: Mapping[str, Any], described: list[Mapping[str, Any]]) -> list[Fact]:
    """Return every result that is a figure rather than a level, with the label of its description."""
    by_id = {_text(item, "id"): item for item in described}
    figures = []
    for result in _nodes(subject, "result"):
        about = by_id.get(_text(result, "resultDescription"))
        value = _text(result, "value") or _text(result, "status")
        if value is None or (about is not None and about.get("resultType") == names.CRITERION_TYPE):
            continue
        kind = _text(about, "resultType") if about is not None else None
        label = _text(about, "name") if about is not None else None
        figures.append(Fact((kind or "").removeprefix(names.FACT_PREFIX), label or "Result", value))
    return figures


def _values(figures: list[Fact], key: str) -> tuple[str, ...]:
    return tuple(figure.value for figure in figures if figure.key == key)


def _first(figures: list[Fact], key: str) -> str | None:
    return next(iter(_values(figures, key)), None)


def _role(text: str) -> tuple[int, str]:
    """Split "2. independent assessor" into its rank and the role."""
    rank, dot, role = text.partition(". ")
    return (int(rank), role) if dot and rank.isascii() and rank.isdigit() and len(rank) < 6 else (10**6, text)


def _assessment(figures: list[Fact]) -> AssessmentFacts | None:
    if not any(figure.key in _ASSESSMENT for figure in figures):
        return None
    assessed, attempt = _first(figures, names.ASSESSED_ON), _first(figures, names.ATTEMPT)
    try:
        assessed_on = date.fromisoformat(assessed) if assessed else None
    except ValueError:
        assessed_on = None
    return AssessmentFacts(
        assessed_on=assessed_on,
        judges=tuple(role for _, role in sorted(map(_role, _values(figures, names.JUDGE_ROLE)))),
        weaknesses=_values(figures, names.WEAKNESS),
        attempt=int(attempt)
        if attempt and attempt.isascii() and attempt.isdigit() and len(attempt) < 9
        else None,
        mode=_first(figures, names.MODE),
    )


def _evidence(document: Mapping[str, Any]) -> tuple[EvidenceFacts, ...]:
    return tuple(
        EvidenceFacts(
            id=_text(item, "id"),
            name=_text(item, "name"),
            description=_text(item, "description"),
            narrative=_text(item, "narrative"),
            genre=_text(item, "genre"),
            audience=_text(item, "audience"),
            media_type=_text(item, "mediaType"),
            digest=_text(item, "digestSRI"),
        )
        for item in _nodes(document, "evidence")
    )


def _standard(document: Mapping[str, Any], version: str | None) -> StandardFacts | None:
    for item in _nodes(document, "relatedResource"):
        url = _text(item, "id")
        if url:
            return StandardFacts(url, version, _text(item, "digestSRI"), _text(item, "mediaType"))
    return None


def _statuses(document: Mapping[str, Any]) -> tuple[StatusFacts, ...]:
    found = []
    for item in _nodes(document, "credentialStatus"):
        url, index = _text(item, "statusListCredential"), _text(item, "statusListIndex") or ""
        if url and index.isascii() and index.isdigit() and len(index) <= 15:
            found.append(StatusFacts(_text(item, "statusPurpose") or "", url, int(index)))
    return tuple(found)


def read(document: Mapping[str, Any]) -> CredentialFacts:
    """Return everything that a credential says, for display.

    Checks no signature: show it beside a verdict, never instead of one. Raises Malformed if the
    document is no Open Badges 3.0 credential and no Open Badges 2.0 assertion with its badge class inside.
    """
    if v2_reading.recognises(document):
        return v2_reading.read(document)
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    if not isinstance(subject, Mapping) or not isinstance(achievement, Mapping):
        raise Malformed(
            "This is no Open Badges 3.0 credential: it has no achievement.", field="credentialSubject"
        )
    described = _nodes(achievement, "resultDescription")
    achieved = {
        identifier: _text(result, "achievedLevel")
        for result in _nodes(subject, "result")
        if (identifier := _text(result, "resultDescription")) is not None and "achievedLevel" in result
    }
    figures = _figures(subject, described)
    achievement_id = _text(achievement, "id") or ""
    written = _text(achievement, "achievementType")
    version = _text(achievement, "version")
    criteria = achievement.get("criteria")
    criteria_node: Mapping[str, Any] = criteria if isinstance(criteria, Mapping) else {}
    return CredentialFacts(
        id=_text(document, "id"),
        signal=_SIGNALS.get(written or ""),
        achievement_type=written,
        achievement_id=achievement_id,
        title=_text(achievement, "name") or "",
        claim=_text(achievement, "description") or "",
        summary=_text(document, "description"),
        language=_text(achievement, "inLanguage"),
        version=version,
        image=_address(achievement, "image") or _address(document, "image"),
        tags=tuple(tag for tag in _list(achievement, "tag") if isinstance(tag, str)),
        issuer=_profile(document.get("issuer")),
        creator=_profile(achievement["creator"]) if "creator" in achievement else None,
        recipient=_recipient(subject),
        valid_from=_when(document, "validFrom", "issuanceDate"),
        valid_until=_when(document, "validUntil", "expirationDate"),
        awarded_at=_when(document, "awardedDate"),
        criteria_url=_text(criteria_node, "id"),
        criteria_narrative=_text(criteria_node, "narrative"),
        criteria=tuple(
            _criterion(item, achieved, achievement_id)
            for item in described
            if item.get("resultType") == names.CRITERION_TYPE or "rubricCriterionLevel" in item
        ),
        bar=_first(figures, names.BAR),
        conditions=_first(figures, names.CONDITIONS),
        hours=_first(figures, names.HOURS),
        not_shown=_values(figures, names.NOT_SHOWN),
        alignments=_alignments(achievement),
        evidence=_evidence(document),
        assessment=_assessment(figures),
        standard=_standard(document, version),
        statuses=_statuses(document),
        facts=tuple(figure for figure in figures if figure.key not in _ASSESSMENT | _STANDARD),
    )
