"""From a CredentialSpec to an unsigned Open Badges 3.0.3 document on VCDM 2.0.

Only terms of the published contexts are used (DECISIONS 6). Multi-valued properties are arrays
even with one value; what is absent is left out, never null (CONTRACTS 3.1). Sets without an order
in RDF (levels, judges) carry their order in their values: ``level`` is the rank.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from guildmark.protocol import contexts
from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.v3 import (
    ACHIEVEMENT_TYPES,
    AchievementSpec,
    AlignmentSpec,
    CredentialSpec,
    CriterionSpec,
    EvidenceSpec,
    FactSpec,
    ImageSpec,
    IssuerSpec,
    RecipientSpec,
    Signal,
    StatusSpec,
)
from guildmark.protocol.status.bitstring import MAX_SIZE
from guildmark.protocol.times import format_instant

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z")


def _clean(**members: Any) -> dict[str, Any]:
    """Leave out what is None or empty; a trailing underscore frees reserved words."""
    return {
        key.rstrip("_"): value
        for key, value in members.items()
        if value is not None and value not in ("", [])
    }


def digest_sri(sha256: bytes) -> str:
    """Return the ``sha256-`` form (Subresource Integrity) of a raw digest."""
    if len(sha256) != 32:
        raise Malformed("A SHA-256 digest has 32 bytes.", field="digestSRI")
    return "sha256-" + base64.b64encode(sha256).decode("ascii")


def _image(spec: ImageSpec | None) -> dict[str, Any] | None:
    return None if spec is None else _clean(id=spec.id, type="Image", caption=spec.caption)


def _profile(spec: IssuerSpec) -> dict[str, Any]:
    return _clean(
        id=spec.id,
        type=["Profile"],
        name=spec.name,
        url=spec.url,
        description=spec.description,
        email=spec.email,
        image=_image(spec.image),
    )


def _alignment(spec: AlignmentSpec) -> dict[str, Any]:
    return _clean(
        type=["Alignment"],
        targetName=spec.target_name,
        targetUrl=spec.target_url,
        targetType=spec.target_type,
        targetFramework=spec.target_framework,
        targetCode=spec.target_code,
        targetDescription=spec.target_description,
    )


def _key(key: str, where: str) -> str:
    if not _KEY.match(key):
        raise Malformed(
            f"{key[:80]!r} cannot be a key.",
            field=where,
            mend="Use letters, digits, dots, hyphens and underscores.",
        )
    return key


def _criterion(achievement_id: str, spec: CriterionSpec) -> dict[str, Any]:
    """A criterion is a ResultDescription.

    ``requiredLevel`` is written for must-pass criteria only: it is what Open Badges calls the level
    required to pass. Where a criterion may be missed, the pass level is named by ``requiredValue``.
    """
    levels = [level.key for level in spec.levels]
    if len(set(levels)) != len(levels) or not levels:
        raise Malformed(
            "The levels of a criterion need keys that differ.", field=f"criteria.{spec.key}.levels"
        )
    if spec.pass_level not in levels:
        raise Malformed("The pass level is none of the levels.", field=f"criteria.{spec.key}.pass_level")
    passing = spec.levels[levels.index(spec.pass_level)]
    return _clean(
        id=names.criterion_id(achievement_id, _key(spec.key, "criteria.key")),
        type=["ResultDescription"],
        name=spec.name,
        description=spec.description,
        resultType=names.CRITERION_TYPE,
        requiredLevel=names.level_id(achievement_id, spec.key, spec.pass_level) if spec.must_pass else None,
        requiredValue=None if spec.must_pass else passing.name,
        alignment=[_alignment(item) for item in spec.alignments],
        rubricCriterionLevel=[
            _clean(
                id=names.level_id(achievement_id, spec.key, _key(level.key, "levels.key")),
                type=["RubricCriterionLevel"],
                name=level.name,
                description=level.description,
                level=str(rank),
                points=level.points,
            )
            for rank, level in enumerate(spec.levels, start=1)
        ],
    )


def standard_facts(spec: AchievementSpec) -> list[FactSpec]:
    """Return the figures that belong to the standard itself, not to one holder."""
    single = [(names.BAR, spec.bar), (names.CONDITIONS, spec.conditions), (names.HOURS, spec.hours)]
    facts = [FactSpec(key, names.LABELS[key], value) for key, value in single if value]
    return facts + [FactSpec(names.NOT_SHOWN, names.LABELS[names.NOT_SHOWN], item) for item in spec.not_shown]


def assessment_facts(spec: CredentialSpec) -> list[FactSpec]:
    """Return the figures about how this holder was judged."""
    given = spec.assessment
    if given is None:
        return []
    pairs: list[tuple[str, str]] = [
        (names.ASSESSED_ON, given.assessed_on.isoformat()),
        (names.JUDGES, str(len(given.judges))),
    ]
    # Equal roles would be one statement in RDF; the rank keeps them apart (see reading).
    pairs += [(names.JUDGE_ROLE, f"{rank}. {role}") for rank, role in enumerate(given.judges, start=1)]
    pairs += [(names.WEAKNESS, text) for text in given.weaknesses]
    if given.attempt is not None:
        pairs.append((names.ATTEMPT, str(given.attempt)))
    if given.mode:
        pairs.append((names.MODE, given.mode))
    return [FactSpec(key, names.LABELS[key], value) for key, value in pairs]


def _fact_descriptions(
    achievement_id: str, facts: Iterable[FactSpec], labels: dict[str, str]
) -> list[dict[str, Any]]:
    described: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if not names.FACT_KEY.match(fact.key):
            raise Malformed(f"{fact.key[:60]!r} cannot be the key of a figure.", field="facts.key")
        label = labels.get(fact.key, fact.label)
        entry = _clean(
            id=names.fact_id(achievement_id, fact.key),
            type=["ResultDescription"],
            name=label,
            resultType=names.FACT_PREFIX + fact.key,
        )
        if described.setdefault(fact.key, entry) != entry:
            raise Malformed(f"The figure {fact.key} has two labels.", field="facts.label")
    return list(described.values())


def _fact_results(achievement_id: str, facts: Iterable[FactSpec]) -> list[dict[str, Any]]:
    return [
        {
            "type": ["Result"],
            "resultDescription": names.fact_id(achievement_id, fact.key),
            "value": fact.value,
        }
        for fact in facts
    ]


def build_achievement(
    spec: AchievementSpec, facts: Iterable[FactSpec] = (), labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the Achievement object, as a credential embeds it.

    ``facts`` are figures whose ResultDescription is wanted besides those of the standard itself.
    """
    if spec.signal is Signal.COMPLETION and spec.criteria:
        raise Malformed(
            "A completion record carries no rubric: nobody judged the work by it.",
            field="achievement.criteria",
            mend="Leave the criteria out, or issue a demonstrated skill.",
        )
    keys = [criterion.key for criterion in spec.criteria]
    if len(set(keys)) != len(keys):
        raise Malformed("Two criteria have the same key.", field="achievement.criteria")
    described = [*standard_facts(spec), *facts]
    return _clean(
        id=spec.id,
        type=["Achievement"],
        achievementType=ACHIEVEMENT_TYPES[spec.signal],
        name=spec.name,
        description=spec.description,
        criteria=_clean(id=spec.criteria_url, narrative=spec.criteria_narrative),
        version=spec.version,
        inLanguage=spec.language,
        creator=_profile(spec.creator) if spec.creator else None,
        image=_image(spec.image),
        tag=list(spec.tags),
        alignment=[_alignment(item) for item in spec.alignments],
        resultDescription=[
            *(_criterion(spec.id, item) for item in spec.criteria),
            *_fact_descriptions(spec.id, described, labels or {}),
        ],
    )


