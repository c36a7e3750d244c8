"""From signed bytes to what the public page says. Nothing on the page comes from anywhere else (DECISIONS 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from guildmark.assess.evidence.types import WEAKNESSES
from guildmark.design import assurance
from guildmark.design.classes import CLASSES
from guildmark.design.types import Signal
from guildmark.issue.document import SUPERVISION
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import said
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.facts import CredentialFacts, EvidenceFacts, Fact
from guildmark.protocol.openbadges.logged import ENTRY, days_public
from guildmark.protocol.openbadges.reading import read
from guildmark.site.public import blocks, not_shown


@dataclass(frozen=True)
class ShownEvidence:
    """One line of evidence: what the credential says of it, and where it can be opened, if the holder shows it."""

    title: str
    kind: str
    narrative: str
    digest: str
    url: str


@dataclass(frozen=True)
class PageFacts:
    """What the template needs, computed from the document alone."""

    facts: CredentialFacts
    signal: str
    class_words: str
    sentence: str
    assurance: assurance.Level
    blocks: tuple[blocks.Block, ...]
    holder: str
    criteria_met: int
    evidence: tuple[ShownEvidence, ...]
    days_public: int | None
    figures: tuple[Fact, ...]
    carried: tuple[str, ...]
    not_shown: tuple[str, ...]
    document: str


def item_id(evidence: EvidenceFacts) -> str:
    """The last part of an evidence address, which names the stored item."""
    return urlsplit(evidence.id or "").path.rsplit("/", 1)[-1]


def kind_word(evidence: EvidenceFacts) -> str:
    word = (evidence.genre or evidence.media_type or _("file")).split("/")[-1]
    return word[:4].upper()


def page_facts(
    document: dict[str, Any],
    *,
    shown: frozenset[str] = frozenset(),
    evidence_base: str = "",
    show_name: bool = True,
) -> PageFacts:
    """Read a credential for display. ``shown`` names the evidence items that the holder lets outsiders open."""
    facts = read(document)
    signal: Signal = facts.signal.value if facts.signal else "completion"
    told = CLASSES[signal]
    done = operation(facts)
    met = sum(
        1
        for c in facts.criteria
        if c.achieved and c.required and _rank(c, "achieved") >= _rank(c, "required")
    )
    evidence = tuple(
        ShownEvidence(
            title=e.name or _("Evidence"),
            kind=kind_word(e),
            narrative=e.narrative or e.description or "",
            digest=e.digest or "",
            url=f"{evidence_base}{item_id(e)}" if evidence_base and item_id(e) in shown else "",
        )
        for e in facts.evidence
    )
    return PageFacts(
        facts=facts,
        signal=signal,
        class_words=spoken(told.eyebrow),
        sentence=spoken(first_sentence(signal, facts, done)),
        assurance=assurance.level(done),
        blocks=tuple(
            blocks.of_credential(
                facts, judged=told.judged, evidence=len(facts.evidence), level=assurance.level(done)
            )
        ),
        holder=(facts.recipient.name if show_name else None) or _("The holder"),
        criteria_met=met,
        evidence=evidence,
        days_public=days_public(facts),
        # The entry of the log and what was carried over have sentences of their own.
        figures=tuple(fact for fact in facts.facts if fact.key not in {ENTRY, names.CARRIED}),
        carried=tuple(fact.value for fact in facts.facts if fact.key == names.CARRIED),
        not_shown=not_shown.of_credential(facts),
        document=json.dumps(document, ensure_ascii=False, indent=2),
    )


def _rank(criterion: Any, which: str) -> int:
    wanted = getattr(criterion, which)
    return next((i for i, level in enumerate(criterion.levels, 1) if level.id == wanted.id), 0)


def first_sentence(signal: Signal, facts: CredentialFacts, done: assurance.Operation) -> str:
    """What follows the name of the holder: what the class says, and for judged work who judged it."""
    judged = assurance.sentence(done, len(facts.assessment.judges) if facts.assessment else 0)
    if signal == "demonstrated":
        return said("showed this with their own work, {judged}", judged=judged)
    if signal == "certified":
        return said("was examined against a governed standard, {judged}", judged=judged)
    return said("took part in this. It records attendance, not a judged skill.")


def operation(facts: CredentialFacts) -> assurance.Operation:
    """What was done for this credential, read from the signed figures alone; what they do not say counts as not done."""
    given = facts.assessment
    if given is None or not given.judges:
        return assurance.Operation()
    weak = {code for code, text in WEAKNESSES.items() if text in given.weaknesses}
    independence: assurance.Independence = "separate"
    if len(weak) < len(given.weaknesses):
        independence = "unclear"
    elif "taught_learner" in weak:
        independence = "taught"
    elif "judge_decided" in weak:
        independence = "own_decision"
    supervision = next((name for name, text in SUPERVISION.items() if text == given.mode), "none")
    return assurance.Operation(
        supervision=cast(assurance.Supervision, supervision),
        authorship="checked" if any(fact.key == names.AUTHORSHIP for fact in facts.facts) else "declared",
        independence=independence,
        second_rating=len(given.judges) > 1 and "one_judge" not in weak,
    )
