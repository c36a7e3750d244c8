"""From an award to the typed facts of its document. Reads below, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence.types import IDENTITY, DecisionView, EvidenceItemView
from guildmark.config import load
from guildmark.design import assurance
from guildmark.design import queries as design
from guildmark.design.types import AuthorshipCheck, Standard, VersionView
from guildmark.issue import statuses
from guildmark.issue.models import Award
from guildmark.kernel import standards_log
from guildmark.kernel.clock import stamp
from guildmark.kernel.problems import Conflict
from guildmark.kernel.standards_log import LogEntry
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.people.types import OrgView
from guildmark.protocol.canonical import jcs
from guildmark.protocol.openbadges import logged, v2
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import (
    AchievementSpec,
    AlignmentSpec,
    AssessmentSpec,
    CredentialSpec,
    CriterionSpec,
    EvidenceSpec,
    FactSpec,
    IssuerSpec,
    RecipientSpec,
    ResultSpec,
    RubricLevelSpec,
    Signal,
    StandardRef,
    StatusSpec,
)

SUPERVISION = {
    "none": "Work handed in, done without supervision",
    "online": "Supervised online",
    "in_person": "Supervised in person",
}


_SKILLS_A_LINE = 20


def credential_url(public_id: UUID) -> str:
    """``BASE/c/{uuid4}``: the id of a credential (DECISIONS 3)."""
    return absolute(f"/c/{public_id}")


def evidence_url(public_id: UUID, item_id: UUID) -> str:
    """Where one piece of evidence can be looked at, if its holder shows it."""
    return absolute(f"/c/{public_id}/evidence/{item_id}")


def achievement_url(version: VersionView) -> str:
    """``BASE/s/{slug}/v/{major.minor}``: the id of the achievement (DECISIONS 3)."""
    return absolute(f"/s/{version.slug}/v/{version.number}")


def core_bytes(version: VersionView) -> bytes:
    """The JCS form (RFC 8785) of what binds in a version; Conflict when it no longer gives its hash."""
    core: dict[str, Any] = design.standard_document(version)["core"]
    data = jcs.canonicalize(core)
    if "sha256:" + hashlib.sha256(data).hexdigest() != version.core_hash:
        raise Conflict(
            said("The stored standard does not give the hash of its publication."),
            mend=said("Restore the standard from a backup; nothing is signed against a changed one."),
        )
    return data


def issuer_spec(org: OrgView) -> IssuerSpec:
    return IssuerSpec(
        id=keys.issuer_id(org.slug),
        name=org.name,
        url=keys.issuer_url(org.slug),
        description=org.description or None,
        email=org.email or None,
    )


def v2_profile_url(slug: str) -> str:
    """``BASE/o/SLUG/ob2``: the id of the issuer in Open Badges 2.0."""
    return f"{keys.issuer_url(slug)}/ob2"


def v2_profile(org: OrgView) -> dict[str, Any]:
    """The issuer as Open Badges 2.0 has it; where it names no e-mail address, that of the installation."""
    spec = issuer_spec(org)
    return v2.profile(
        {"name": spec.name, "email": spec.email, "description": spec.description},
        id=v2_profile_url(org.slug),
        url=keys.issuer_url(org.slug),
        email=parseaddr(load().mail_from)[1],
        scope=absolute("/c/"),
    )


def _criteria(standard: Standard) -> tuple[CriterionSpec, ...]:
    def levels(descriptors: tuple[str, ...]) -> tuple[RubricLevelSpec, ...]:
        texts = [*descriptors, *[""] * len(standard.scale)]
        return tuple(
            RubricLevelSpec(level.id, level.label, text or None)
            for level, text in zip(standard.scale, texts, strict=False)
        )

    return tuple(
        CriterionSpec(
            key=criterion.id,
            name=criterion.name,
            levels=levels(criterion.descriptors),
            pass_level=standard.scale[standard.pass_level - 1].id,
            must_pass=criterion.must_pass,
            description=criterion.statement or None,
        )
        for criterion in standard.criteria
    )


def _alignments(standard: Standard) -> tuple[AlignmentSpec, ...]:
    return tuple(
        AlignmentSpec(
            target_name=link.name or link.code or link.url,
            target_url=link.url,
            target_framework=link.framework or None,
            target_code=link.code or None,
            target_description=" ".join(filter(None, [f"Closeness: {link.relation}.", link.rationale])),
        )
        for link in standard.alignments
        if link.url
    )


def _beside(version: VersionView) -> tuple[str, ...]:
    """The required skills beside the covered ones, as they stood in their frameworks at publication (M16)."""
    kept = design.publication_record(version)
    lines = []
    for one in kept.beside if kept else ():
        names = [skill["name"].strip().rstrip(".") for skill in one["skills"]]
        # A figure has a longest text; a framework may have many skills side by side.
        for start in range(0, len(names), _SKILLS_A_LINE):
            listed = "; ".join(names[start : start + _SKILLS_A_LINE])
            lines.append(f"Skills beside these in {one['framework']}, which are not asked for: {listed}")
    return tuple(lines)


def _narrative(standard: Standard) -> str:
    """What one has to do, in Markdown."""
    lines = [standard.summary] if standard.summary else []
    if standard.signal == "completion":
        return "\n\n".join(lines) or standard.claim or standard.title
    wanted = [
        f"- {part.title}: {part.brief}" if part.brief else f"- {part.title}" for part in standard.evidence
    ]
    if wanted:
        lines.append("Evidence to hand in:\n\n" + "\n".join(wanted))
    lines.append(standard.rule_in_words())
    return "\n\n".join(lines)


def _conditions(standard: Standard) -> str | None:
    given = standard.conditions
    parts = [
        f"Allowed aids: {given.allowed_aids.rstrip('.')}." if given.allowed_aids else "",
        f"Authorship: {given.authorship.rstrip('.')}." if given.authorship else "",
        f"Time limit: {given.time_limit.rstrip('.')}." if given.time_limit else "",
    ]
    return " ".join(filter(None, parts)) or None


def _hours(standard: Standard) -> str | None:
    given = [hours for hours in (standard.study_hours, standard.assessment_hours) if hours]
    return f"{sum(given):g}" if given else None


def achievement_spec(version: VersionView) -> AchievementSpec:
    """A published version as a credential carries it."""
    standard, judged = version.standard, version.standard.signal != "completion"
    return AchievementSpec(
        id=achievement_url(version),
        name=standard.title,
        description=standard.claim or standard.summary or standard.title,
        signal=Signal(standard.signal),
        criteria_narrative=_narrative(standard),
        version=version.number,
        language=standard.language,
        # The same page, but an id of its own: two nodes with one id would be one node.
        criteria_url=f"{achievement_url(version)}#criteria",
        criteria=_criteria(standard) if judged else (),
        bar=standard.rule_in_words() if judged else None,
        conditions=_conditions(standard) if judged else None,
        hours=_hours(standard),
        not_shown=standard.not_shown + _beside(version),
        alignments=_alignments(standard),
    )


def _evidence(award: Award, standard: Standard, item: EvidenceItemView) -> EvidenceSpec:
    """Names come from the standard: what a learner called a file is nobody's business."""
    wanted = next((part for part in standard.evidence if part.id == item.requirement_id), None)
    return EvidenceSpec(
        name=wanted.title if wanted and wanted.title else "Evidence",
        id=evidence_url(award.public_id, item.id),
        description=wanted.brief or None if wanted else None,
        genre={"file": "Document", "url": "Website", "text": "Text"}.get(item.kind),
        media_type=item.media_type or None,
        sha256=bytes.fromhex(item.sha256),
    )