def _identifiers(spec: RecipientSpec) -> list[dict[str, Any]]:
    entries = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": spec.email_hash,
            "identityType": "emailAddress",
            "salt": spec.salt,
        }
    ]
    if spec.name:
        entries.append(
            {"type": "IdentityObject", "hashed": False, "identityHash": spec.name, "identityType": "name"}
        )
    return entries


def _criterion_results(spec: CredentialSpec) -> list[dict[str, Any]]:
    achievement = spec.achievement
    by_key = {criterion.key: criterion for criterion in achievement.criteria}
    results = []
    for result in spec.results:
        criterion = by_key.get(result.criterion)
        level = (
            next((item for item in criterion.levels if item.key == result.level), None) if criterion else None
        )
        if level is None:
            raise Malformed(
                f"The result names {result.criterion!r} at {result.level!r}, which the rubric does not have.",
                field="results",
            )
        results.append(
            {
                "type": ["Result"],
                "resultDescription": names.criterion_id(achievement.id, result.criterion),
                "achievedLevel": names.level_id(achievement.id, result.criterion, result.level),
                "value": level.name,
            }
        )
    return results


def _evidence(spec: EvidenceSpec) -> dict[str, Any]:
    return _clean(
        id=spec.id,
        type=["Evidence"],
        name=spec.name,
        description=spec.description,
        narrative=spec.narrative,
        genre=spec.genre,
        audience=spec.audience,
        mediaType=spec.media_type,
        digestSRI=digest_sri(spec.sha256) if spec.sha256 is not None else None,
    )


def status_entry(spec: StatusSpec) -> dict[str, Any]:
    """Return a BitstringStatusListEntry (Bitstring Status List 1.0, section 2.1)."""
    if spec.index < 0:
        raise Malformed("A place in a status list is not negative.", field="statuses.index")
    entry: dict[str, Any] = {
        "id": f"{spec.list_url}#{spec.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": spec.purpose,
        "statusListIndex": str(spec.index),
        "statusListCredential": spec.list_url,
    }
    if spec.size == 1 and not spec.messages:
        return entry
    if not 1 <= spec.size <= MAX_SIZE or len(spec.messages) != 1 << spec.size:
        raise Malformed(
            f"An entry of {spec.size} bits has a message for each of its values.", field="statuses.messages"
        )
    entry["statusSize"] = spec.size
    entry["statusMessage"] = [
        {"status": hex(value), "message": text} for value, text in enumerate(spec.messages)
    ]
    return entry


def _check(spec: CredentialSpec) -> None:
    """Refuse what would be untrue or what two readers would read differently."""
    if spec.achievement.signal is Signal.COMPLETION and (spec.results or spec.assessment):
        raise Malformed(
            "A completion record carries no results: it says that somebody took part.",
            field="results",
            mend="Leave results and assessment out, or issue a demonstrated skill.",
        )
    if spec.valid_until is not None and spec.valid_until <= spec.valid_from:
        raise Malformed("The credential would end before it begins.", field="valid_until")
    if spec.standard is not None and spec.standard.url == spec.achievement.id:
        raise Malformed(
            "The published standard needs an address of its own.",
            field="standard.url",
            mend="Give the address of the exact bytes that were hashed, for instance with .json at its end.",
        )
    creator = spec.achievement.creator
    if creator is not None and creator.id == spec.issuer.id:
        raise Malformed(
            "The creator is the issuer; saying so twice would let one of the two be changed unseen.",
            field="achievement.creator",
            mend="Leave the creator out: without one, the issuer is meant.",
        )
    done = [result.criterion for result in spec.results]
    if len(set(done)) != len(done):
        raise Malformed("A criterion has two results.", field="results")


def build(spec: CredentialSpec) -> dict[str, Any]:
    """Return the unsigned credential, members in the order people read them.

    Raises Malformed where the spec contradicts itself. Run
    :func:`guildmark.protocol.openbadges.lint.lint` before signing.
    """
    _check(spec)
    achievement = spec.achievement
    judged = [*assessment_facts(spec), *spec.facts]
    subject = _clean(
        id=spec.recipient.did,
        type=["AchievementSubject"],
        identifier=_identifiers(spec.recipient),
        achievement=build_achievement(achievement, judged, spec.labels),
        result=[
            *_criterion_results(spec),
            *_fact_results(achievement.id, standard_facts(achievement)),
            *_fact_results(achievement.id, judged),
        ],
    )
    standard = spec.standard
    return _clean(
        **{"@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES, contexts.OPEN_BADGES_EXTENSIONS]},
        id=spec.id,
        type=["VerifiableCredential", "AchievementCredential"],
        name=achievement.name,
        description=spec.description,
        issuer=_profile(spec.issuer),
        validFrom=format_instant(spec.valid_from),
        validUntil=format_instant(spec.valid_until) if spec.valid_until else None,
        awardedDate=format_instant(spec.awarded_at) if spec.awarded_at else None,
        credentialSubject=subject,
        evidence=[_evidence(item) for item in spec.evidence],
        relatedResource=[
            _clean(id=standard.url, mediaType=standard.media_type, digestSRI=digest_sri(standard.sha256))
        ]
        if standard
        else None,
        credentialStatus=[status_entry(item) for item in spec.statuses],
        credentialSchema=[{"id": names.SCHEMA_URL, "type": names.SCHEMA_TYPE}],
    )