def _facts(
    version: VersionView, decision: DecisionView | None, entry: LogEntry | None
) -> tuple[FactSpec, ...]:
    facts = [
        FactSpec("context", "Shown with", " ".join(filter(None, [part.name, part.version])))
        for part in version.standard.context
        if part.name
    ]
    if version.published_at:
        facts.append(
            FactSpec(logged.PUBLISHED, "Standard published on", version.published_at.date().isoformat())
        )
    if entry:
        facts.append(
            FactSpec(logged.ENTRY, "Entry in the log of standards", logged.words(entry.index, entry.entry))
        )
    if decision:
        facts.append(
            FactSpec(
                "barAccepted", "Standard read and accepted on", decision.acknowledged_at.date().isoformat()
            )
        )
        checked = _authorship(version.standard, decision)
        if checked:
            facts.append(FactSpec(names.AUTHORSHIP, names.LABELS[names.AUTHORSHIP], checked))
        facts.append(
            FactSpec(logged.SUBMITTED, "Work handed in on", decision.submitted_at.date().isoformat())
        )
        facts += _facts_of_judging(version.standard, decision)
    return tuple(facts)


AUTHORSHIP_CHECKS = {
    "statement": "a statement by the learner",
    "version_history": "the history of the work",
    "walkthrough": "a walkthrough of the work",
    "defence": "a question about the work",
    "supervised": "watching while the work was done",
}


def _facts_of_judging(standard: Standard, decision: DecisionView) -> list[FactSpec]:
    """What a sceptic asks about the judging, as far as it is recorded."""
    pairs = [(names.INDEPENDENCE, text) for text in decision.independence]
    if decision.independence or decision.weaknesses:
        looked_at = len(decision.independence) + len(decision.weaknesses)
        pairs.append((names.INDEPENDENCE_CHECKED, str(looked_at)))
    if standard.review_months:
        pairs.append((names.REVIEW_EVERY, f"every {standard.review_months} months"))
    if decision.assessed_so_far is not None and decision.passed_so_far is not None:
        pairs.append((names.ASSESSED_SO_FAR, str(decision.assessed_so_far)))
        pairs.append((names.PASSED_SO_FAR, str(decision.passed_so_far)))
    if decision.judged_twice_so_far is not None and decision.same_outcome_so_far is not None:
        pairs.append((names.JUDGED_TWICE_SO_FAR, str(decision.judged_twice_so_far)))
        pairs.append((names.SAME_OUTCOME_SO_FAR, str(decision.same_outcome_so_far)))
    pairs.append((names.IDENTITY, IDENTITY[decision.handed_in_by_learner]))
    pairs += [(names.CARRIED, text) for text in _carried(standard, decision)]
    return [FactSpec(key, names.LABELS[key], value) for key, value in pairs]


def _carried(standard: Standard, decision: DecisionView) -> list[str]:
    """Each result of an earlier decision, with its version and day."""
    criteria = {criterion.id: criterion.name for criterion in standard.criteria}
    return [
        f"{criteria[result.criterion_id]}: {result.level_label}, decided on "
        f"{result.carried.decided_at.date().isoformat()} under version {result.carried.number}"
        for result in decision.carried
        if result.carried
    ]


def _authorship(standard: Standard, decision: DecisionView) -> str:
    """The promised checks of authorship that left a record with this work, in words; empty when none did."""
    return "; ".join(AUTHORSHIP_CHECKS[check] for check in _checks_done(standard, decision))


def _checks_done(standard: Standard, decision: DecisionView) -> tuple[AuthorshipCheck, ...]:
    """Over a bridge those that were done for the earlier work, too."""
    handed_in = {item.requirement_id for item in decision.evidence}
    done = assurance.authorship(
        standard.conditions.authorship_checks,
        supervision=standard.conditions.supervision,
        forms={piece.form for piece in standard.evidence if piece.id in handed_in},
    )
    if decision.bridge_from is None:
        return done
    base = evidence.decision(decision.org_id, decision.bridge_from)
    before = _checks_done(design.version(base.org_id, base.version_id).standard, base)
    return tuple(check for check in done if check in before)


def _assessment(standard: Standard, decision: DecisionView) -> AssessmentSpec:
    return AssessmentSpec(
        assessed_on=decision.assessed_at.date(),
        judges=decision.judge_roles,
        weaknesses=decision.weaknesses,
        attempt=decision.attempt,
        mode=SUPERVISION[standard.conditions.supervision],
    )


def awarded_at(award: Award, decision: DecisionView | None) -> datetime:
    """When the decision fell, or the day of completion."""
    if decision:
        return decision.decided_at
    if award.completed_on:
        return datetime.combine(award.completed_on, time(), tzinfo=UTC)
    return award.created_at


@dataclass(frozen=True)
class Frame:
    """What every credential of one version has in common: read once, used for one award or for many."""

    version: VersionView
    issuer: IssuerSpec
    achievement: AchievementSpec
    standard: StandardRef
    entry: LogEntry | None

    @classmethod
    def of(cls, org_id: UUID, version_id: UUID) -> Frame:
        """Conflict when the stored standard no longer gives the hash of its publication."""
        version = design.version(org_id, version_id)
        return cls(
            version,
            issuer_spec(people.organisation(org_id)),
            achievement_spec(version),
            StandardRef(
                f"{achievement_url(version)}/core.json", hashlib.sha256(core_bytes(version)).digest()
            ),
            standards_log.entry_of(version.slug, version.number),
        )

    def spec(
        self, award: Award, decision: DecisionView | None, places: Sequence[StatusSpec]
    ) -> CredentialSpec:
        """Everything that the document of an award says. The same award always gives the same document."""
        standard = self.version.standard
        return CredentialSpec(
            id=credential_url(award.public_id),
            issuer=self.issuer,
            achievement=self.achievement,
            recipient=RecipientSpec(
                email_hash=hash_email(award.holder_email, award.salt),
                salt=award.salt,
                name=award.holder_name if award.include_name else None,
            ),
            valid_from=award.valid_from,
            valid_until=award.valid_until,
            awarded_at=awarded_at(award, decision),
            assessment=_assessment(standard, decision) if decision else None,
            results=tuple(
                ResultSpec(result.criterion_id, standard.scale[result.level - 1].id)
                for result in (decision.results if decision else ())
            ),
            evidence=tuple(
                _evidence(award, standard, item) for item in (decision.evidence if decision else ())
            ),
            statuses=tuple(places),
            standard=self.standard,
            facts=_facts(self.version, decision, self.entry),
        )


def credential_spec(award: Award) -> CredentialSpec:
    """The typed facts of one award."""
    decision = evidence.decision(award.org_id, award.decision_id) if award.decision_id else None
    return Frame.of(award.org_id, award.version_id).spec(award, decision, statuses.specs(award))


def created(award: Award) -> datetime:
    """The moment that the proof names: fixed when the award was planned (DECISIONS 18)."""
    return datetime.fromisoformat(stamp(award.created_at))
